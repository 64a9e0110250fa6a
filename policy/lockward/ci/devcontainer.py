"""devcontainer.json: the commands that run when a development container is made and started.

Reference: the Development Container specification.  A command is text for a
shell, an argument list, or several of them by name.
"""

from __future__ import annotations

from lockward.ci.command import Context, Environment
from lockward.ci.jsonnodes import documents
from lockward.ci.yamlsteps import variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.reading import Reading
    from lockward.ci.yamlnodes import Document, Node

_CONTAINER: Final = Environment()
_HOST: Final = ("initializeCommand",)
_COMMANDS: Final = (
    *("onCreateCommand", "updateContentCommand", "postCreateCommand"),
    *("postStartCommand", "postAttachCommand"),
)


def read(reading: Reading) -> None:
    """Give every command of a development container to the reading."""
    for document in documents(reading.source, reading):
        context = Context("bash", _CONTAINER, "")
        for key in ("containerEnv", "remoteEnv"):
            context = context.having(variables(document, document.get(document.root, key)))
        for key in (*_HOST, *_COMMANDS):
            node = document.get(document.root, key)
            for command in (node, *(value for _, value in document.pairs(node))):
                _run(document, command, context, reading)
        document.check(reading)
    reading.lines_if_faulty(Context("bash", _CONTAINER, ""))


def _run(document: Document, node: Node | None, context: Context, reading: Reading) -> None:
    text = document.text(node)
    if text is not None:
        reading.script(text, context)
    words = [document.text(item) for item in document.items(node)]
    reading.argv([word for word in words if word is not None], context)
