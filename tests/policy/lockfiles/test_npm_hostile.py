"""npm's lockfiles from hostile hands: what is refused and where, bounded work, any bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward import lockfiles
from lockward.errors import LockfileError, LockwardError
from lockward.lockfiles import npm
from tests.policy.lockfiles.test_npm import document, read
from tests.support.npm import locked, sri
from tests.support.outcome import outcome

DATA: Final = Path(__file__).parents[2] / "data"
REAL: Final = sorted([*DATA.glob("npm/samples/*.json"), *DATA.glob("npm/by_hand/*.json")])
Json = dict[str, Any]


# What is refused


@pytest.mark.parametrize(
    ("value", "pointer", "words"),
    [
        pytest.param([], "", "no JSON object", id="an array"),
        pytest.param(document({}, 0), "/lockfileVersion", "not 1, 2, 3 or 4", id="version 0"),
        pytest.param(document({}, 5), "/lockfileVersion", "newer than any", id="version 5"),
        pytest.param(
            {"lockfileVersion": "3", "packages": {}}, "/lockfileVersion", "not 1", id="'3'"
        ),
        pytest.param({"lockfileVersion": True}, "/lockfileVersion", "not 1", id="true"),
        pytest.param({"packages": {}}, "", "lockfileVersion", id="packages without a version"),
        pytest.param({"lockfileVersion": 3, "packages": []}, "/packages", "not an object", id="[]"),
        pytest.param(
            document({"node_modules/a": 1}), "/packages/node_modules~1a", "not an", id="1"
        ),
        pytest.param(
            document({"node_modules/a": {"version": 1}}),
            *("/packages/node_modules~1a/version", '"version" is not a string'),
            id="a version of a number",
        ),
        pytest.param(
            document({"node_modules/a": {"link": "yes"}}),
            *("/packages/node_modules~1a/link", "not true or false"),
            id="a link that is text",
        ),
        pytest.param(
            document({"node_modules/a": {"Version": "1"}}),
            *("/packages/node_modules~1a/Version", "its case only"),
            id="a field in capitals",
        ),
        pytest.param(
            document({"node_modules/a": {"dependencies": {"b": 1}}}),
            *("/packages/node_modules~1a/dependencies/b", "not a string"),
            id="an edge of a number",
        ),
        pytest.param(
            document({"node_modules/a": {"bundleDependencies": ["b", 1]}}),
            *("/packages/node_modules~1a/bundleDependencies/1", "not a string"),
            id="a bundled number",
        ),
        pytest.param(
            document({"node_modules/a": {"link": True}}),
            *("/packages/node_modules~1a", "a link leads nowhere"),
            id="a link to nowhere",
        ),
        pytest.param(
            document({"node_modules/a": {"link": True, "resolved": "lib"}}),
            *("/packages/node_modules~1a/resolved", "which is no entry"),
            id="a link to what is not there",
        ),
        *(
            pytest.param(
                {"lockfileVersion": 3, "packages": {key: {}}},
                None,
                "control",
                id=f"no root, {key!r}",
            )
            for key in ("\nnode_modules/a", "node_modules/a\n")
        ),
        *(
            pytest.param(document({key: {}}), None, words, id=label)
            for key, words, label in (
                ("node_modules/../../x", "no package", "a key that leaves"),
                ("node_modules/a/../b", "dot segment", "a key with a detour"),
                ("/etc/node_modules/a", "absolute", "an absolute key"),
                ("C:/node_modules/a", "absolute", "a drive"),
                ("node_modules\\a", "backslash", "a backslash"),
                ("node_modules/a\u0007", "control", "a control character"),
                ("node_modules//a", "no package", "an empty name"),
                ("node_modules/.bin", "no package", "a name that begins with a dot"),
                ("node_modules/node_modules", "no package", "node_modules as a name"),
                ("node_modules/NODE_MODULES", "no package", "the same in capitals"),
                ("node_modules/@s", "a scope and a slash", "a scope without a name"),
                ("node_modules/a b", "characters", "a blank in a name"),
                ("node_modules/\u0430", "characters", "a Cyrillic name"),
                ("../../etc/node_modules/a", "outside the project", "a package outside"),
                ("packages/./a", "dot segment", "a dot in a folder"),
            )
        ),
    ],
)
def test_refused(value: object, pointer: str | None, words: str) -> None:
    with pytest.raises(LockfileError, match=words) as caught:
        read(value)
    fault = caught.value
    assert fault.path == "package-lock.json"
    assert fault.line >= 1
    if pointer is not None:
        assert fault.pointer in (pointer, "/lockfileVersion")


@pytest.mark.parametrize(
    ("dependencies", "pointer", "words"),
    [
        pytest.param([], "/dependencies", "not an object", id="a list"),
        pytest.param({"a": 1}, "/dependencies/a", "not an object", id="an entry of a number"),
        pytest.param({"../a": {}}, "/dependencies/..~1a", "a scope and a slash", id="a path"),
        pytest.param({"a": {"version": {}}}, "/dependencies/a/version", "string", id="version"),
        pytest.param(
            {"a": {"dependencies": {"b": {"dependencies": 1}}}},
            *("/dependencies/a/dependencies/b/dependencies", "not an object"),
            id="further down",
        ),
        pytest.param(
            {"a": {"requires": {"b": 1}}}, "/dependencies/a/requires/b", "string", id="requires"
        ),
    ],
)
def test_refused_in_version_1(dependencies: object, pointer: str, words: str) -> None:
    with pytest.raises(LockfileError, match=words) as caught:
        read({"lockfileVersion": 1, "dependencies": dependencies})
    assert caught.value.pointer == pointer


def test_two_entries_for_one_place() -> None:
    lock = {
        "lockfileVersion": 1,
        "dependencies": {
            "a": {"version": "file:lib", "dependencies": {"x": locked("x")}},
            "b": {"version": "file:lib", "dependencies": {"x": locked("x", "2.0.0")}},
        },
    }
    with pytest.raises(LockfileError, match='two entries for "lib/node_modules/x"'):
        read(lock)


# The second tree


@pytest.mark.parametrize(
    ("dependencies", "keys"),
    [
        pytest.param({"a": locked("a")}, [], id="they agree"),
        pytest.param({"a": locked("a", integrity=sri("x"))}, ["node_modules/a"], id="other bytes"),
        pytest.param({}, ["node_modules/a"], id="one is missing"),
        pytest.param(
            {"a": locked("a"), "b": locked("b")}, ["node_modules/b"], id="one is too many"
        ),
        pytest.param({"a": 1}, ["dependencies/a"], id="the tree is broken"),
    ],
)
def test_where_the_two_trees_disagree(dependencies: Json, keys: list[str]) -> None:
    found = read(document({"node_modules/a": locked("a")}, 2, dependencies=dependencies))
    assert [key for key, _, _ in npm.split_brain(found)] == keys


REPOSITORY = "git@github.com/uNetworking/uWebSockets.js.git"
COMMITTED = "4558ee00f9f1f686fffe1accbfc2e85b1af9c50f"


@pytest.mark.parametrize(
    ("version", "agree"),
    [
        pytest.param(f"git+https://{REPOSITORY}#{COMMITTED}", True, id="socket.io 9890b036cf"),
        pytest.param(f"git+ssh://{REPOSITORY}#{COMMITTED}", True, id="over ssh"),
        pytest.param(f"git+ssh://{REPOSITORY}#{'0' * 40}", False, id="another commit"),
        pytest.param(
            f"git+ssh://git@github.com/evil/x.git#{COMMITTED}", False, id="another repository"
        ),
        pytest.param(
            f"git+ssh://git@gitlab.com/uNetworking/uWebSockets.js.git#{COMMITTED}",
            False,
            id="another host",
        ),
        pytest.param("20.0.0", False, id="of the registry"),
    ],
)
def test_a_checkout_is_one_over_ssh_and_https(version: str, *, agree: bool) -> None:
    """Its hash is that of npm's own archive: one tree may have it, and the other none."""
    entry = {"version": "20.0.0", "resolved": f"git+https://{REPOSITORY}#{COMMITTED}"}
    lock = document(
        {"node_modules/ws": {**entry, "integrity": sri("ws")}},
        2,
        dependencies={"ws": {"version": version}},
    )
    assert (not list(npm.split_brain(read(lock)))) == agree


