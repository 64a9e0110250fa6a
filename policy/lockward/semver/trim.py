"""The spaces that a range may have after an operator, taken out.

Source: node-semver 7.8, COMPARATORTRIM, TILDETRIM and CARETTRIM in
``internal/re.js``: ``> 1.2.3`` becomes ``>1.2.3``, and ``~> 1`` becomes ``~1``.
"""

from __future__ import annotations

from lockward.semver.scan import (
    DIGITS,
    LETTERS,
    MAX_DIGITS,
    MAX_LETTERS,
    digits_end,
    operator_end,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_TELLTALES: Final = ("< ", "> ", "= ", "  ")  # without one of these nothing is taken out
_NUMBER_OR_X: Final = DIGITS + "xX*"


def trim(text: str) -> str:
    """The text without spaces after ``<``, ``>``, ``=``, ``~``, ``~>`` and ``^``."""
    for telltale in _TELLTALES:
        if telltale in text:
            text = trim_comparators(text)
            break
    return trim_tildes(text).replace("^ ", "^")


def trim_tildes(text: str) -> str:
    """The text with ``~ `` and ``~> `` made ``~``."""
    if "~" not in text:
        return text
    first, *others = text.split("~")
    kept = [rest[2:] if rest.startswith("> ") else rest.removeprefix(" ") for rest in others]
    return "~".join((first, *kept))


def trim_comparators(text: str) -> str:
    """The text without the one space between an operator and the version after it.

    The expression behind it is ``space? operator? space? version``, searched
    from left to right; the second space is what goes.
    """
    kept: list[str] = []
    start = done = 0  # done: up to where the text is in kept
    while start < len(text):
        space = operator_end(text, start + text.startswith(" ", start))
        prefix = space + text.startswith(" ", space)
        body = _prefix_end(text, prefix)
        if body < len(text) and text[body] in _NUMBER_OR_X:
            kept.append(text[done:space])
            done = prefix
            start = version_end(text, body)
        else:
            # Every start before body - 1 fails in the same place.
            start = max(start + 1, body - 1)
    kept.append(text[done:])
    return "".join(kept)


def _prefix_end(text: str, start: int) -> int:
    """Where the run of ``v``, ``=`` and spaces at start ends."""
    while text.startswith(("v", "=", " "), start):
        start += 1
    return start


def version_end(text: str, start: int) -> int:
    """Where the longest loose version at start ends, or else the x-range there."""
    end = start
    for last in (False, False, True):
        number = digits_end(text, end, MAX_DIGITS)
        if number == end or (not last and not text.startswith(".", number)):
            return x_range_end(text, start)
        end = number if last else number + 1
    if text.startswith("-", end):
        after = prerelease_end(text, end + 1, loose=True)
        if after > end + 1:
            return after
    return prerelease_end(text, end, loose=True)


def x_range_end(text: str, start: int) -> int:
    """Where the longest x-range (``1``, ``1.x``, ``1.2.3-pre``) at start ends."""
    end = x_end(text, start, loose=False)
    for _ in ("minor", "patch"):
        number = x_end(text, end + 1, loose=False) if text.startswith(".", end) else end + 1
        if number == end + 1:
            return end
        end = number
    after = prerelease_end(text, end + 1, loose=False) if text.startswith("-", end) else end + 1
    return after if after > end + 1 else end


def x_end(text: str, start: int, *, loose: bool) -> int:
    """Where the number or ``x``, ``X``, ``*`` at start ends; start when there is none."""
    if text.startswith(("x", "X", "*"), start) or (not loose and text.startswith("0", start)):
        return start + 1
    return digits_end(text, start, MAX_DIGITS + (not loose))


def prerelease_end(text: str, start: int, *, loose: bool) -> int:
    """Where the dotted identifiers at start end; start when there are none."""
    end = _identifier_end(text, start, loose=loose)
    while end > start and text.startswith(".", end):
        after = _identifier_end(text, end + 1, loose=loose)
        if after == end + 1:
            break
        end = after
    return end


def _identifier_end(text: str, start: int, *, loose: bool) -> int:
    """Where the identifier at start ends, as far as its bounds let it reach."""
    digits = digits_end(text, start, MAX_DIGITS)
    window = text[digits : digits + 1 + MAX_LETTERS]
    if window and window[0] not in DIGITS and window[0] in LETTERS:
        return digits + len(window) - len(window.lstrip(LETTERS))
    if loose:
        return digits
    return start + 1 if text.startswith("0", start) else digits_end(text, start, MAX_DIGITS + 1)
