"""vercel.json, now.json and render.yaml: the commands by which hosting services build.

Reference: the project configuration of Vercel and the Blueprint specification
of Render.  What a service installs by itself when nothing is written is not read.
"""

from __future__ import annotations

from lockward.ci import jsonnodes
from lockward.ci.command import Context, Environment
from lockward.ci.yamlsteps import read_documents, variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.reading import Reading
    from lockward.ci.yamlnodes import Document

_VERCEL: Final = Environment({"CI": "1", "VERCEL": "1"})
_RENDER: Final = Environment({"CI": "true", "RENDER": "true"})
_VERCEL_KEYS: Final = ("installCommand", "buildCommand")
_RENDER_KEYS: Final = ("buildCommand", "preDeployCommand", "startCommand", "initialDeployHook")


def read(reading: Reading) -> None:
    """Give every command of a service's configuration to the reading."""
    if reading.source.path.lower().endswith(".json"):
        for document in jsonnodes.documents(reading.source, reading):
            _vercel(document, reading)
            document.check(reading)
        reading.lines_if_faulty(Context("bash", _VERCEL, ""))
    else:
        read_documents(reading, _RENDER, lambda document: _render(document, reading))


def _vercel(document: Document, reading: Reading) -> None:
    """``"installCommand": "npm install"``; ``""`` means that there is none."""
    context = Context("bash", _VERCEL, "").having(
        variables(document, document.get(document.root, "build", "env"))
    )
    for key in _VERCEL_KEYS:
        text = document.text(document.get(document.root, key))
        if text is not None:
            reading.script(text, context)


def _render(document: Document, reading: Reading) -> None:
    services = document.items(document.get(document.root, "services"))
    for project in document.items(document.get(document.root, "projects")):
        for environment in document.items(document.get(project, "environments")):
            services += document.items(document.get(environment, "services"))
    for service in services:
        folder = document.string(document.get(service, "rootDir")).strip("./")
        context = Context("bash", _RENDER, folder).having(
            variables(document, document.get(service, "envVars"))
        )
        for key in _RENDER_KEYS:
            text = document.text(document.get(service, key))
            if text is not None:
                reading.script(text, context)