def test_a_file_with_one_tree_agrees_with_itself() -> None:
    assert list(npm.split_brain(read({"lockfileVersion": 1, "dependencies": {"a": {}}}))) == []
    assert list(npm.split_brain(read(document({})))) == []


# Bounded work


def test_a_tree_whose_paths_outgrow_the_file_is_refused() -> None:
    inner: Json = {}
    for _ in range(60):
        inner = {"a" * 200: {"version": "1.0.0", "dependencies": inner}}
    wide = {f"{name}{'x' * 200}": {"dependencies": inner} for name in "abcdefgh"}
    with pytest.raises(LockfileError, match="longer than the file"):
        read({"lockfileVersion": 1, "dependencies": wide})


def test_fifty_thousand_entries_are_read() -> None:
    packages = {f"node_modules/p{number}": {"version": "1.0.0"} for number in range(50_000)}
    assert len(read(document(packages)).packages) == 50_001


# Any bytes


@given(st.binary())
@settings(max_examples=50)
def test_any_bytes(data: bytes) -> None:
    outcome(lockfiles.read, "package-lock.json", data)


KEYS = st.sampled_from(
    [
        "",
        "node_modules/a",
        "node_modules/@s/b",
        "packages/x",
        "../y",
        "node_modules/a/node_modules/c",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.sampled_from(
        ["", "1.0.0", "npm:x@1", "file:lib", "a", "packages/x", "https://x.example/a/-/a-1.0.0.tgz"]
    )
)
FIELDS = st.sampled_from(
    [
        *("version", "resolved", "integrity", "link", "dev", "inBundle", "bundleDependencies"),
        *(
            "dependencies",
            "requires",
            "peerDependencies",
            "peerDependenciesMeta",
            "name",
            "bundled",
        ),
        *("optional", "os", "workspaces", "from"),
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(FIELDS | KEYS, inner, max_size=3),
    max_leaves=8,
)
ENTRIES = st.dictionaries(FIELDS, VALUES, max_size=4)
DOCUMENTS = st.fixed_dictionaries(
    {"lockfileVersion": SCALARS | st.sampled_from([1, 2, 3])},
    optional={
        "packages": st.dictionaries(KEYS, ENTRIES | SCALARS, max_size=5),
        "dependencies": st.dictionaries(st.sampled_from("abc"), ENTRIES | SCALARS, max_size=3),
        "requires": VALUES,
    },
)


@given(DOCUMENTS)
@settings(max_examples=300, deadline=None)
def test_any_document_is_a_lockfile_or_an_error_with_its_place(value: Json) -> None:
    data = json.dumps(value, indent=1).encode()
    found = outcome(lockfiles.read, "package-lock.json", data)
    if isinstance(found, LockwardError):
        return
    assert len(found.by_key) == len(found.packages)
    for package in found.packages:
        assert isinstance(package.version, str)
        assert package.resolved is None or isinstance(package.resolved, str)
        assert 1 <= found.line_of(package.key) <= data.count(b"\n") + 1
    list(npm.split_brain(found))


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_damage_to_a_real_lockfile(data: st.DataObject) -> None:
    """One slice of a real file replaced by another one, or by any bytes."""
    text = data.draw(st.sampled_from(REAL)).read_bytes()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 400)))
    other = data.draw(st.integers(0, len(text)))
    piece = data.draw(st.one_of(st.binary(max_size=8), st.just(text[other : other + 60])))
    outcome(lockfiles.read, "package-lock.json", text[:start] + piece + text[end:])
