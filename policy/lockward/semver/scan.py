"""The letters of node-semver's grammar: numbers, identifiers, white space.

Source: node-semver 7.8, ``internal/re.js``.  Its regular expressions bound
every repetition (256 digits, 250 letters after the first), and the bounds show
in the answers, so they are kept.  Nothing here needs ``re``: each function
looks at a character a bounded number of times.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

MAX_LENGTH: Final = 256  # of a version, in characters
MAX_SAFE_INTEGER: Final = 2**53 - 1
MAX_DIGITS: Final = 256
MAX_LETTERS: Final = 250

DIGITS: Final = "0123456789"
LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
# What ECMAScript's \s and trim() take for white space; Python's own set differs.
WHITE: Final = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_TO_SPACE: Final = dict.fromkeys(map(ord, WHITE), " ")


def collapse(text: str) -> str:
    """The text with every run of white space made one space, and none at its ends."""
    if text.isascii() and text.isprintable():  # then the only white space is the space itself
        return " ".join(text.split())
    return " ".join([word for word in text.translate(_TO_SPACE).split(" ") if word])


def is_number(text: str, *, loose: bool) -> bool:
    """Whether text is a numeric identifier; loose ones may start with zeros."""
    if not (text.isascii() and text.isdigit()):
        return False
    if loose:
        return len(text) <= MAX_DIGITS
    return text == "0" or (text[0] != "0" and len(text) <= MAX_DIGITS + 1)


def is_word(text: str) -> bool:
    """Whether text is one or more ASCII letters, digits and hyphens."""
    return text.isascii() and text.replace("-", "a").isalnum()


def is_identifier(text: str, *, loose: bool) -> bool:
    """Whether text is one identifier of a prerelease."""
    if not is_word(text):
        return False
    rest = text.lstrip(DIGITS)
    if not rest:
        return is_number(text, loose=loose)
    return len(text) - len(rest) <= MAX_DIGITS and len(rest) - 1 <= MAX_LETTERS


def is_prerelease(text: str, *, loose: bool) -> bool:
    """Whether text is a prerelease, its leading hyphen not counted."""
    return all(is_identifier(part, loose=loose) for part in text.split("."))


def is_build(text: str) -> bool:
    """Whether text is build metadata, its leading plus sign not counted."""
    return all(map(is_word, text.split(".")))


def loose_patch(text: str) -> tuple[str, str] | None:
    """The patch number and the prerelease that text is, read loosely; None if it is not.

    A fourth number makes the third one's last digit a prerelease: ``1.2.34.5``
    is 1.2.3-4.5, and ``1.2.3.4`` is invalid.
    """
    end = digits_end(text, 0, MAX_DIGITS)
    if text.startswith(".", end):
        end -= 1
    if end < 1:
        return None
    prerelease = loose_prerelease(text[end:])
    return None if prerelease is None else (text[:end], prerelease)


def loose_prerelease(tail: str) -> str | None:
    """The prerelease in what follows a loose patch number; "" for none, None if invalid.

    The hyphen before it may be missing (``1.2.3beta``), and a lone hyphen is
    itself an identifier (``1.2.3-``).
    """
    if not tail:
        return ""
    if tail[0] == "-" and is_prerelease(tail[1:], loose=True):
        return tail[1:]
    return tail if is_prerelease(tail, loose=True) else None


def digits_end(text: str, start: int, limit: int) -> int:
    """Where the run of at most limit digits that begins at start ends."""
    window = text[start : start + limit]
    return start + len(window) - len(window.lstrip(DIGITS))


def operator_end(text: str, start: int) -> int:
    """Where the ``<``, ``<=``, ``>``, ``>=`` or ``=`` at start ends; start when there is none."""
    if text.startswith(("<", ">"), start):
        start += 1
    return start + 1 if text.startswith("=", start) else start
