r"""Foreign text made safe to show: escaped, and cut in the middle where it is long.

Names, paths and messages come from whoever wrote the change.  A raw newline in
a package name could forge the line "passed", an ESC could repaint the terminal,
a bidirectional override could show one name and mean another.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

LONGEST: Final = 60  # columns of one foreign value
LONGEST_TEXT: Final = 400  # columns of a whole sentence that holds foreign values
_NAMED: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Printable to Unicode and to Python, yet invisible: joiners, fillers, variation selectors.
_INVISIBLE: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
    + "".join(map(chr, range(0xE0100, 0xE01F0)))
)


def escape(text: str) -> str:
    r"""Text on one line without control, bidirectional and invisible characters.

    ``"a\x1b[2J"`` gives ``"a\\x1b[2J"``; a byte that was not UTF-8 ``"\\xff"``.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    if character.isprintable() and character not in _INVISIBLE:
        return character
    code = ord(character)
    if character in _NAMED:
        return _NAMED[character]
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 - surrogateescape: the byte as it was
        code -= 0xDC00
    if code <= 0xFF:  # noqa: PLR2004 - as Python writes it
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - likewise


def clip(text: str, limit: int = LONGEST) -> str:
    """At most ``limit`` columns, cut in the middle: ``sha512-abc...xyz==``."""
    if len(text) <= limit:
        return text
    tail = (limit - 3) // 4
    return f"{text[: limit - 3 - tail]}...{text[len(text) - tail :]}"


def value(text: str, limit: int = LONGEST) -> str:
    """One foreign value, escaped and cut."""
    return clip(escape(text[: 8 * limit] + text[8 * limit :][-2 * limit :]), limit)


def sentence(text: str) -> str:
    """A sentence that may hold foreign values: each word is cut as a value is."""
    words = escape(text[: 8 * LONGEST_TEXT]).split(" ")
    return clip(" ".join(map(clip, words)), LONGEST_TEXT)


def pair(was: str, now: str, limit: int = LONGEST) -> tuple[str, str]:
    """Two values, cut so that the first difference between them stays in sight."""
    shown = (value(was, limit), value(now, limit))
    if shown[0] != shown[1] or was == now:
        return shown
    at = _first_difference(was, now)
    start = max(0, at - limit // 3)
    return (_window(was, start, limit), _window(now, start, limit))


def _first_difference(left: str, right: str) -> int:
    """The index at which two texts part: no text is longer than a lockfile."""
    low, high = 0, min(len(left), len(right))
    while low < high:  # bisected: slices compare at the speed of memory
        middle = (low + high + 1) // 2
        if left[:middle] == right[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _window(text: str, start: int, limit: int) -> str:
    """``limit`` columns of a text from an index on, with dots for what is left out."""
    room = limit - 6
    end = "..." if len(text) > start + room else ""
    return f"...{escape(text[start : start + room])[:room]}{end}"


def storable(value: object) -> object:
    r"""A JSON-like value in which every text is valid Unicode.

    What is no character (a path's bytes that were not UTF-8, half a surrogate
    pair) is written as ``\\xff`` or ``\\ud800``; all else stays as it is.
    """
    if isinstance(value, str):
        return "".join(map(_whole, value)) if _broken(value) else value
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [storable(item) for item in value]
    return value


def _broken(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _whole(character: str) -> str:
    return _escaped(character) if "\ud800" <= character <= "\udfff" else character
