"""lockfile-out-of-sync: what it says and where; what it decides is in tests/policy/sync."""

from __future__ import annotations

import json

import pytest

from lockward import engine
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from lockward.rules import lockfile_out_of_sync
from tests.support import npm

A = npm.locked("a", "1.5.0")


def findings(
    manifest: npm.Json, packages: npm.Json, **members: npm.Json
) -> list[tuple[str, int, str]]:
    """Path, line and message of each finding."""
    extra: dict[str, str | bytes] = {
        f"packages/{name}/package.json": json.dumps(member, indent=2)
        for name, member in members.items()
    }
    judged = npm.project(npm.files(manifest, packages, extra))
    found = lockfile_out_of_sync.check(judged, Policy())
    return [(finding.path, finding.line, finding.message) for finding in found]


@pytest.mark.parametrize(
    ("manifest", "packages", "place", "message"),
    [
        pytest.param(
            {"name": "app", "dependencies": {"x": "1", "a": "^2.0.0"}},
            {"a": A, "x": npm.locked("x")},
            ("package.json", 5),
            "a: wanted ^2.0.0, locked 1.5.0 (package-lock.json:13)",
            id="out of range",
        ),
        pytest.param(
            {"name": "app", "devDependencies": {"a": "1"}},
            {},
            ("package.json", 4),
            "a: wanted 1, nothing is locked",
            id="nothing is locked",
        ),
        pytest.param(
            {"name": "app", "dependencies": {"d": "1"}},
            {"d": npm.locked("d", dependencies={"a": "^2"}), "a": A},
            ("package-lock.json", 12),
            "a: d wants ^2, locked 1.5.0 (package-lock.json:20)",
            id="what a locked package wants",
        ),
        pytest.param(
            {"name": "app", "peerDependencies": {"a": "^2"}},
            {"a": A},
            ("package.json", 4),
            "a: wanted ^2 as a peer, locked 1.5.0 (package-lock.json:12)",
            id="a peer",
        ),
        pytest.param(
            {"name": "app", "dependencies": {"p": "1"}},
            {
                "p": npm.locked("p", peerDependencies={"a": "1"}),
                "node_modules/p/node_modules/a": A,
            },
            ("package-lock.json", 12),
            "a: p wants 1 as a peer, locked inside the package that wants it"
            " (package-lock.json:20)",
            id="a peer inside its dependant",
        ),
        pytest.param(
            {"name": "app", "dependencies": {"a": "^1.0.0"}, "overrides": {"a": "1.5.0"}},
            {"a": A},
            ("package.json", 4),
            "a: wanted ^1.0.0, but an override sets 1.5.0 (package-lock.json:12)",
            id="an override of the root's own requirement",
        ),
        pytest.param(
            {"name": "app", "dependencies": {"a": "1"}, "overrides": {"x": {"a/b": "1"}}},
            {"a": A},
            ("package.json", 1),
            "overrides: an override without a package name: a/b",
            id="overrides that npm does not take",
        ),
    ],
)
def test_fires(
    manifest: npm.Json, packages: npm.Json, place: tuple[str, int], message: str
) -> None:
    assert findings(manifest, packages) == [(*place, message)]


MONO = {"name": "app", "workspaces": ["packages/*"]}
UI = {
    "ui": {"resolved": "packages/ui", "link": True},
    "packages/ui": {"version": "1.0.0"},
    "lib": {"resolved": "libs/lib", "link": True},
    "libs/lib": {},
}


def test_a_members_requirement_stands_in_its_own_manifest() -> None:
    member = {"name": "ui", "version": "1.0.0", "dependencies": {"a": "2"}}
    found = findings(MONO, {**UI, "a": A}, ui=member)
    assert [(path, line) for path, line, _ in found] == [("packages/ui/package.json", 5)]


def test_a_link_without_a_version_is_named_by_its_folder() -> None:
    member = {"name": "ui", "version": "1.0.0", "dependencies": {"lib": "^1.0.0"}}
    ((_, _, message),) = findings(MONO, UI, ui=member)
    assert message.startswith("lib: wanted ^1.0.0, locked libs/lib (package-lock.json:")


def test_twins_of_a_name() -> None:
    member = {"name": "ui", "version": "1.0.0"}
    ((_, _, message),) = findings(MONO, UI, ui=member, kit=member)
    assert message == "ui: two workspaces have this name: packages/kit, packages/ui"


@pytest.mark.parametrize(
    ("manifest", "packages"),
    [
        pytest.param({"name": "app", "dependencies": {"a": "^1.0.0"}}, {"a": A}, id="in sync"),
        pytest.param({"name": "app"}, {}, id="nothing is wanted"),
        pytest.param({"name": "app"}, {"a": A}, id="an entry too many is another rule's"),
    ],
)
def test_does_not_fire(manifest: npm.Json, packages: npm.Json) -> None:
    assert findings(manifest, packages) == []


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"package.json": '{"dependencies": {"a": "1"}}'}, id="no lockfile"),
        pytest.param({"package-lock.json": npm.lockfile({}, {"a": A})}, id="no manifest"),
        pytest.param({"package.json": "{", "package-lock.json": "{"}, id="neither can be read"),
    ],
)
def test_what_cannot_be_compared_is_other_rules_business(files: dict[str, str | bytes]) -> None:
    assert list(lockfile_out_of_sync.check(npm.project(files), Policy())) == []


def test_what_disagreed_before_is_not_new() -> None:
    stale = npm.files({"dependencies": {"a": "^2", "b": "1"}}, {"a": A, "b": npm.locked("b")})
    touched = npm.files({"dependencies": {"a": "^2", "b": "^2"}}, {"a": A, "b": npm.locked("b")})
    change = Change(MemoryTree(stale), MemoryTree(touched), ("package.json",))
    found = engine.evaluate(change, Policy(), only=("lockfile-out-of-sync",)).findings
    assert [finding.package for finding in found] == ["b"]


def test_the_remedy_rewrites_the_lockfile() -> None:
    judged = npm.project(npm.files({"dependencies": {"a": "^2"}}, {"a": A}))
    (finding,) = lockfile_out_of_sync.check(judged, Policy())
    assert finding.remedy == (
        "npm install --package-lock-only --ignore-scripts && git add package-lock.json",
    )
