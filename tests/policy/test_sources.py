"""Where a package may come from, and whether somebody asked for that.

What the rule lockfile-untrusted-source reports is in its own tests; here is
what it asks.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lockward import sources
from lockward.policy import Policy
from tests.support import npm

if TYPE_CHECKING:
    from lockward.project import Project

COMMIT = "0123456789abcdef0123456789abcdef01234567"
GIT = f"git+ssh://git@example.org/acme/dep.git#{COMMIT}"


def project(spec: str, entry: npm.Json, **manifest: object) -> Project:
    """A root that requires dep by a spec, that entry for it, and a folder lib that is one too."""
    written = {"name": "app", "dependencies": {"dep": spec}, **manifest}
    lib = {"name": "dep", "version": "1.0.0"}
    packages = {"": written, "node_modules/dep": entry, "lib": lib}
    return npm.project(
        {
            "package.json": json.dumps(written),
            "package-lock.json": json.dumps({"lockfileVersion": 3, "packages": packages}),
            "lib/package.json": json.dumps(lib),
        }
    )


def unasked(judged: Project) -> str:
    assert judged.lockfile is not None
    return sources.unasked(judged.lockfile.by_key["node_modules/dep"], judged)


TARBALL = {"version": "1.0.0", "resolved": "https://files.example.net/dep.tgz"}
FILE = {"version": "1.0.0", "resolved": "file:vendor/dep.tgz", "integrity": npm.sri("dep")}
LINK = {"resolved": "lib", "link": True}


@pytest.mark.parametrize(
    ("spec", "entry", "manifest"),
    [
        pytest.param("^1.0.0", npm.locked("dep"), {}, id="a registry needs no asking"),
        pytest.param("acme/dep", {"version": "1.0.0", "resolved": GIT}, {}, id="git, asked by git"),
        pytest.param("https://files.example.net/dep.tgz", TARBALL, {}, id="a tarball by its URL"),
        pytest.param("file:vendor/dep.tgz", FILE, {}, id="a tarball file by its path"),
        pytest.param("file:lib", LINK, {}, id="a link by its folder"),
        pytest.param("*", LINK, {"workspaces": ["lib"]}, id="a link to a workspace"),
        pytest.param("^1.0.0", LINK, {"overrides": {"dep": "file:lib"}}, id="a link by override"),
        pytest.param(
            "^1.0.0",
            {"version": "1.0.0", "resolved": GIT},
            {"overrides": {"dep": "acme/dep"}},
            id="git by an override",
        ),
    ],
)
def test_asked_for(spec: str, entry: npm.Json, manifest: npm.Json) -> None:
    assert unasked(project(spec, entry, **manifest)) == ""


@pytest.mark.parametrize(
    ("spec", "entry", "words"),
    [
        pytest.param("^1.0.0", {"version": "1.0.0", "resolved": GIT}, "a git checkout", id="git"),
        pytest.param("^1.0.0", TARBALL, "a tarball from outside the registry", id="a tarball"),
        pytest.param("^1.0.0", FILE, "a tarball file", id="a tarball file"),
        pytest.param("^1.0.0", LINK, "a link to lib", id="a link"),
        pytest.param(
            "file:lib", TARBALL, "a tarball from outside the registry", id="a URL for a folder"
        ),
    ],
)
def test_not_asked_for(spec: str, entry: npm.Json, words: str) -> None:
    assert unasked(project(spec, entry)) == f"{words}, but package.json wants {spec}"


def test_what_nobody_requires_is_not_judged_here() -> None:
    judged = npm.project(npm.files({"name": "app"}, {"dep": TARBALL}))
    assert unasked(judged) == ""


@pytest.mark.parametrize(
    ("npmrc", "policy", "hosts"),
    [
        pytest.param("", Policy(), set(), id="nobody names any"),
        pytest.param(f"registry={npm.HOME}/\n", Policy(), {"registry.example.org"}, id="a default"),
        pytest.param(
            "@acme:registry=https://npm.acme.example/x/\n", Policy(), {"npm.acme.example"}, id="pin"
        ),
        pytest.param("registry=http://plain.example/\n", Policy(), set(), id="never over http"),
        pytest.param("", Policy(hosts=("a.example",)), {"a.example"}, id="the policy's hosts"),
        pytest.param(
            "", Policy(registries={"@b": "https://b.example/"}), {"b.example"}, id="its registries"
        ),
        pytest.param("registry=https://\n", Policy(), set(), id="a URL without a host"),
    ],
)
def test_hosts_that_are_named(npmrc: str, policy: Policy, hosts: set[str]) -> None:
    judged = npm.project({"package.json": "{}", ".npmrc": npmrc})
    assert sources.trusted_hosts(judged, policy) == hosts


@pytest.mark.parametrize(
    ("resolved", "patterns", "words"),
    [
        pytest.param(GIT, (), "", id="over ssh, at a commit"),
        pytest.param(f"git://example.org/a.git#{COMMIT}", (), "without encryption", id="git://"),
        pytest.param(f"git+http://example.org/a.git#{COMMIT}", (), "without encryption", id="http"),
        pytest.param("git+ssh://git@example.org/a.git#main", (), "no commit pins", id="a branch"),
        pytest.param("git+ssh://git@example.org/a.git", (), "no commit pins", id="no committish"),
        pytest.param(GIT, ("example.org/acme/*",), "", id="covered by a pattern"),
        pytest.param(GIT, ("example.org/acme/dep",), "", id="covered by its own place"),
        pytest.param(GIT, ("example.org/other/*",), "outside the policy", id="covered by none"),
        pytest.param(GIT, ("example.org/acm*",), "outside the policy", id="no star inside a name"),
        pytest.param(
            f"git+https://evil.example.net/@example.org/acme/dep.git#{COMMIT}",
            ("example.org/acme/*",),
            "outside the policy",
            id="an @ behind the host is no user's",
        ),
        pytest.param(
            f"git+https://evil.example.net?@example.org/acme/dep.git#{COMMIT}",
            ("example.org/acme/*",),
            "outside the policy",
            id="a question mark ends the host for git",
        ),
        pytest.param(
            f"git+https://me@example.org/acme/dep.git#{COMMIT}",
            ("example.org/acme/*",),
            "",
            id="a user before the host",
        ),
    ],
)
def test_a_git_source_that_is_unsafe(resolved: str, patterns: tuple[str, ...], words: str) -> None:
    judged = project("acme/dep", {"version": "1.0.0", "resolved": resolved})
    assert judged.lockfile is not None
    package = judged.lockfile.by_key["node_modules/dep"]
    found = sources.unsafe_kind(package, judged, Policy(git=patterns))
    assert words in found
    assert bool(words) == bool(found)


def test_a_file_outside_the_repository_is_unsafe() -> None:
    judged = project("file:../dep.tgz", {"version": "1.0.0", "resolved": "file:../dep.tgz"})
    assert judged.lockfile is not None
    package = judged.lockfile.by_key["node_modules/dep"]
    assert sources.unsafe_kind(package, judged, Policy()) == "outside the repository: ../dep.tgz"
