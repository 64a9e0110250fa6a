"""Trailing commas at line ends are blanked, and nothing else moves."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockward.jsonc import without_trailing_commas


@pytest.mark.parametrize(
    ("data", "after"),
    [
        pytest.param(b'{\n"a": 1,\n}', b'{\n"a": 1 \n}', id="an object"),
        pytest.param(b"[\n1,\n]", b"[\n1 \n]", id="an array"),
        pytest.param(b'{\n"a": 1, \t\r\n\n  }', b'{\n"a": 1  \t\r\n\n  }', id="blanks around"),
        pytest.param(b'{\n"a": {\n"b": 1,\n},\n}', b'{\n"a": {\n"b": 1 \n} \n}', id="nested"),
        pytest.param(b'{\n"a": 1,\n"b": 2\n}', b'{\n"a": 1,\n"b": 2\n}', id="no trailing comma"),
        pytest.param(b'{"a": 1,}', b'{"a": 1,}', id="within a line it stays"),
        pytest.param(b'{\n"a": ",\n}', b'{\n"a": " \n}', id="a string that never ends"),
        pytest.param(b"}", b"}", id="nothing before the bracket"),
        pytest.param(b",\n}", b" \n}", id="a comma alone"),
        pytest.param(b"{\n,,\n}", b"{\n, \n}", id="only the last of two"),
        pytest.param(b"", b"", id="nothing"),
    ],
)
def test_commas(data: bytes, after: bytes) -> None:
    assert without_trailing_commas(data) == after


@given(st.binary())
def test_every_other_byte_keeps_its_place(data: bytes) -> None:
    after = without_trailing_commas(data)
    assert len(after) == len(data)
    assert all(old == new or (old, new) == (44, 32) for old, new in zip(data, after, strict=True))


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_is_left_alone(value: object) -> None:
    data = json.dumps(value, indent=2).encode()
    assert without_trailing_commas(data) == data
