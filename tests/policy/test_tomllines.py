"""Where the keys of a TOML text stand."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward.tomllines import places

TEXT = '''# a comment = "with a key"
top = [ # [not.a.table]
  "a", # "
  "]",
]
text = """
[no.table]
no-key = 1
a \\"""quoted\\""" end"""
path = \'\'\'C:\\'\'\'
"quoted.key".inner = 1
[ a . "b" ]
k = { in.line = 1 }
[[list]]
x = 1
[list.sub]
y = 2
[[list]]
x = 3
[list.sub]
y = 4
'''


@pytest.mark.parametrize(
    ("place", "line"),
    [
        pytest.param(("top",), 2, id="a key at the top"),
        pytest.param(("text",), 6, id="a key below an array of lines"),
        pytest.param(("path",), 10, id="a key below a multi-line string"),
        pytest.param(("quoted.key",), 11, id="a quoted part"),
        pytest.param(("quoted.key", "inner"), 11, id="a dotted key"),
        pytest.param(("a", "b"), 12, id="a header with blanks and quotes"),
        pytest.param(("a", "b", "k"), 13, id="a key in a table"),
        pytest.param(("list",), 14, id="an array of tables, where it begins"),
        pytest.param(("list", 0), 14, id="its first table"),
        pytest.param(("list", 1), 18, id="its second table"),
        pytest.param(("list", 0, "sub", "y"), 17, id="a table inside the first"),
        pytest.param(("list", 1, "sub", "y"), 21, id="a table inside the second"),
        pytest.param(("no", "table"), None, id="text in a string is no table"),
    ],
)
def test_places(place: tuple[str | int, ...], line: int | None) -> None:
    tomllib.loads(TEXT)

    assert places(TEXT).get(place) == line
    assert places(TEXT.replace("\n", "\r\n")).get(place) == line


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="[]{}=\"'.,#\n\\ ab1", max_size=60))
def test_any_text_is_scanned_to_its_end(text: str) -> None:
    lines = text.count("\n") + 1

    assert all(1 <= line <= lines for line in places(text).values())
