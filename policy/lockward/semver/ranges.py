"""Ranges: from text to sets of comparators, by the stages that node-semver has.

Source: node-semver 7.8, ``classes/range.js`` and ``classes/comparator.js``.
Its stages rewrite text (hyphen ranges, then spaces after operators, then
carets, tildes, x-ranges and stars), and odd ranges show the seams: ``*1.2.3``
is ``1.2.3``.  The same stages stand here, one function each; the ones that
expand a comparator are in ``expand.py``.
"""

from __future__ import annotations

from lockward.bounds import COMPARISONS, RANGES
from lockward.errors import BoundError
from lockward.semver import versions
from lockward.semver.expand import NOTHING, Invalid, expand, hyphen_range
from lockward.semver.scan import LETTERS, collapse, operator_end
from lockward.semver.trim import trim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final, Literal

    from lockward.semver.versions import Release, Version

    Operator = Literal["", "<", "<=", ">", ">="]
    Span = tuple[Release, Release]

# node-semver has no bound, and takes minutes over a hostile range. The longest
# range that a package on the registry declares is about 2,000 characters.
MAX_RANGE: Final = 65_536
_MOST_CACHED: Final = 400_000  # characters
_LONGEST_CACHED: Final = 2048
_SHOWN: Final = 80  # characters of a range in a message
FEW: Final = 8  # alternatives that are looked at one by one

LOWEST: Final = (0, 0, 0)
BEYOND: Final = (2**53, 0, 0)  # greater than every version
_AFTER: Final = (2**53, 1, 0)  # greater than every end of an interval

_OPERATORS: Final[dict[str, Operator]] = {
    "": "",
    "=": "",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}


class Comparator:
    """An operator and a version; version None: any version.  ``value`` is its text."""

    __slots__ = ("operator", "value", "version")

    def __init__(self, operator: Operator, version: Version | None) -> None:
        self.operator: Final[Operator] = operator
        self.version: Final = version
        self.value: Final = operator + version.text if version else ""

    def test(self, version: Version) -> bool:
        """Whether the version compares so; prerelease rules are the set's business."""
        if self.version is None:
            return True
        order = versions.order(version, self.version)
        if order == 0:
            return self.operator in ("", "<=", ">=")
        return self.operator in (("<", "<=") if order < 0 else (">", ">="))


class Range:
    """A valid range: alternatives (``||``), each a set of comparators that must all hold.

    ``spans`` are the half-open intervals of release versions (those without a
    prerelease) that it holds; see within.
    """

    __slots__ = ("_steps", "include_prerelease", "sets", "spans")

    def __init__(
        self, sets: tuple[tuple[Comparator, ...], ...], *, include_prerelease: bool
    ) -> None:
        self.sets: Final = sets
        self.include_prerelease: Final = include_prerelease
        self.spans: Final = apart([span for one in sets if (span := _span(one))])
        steps = sum(map(len, sets))
        self._steps: Final = steps if steps > FEW else 0  # to hold a prerelease against them all

    @property
    def text(self) -> str:
        """The canonical text; "" for any version."""
        return "||".join([" ".join([each.value for each in one]) for one in self.sets])

    def test(self, version: Version) -> bool:
        """Whether the version is in the range."""
        if not version.prerelease:
            return within(self.spans, version.release)
        COMPARISONS.spend(self._steps)
        return any(self._holds(one, version) for one in self.sets)

    def _holds(self, one: tuple[Comparator, ...], version: Version) -> bool:
        """Whether a set holds a prerelease.

        Unless prereleases are included, one is only let in by a comparator
        that names a prerelease of the same release itself.
        """
        if not all(each.test(version) for each in one):
            return False
        return self.include_prerelease or any(
            each.version is not None
            and each.version.prerelease
            and each.version.release == version.release
            for each in one
        )


def _span(one: Iterable[Comparator]) -> Span | None:
    """The half-open interval of release versions that a set holds; None for none."""
    low, high = LOWEST, BEYOND
    for each in one:
        if each.version is None:
            continue
        release, operator = each.version.release, each.operator
        # A prerelease stands just before its release, so only a bound that is
        # a release itself can have that release on its near side.
        after = release if each.version.prerelease else (*release[:2], release[2] + 1)
        if operator in ("", ">="):
            low = max(low, release)
        if operator in ("", "<="):
            high = min(high, after)
        if operator == ">":
            low = max(low, after)
        if operator == "<":
            high = min(high, release)
    return (low, high) if low < high else None


def apart(spans: list[Span]) -> tuple[Span, ...]:
    """The intervals that hold the same; more than a few are in order, and none meets another."""
    if len(spans) <= FEW:
        return tuple(spans)
    spans.sort()
    found = spans[:1]
    for low, high in spans[1:]:
        if low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


