"""Taskfile: the commands of tasks, in all their short forms.

Reference: the schema reference of Task.  ``{{.NAME}}`` is replaced by what
``vars`` say; ``sh:`` below a variable, a status or a precondition is shell text.
"""

from __future__ import annotations

from lockward.ci import templates
from lockward.ci.command import ANYWHERE, Context
from lockward.ci.shell.scope import moved
from lockward.ci.yamlsteps import mappings, read_documents, variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.reading import Reading
    from lockward.ci.text import Text
    from lockward.ci.yamlnodes import Document, Node

_MOST_VALUES: Final = 8
_SHELL_KEYS: Final = ("cmd", "sh", "defer")


def read(reading: Reading) -> None:
    """Give every command of a Taskfile to the reading."""
    read_documents(reading, ANYWHERE, lambda document: _Taskfile(document, reading).run())


class _Taskfile:
    def __init__(self, document: Document, reading: Reading) -> None:
        self.document: Final = document
        self.reading: Final = reading
        self.values: Final[dict[str, list[Text]]] = {}

    def run(self) -> None:
        """Read the tasks and the variables that are commands."""
        document, root = self.document, self.document.root
        for node in mappings(document, root):
            for name, text in variables(document, document.get(node, "vars")).items():
                values = self.values.setdefault(name, [])
                if len(values) < _MOST_VALUES:
                    values.append(text)
        context = Context("bash", ANYWHERE, "").having(
            variables(document, document.get(root, "env"))
        )
        self._dynamic(document.get(root, "vars"), context)
        for _, task in document.pairs(document.get(root, "tasks")):
            self._task(task, context)

    def _task(self, task: Node, context: Context) -> None:
        document = self.document
        folder = document.text(document.get(task, "dir"))
        if folder is not None:
            world = next(templates.worlds(folder, "{{", "}}", self._values))
            context = context.at(moved("", world.value))
        context = context.having(variables(document, document.get(task, "env")))
        own = [task] if task.id != "mapping" else []
        for node in (*own, *(document.get(task, key) for key in ("cmds", "cmd", "status"))):
            for item in document.items(node) or ([] if node is None else [node]):
                self._command(item, context)
        for item in document.items(document.get(task, "preconditions")):
            self._command(item, context)
        for key in ("vars", "env"):
            self._dynamic(document.get(task, key), context)

    def _command(self, node: Node, context: Context) -> None:
        for inner in (node, *(self.document.get(node, key) for key in _SHELL_KEYS)):
            text = self.document.text(inner)
            if text is not None:
                self._script(text, context)

    def _dynamic(self, node: Node | None, context: Context) -> None:
        for _, value in self.document.pairs(node):
            text = self.document.text(self.document.get(value, "sh"))
            if text is not None:
                self._script(text, context)

    def _script(self, text: Text, context: Context) -> None:
        for world in templates.worlds(text, "{{", "}}", self._values):
            self.reading.script(world, context)

    def _values(self, expression: Text) -> list[Text]:
        name = expression.value.partition("|")[0].strip().removeprefix(".")
        found = self.values.get(name, [])
        for value in found:
            self.reading.value(value)
        return found
