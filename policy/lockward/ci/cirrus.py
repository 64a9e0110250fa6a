"""Cirrus CI: every ``..._script`` of every task, and the scripts that fill caches.

Reference: Cirrus' guide to writing tasks.  The items of one script are one
program; on Windows they are cmd's, or PowerShell's below ``ps:``.
"""

from __future__ import annotations

from lockward.ci.command import Context, Environment
from lockward.ci.yamlsteps import mappings, program, read_documents, variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.command import Shell
    from lockward.ci.reading import Reading
    from lockward.ci.yamlnodes import Document, Node

_RUNNER: Final = Environment({"CI": "true", "CIRRUS_CI": "true"})


def read(reading: Reading) -> None:
    """Give every command of a configuration to the reading."""
    read_documents(reading, _RUNNER, lambda document: _walk(document, reading))


def _walk(document: Document, reading: Reading) -> None:
    whole = Context("bash", _RUNNER, "").having(
        variables(document, document.get(document.root, "env"))
    )
    for name, task in document.pairs(document.root):
        windows = document.get(task, "windows_container") is not None
        shell: Shell = "cmd" if windows else "bash"
        context = whole.spoken(shell).having(variables(document, document.get(task, "env")))
        if name.endswith("script"):
            _script(document, task, whole, reading)
        for node in mappings(document, task):
            for key, value in document.pairs(node):
                if key == "script" or key.endswith("_script"):
                    _script(document, value, context, reading)


def _script(document: Document, node: Node, context: Context, reading: Reading) -> None:
    text = program(document, node)
    if text is not None:
        reading.script(text, context)
    for item in (node, *document.items(node)):
        powershell = program(document, document.get(item, "ps"))
        if powershell is not None:
            reading.script(powershell, context.spoken("powershell"))
