"""Bitbucket Pipelines: the scripts of every step.

Reference: the step options page of Bitbucket's documentation.  The items of a
script are one shell program; pipes that run commands on other hosts are read.
"""

from __future__ import annotations

from lockward.ci.command import Context, Environment
from lockward.ci.yamlsteps import mappings, program, read_documents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.command import Shell
    from lockward.ci.reading import Reading
    from lockward.ci.yamlnodes import Document, Node

_RUNNER: Final = Environment({"CI": "true", "BITBUCKET_COMMIT": "1"})
_REMOTE_PIPES: Final = ("ssh-run", "scp-deploy")


def read(reading: Reading) -> None:
    """Give every command of a pipeline to the reading."""
    read_documents(reading, _RUNNER, lambda document: _walk(document, reading))


def _walk(document: Document, reading: Reading) -> None:
    for node in mappings(document, document.root):
        windows = any(
            "windows" in document.string(n) for n in document.flat(document.get(node, "runs-on"))
        )
        shell: Shell = "powershell" if windows else "bash"
        for key in ("script", "after-script"):
            script = document.get(node, key)
            text = program(document, script)
            if text is not None:
                reading.script(text, Context(shell, _RUNNER, ""))
            for item in document.items(script):
                _pipe(document, item, reading)


def _pipe(document: Document, item: Node, reading: Reading) -> None:
    """``pipe: atlassian/ssh-run`` runs COMMAND on a server."""
    name = document.string(document.get(item, "pipe"))
    command = document.text(document.get(item, "variables", "COMMAND"))
    if command is not None and any(pipe in name for pipe in _REMOTE_PIPES):
        reading.script(command, Context("bash", Environment(), None))
