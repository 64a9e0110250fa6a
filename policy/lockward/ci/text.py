"""Text of a CI file, and where each piece of it stands in the file.

Everything downstream works on one cleaned copy of a file: ASCII only (any other
byte is one ``_``), lines end in LF.  Offsets are then the same in characters
and bytes, and no invisible character separates words.
"""

from __future__ import annotations

from bisect import bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

# Stands for text that only a run will know: a template, an unset variable, a glob's result.
# Cleaning leaves no such character in a file, and a shell takes it for a letter.
UNKNOWN: Final = "\x01"
# Behind it: the text was quoted, so it is one word and no option: `npm i "$tarball"`.
QUOTED: Final = "\x03"
# Likewise, for the arguments that a function or script is called with.
ARGUMENTS: Final = "\x02"

_ASCII: Final = bytes(
    byte if byte in b"\t\n" or (chr(byte).isascii() and chr(byte).isprintable()) else ord("_")
    for byte in range(256)
)
_SHOWN: Final = 1_000  # bytes of a line; a longer one is no line to show
_UTF16: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def normal(data: bytes) -> bytes:
    """The bytes as UTF-8 without mark and with LF: what PowerShell saves as UTF-16 included."""
    encoding = _UTF16.get(data[:2])
    if encoding:
        data = data[2:].decode(encoding, "replace").encode("utf-8", "replace")
    elif data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def fold(name: str) -> str:
    """A name of the repository, spelled as cleaned text spells it."""
    return name.encode("utf-8", "surrogateescape").translate(_ASCII).decode("ascii")


class Source:
    """A file: its path, its cleaned text, and its lines."""

    __slots__ = ("_raw", "_starts", "path", "text")

    def __init__(self, path: str, data: bytes) -> None:
        self.path: Final = path
        self._raw: Final = normal(data)
        self.text: Final = self._raw.translate(_ASCII).decode("ascii")
        starts = [0]
        place = self.text.find("\n") + 1
        while place:
            starts.append(place)
            place = self.text.find("\n", place) + 1
        self._starts: Final = starts

    def line_at(self, offset: int) -> int:
        """The line (from 1) of an offset."""
        return bisect_right(self._starts, offset)

    def column_at(self, offset: int) -> int:
        """The column (from 1, in bytes of UTF-8) of an offset."""
        return offset - self._starts[self.line_at(offset) - 1] + 1

    def line(self, number: int) -> str:
        """A line as the file has it, or its start, without blanks around; for display."""
        start = self._starts[number - 1]
        end = self.text.find("\n", start)
        end = len(self.text) if end < 0 else end
        raw = self._raw[start : min(end, start + _SHOWN)]
        return raw.decode("utf-8", "replace").strip()

    def whole(self) -> Text:
        """The file as one piece."""
        return Text(self.text, (0,), (0,))

    def piece(self, start: int, end: int) -> Text:
        """A stretch of the file."""
        return Text(self.text[start:end], (0,), (start,))


class Text:
    """Text, and for each stretch of it the offset in the file where it was taken.

    ``starts`` are offsets in ``value``, ascending from 0; ``places`` the offsets
    in the file of the same stretches.
    """

    __slots__ = ("places", "starts", "value")

    def __init__(self, value: str, starts: Iterable[int], places: Iterable[int]) -> None:
        self.value: Final = value
        self.starts: Final = tuple(starts)
        self.places: Final = tuple(places)

    def at(self, offset: int = 0) -> int:
        """The offset in the file of an offset in ``value``."""
        index = max(bisect_right(self.starts, offset) - 1, 0)
        return self.places[index] + offset - self.starts[index]

    def piece(self, start: int, end: int) -> Text:
        """A stretch of this text."""
        if len(self.starts) == 1:
            return Text(self.value[start:end], (0,), (self.places[0] + start - self.starts[0],))
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = max(bisect_right(self.starts, end), first + 1)
        starts = [max(offset - start, 0) for offset in self.starts[first:last]]
        places = [self.at(start), *self.places[first + 1 : last]]
        return Text(self.value[start:end], starts, places)

    def strip(self) -> Text:
        """Without blanks at either end."""
        start = len(self.value) - len(self.value.lstrip())
        return self.piece(start, max(len(self.value.rstrip()), start))

    def split(self) -> list[Text]:
        """The words between blanks."""
        return [self.piece(start, end) for start, end in _words(self.value)]


def _words(value: str) -> list[tuple[int, int]]:
    found = []
    end = 0
    for word in value.split():
        start = value.index(word, end)
        end = start + len(word)
        found.append((start, end))
    return found


class Builder:
    """Puts a Text together from pieces."""

    __slots__ = ("_length", "_places", "_starts", "_values")

    def __init__(self) -> None:
        self._values: list[str] = []
        self._starts: list[int] = []
        self._places: list[int] = []
        self._length = 0

    def add(self, value: str, place: int) -> None:
        """Append a string that stands at an offset of the file."""
        if value:
            self._starts.append(self._length)
            self._places.append(place)
            self._values.append(value)
            self._length += len(value)

    def append(self, text: Text) -> None:
        """Append a text with its places."""
        if text.value:
            self._starts.extend(self._length + start for start in text.starts)
            self._places.extend(text.places)
            self._values.append(text.value)
            self._length += len(text.value)

    def text(self, place: int = 0) -> Text:
        """What was put together; ``place`` where nothing was."""
        if not self._starts:
            return Text("", (0,), (place,))
        return Text("".join(self._values), self._starts, self._places)


def joined(texts: Iterable[Text], separator: str = " ") -> Text:
    """Texts with a separator between them."""
    builder = Builder()
    last: Text | None = None
    for text in texts:
        if last is not None:
            builder.add(separator, last.at(len(last.value)))
        builder.append(text)
        last = text
    return builder.text(last.at() if last else 0)
