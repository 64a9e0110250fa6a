"""On which line of a TOML file a key stands: the parsers do not say.

Only an error message asks, after the text has parsed, so this is a small
scanner: headers, dotted and quoted keys, values skipped over.  The keys inside
an inline table count as standing where the table does.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Place = tuple[str | int, ...]


def places(text: str) -> Mapping[Place, int]:
    """The line (from 1) of every table and key; ``("paths", 1, "match")`` for arrays."""
    return _Scanner(text).scan()


class _Scanner:
    """One pass over the text, a statement at a time; total on any text."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.line = 1
        self.found: dict[Place, int] = {}
        self.counts: dict[Place, int] = {}
        self.table: Place = ()

    def scan(self) -> Mapping[Place, int]:
        while self.at < len(self.text):
            character = self.text[self.at]
            if character in " \t\n":
                self._step()
            elif character == "#":
                self._to_end_of_line()
            elif character == "[":
                self._header()
            else:
                self._key_value()
        return self.found

    def _step(self) -> None:
        self.line += self.text[self.at] == "\n"
        self.at += 1

    def _to_end_of_line(self) -> None:
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end

    def _header(self) -> None:
        array = self.text.startswith("[[", self.at)
        self.at += 2 if array else 1
        self.table = self._resolve(self._key("]"))
        if array:
            index = self.counts.get(self.table, 0)
            self.counts[self.table] = index + 1
            self.found.setdefault(self.table, self.line)
            self.table = (*self.table, index)
        self.found.setdefault(self.table, self.line)
        self._to_end_of_line()

    def _resolve(self, parts: list[str]) -> Place:
        """A header's key; a part that names an array means its last table."""
        place: Place = ()
        for number, part in enumerate(parts):
            place = (*place, part)
            if number < len(parts) - 1 and place in self.counts:
                place = (*place, self.counts[place] - 1)
        return place

    def _key_value(self) -> None:
        line = self.line
        place = self.table
        for part in self._key("="):
            place = (*place, part)
            self.found.setdefault(place, line)
        self.at += 1
        self._value()

    def _key(self, end: str) -> list[str]:
        """The parts of a dotted key, up to the character that ends it."""
        parts = [""]
        while self.at < len(self.text) and self.text[self.at] not in (end, "\n"):
            character = self.text[self.at]
            if character in "\"'":
                start = self.at + 1
                self._string()
                parts[-1] = self.text[start : self.at - 1]
                continue
            if character == ".":
                parts.append("")
            elif character not in " \t":
                parts[-1] += character
            self.at += 1
        return parts

    def _value(self) -> None:
        """Skips a value: to the end of the line on which no bracket is open."""
        depth = 0
        while self.at < len(self.text):
            character = self.text[self.at]
            if character in "\"'":
                self._string()
                continue
            if character == "#":
                self._to_end_of_line()
                continue
            if character == "\n" and depth <= 0:
                return
            depth += (character in "[{") - (character in "]}")
            self._step()

    def _string(self) -> None:
        """Skips a string of any of the four kinds."""
        quote = self.text[self.at]
        fence = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        end = self.at + len(fence)
        while end < len(self.text) and not self.text.startswith(fence, end):
            if len(fence) == 1 and self.text[end] == "\n":
                break  # not TOML; no string runs away with the rest of the file
            end += 2 if quote == '"' and self.text[end] == "\\" else 1
        end += len(fence)
        while len(fence) > 1 and self.text.startswith(quote, end):
            end += 1  # a multi-line string may end in up to two quotes of its own
        self.line += self.text.count("\n", self.at, end)
        self.at = end
