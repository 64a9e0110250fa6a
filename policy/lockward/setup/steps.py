"""The four controls in each manager's own commands: what a workflow runs in a project."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward.project import Project
    from lockward.setup.scene import Scene

MOST: Final = 20  # projects in one workflow


class Steps:
    """Commands; "" where the manager has none.  ``ready`` makes the manager itself available."""

    __slots__ = ("audit", "frozen", "provenance", "ready")

    def __init__(self, frozen: str, audit: str, provenance: str = "", ready: str = "") -> None:
        self.frozen: Final = frozen
        self.audit: Final = audit
        self.provenance: Final = provenance
        self.ready: Final = ready


# Yarn 1's exit code is a sum: 8 stands for high, 16 for critical.
_STEPS: Final[Mapping[str, Steps]] = {
    "npm": Steps("npm ci --ignore-scripts", "npm audit --audit-level=high", "npm audit signatures"),
    "yarn-classic": Steps(
        "yarn install --frozen-lockfile --ignore-scripts",
        "yarn audit --level high || test $? -lt 8",
        ready="corepack enable",
    ),
    "yarn-berry": Steps(
        "yarn install --immutable --mode=skip-build",
        "yarn npm audit --all --recursive --severity high",
        ready="corepack enable",
    ),
    "pnpm": Steps(
        "pnpm install --frozen-lockfile --ignore-scripts",
        "pnpm audit --audit-level high",
        ready="corepack enable",
    ),
    "bun": Steps(
        "bun install --frozen-lockfile --ignore-scripts",
        "bun audit --audit-level=high",
        ready="npm install --global bun@1",
    ),
}


def of(project: Project) -> Steps:
    """The commands for a project's manager."""
    return _STEPS[project.manager.kind]


def projects(scene: Scene) -> tuple[Project, ...]:
    """The projects that the workflow installs; what has odd characters in its path is left out."""
    return tuple(project for project in scene.locked if _plain(project.root))[:MOST]


def _plain(path: str) -> bool:
    """Whether a path means itself in YAML and in a shell."""
    return path.isascii() and all(c.isalnum() or c in "/._-" for c in path) and path[:1] != "-"


def ready(scene: Scene) -> list[str]:
    """What makes the managers available, each once."""
    return list(dict.fromkeys(step for p in projects(scene) if (step := of(p).ready)))
