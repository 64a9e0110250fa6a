"""PowerShell, read by its own rules: backticks, here-strings, ``&``, ``$env:``, script blocks."""

from __future__ import annotations

from lockward.ci.command import Context
from lockward.ci.names import base_of
from lockward.ci.shell.scope import moved
from lockward.ci.text import UNKNOWN, Builder, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.ci.reading import Reading

_ENDS: Final = ";|&{}()\n,"
_MOVES: Final = frozenset({"cd", "chdir", "sl", "set-location", "push-location", "pushd"})
_MOST_VARIABLES: Final = 256
_EVALUATES: Final = frozenset({"iex", "invoke-expression"})
_STARTS: Final = frozenset({"start-process", "saps", "start"})


class _Word:
    """A word, whether it was quoted, and whether it is a variable."""

    __slots__ = ("called", "quoted", "text")

    def __init__(self, text: Text, *, quoted: bool, called: bool = False) -> None:
        self.text: Final = text
        self.quoted: Final = quoted
        self.called = called


def read(text: Text, context: Context, reading: Reading, depth: int) -> None:
    """Give every command of a PowerShell text to the reading."""
    _Script(context, reading, depth).run(text)


class _Script:
    def __init__(self, context: Context, reading: Reading, depth: int) -> None:
        self.context: Final = context
        self.reading: Final = reading
        self.depth: Final = depth
        self.environment = context.environment
        self.directory = context.directory
        self.values = {f"$env:{n}".lower(): t[-1] for n, t in context.variables.items()}

    def run(self, text: Text) -> None:
        """Read the statements in their order."""
        for words in statements(text):
            self._statement(words)

    def _statement(self, words: list[_Word]) -> None:
        assigned = len(words) > 1 and words[0].text.value[:1] == "$" and words[1].text.value == "="
        if assigned:
            if self._assign(words):
                return
            words = words[2:]
        if not words or (words[0].quoted and not words[0].called):
            return  # a string alone is a value, not a command
        argv = self._argv(words)
        name = argv[0].value.lower() if argv else ""
        if name in _MOVES and len(argv) > 1:
            target = argv[-1].value.replace("\\", "/")
            self.directory = moved(self.directory, target) if ":" not in target else None
        context = Context("powershell", self.environment, self.directory, self.context.variables)
        if name in _EVALUATES:
            for word in argv[1:]:
                if " " in word.value:
                    self.reading.script(word, context, self.depth + 1)
        elif base_of(name) in _STARTS:
            self._start(argv, context)
        elif argv:
            self.reading.argv(argv, context, self.depth)

    def _assign(self, words: list[_Word]) -> bool:
        """``$x = "text"``; False when the right side is a command: ``$x = npm install``."""
        name = words[0].text.value.lower()
        literal = len(words) == 3 and words[2].quoted  # noqa: PLR2004 - $x = "text"
        if not literal:
            return False
        if name.startswith("$env:"):
            spelled = words[0].text.value[5:]
            self.environment = self.environment.having({spelled: words[2].text.value})
        if len(self.values) < _MOST_VARIABLES:
            self.values[name] = words[2].text
        return True

    def _argv(self, words: list[_Word]) -> list[Text]:
        argv: list[Text] = []
        for word in words:
            value = word.text.value
            held = self.values.get(value.lower()) if value[:1] == "$" else None
            if held is not None:
                self.reading.value(held)
                argv += held.split()
            elif value[:1] == "$":
                argv.append(Text(UNKNOWN, (0,), (word.text.at(),)))
            else:
                argv.append(word.text)
        return argv

    def _start(self, argv: list[Text], context: Context) -> None:
        """``Start-Process npm -ArgumentList "install"``."""
        words: list[Text] = []
        for word in argv[1:]:
            if word.value[:1] != "-" or words[1:]:
                words += word.split()
        if words:
            self.reading.argv(words, context, self.depth)


def statements(text: Text) -> Iterator[list[_Word]]:
    """The commands and expressions of a text, as words."""
    words: list[_Word] = []
    value = text.value
    index, called = 0, False
    while index < len(value):
        char = value[index]
        if char in " \t":
            index += 1
        elif char == "`" and value[index + 1 : index + 2] == "\n":
            index += 2
        elif char == "#" or value.startswith("<#", index):
            index = _comment_end(value, index)
        elif char == "," and words and not words[0].quoted:
            index += 1  # -ArgumentList a, b
        elif char in _ENDS:
            if words:
                yield words
            words = []
            called = char == "&"
            index += 1
        else:
            word, index = _word(text, index)
            word.called = called
            called = False
            words.append(word)
    if words:
        yield words


def _comment_end(value: str, index: int) -> int:
    closing, width = ("#>", 2) if value.startswith("<#", index) else ("\n", 0)
    end = value.find(closing, index)
    return len(value) if end < 0 else end + width


def _word(text: Text, index: int) -> tuple[_Word, int]:
    value = text.value
    if value[index] == "@" and value[index + 1 : index + 2] in ("'", '"'):
        quote = value[index + 1]
        end = value.find(f"\n{quote}@", index)
        end = len(value) if end < 0 else end + 3
        return _Word(text.piece(index + 2, max(end - 3, index + 2)), quoted=True), end
    builder = Builder()
    quoted = value[index] in "\"'"
    start = index
    while index < len(value) and value[index] not in " \t" and value[index] not in _ENDS:
        char = value[index]
        if char in "\"'":
            builder.append(text.piece(start, index))
            end = _quote_end(value, index)
            builder.append(text.piece(index + 1, end))
            index = start = end + 1
        elif char == "`":
            builder.append(text.piece(start, index))
            start = index + 1
            index += 2
        else:
            index += 1
    builder.append(text.piece(start, min(index, len(value))))
    return _Word(builder.text(text.at(start)), quoted=quoted), max(index, start)


def _quote_end(value: str, index: int) -> int:
    """The index of the quote that closes the one at index."""
    quote = value[index]
    index += 1
    while index < len(value):
        if value[index] == "`" and quote == '"':
            index += 2
            continue
        if value[index] == quote:
            if value[index + 1 : index + 2] != quote:
                return index
            index += 1
        index += 1
    return len(value)
