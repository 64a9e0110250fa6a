"""Azure Pipelines tasks that run commands, and their inputs.  Facts from the tasks' reference."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Final, Literal

    from lockward.ci.command import Shell
    from lockward.ci.text import Text


class ScriptTask:
    """A task with shell text in some inputs (lower case); "plain" is the agent's own shell."""

    __slots__ = ("elsewhere", "keys", "shell")

    def __init__(
        self, shell: Shell | Literal["plain"], keys: str = "script", *, elsewhere: bool = False
    ) -> None:
        self.shell: Final = shell
        self.keys: Final = tuple(keys.split())
        self.elsewhere: Final = elsewhere


class Run:
    """A manager's command line, as a task's inputs make it.

    ``words`` are written in the file, ``implied`` are the task's own.
    """

    __slots__ = ("directory", "implied", "program", "words")

    def __init__(
        self,
        program: str,
        words: tuple[Text, ...] = (),
        implied: tuple[str, ...] = (),
        directory: Text | None = None,
    ) -> None:
        self.program: Final = program
        self.words: Final = words
        self.implied: Final = implied
        self.directory: Final = directory


SCRIPT_TASKS: Final = {
    "bash": ScriptTask("bash"),
    "cmdline": ScriptTask("plain"),
    "powershell": ScriptTask("powershell"),
    "azurepowershell": ScriptTask("powershell", "inline"),
    "azurecli": ScriptTask("bash", "inlinescript"),
    "shellscript": ScriptTask("bash", "script"),
    "batchscript": ScriptTask("cmd", "script"),
    "ssh": ScriptTask("bash", "inline commands", elsewhere=True),
}


def _npm(given: Mapping[str, Text]) -> Run | None:
    """``Npm@1``: ``command`` is install unless said otherwise; ``custom`` has its own words."""
    command, directory = given.get("command"), given.get("workingdir")
    custom = given.get("customcommand")
    if command is not None and command.value.strip() == "custom":
        return None if custom is None else Run("npm", tuple(custom.split()), (), directory)
    if command is None:
        return Run("npm", (), ("install",), directory)
    arguments = given.get("arguments")  # of Npm@0
    words = [*command.split(), *([] if arguments is None else arguments.split())]
    return Run("npm", tuple(words), (), directory)


def _yarn(given: Mapping[str, Text]) -> Run:
    """The Yarn task of the marketplace: without arguments it installs."""
    arguments, directory = given.get("arguments"), given.get("projectdirectory")
    return Run("yarn", () if arguments is None else tuple(arguments.split()), (), directory)


def _pnpm(given: Mapping[str, Text]) -> Run | None:
    """``pnpm@1``: ``command`` only."""
    command = given.get("command")
    return None if command is None else Run("pnpm", tuple(command.split()))


MANAGER_TASKS: Final[dict[str, Callable[[Mapping[str, Text]], Run | None]]] = {
    "npm": _npm,
    "yarn": _yarn,
    "pnpm": _pnpm,
}
