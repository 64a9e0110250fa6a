"""The trailer that gives a refresh its reason."""

from __future__ import annotations

import pytest

from lockward_hooks import trailers

SCISSORS = "# ------------------------ >8 ------------------------\n"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param("s\n\nLockfile-Refresh: monthly\n", "monthly", id="alone"),
        pytest.param(
            "s\n\nbody\n\nSigned-off-by: a\nlockfile-refresh:  x y \n", "x y", id="among others"
        ),
        pytest.param("s\r\n\r\nLockfile-Refresh: dos\r\n", "dos", id="DOS line ends"),
        pytest.param("s\n\nLockfile-Refresh: a\n\n\n", "a", id="empty lines at the end"),
        pytest.param("s\n\n\n\nLockfile-Refresh: a\n", "a", id="empty lines before"),
        pytest.param("s\n\nLockfile-Refresh:\n", "", id="no reason"),
        pytest.param("s\n\nLockfile-Refresh:   \n", "", id="blanks for a reason"),
        pytest.param("s\n\nLockfile-Refresh: a\n\nmore\n", "", id="not in the last paragraph"),
        pytest.param("Lockfile-Refresh: a\n", "", id="a subject is no trailer"),
        pytest.param("s\n\n# Lockfile-Refresh: a\n", "", id="a comment that was kept"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_reason(message: str, expected: str) -> None:
    assert trailers.reason(message) == expected


@pytest.mark.parametrize(
    ("message", "comment", "expected"),
    [
        pytest.param("s\n# c\nb\n", "#", "s\nb", id="comments go"),
        pytest.param(f"s\n{SCISSORS}diff\n", "#", "s", id="and all below the scissors"),
        pytest.param("s\n; c\n# kept\n", ";", "s\n# kept", id="another character"),
        pytest.param("s\n// c\n# kept\n", "//", "s\n# kept", id="a string"),
        pytest.param("s\n; c\n", "auto", "s", id="the one that git chose"),
        pytest.param("s\n# c\n", "", "s", id="the default"),
        pytest.param("s  \nb\t\n", "#", "s\nb", id="blanks at line ends go"),
    ],
)
def test_cleaned(message: str, comment: str, expected: str) -> None:
    assert trailers.cleaned(message, comment).strip("\n") == expected


def test_a_trailer_below_the_scissors_does_not_count() -> None:
    message = f"s\n\n{SCISSORS}+\n\nLockfile-Refresh: from the diff\n"

    assert trailers.reason(trailers.cleaned(message, "#")) == ""


def test_the_message_of_a_commit() -> None:
    raw = b"tree x\nauthor a\n\nsubject\n\nLockfile-Refresh: \xff\n"

    assert trailers.reason(trailers.message_of(raw)) == "\\xff"
