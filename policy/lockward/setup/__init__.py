"""What ``lockward init`` writes: the files that guard a repository, worked out from what it holds.

Each module plans one kind of file from a ``scene.Scene`` and writes nothing; what
cannot be done safely becomes advice.  Planning again on what was planned plans
nothing: that is how running it twice changes nothing.

    settings    .lockward.toml       npmrc       pins of internal scopes
    precommit   .pre-commit-config.yaml          codeowners  who reviews lockfiles
    github, gitlab                   a workflow that enforces the four controls
"""

from __future__ import annotations

from lockward.setup import codeowners, github, gitlab, npmrc, precommit, settings
from lockward.setup.scene import Advice, Planned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockward.setup.scene import Scene

__all__ = ["Advice", "Planned", "plan"]


def plan(scene: Scene) -> tuple[tuple[Planned, ...], tuple[Advice, ...]]:
    """The files to write, and what a person must do by hand."""
    found: list[Planned | Advice] = []
    for part in (settings, npmrc, precommit, codeowners):
        found.extend(part.plan(scene))
    if scene.ci == "github":
        found.extend(github.plan(scene))
    elif scene.ci == "gitlab":
        found.extend(gitlab.plan(scene))
    planned = tuple(each for each in found if isinstance(each, Planned))
    return planned, tuple(each for each in found if isinstance(each, Advice))
