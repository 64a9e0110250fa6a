"""Jenkinsfiles and shared libraries: what ``sh``, ``bat``, ``powershell`` and ``pwsh`` are given.

Reference: the pipeline steps reference of Jenkins.  A string stands alone or as
``script:``; ``${name}`` is replaced by what the file assigns to the name.
Blocks of ``dir`` move the folder, ``environment`` and ``withEnv`` set variables.
"""

from __future__ import annotations

from lockward.ci.command import Context, Environment
from lockward.ci.scriptstrings import Token, tokens
from lockward.ci.shell.scope import moved
from lockward.ci.text import UNKNOWN, Builder, Text, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.command import Shell
    from lockward.ci.reading import Reading

_RUNNER: Final = Environment({"CI": "true", "BUILD_NUMBER": "1", "JENKINS_URL": "1"})
_STEPS: Final[dict[str, Shell]] = {
    "sh": "bash",
    "bat": "cmd",
    "powershell": "powershell",
    "pwsh": "powershell",
}
_REMOTE_KEYS: Final = ("execCommand", "command")  # sshPublisher's transfers, sshCommand
_MOST_VALUES: Final = 8
_LONGEST: Final = 16_384  # of a string with its values put in
_MOST_PARTS: Final = 32  # of one string joined by `+`
_MOST_TOKENS: Final = 256  # of one bracket


def read(reading: Reading) -> None:
    """Give every command of a pipeline to the reading."""
    _Pipeline(reading).run()


