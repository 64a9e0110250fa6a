"""JSON with one meaning only: what is read, what is refused and where, and where things stand."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from lockward import jsonread
from lockward.errors import LockfileError, LockwardError
from tests.support import interpreter
from tests.support.outcome import outcome


def read(data: bytes, max_depth: int = jsonread.MAX_DEPTH) -> object:
    return jsonread.read("a.json", data, LockfileError, max_depth)


def refusal(data: bytes, max_depth: int = jsonread.MAX_DEPTH) -> LockfileError:
    with pytest.raises(LockfileError) as caught:
        read(data, max_depth)
    return caught.value


@pytest.mark.parametrize(
    ("data", "value"),
    [
        pytest.param(b'{"a": [1, 2.5, true, null, "x"]}', {"a": [1, 2.5, True, None, "x"]}, id="a"),
        pytest.param(b'\xef\xbb\xbf{"a": 1}', {"a": 1}, id="a byte order mark, as npm allows"),
        pytest.param(b'\r\n\t {"a":1}\n ', {"a": 1}, id="blanks around"),
        pytest.param(b'"\\u00e9\\ud83d\\ude00"', "\u00e9\U0001f600", id="escapes"),
        pytest.param('"\u2028"'.encode(), "\u2028", id="a line separator in a string"),
        pytest.param(
            b'{"a": {"a": 1}, "b": {"a": 2}}', {"a": {"a": 1}, "b": {"a": 2}}, id="nested"
        ),
        pytest.param(b'{"x": {"packages": 1, "Packages": 2}}', None, id="case twins further down"),
        pytest.param(b'{"foo": 1, "Foo": 2}', {"foo": 1, "Foo": 2}, id="case twins nobody knows"),
        pytest.param(b'{"a": "<<<<<<<"}', {"a": "<<<<<<<"}, id="one fence alone is text"),
        pytest.param(b'{"a\\"": 1, "a": 2}', {'a"': 1, "a": 2}, id="keys with quotes in them"),
        pytest.param(b"[]", [], id="an array"),
        pytest.param(b"1", 1, id="a bare number"),
    ],
)
def test_what_is_json_is_read(data: bytes, value: object) -> None:
    assert read(data) == (value if value is not None else json.loads(data))


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        pytest.param(b"", 1, "is empty", id="nothing"),
        pytest.param(b" \n\n", 3, "is empty", id="blanks only"),
        pytest.param(b'{\n"a": 1', 2, "ends where a comma", id="cut behind a value"),
        pytest.param(b'{\n"a":', 2, "ends where a value", id="cut before a value"),
        pytest.param(b'{\n"a', 2, "unterminated string", id="cut inside a key"),
        pytest.param(b'{"a": "x', 1, "unterminated string", id="cut inside a string"),
        pytest.param(b'{"a": 1,\n}', 2, "a comma stands before }", id="a trailing comma"),
        pytest.param(b"[1,\n]", 2, "a comma stands before ]", id="a trailing comma in an array"),
        pytest.param(b'{\n// x\n"a": 1}', 2, "a comment", id="a comment"),
        pytest.param(b"{a: 1}", 1, "has 'a' where a key", id="a key without quotes"),
        pytest.param(b"{'a': 1}", 1, "where a key in double quotes", id="a key in single quotes"),
        pytest.param(b'{"a" 1}', 1, "where a colon", id="no colon"),
        pytest.param(b'{"a": 1 "b": 2}', 1, "where a comma", id="no comma"),
        pytest.param(b'{"a": 1}\n{"b": 2}', 2, "more follows", id="two documents"),
        pytest.param(b'{"a": NaN}', 1, "NaN is not JSON", id="NaN"),
        pytest.param(b'{"a": -Infinity}', 1, "-Infinity is not JSON", id="infinity"),
        pytest.param(b'{"a": 01}', 1, "where a comma", id="a leading zero"),
        pytest.param(b'{"a": "\t"}', 1, "control character", id="a raw tab in a string"),
        pytest.param(b'{"a": "\\x"}', 1, "escape", id="an escape that is none"),
        pytest.param(b'{"a": "\n"}', 1, "control character", id="a raw line break in a string"),
        pytest.param(b'{"a": tru}', 1, "has 't' where a value", id="a word that is none"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", 1, "a number that is too long", id="digits"),
        pytest.param(b'{\n"a": 1,\n"b": 2,\n"a": 1}', 4, '"a" is there twice', id="twice"),
        pytest.param(b'{"x": [{"a": 1, "a": 1}]}', 1, "first on line 1", id="twice further down"),
        pytest.param(b'{"a": 1, "\\u0061": 2}', 1, '"a" is there twice', id="twice by an escape"),
        pytest.param(
            b'{"b": "\\n", "a": 1, "a": 2}', 1, '"a" is there', id="twice, escapes around"
        ),
        pytest.param(b'{"__proto__": {}}', 1, "__proto__", id="a prototype"),
        pytest.param(b'{"a": [{"__proto__": 1}]}', 1, "__proto__", id="a prototype further down"),
        pytest.param(b'{"\\u005f_proto__": 1}', 1, "__proto__", id="a prototype by an escape"),
        pytest.param(b'{"packages": 1,\n"Packages": 2}', 2, "its case only", id="case twins"),
        pytest.param(b'{"a": "\xff"}', 1, "not valid UTF-8", id="a byte that is no UTF-8"),
        pytest.param(b'\xef\xbb\xbf{\n"a": "\xff"}', 2, "not valid UTF-8", id="behind a mark"),
        pytest.param(b'{"a": "\xed\xa0\x80"}', 1, "not valid UTF-8", id="a surrogate as UTF-8"),
        pytest.param('{"a": 1}'.encode("utf-16"), 1, "UTF-16", id="UTF-16"),
        pytest.param(b'{"a": 1}\n\0', 2, "NUL", id="a NUL byte"),
        pytest.param(b'\xef\xbb\xbf\xef\xbb\xbf{"a": 1}', 1, "where a value", id="two marks"),
        pytest.param(
            b'{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> x\n}',
            *(2, "merge-conflict markers"),
            id="a merge conflict",
        ),
        pytest.param(b'{\n"a": 1\n=======\n}', 3, "a merge-conflict marker", id="half of one"),
    ],
)
def test_what_has_no_meaning_or_two_is_refused(data: bytes, line: int, words: str) -> None:
    fault = refusal(data)
    assert words.lower() in fault.message.lower()
    assert (fault.path, fault.line) == ("a.json", line)


def test_comments_of_a_package_json_may_be_repeated() -> None:
    """The key // is kept for them by npm; getsentry/sentry-javascript has several in one object."""
    data = b'{"//": "a", "a": {"//": "b", "//": "c", "//": "d"}, "//": "\\n"}'
    found = jsonread.read("a.json", data, LockfileError, comments=True)
    assert found == json.loads(data)
    assert '"//" is there twice' in refusal(data).message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b'{"//": {}, "//": "b"}', '"//" is there twice', id="the first is no text"),
        pytest.param(b'{"//": "b", "//": {}}', '"//" is there twice', id="the second is no text"),
        pytest.param(b'{"//": "", "//": "", "a": 1, "a": 2}', '"a" is', id="another key besides"),
        pytest.param(b'{"//": "", "//": "", "__proto__": 1}', "__proto__", id="a prototype"),
        pytest.param(b'{"//": "", "//": "", "a": NaN}', "NaN", id="no JSON"),
        pytest.param(b'{"//": "", "//": "", "name": 1, "Name": 2}', "case only", id="case twins"),
        pytest.param(
            b'{"//": "", "//": "", "a": ' + b"[" * 200 + b"]" * 200 + b"}",
            "nests deeper",
            id="depth",
        ),
    ],
)
def test_nothing_else_may_be_repeated_beside_comments(data: bytes, words: str) -> None:
    with pytest.raises(LockfileError) as caught:
        jsonread.read("a.json", data, LockfileError, comments=True)
    assert words in caught.value.message


