"""package.json as npm takes it: its sections, and what npm stops at."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockward import manifest
from lockward.errors import LockwardError, ManifestError
from lockward.model import SECTIONS, Manifest
from tests.support.outcome import outcome


def read(document: object) -> Manifest:
    return manifest.read("package.json", json.dumps(document, indent=1).encode())


@pytest.mark.parametrize(
    ("document", "field", "value"),
    [
        pytest.param({"name": "a"}, "name", "a", id="a name"),
        pytest.param({"name": ""}, "name", None, id="an empty name is none"),
        pytest.param({"name": None}, "name", None, id="a null name is none"),
        pytest.param({"version": 0}, "version", None, id="a version of zero is none"),
        pytest.param({"private": "yes"}, "private", True, id="what JavaScript takes for true"),
        pytest.param({"private": []}, "private", True, id="an empty list is true in JavaScript"),
        pytest.param({"private": ""}, "private", False, id="an empty string is not"),
        pytest.param({}, "workspaces", (), id="no workspaces"),
        pytest.param({"workspaces": ["a", "b/*"]}, "workspaces", ("a", "b/*"), id="workspaces"),
        pytest.param({"workspaces": {"packages": ["a"]}}, "workspaces", ("a",), id="Yarn's form"),
        pytest.param(
            {"workspaces": {"nohoist": ["a"]}}, "workspaces", (), id="Yarn's, no packages"
        ),
        pytest.param({"overrides": None}, "overrides", {}, id="null overrides are none"),
        pytest.param(
            {"overrides": {"a": {".": "1", "b": "2"}}},
            *("overrides", {"a": {".": "1", "b": "2"}}),
            id="overrides, nested",
        ),
        pytest.param(
            {"bundleDependencies": ["a", 1]}, "bundled", frozenset({"a"}), id="a list bundles"
        ),
        pytest.param(
            {"bundledDependencies": ["a"]}, "bundled", frozenset({"a"}), id="the other spelling"
        ),
        pytest.param(
            {"bundleDependencies": [], "bundledDependencies": ["a"]},
            *("bundled", frozenset()),
            id="the first spelling wins",
        ),
        pytest.param(
            {"bundleDependencies": True, "dependencies": {"a": "1"}},
            *("bundled", frozenset({"a"})),
            id="true bundles every dependency",
        ),
        pytest.param(
            {"bundleDependencies": {"a": "1"}}, "bundled", frozenset({"a"}), id="an object's keys"
        ),
        pytest.param({"bundleDependencies": "a"}, "bundled", frozenset(), id="a string does not"),
        pytest.param(
            {"peerDependenciesMeta": {"a": {"optional": True}, "b": {"optional": 0}, "c": 1}},
            *("peer_optional", frozenset({"a"})),
            id="optional peers",
        ),
        pytest.param(
            {"peerDependenciesMeta": []}, "peer_optional", frozenset(), id="no peers' meta"
        ),
    ],
)
def test_a_field(document: dict[str, Any], field: str, value: object) -> None:
    assert getattr(read(document), field) == value


def test_sections_are_as_written() -> None:
    found = read({section: {section[:3]: "^1"} for section in SECTIONS})
    assert found.sections == {section: {section[:3]: "^1"} for section in SECTIONS}


def test_an_optional_dependency_hides_its_twin_in_dependencies() -> None:
    found = read({"dependencies": {"a": "1", "b": "1"}, "optionalDependencies": {"a": "2"}})
    assert found.sections["dependencies"] == {"b": "1"}
    assert found.raw["dependencies"] == {"a": "1", "b": "1"}, "raw stays as written"


@pytest.mark.parametrize("nothing", [None, False, 0, "", [], {}])
@pytest.mark.parametrize("section", SECTIONS)
def test_what_javascript_takes_for_nothing_is_no_section(section: str, nothing: object) -> None:
    assert read({section: nothing}).sections[section] == {}


@pytest.mark.parametrize(
    ("document", "line", "pointer", "words"),
    [
        pytest.param([], 1, "", "no JSON object", id="an array"),
        pytest.param({"name": 1}, 2, "/name", '"name" is not a string', id="a name of a number"),
        pytest.param({"version": ["1"]}, 2, "/version", "not a string", id="a version of a list"),
        pytest.param({"dependencies": ["a"]}, 2, "/dependencies", "not an object", id="a list"),
        pytest.param({"dependencies": "a"}, 2, "/dependencies", "not an object", id="a string"),
        pytest.param(
            {"name": "x", "dependencies": {"a": "1", "b": None}},
            *(5, "/dependencies/b", '"b" is not a string'),
            id="a spec of null",
        ),
        pytest.param(
            {"peerDependencies": {"a/b": {}}},
            *(3, "/peerDependencies/a~1b", "not a string"),
            id="a spec of an object",
        ),
        pytest.param(
            {"acceptDependencies": {"a": 1}}, 3, "/acceptDependencies/a", "string", id="accepted"
        ),
        pytest.param({"overrides": "x"}, 2, "/overrides", "not an object", id="overrides of text"),
        pytest.param(
            {"overrides": {"a": {"b": 1}}},
            *(4, "/overrides/a/b", "neither a string nor an object"),
            id="an override of a number",
        ),
        pytest.param({"workspaces": "a"}, 2, "/workspaces", "not a list", id="workspaces of text"),
        pytest.param({"workspaces": None}, 2, "/workspaces", "not a list", id="null workspaces"),
        pytest.param(
            {"workspaces": {"packages": "a"}}, 3, "/workspaces/packages", "list", id="Yarn's form"
        ),
        pytest.param(
            {"workspaces": ["a", 1]}, 4, "/workspaces/1", "not a string", id="a glob of 1"
        ),
    ],
)
def test_what_npm_stops_at(document: object, line: int, pointer: str, words: str) -> None:
    with pytest.raises(ManifestError, match=words) as caught:
        read(document)
    fault = caught.value
    assert (fault.path, fault.line, fault.pointer) == ("package.json", line, pointer)


def test_a_fault_of_json_names_its_line() -> None:
    with pytest.raises(ManifestError) as caught:
        manifest.read("app/package.json", b'{"name": "a",\n"name": "b"}')
    assert str(caught.value) == 'app/package.json:2: "name" is there twice (first on line 1)'


def test_lines_of_requirements() -> None:
    found = read({"name": "a", "dependencies": {"b": "1", "c": "2"}})
    assert manifest.line_of(found, "dependencies") == 3
    assert manifest.line_of(found, "dependencies", "c") == 5
    assert manifest.line_of(found, "dependencies", "x") == 3
    assert manifest.line_of(found, "devDependencies", "x") == 1


FIELDS = (
    *SECTIONS,
    *("name", "version", "private", "workspaces", "overrides", "bundleDependencies"),
    *("peerDependenciesMeta", "acceptDependencies"),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "packages", "optional", "."]), inner)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(FIELDS), VALUES))
def test_any_object_is_a_manifest_or_an_error_with_its_line(document: dict[str, Any]) -> None:
    found = outcome(manifest.read, "package.json", json.dumps(document, indent=1).encode())
    if isinstance(found, LockwardError):
        assert found.pointer.startswith("/")
    else:
        texts = (specs.values() for specs in found.sections.values())
        assert all(isinstance(text, str) for text in itertools.chain.from_iterable(texts))


@given(st.binary())
def test_any_bytes_are_a_manifest_or_an_error_with_its_line(data: bytes) -> None:
    outcome(manifest.read, "p", data)
