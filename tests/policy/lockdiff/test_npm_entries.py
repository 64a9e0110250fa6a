"""Each changed entry by itself: bytes, place, name, contents; and what is no change at all."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from lockward.policy import Policy
from tests.support import npm
from tests.support.diffs import compare, root, told

if TYPE_CHECKING:
    from lockward.lockdiff import LockDiff
    from tests.support.diffs import Files

A = npm.locked("a")
ROOT = root({"a": "^1.0.0"})
PLAIN = npm.files(ROOT, {"a": A})
EVIL = "https://evil.example.net"
SHA1 = "sha1-" + base64.b64encode(hashlib.sha1(b"a").digest()).decode()  # noqa: S324 - npm's old one
GIT = "git+ssh://git@example.org/acme/a.git"
COMMIT = "a" * 40


def with_a(entry: npm.Json, npmrc: str = npm.PINNED, **more: npm.Json) -> Files:
    """The plain project with another entry for a."""
    return npm.files(ROOT, {"a": entry, **more}, {".npmrc": npmrc})


def of(entry: npm.Json, was: npm.Json = A) -> LockDiff:
    """The judgement of one edited entry."""
    return compare(with_a(was), with_a(entry))


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        pytest.param({**A, "integrity": npm.sri("evil")}, "integrity-replaced", id="other bytes"),
        pytest.param(
            npm.locked("a", resolved=f"{EVIL}/a/-/a-1.0.0.tgz"), "place-replaced", id="other host"
        ),
        pytest.param(
            npm.locked("a", resolved=f"{npm.HOME}:8443/a/-/a-1.0.0.tgz"),
            "place-replaced",
            id="another port",
        ),
        pytest.param(
            npm.locked("a", resolved=f"{npm.HOME}/evil/-/evil-1.0.0.tgz"),
            "place-replaced",
            id="another package's tarball",
        ),
        pytest.param(
            npm.locked("a", resolved=f"{npm.HOME}/a/-/a-0.9.0.tgz"),
            "place-replaced",
            id="another version's tarball",
        ),
        pytest.param(
            npm.locked("a", resolved="http://registry.example.org/a/-/a-1.0.0.tgz"),
            "place-replaced",
            id="http, no longer https",
        ),
        pytest.param(npm.locked("a", resolved=f"a@{EVIL}/a.tgz"), None, id="name@address"),
        pytest.param(
            npm.locked(
                "a", resolved="https://registry.example.org@evil.example.net/a/-/a-1.0.0.tgz"
            ),
            "place-replaced",
            id="the host as a user name",
        ),
        pytest.param(
            npm.locked("a", resolved="https:\\\\evil.example.net\\a.tgz"), None, id="slashes"
        ),
        pytest.param(
            npm.locked("a", resolved=f"{npm.HOME}/a/../evil/-/a-1.0.0.tgz"),
            "place-replaced",
            id="dot segments",
        ),
        pytest.param(
            npm.locked("a", resolved=f"{npm.HOME}/a/%2e%2e/evil/-/a-1.0.0.tgz"),
            "place-replaced",
            id="escaped dots",
        ),
        pytest.param(npm.locked("a", resolved="1.0.0"), None, id="a bare version"),
        pytest.param(
            npm.locked("a", resolved="HTTPS://evil.example.net/a/-/a-1.0.0.tgz"),
            "place-replaced",
            id="a scheme in capitals",
        ),
        pytest.param({**A, "dependencies": {"x": "1"}}, "edges-changed", id="a new edge"),
        pytest.param({**A, "optionalDependencies": {"x": "1"}}, "edges-changed", id="optional"),
        pytest.param({**A, "peerDependencies": {"x": "1"}}, "edges-changed", id="a new peer"),
        pytest.param({**A, "bin": {"a": "x.js"}}, "facts-changed", id="a new bin"),
        pytest.param({**A, "hasInstallScript": True}, "facts-changed", id="a new install script"),
        pytest.param({**A, "os": ["linux"]}, "facts-changed", id="a platform"),
        pytest.param({**A, "cpu": ["x64"]}, "facts-changed", id="a processor"),
        pytest.param({**A, "engines": {"node": "*"}}, "facts-changed", id="engines"),
        pytest.param({**A, "bundleDependencies": ["x"]}, "facts-changed", id="a bundle"),
        pytest.param({**A, "hasShrinkwrap": True}, "facts-changed", id="a shrinkwrap"),
        pytest.param({**A, "name": "evil"}, "wrong-tarball", id="another package's name"),
        pytest.param({"version": "1.0.0", "inBundle": True}, None, id="bundled, it says"),
        pytest.param(
            {"version": "1.0.0", "resolved": "file:vendor/a.tgz", "integrity": A["integrity"]},
            "place-replaced",
            id="a file where a registry was",
        ),
        pytest.param(
            {"version": "1.0.0", "resolved": f"{EVIL}/a.tgz", "integrity": A["integrity"]},
            None,
            id="a tarball that is no registry's",
        ),
        pytest.param(
            {"version": "1.0.0", "resolved": f"{GIT}#{COMMIT}"}, "place-replaced", id="git"
        ),
    ],
)
@pytest.mark.parametrize("cosmetic", [False, True], ids=["alone", "with a cosmetic edit"])
def test_tampered(entry: npm.Json, code: str | None, cosmetic: bool) -> None:  # noqa: FBT001
    after = with_a(entry)
    if cosmetic:
        after["package.json"] = json.dumps({**ROOT, "description": "a nicer one"})
    diff = compare(PLAIN, after)
    assert diff.classification in ("tampered", "unexplained")
    if code is not None:
        assert diff.classification == "tampered"
        assert code in {item.code for item in diff.items}


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        pytest.param(A, npm.locked("a", integrity=None), "integrity-lost", id="lost"),
        pytest.param(A, {**A, "integrity": ""}, "integrity-lost", id="emptied"),
        pytest.param(A, {**A, "integrity": SHA1}, "integrity-replaced", id="a weaker, other one"),
        pytest.param(
            {**A, "integrity": f"{A['integrity']} {SHA1}"},
            {**A, "integrity": SHA1},
            "integrity-weakened",
            id="the weaker of two that were there",
        ),
        pytest.param(
            A,
            {**A, "integrity": f"{A['integrity']} {npm.sri('evil')}"},
            "integrity-doubled",
            id="a second hash beside the first",
        ),
        pytest.param(
            {**A, "integrity": SHA1},
            {**A, "integrity": f"{npm.sri('x')} {npm.sri('y')}"},
            "integrity-doubled",
            id="two for one",
        ),
        pytest.param(
            A, {**A, "integrity": f"{A['integrity']} md9-xx"}, "integrity-malformed", id="junk"
        ),
        pytest.param(
            {"version": "1.0.0", "resolved": A["resolved"], "dependencies": {"x": "1"}},
            {"version": "1.0.0", "resolved": A["resolved"]},
            "edges-lost",
            id="an edge that is gone",
        ),
    ],
)
def test_lost_or_weakened(was: npm.Json, now: npm.Json, code: str) -> None:
    diff = of(now, was)
    assert code in {item.code for item in diff.items}
    assert diff.classification in ("unexplained", "tampered")


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        pytest.param(
            {**A, "integrity": SHA1}, A, "integrity-upgraded", id="sha1 to sha512 of the artifact"
        ),
        pytest.param(npm.locked("a", integrity=None), A, "integrity-added", id="a hash where none"),
        pytest.param(A, {**A, "dev": True}, "", id="a flag"),
        pytest.param(A, {**A, "license": "MIT"}, "", id="a licence"),
        pytest.param(A, {**A, "funding": {"url": "x"}}, "", id="funding"),
        pytest.param(A, {**A, "deprecated": "use b"}, "", id="a deprecation"),
        pytest.param({**A, "bin": {"a": "./x.js"}}, {**A, "bin": {"a": "x.js"}}, "", id="./"),
        pytest.param(A, npm.locked("a", resolved=None), "", id="resolved left out, as npm may"),
        pytest.param(npm.locked("a", resolved=None), A, "", id="resolved put in"),
        pytest.param({**A, "hasShrinkwrap": True}, A, "", id="a shrinkwrap gone"),
    ],
)
def test_metadata(was: npm.Json, now: npm.Json, code: str) -> None:
    diff = of(now, was)
    assert diff.classification == "metadata"
    assert [item.code for item in diff.items] == ([code] if code else [])


def test_a_registry_that_moved_with_its_pin_is_metadata() -> None:
    moved = npm.locked("a", resolved="https://npm.acme.example/a/-/a-1.0.0.tgz")
    after = with_a(moved, "registry=https://npm.acme.example/\n")
    assert compare(PLAIN, after).classification == "metadata"


def test_a_registry_that_the_policy_names_is_metadata() -> None:
    moved = npm.locked("a", resolved="https://npm.acme.example/a/-/a-1.0.0.tgz")
    policy = Policy(hosts=("npm.acme.example",))
    assert compare(PLAIN, with_a(moved), policy=policy).classification == "metadata"


def test_a_host_that_moved_without_hashes_is_not() -> None:
    bare = npm.locked("a", integrity=None)
    moved = npm.locked("a", integrity=None, resolved=f"{EVIL}/a/-/a-1.0.0.tgz")
    diff = compare(with_a(bare), with_a(moved, "registry=https://evil.example.net/\n"))
    assert told(diff) == [("place-replaced", "a")]


# New artifacts

BUMP = root({"a": "^2.0.0"})


@pytest.mark.parametrize(
    ("entry", "items"),
    [
        pytest.param(
            npm.locked("a", "2.0.0", resolved=f"{npm.HOME}/evil/-/evil-2.0.0.tgz"),
            [("requirement", "a"), ("wrong-tarball", "a")],
            id="another package's tarball",
        ),
        pytest.param(
            npm.locked("a", "2.0.0", resolved=f"{npm.HOME}/a/-/a-2.0.1.tgz"),
            [("requirement", "a"), ("wrong-tarball", "a")],
            id="another version's tarball",
        ),
        pytest.param(
            npm.locked("a", "2.0.0", resolved=f"{EVIL}/a/-/a-2.0.0.tgz"),
            [("requirement", "a"), ("unknown-host", "a")],
            id="a host that nothing came from",
        ),
        pytest.param(
            npm.locked("a", "2.0.0", resolved="http://plain.example/a/-/a-2.0.0.tgz"),
            [("requirement", "a"), ("unknown-host", "a")],
            id="http",
        ),
        pytest.param(
            npm.locked("a", "2.0.0", integrity=f"{npm.sri('x')} {npm.sri('y')}"),
            [("integrity-doubled", "a"), ("requirement", "a")],
            id="two hashes",
        ),
        pytest.param(
            npm.locked("a", "2.0.0", integrity="sha512-short"),
            [("integrity-malformed", "a"), ("requirement", "a")],
            id="a hash that is none",
        ),
        pytest.param(
            npm.locked("a", "2.0.0", integrity=None),
            [("integrity-missing", "a"), ("requirement", "a")],
            id="no hash, where others have one",
        ),
        pytest.param(
            npm.locked("evil", "2.0.0", name="evil"),
            [("laundered", "evil"), ("removed", "a"), ("requirement", "evil")],
            id="another package under this name",
        ),
        pytest.param(
            {"version": "2.0.0", "inBundle": True},
            [("bundle-faked", "a"), ("requirement", "a")],
            id="bundled, though nothing bundles it",
        ),
    ],
)
def test_a_new_artifact_that_is_not_what_it_should_be(
    entry: npm.Json, items: list[tuple[str, str]]
) -> None:
    others = {name: npm.locked(name) for name in ("b", "c")}
    asks = {"b": "1", "c": "1"}
    before = npm.files(root({"a": "^1.0.0", **asks}), {"a": A, **others})
    diff = compare(before, npm.files(root({"a": "^2.0.0", **asks}), {"a": entry, **others}))
    assert told(diff) == items
    assert diff.classification in ("unexplained", "tampered")


def test_a_scope_that_came_from_elsewhere_so_far() -> None:
    def scoped(version: str, home: str) -> npm.Json:
        return npm.locked("@acme/a", version, resolved=f"{home}/@acme/a/-/a-{version}.tgz")

    inner, asks = "https://npm.acme.example", {"@acme/a": "^1.0.0", "@acme/b": "1", "c": "1"}
    b = npm.locked("@acme/b", resolved=f"{inner}/@acme/b/-/b-1.0.0.tgz")
    rest = {"@acme/b": b, "c": npm.locked("c")}
    npmrc: Files = {".npmrc": ""}
    before = npm.files(root(asks), {"@acme/a": scoped("1.0.0", inner), **rest}, npmrc)
    after = npm.files(
        root({**asks, "@acme/a": "^2.0.0"}), {"@acme/a": scoped("2.0.0", npm.HOME), **rest}, npmrc
    )
    items = [item for item in compare(before, after).items if item.code == "unknown-host"]
    assert [item.cause for item in items] == ["@acme came from elsewhere so far"]


def test_a_registry_whose_addresses_show_no_names_is_taken_as_it_was() -> None:
    def odd(version: str) -> npm.Json:
        return npm.locked("a", version, resolved=f"https://npm.acme.example/download/{version}")

    rest = {"b": npm.locked("b", resolved="https://npm.acme.example/b/-/b-1.0.0.tgz")}
    before = npm.files(root({"a": "^1.0.0", "b": "1"}), {"a": odd("1.0.0"), **rest})
    after = npm.files(root({"a": "^2.0.0", "b": "1"}), {"a": odd("2.0.0"), **rest})
    assert compare(before, after).classification == "matched"


def test_an_alias_that_an_override_asks_for_is_not_laundered() -> None:
    manifest = root({"a": "^1.0.0"}, overrides={"a": "npm:b@^1.0.0"})
    diff = compare(PLAIN, npm.files(manifest, {"a": npm.locked("b", name="b")}))
    assert diff.classification == "matched"


def test_a_tarball_in_the_repository_is_compared_with_its_file() -> None:
    manifest = root({"a": "file:vendor/a.tgz"})

    def at(data: bytes, text: str) -> Files:
        entry = {"version": "1.0.0", "resolved": "file:vendor/a.tgz", "integrity": npm.sri(text)}
        return npm.files(manifest, {"a": entry}, {"vendor/a.tgz": data})

    before = at(b"one", "one")
    assert compare(before, at(b"two", "two")).classification == "metadata"
    assert compare(before, at(b"two", "three")).classification == "tampered"
    gone = at(b"two", "two")
    del gone["vendor/a.tgz"]
    assert compare(before, gone).classification == "tampered"


def test_a_git_source_that_moved_to_another_repository() -> None:
    manifest = root({"a": GIT})

    def at(url: str) -> Files:
        return npm.files(manifest, {"a": {"version": "1.0.0", "resolved": f"{url}#{COMMIT}"}})

    same = compare(at(GIT), at("git+https://example.org/acme/a"))
    assert same.classification == "metadata"
    other = compare(at(GIT), at("git+ssh://git@evil.example.net/acme/a.git"))
    assert told(other) == [("place-replaced", "a")]


# Bundles

BUNDLER = npm.locked("a", dependencies={"b": "1"}, bundleDependencies=["b"])
INSIDE = "node_modules/a/node_modules/b"


def bundled(**fields: object) -> npm.Json:
    return {"version": "1.0.0", "inBundle": True, **fields}


def test_what_a_package_bundles_needs_no_hash() -> None:
    packages = {
        "a": {**BUNDLER, **npm.locked("a", "2.0.0")},
        INSIDE: bundled(dependencies={"c": "1"}),
        f"{INSIDE}/node_modules/c": bundled(),
    }
    diff = compare(PLAIN, npm.files(BUMP, packages))
    assert told(diff) == [("brought", "b"), ("brought", "c"), ("requirement", "a")]


def test_a_package_that_turns_bundled_and_loses_its_hash() -> None:
    a = npm.locked("a", dependencies={"b": "1"})
    before = npm.files(ROOT, {"a": a, INSIDE: npm.locked("b")})
    after = npm.files(ROOT, {"a": a, INSIDE: bundled()})
    assert told(compare(before, after)) == [("bundle-faked", "b"), ("integrity-lost", "b")]


def test_what_the_root_bundles_is_fetched_all_the_same() -> None:
    manifest = root({"a": "^1.0.0"}, bundleDependencies=["a"])
    flagged = npm.files(manifest, {"a": {**A, "inBundle": True}})
    assert compare(PLAIN, flagged).classification == "metadata"
    bare = npm.files(manifest, {"a": bundled()})
    assert "integrity-lost" in {item.code for item in compare(PLAIN, bare).items}


def test_a_bundle_of_version_1_goes_by_the_package_around_it() -> None:
    def v1(version: str, inside: npm.Json) -> Files:
        a = {**npm.locked("a", version), "requires": {"b": "1"}, "dependencies": {"b": inside}}
        lock = {"lockfileVersion": 1, "requires": True, "dependencies": {"a": a}}
        manifest = json.dumps(root({"a": f"^{version}"}))
        return {"package.json": manifest, "package-lock.json": json.dumps(lock)}

    before = v1("1.0.0", npm.locked("b"))
    flagged = {"version": "1.0.0", "bundled": True}
    assert compare(before, v1("2.0.0", flagged)).classification == "matched"
    assert told(compare(before, v1("1.0.0", flagged))) == [("integrity-lost", "b")]
