"""CircleCI: ``run`` steps of jobs and commands, and the inputs of orbs that are commands.

Reference: the configuration reference of CircleCI.  ``<< parameters.x >>`` is
replaced by what the file gives: defaults, and what steps and workflows pass.
"""

from __future__ import annotations

from lockward.ci import templates
from lockward.ci.command import Context, Environment
from lockward.ci.github_actions import program_of
from lockward.ci.shell.scope import moved
from lockward.ci.yamlsteps import mappings, read_documents, variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.command import Shell
    from lockward.ci.reading import Reading
    from lockward.ci.text import Text
    from lockward.ci.yamlnodes import Document, Node

_RUNNER: Final = Environment({"CI": "true", "CIRCLECI": "true"})
_MOST_VALUES: Final = 8  # of one parameter
_DEEPEST: Final = 8  # when inside unless
_COMMANDS: Final = ("override-ci-command", "install-command", "after-install")
_CHECKOUT: Final = ("~/project/", "~/repo/", "/home/circleci/project/", "./")


def read(reading: Reading) -> None:
    """Give every command of a configuration to the reading."""
    read_documents(reading, _RUNNER, lambda document: _Config(document, reading).run())


class _Config:
    def __init__(self, document: Document, reading: Reading) -> None:
        self.document: Final = document
        self.reading: Final = reading
        self.passed: Final[dict[str, list[Text]]] = {}
        self.executors: Final = dict(document.pairs(document.get(document.root, "executors")))

    def run(self) -> None:
        """Read jobs and commands, those of inline orbs too."""
        document = self.document
        roots = [
            document.root,
            *(orb for _, orb in document.pairs(document.get(document.root, "orbs"))),
        ]
        self._parameters()
        for root in roots:
            for _, command in document.pairs(document.get(root, "commands")):
                self._steps(document.get(command, "steps"), Context("bash", _RUNNER, ""), 0)
            for _, job in document.pairs(document.get(root, "jobs")):
                self._job(job)
        for _, workflow in document.pairs(document.get(document.root, "workflows")):
            for item in document.items(document.get(workflow, "jobs")):
                for _, given in document.pairs(item):
                    self._called(given)

    def _parameters(self) -> None:
        """Every parameter's values, whatever command or job it belongs to."""
        for node in mappings(self.document, self.document.root):
            for name, declared in self.document.pairs(self.document.get(node, "parameters")):
                self._pass(name, self.document.get(declared, "default"))
        for node in mappings(self.document, self.document.root):
            for name, value in self.document.pairs(node):
                if name in self.passed:
                    for item in self.document.flat(value):
                        self._pass(name, item)

    def _pass(self, name: str, node: Node | None) -> None:
        text = self.document.text(node)
        values = self.passed.setdefault(name, [])
        if text is not None and len(values) < _MOST_VALUES and "<<" not in text.value:
            values.append(text)

    def _job(self, job: Node) -> None:
        document = self.document
        executor = document.get(job, "executor")
        name = document.string(executor) or document.string(document.get(executor, "name"))
        context = Context(_shell(document.string(document.get(job, "shell")), name), _RUNNER, "")
        for level in (self.executors.get(name), job):
            context = context.having(variables(document, document.get(level, "environment")))
        self._steps(document.get(job, "steps"), context, 0)

    def _called(self, given: Node) -> None:
        """A job of a workflow: its parameters, and the steps around it."""
        context = Context("bash", _RUNNER, None)
        self._inputs("", given, context)
        for key in ("pre-steps", "post-steps", "steps", "setup", "install", "app-dir-steps"):
            self._steps(self.document.get(given, key), context, 0)

    def _steps(self, steps: Node | None, context: Context, depth: int) -> None:
        if depth > _DEEPEST:
            return
        for step in self.document.items(steps):
            for name, value in self.document.pairs(step):
                if name == "run":
                    self._run(value, context)
                elif name in ("when", "unless"):
                    self._steps(self.document.get(value, "steps"), context, depth + 1)
                else:
                    self._inputs(name, value, context)
                    self._steps(self.document.get(value, "steps"), context, depth + 1)

    def _run(self, node: Node, context: Context) -> None:
        document = self.document
        text = document.text(node) or document.text(document.get(node, "command"))
        if text is None:
            return
        context = context.having(variables(document, document.get(node, "environment")))
        shell = document.string(document.get(node, "shell"))
        if shell:
            context = context.spoken(_shell(shell, ""))
        folder = document.text(document.get(node, "working_directory"))
        if folder is not None:
            context = context.at(self._folder(folder))
        self._script(text, context)

    def _folder(self, text: Text) -> str | None:
        value = next(templates.worlds(text, "<<", ">>", self._values)).value
        for prefix in _CHECKOUT:
            if f"{value}/" == prefix:
                return ""
            value = value.removeprefix(prefix)
        return moved("", value)

    def _script(self, text: Text, context: Context) -> None:
        for world in templates.worlds(text, "<<", ">>", self._values):
            self.reading.script(world, context)

    def _values(self, expression: Text) -> list[Text]:
        name = expression.value.removeprefix("pipeline.").removeprefix("parameters.")
        found = self.passed.get(name, [])
        for value in found:
            self.reading.value(value)
        return found

    def _inputs(self, name: str, given: Node, context: Context) -> None:
        """What a step hands to an orb's command: some inputs are shell text."""
        for key, value in self.document.pairs(given):
            text = self.document.text(value)
            orb = name.partition("@")[0].lower()
            if text is not None and (key in _COMMANDS or program_of(orb, key) == ""):
                folder = self.document.text(self.document.get(given, "app-dir"))
                self._script(text, context.at(self._folder(folder)) if folder else context)


def _shell(spelled: str, executor: str) -> Shell:
    """The language of a step: by ``shell``, or Windows executors' PowerShell."""
    name = spelled.lower()
    if "powershell" in name or "pwsh" in name:
        return "powershell"
    if "cmd" in name:
        return "cmd"
    return "powershell" if not name and executor.lower().startswith("win") else "bash"
