"""AWS CodeBuild and Amplify Hosting: the commands of the phases, one shell for all of them.

Reference: the build specification references of both.  Since version 0.2 all
commands run in one shell; Amplify has the phases below ``frontend`` and
``backend``, and once more for each of ``applications``.
"""

from __future__ import annotations

from lockward.ci.command import Context, Environment
from lockward.ci.yamlsteps import program, read_documents, variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.command import Shell
    from lockward.ci.reading import Reading
    from lockward.ci.yamlnodes import Document, Node

_RUNNER: Final = Environment({"CI": "true", "CODEBUILD_BUILD_ARN": "1"})
_ORDER: Final = ("install", "preBuild", "pre_build", "preTest", "build", "test", "postBuild")
_LISTS: Final = ("commands", "finally")
_PARTS: Final = ("backend", "frontend", "test")


def read(reading: Reading) -> None:
    """Give every command of a build to the reading."""
    read_documents(reading, _RUNNER, lambda document: _walk(document, reading))


def _walk(document: Document, reading: Reading) -> None:
    root = document.root
    spoken = document.string(document.get(root, "env", "shell")).lower()
    shell: Shell = "powershell" if "powershell" in spoken else "cmd" if "cmd" in spoken else "bash"
    context = Context(shell, _RUNNER, "")
    context = context.having(variables(document, document.get(root, "env", "variables")))
    for application in (root, *document.items(document.get(root, "applications"))):
        folder = document.string(document.get(application, "appRoot")).strip("/")
        inner = context.at(folder) if folder else context
        for node in (application, *(document.get(application, part) for part in _PARTS)):
            text = program(document, *_scripts(document, document.get(node, "phases")))
            if text is not None:
                reading.script(text, inner)


def _scripts(document: Document, phases: Node | None) -> list[Node | None]:
    """The command lists of all phases, in the order in which they run."""
    named = dict(document.pairs(phases))
    order = [*(name for name in _ORDER if name in named), *(n for n in named if n not in _ORDER)]
    return [document.get(named[name], key) for name in order for key in _LISTS]
