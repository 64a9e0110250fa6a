"""Makefiles: the recipes, each line a shell of its own, and ``$(shell ...)``.

Reference: the GNU make manual.  A line of a recipe starts with a tab (or stands
behind ``target: prerequisites ;``); ``@``, ``-`` and ``+`` before it are make's.
Variables that the file sets are put in, ``$$`` is the shell's ``$``.
"""

from __future__ import annotations

from lockward.ci.command import ANYWHERE, Context
from lockward.ci.script import surroundings
from lockward.ci.text import UNKNOWN, Builder, Text, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.ci.command import Environment
    from lockward.ci.reading import Reading

_ASSIGNS: Final = ("::=", ":=", "?=", "+=", "!=", "=")
_TELLING: Final = {"NPM": "npm", "YARN": "yarn", "PNPM": "pnpm", "BUN": "bun"}
_CONDITIONALS: Final = ("if", "else", "endif", "include", "-include", "#")
_MOST_VARIABLES: Final = 500
_MOST_VALUES: Final = 8  # of one variable
_DEEPEST: Final = 4  # $(A) -> $(B) -> text
_LONGEST: Final = 16_384  # of a line, and of what becomes of it


def read(reading: Reading) -> None:
    """Give every recipe line to the reading."""
    _Makefile(reading).run()


class _Makefile:
    def __init__(self, reading: Reading) -> None:
        self.reading: Final = reading
        self.values: Final[dict[str, list[Text]]] = {}
        self.environment: Environment = ANYWHERE
        self.one_shell = ".ONESHELL" in reading.source.text

    def run(self) -> None:
        """Take the variables first: make expands recipes after it has read the whole file."""
        statements = list(_statements(_logical(self.reading.source.whole())))
        for recipe, line in statements:
            if not recipe:
                self._variable(line)
        path = self.reading.source.path
        context = Context("bash", surroundings(path).having(dict(self.environment.variables)), "")
        lines: list[Text] = []
        for recipe, line in statements:
            if recipe:
                lines.append(_bare(line))
                continue
            self._recipe(lines, context)
            inline = _inline(line)
            lines = [] if inline is None else [_bare(inline)]
            self._functions(line, context)
        self._recipe(lines, context)

    def _variable(self, line: Text) -> None:
        """``NAME ?= text``, ``export NAME := text``, ``define NAME`` and its lines."""
        line = line.strip()
        value = line.value
        if value.startswith("define "):
            head, _, _ = value.partition("\n")
            words = head.split()
            self._set(words[1] if words[1:] else "", line.piece(len(head) + 1, len(value)))
            return
        place = value.find("=")
        if place < 0 or len(self.values) > _MOST_VARIABLES:
            return
        sign = next(sign for sign in _ASSIGNS if value[: place + 1].endswith(sign))
        words = value[: place + 1 - len(sign)].split()
        words = [word for word in words if word not in ("override", "private")]
        exported = words[:1] == ["export"]
        name = words[-1] if words else ""
        if len(words) != 1 + exported or ":" in name or "$" in name:
            return
        text = line.piece(place + 1, len(value)).strip()
        self._set(name, text)
        if exported or name == "CI":
            self.environment = self.environment.having({name: text.value})

    def _set(self, name: str, text: Text) -> None:
        values = self.values.setdefault(name, [])
        if len(values) < _MOST_VALUES:
            values.append(text)
            self.reading.value(text)

    def _recipe(self, lines: list[Text], context: Context) -> None:
        if self.one_shell and lines:
            lines = [joined(lines, "\n")]
        for line in lines:
            for world in self._worlds(line):
                self.reading.script(world, context)

    def _functions(self, line: Text, context: Context) -> None:
        """``$(shell text)`` outside of recipes."""
        start = line.value.find("$(shell ") if len(line.value) <= _LONGEST else -1
        while start >= 0:
            end = _closing(line.value, start + 1)
            self.reading.script(line.piece(start + 8, end), context)
            start = line.value.find("$(shell ", start + 8)

    def _worlds(self, line: Text) -> Iterator[Text]:
        """The line as the shell sees it, once for each value of the variables in it."""
        if len(line.value) > _LONGEST:
            yield line
            return
        names = {name for name in _names(line.value) if name in self.values}
        width = max((len(self.values[name]) for name in names), default=1)
        for world in range(min(width, _MOST_VALUES)):
            yield self._expanded(line, world, 0)

    def _expanded(self, line: Text, world: int, depth: int) -> Text:
        builder = Builder()
        value = line.value
        index = start = length = 0
        while index < len(value) and length < _LONGEST:
            if value[index] != "$":
                index += 1
                continue
            builder.append(line.piece(start, index))
            text, index = self._reference(line, index, world, depth)
            length += len(text.value)
            builder.append(text)
            start = index
        builder.append(line.piece(start, len(value)))
        return builder.text(line.at())

    def _reference(self, line: Text, index: int, world: int, depth: int) -> tuple[Text, int]:
        """What stands for the ``$`` at an index, and the index behind it."""
        following = line.value[index + 1 : index + 2]
        place = line.at(index)
        if following == "$":
            return Text("$", (0,), (place,)), index + 2
        if following not in ("(", "{"):
            return Text(UNKNOWN, (0,), (place,)), index + 2
        end = _closing(line.value, index + 1)
        name = line.value[index + 2 : end]
        if name.startswith("shell "):
            inner = self._expanded(line.piece(index + 8, end), world, depth + 1)
            return _joined("$(", inner, ")"), end + 1
        values = self.values.get(name, [])
        if not values or depth >= _DEEPEST:
            return Text(_TELLING.get(name, UNKNOWN), (0,), (place,)), end + 1
        return self._expanded(values[min(world, len(values) - 1)], world, depth + 1), end + 1


