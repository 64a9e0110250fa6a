"""Hyphen ranges, carets, tildes, x-ranges and stars, written out as comparators.

Source: node-semver 7.8, ``classes/range.js``: hyphenReplace, replaceCaret,
replaceTilde, replaceXRange and replaceStars.
"""

from __future__ import annotations

from lockward.semver.scan import is_prerelease, loose_patch, loose_prerelease, operator_end
from lockward.semver.trim import x_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

NOTHING: Final = "<0.0.0-0"  # the comparator that no version satisfies
_MAJOR, _MINOR, _PATCH = 0, 1, 2
_WILD: Final = ("", "x", "X", "*")
_TOO_GREAT: Final = 1e21  # from here on JavaScript writes a number as repr does


class Invalid(Exception):  # noqa: N818 - control flow inside this package: the text is no range
    """The text is no range."""


class Partial:
    """A version of which parts may be missing or ``x``: numbers as written, "" when missing."""

    __slots__ = ("major", "minor", "patch", "prerelease")

    def __init__(self, major: str, minor: str = "", patch: str = "", prerelease: str = "") -> None:
        self.major: Final = major
        self.minor: Final = minor
        self.patch: Final = patch
        self.prerelease: Final = prerelease


def partial(text: str, *, loose: bool) -> Partial | None:
    """The partial version that the whole text is; None when it is none."""
    parts = ["", "", ""]
    start, end = 0, -1
    for place in (_MAJOR, _MINOR, _PATCH):
        start = end + 1
        end = x_end(text, start, loose=loose)
        if end == start:
            return None
        parts[place] = text[start:end]
        if end == len(text):
            return Partial(*parts)
        if place != _PATCH and text[end] != ".":
            return None
    patch = _patch(text[start:], end - start, loose=loose)
    return Partial(parts[_MAJOR], parts[_MINOR], *patch) if patch else None


def _patch(text: str, end: int, *, loose: bool) -> tuple[str, str] | None:
    """The patch (a number or an x, up to end) and the prerelease that text is."""
    tail = text[end:]
    if not loose:
        valid = tail[0] == "-" and is_prerelease(tail[1:], loose=False)
        return (text[:end], tail[1:]) if valid else None
    if text[0] not in _WILD:
        return loose_patch(text)
    prerelease = loose_prerelease(tail)
    return (text[0], prerelease) if prerelease else None


def after(number: str) -> str:
    """The next number, as JavaScript counts and writes it.

    From 1e21 it has an exponent, which a loose reader takes for a prerelease
    and build metadata: ``<1.9.1e+25.0-0`` is <1.9.1-e.
    """
    if len(number) <= 15:  # noqa: PLR2004 - digits that a double always holds
        return str(int(number) + 1)
    value = float(number) + 1
    return repr(value) if value >= _TOO_GREAT else str(int(value))


def hyphen_range(text: str, *, loose: bool, include_prerelease: bool) -> str:
    """``1.2 - 3`` as ``>=1.2.0 <4.0.0-0``; any other text as it is."""
    if " - " not in text:
        return text
    text_ = text.removeprefix(" ")
    end = text_.find(" ", len(text_) - len(text_.lstrip("v= ")))
    if not text_.startswith(" - ", end):
        return text
    left, right = text_[:end], text_[end + 3 :].removesuffix(" ")
    low = partial(left.lstrip("v= "), loose=loose)
    high = partial(right.lstrip("v= "), loose=loose)
    if low is None or high is None:
        return text
    zero = "-0" if include_prerelease else ""
    return f"{_from(left, low, zero)} {_to(right, high, zero)}".strip(" ")


def _from(text: str, low: Partial, zero: str) -> str:
    if low.major in _WILD:
        return ""
    if low.minor in _WILD:
        return f">={low.major}.0.0{zero}"
    if low.patch in _WILD:
        return f">={low.major}.{low.minor}.0{zero}"
    return f">={text}" if low.prerelease else f">={text}{zero}"


def _to(text: str, high: Partial, zero: str) -> str:
    if high.major in _WILD:
        return ""
    if high.minor in _WILD:
        return f"<{after(high.major)}.0.0-0"
    if high.patch in _WILD:
        return f"<{high.major}.{after(high.minor)}.0-0"
    if high.prerelease:
        return f"<={high.major}.{high.minor}.{high.patch}-{high.prerelease}"
    if zero:
        return f"<{high.major}.{high.minor}.{after(high.patch)}-0"
    return f"<={text}"


def expand(word: str, loose: bool, include_prerelease: bool) -> str:  # noqa: FBT001 - internal
    """The comparators, with a space between them, that one word of a range stands for."""
    zero = "-0" if include_prerelease else ""
    if word.startswith("^"):
        version = partial(word[1:].lstrip("v="), loose=loose)
        return _star(word) if version is None else _caret(version, zero)
    if word.startswith("~"):
        version = partial(word[1:].removeprefix(">").lstrip("v="), loose=loose)
        return _star(word) if version is None else _tilde(version, zero)
    end = operator_end(word, 0)
    version = partial(word[end:].lstrip("v="), loose=loose)
    return _star(word if version is None else _x_range(word, word[:end], version, zero))


def _lower(version: Partial, zero: str) -> str:
    """The lower bound of a caret or tilde whose major and minor are numbers."""
    if version.patch in _WILD:
        return f">={version.major}.{version.minor}.0{zero}"
    prerelease = f"-{version.prerelease}" if version.prerelease else ""
    return f">={version.major}.{version.minor}.{version.patch}{prerelease}"


def _tilde(version: Partial, zero: str) -> str:
    if version.major in _WILD:
        return ""
    if version.minor in _WILD:
        return f">={version.major}.0.0{zero} <{after(version.major)}.0.0-0"
    return f"{_lower(version, zero)} <{version.major}.{after(version.minor)}.0-0"


def _caret(version: Partial, zero: str) -> str:
    """Up to the next change of the leftmost number that is not 0."""
    if version.major in _WILD or version.minor in _WILD:
        return _tilde(version, zero)
    lower = _lower(version, zero)
    if version.major != "0":
        return f"{lower} <{after(version.major)}.0.0-0"
    if version.minor != "0" or version.patch in _WILD:
        return f"{lower} <0.{after(version.minor)}.0-0"
    return f"{lower} <0.0.{after(version.patch)}-0"


def _x_range(word: str, operator: str, version: Partial, zero: str) -> str:
    """A word that is a partial version behind an operator or none."""
    major, minor = version.major, version.minor
    if version.patch not in _WILD or (major in _WILD and minor not in _WILD):
        return word  # no x in it; or x.1 and 1.x.3, where the order is wrong
    if major in _WILD:
        return NOTHING if operator in ("<", ">") else "*"
    if operator in ("", "="):
        return _tilde(version, zero)
    whole = minor in _WILD  # only the major number is given
    here = f"{major}.0.0" if whole else f"{major}.{minor}.0"
    if operator in (">", "<="):
        here = f"{after(major)}.0.0" if whole else f"{major}.{after(minor)}.0"
    if operator in ("<", "<="):
        return f"<{here}-0"
    return f">={here}{zero}"


def _star(word: str) -> str:
    """The word without its first ``*`` and the operator before that."""
    head, star, tail = word.partition("*")
    if not star:
        return word
    head = head.removesuffix("=")
    if head.endswith(("<", ">")):
        head = head[:-1]
    return head + tail
