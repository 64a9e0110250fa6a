"""The ini dialect in which .npmrc is written, read exactly as npm's parser reads it.

Reference: the package ``ini`` (lib/ini.js, 6.0) inside npm; a differential test
drives it.  What makes the dialect odd, and what therefore hides settings:

- lines end at any run of CR and LF, nowhere else; blanks are JavaScript's;
- ``"…"`` is JSON, ``'…'`` is JSON when its inside is, else its inside;
- ``;`` and ``#`` begin a comment unless escaped, and no section ever ends.
"""

from __future__ import annotations

from _json import scanstring

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

# What String.prototype.trim and \s of JavaScript take for blanks; Python's
# str.strip() knows U+001C..1F and U+0085 beside them, and not U+FEFF.
BLANKS: Final = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)
DEEPEST: Final = 100  # brackets nested in a quoted value; no real setting has two


class Line:
    """One line that is neither empty nor a section's header.

    ``kind`` is "setting", "comment" (what stands behind the ; or #),
    "skipped" (npm's pattern does not match it) or "fatal" (npm stops with a
    TypeError, or the value nests deeper than DEEPEST: nobody knows what it is).
    ``section`` is the name of the section above it, None before the first.
    ``value`` is JavaScript's String() of the value; ``array`` is "[]" for
    ``key[]``, "json" for a value that is a JSON list, else "".
    """

    __slots__ = ("array", "key", "kind", "number", "section", "value")

    def __init__(
        self,
        number: int,
        section: str | None,
        kind: str,
        key: str,
        value: str = "",
        *,
        array: str = "",
    ) -> None:
        self.number: Final = number
        self.section: Final = section
        self.kind: Final = kind
        self.key: Final = key
        self.value: Final = value
        self.array: Final = array


class Header:
    """``[name]``: from here on nothing is a setting of npm's any more."""

    __slots__ = ("name", "number")

    def __init__(self, number: int, name: str) -> None:
        self.number: Final = number
        self.name: Final = name


def read(data: bytes) -> Iterator[Line | Header]:
    """Every line of a file in order, numbered from 1 as git and editors count (by LF)."""
    section: str | None = None
    for number, text in _lines(data):
        name = _section(text)
        if name is not None:
            section = name
            yield Header(number, name)
        else:
            line = _line(number, section, text)
            if line is not None:
                yield line


def _lines(data: bytes) -> Iterator[tuple[int, str]]:
    """The pieces between runs of CR and LF; broken UTF-8 becomes U+FFFD as in Node."""
    for number, row in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
        for piece in row.split("\r"):
            if piece.strip(BLANKS):
                yield number, piece


def _section(text: str) -> str | None:
    r"""The name in a header, ``^\[([^\]]*)\]\s*$``; None when it is none."""
    if not text.startswith("["):
        return None
    name, bracket, after = text[1:].partition("]")
    if not bracket or after.strip(BLANKS):
        return None
    value = unquote(name)
    return value if isinstance(value, str) else to_string(value)


def _line(number: int, section: str | None, text: str) -> Line | None:
    """``^([^=]+)(=(.*))?$``; None for a lone ``=…``, which nobody can mistake for a setting."""
    bare = text.lstrip(BLANKS)
    if bare[0] in ";#":
        shown_key, _, shown_value = bare.lstrip(";#").partition("=")
        return Line(number, section, "comment", shown_key.strip(BLANKS), shown_value.strip(BLANKS))
    raw_key, equals, raw_value = text.partition("=")
    if not raw_key:
        return None
    if "\u2028" in raw_value or "\u2029" in raw_value:  # . matches no line terminator
        return Line(number, section, "skipped", raw_key.strip(BLANKS), raw_value.strip(BLANKS))
    key = unquote(raw_key)
    value: object = unquote(raw_value) if equals else True
    if key is None or key is TOO_DEEP or value is TOO_DEEP:
        return Line(number, section, "fatal", raw_key.strip(BLANKS))
    name = key if isinstance(key, str) else to_string(key)
    array = "json" if isinstance(value, list) else ""
    if isinstance(key, str):
        if len(name) > len("[]") and name.endswith("[]"):
            name, array = name[:-2], "[]"
        if name == "__proto__":
            return None
    return Line(number, section, "setting", name, to_string(value), array=array)


TOO_DEEP: Final = object()  # unquote's answer to JSON that nests deeper than DEEPEST


def unquote(text: str) -> object:
    """A key or value without quotes, escapes and inline comment (ini's ``unsafe``).

    Mostly a str; what a single-quoted JSON text holds otherwise.
    """
    text = text.strip(BLANKS)
    if text[:1] == text[-1:] == '"':
        return _string(text)
    if text[:1] == text[-1:] == "'":
        return _json(text[1:-1])
    if "\\" in text or ";" in text or "#" in text:
        return _unescape(text)
    return text


def _string(text: str) -> str:
    """A JSON string's content; the text itself when it is not one."""
    try:
        value, end = scanstring(text, 1, True)
    except ValueError:
        return text
    return value if end == len(text) else text


def _json(text: str) -> object:
    """What JSON.parse makes of a text; the text itself when it throws."""
    if text[:1] == '"':
        return _string(text)
    if not text or text[0] not in "{[-0123456789tfn \t\n\r":
        return text
    if text.count("[") + text.count("{") > DEEPEST:
        return TOO_DEEP
    from json import loads  # 4 ms, for a spelling that only tests and attackers use

    try:
        return loads(text, parse_constant=_refuse)
    except ValueError:  # also Python's limit on the digits of an int
        return text


def _refuse(word: str) -> object:
    """NaN and Infinity: Python's reader takes them, JSON.parse does not."""
    raise ValueError(word)


def _unescape(text: str) -> str:
    r"""Up to the first ``;`` or ``#`` that no backslash escapes."""
    kept: list[str] = []
    escaped = False
    for character in text:
        if escaped:
            kept.append(character if character in "\\;#" else f"\\{character}")
            escaped = False
        elif character in ";#":
            break
        elif character == "\\":
            escaped = True
        else:
            kept.append(character)
    if escaped:
        kept.append("\\")
    return "".join(kept).strip(BLANKS)


def to_string(value: object) -> str:
    """JavaScript's String(): what a setting is wherever npm uses it as text.

    Nests no deeper than DEEPEST, which _json made sure of.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(float(value)) if -1e300 < value < 1e300 else str(value)  # noqa: PLR2004 - double
    if isinstance(value, list):
        return ",".join("" if item is None else to_string(item) for item in value)
    return "[object Object]"


def _number(value: float) -> str:
    """A finite number as JavaScript writes it, up to its exponents."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)  # noqa: PLR2004 - ECMA-262, 6.1.6.1.20
