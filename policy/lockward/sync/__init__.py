"""Whether a package manager would install from a lockfile under the live manifests, offline.

Each manager has a frozen install that refuses a lockfile which does not answer
the manifests (`npm ci`, `yarn install --immutable`, ...), and a rule of its own
for that.  One manager, one module, which provides

    problems(project: Project) -> tuple[SyncProblem, ...]

for a project that has a manifest and a readable lockfile of its format.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Literal, Protocol

    from lockward.model import EdgeKind, Package
    from lockward.project import Project

    Reason = Literal[
        "missing",  # nothing is locked for the requirement
        "invalid",  # what is locked does not answer it
        "peer-local",  # a peer inside its dependant's own node_modules
        "override",  # an override contradicts the root's own requirement, or cannot be applied
        "workspace",  # two workspaces of one name
        "recorded",  # what the lockfile records is not what the project says: see the detail
    ]

    class Judge(Protocol):
        """A module of the table below."""

        def problems(self, project: Project, /) -> tuple[SyncProblem, ...]:
            """Every requirement that the lockfile does not answer."""

    class Since(Protocol):
        """A module of the second table."""

        def nothing_new(self, before: Project, after: Project, /) -> bool:
            """Whether no problem of the state after is new."""


class SyncProblem:
    """One requirement for which the manager's frozen install refuses the lockfile.

    ``source`` is the dependant's key ("" the root, a workspace's folder),
    ``spec`` what it asks for once overrides are applied, ``found`` what is
    locked instead, ``detail`` the manager's own reason where there is more to say.
    """

    __slots__ = ("detail", "found", "kind", "name", "reason", "source", "spec")

    def __init__(
        self,
        reason: Reason,
        source: str,
        name: str,
        spec: str,
        kind: EdgeKind,
        *,
        found: Package | None = None,
        detail: str = "",
    ) -> None:
        self.reason: Final[Reason] = reason
        self.source: Final = source
        self.name: Final = name
        self.spec: Final = spec
        self.kind: Final[EdgeKind] = kind
        self.found: Final = found
        self.detail: Final = detail


# lockfile.format -> the module that decides as its manager does
JUDGES: Final = {
    "npm": "lockward.sync.npm",
    "bun": "lockward.sync.bun",
    "pnpm": "lockward.sync.pnpm",
    "yarn-classic": "lockward.sync.yarn_classic",
    "yarn-berry": "lockward.sync.yarn_berry",
}


def problems(project: Project) -> tuple[SyncProblem, ...]:
    """Why the project's manager would refuse its lockfile; () when it would not."""
    lockfile = project.lockfile
    if lockfile is None or project.manifest is None or lockfile.format not in JUDGES:
        return ()
    return _judge(lockfile.format).problems(project)


# lockfile.format -> the module that tells by what changed alone that no problem is new
SINCE: Final = {"yarn-berry": "lockward.sync.yarn_berry_since"}


def nothing_new(before: Project, after: Project) -> bool:
    """Whether it is sure, without looking at a whole state, that a change brings no problem.

    False says nothing.
    """
    old, new = before.lockfile, after.lockfile
    if old is None or new is None or old.format != new.format or new.format not in SINCE:
        return False
    if before.manifest is None or after.manifest is None:
        return False
    module: Since = __import__(SINCE[new.format], fromlist=("nothing_new",))
    return module.nothing_new(before, after)


def _judge(form: str) -> Judge:
    name = JUDGES[form]
    return __import__(name, fromlist=("problems",))  # Any; tests/policy/test_tables.py
