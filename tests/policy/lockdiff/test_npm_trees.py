"""What a lockfile says of its own projects, and of itself to older npms; formats and eras."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lockward import lockdiff, lockfiles
from lockward.lockdiff import formats
from lockward.lockdiff.places import repository
from lockward.policy import Policy
from tests.support import npm
from tests.support.diffs import compare, root, told

if TYPE_CHECKING:
    from tests.support.diffs import Files

A = npm.locked("a")
ROOT = root({"a": "^1.0.0"})
UI = {"name": "ui", "version": "1.0.0", "dependencies": {"b": "^1.0.0"}}
MONO = {**ROOT, "workspaces": ["packages/*"]}


def project(lock: npm.Json, manifest: npm.Json = ROOT, **members: npm.Json) -> Files:
    files: Files = {
        "package.json": json.dumps(manifest),
        "package-lock.json": json.dumps(lock),
        ".npmrc": npm.PINNED,
    }
    for name, member in members.items():
        files[f"packages/{name}/package.json"] = json.dumps(member)
    return files


def v3(packages: npm.Json, manifest: npm.Json = ROOT, **top: object) -> npm.Json:
    return {"lockfileVersion": 3, "packages": {"": manifest, **packages}, **top}


def both(packages: npm.Json, dependencies: npm.Json, version: int = 2) -> npm.Json:
    return {**v3(packages), "lockfileVersion": version, "dependencies": dependencies}


KEY = {"node_modules/a": A}
MONO_PACKAGES = {
    **KEY,
    "node_modules/b": npm.locked("b"),
    "node_modules/ui": {"resolved": "packages/ui", "link": True},
    "packages/ui": {"version": "1.0.0", "dependencies": {"b": "^1.0.0"}},
}


# Importers


@pytest.mark.parametrize(
    ("recorded", "items"),
    [
        pytest.param({**ROOT, "dependencies": {"a": "*"}}, [("importer", "a")], id="another spec"),
        pytest.param(
            root({"a": "^1.0.0", "x": "1"}), [("importer", "x")], id="a requirement of its own"
        ),
        pytest.param({"name": "app"}, [("importer", "a")], id="a requirement left out"),
        pytest.param(
            {**ROOT, "workspaces": ["evil/*"]},
            [("importer", "evil/*")],
            id="a workspace of its own",
        ),
        pytest.param(
            {**ROOT, "workspaces": {"packages": ["evil/*"]}},
            [("importer", "evil/*")],
            id="a workspace, in Yarn's form",
        ),
        pytest.param({**ROOT, "version": "2.0.0"}, [], id="the project's version"),
        pytest.param({**ROOT, "name": "other"}, [], id="the project's name"),
        pytest.param({"name": "app", "devDependencies": {"a": "^1.0.0"}}, [], id="another section"),
    ],
)
def test_the_root_as_the_lockfile_records_it(
    recorded: npm.Json, items: list[tuple[str, str]]
) -> None:
    diff = compare(project(v3(KEY)), project(v3(KEY, recorded)))
    assert told(diff) == items
    assert diff.classification == ("unexplained" if items else "metadata")


def test_a_difference_that_stood_before_is_not_new() -> None:
    stale = v3(KEY, {**ROOT, "dependencies": {"a": "*"}})
    touched = v3(KEY, {**ROOT, "dependencies": {"a": "*"}, "version": "2.0.0"})
    assert told(compare(project(stale), project(touched))) == []


def test_a_workspace_that_only_the_lockfile_knows() -> None:
    smuggled = {
        **MONO_PACKAGES,
        "node_modules/evil": {"resolved": "evil", "link": True},
        "evil": {"version": "1.0.0", "hasInstallScript": True},
    }
    before = project(v3(MONO_PACKAGES, MONO), MONO, ui=UI)
    after = project(v3(smuggled, {**MONO, "workspaces": ["packages/*", "evil"]}), MONO, ui=UI)
    diff = compare(before, after)
    assert ("importer", "evil") in told(diff)
    assert diff.classification == "unexplained"


def test_a_workspace_whose_entry_contradicts_its_package_json() -> None:
    before = project(v3(MONO_PACKAGES, MONO), MONO, ui=UI)
    lying = {**MONO_PACKAGES, "packages/ui": {"version": "1.0.0", "dependencies": {"b": "*"}}}
    diff = compare(before, project(v3(lying, MONO), MONO, ui=UI))
    assert told(diff) == [("importer", "b")]
    assert diff.items[0].cause == "packages/ui/package.json wants ^1.0.0"


def test_a_workspace_that_is_renamed_in_both_files_is_matched() -> None:
    before = project(v3(MONO_PACKAGES, MONO), MONO, ui=UI)
    renamed = {key: entry for key, entry in MONO_PACKAGES.items() if key != "node_modules/ui"}
    renamed["node_modules/kit"] = {"resolved": "packages/ui", "link": True}
    renamed["packages/ui"] = {**MONO_PACKAGES["packages/ui"], "name": "kit"}
    after = project(v3(renamed, MONO), MONO, ui={**UI, "name": "kit"})
    assert compare(before, after).classification == "matched"


# Two trees in one file

LEGACY = {"a": A}


@pytest.mark.parametrize(
    ("before", "after", "items"),
    [
        pytest.param(both(KEY, LEGACY), both(KEY, LEGACY), [], id="they agree"),
        pytest.param(
            both(KEY, LEGACY),
            both(KEY, {"a": {**A, "integrity": npm.sri("evil")}}),
            [("mirror", "a")],
            id="other bytes for npm 6",
        ),
        pytest.param(
            both(KEY, LEGACY),
            both(KEY, {"a": {**A, "version": "2.0.0"}}),
            [("mirror", "a")],
            id="another version for npm 6",
        ),
        pytest.param(
            both(KEY, LEGACY),
            both(KEY, {**LEGACY, "evil": npm.locked("evil")}),
            [("mirror", "evil")],
            id="a package for npm 6 only",
        ),
        pytest.param(both(KEY, LEGACY), both(KEY, {}), [("mirror", "a")], id="missing for npm 6"),
        pytest.param(
            both(KEY, {"a": {**A, "version": "9.9.9"}}),
            both({"node_modules/a": {**A, "dev": True}}, {"a": {**A, "version": "9.9.9"}}),
            [],
            id="they disagreed before",
        ),
        pytest.param(v3(KEY), both(KEY, {}), [("mirror", "a")], id="a second tree that is new"),
    ],
)
def test_the_tree_of_older_npms(
    before: npm.Json, after: npm.Json, items: list[tuple[str, str]]
) -> None:
    diff = compare(project(before), project(after))
    assert told(diff) == items
    assert diff.classification == ("tampered" if items else "metadata")


# The format itself


def v1(dependencies: npm.Json) -> npm.Json:
    return {"lockfileVersion": 1, "requires": True, "dependencies": dependencies}


def _nested() -> tuple[npm.Json, npm.Json]:
    """The same tree in version 1 and in version 3: a needs b@2, beside b@1."""
    inner = npm.locked("b", "2.0.0")
    old = {
        "a": {**A, "requires": {"b": "^2.0.0"}, "dependencies": {"b": inner}},
        "b": npm.locked("b"),
    }
    new = {
        "node_modules/a": {**A, "dependencies": {"b": "^2.0.0"}},
        "node_modules/a/node_modules/b": inner,
        "node_modules/b": npm.locked("b"),
    }
    return old, new


WITH_B = root({"a": "^1.0.0", "b": "^1.0.0"})


@pytest.mark.parametrize("version", [2, 3, 4])
def test_a_migration_of_the_format_is_metadata(version: int) -> None:
    old, new = _nested()
    lock = v3(new, WITH_B)
    lock["lockfileVersion"] = version
    if version == 2:
        lock["dependencies"] = old
    diff = compare(project(v1(old), WITH_B), project(lock, WITH_B))
    assert (diff.classification, told(diff)) == ("metadata", [])
    back = compare(project(lock, WITH_B), project(v1(old), WITH_B))
    lowered = [("format-lowered", "lockfileVersion")] if version == 4 else []
    assert told(back) == lowered
    assert back.classification == ("unexplained" if lowered else "metadata")


def test_a_migration_hides_nothing() -> None:
    old, new = _nested()
    evil = {**new, "node_modules/b": npm.locked("b", integrity=npm.sri("evil"))}
    diff = compare(project(v1(old), WITH_B), project(v3(evil, WITH_B), WITH_B))
    assert told(diff) == [("integrity-replaced", "b")]


def test_formatting_is_metadata() -> None:
    lock = v3(KEY)
    before = project(lock)
    after = {**before, "package-lock.json": json.dumps(lock, indent=8) + "\n\n"}
    assert compare(before, after).classification == "metadata"


def test_a_new_edge_in_version_1_is_refused() -> None:
    old, _ = _nested()
    evil = {**old, "b": {**old["b"], "requires": {"evil": "1"}}, "evil": npm.locked("evil")}
    diff = compare(project(v1(old), WITH_B), project(v1(evil), WITH_B))
    assert ("edges-added", "b") in told(diff)
    assert diff.classification == "unexplained"


def test_an_optional_edge_of_version_1_comes_and_goes_with_the_platform() -> None:
    a = {**A, "optional": True, "requires": {"b": "1"}}
    b = {**npm.locked("b"), "optional": True}
    manifest = {"name": "app", "optionalDependencies": {"a": "^1.0.0"}}
    before = project(v1({"a": a, "b": b}), manifest)
    after = project(v1({"a": {**A, "optional": True}}), manifest)
    assert compare(before, after).classification == "metadata"


@pytest.mark.parametrize(
    ("lock", "flat", "ancient", "exact"),
    [
        pytest.param(v3(KEY), False, False, False, id="packages"),
        pytest.param(v1({"a": {**A, "requires": {"b": "^1"}}}), True, False, False, id="npm 6"),
        pytest.param(v1({"a": {**A, "requires": {"b": "1.0.0"}}}), True, False, True, id="npm 5"),
        pytest.param({"dependencies": {"a": A}}, True, True, False, id="before npm 5.1"),
    ],
)
def test_who_wrote_a_lockfile(lock: npm.Json, flat: bool, ancient: bool, exact: bool) -> None:  # noqa: FBT001
    read = lockfiles.read("package-lock.json", json.dumps(lock).encode())
    era = formats.era(read)
    assert (era.flat, era.ancient, era.exact) == (flat, ancient, exact)


def test_exact_requirements_of_npm_5_are_no_ranges() -> None:
    def at(version: str) -> Files:
        a = {**A, "requires": {"b": version}}
        return project(v1({"a": a, "b": npm.locked("b", version)}))

    assert compare(at("1.0.0"), at("1.1.0")).classification == "refresh"


# Names of artifacts and repositories


@pytest.mark.parametrize(
    ("entry", "identity"),
    [
        pytest.param(A, "a@1.0.0", id="a registry's"),
        pytest.param({**A, "name": "b"}, "b@1.0.0", id="under another name"),
        pytest.param(
            {"version": "1.0.0", "resolved": f"git+ssh://git@example.org/a.git#{'a' * 40}"},
            f"a@git:{'a' * 40}",
            id="git",
        ),
        pytest.param(
            {"version": "1.0.0", "resolved": "file:a.tgz"}, "a@file:a.tgz", id="a tarball file"
        ),
        pytest.param({"version": "1.0.0", "inBundle": True}, "a@1.0.0", id="bundled"),
    ],
)
def test_the_identity_of_an_artifact(entry: npm.Json, identity: str) -> None:
    lock = json.dumps(v3({"node_modules/a": entry})).encode()
    package = lockfiles.read("package-lock.json", lock).by_key["node_modules/a"]
    assert package.artifact == identity


@pytest.mark.parametrize(
    "address",
    [
        "git+ssh://git@example.org/acme/a.git#abc",
        "git+https://example.org/acme/a#def",
        "https://EXAMPLE.org/acme/a/",
        "git@example.org:acme/a.git",
        "git://example.org/acme/a.git",
    ],
)
def test_the_writings_of_one_repository(address: str) -> None:
    assert repository(address) == "example.org/acme/a"


# The comparison as a whole


def test_a_comparison_is_made_once_for_each_pair() -> None:
    policy = Policy()
    before, after = npm.project(project(v3(KEY))), npm.project(project(v3({})))
    first = lockdiff.of(before, after, policy)
    assert lockdiff.of(before, after, policy) is first
    assert lockdiff.of(before, after, Policy()) is not first


def test_without_a_lockfile_there_is_nothing_to_say() -> None:
    diff = compare(project(v3(KEY)), {"package.json": json.dumps(ROOT)})
    assert (diff.classification, diff.items) == ("metadata", ())


def test_requirements_that_change_are_told_even_when_the_lockfile_does_not() -> None:
    before = project(v3(KEY))
    assert compare(before, project(v3(KEY), root({"a": "^1.1.0"}))).requirements_changed
    assert not compare(before, project(v3(KEY), {**ROOT, "license": "MIT"})).requirements_changed
    pinned: Files = {**before, ".npmrc": "registry=https://npm.acme.example/\n"}
    assert compare(before, pinned).requirements_changed