def within(spans: tuple[Span, ...], release: Release) -> bool:
    """Whether one of the intervals, which ``apart`` gave, holds a release."""
    if len(spans) > FEW:
        from bisect import bisect_right

        at = bisect_right(spans, (release, _AFTER))
        return at > 0 and release < spans[at - 1][1]
    return any(low <= release < high for low, high in spans)


_CACHES: Final[tuple[dict[str, Range | None], ...]] = ({}, {}, {}, {})
_CACHED: Final = [0]  # characters in all of them


def parse(text: str, *, loose: bool, include_prerelease: bool) -> Range | None:
    """The range that text is; None when it is none, or longer than MAX_RANGE characters.

    In a judgement a longer one is a BoundError: nobody knows what it means.
    """
    cache = _CACHES[2 * loose + include_prerelease]
    try:
        return cache[text]
    except KeyError:
        pass
    if len(text) > MAX_RANGE:
        if RANGES.counts:
            shown = f"{text[:_SHOWN]}…"
            raise BoundError(f"has a range of more than {MAX_RANGE:,} characters: {shown}")
        return None
    RANGES.spend(len(text))
    found = _parse(text, loose, include_prerelease)
    if len(text) <= _LONGEST_CACHED:
        _remember(cache, text, found)
    return found


def _remember(cache: dict[str, Range | None], text: str, found: Range | None) -> None:
    """Keep what was read; a range takes a hundred times the space of its text."""
    _CACHED[0] += len(text)
    if _CACHED[0] > _MOST_CACHED:
        for each in _CACHES:
            each.clear()
        _CACHED[0] = len(text)
    cache[text] = found


def _parse(text: str, loose: bool, include_prerelease: bool) -> Range | None:  # noqa: FBT001 - internal
    alternatives = [part.strip(" ") for part in collapse(text).split("||")]
    try:
        read = {part: _parse_set(part, loose, include_prerelease) for part in set(alternatives)}
    except Invalid:
        return None
    sets = [one for part in alternatives if (one := read[part])]
    return Range(_reduce(sets), include_prerelease=include_prerelease) if sets else None


def _reduce(sets: list[tuple[Comparator, ...]]) -> tuple[tuple[Comparator, ...], ...]:
    """The alternatives without those that nothing satisfies; only ``*`` if that is one of them."""
    if len(sets) == 1:
        return tuple(sets)
    possible = [one for one in sets if one[0].value != NOTHING]
    if not possible:
        return (sets[0],)
    for one in possible:
        if len(one) == 1 and not one[0].value:
            return (one,)
    return tuple(possible)


def _parse_set(text: str, loose: bool, include_prerelease: bool) -> tuple[Comparator, ...]:  # noqa: FBT001 - internal
    """The comparators of one alternative, each once; () when a loose one has none.

    Raises Invalid.
    """
    text = strip_build(text)
    text = hyphen_range(text, loose=loose, include_prerelease=include_prerelease)
    words = trim(strip_build(text)).split(" ")  # a number may have been written with an exponent
    text = " ".join([expand(word, loose, include_prerelease) for word in words])
    zero = ">=0.0.0-0" if include_prerelease else ">=0.0.0"
    found: dict[str, Comparator] = {}
    for word in _words(text):
        comparator = _comparator("" if word == zero else word, loose=loose)
        if comparator is not None:
            found[comparator.value] = comparator
    if NOTHING in found:
        return (found[NOTHING],)
    if len(found) > 1:
        found.pop("", None)
    return tuple(found.values())


def _words(text: str) -> list[str]:
    """The words of text; a space at either end, or no text, leaves an empty one there."""
    words = [word for word in text.split(" ") if word]
    if not text or text[0] == " " or text[-1] == " ":
        words.append("")  # where it stands makes no difference
    return words


def _comparator(word: str, *, loose: bool) -> Comparator | None:
    """The comparator that a word is; None for a word that loose reading skips.

    Raises Invalid.
    """
    if not word:
        return Comparator("", None)
    end = operator_end(word, 0)
    version = versions.parse(word[end:], loose=loose)
    if version is None:
        if loose and not versions.split_loose(strip_build(word[end:]).lstrip("v=")):
            return None
        raise Invalid  # of the right shape, and too long or with too great a number; or not loose
    return Comparator(_OPERATORS[word[:end]], version)


def strip_build(text: str) -> str:
    """The text without any ``+build.metadata`` in it."""
    if "+" not in text:
        return text
    first, *others = text.split("+")
    kept = [first]
    for other in others:
        run = other[: len(other) - len(other.lstrip(LETTERS + "."))]
        run = run.partition("..")[0].rstrip(".")
        kept.append("+" + other if not run or run[0] == "." else other[len(run) :])
    return "".join(kept)