def test_the_pointer_leads_to_the_place() -> None:
    fault = refusal(b'{"packages": {"": {}, "node_modules/a": {"v": 1, "v": 2}}}')
    assert fault.pointer == "/packages/node_modules~1a/v"


def test_a_long_key_is_cut_in_a_message() -> None:
    key = "a" * 10_000
    fault = refusal(f'{{"{key}": 1, "{key}": 2}}'.encode())
    assert len(fault.message) < 200
    assert "aaa...aaa" in fault.message


@pytest.mark.parametrize("opener", ["[", '{"a":'])
def test_depth_is_bounded(opener: str) -> None:
    closer = "]" if opener == "[" else "}"
    assert read((opener * 5 + "1" + closer * 5).encode(), max_depth=5) is not None
    assert "deeper than 5" in refusal((opener * 6 + "1" + closer * 6).encode(), 5).message
    assert "deeper than 128" in refusal(opener.encode() * 100_000).message


def test_a_text_that_repeats_one_key_a_hundred_thousand_times_is_refused_quickly() -> None:
    assert refusal(b"{" + b'"a": 1,' * 100_000 + b'"a": 1}').line == 1


def test_nothing_is_imported_to_read() -> None:
    watched = ["json", "re", "json.decoder"]
    assert interpreter.loaded(["lockward.jsonread"], watched) == []


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=25,
)


