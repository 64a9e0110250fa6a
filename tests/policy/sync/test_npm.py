"""What `npm ci` refuses and what it lives with, case by case.

Hundreds of generated cases are compared with npm itself in
test_npm_differential; here stands what each of them means.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lockward import sync
from lockward.errors import BoundError
from tests.support import npm

if TYPE_CHECKING:
    from lockward.sync import SyncProblem

GIT = "git+ssh://git@example.org/acme/a.git"
COMMIT, OTHER = "a" * 40, "b" * 40


def problems(
    manifest: npm.Json, packages: npm.Json, npmrc: str = npm.PINNED, **members: npm.Json
) -> tuple[SyncProblem, ...]:
    extra: dict[str, str | bytes] = {".npmrc": npmrc}
    for folder, member in members.items():
        extra[f"{folder.replace('__', '/')}/package.json"] = json.dumps(member)
    judged = npm.project(npm.files(manifest, packages, extra))
    assert not judged.faults
    return sync.problems(judged)


def root(dependencies: npm.Json, **more: object) -> npm.Json:
    return {"name": "app", "dependencies": dependencies, **more}


A1 = {"a": npm.locked("a", "1.5.0")}
PEER = npm.locked("p", peerDependencies={"a": "^2.0.0"})
OPTIONAL_PEER = {**PEER, "peerDependenciesMeta": {"a": {"optional": True}}}
FILE = {"a": {"version": "1.0.0", "resolved": "file:vendor/a.tgz", "integrity": npm.sri("a")}}
REMOTE = {"a": {"version": "1.0.0", "resolved": "https://files.example.net/a.tgz"}}


@pytest.mark.parametrize(
    ("manifest", "packages"),
    [
        pytest.param(root({"a": "^1.0.0"}), A1, id="a range"),
        pytest.param(root({"a": "1.5.0"}), A1, id="a version"),
        pytest.param(root({"a": ""}), A1, id="an empty spec is any version"),
        pytest.param(root({"a": "latest"}), A1, id="a tag, locked from a registry"),
        pytest.param(root({"a": "^1.0.0"}, acceptDependencies={"a": "2"}), A1, id="accepted too"),
        pytest.param(root({"a": "^2.0.0"}, acceptDependencies={"a": "1.x"}), A1, id="accepted"),
        pytest.param(root({"a": "npm:b@^1"}), {"a": npm.locked("b", name="b")}, id="an alias"),
        pytest.param(
            root({"a": f"{GIT}#main"}),
            {"a": {"version": "1.0.0", "resolved": f"{GIT}#{COMMIT}"}},
            id="a git branch cannot be compared with a commit",
        ),
        pytest.param(
            root({"a": f"{GIT}#semver:^1"}),
            {"a": {"version": "1.2.0", "resolved": f"{GIT}#{COMMIT}"}},
            id="a range of git tags",
        ),
        pytest.param(root({"a": "file:vendor/a.tgz"}), FILE, id="a tarball in the repository"),
        pytest.param(root({"a": "https://files.example.net/a.tgz"}), REMOTE, id="a tarball's URL"),
        pytest.param(
            {"name": "app", "peerDependencies": {"a": "^1.0.0"}}, A1, id="a peer of the root"
        ),
        pytest.param(
            {
                "name": "app",
                "peerDependencies": {"x": "1"},
                "peerDependenciesMeta": {"x": {"optional": True}},
            },
            {},
            id="an optional peer may be absent",
        ),
        pytest.param(root({"p": "1", "a": "1"}), {"p": OPTIONAL_PEER, **A1}, id="or not fit"),
        pytest.param(
            root({"s": "1"}),
            {"s": npm.locked("s", hasShrinkwrap=True, dependencies={"gone": "1"})},
            id="a package with a shrinkwrap answers for itself",
        ),
        pytest.param(
            root({"s": "1"}),
            {"s": npm.locked("s", bundleDependencies=["b"], dependencies={"b": "1"})},
            id="so does a bundle",
        ),
        pytest.param(
            root({"a": "^1.0.0"}, overrides={"a": "^1.0.0"}), A1, id="an override that agrees"
        ),
        pytest.param(
            root({"a": "^1.0.0"}, overrides={"a": "$a"}), A1, id="an override by reference"
        ),
        pytest.param(
            root({"d": "1"}, overrides={"a": "1.5.0"}),
            {"d": npm.locked("d", dependencies={"a": "^3.0.0"}), **A1},
            id="an override further down",
        ),
        pytest.param(
            root({"d": "1"}, overrides={"a@^2": "9.9.9"}),
            {"d": npm.locked("d", dependencies={"a": "^1.0.0"}), **A1},
            id="an override of another range",
        ),
        pytest.param(
            root({"d": "1"}, overrides={"other": {"a": "9.9.9"}}),
            {"d": npm.locked("d", dependencies={"a": "^1.0.0"}), **A1},
            id="an override below another package",
        ),
        pytest.param(root({}), A1, id="an entry that nobody needs is pruned"),
    ],
)
def test_in_sync(manifest: npm.Json, packages: npm.Json) -> None:
    assert problems(manifest, packages) == ()


@pytest.mark.parametrize(
    ("manifest", "packages", "problem"),
    [
        pytest.param(root({"a": "^2.0.0"}), A1, ("invalid", "a", "^2.0.0"), id="out of range"),
        pytest.param(root({"x": "1"}), A1, ("missing", "x", "1"), id="nothing is locked"),
        pytest.param(
            {"name": "app", "optionalDependencies": {"x": "1"}},
            {},
            ("missing", "x", "1"),
            id="an optional one must be locked too",
        ),
        pytest.param(
            {"name": "app", "devDependencies": {"x": "1"}}, {}, ("missing", "x", "1"), id="dev"
        ),
        pytest.param(
            {"name": "app", "peerDependencies": {"a": "^2.0.0"}},
            A1,
            ("invalid", "a", "^2.0.0"),
            id="a peer of the root",
        ),
        pytest.param(
            root({"d": "1"}),
            {"d": npm.locked("d", dependencies={"x": "^1"})},
            ("missing", "x", "^1"),
            id="what a locked package needs",
        ),
        pytest.param(
            root({"d": "1"}),
            {"d": npm.locked("d", dependencies={"a": "^2"}), **A1},
            ("invalid", "a", "^2"),
            id="what a locked package needs, out of range",
        ),
        pytest.param(
            root({"p": "1"}),
            {"p": PEER, "node_modules/p/node_modules/a": npm.locked("a", "2.0.0")},
            ("peer-local", "a", "^2.0.0"),
            id="a peer inside its dependant",
        ),
        pytest.param(root({"p": "1"}), {"p": PEER}, ("missing", "a", "^2.0.0"), id="a peer"),
        pytest.param(
            root({"a": "git+ssh://git@example.org/other.git"}),
            {"a": {"version": "1.0.0", "resolved": f"{GIT}#{COMMIT}"}},
            ("invalid", "a", "git+ssh://git@example.org/other.git"),
            id="another git repository",
        ),
        pytest.param(
            root({"a": f"github:acme/a#{OTHER}"}),
            {
                "a": {
                    "version": "1.0.0",
                    "resolved": f"git+ssh://git@github.com/acme/a.git#{COMMIT}",
                }
            },
            ("invalid", "a", f"github:acme/a#{OTHER}"),
            id="another commit",
        ),
        pytest.param(
            root({"a": f"{GIT}#semver:^2"}),
            {"a": {"version": "1.2.0", "resolved": f"{GIT}#{COMMIT}"}},
            ("invalid", "a", f"{GIT}#semver:^2"),
            id="out of a range of git tags",
        ),
        pytest.param(root({"a": GIT}), A1, ("invalid", "a", GIT), id="git asked, registry locked"),
        pytest.param(
            root({"a": "file:vendor/b.tgz"}), FILE, ("invalid", "a", "file:vendor/b.tgz"), id="file"
        ),
        pytest.param(
            root({"a": "https://files.example.net/b.tgz"}),
            REMOTE,
            ("invalid", "a", "https://files.example.net/b.tgz"),
            id="another URL",
        ),
        pytest.param(root({"a": "file:lib"}), A1, ("invalid", "a", "file:lib"), id="a folder"),
        pytest.param(root({"a": "workspace:*"}), A1, ("invalid", "a", "workspace:*"), id="foreign"),
        pytest.param(root({"a": "jsr:^1"}), A1, ("invalid", "a", "jsr:^1"), id="jsr"),
        pytest.param(
            root({"a": "^1.0.0"}, overrides={"a": "1.5.0"}),
            A1,
            ("override", "a", "^1.0.0"),
            id="an override of the root's own requirement",
        ),
        pytest.param(
            root({"d": "1"}, overrides={"a": "2.0.0"}),
            {"d": npm.locked("d", dependencies={"a": "^1.0.0"}), **A1},
            ("invalid", "a", "2.0.0"),
            id="an override that the lockfile does not follow",
        ),
        pytest.param(
            root({"d": "1"}, overrides={"d": {"a": "2.0.0"}}),
            {"d": npm.locked("d", dependencies={"a": "^1.0.0"}), **A1},
            ("invalid", "a", "2.0.0"),
            id="an override below a package",
        ),
        pytest.param(
            root({"d": "1"}, overrides={"a": "$nobody"}),
            {"d": npm.locked("d", dependencies={"a": "^1.0.0"}), **A1},
            ("override", "overrides", ""),
            id="a reference to nothing",
        ),
        pytest.param(
            root({"d": "1"}, overrides={"a/b": "1"}),
            {"d": npm.locked("d")},
            ("override", "overrides", ""),
            id="an override of no package",
        ),
        pytest.param(
            root({"A": "1"}), {"a": npm.locked("a")}, ("invalid", "A", "1"), id="case counts"
        ),
    ],
)
def test_out_of_sync(manifest: npm.Json, packages: npm.Json, problem: tuple[str, str, str]) -> None:
    assert [(one.reason, one.name, one.spec) for one in problems(manifest, packages)] == [problem]


@pytest.mark.parametrize(
    ("npmrc", "refused"),
    [
        pytest.param("", True, id="as npm 7 and later"),
        pytest.param("legacy-peer-deps=true\n", False, id="legacy-peer-deps"),
        pytest.param("legacy-peer-deps=false\n", True, id="legacy-peer-deps off"),
        pytest.param(
            "legacy-peer-deps=false\nlegacy-peer-deps\n", False, id="the last line counts"
        ),
        pytest.param("[x]\nlegacy-peer-deps=true\n", True, id="in a section it is none"),
    ],
)
def test_settings_about_peers(npmrc: str, *, refused: bool) -> None:
    found = problems(root({"p": "1", "a": "1"}), {"p": PEER, **A1}, npmrc)
    assert bool(found) == refused


@pytest.mark.parametrize(
    ("npmrc", "refused"),
    [
        pytest.param("", False, id="a warning"),
        pytest.param("strict-peer-deps=true\n", True, id="strict-peer-deps"),
        pytest.param("strict-peer-deps=true\nforce=true\n", False, id="force"),
    ],
)
def test_a_peer_conflict_that_is_not_the_projects_own(npmrc: str, *, refused: bool) -> None:
    packages = {
        "d": npm.locked("d", dependencies={"p": "1"}),
        "p": PEER,
        "a": npm.locked("a", "1.5.0"),
        "e": npm.locked("e", peerDependencies={"a": "^1.0.0"}),
    }
    found = problems(root({"d": "1", "a": "1", "e": "1"}), packages, npmrc)
    assert bool(found) == refused


WORKSPACE = {
    "ui": {"resolved": "packages/ui", "link": True},
    "packages/ui": {"version": "1.0.0", "dependencies": {"a": "^1.0.0"}},
    **A1,
}
MONO = {"name": "app", "workspaces": ["packages/*"]}


@pytest.mark.parametrize(
    ("member", "problem"),
    [
        pytest.param({"name": "ui", "dependencies": {"a": "^1.0.0"}}, None, id="in sync"),
        pytest.param(
            {"name": "ui", "dependencies": {"a": "^2.0.0"}},
            ("invalid", "packages/ui", "a"),
            id="a member's requirement",
        ),
        pytest.param(
            {"name": "ui", "devDependencies": {"x": "1"}},
            ("missing", "packages/ui", "x"),
            id="a member's own tools",
        ),
        pytest.param({"name": "kit"}, ("missing", "", "kit"), id="a member renamed"),
    ],
)
def test_a_workspace(member: npm.Json, problem: tuple[str, str, str] | None) -> None:
    found = problems(MONO, WORKSPACE, packages__ui=member)
    assert [(one.reason, one.source, one.name) for one in found] == ([problem] if problem else [])


def test_two_workspaces_of_one_name() -> None:
    member = {"name": "ui", "dependencies": {"a": "^1.0.0"}}
    found = problems(MONO, WORKSPACE, packages__ui=member, packages__kit=member)
    assert [(one.reason, one.name, one.spec) for one in found] == [
        ("workspace", "ui", "packages/kit, packages/ui")
    ]


@pytest.mark.parametrize(
    ("npmrc", "spec", "refused"),
    [
        pytest.param("", "file:libs/x", False, id="a link to the folder"),
        pytest.param("", "file:other", True, id="a link to another folder"),
        pytest.param("install-links=true\n", "file:libs/x", True, id="install-links wants a copy"),
    ],
)
def test_a_folder(npmrc: str, spec: str, *, refused: bool) -> None:
    packages = {"a": {"resolved": "libs/x", "link": True}, "libs/x": {"version": "1.0.0"}}
    found = problems(root({"a": spec}), packages, npmrc, libs__x={"name": "a"})
    assert bool(found) == refused


def test_a_bundled_package_that_does_not_fit_its_bundle_stays() -> None:
    packages = {
        "s": npm.locked("s", bundleDependencies=["b", "c"], dependencies={"b": "1", "c": "1"}),
        "node_modules/s/node_modules/b": {
            "version": "1.0.0",
            "inBundle": True,
            "dependencies": {"c": "^2.0.0"},
        },
        "node_modules/s/node_modules/c": {"version": "1.0.0", "inBundle": True},
    }
    manifest = root({"s": "1"})
    # Both of the bundle want another c: npm fetches a second one and puts it beside.
    assert [one.name for one in problems(manifest, packages)] == ["c"]
    packages["s"] = npm.locked("s", bundleDependencies=["b", "c"], dependencies={"b": "1"})
    assert problems(manifest, packages) == ()
    # A package of that name further up is in the way.
    blocked = {**packages, "c": npm.locked("c", "3.0.0")}
    assert [one.name for one in problems(root({"s": "1", "c": "3"}), blocked)] == ["c"]
    # npm never goes down to an older one.
    packages["node_modules/s/node_modules/c"] = {"version": "9.0.0", "inBundle": True}
    assert [one.name for one in problems(manifest, packages)] == ["c"]


def test_overrides_beyond_measure_are_not_judged() -> None:
    many = {f"p{number}": "1" for number in range(20_001)}
    with pytest.raises(BoundError, match="has more than 20,000 overrides"):
        problems(root({}, overrides=many), {})
