"""lockward.semver: node-semver's answers, its bounds, and no exception ever."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward import semver
from lockward.semver import intersection
from lockward.semver.ranges import MAX_RANGE

DATA = Path(__file__).parents[1] / "data" / "semver"
MAX_SAFE = 2**53 - 1


def table(name: str) -> list[Any]:
    """The rows of a table in tests/data/semver, each named after what it asks."""
    rows = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    return [
        pytest.param(*row, id=f"{at} {row[0][:30]!r} {row[1]!r:.30}") for at, row in enumerate(rows)
    ]


@pytest.mark.parametrize(("wanted", "version", "options"), table("range-include"))
def test_a_range_holds_what_node_semver_says(
    wanted: str, version: str, options: dict[str, bool]
) -> None:
    assert semver.satisfies(version, wanted, **options)


@pytest.mark.parametrize(("wanted", "version", "options"), table("range-exclude"))
def test_a_range_leaves_out_what_node_semver_says(
    wanted: str, version: str, options: dict[str, bool]
) -> None:
    assert not semver.satisfies(version, wanted, **options)


@pytest.mark.parametrize(("wanted", "canonical", "options"), table("range-parse"))
def test_a_range_has_node_semvers_canonical_text(
    wanted: str, canonical: str | None, options: dict[str, bool]
) -> None:
    assert semver.valid_range(wanted, **options) == canonical


@pytest.mark.parametrize(
    ("a", "b", "expected", "options"),
    table("range-intersection") + table("comparator-intersection"),
)
def test_ranges_intersect_where_node_semver_says(
    a: str,
    b: str,
    expected: bool,  # noqa: FBT001 - a column of the table
    options: dict[str, bool],
) -> None:
    assert semver.intersects(a, b, **options) is expected
    assert semver.intersects(b, a, **options) is expected


@pytest.mark.parametrize(("higher", "lower", "options"), table("comparisons"))
def test_versions_stand_in_order(higher: str, lower: str, options: dict[str, bool]) -> None:
    assert semver.compare(higher, lower, **options) == 1
    assert semver.compare(lower, higher, **options) == -1
    assert semver.satisfies(higher, f">{lower}", include_prerelease=True, **options)


@pytest.mark.parametrize(("a", "b", "options"), table("equality"))
def test_versions_are_equal(a: str, b: str, options: dict[str, bool]) -> None:
    assert semver.compare(a, b, **options) == 0
    assert semver.valid(a, **options) == semver.valid(b, **options)


@pytest.mark.parametrize(("version", "canonical"), table("valid-versions"))
def test_a_version_has_a_canonical_text(version: str, canonical: str) -> None:
    assert semver.valid(version) == canonical


@pytest.mark.parametrize(("text", "why", "options"), table("invalid-versions"))
def test_other_text_is_no_version(text: str, why: str, options: dict[str, bool]) -> None:
    assert semver.valid(text, **options) is None, why
    assert not semver.satisfies(text, "*", **options)
    with pytest.raises(ValueError, match="not a version"):
        semver.compare(text, "1.0.0", **options)
    with pytest.raises(ValueError, match="not a version"):
        semver.compare("1.0.0", text, **options)


# What a reader of the grammar would not expect; the differential test holds them too.
@pytest.mark.parametrize(
    ("wanted", "canonical", "loose"),
    [
        pytest.param("*1.2.3", "1.2.3", False, id="a star before a version goes away"),
        pytest.param("1.2.3*", "1.2.3", False, id="and so does one behind it"),
        pytest.param("1.2.34.5", "1.2.3-4.5", True, id="a fourth number splits the third"),
        pytest.param("1.2.3.4", None, True, id="unless there is nothing left to split"),
        pytest.param("1.2.3-", "1.2.3--", True, id="a lone hyphen is a prerelease"),
        pytest.param("foo *", "*", True, id="loose reading skips words"),
        pytest.param("foo * bar", None, True, id="but not around a star"),
        pytest.param("~ > 1.2", ">=1.2.0 <1.3.0-0", False, id="a space inside the sign ~>"),
        pytest.param("~> 1.2", ">=1.2.0 <1.3.0-0", False, id="a space may follow ~>"),
        pytest.param("> =1.2.3", ">=1.2.3", False, id="a space inside the sign >="),
        pytest.param("==1.2.3", None, False, id="two equals signs"),
        pytest.param("==1.x", ">=1.0.0 <2.0.0-0", False, id="two equals signs before an x"),
        pytest.param("x.1", None, False, id="a number behind an x"),
        pytest.param("1.x.3", None, False, id="an x between numbers"),
        pytest.param(">x", "<0.0.0-0", False, id="nothing is above everything"),
        pytest.param(">x || 1.0.0", "1.0.0", False, id="what holds nothing is left out"),
        pytest.param("1 || *", "*", False, id="what holds everything is all there is"),
        pytest.param("1.2.3 +b", "1.2.3", False, id="build metadata apart from its version"),
        pytest.param("1.2.3+a+b", "1.2.3", False, id="build metadata twice"),
        pytest.param("1.2.3\u00a0||\ufeff2.0.0", "1.2.3||2.0.0", False, id="JavaScript's spaces"),
        pytest.param("1.2.3\x1f", None, False, id="what only Python takes for a space"),
        pytest.param("1.2.\u0663", None, False, id="digits of another script"),
        pytest.param(f"^{MAX_SAFE}.0.0", None, False, id="a bound beyond the safe integers"),
        pytest.param(
            "<=1.2345678901234567890123.x", "<1.2.345678901234568-e", True, id="an exponent"
        ),
        pytest.param("1.x-a", None, False, id="a prerelease behind a missing number"),
        pytest.param("1.2.x-a", ">=1.2.0 <1.3.0-0", False, id="a prerelease behind an x"),
        pytest.param("1.2.xa", ">=1.2.0 <1.3.0-0", True, id="one without its hyphen, loosely"),
        pytest.param("1.2.x+", None, True, id="a lone plus sign behind an x"),
        pytest.param("x - 1.2.3", "<=1.2.3", False, id="a hyphen range from anything"),
        pytest.param("1.2.3 - x", ">=1.2.3", False, id="a hyphen range to anything"),
        pytest.param("1.2.3 - 1.y", None, False, id="a hyphen range to no version"),
        pytest.param("> 1.2.3-a.0. > 1", None, False, id="spaces behind an empty identifier"),
        pytest.param("> 1.2.3-- > 1", ">1.2.3-- >=2.0.0", False, id="a prerelease of a hyphen"),
        pytest.param("> 1.2.- > 1", None, False, id="spaces behind an empty number"),
    ],
)
def test_the_odd_corners_of_ranges(wanted: str, canonical: str | None, loose: bool) -> None:  # noqa: FBT001 - a column of the table
    assert semver.valid_range(wanted, loose=loose) == canonical


@pytest.mark.parametrize(
    ("a", "b", "order"),
    [
        pytest.param("1.0.0-9007199254740992", "1.0.0-9007199254740993", 0, id="one double"),
        pytest.param("1.0.0-9007199254740992.1", "1.0.0-9007199254740993.2", 0, id="and no more"),
        pytest.param("1.0.0-9007199254740992.1", "1.0.0-9007199254740992.2", -1, id="same text"),
        pytest.param("1.0.0-9007199254740994", "1.0.0-9007199254740992", 1, id="two doubles"),
        pytest.param("1.0.0-9007199254740994", "1.0.0-9007199254740994.0", -1, id="one is longer"),
        pytest.param("1.0.0-9007199254740992", "1.0.0-5", 1, id="against a small number"),
        pytest.param("1.0.0-9007199254740992", "1.0.0-a", -1, id="against a word"),
    ],
)
def test_vast_identifiers_compare_as_doubles(a: str, b: str, order: int) -> None:
    assert semver.compare(a, b) == order
    assert semver.compare(b, a) == -order


# One row per shape that the fast path reads, so that it and the full parser agree.
@pytest.mark.parametrize(
    "version", ["0.0.0", "0.0.3", "0.2.3", "1.2.3", "1.2.100", "2.0.0", "1.3.0"]
)
@pytest.mark.parametrize(
    "wanted",
    [
        *("^0.0.3", "^0.2.3", "^1.2.3", "~1.2.3", "~0.0.3", "1.2.3", "*", ">=1.2.3", "^1.2.100"),
        *("^0.0.3||2.0.0", "^1.2.3 || ~0.2.3 || *"),
    ],
)
def test_the_fast_path_answers_as_the_full_parser(version: str, wanted: str) -> None:
    full = " " + wanted.replace("||", " || ") + "  "  # the spaces send it past the fast path

    assert semver.satisfies(version, wanted) is semver.satisfies(version, full)
    assert semver.satisfies(version, wanted, loose=True) is semver.satisfies(version, full)
    assert not semver.satisfies(f"{version}-x", wanted)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        pytest.param("^1.2.3", True, id="a caret"),
        pytest.param("~10.200.3", True, id="a tilde and a large number"),
        pytest.param("*", True, id="a star"),
        pytest.param("^1.2.3-beta", False, id="a prerelease"),
        pytest.param("^01.2.3", False, id="a leading zero"),
        pytest.param("^1.2", False, id="a missing number"),
        pytest.param("^1.2.9007199254740993", False, id="a vast number"),
        pytest.param("1.2.3", False, id="a version"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_plain_ranges_are_known_at_a_glance(text: str, plain: bool) -> None:  # noqa: FBT001 - a column of the table
    assert semver.is_plain_range(text) is plain


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("v" * MAX_RANGE, id="a run of v"),
        pytest.param("= " * (MAX_RANGE // 2), id="signs and spaces"),
        pytest.param("<" * MAX_RANGE, id="a run of signs"),
        pytest.param(" 1" * (MAX_RANGE // 2), id="many comparators"),
        pytest.param("1||" * (MAX_RANGE // 3), id="many alternatives"),
        pytest.param("||" * (MAX_RANGE // 2), id="only bars"),
        pytest.param("~ " * (MAX_RANGE // 2), id="only tildes"),
        pytest.param("+a" * (MAX_RANGE // 2), id="only build metadata"),
        pytest.param("+" + "a." * (MAX_RANGE // 2 - 1), id="one long build metadata"),
        pytest.param("1.2.3-" + "1" * (MAX_RANGE - 6), id="a long number"),
        pytest.param("1.2.3-" + "a." * (MAX_RANGE // 2 - 6), id="a long prerelease"),
        pytest.param("> 1.2.3-0.0 " * (MAX_RANGE // 12), id="many spaces to trim"),
        pytest.param("1." * (MAX_RANGE // 2), id="dots"),
    ],
)
def test_a_long_range_takes_a_moment_only(text: str) -> None:
    started = time.process_time()

    semver.valid_range(text)
    semver.valid_range(text, loose=True, include_prerelease=True)
    semver.satisfies("1.2.3-beta", text)

    assert time.process_time() - started < 5  # measured: 0.01 to 0.8; quadratic time: minutes


def test_a_longer_range_is_invalid() -> None:
    longest = "1 ||" + " " * (MAX_RANGE - 5) + "1"

    assert semver.satisfies("1.0.0", longest)
    assert not semver.satisfies("1.0.0", longest + " ")
    assert semver.valid_range(longest + " ") is None


def test_two_long_ranges_are_not_compared_for_hours() -> None:
    low = "||".join([f"1.{n}.0" for n in range(400)])
    high = "||".join([f"2.{n}.0" for n in range(400)])

    assert len(low.split("||")) * len(high.split("||")) > intersection.MOST_COMPARISONS
    assert not semver.intersects(low, high)
    assert semver.intersects(low, f"1.7.0||{high}")


def test_a_version_of_256_characters_is_the_longest() -> None:
    longest = "1.0.0-" + "a" * 250

    assert semver.valid(longest) == longest
    assert semver.valid(longest + "a") is None
    assert semver.satisfies(longest, ">=1.0.0-a", include_prerelease=True)
    assert not semver.satisfies(longest + "a", ">=1.0.0-a", include_prerelease=True)


def test_an_invalid_range_intersects_nothing() -> None:
    assert not semver.intersects("*", "no range")
    assert not semver.intersects("no range", "*")


def test_the_caches_stay_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    from lockward.semver import ranges, versions

    caches: list[dict[str, Any]] = [semver._RELEASES, versions._STRICT, versions._LOOSE]
    caches += [*semver._SPANS, *ranges._CACHES]
    for cache in caches:
        cache.clear()
    for module in (semver, versions):
        monkeypatch.setattr(module, "MOST_CACHED", 10)
    monkeypatch.setattr(ranges, "_MOST_CACHED", 10)
    for n in range(100):
        assert semver.satisfies(f"1.{n}.0", f"^1.{n}.0")
        assert semver.satisfies(f"1.{n}.0-a", f"^1.{n}.0-a")

    assert any(caches)
    assert max(len(cache) for cache in caches) <= 10


NEAR_SEMVER = st.text(alphabet="0129xX*vV=<>^~-+. |\t\nab", max_size=40)
ANY = st.one_of(st.text(), NEAR_SEMVER)


@settings(max_examples=500, deadline=None)
@given(a=ANY, b=ANY, wanted=ANY, loose=st.booleans(), pre=st.booleans())
def test_no_text_raises_but_a_value_error(
    a: str,
    b: str,
    wanted: str,
    loose: bool,  # noqa: FBT001 - drawn
    pre: bool,  # noqa: FBT001 - drawn
) -> None:
    canonical = semver.valid_range(wanted, loose=loose, include_prerelease=pre)
    if canonical is None:
        assert not semver.satisfies(a, wanted, loose=loose, include_prerelease=pre)
    assert isinstance(semver.intersects(wanted, b, loose=loose, include_prerelease=pre), bool)
    if semver.valid(a, loose=loose) and semver.valid(b, loose=loose):
        assert semver.compare(a, b, loose=loose) == -semver.compare(b, a, loose=loose)
    else:
        with pytest.raises(ValueError, match="not a version"):
            semver.compare(a, b, loose=loose)


@given(
    st.lists(st.tuples(st.sampled_from("^~"), st.integers(0, 30), st.integers(0, 9)), max_size=40),
    st.tuples(st.integers(0, 31), st.integers(0, 9), st.integers(0, 2), st.booleans()),
)
def test_many_alternatives_hold_what_each_of_them_holds(
    parts: list[tuple[str, int, int]], version: tuple[int, int, int, bool]
) -> None:
    alternatives = [f"{sign}{major}.{minor}.0-a" for sign, major, minor in parts]
    plain = [one.removesuffix("-a") for one in alternatives]
    wanted = ".".join(map(str, version[:3])) + ("-b" if version[3] else "")
    for listed in (alternatives, plain):
        if listed:
            each = any(semver.satisfies(wanted, one) for one in listed)
            assert semver.satisfies(wanted, " || ".join(listed)) is each


@pytest.mark.parametrize(
    ("text", "first", "last", "covered"),
    [
        pytest.param("^1.0.0", "1.2.3", "1.9.9", True, id="a caret"),
        pytest.param("^1.0.0", "1.2.3", "2.0.0", False, id="beyond its end"),
        pytest.param("^1.0.0", "0.9.9", "1.2.3", False, id="before its begin"),
        pytest.param("1.x || 2.x", "1.5.0", "2.5.0", True, id="two that meet"),
        pytest.param("2.x || 1.x", "1.5.0", "2.5.0", True, id="in any order"),
        pytest.param("1.x || 3.x", "1.5.0", "3.5.0", False, id="two with a gap"),
        pytest.param("1.2.3 || >=1.9.0", "1.2.3", "1.9.9", False, id="both ends alone"),
        pytest.param("^1.0.0-rc.1", "1.0.0-rc.2", "1.9.9", True, id="from a prerelease on"),
        pytest.param("latest", "1.0.0", "1.0.1", False, id="no range"),
        pytest.param("*", "x", "1.0.1", False, id="no version"),
    ],
)
def test_a_range_covers_what_lies_between(text: str, first: str, last: str, covered: bool) -> None:  # noqa: FBT001 - a table
    assert semver.covers(text, first, last) == covered
