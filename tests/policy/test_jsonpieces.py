"""Reading piece by piece gives what reading as a whole gives: the same value, or the same error."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockward import jsonpieces, jsonread
from lockward.errors import LockfileError

ENTRY: Final = {"version": "1.0.0", "dependencies": {"b": "^1.0.0"}, "funding": ["x", {"u": 1}]}
LOCK: Final[dict[str, Any]] = {
    "name": "app",
    "lockfileVersion": 2,
    "packages": {"": {"name": "app"}, "node_modules/a": ENTRY, "node_modules/b": {"version": "1"}},
    "dependencies": {"a": {"version": "1.0.0", "requires": {"b": "^1.0.0"}}, "b": {"version": "1"}},
}
TEXT: Final = json.dumps(LOCK, indent=2) + "\n"
_KEY: Final = '    "node_modules/b": {'


def _said(read: Any, data: bytes) -> tuple[str, object]:  # noqa: ANN401 - either reader
    """Its value in its own order, or its error in words."""
    try:
        return "value", json.dumps(read("package-lock.json", data, LockfileError))
    except LockfileError as fault:
        return "error", (fault.message, fault.path, fault.line, fault.pointer)


def _compare(*texts: str | bytes) -> None:
    """Read one after the other, so that each finds the pieces of the last."""
    jsonpieces._KNOWN.clear()
    for text in texts:
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        wanted = _said(jsonread.read, data)
        assert _said(jsonpieces.read, data) == wanted
        assert _said(jsonpieces.read, data) == wanted  # its own pieces
        if wanted[0] == "value":
            for section in ("packages", "dependencies"):
                lines = jsonpieces.lines("package-lock.json", data, section)
                assert {key: lines[key] for key in lines} == jsonread.members(data, section)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TEXT, id="as npm writes it"),
        pytest.param(json.dumps(LOCK, indent=4), id="indented by four"),
        pytest.param(json.dumps(LOCK, indent="\t"), id="indented by tabs"),
        pytest.param(json.dumps(LOCK, indent=1), id="indented by one"),
        pytest.param(json.dumps(LOCK), id="on one line"),
        pytest.param(TEXT.replace("\n", "\r\n"), id="with CRLF"),
        pytest.param("\ufeff" + TEXT, id="behind a byte order mark"),
        pytest.param(json.dumps({"packages": {}}, indent=2), id="with nothing in it"),
        pytest.param(json.dumps({"packages": []}, indent=2), id="with a list"),
        pytest.param(TEXT.replace('"1.0.0"', '"1\\u002e0.0"'), id="with escapes in values"),
        pytest.param(TEXT.replace("node_modules/b", "node_modules\\/b"), id="with escapes in keys"),
        pytest.param(TEXT.replace(_KEY, f'    "node_modules/a": {{}},\n{_KEY}'), id="a key twice"),
        pytest.param(
            TEXT.replace(_KEY, f'    "node_modules/x": {{"v": 1, "v": 2}},\n{_KEY}'),
            id="a key twice in an entry",
        ),
        pytest.param(
            TEXT.replace(_KEY, f'    "node_modules\\u002fa": {{}},\n{_KEY}'),
            id="a key twice, once in escapes",
        ),
        pytest.param(
            TEXT.replace('"name": "app",\n  "lock', '"packages": {},\n  "lock'),
            id="a section twice",
        ),
        pytest.param(
            '{\n  "x": {\n  "packages": {\n    "a": {}\n  }\n  },\n  "packages": {}\n}\n',
            id="a section inside of another member, in its place by the looks of it",
        ),
        pytest.param(
            '{\n  "x": {\n  "packages": {\n    "a": {}\n  }\n  },\n  "packages": '
            '{"\\u007fmembers": 0}\n}\n',
            id="and the mark spelled in the real one",
        ),
        pytest.param(
            '{\n  "packages": {\n    "\x7fmembers": 0,\n    "a": {}\n  }\n}\n',
            id="the mark as a key",
        ),
        pytest.param(
            '{\n  "packages": {\n    "a": {"q": {\n    "b": {}\n    }},\n    "b": {}\n  }\n}\n',
            id="a member that only looks like one of the section's",
        ),
        pytest.param(
            '{\n  "packages": {\n    "a": {\n    "b": {}\n    },\n    "c": "}"\n  }\n}\n',
            id="braces in texts",
        ),
        pytest.param(TEXT.replace('"1.0.0"', "NaN"), id="no number"),
        pytest.param(TEXT.replace(",\n", "\n", 4), id="commas missing"),
        pytest.param(TEXT.replace("},\n", "},,\n", 1), id="a comma too many"),
        pytest.param(TEXT.replace("}\n  }", "},\n  }"), id="a comma behind the last"),
        pytest.param(TEXT[:-40], id="cut off"),
        pytest.param(TEXT + "x", id="something behind it"),
        pytest.param(TEXT.replace("node_modules/a", "node\tmodules/a"), id="a tab in a key"),
        pytest.param(TEXT.replace("node_modules/a", "__proto__"), id="__proto__ as a key"),
        pytest.param(TEXT.replace('"funding"', '"__proto__"'), id="__proto__ in an entry"),
        pytest.param(
            TEXT.replace('"dependencies": {\n    "a"', '"Packages": {\n    "a"'), id="twins"
        ),
        pytest.param(TEXT.replace("app", "a\0pp"), id="a NUL"),
        pytest.param(TEXT.encode().replace(b"app", b"\xff"), id="no UTF-8"),
        pytest.param(
            TEXT.replace('"1"', "[" * 126 + "]" * 126, 1), id="one level deeper than is read"
        ),
        pytest.param(TEXT.replace('"1"', "[" * 125 + "]" * 125, 1), id="as deep as is read"),
        pytest.param(
            f"<<<<<<< a\n{TEXT}=======\n>>>>>>> b\n", id="conflict markers around all of it"
        ),
        pytest.param(TEXT.replace(_KEY, f"<<<<<<< a\n{_KEY}"), id="a conflict marker in it"),
    ],
)
def test_every_text_is_read_as_a_whole_would_be(text: str | bytes) -> None:
    _compare(text)
    _compare(TEXT, text, TEXT)


_NAMES: Final = st.sampled_from(["", "a", "b", "node_modules/a", "é", "\x7fmembers", "__proto__"])
_VALUES: Final = st.recursive(
    st.sampled_from(["", "1.0.0", "}", "\\", '"', 1, None, True]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=6,
)
_DOCUMENTS: Final = st.dictionaries(
    st.sampled_from(["name", "packages", "dependencies", "x"]),
    st.dictionaries(_NAMES, _VALUES, max_size=4),
    max_size=4,
)
_PARTS: Final = st.sampled_from(
    ["", "\n", '\n    "', '\n  "packages": {', "\n  }", "},", "{", '"', "\\", ",", "a", '"a": {},']
)
_EDITS: Final = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 12), _PARTS), max_size=4)


@given(st.lists(st.tuples(_DOCUMENTS, _EDITS), min_size=1, max_size=3))
def test_edited_documents_one_after_the_other(states: list[tuple[Any, Any]]) -> None:
    texts = []
    for document, edits in states:
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        for at, length, put in edits:
            text = text[:at] + put + text[at + length :]
        texts.append(text)
    _compare(*texts)


def test_equal_members_are_the_very_same_value() -> None:
    jsonpieces._KNOWN.clear()
    one: Any = jsonpieces.read("package-lock.json", TEXT.encode(), LockfileError)
    edited = TEXT.replace('"version": "1"', '"version": "2"', 1).encode()
    two: Any = jsonpieces.read("package-lock.json", edited, LockfileError)
    assert two["packages"]["node_modules/a"] is one["packages"]["node_modules/a"]
    assert two["packages"]["node_modules/b"] is not one["packages"]["node_modules/b"]


def test_lines_one_by_one_and_all_at_once() -> None:
    entries = {f"node_modules/p{number}": ENTRY for number in range(40)}
    data = json.dumps({"packages": entries}, indent=2).encode()
    jsonpieces.read("package-lock.json", data, LockfileError)
    wanted = jsonread.members(data, "packages")
    found = jsonpieces.lines("package-lock.json", data, "packages")
    assert {key: found.get(key) for key in reversed(wanted)} == wanted
    assert (found.get("node_modules/none"), len(found)) == (1, len(wanted))
    assert "node_modules/none" not in found


@given(st.lists(st.integers(0, 6), max_size=8), st.lists(st.integers(0, 6), max_size=8))
def test_runs_of_members_that_move(before: list[int], after: list[int]) -> None:
    """Members that stay, go, come and change places, a long one among them."""
    long = {"version": "1.0.0", "x": ["y" * 40] * 40}
    values = [ENTRY, {"version": "1"}, {}, long, {**long, "z": 1}, {"a": {"b": {}}}, {"v": "}"}]
    texts = []
    for chosen in (before, after):
        members = {f"node_modules/p{number}": values[number] for number in chosen}
        both = {"name": "app", "packages": members, "dependencies": dict(reversed(members.items()))}
        texts.append(json.dumps(both, indent=2) + "\n")
    _compare(texts[0], texts[1], texts[0])
