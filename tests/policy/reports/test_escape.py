"""Foreign text cannot forge a line, move the cursor or hide what it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward.findings import Finding, LockfileVerdict
from lockward.reports import concise, text
from lockward.reports.escape import LONGEST, clip, escape, pair, sentence, value
from lockward.reports.summary import Style
from tests.policy.reports.findings import report


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("@acme/ui@1.0.0", "@acme/ui@1.0.0", id="a name stays as it is"),
        pytest.param("a\x1b[2Jb", "a\\x1b[2Jb", id="an escape sequence"),
        pytest.param("a\nlockward: passed", "a\\nlockward: passed", id="a newline"),
        pytest.param("a\r\tb", "a\\r\\tb", id="a return and a tab"),
        pytest.param("\x00\x7f\x9b", "\\x00\\x7f\\x9b", id="C0, DEL and C1"),
        pytest.param("a\u202eb\u2066", "a\\u202eb\\u2066", id="bidirectional overrides"),
        pytest.param("lo\u200bdash\ufeff", "lo\\u200bdash\\ufeff", id="zero width"),
        pytest.param("a\u3164b\ufe0f", "a\\u3164b\\ufe0f", id="invisible though printable"),
        pytest.param("a\u2028b\u00a0c", "a\\u2028b\\xa0c", id="line separator and hard blank"),
        pytest.param("\udcff", "\\xff", id="a byte that was not UTF-8"),
        pytest.param("\ud800", "\\ud800", id="half a character"),
        pytest.param("\U000e0041", "\\U000e0041", id="a tag character"),
        pytest.param("\u00e9t\u00e9/\u6771", "\u00e9t\u00e9/\u6771", id="letters of any script"),
    ],
)
def test_escape(given: str, expected: str) -> None:
    assert escape(given) == expected


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_what_is_escaped_is_one_printable_line(given: str) -> None:
    shown = escape(given)

    assert shown.isprintable()
    assert escape(shown) == shown


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        pytest.param("a", "b", ("a", "b"), id="short values are shown whole"),
        pytest.param(
            "x" * 100 + "A" + "y" * 100,
            "x" * 100 + "B" + "y" * 100,
            (
                "..." + "x" * 20 + "A" + "y" * 33 + "...",
                "..." + "x" * 20 + "B" + "y" * 33 + "...",
            ),
            id="a difference in the middle of long values stays in sight",
        ),
        pytest.param("x" * 100, "x" * 100, ("x" * 43 + "..." + "x" * 14,) * 2, id="equal values"),
    ],
)
def test_pair(was: str, now: str, expected: tuple[str, str]) -> None:
    assert pair(was, now) == expected
    assert all(len(shown) <= LONGEST for shown in pair(was, now))


@settings(max_examples=300, deadline=None)
@given(st.text("ab\n", max_size=300), st.text("ab\n", max_size=300))
def test_two_values_that_differ_are_shown_to_differ(was: str, now: str) -> None:
    left, right = pair(was, now, 30)

    assert (left == right) is (was == now)
    assert max(len(left), len(right)) <= 30


def test_long_words_are_cut_in_the_middle() -> None:
    assert clip("a" * 50 + "b" * 50) == "a" * 43 + "..." + "b" * 14
    assert len(value("\x1b" * 1_000_000)) == LONGEST
    assert value("a" * 1000 + "\x1b" * 1000).endswith("\\x1b")
    assert sentence(f"{'a' * 90}: is wrong") == f"{'a' * 43}...{'a' * 13}: is wrong"
    assert len(sentence("a " * 1_000_000)) == 400


EVIL = "x\x1b]0;y\x07\nlockward: passed\r\u202e::error::\x9b"


def evil(group: str) -> Finding:
    return Finding(
        rule="lockfile-tampered",
        severity="error",
        path=f"{EVIL}/package.json",
        line=1,
        package=EVIL,
        message=f"{EVIL}: wrong",
        subject=EVIL,
        was=EVIL,
        now=f"{EVIL}!",
        why=f"because {EVIL}",
        remedy=(f"rm {EVIL}",),
        group=group,
        row=(EVIL, EVIL) if group else (),
    )


@pytest.mark.parametrize("group", ["", f"{{n}} of {EVIL}"])
def test_hostile_text_forges_nothing(group: str) -> None:
    findings = (evil(group), evil(group))
    hostile = report(*findings, undecided=(EVIL,), examined={EVIL: 1})
    style = Style(source=lambda _: f'"{EVIL}"'.encode())

    for shown in (text.render(hostile, style), concise.render(hostile)):
        assert shown.replace("\n", "").isprintable()
        assert not any(line.startswith(("lockward: passed", "::")) for line in shown.splitlines())


def test_a_pass_with_a_hostile_path_is_one_line() -> None:
    passed = report(lockfiles=(LockfileVerdict(EVIL, "matched", (), (), ()),))

    assert text.render(passed).count("\n") == 1
    assert text.render(report(examined={EVIL: 1})).count("\n") == 1
