"""Versions: reading one as node-semver does, and their order.

Source: node-semver 7.8, ``classes/semver.js`` and ``internal/identifiers.js``.
"""

from __future__ import annotations

from lockward.bounds import MOST_CACHED, cached
from lockward.semver.scan import (
    MAX_LENGTH,
    MAX_SAFE_INTEGER,
    WHITE,
    is_build,
    is_number,
    is_prerelease,
    loose_patch,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

    Release = tuple[int, int, int]
    Identifier = int | str

_LAST: Final = ((2, 0),)  # sorts a version without prerelease after every prerelease


class Version:
    """A valid version: its numbers, its prerelease identifiers and its canonical text.

    ``key`` orders versions, save two that both have ``vast`` numeric
    identifiers (beyond what JavaScript counts exactly): use ``order``.
    """

    __slots__ = ("key", "prerelease", "release", "text", "vast")

    def __init__(self, release: Release, prerelease: tuple[Identifier, ...]) -> None:
        self.release: Final = release
        self.prerelease: Final = prerelease
        text = f"{release[0]}.{release[1]}.{release[2]}"
        if prerelease:
            text = f"{text}-{'.'.join(map(str, prerelease))}"
        self.text: Final = text
        ranks = [_rank(identifier) for identifier in prerelease]
        self.vast: Final = any(type(value) is float for _, value in ranks)
        self.key: Final = (*release, tuple(ranks) or _LAST)


def _rank(identifier: Identifier) -> tuple[int, int | float | str]:
    """An identifier's place among others: numbers first, by value; then words."""
    if type(identifier) is int:
        return (0, identifier)
    word = str(identifier)
    # Only digits and still a word: a number that JavaScript compares as a double.
    return (0, float(word)) if word.isdigit() else (1, word)


def order(a: Version, b: Version) -> int:
    """-1, 0 or 1: where a stands before, with or after b."""
    if a.text == b.text:
        return 0
    if a.vast and b.vast and a.release == b.release:
        return _order_vast(a.prerelease, b.prerelease)
    return -1 if a.key < b.key else 1


def _order_vast(a: Sequence[Identifier], b: Sequence[Identifier]) -> int:
    """The order of two prereleases by the first identifiers that differ in writing.

    Two different vast numbers can be the same double: node-semver then calls
    the versions equal and looks no further.
    """
    for one, other in zip(a, b, strict=False):
        if one != other:
            left, right = _rank(one), _rank(other)
            return (left > right) - (left < right)
    return (len(a) > len(b)) - (len(a) < len(b))


_STRICT: dict[str, Version | None] = cached({})
_LOOSE: dict[str, Version | None] = cached({})


def parse(text: str, *, loose: bool) -> Version | None:
    """The version that text is; None when it is none, or longer than 256 characters."""
    if len(text) > MAX_LENGTH:
        return None
    cache = _LOOSE if loose else _STRICT
    try:
        return cache[text]
    except KeyError:
        if len(cache) >= MOST_CACHED:
            cache.clear()
    version = cache[text] = _parse_loose(text) if loose else _parse_strict(text)
    return version


def _parse_strict(text: str) -> Version | None:
    """``v?1.2.3-pre.1+build``."""
    body, plus, build = text.strip(WHITE).removeprefix("v").partition("+")
    if plus and not is_build(build):
        return None
    main, hyphen, prerelease = body.partition("-")
    if hyphen and not is_prerelease(prerelease, loose=False):
        return None
    numbers = main.split(".")
    if len(numbers) != len(("major", "minor", "patch")):
        return None
    for number in numbers:
        if not is_number(number, loose=False):
            return None
    return _build(numbers[0], numbers[1], numbers[2], prerelease)


def _parse_loose(text: str) -> Version | None:
    """As strict, and also ``= v1.2.3``, leading zeros, and a prerelease without its hyphen."""
    body, plus, build = text.strip(WHITE).lstrip("v=" + WHITE).partition("+")
    if plus and not is_build(build):
        return None
    parts = split_loose(body)
    return _build(*parts) if parts else None


def split_loose(body: str) -> tuple[str, str, str, str] | None:
    """Major, minor, patch and prerelease of a loose version without prefix and build."""
    major, _, rest = body.partition(".")
    minor, _, rest = rest.partition(".")
    patch = loose_patch(rest)
    if patch is None or not is_number(major, loose=True) or not is_number(minor, loose=True):
        return None
    return major, minor, *patch


def _build(major: str, minor: str, patch: str, prerelease: str) -> Version | None:
    """The record of a version's parts; None when a number is beyond 2**53 - 1."""
    release = (int(major), int(minor), int(patch))
    if max(release) > MAX_SAFE_INTEGER:
        return None
    if not prerelease:
        return Version(release, ())
    return Version(release, tuple(map(_identifier, prerelease.split("."))))


def _identifier(text: str) -> Identifier:
    """A number when text is one that JavaScript counts exactly, else the text."""
    if text.isdigit() and int(text) < MAX_SAFE_INTEGER:
        return int(text)
    return text