def _twins(value: object) -> bool:
    names = [name.lower() for name in value] if isinstance(value, dict) else []
    return len(names) != len(set(names))


@given(JSON)
def test_whatever_json_writes_is_read_back(value: object) -> None:
    text = json.dumps(value)
    assume("__proto__" not in text and not _twins(value))
    assert read(text.encode()) == value


BITS = (
    *("{", "}", "[", "]", ",", ":", '"', "\\", '"a"', '"b"', "1", "-", "e", ".", "null", " ", "\n"),
    *("\\u0061", "\\ud83d", "\ufeff", "\u00e9", "\0", "//", "NaN", "<<<<<<<", "=======", ">>>>>>>"),
)


@given(st.one_of(st.binary(), st.lists(st.sampled_from(BITS)).map("".join).map(str.encode)))
@example(b"\x00")
def test_any_bytes_give_a_value_or_an_error_with_its_line(data: bytes) -> None:
    value = outcome(lambda path, data: jsonread.read(path, data, LockfileError), "a.json", data)
    if not isinstance(value, LockwardError):
        assert value == json.loads(data.decode("utf-8-sig"))


# Where things stand

DOCUMENT = b"""{
  "a": 1,
  "b": {
    "c/d~e": [
      {"x": 1},
      2
    ],
    "f": {}
  }
}
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        pytest.param((), 1, id="the document"),
        pytest.param(("a",), 2, id="a member"),
        pytest.param(("b", "c/d~e"), 4, id="a key with odd characters"),
        pytest.param(("b", "c/d~e", 1), 6, id="an item of an array"),
        pytest.param(("b", "c/d~e", 0, "x"), 5, id="below an item"),
        pytest.param(("b", "nothing"), 3, id="as far as it exists"),
        pytest.param(("nothing",), 1, id="what does not exist"),
        pytest.param(("a", "x"), 2, id="below what is no container"),
    ],
)
def test_locate(keys: tuple[str | int, ...], line: int) -> None:
    assert jsonread.locate(DOCUMENT, keys) == line


def test_locate_before_a_fault() -> None:
    assert jsonread.locate(b'{"a": 1,\n"b": {"c": oops', ("b", "c")) == 2
    assert jsonread.locate(b'{"a": 1,\n"b": ,', ("b", "c")) == 2
    assert jsonread.locate(b'{"a": oops,\n"b": 1}', ("b",)) == 1


def test_members_of_an_object() -> None:
    assert jsonread.members(DOCUMENT, "b") == {"c/d~e": 4, "f": 8}
    assert jsonread.members(DOCUMENT, "nothing") == {}
    assert jsonread.members(DOCUMENT, "a") == {}
    assert jsonread.members(b'{"a": 1,\n"b": oops') == {"a": 1, "b": 2}


def test_lines_of_every_member_down_to_a_depth() -> None:
    lines = jsonread.lines(DOCUMENT, 2)
    assert {pointer: lines[pointer] for pointer in lines} == {
        "/a": 2,
        "/b": 3,
        "/b/c~1d~0e": 4,
        "/b/f": 8,
    }
    assert len(lines) == 4
    assert lines.get("/b/c~1d~0e/0") == 1
    assert "/b" in lines
    assert "/z" not in lines
    deep = jsonread.lines(DOCUMENT, 9)
    assert deep["/b/c~1d~0e/0/x"] == 5
    assert len(jsonread.lines(b"[1", 3)) == 1
    assert len(jsonread.lines(b"7", 3)) == 0


@given(JSON)
def test_lines_and_locate_agree(value: object) -> None:
    data = json.dumps(value, indent=1).encode()
    lines = jsonread.lines(data, 3)
    for pointer in lines:
        keys = [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]
        found: object = value
        typed: list[str | int] = []
        for key in keys:
            typed.append(int(key) if isinstance(found, list) else key)
            found = found[typed[-1]]  # type: ignore[index]  # a container: it has members
        assert jsonread.locate(data, tuple(typed)) == lines[pointer]
