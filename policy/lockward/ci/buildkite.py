"""Buildkite: the commands of steps, also inside groups, and those of its docker plugins.

Reference: Buildkite's command step page and the READMEs of the docker plugins.
``$$`` is a ``$`` that the upload of the pipeline leaves alone.  What the docker
plugin runs sees no variable of the agent but those it is told to hand on.
"""

from __future__ import annotations

from lockward.ci.command import ANYWHERE, Context, Environment
from lockward.ci.yamlsteps import plain, program, read_documents, variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.reading import Reading
    from lockward.ci.yamlnodes import Document, Node

_RUNNER: Final = Environment({"CI": "true", "BUILDKITE": "true"})
_DEEPEST: Final = 4  # groups do not nest


def read(reading: Reading) -> None:
    """Give every command of a pipeline to the reading."""
    read_documents(reading, _RUNNER, lambda document: _Pipeline(document, reading).run())


class _Pipeline:
    def __init__(self, document: Document, reading: Reading) -> None:
        self.document: Final = document
        self.reading: Final = reading

    def run(self) -> None:
        """Read every step; a pipeline may also be a bare list of them."""
        root = self.document.root
        context = Context("bash", _RUNNER, "").having(
            variables(self.document, self.document.get(root, "env"))
        )
        steps = self.document.get(root, "steps")
        self._steps(root if steps is None else steps, context, 0)

    def _steps(self, steps: Node | None, context: Context, depth: int) -> None:
        for step in self.document.items(steps) if depth < _DEEPEST else ():
            inner = context.having(variables(self.document, self.document.get(step, "env")))
            self._steps(self.document.get(step, "steps"), inner, depth + 1)
            self._step(step, inner)

    def _step(self, step: Node, context: Context) -> None:
        document = self.document
        plugins = self._plugins(document.get(step, "plugins"))
        context = self._contained(plugins, context)
        for key in ("command", "commands", "script"):
            text = program(document, document.get(step, key))
            if text is not None:
                self.reading.script(plain(text), context)
        for _, plugin in plugins:
            command = document.get(plugin, "command")
            words = [text for node in document.flat(command) if (text := document.text(node))]
            if len(words) == 1:
                self.reading.script(plain(words[0]), context)
            elif words:
                self.reading.argv(words, context)

    def _plugins(self, node: Node | None) -> list[tuple[str, Node]]:
        """Plugins by name: a list of mappings, or one mapping."""
        document = self.document
        items = document.items(node) or ([node] if node is not None else [])
        return [
            (name.partition("#")[0], value)
            for item in items
            for name, value in document.pairs(item)
        ]

    def _contained(self, plugins: list[tuple[str, Node]], context: Context) -> Context:
        """Where a docker plugin runs the commands."""
        for name, plugin in plugins:
            if name.endswith("docker-compose"):
                return context.within(ANYWHERE)  # the compose file may hand variables on
            if name == "docker" or name.endswith("/docker"):
                if (
                    self.document.string(self.document.get(plugin, "propagate-environment"))
                    == "true"
                ):
                    return context
                return context.within(Environment(self._handed_on(plugin, context)))
        return context

    def _handed_on(self, plugin: Node, context: Context) -> dict[str, str]:
        """``environment: [CI, "NODE_ENV=test"]``."""
        handed = {}
        for node in self.document.flat(self.document.get(plugin, "environment")):
            name, equals, value = self.document.string(node).partition("=")
            own = context.environment.get(name)
            if equals:
                handed[name] = value
            elif own is not None:
                handed[name] = own
        return handed
