"""Whether two ranges share a version, by the rules (and the quirks) of node-semver.

Source: node-semver 7.8, ``intersects`` in ``classes/range.js`` and
``classes/comparator.js``.  It compares every comparator with every other one;
two long ranges would take hours, so the number of comparisons is bounded.
"""

from __future__ import annotations

from lockward.bounds import COMPARISONS
from lockward.semver import ranges, versions
from lockward.semver.expand import NOTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

    from lockward.semver.ranges import Comparator, Range

MOST_COMPARISONS: Final = 100_000  # about a tenth of a second


class _TooMuchError(Exception):
    """The comparisons allowed are used up."""


def intersect(a: Range, b: Range, *, loose: bool, include_prerelease: bool) -> bool:
    """Whether some alternative of a and some alternative of b agree.

    False too when that takes more than MOST_COMPARISONS comparisons; in a judgement all of
    them count together (bounds.COMPARISONS), and too many are a BoundError.
    """
    work = _Work(loose=loose, include_prerelease=include_prerelease)
    try:
        left = [one for one in a.sets if work.satisfiable(one)]
        right = [one for one in b.sets if work.satisfiable(one)]
        return any(work.agree(one, other) for one in left for other in right)
    except _TooMuchError:
        return False


class _Work:
    """The options of one question, and how many comparisons are still allowed."""

    __slots__ = ("include_prerelease", "left", "loose")

    def __init__(self, *, loose: bool, include_prerelease: bool) -> None:
        self.loose: Final = loose
        self.include_prerelease: Final = include_prerelease
        self.left = 0 if COMPARISONS.counts else MOST_COMPARISONS

    def satisfiable(self, one: Sequence[Comparator]) -> bool:
        """Whether the comparators of a set intersect one another, two by two."""
        return all(
            self.meet(one[later], one[earlier])
            for later in range(len(one) - 1, 0, -1)
            for earlier in range(later)
        )

    def agree(self, one: Sequence[Comparator], other: Sequence[Comparator]) -> bool:
        """Whether each comparator of a set intersects each of another."""
        return all(self.meet(a, b) for a in one for b in other)

    def meet(self, a: Comparator, b: Comparator) -> bool:
        """Whether two comparators intersect."""
        COMPARISONS.spend()
        self.left -= 1
        if self.left == 0:
            raise _TooMuchError
        if not a.operator:
            return not a.value or self._holds(b.value, a.value)
        if not b.operator:
            return not b.value or self._holds(a.value, b.value)
        if self._is_lowest(a.value) or self._is_lowest(b.value):
            return False
        return _overlap(a, b)

    def _holds(self, text: str, version: str) -> bool:
        """Whether a comparator's text, read again as a range, holds a version."""
        found = versions.parse(version, loose=self.loose)
        wanted = ranges.parse(text, loose=self.loose, include_prerelease=self.include_prerelease)
        return found is not None and wanted is not None and wanted.test(found)

    def _is_lowest(self, value: str) -> bool:
        """Whether nothing can be lower than what a comparator asks for."""
        if self.include_prerelease:
            return value == NOTHING
        return value.startswith("<0.0.0")


def _overlap(a: Comparator, b: Comparator) -> bool:
    """Whether two bounds face the same way, or face each other."""
    if a.operator[0] == b.operator[0]:
        return True
    if a.version is None or b.version is None:
        return True  # cannot be: only "" has no version, and meet has dealt with it
    if a.version.text == b.version.text and "=" in a.operator and "=" in b.operator:
        return True
    order = versions.order(a.version, b.version)
    return (order < 0 and a.operator[0] == ">") or (order > 0 and a.operator[0] == "<")