def _joined(before: str, text: Text, after: str) -> Text:
    builder = Builder()
    builder.add(before, text.at())
    builder.append(text)
    builder.add(after, text.at())
    return builder.text()


def _logical(text: Text) -> Iterator[Text]:
    """Lines, each with those that a backslash at its end joins to it; comments left out."""
    value = text.value
    start = 0
    while start < len(value):
        end = value.find("\n", start)
        end = len(value) if end < 0 else end
        while value[end - 1 : end] == "\\" and end < len(value):
            end = value.find("\n", end + 1)
            end = len(value) if end < 0 else end
        line = text.piece(start, end)
        if not line.value.lstrip(" ").startswith("#"):
            yield line
        start = end + 1


def _statements(lines: Iterator[Text]) -> Iterator[tuple[bool, Text]]:
    """Each line, and whether it belongs to a recipe: a tab counts behind a rule only.

    An assignment ends the rule above it; conditionals and empty lines do not.
    What stands between ``define`` and ``endef`` is one statement.
    """
    ruled = False
    held: list[Text] = []
    for line in lines:
        bare = line.value.strip()
        if held or bare.startswith("define "):
            held.append(line)
            if bare == "endef":
                yield False, joined(held[:-1], "\n")
                held = []
        elif ruled and line.value.startswith("\t"):
            yield True, line
        else:
            if bare and not bare.startswith(_CONDITIONALS):
                ruled = _is_rule(bare)
            yield False, line


def _is_rule(bare: str) -> bool:
    """Whether a line names targets: its first colon is no assignment's."""
    colon, equals = bare.find(":"), bare.find("=")
    return (
        colon > 0
        and not (0 <= equals < colon)
        and bare[colon + 1 : colon + 3].lstrip(":")[:1] != "="
    )


def _bare(line: Text) -> Text:
    """A recipe's line without its tab and make's own signs."""
    length = len(line.value)
    return line.piece(length - len(line.value.lstrip("\t @+-")), length)


def _inline(line: Text) -> Text | None:
    """The recipe behind ``target: prerequisites ;``."""
    colon = line.value.find(":")
    semicolon = line.value.find(";", colon)
    if colon <= 0 or semicolon < 0 or "=" in line.value[:semicolon]:
        return None
    return line.piece(semicolon + 1, len(line.value))


def _names(value: str) -> Iterator[str]:
    start = value.find("$")
    while start >= 0:
        if value[start + 1 : start + 2] in ("(", "{"):
            yield value[start + 2 : _closing(value, start + 1)]
        start = value.find("$", start + 2)


def _closing(value: str, index: int) -> int:
    """The index of the bracket that closes the one at an index; the end when none does."""
    opening = value[index]
    closing = ")" if opening == "(" else "}"
    depth = 0
    for place in range(index, len(value)):
        depth += (value[place] == opening) - (value[place] == closing)
        if depth == 0:
            return place
    return len(value)
