"""The nearest known word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward.nearest import distance, hint, nearest

KNOWN = ("refresh", "refresh-alongside", "max-bytes", "warning")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("refesh", "refresh", id="a letter lost"),
        pytest.param("refrehs", "refresh", id="two letters swapped"),
        pytest.param("Max_Bytes", "max-bytes", id="case and underscore count as nothing"),
        pytest.param("warn", "warning", id="the beginning of one word"),
        pytest.param("ref", "", id="the beginning of two words"),
        pytest.param("wa", "", id="two letters are the beginning of nothing"),
        pytest.param("policy", "", id="nothing near"),
        pytest.param("", "", id="no word"),
        pytest.param("x" * 100_000, "", id="a hostile word"),
    ],
)
def test_nearest(word: str, expected: str) -> None:
    assert nearest(word, KNOWN) == expected


def test_hint() -> None:
    assert hint("refesh", KNOWN) == 'did you mean "refresh"?'
    assert hint("zoo", ("b", "a")) == "known: a, b"
    assert hint("zoo", list("abcdefghij")) == "known: a, b, c, d, e, f, g, h, 2 more"


@settings(max_examples=100, deadline=None)
@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_distance_is_symmetric_and_bounded(left: str, right: str) -> None:
    edits = distance(left, right)

    assert edits == distance(right, left)
    assert (edits == 0) is (left == right)
    assert abs(len(left) - len(right)) <= edits <= max(len(left), len(right))
