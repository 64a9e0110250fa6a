"""Reading one CI file: scripts and argument lists go in, package managers' commands come out.

A family (github.py, docker.py, ...) finds the shell text; this class reads it by
the shell it is written for, takes wrappers off, and keeps what runs a manager.
All work is bounded, however hostile the file.
"""

from __future__ import annotations

from lockward.bounds import CI
from lockward.ci.command import CiFile, Command, Fault
from lockward.ci.names import mentions, tool_of
from lockward.ci.shell import wrappers
from lockward.ci.shell.scope import moved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

    from lockward.ci.command import Context
    from lockward.ci.text import Source, Text

    Words = Sequence[Text]
    # Place, words, folder, environment: one text may run in several circumstances.
    _Key = tuple[int, tuple[str, ...], str | None, frozenset[tuple[str, str]]]

DEEPEST: Final = 8  # scripts inside scripts: sh -c "ssh host 'eval ...'"
MOST_SCRIPTS: Final = 2_000  # of one file, each place and circumstance counted
MOST_COMMANDS: Final = 1_000  # of one file
MOST_WORDS: Final = 4_000  # of one command
MOST_BYTES: Final = 1 << 20  # of shell text parsed for one file
# What it takes to read them, in steps of bounds.CI: about ten microseconds each.
FOR_SCRIPT: Final = 60
FOR_COMMAND: Final = 8
_BYTES: Final = 20  # of shell text to a step


class Reading:
    """What was found in one file so far."""

    def __init__(self, source: Source) -> None:
        self.source: Final = source
        self._commands: Final[dict[_Key, Command]] = {}
        self._faults: Final[list[Fault]] = []
        self._values: Final[set[tuple[int, int]]] = set()
        self._lost = False
        self.full = False  # a bound was hit, and a fault says so: nothing more is read
        self._scripts = 0
        self._bytes = 0

    # What families call

    def script(self, text: Text, context: Context, depth: int = 0) -> None:
        """Read shell text in the language that the context names."""
        if self.full or not self._worth(text, context):
            return
        CI.spend(FOR_SCRIPT + len(text.value) // _BYTES)
        if self._exhausted(len(text.value)):
            self.end(text.at(), "holds more scripts than any file needs")
        elif depth > DEEPEST:
            self.fault(text.at(), "is nested too deep", local=True)
            self.lines(text, context)
        elif context.shell == "bash":
            from lockward.ci.shell import bash

            bash.read(text, context, self, depth)
        elif context.shell == "argv":
            self.argv(text.split(), context, depth)
        elif context.shell == "cmd":
            from lockward.ci.shell import cmd

            cmd.read(text, context, self, depth)
        else:
            from lockward.ci.shell import powershell

            powershell.read(text, context, self, depth)

    def argv(
        self,
        words: Words,
        context: Context,
        depth: int = 0,
        stdin: Text | None = None,
        seam: int | None = None,
    ) -> None:
        """Read an argument list: exec form, or a command that a shell has split.

        ``stdin`` is what is piped into it, if known; ``seam`` the place between
        its first words, which tells where it stands when variables hold them all.
        """
        if len(self._commands) >= MOST_COMMANDS:
            self.end(words[0].at(), "holds more commands than any file needs")
            return
        if len(words) > MOST_WORDS:
            self.fault(words[0].at(), "more words than any command needs", local=True)
            return
        CI.spend(FOR_COMMAND)
        pending = [wrappers.Run(words, context, stdin)]
        steps = 0
        while pending and steps <= len(words) + DEEPEST:
            steps += 1
            run = pending.pop()
            if not run.words:
                continue
            tool = tool_of(run.words[0].value, run.context.shell)
            if tool:
                self._keep(run.words, run.context, seam, tool)
            for inner in wrappers.inner(run):
                if isinstance(inner, wrappers.Run):
                    pending.append(inner)
                else:
                    self.script(inner.text, inner.context, depth + 1)

    def implied(self, words: Words, context: Context) -> None:
        """Keep a command that nobody wrote: the CI system itself runs it."""
        self._keep(words, context, None, words[0].value)

    def lines(self, text: Text, context: Context) -> None:
        """Read text whose structure did not parse: each line for itself, carefully."""
        from lockward.ci.shell import lines

        for words in lines.commands(text):
            if self.full:
                return
            if words[0].value == "cd" and len(words) > 1:
                context = context.at(moved(context.directory, words[1].value))
            else:
                self.argv(words, context, DEEPEST)

    def lines_if_faulty(self, context: Context) -> None:
        """Read the whole file line by line when its structure did not parse."""
        if self._lost:
            self.lines(self.source.whole(), context)

    def value(self, text: Text) -> None:
        """Tell that this text is a variable's value: a command in it runs elsewhere."""
        if text.value:
            self._values.add((text.at(), text.at(len(text.value) - 1) + 1))

    def fault(self, offset: int, message: str, *, local: bool = False) -> None:
        """Tell that the structure at an offset did not parse.

        ``local``: what is concerned was read line by line already, the rest of
        the file has its structure.
        """
        self._lost = self._lost or not local
        if len(self._faults) < DEEPEST:
            self._faults.append(Fault(self.source.line_at(offset), message))

    def result(self, family: str) -> CiFile:
        """Everything that was found."""
        commands = sorted(self._commands.items(), key=lambda item: item[0][:2])
        return CiFile(
            self.source.path,
            family,
            tuple(command for _, command in commands),
            tuple(self._faults),
        )

    # Within

    def _worth(self, text: Text, context: Context) -> bool:
        if mentions(text.value):
            return True
        names = context.variables
        return "$" in text.value and any(
            mentions(value.value) for values in names.values() for value in values
        )

    def end(self, offset: int, why: str) -> None:
        """Read nothing more, and say why."""
        self.full = True
        self.fault(offset, f"{why}; the rest was not read", local=True)

    def _exhausted(self, length: int) -> bool:
        self._scripts += 1
        self._bytes += length
        return self._scripts > MOST_SCRIPTS or self._bytes > MOST_BYTES

    def _keep(self, words: Words, context: Context, seam: int | None, name: str) -> None:
        argv = (name, *(word.value for word in words[1:]))
        place = self._place(words, seam)
        key = (place, argv, context.directory, context.environment.signature())
        if key in self._commands:
            return
        line = self.source.line_at(place)
        self._commands[key] = Command(
            argv=argv,
            line=line,
            column=self.source.column_at(place),
            shell=context.shell,
            environment=context.environment,
            directory=context.directory,
            text=self.source.line(line),
        )

    def _place(self, words: Words, seam: int | None) -> int:
        """Where the command stands: its name, or its verb when a variable holds the name only."""
        name = words[0].at()
        if len(words) == 1 or not self._values:
            return name
        held, verb = self._value_at(name), words[1].at()
        if held is None or held == self._value_at(verb):
            return name
        if self._value_at(verb) is None:
            return verb
        return name if seam is None else seam

    def _value_at(self, offset: int) -> tuple[int, int] | None:
        return next((span for span in self._values if span[0] <= offset < span[1]), None)
