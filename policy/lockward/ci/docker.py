"""Dockerfile and Containerfile: instructions that run commands while the image is built or starts.

Reference: Docker's Dockerfile reference.  A build has no CI variables but those
that ENV and ARG set.
"""

from __future__ import annotations

from lockward.ci.command import Context, Environment
from lockward.ci.docker_text import Instruction, instructions
from lockward.ci.jsonlist import strings
from lockward.ci.script import interpreter
from lockward.ci.shell.options import Shape, cut

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

    from lockward.ci.command import Shell
    from lockward.ci.reading import Reading
    from lockward.ci.text import Text

_RUN: Final = Shape()  # --mount=..., --network=...: options with = only
_WINDOWS_SHELLS: Final[dict[str, Shell]] = {
    "cmd": "cmd",
    "powershell": "powershell",
    "pwsh": "powershell",
}
_VARIABLE_PLACES: Final = 64  # values of ENV and ARG that are kept for one stage


class _Stage:
    """What holds at one instruction: ENV and ARG, WORKDIR, SHELL."""

    __slots__ = ("shell", "values")

    def __init__(self, values: dict[str, Text], shell: Shell) -> None:
        self.values = dict(values)
        self.shell = shell

    def context(self) -> Context:
        """The circumstances of a RUN; the folder is inside the image, so it is not known."""
        environment = Environment({name: text.value for name, text in self.values.items()})
        names = {name: (text,) for name, text in self.values.items()}
        return Context(self.shell, environment, None, names)


def read(reading: Reading) -> None:
    """Give every command of a Dockerfile to the reading."""
    Build(reading).run()


class Build:
    """One pass over a file, stage by stage."""

    def __init__(self, reading: Reading) -> None:
        self.reading: Final = reading
        self.shell: Shell = "bash"
        self.arguments: dict[str, Text] = {}  # ARG before the first FROM
        self.stages: dict[str, _Stage] = {}
        self.stage = _Stage({}, self.shell)
        self.seen_from = False

    def run(self) -> None:
        """Read the whole file."""
        for instruction in instructions(self.reading.source):
            if instruction.escape == "`" and not self.seen_from:
                self.stage.shell = self.shell = "cmd"  # the escape of Windows images
            self.take(instruction)

    def take(self, instruction: Instruction) -> None:
        """Do what one instruction says."""
        handler = HANDLERS.get(instruction.keyword)
        if handler is not None:
            handler(self, instruction)

    def context(self) -> Context:
        """The circumstances of a command at this point."""
        return self.stage.context()

    def onbuild(self, instruction: Instruction) -> None:
        """``ONBUILD RUN ...``: the instruction inside runs in the builds on top."""
        self.take(instruction.inner())

    def begin(self, instruction: Instruction) -> None:
        """``FROM image AS name``: a stage starts where the named one ended."""
        words = cut(instruction.text.split(), _RUN).rest
        base = words[0].value.lower() if words else ""
        parent = self.stages.get(base)
        windows = "windows" in base or "nanoserver" in base
        shell: Shell = "cmd" if windows else self.shell
        self.stage = _Stage(parent.values if parent else {}, parent.shell if parent else shell)
        self.seen_from = True
        if len(words) > 2 and words[1].value.lower() == "as":  # noqa: PLR2004 - FROM image AS name
            self.stages[words[2].value.lower()] = self.stage

    def variables(self, instruction: Instruction) -> None:
        """``ENV A=1 B="2"`` (and the old ``ENV A 1``), ``ARG A=1``."""
        words = quoted_words(instruction.text)
        if not words or len(self.stage.values) > _VARIABLE_PLACES:
            return
        if instruction.keyword == "ENV" and "=" not in words[0].value:
            rest = instruction.text.piece(len(words[0].value), len(instruction.text.value)).strip()
            self.stage.values[words[0].value] = rest
            return
        for word in words:
            name, equals, _ = word.value.partition("=")
            text = word.piece(len(name) + 1, len(word.value))
            if equals:
                self.stage.values[name] = text
                if not self.seen_from:
                    self.arguments[name] = text
            elif name in self.arguments and name not in self.stage.values:
                self.stage.values[name] = self.arguments[name]

    def set_shell(self, instruction: Instruction) -> None:
        """``SHELL ["pwsh", "-Command"]``."""
        words = strings(instruction.text)
        if words:
            name = words[0].value.replace("\\", "/").rpartition("/")[2].lower()
            self.stage.shell = _WINDOWS_SHELLS.get(name.removesuffix(".exe"), "bash")

    def command(self, instruction: Instruction) -> None:
        """RUN, CMD, ENTRYPOINT: shell form, exec form, or heredocs."""
        text = instruction.text
        while text.value.startswith("--"):
            end = next((i for i, char in enumerate(text.value) if char.isspace()), len(text.value))
            text = text.piece(end, len(text.value)).strip()
        context = self.context()
        words = strings(text) if text.value.startswith("[") else None
        if words is not None:
            self.reading.argv(words, context)
        elif text.value.startswith("<<") and len(text.value.split()) == 1:
            self._heredocs(instruction, context)
        else:
            self.reading.script(instruction.whole(text), context)

    def _heredocs(self, instruction: Instruction, context: Context) -> None:
        """``RUN <<EOF``: the body is a script of its own, in the language of its ``#!``."""
        for body in instruction.heredocs:
            name = interpreter(body.value)
            if name in ("", "sh", "bash", "zsh", "dash", "ash", "ksh"):
                self.reading.script(body, context)

    def health(self, instruction: Instruction) -> None:
        """``HEALTHCHECK --interval=5s CMD command``."""
        place = instruction.text.value.find("CMD ")
        if place >= 0:
            length = len(instruction.text.value)
            self.command(instruction.with_text(instruction.text.piece(place + 4, length).strip()))


def quoted_words(text: Text) -> list[Text]:
    """``A=1 B="2 3"`` cut at blanks outside quotes; the quotes taken off."""
    from lockward.ci.text import Builder

    found = []
    builder = Builder()
    quote, start = "", 0
    value = text.value
    for index, char in enumerate(value):
        if char == quote or (not quote and char in "\"' \t\n"):
            builder.append(text.piece(start, index))
            start = index + 1
            quote = "" if quote else (char if char in "\"'" else "")
            if char.isspace():
                found.append(builder.text())
                builder = Builder()
    builder.append(text.piece(start, len(value)))
    found.append(builder.text())
    return [word for word in found if word.value]


HANDLERS: Final[dict[str, Callable[[Build, Instruction], None]]] = {
    "FROM": Build.begin,
    "ENV": Build.variables,
    "ARG": Build.variables,
    "SHELL": Build.set_shell,
    "RUN": Build.command,
    "CMD": Build.command,
    "ENTRYPOINT": Build.command,
    "HEALTHCHECK": Build.health,
    "ONBUILD": Build.onbuild,
}
