"""A GitHub workflow that enforces the four controls; every action pinned by its commit."""

from __future__ import annotations

from lockward.setup import steps
from lockward.setup.scene import Planned, UnsafeError, in_the_way

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.project import Project
    from lockward.setup.scene import Advice, Scene

PATH: Final = ".github/workflows/lockward.yml"
_FOLDER: Final = ".github/workflows/"
# Renewed with our own workflow (.github/workflows/ci.yml); a test holds them equal.
CHECKOUT: Final = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
SETUP_NODE: Final = "actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0"
_HEAD: Final = """\
# Written by `lockward init`: lockfile integrity, frozen install, known
# vulnerabilities, signatures and provenance.  Without install scripts: nothing
# of a dependency runs here.
name: lockward

on:
  pull_request:
  push:
    branches: [main, master]

permissions: {}

jobs:
  supply-chain:
    runs-on: ubuntu-24.04
    permissions:
      contents: read
    steps:
"""


def plan(scene: Scene) -> Iterator[Planned | Advice]:
    """The workflow, unless one runs us already."""
    if not scene.locked or any(map(_ours, _texts(scene))):
        return
    try:
        if scene.text(PATH) is None:
            text = workflow(scene)
            yield Planned(PATH, None, text.encode(), "the four controls on every pull request")
    except UnsafeError as error:
        yield in_the_way(PATH, error)


def _texts(scene: Scene) -> Iterator[str]:
    for path in scene.repository.tree.entries():
        if path.startswith(_FOLDER):
            try:
                yield scene.text(path) or ""
            except UnsafeError:
                continue


def _ours(text: str) -> bool:
    return "lockward" in text


def workflow(scene: Scene) -> str:
    """The file."""
    lines = [
        f"      - uses: {CHECKOUT}",
        "        with:",
        "          persist-credentials: false",
        f"      - uses: {SETUP_NODE}",
        "        with:",
        "          node-version: lts/*",
        *_step(
            "Lockfile integrity", f"pipx run --spec {scene.package} lockward scan --format github"
        ),
    ]
    for command in steps.ready(scene):
        lines += _step("Package manager", command)
    for project in steps.projects(scene):
        lines += _project(project)
    return _HEAD + "\n".join(lines) + "\n"


def _project(project: Project) -> Iterator[str]:
    commands = steps.of(project)
    where = f" ({project.root})" if project.root else ""
    yield from _step(f"Frozen install{where}", commands.frozen, project.root)
    yield from _step(f"Known vulnerabilities{where}", commands.audit, project.root)
    if commands.provenance:
        yield from _step(f"Signatures and provenance{where}", commands.provenance, project.root)


def _step(name: str, command: str, folder: str = "") -> Iterator[str]:
    yield f"      - name: {name}"
    if folder:
        yield f"        working-directory: {folder}"
    yield f"        run: {command}"
