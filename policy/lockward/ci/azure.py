"""Azure Pipelines: script steps, script tasks, and the tasks of package managers.

Reference: the YAML schema and the task reference of Azure Pipelines.  ``Npm@1``
without ``command`` runs ``npm install``.  Steps stand anywhere: in jobs,
stages, templates, and below ``${{ if }}:`` keys.
"""

from __future__ import annotations

from lockward.ci import templates
from lockward.ci.azure_tasks import MANAGER_TASKS, SCRIPT_TASKS, Run
from lockward.ci.command import Context, Environment
from lockward.ci.shell.scope import moved
from lockward.ci.text import Text, joined
from lockward.ci.yamlsteps import mappings, read_documents, variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

    from lockward.ci.command import Shell
    from lockward.ci.reading import Reading
    from lockward.ci.yamlnodes import Document, Node

_RUNNER: Final = Environment({"TF_BUILD": "True", "BUILD_ID": "1"})
_SCRIPTS: Final[dict[str, Shell]] = {
    "bash": "bash",
    "pwsh": "powershell",
    "powershell": "powershell",
}
_SOURCES: Final = (
    *("$(build.sourcesdirectory)", "$(system.defaultworkingdirectory)"),
    *("$(build.repository.localpath)", "$(pipeline.workspace)/s"),
)
_DEEPEST: Final = 24
_MOST_VALUES: Final = 8


def read(reading: Reading) -> None:
    """Give every command of a pipeline or a template to the reading."""
    read_documents(reading, _RUNNER, lambda document: _Pipeline(document, reading).run())


class _Level:
    """What holds below a stage or a job."""

    __slots__ = ("context", "node", "windows")

    def __init__(self, node: Node, context: Context, *, windows: bool) -> None:
        self.node: Final = node
        self.context: Final = context
        self.windows: Final = windows


class _Pipeline:
    def __init__(self, document: Document, reading: Reading) -> None:
        self.document: Final = document
        self.reading: Final = reading
        self.values: Final[dict[str, list[Text]]] = {}

    def run(self) -> None:
        """Read every step, with the variables and the pool of what it stands in."""
        self._take_values()
        pending = [(_Level(self.document.root, Context("bash", _RUNNER, ""), windows=False), 0)]
        while pending:
            level, depth = pending.pop()
            level = self._inside(level)
            self._step(level)
            if depth < _DEEPEST:
                inner = [value for _, value in self.document.pairs(level.node)]
                inner += self.document.items(level.node)
                pending.extend(
                    (_Level(child, level.context, windows=level.windows), depth + 1)
                    for child in reversed(inner)
                    if child.id != "scalar"
                )

    def _take_values(self) -> None:
        """Variables, parameters' defaults and what templates are given, by name."""
        for node in mappings(self.document, self.document.root):
            for key in ("variables", "parameters"):
                given = self.document.get(node, key)
                for name, text in variables(self.document, given).items():
                    self._add(name, text)
                for item in self.document.items(given):
                    self._declared(item)

    def _declared(self, parameter: Node) -> None:
        """``- name: x`` with ``default`` and ``values``."""
        document = self.document
        name = document.string(document.get(parameter, "name"))
        values = document.flat(document.get(parameter, "values"))
        for node in (document.get(parameter, "default"), *values):
            text = document.text(node)
            if name and text is not None:
                self._add(name, text)

    def _add(self, name: str, text: Text) -> None:
        values = self.values.setdefault(name.lower(), [])
        if len(values) < _MOST_VALUES and "$" not in text.value:
            values.append(text)

    def _inside(self, level: _Level) -> _Level:
        document = self.document
        if level.node.id != "mapping":
            return level
        pool = document.get(level.node, "pool")
        image = document.string(document.get(pool, "vmImage")) or document.string(
            document.get(level.node, "vmImage")
        )
        windows = level.windows
        if image and "$" not in image:
            windows = image.lower().startswith(("windows", "vs20", "win"))
        given = variables(document, document.get(level.node, "variables"))
        return _Level(level.node, level.context.having(given), windows=windows)

    def _step(self, level: _Level) -> None:
        """Read a node that is a step."""
        document, step = self.document, level.node
        if document.string(document.get(step, "enabled")).lower() == "false":
            return
        context = level.context.having(variables(document, document.get(step, "env")))
        context = context.at(self._folder(document.text(document.get(step, "workingDirectory"))))
        plain: Shell = "cmd" if level.windows else "bash"
        for key, shell in (("script", plain), *_SCRIPTS.items()):
            self._script(document.text(document.get(step, key)), context.spoken(shell))
        task = document.string(document.get(step, "task"))
        if task:
            self._task(task, document.get(step, "inputs"), context, plain, step)

    def _folder(self, text: Text | None) -> str | None:
        """A folder below the sources; theirs when none is given."""
        value = "" if text is None else text.value
        for prefix in _SOURCES:
            if value.lower().startswith(prefix):
                value = value[len(prefix) :].lstrip("/\\")
        if not value:
            return ""
        world = next(templates.worlds(Text(value, (0,), (0,)), "$(", ")", self._values))
        return moved("", world.value.replace("\\", "/"))

    def _task(
        self, task: str, inputs: Node | None, context: Context, plain: Shell, step: Node
    ) -> None:
        name = task.partition("@")[0].lower().rpartition(".")[2]
        given = {key.lower(): value for key, value in self.document.pairs(inputs)}
        row = SCRIPT_TASKS.get(name)
        if row is not None:
            for key in row.keys:
                shell = plain if row.shell == "plain" else row.shell
                folder = self._folder(self.document.text(given.get("workingdirectory")))
                where = None if row.elsewhere else folder
                inner = context.within(Environment()) if row.elsewhere else context
                text = self.document.text(given.get(key))
                self._script(text, inner.spoken(shell).at(where))
        manager = MANAGER_TASKS.get(name)
        texts = {key: text for key, value in given.items() if (text := self.document.text(value))}
        run = None if manager is None else manager(texts)
        if run is not None:
            self._manager(run, context, step)

    def _manager(self, run: Run, context: Context, step: Node) -> None:
        """A task that runs a manager: it stands where its name, or its command, is written."""
        name = self.document.text(self.document.get(step, "task"))
        place = run.words[0].at() if run.words else name.at() if name else 0
        words = [Text(run.program, (0,), (place,)), *run.words]
        words += [Text(word, (0,), (place,)) for word in run.implied]
        text = joined(words)
        for world in templates.worlds(text, "$(", ")", self._values):
            self.reading.argv(world.split(), context.at(self._folder(run.directory)))

    def _script(self, text: Text | None, context: Context) -> None:
        if text is None:
            return
        for macros in templates.worlds(text, "$(", ")", self._macros):
            for world in templates.worlds(macros, "${{", "}}", self._values):
                self.reading.script(world, context)

    def _macros(self, expression: Text) -> Sequence[Text]:
        """``$(name)`` is a macro when a variable is called so, else the shell's substitution."""
        found = self._values(expression)
        return found or [_as_written(expression)]

    def _values(self, expression: Text) -> list[Text]:
        name = expression.value.strip()
        for prefix in ("parameters.", "variables.", "each.value."):
            name = name.removeprefix(prefix)
        found = self.values.get(name.lower(), [])
        for value in found:
            self.reading.value(value)
        return found


def _as_written(expression: Text) -> Text:
    """The substitution again, with its brackets."""
    start = expression.at()
    opening, closing = Text("$(", (0,), (start - 2,)), Text(")", (0,), (start,))
    return joined((opening, expression, closing), "")
