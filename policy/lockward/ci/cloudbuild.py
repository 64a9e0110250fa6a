"""Google Cloud Build: the steps' scripts, and builders that are package managers.

Reference: the build configuration schema.  A step runs its image's program, or
``entrypoint``, with ``args``; ``$$`` is a ``$``, ``$_NAME`` a substitution.
"""

from __future__ import annotations

from lockward.ci.command import Context, Environment
from lockward.ci.names import tool_of
from lockward.ci.script import interpreter
from lockward.ci.shell.scope import moved
from lockward.ci.text import Text
from lockward.ci.yamlsteps import read_documents, variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.reading import Reading
    from lockward.ci.yamlnodes import Document, Node

_RUNNER: Final = Environment({"BUILDER_OUTPUT": "/builder/outputs"})
_WORKSPACE: Final = "/workspace"
_SHELLS: Final = ("", "sh", "bash", "dash", "ash", "zsh")


def read(reading: Reading) -> None:
    """Give every command of a build to the reading."""
    read_documents(reading, _RUNNER, lambda document: _walk(document, reading))


def _walk(document: Document, reading: Reading) -> None:
    root = document.root
    context = Context("bash", _RUNNER, "")
    for node in (root, document.get(root, "options")):
        context = context.having(variables(document, document.get(node, "env")))
    substitutions = variables(document, document.get(root, "substitutions"))
    names = {**context.variables, **{name: (text,) for name, text in substitutions.items()}}
    context = Context("bash", context.environment, "", names)
    for step in document.items(document.get(root, "steps")):
        _step(document, step, context, reading)


def _step(document: Document, step: Node, context: Context, reading: Reading) -> None:
    context = context.having(variables(document, document.get(step, "env")))
    folder = document.string(document.get(step, "dir"))
    if folder:
        folder = folder.removeprefix(_WORKSPACE).lstrip("/") or "."
        context = context.at(moved("", folder))
    script = document.text(document.get(step, "script"))
    if script is not None and interpreter(script.value) in _SHELLS:
        reading.script(script, context)
    program = _program(document, step)
    if program is not None:
        words = [document.text(node) for node in document.flat(document.get(step, "args"))]
        reading.argv([program, *(word for word in words if word is not None)], context)


def _program(document: Document, step: Node) -> Text | None:
    """What the step runs: its entrypoint, or what its image is called after."""
    entrypoint = document.text(document.get(step, "entrypoint"))
    image = document.text(document.get(step, "name"))
    if entrypoint is not None or image is None:
        return entrypoint
    name = image.value.partition("@")[0].rpartition("/")[2].partition(":")[0]
    if not tool_of(name) and name not in ("bash", "docker", "gcloud", "docker-compose"):
        return Text("unknown", (0,), (image.at(),))
    return Text(name, (0,), (image.at(len(image.value.rpartition("/")[0]) + ("/" in image.value)),))