class _Pipeline:
    def __init__(self, reading: Reading) -> None:
        self.reading: Final = reading
        self.tokens: Final = list(tokens(reading.source.whole(), groovy=True))
        self.values: Final[dict[str, list[Text]]] = {}
        self.levels: list[Context] = [Context("bash", _RUNNER, "")]
        self.pending: Context | None = None  # what the next block is read with
        self.in_environment: list[bool] = [False]

    def run(self) -> None:
        """Take assignments first, then read in order, keeping track of blocks."""
        for index, token in enumerate(self.tokens):
            if token.kind == "word":
                self._assignment(index)
        for index, token in enumerate(self.tokens):
            if token.kind == "word":
                self._word(index, token.text.value)
            elif token.is_sign("{"):
                self.levels.append(self.pending or self.levels[-1])
                before = self.tokens[index - 1].text.value if index else ""
                self.in_environment.append(before == "environment")
                self.pending = None
            elif token.is_sign("}") and len(self.levels) > 1:
                self.levels.pop()
                self.in_environment.pop()

    def _at(self, index: int) -> Token | None:
        return self.tokens[index] if 0 <= index < len(self.tokens) else None

    def _assignment(self, index: int) -> None:
        """``def name = "text"``, ``NAME = 'text'``."""
        sign, value, more = self._at(index + 1), self._at(index + 2), self._at(index + 3)
        if sign is None or value is None or not sign.is_sign("="):
            return
        if value.kind == "string" and not (more is not None and more.is_sign("+")):
            values = self.values.setdefault(self.tokens[index].text.value, [])
            if len(values) < _MOST_VALUES:
                values.append(value.text)
                self.reading.value(value.text)

    def _word(self, index: int, word: str) -> None:
        following = self._at(index + 1)
        if following is None:
            return
        if word in _STEPS and not following.is_sign(".,=:)]}"):
            self._step(index + 1, _STEPS[word])
        elif word == "dir":
            folder = self._strings(index + 1)
            target = self._expanded(folder[0], 0).value if folder else UNKNOWN
            self.pending = self.levels[-1].at(moved(self.levels[-1].directory, target))
        elif word == "withEnv":
            given = (text.value.partition("=") for text in self._strings(index + 1))
            environment = self.levels[-1].environment.having({k: v for k, _, v in given})
            self.pending = self.levels[-1].within(environment)
        elif self.in_environment[-1] and following.is_sign("="):
            value = self._at(index + 2)
            if value is not None and value.kind == "string":
                self._export(word, value.text)
        elif word in _REMOTE_KEYS and following.is_sign(":"):
            self._given(index + 2, Context("bash", Environment(), None))

    def _export(self, name: str, value: Text) -> None:
        """A line of an ``environment`` block holds for the block around it."""
        if len(self.levels) > 1:
            self.levels[-2] = self.levels[-2].having({name: value})

    def _step(self, index: int, shell: Shell) -> None:
        """The script that a step is given: alone, or as its ``script:``."""
        context = self.levels[-1].spoken(shell)
        depth = 0
        for place in range(index, min(index + 64, len(self.tokens))):
            token = self.tokens[place]
            depth += token.is_sign("([") - token.is_sign(")]")
            named = self._at(place + 1)
            if token.kind == "word" and named is not None and named.is_sign(":"):
                if token.text.value == "script":
                    self._given(place + 2, context)
                    return
            elif depth < 0 or token.is_sign("{};"):
                return
            elif token.kind != "sign" and not self._is_label(place):
                self._given(place, context)
                return

    def _is_label(self, place: int) -> bool:
        """Whether a token is the value of another argument: ``label: 'npm install'``."""
        before = self._at(place - 1)
        return before is not None and before.is_sign(":")

    def _given(self, place: int, context: Context) -> None:
        """A string, several joined by ``+``, or a variable that holds one."""
        parts: list[Token] = []
        token = self._at(place)
        while token is not None and token.kind != "sign" and len(parts) < _MOST_PARTS:
            parts.append(token)
            place += 2
            between, token = self._at(place - 1), self._at(place)
            if between is None or not between.is_sign("+"):
                break
        names = [name for part in parts for name in _names(part)]
        width = max((len(self.values.get(name, ())) for name in names), default=1)
        for world in range(max(width, 1)):
            text = joined((self._part(part, world) for part in parts), "")
            self.reading.script(text, context)

    def _part(self, part: Token, world: int) -> Text:
        """An operand as text: ``'...'`` as it stands, ``"..."`` with its ``${name}`` put in."""
        if part.kind == "string":
            return self._expanded(part.text, world) if part.live else part.text
        values = self.values.get(part.text.value, [])
        if not values:
            return Text(UNKNOWN, (0,), (part.text.at(),))
        return values[min(world, len(values) - 1)]

    def _strings(self, index: int) -> list[Text]:
        """The strings of the bracket that opens at an index, or the one that stands there."""
        found: list[Text] = []
        depth = 0
        for token in self.tokens[index : index + _MOST_TOKENS]:
            depth += token.is_sign("([") - token.is_sign(")]")
            if token.kind == "string":
                found.append(token.text)
            if depth <= 0:
                break
        return found

    def _expanded(self, text: Text, world: int) -> Text:
        """``${name}`` and ``$name`` put in where the file assigns them; others stay the shell's."""
        builder = Builder()
        value = text.value
        index = start = length = 0
        while index < len(value) and length < _LONGEST:
            name, width = _name_at(value, index)
            values = self.values.get(name, [])
            if not values:
                index += 1
                continue
            builder.append(text.piece(start, index))
            chosen = values[min(world, len(values) - 1)]
            length += len(chosen.value)
            builder.append(chosen)
            index += width
            start = index
        builder.append(text.piece(start, len(value)))
        return builder.text(text.at())


def _names(part: Token) -> list[str]:
    """The names whose values an operand needs."""
    if part.kind == "word":
        return [part.text.value]
    value = part.text.value if part.live else ""
    return [_name_at(value, index)[0] for index, char in enumerate(value) if char == "$"]


def _name_at(value: str, index: int) -> tuple[str, int]:
    """The name of an interpolation that starts at an index, and its width; ("", 1) for none."""
    if value[index] != "$":
        return "", 1
    if value[index + 1 : index + 2] == "{":
        end = value.find("}", index)
        name = value[index + 2 : end].strip().removeprefix("env.").removeprefix("params.")
        return (name, end + 1 - index) if end > 0 else ("", 1)
    end = index + 1
    while end < len(value) and (value[end].isalnum() or value[end] == "_"):
        end += 1
    return value[index + 1 : end], end - index
