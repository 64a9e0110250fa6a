"""AppVeyor: the phases of a build; a plain command is cmd's on Windows and bash's on Linux.

Reference: the appveyor.yml reference.  Items are text or ``ps:``, ``pwsh:``,
``cmd:``, ``sh:``.
"""

from __future__ import annotations

from lockward.ci.command import Context, Environment
from lockward.ci.yamlsteps import read_documents, variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.command import Shell
    from lockward.ci.reading import Reading
    from lockward.ci.yamlnodes import Document, Node

_RUNNER: Final = Environment({"CI": "True", "APPVEYOR": "True"})
_PHASES: Final = (
    *("init", "install", "before_build", "build_script", "after_build", "before_package"),
    *("before_test", "test_script", "after_test", "before_deploy", "deploy_script"),
    *("after_deploy", "on_success", "on_failure", "on_finish"),
)
_SHELLS: Final[dict[str, Shell]] = {
    "ps": "powershell",
    "pwsh": "powershell",
    "cmd": "cmd",
    "sh": "bash",
    "bash": "bash",
}


def read(reading: Reading) -> None:
    """Give every command of a build to the reading."""
    read_documents(reading, _RUNNER, lambda document: _walk(document, reading))


def _walk(document: Document, reading: Reading) -> None:
    root = document.root
    for node in (root, *document.items(document.get(root, "for"))):
        images = document.flat(document.get(node, "image")) or document.flat(
            document.get(root, "image")
        )
        names = [document.string(image).lower() for image in images]
        windows = not names or not all(name.startswith(("ubuntu", "macos")) for name in names)
        environment = document.get(node, "environment")
        context = Context("cmd" if windows else "bash", _RUNNER, "")
        for group in (environment, document.get(environment, "global")):
            context = context.having(variables(document, group))
        for phase in _PHASES:
            _phase(document, document.get(node, phase), context, reading)


def _phase(document: Document, node: Node | None, context: Context, reading: Reading) -> None:
    """Commands of one phase, each in its shell; a run of plain ones shares its folder."""
    for item in document.items(node) or ([] if node is None else [node]):
        text = document.text(item)
        if text is not None:
            reading.script(text, context)
        for name, value in document.pairs(item):
            script = document.text(value)
            if name in _SHELLS and script is not None:
                reading.script(script, context.spoken(_SHELLS[name]))
