"""The strings of a TOML file with their places: all that a CI family needs of the format."""

from __future__ import annotations

from lockward.ci.text import Builder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.ci.text import Text

_ESCAPES: Final = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "r": "\r"}


def strings(text: Text) -> Iterator[tuple[str, str, Text]]:
    """Each string value: the table it stands in, its key (dots kept), and its text.

    Inline tables are cut like lines: ``build = {command = "x"}`` gives
    ``("build", "command", x)``.
    """
    scanner = _Scanner(text)
    while scanner.index < len(text.value):
        yield from scanner.statement()


class _Scanner:
    def __init__(self, text: Text) -> None:
        self.text: Final = text
        self.index = 0
        self.table = ""

    def statement(self) -> Iterator[tuple[str, str, Text]]:
        """One line, or one key with a value that may span several."""
        value = self.text.value
        start = self.index
        end = value.find("\n", start)
        end = len(value) if end < 0 else end
        line = value[start:end].strip()
        if not line or line[0] == "#":
            self.index = end + 1
        elif line[0] == "[":
            self.table = _name(line.split("#")[0].strip("[] \t"))
            self.index = end + 1
        else:
            yield from self._pair(end)

    def _pair(self, end: int) -> Iterator[tuple[str, str, Text]]:
        value = self.text.value
        equals = value.find("=", self.index, end)
        if equals < 0:
            self.index = end + 1
            return
        table, key = self.table, _name(value[self.index : equals])
        self.index = equals + 1
        while self.index < len(value) and value[self.index] in " \t{":
            if value[self.index] == "{":  # an inline table: its first key follows
                table, key = (f"{table}.{key}".strip("."), "")
                equals = value.find("=", self.index)
                if equals < 0:
                    break
                key = _name(value[self.index + 1 : equals])
                self.index = equals
            self.index += 1
        if value[self.index : self.index + 1] in ("'", '"'):
            found = self._string()
            folder, dot, last = key.rpartition(".")
            yield (f"{table}.{folder}".strip(".") if dot else table), last, found
        self._rest_of_line()

    def _rest_of_line(self) -> None:
        """Go to the next line, or to the next key of an inline table."""
        value = self.text.value
        end = value.find("\n", self.index)
        self.index = len(value) if end < 0 else end + 1

    def _string(self) -> Text:
        value = self.text.value
        quote = value[self.index]
        fence = quote * 3 if value.startswith(quote * 3, self.index) else quote
        start = self.index + len(fence)
        if len(fence) > 1 and value.startswith("\n", start):
            start += 1  # the first line break of a multi-line string is not part of it
        end = start
        while end < len(value) and not value.startswith(fence, end):
            if len(fence) == 1 and value[end] == "\n":
                break
            end += 2 if quote == '"' and value[end] == "\\" else 1
        self.index = end + len(fence)
        piece = self.text.piece(start, min(end, len(value)))
        return _decoded(piece) if quote == '"' and "\\" in piece.value else piece


def _decoded(text: Text) -> Text:
    """A basic string without its escapes; a backslash at a line's end joins the lines."""
    builder = Builder()
    value = text.value
    index = start = 0
    while index < len(value):
        if value[index] != "\\":
            index += 1
            continue
        builder.append(text.piece(start, index))
        escape = value[index + 1 : index + 2]
        place = text.at(index)
        index += 2
        if escape in ("\n", " "):
            while value[index : index + 1] in ("\n", " ", "\t") and index < len(value):
                index += 1
        else:
            builder.add(_ESCAPES.get(escape, escape), place)
        start = index
    builder.append(text.piece(start, len(value)))
    return builder.text(text.at())


def _name(written: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in written.strip().split("."))
