"""The highest locked version in a range is the one that a look at all of them finds."""

from __future__ import annotations

from functools import cmp_to_key

from hypothesis import given
from hypothesis import strategies as st

from lockward import semver
from lockward.semver.versions import order, parse
from lockward.sync.bun_locked import Locked

NUMBERS = st.integers(0, 3)
RELEASES = st.builds("{}.{}.{}".format, NUMBERS, NUMBERS, NUMBERS)
VERSIONS = st.one_of(
    RELEASES,
    st.builds("{}-{}.{}".format, RELEASES, st.sampled_from(["a", "b"]), NUMBERS),
    st.builds("v{}+b{}".format, RELEASES, NUMBERS),
    st.sampled_from(["", "x", "1.0", "1.0.0-9007199254740993", "1.0.0-9007199254740992"]),
)
SIMPLE = st.builds("{}{}".format, st.sampled_from(["^", "~", ">=", "<", "<=", ""]), VERSIONS)
RANGES = st.one_of(SIMPLE, st.lists(SIMPLE, min_size=2, max_size=14).map(" || ".join))


@given(st.lists(VERSIONS, max_size=12), RANGES)
def test_the_highest_in_range(versions: list[str], wanted: str) -> None:
    read = [one for one in (parse(text, loose=True) for text in versions) if one is not None]
    fitting = [one for one in read if semver.satisfies(one.text, wanted, loose=True)]
    found = Locked(versions).highest(wanted)

    assert (found is None) is (not fitting)
    assert found is None or all(order(found, other) >= 0 for other in fitting)
    assert found is None or semver.satisfies(found.text, wanted, loose=True)


@given(st.lists(VERSIONS, max_size=12))
def test_the_highest_of_all(versions: list[str]) -> None:
    read = [one for one in (parse(text, loose=True) for text in versions) if one is not None]
    found = Locked(versions).highest_of_all

    assert (found is None) is (not read)
    assert found is None or order(found, max(read, key=cmp_to_key(order))) == 0
