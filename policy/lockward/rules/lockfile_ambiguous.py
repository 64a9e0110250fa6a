"""One project has one lockfile, and the manager that it names reads it.

## What it judges
The lockfiles that lie in one folder, the manager that package.json declares, and
a hidden lockfile that was committed with node_modules.

## Why
Reviewers read one lockfile and the installer another.  npm up to 11 reads
`npm-shrinkwrap.json` and ignores the package-lock beside it; scanners do the opposite.

## Refused
- `npm-shrinkwrap.json` beside `package-lock.json`
- lockfiles of two package managers in one folder
- `packageManager` that names another manager than the lockfile's
- `node_modules/.package-lock.json` in the repository

## Passes
- one lockfile
- lockfiles in different folders: each belongs to a project of its own

## Fix
Remove the one that is not used: `git rm npm-shrinkwrap.json`.
"""

from __future__ import annotations

from lockward import managers
from lockward.findings import Finding
from lockward.paths import join, name_of
from lockward.remedies import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.model import Severity
    from lockward.policy import Policy
    from lockward.project import Project

ID: Final = "lockfile-ambiguous"
SEVERITY: Final[Severity] = "error"
SUMMARY: Final = "two lockfiles that compete for one project"

_NPM: Final = ("npm-shrinkwrap.json", "package-lock.json")


def check(project: Project, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001 - a rule's shape
    """One finding for each pair that competes."""
    paths = project.lockfile_paths
    names = {name_of(path): path for path in paths}
    if all(name in names for name in _NPM):
        yield _finding(names[_NPM[0]], names[_NPM[1]], "npm up to 11 reads this one only")
    owners = {managers.lockfile_owner(path): path for path in reversed(paths)}
    owners.pop("", None)
    if len(owners) > 1:
        first, second = list(owners.values())[::-1][:2]
        yield _finding(second, first, "each is another package manager's")
    yield from _undeclared(project, owners)
    hidden = join(project.root, "node_modules/.package-lock.json")
    if project.tree.read(hidden) is not None:
        yield _finding(hidden, names.get(_NPM[1], "package.json"), "npm install copies from it")


def _undeclared(project: Project, owners: dict[str, str]) -> Iterator[Finding]:
    """A declared manager whose lockfile is not there while another's is."""
    declared, _ = managers.declared(project.manifest)
    if declared and owners and declared in _KNOWN and declared not in owners:
        path = next(iter(owners.values()))
        yield _finding(path, join(project.root, "package.json"), f"which declares {declared}")


_KNOWN: Final = frozenset({"npm", "yarn", "pnpm", "bun"})


def _finding(path: str, other: str, reason: str) -> Finding:
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=path,
        subject=other,
        message=f"{name_of(path)} competes with {name_of(other)}: {reason}",
        why="a reviewer reads one and the installer the other",
        remedy=(f"git rm {quote(path)}",),
    )
