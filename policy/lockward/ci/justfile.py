"""justfile: the lines of recipes, each a shell of its own, and recipes that are scripts.

Reference: the manual of just.  ``@`` and ``-`` before a line are just's;
``{{name}}`` is replaced by what the file assigns to the name.
"""

from __future__ import annotations

from lockward.ci import templates
from lockward.ci.command import ANYWHERE, Context
from lockward.ci.script import interpreter
from lockward.ci.text import Text, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.ci.command import Shell
    from lockward.ci.reading import Reading

_SHELLS: Final = frozenset({"sh", "bash", "zsh", "dash", "ksh", "ash", "fish"})
_WINDOWS: Final = ("powershell", "pwsh", "cmd")
_MOST_VALUES: Final = 8


def read(reading: Reading) -> None:
    """Give every recipe to the reading."""
    _Justfile(reading).run()


class _Justfile:
    def __init__(self, reading: Reading) -> None:
        self.reading: Final = reading
        self.values: Final[dict[str, list[Text]]] = {}
        self.context = Context("bash", ANYWHERE, "")

    def run(self) -> None:
        """Read the file: what is indented belongs to the recipe above."""
        body: list[Text] = []
        lines = list(_lines(self.reading.source.whole()))
        for line in lines:
            if line.value[:1] not in (" ", "\t", ""):
                self._statement(line)
        for line in lines:
            if line.value[:1] in (" ", "\t", ""):
                body.append(line)
            else:
                self._recipe(body)
                body = []
        self._recipe(body)

    def _statement(self, line: Text) -> None:
        """``name := "text"``, ``name := `command` ``, ``set shell := [...]``, ``export A``."""
        left, sign, _ = line.value.partition(":=")
        if not sign or line.value.startswith("#"):
            return
        words = left.split()
        value = line.piece(len(left) + 2, len(line.value)).strip()
        if words[:1] == ["set"]:
            if words[1:2] in (["shell"], ["windows-shell"]) and words[1] == "shell":
                self.context = self.context.spoken(_shell(value.value))
            return
        quote = value.value[:1]
        inner = value.piece(1, len(value.value) - 1)
        if quote == "`":
            self.reading.script(inner.piece(0, len(inner.value)), self.context)
        elif quote in ("'", '"') and words:
            values = self.values.setdefault(words[-1], [])
            if len(values) < _MOST_VALUES:
                values.append(inner)
            if words[0] == "export":
                self.context = self.context.having({words[-1]: inner})

    def _recipe(self, body: list[Text]) -> None:
        lines = [line.strip() for line in body]
        first = next((line.value for line in lines if line.value), "")
        if first.startswith("#!"):
            name = interpreter(first)
            if name in _SHELLS:
                self._script(joined(lines, "\n"), self.context.spoken("bash"))
            elif name in ("pwsh", "powershell"):
                self._script(joined(lines, "\n"), self.context.spoken("powershell"))
            return
        for line in _continued(lines):
            length = len(line.value)
            self._script(line.piece(length - len(line.value.lstrip("@-")), length), self.context)

    def _script(self, text: Text, context: Context) -> None:
        for world in templates.worlds(text, "{{", "}}", self._values):
            self.reading.script(world, context)

    def _values(self, expression: Text) -> list[Text]:
        found = self.values.get(expression.value, [])
        for value in found:
            self.reading.value(value)
        return found


def _shell(value: str) -> Shell:
    name = next((name for name in _WINDOWS if name in value.lower()), "")
    return "cmd" if name == "cmd" else "powershell" if name else "bash"


def _lines(text: Text) -> Iterator[Text]:
    start = 0
    while start < len(text.value):
        end = text.value.find("\n", start)
        end = len(text.value) if end < 0 else end
        yield text.piece(start, end)
        start = end + 1


def _continued(lines: list[Text]) -> Iterator[Text]:
    """Lines with those that a backslash joins to them."""
    held: list[Text] = []
    for line in lines:
        held.append(line)
        if not line.value.endswith("\\"):
            yield joined(held, "\n")
            held = []
    if held:
        yield joined(held, "\n")
