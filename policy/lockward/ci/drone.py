"""Drone and Woodpecker: the commands of every step, one shell program each.

Reference: the pipeline pages of both.  Steps are a list, or a mapping by name
(Woodpecker, and Drone before version 1 below ``pipeline``).
"""

from __future__ import annotations

from lockward.ci.command import Context, Environment
from lockward.ci.yamlsteps import program, read_documents, variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.command import Shell
    from lockward.ci.reading import Reading
    from lockward.ci.yamlnodes import Document, Node

_RUNNER: Final = Environment({"CI": "true", "DRONE": "true"})
_KEYS: Final = ("steps", "pipeline", "services", "clone", "build")


def read(reading: Reading) -> None:
    """Give every command of a pipeline to the reading."""
    read_documents(reading, _RUNNER, lambda document: walk(document, reading, _RUNNER))


def walk(document: Document, reading: Reading, runner: Environment) -> None:
    """Read the steps of one pipeline."""
    root = document.root
    windows = document.string(document.get(root, "platform", "os")) == "windows"
    shell: Shell = "powershell" if windows else "bash"
    elsewhere = document.string(document.get(root, "type")) == "ssh"
    context = Context(shell, runner, "").having(
        variables(document, document.get(root, "environment"))
    )
    for key in _KEYS:
        for step in _steps(document, document.get(root, key)):
            inner = context.having(variables(document, document.get(step, "environment")))
            folder = document.string(document.get(step, "directory"))
            inner = inner.at(folder) if folder else inner
            text = program(document, document.get(step, "commands"))
            if text is not None:
                reading.script(text, inner.within(Environment()) if elsewhere else inner)


def _steps(document: Document, node: Node | None) -> list[Node]:
    """The steps of a list or of a mapping; the node itself where it is a step."""
    named = [value for _, value in document.pairs(node)]
    own = [] if node is None or document.get(node, "commands") is None else [node]
    return [*own, *document.items(node), *(value for value in named if value.id == "mapping")]
