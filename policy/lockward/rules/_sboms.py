"""Which bills of materials a repository holds, and for which of its projects: for two rules."""

from __future__ import annotations

from lockward import sbom
from lockward.errors import LockwardError
from lockward.paths import ancestors, folder_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from lockward.project import Project
    from lockward.repository import Repository


def found(repository: Repository) -> Iterator[tuple[str, sbom.Sbom]]:
    """Path and content of every bill of materials that can be read."""
    for path in repository.paths("sbom"):
        try:
            data = repository.tree.read(path, sbom.LARGEST)
        except LockwardError:
            continue  # a link or a giant: nobody could compare it either
        read = None if data is None else sbom.read(data)
        if read is not None:
            yield path, read


def locked(repository: Repository) -> list[Project]:
    """The projects with a lockfile that installs anything."""
    return [
        project
        for project in repository.projects()
        if project.lockfile is not None and project.lockfile.packages
    ]


def covered(path: str, projects: list[Project]) -> list[Project]:
    """The project whose folder, or the nearest above, holds a file; else all of them."""
    by_root = {project.root: project for project in projects}
    for folder in ancestors(folder_of(path)):
        if folder in by_root:
            return [by_root[folder]]
    return projects


def command(project: Project) -> str:
    """What writes a bill of materials from a lockfile, without installing."""
    return _COMMANDS[project.manager.name]


_COMMANDS = {
    "npm": "npm sbom --sbom-format cyclonedx --package-lock-only >sbom.cdx.json",
    "yarn": "npx --yes @cyclonedx/cdxgen -t js --no-install-deps -o sbom.cdx.json",
    "pnpm": "npx --yes @cyclonedx/cdxgen -t js --no-install-deps -o sbom.cdx.json",
    "bun": "npx --yes @cyclonedx/cdxgen -t js --no-install-deps -o sbom.cdx.json",
}
