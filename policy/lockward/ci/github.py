"""GitHub, Gitea and Forgejo: workflows, and composite actions.

Reference: the workflow and metadata syntax pages of GitHub's documentation.
Read are ``run`` of every step, inputs of actions that take commands, and the
matrix values, ``env`` entries and input defaults that a command uses.
"""

from __future__ import annotations

from lockward.ci import templates
from lockward.ci.command import Context, Environment
from lockward.ci.github_actions import ELSEWHERE, program_of
from lockward.ci.github_expressions import Lookup, exported
from lockward.ci.shell.scope import moved
from lockward.ci.text import Text
from lockward.ci.yamlnodes import documents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.command import Shell
    from lockward.ci.reading import Reading
    from lockward.ci.yamlnodes import Document, Node

_RUNNER: Final = Environment({"CI": "true", "GITHUB_ACTIONS": "true"})
_SHELLS: Final[dict[str, Shell]] = {
    "pwsh": "powershell",
    "powershell": "powershell",
    "cmd": "cmd",
}
_OTHER_LANGUAGES: Final = ("python", "node", "perl", "ruby", "deno", "bun")
_WORKSPACE: Final = "${{ github.workspace }}"


def read(reading: Reading) -> None:
    """Give every command of a workflow or an action to the reading."""
    for document in documents(reading.source, reading):
        jobs = document.get(document.root, "jobs")
        runs = document.get(document.root, "runs")
        if jobs is not None:
            _workflow(document, jobs, reading)
        if runs is not None:
            level = _Level(document, reading, Lookup(document, None, runs))
            level.steps(document.get(runs, "steps"))
        document.check(reading)
    reading.lines_if_faulty(Context("bash", _RUNNER, None))


def _workflow(document: Document, jobs: Node, reading: Reading) -> None:
    whole = _Level(document, reading, Lookup(document))
    whole.take(document.root, document.get(document.root, "defaults", "run"))
    for _, job in document.pairs(jobs):
        level = whole.inner(job)
        level.take(job, document.get(job, "defaults", "run"))
        level.windows = _is_windows(document, job, level.lookup)
        level.action("", document.get(job, "with"))  # what a reusable workflow is given
        level.steps(document.get(job, "steps"))


def _is_windows(document: Document, job: Node, lookup: Lookup) -> bool:
    """Whether a job's runner is surely Windows: its default shell is PowerShell then."""
    labels = []
    for node in document.flat(document.get(job, "runs-on")):
        text = document.text(node)
        if text is not None:
            labels += [world.value for world in templates.worlds(text, "${{", "}}", lookup)]
    return bool(labels) and all("windows" in label.lower() for label in labels)


class _Level:
    """What holds for the steps of a workflow, a job or a step: environment, folder, shell."""

    def __init__(self, document: Document, reading: Reading, lookup: Lookup) -> None:
        self.document: Final = document
        self.reading: Final = reading
        self.lookup: Final = lookup
        self.environment = _RUNNER
        self.directory: str | None = ""
        self.shell = ""
        self.windows = False

    def inner(self, node: Node) -> _Level:
        """A level inside this one."""
        level = _Level(self.document, self.reading, Lookup(self.document, self.lookup, node))
        level.environment, level.directory = self.environment, self.directory
        level.shell, level.windows = self.shell, self.windows
        return level

    def take(self, node: Node, settings: Node | None) -> None:
        """Take in a node's ``env``, and ``shell`` and ``working-directory`` of its settings."""
        document = self.document
        own = document.strings(document.get(node, "env"))
        self.environment = self.environment.having(
            {name: self._first(Text(value, (0,), (0,))) for name, value in own.items()}
        )
        self.shell = document.string(document.get(settings, "shell")) or self.shell
        folder = document.text(document.get(settings, "working-directory"))
        if folder is not None:
            self.directory = moved("", self._first(folder).strip() or ".")

    def _first(self, text: Text) -> str:
        """A text with its templates replaced by the first value that the file has for each."""
        plain = Text(text.value.replace(_WORKSPACE, "."), (0,), (text.at(),))
        return next(templates.worlds(plain, "${{", "}}", self.lookup)).value

    def steps(self, steps: Node | None) -> None:
        """Read the steps of a job or an action, in their order."""
        for step in self.document.items(steps):
            if _never(self.document, step):
                continue
            level = self.inner(step)
            level.take(step, step)
            level.run(self.document.get(step, "run"))
            uses = self.document.string(self.document.get(step, "uses"))
            if uses:
                level.action(uses, self.document.get(step, "with"))
            script = self.document.get(step, "run")
            if "GITHUB_ENV" in self.document.string(script):
                text = self.document.text(script)
                self.environment = self.environment.having(exported(text) if text else {})

    def run(self, node: Node | None) -> None:
        """Read one ``run`` in its shell."""
        shell = self._shell()
        text = self.document.text(node)
        if text is not None and shell is not None:
            names = self.lookup.environment() if "$" in text.value else {}
            self._scripts(text, Context(shell, self.environment, self.directory, names))

    def _scripts(self, text: Text, context: Context) -> None:
        for world in templates.worlds(text, "${{", "}}", self._values):
            self.reading.script(world, context)

    def _values(self, expression: Text) -> list[Text]:
        found = list(self.lookup(expression))
        for value in found:
            self.reading.value(value)
        return found

    def _shell(self) -> Shell | None:
        """The language of a ``run``; None for one that is no shell."""
        name = self.shell.split(" ", 1)[0].rpartition("/")[2]
        if not name:
            return "powershell" if self.windows else "bash"
        return None if name.startswith(_OTHER_LANGUAGES) else _SHELLS.get(name, "bash")

    def action(self, uses: str, given: Node | None) -> None:
        """Read the inputs of an action that are commands."""
        action = "/".join(uses.partition("@")[0].lower().split("/")[:2])
        environment = Environment() if action in ELSEWHERE else self.environment
        directory = None if action in ELSEWHERE else self.directory
        for name, value in self.document.pairs(given):
            program = program_of(action, name)
            text = self.document.text(value)
            if program is None or text is None:
                continue
            context = Context("bash", environment, directory, self.lookup.environment())
            if program:
                words = [Text(program, (0,), (text.at(),)), *text.split()]
                self.reading.argv(words, context)
            else:
                self._scripts(text, context)


def _never(document: Document, step: Node) -> bool:
    """Whether a step is switched off: ``if: false``."""
    condition = document.string(document.get(step, "if")).strip()
    return condition.removeprefix("${{").removesuffix("}}").strip() == "false"
