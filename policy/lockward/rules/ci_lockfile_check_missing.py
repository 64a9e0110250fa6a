"""Some step in CI fails when the lockfile and package.json drift apart.

## What it judges
All CI files of the repository together, where a lockfile is committed.

## Why
A lockfile that nobody checks is a lockfile that nobody keeps: the first install
that rewrites it builds something else than what was reviewed.

## Refused
- (warning) lockfiles, and no CI file with any of what follows

## Passes
- a frozen install: `npm ci`, `yarn install --immutable`, `pnpm install --frozen-lockfile`
- `git diff --exit-code` or `git status --porcelain` behind an install
- Lockward itself, by name or by `pre-commit run` with our hook configured

## Fix
Put `npm ci` (or your manager's frozen install) into the workflow that runs on
every pull request, or let `lockward init` write one.
"""

from __future__ import annotations

from lockward import ci
from lockward.ci.remembered import holds
from lockward.errors import LockwardError
from lockward.findings import Finding
from lockward.paths import folder_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Final

    from lockward.ci.projects import Projects
    from lockward.model import Severity, Tree
    from lockward.policy import Policy
    from lockward.repository import Repository

ID: Final = "ci-lockfile-check-missing"
SEVERITY: Final[Severity] = "warning"
SUMMARY: Final = "no step in CI would notice a drifting lockfile"

# What fails on a changed file, whoever changed it; and us.
_TELLS: Final = holds(b"git diff --exit-code", b"git diff --quiet", b"git status --porcelain")
_PRE_COMMIT: Final = ".pre-commit-config.yaml"
_NEEDS_ONE: Final = 1 << 20  # bytes of .pre-commit-config.yaml


def check(repository: Repository, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001 - a rule's shape
    """At most one finding."""
    locked = [path for path in repository.paths("lockfile") if not path.startswith(".")]
    paths = list(repository.paths("ci"))
    if not locked or _any_notices(sorted(paths, key=_rank), repository):
        return
    from lockward.setup import steps

    frozen = steps.of(repository.project(folder_of(locked[0]), locked[0])).frozen
    files = f"none of {len(paths)} CI files" if paths else "there is no CI file, so nothing"
    yield Finding(
        rule=ID,
        severity=SEVERITY,
        path=locked[0],
        message=f"{files} would notice when package.json and the lockfile drift apart",
        why="the first install that rewrites it builds what nobody reviewed",
        remedy=(f"{frozen}   (in a workflow on every pull request)", "lockward init"),
    )


def _rank(path: str) -> tuple[bool, str]:
    """Workflows first: that is where the answer mostly is."""
    return ("workflows/" not in path, path)


def _any_notices(paths: Iterable[str], repository: Repository) -> bool:
    tree, projects = repository.tree, repository.installed
    return any(_notices(path, tree, projects) for path in paths)


def _notices(path: str, tree: Tree, projects: Projects) -> bool:
    try:
        data = tree.read(path, ci.LARGEST)
    except LockwardError:
        return False  # ci-npm-install tells what cannot be read
    if data is None:
        return False
    if _TELLS(data) or _runs_us(data, tree):
        return True
    return ci.worth_reading(data) and _frozen(path, data, projects)


def _runs_us(data: bytes, tree: Tree) -> bool:
    if b"lockward" in data:
        return True
    if b"pre-commit" not in data:
        return False
    try:
        return b"lockward" in (tree.read(_PRE_COMMIT, _NEEDS_ONE) or b"")
    except LockwardError:
        return False


def _frozen(path: str, data: bytes, projects: Projects) -> bool:
    """Whether any command installs exactly what is locked, or fails."""
    from lockward.ci import managers
    from lockward.ci.shell.scope import moved

    for command in ci.read(path, data).commands:
        own = managers.directory(command.argv)
        directory = moved(command.directory, own) if own else command.directory
        facts = projects.facts(directory, path)
        if managers.judge(command.argv, command.environment, facts).kind == "frozen":
            return True
    return False
