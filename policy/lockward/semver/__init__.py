"""npm's versions and ranges: the answers of node-semver, exactly.

``satisfies(version, range)`` and ``compare(a, b)`` are a public contract.
Versions are at most 256 characters long, as in node-semver; a range longer
than 65,536 characters is invalid here (node-semver has no bound, and takes
minutes).  Time is linear in the input, results are kept in bounded caches.
"""

from __future__ import annotations

from lockward.bounds import MOST_CACHED, cached
from lockward.semver import ranges, versions
from lockward.semver.ranges import BEYOND, FEW, LOWEST, apart, within
from lockward.semver.scan import MAX_LENGTH, is_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.semver.ranges import Span
    from lockward.semver.versions import Release

_LONGEST_PLAIN: Final = 15  # characters: no number of such a version overflows

_NUMBERS: Final = {str(number): number for number in range(100)}  # what most versions are made of
_TILDE_CARET: Final = frozenset("~^")

_RELEASES: dict[str, Release] = cached({})
_SPANS: Final[tuple[dict[str, tuple[Span, ...]], ...]] = tuple(cached({}) for _ in range(4))


def satisfies(
    version: str,
    range: str,  # noqa: A002 - the word of the public contract
    *,
    loose: bool = False,
    include_prerelease: bool = False,
) -> bool:
    """Whether the version is in the range; False when either is invalid."""
    release = _RELEASES.get(version) or _release(version)
    if release is None:
        found = versions.parse(version, loose=loose)
        if found is None:
            return False
        wanted = ranges.parse(range, loose=loose, include_prerelease=include_prerelease)
        return wanted is not None and wanted.test(found)
    spans = _SPANS[2 * loose + include_prerelease].get(range)
    if spans is None:
        spans = _spans(range, loose=loose, include_prerelease=include_prerelease)
    if len(spans) > FEW:
        return within(spans, release)
    for low, high in spans:  # noqa: SIM110 - a generator costs half as much again
        if low <= release < high:
            return True
    return False


def covers(text: str, first: str, last: str) -> bool:
    """Whether a range holds every release from one version's to another's, without a gap."""
    one, two = versions.parse(first, loose=True), versions.parse(last, loose=True)
    if one is None or two is None:
        return False
    at = one.release
    for low, high in sorted(_spans(text, loose=True, include_prerelease=False)):
        if low <= at < high:
            at = high
    return at > two.release


def _release(text: str) -> Release | None:
    """The numbers of a plain ``1.2.3``; None for every other text, valid or not."""
    if len(_RELEASES) >= MOST_CACHED:
        _RELEASES.clear()
    try:
        major, minor, patch = text.split(".")
        release = (_NUMBERS[major], _NUMBERS[minor], _NUMBERS[patch])
    except (KeyError, ValueError):
        found = _long_release(text)
        if found is None:
            return None
        release = found
    _RELEASES[text] = release
    return release


def _long_release(text: str) -> Release | None:
    """As _release, for numbers that are not in the table."""
    numbers = text.split(".", 3) if len(text) <= _LONGEST_PLAIN else ()
    if len(numbers) != len(LOWEST) or not all(is_number(each, loose=False) for each in numbers):
        return None
    major, minor, patch = map(int, numbers)
    return (major, minor, patch)


def _spans(text: str, *, loose: bool, include_prerelease: bool) -> tuple[Span, ...]:
    """The intervals of release versions that a range holds; () when it is invalid.

    The commonest shapes are read without the stages of the full parser.
    """
    cache = _SPANS[2 * loose + include_prerelease]
    if len(cache) >= MOST_CACHED:
        cache.clear()
    spans = _plain_spans(text)
    if spans is None:
        found = ranges.parse(text, loose=loose, include_prerelease=include_prerelease)
        spans = found.spans if found else ()
    if len(text) <= MAX_LENGTH:
        cache[text] = spans
    return spans


def _plain_spans(text: str) -> tuple[Span, ...] | None:
    """The intervals of a range of plain parts only, with ``||`` between them; else None."""
    if "||" not in text:
        span = _plain_span(text)
        return None if span is None else (span,)
    spans = [_plain_span(part.strip(" ")) for part in text.split("||")]
    plain = [span for span in spans if span is not None]
    return apart(plain) if len(plain) == len(spans) else None


def _plain_span(text: str) -> Span | None:
    """The interval of a plain ``^1.2.3``, ``~1.2.3``, ``>=1.2.3``, ``1.2.3`` or ``*``."""
    first = text[:1]
    if first in _TILDE_CARET:
        low = _RELEASES.get(text[1:]) or _release(text[1:])
        return low and (low, _ceiling(first, low))
    if first == ">":
        low = _release(text[2:]) if text.startswith(">=") else None
        return low and (low, BEYOND)
    if text == "*":
        return (LOWEST, BEYOND)
    low = _RELEASES.get(text) or _release(text)
    return low and (low, (low[0], low[1], low[2] + 1))


def _ceiling(sign: str, low: Release) -> Release:
    """The first release beyond a tilde or caret range."""
    major, minor, patch = low
    if sign == "^" and major:
        return (major + 1, 0, 0)
    if sign == "~" or minor:
        return (major, minor + 1, 0)
    return (major, minor, patch + 1)


def is_plain_range(text: str) -> bool:
    """Whether a range is so plain (``^1.2.3``, ``~1.2.3``, ``*``) that it is surely valid."""
    return text == "*" or (text[:1] in _TILDE_CARET and _release(text[1:]) is not None)


def is_plain(text: str) -> bool:
    """Whether a requirement is a plain range or a plain version."""
    return is_plain_range(text) or _release(text) is not None


def compare(a: str, b: str, *, loose: bool = False) -> int:
    """-1, 0 or 1: a is lower than, equal to or higher than b.

    Build metadata does not count.  Raises ValueError when either is invalid.
    """
    return versions.order(_valid(a, loose=loose), _valid(b, loose=loose))


def _valid(text: str, *, loose: bool) -> versions.Version:
    version = versions.parse(text, loose=loose)
    if version is None:
        raise ValueError(f"not a version: {text[:80]!r}")
    return version


def valid(version: str, *, loose: bool = False) -> str | None:
    """The canonical text of a version; None when it is invalid."""
    found = versions.parse(version, loose=loose)
    return found.text if found else None


def valid_range(
    range: str,  # noqa: A002 - the word of the public contract
    *,
    loose: bool = False,
    include_prerelease: bool = False,
) -> str | None:
    """The canonical text of a range ("*" for any version); None when it is invalid."""
    found = ranges.parse(range, loose=loose, include_prerelease=include_prerelease)
    return (found.text or "*") if found else None


def is_range(text: str, *, loose: bool = False) -> bool:
    """Whether ``valid_range`` has a text for it; nearly all are told by their looks."""
    return is_plain(text) or ranges.parse(text, loose=loose, include_prerelease=False) is not None


def intersects(a: str, b: str, *, loose: bool = False, include_prerelease: bool = False) -> bool:
    """Whether node-semver finds that a version could satisfy both ranges.

    False when either is invalid (there node-semver throws), and when the two
    are so long that the question would take more than a moment.
    """
    from lockward.semver.intersection import intersect

    left = ranges.parse(a, loose=loose, include_prerelease=include_prerelease)
    right = ranges.parse(b, loose=loose, include_prerelease=include_prerelease)
    if left is None or right is None:
        return False
    return intersect(left, right, loose=loose, include_prerelease=include_prerelease)
