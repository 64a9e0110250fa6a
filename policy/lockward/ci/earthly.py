"""Earthfile: as a Dockerfile, cut into targets; conditions and loops run commands too.

Reference: the Earthfile reference.  A build has no CI variables but those that
ENV, ARG and LET set; below LOCALLY commands run on the caller's machine.
"""

from __future__ import annotations

from lockward.ci.command import ANYWHERE
from lockward.ci.docker import Build
from lockward.ci.docker_text import instructions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.command import Context
    from lockward.ci.docker_text import Instruction
    from lockward.ci.reading import Reading
    from lockward.ci.text import Text

_BLOCKS: Final = ("IF", "ELSE", "FOR")
_ASSIGNMENTS: Final = ("LET", "SET")


def read(reading: Reading) -> None:
    """Give every command of an Earthfile to the reading."""
    _Earthfile(reading).run()


class _Earthfile(Build):
    """The part at the top holds for every target; a target ends where the next one starts."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.common: dict[str, Text] | None = None
        self.locally = False

    def run(self) -> None:
        """Read the whole file."""
        for instruction in instructions(self.reading.source):
            keyword = instruction.keyword
            if keyword.endswith(":") and not instruction.text.value:
                self._target()
            elif keyword == "LOCALLY":
                self.locally = True
            elif keyword in _BLOCKS:
                self._condition(instruction)
            elif keyword in _ASSIGNMENTS:
                self.take(instruction.called("ARG"))
            else:
                self.take(instruction)

    def context(self) -> Context:
        """A build's, or the caller's machine."""
        context = super().context()
        return context.within(ANYWHERE) if self.locally else context

    def _target(self) -> None:
        if self.common is None:
            self.common = dict(self.stage.values)
        self.stage.values = dict(self.common)
        self.locally = False

    def _condition(self, instruction: Instruction) -> None:
        """``IF --no-cache command``, ``ELSE IF command``, ``FOR x IN $(command)``."""
        text = instruction.text
        if instruction.keyword == "ELSE":
            text = instruction.inner().text
        self.command(instruction.with_text(text))
