"""Compose files: what the containers of services run.  They see no CI variable of the host.

Reference: the Compose specification.  ``command`` and ``entrypoint`` are text
or argument lists; ``$$`` is a ``$``.
"""

from __future__ import annotations

from lockward.ci.command import Context, Environment
from lockward.ci.yamlsteps import plain, read_documents, variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.reading import Reading
    from lockward.ci.yamlnodes import Document, Node

_CONTAINER: Final = Environment()
_HOOKS: Final = ("post_start", "pre_stop")


def read(reading: Reading) -> None:
    """Give every command of a project's services to the reading."""
    read_documents(reading, _CONTAINER, lambda document: _walk(document, reading))


def _walk(document: Document, reading: Reading) -> None:
    for _, service in document.pairs(document.get(document.root, "services")):
        context = Context("bash", _CONTAINER, None).having(
            variables(document, document.get(service, "environment"))
        )
        _run(
            document,
            [document.get(service, "entrypoint"), document.get(service, "command")],
            context,
            reading,
        )
        for hook in _HOOKS:
            for item in document.items(document.get(service, hook)):
                _run(document, [document.get(item, "command")], context, reading)


def _run(document: Document, nodes: list[Node | None], context: Context, reading: Reading) -> None:
    """An entrypoint, then a command: each of itself, and as the arguments of the other."""
    lists = [[t for n in document.flat(node) if (t := document.text(n))] for node in nodes]
    lists = [[plain(text) for text in words] for words in lists if words]
    for words in lists:
        if len(words) == 1:
            reading.script(words[0], context)
        else:
            reading.argv(words, context)
    if len(lists) > 1:
        first = lists[0] if len(lists[0]) > 1 else lists[0][0].split()
        rest = lists[1] if len(lists[1]) > 1 else lists[1][0].split()
        reading.argv([*first, *rest], context)
