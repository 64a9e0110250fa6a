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
Remove the one that is not used: `git rm -f npm-shrinkwrap.json`.
"""

from __future__ import annotations

from lockward import managers
from lockward.findings import Finding
from lockward.paths import join, name_of

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

# Two lockfiles of one manager: which one hides the other, and from whom.
_HIDDEN: Final = (
    ("npm-shrinkwrap.json", "package-lock.json", "npm up to 11 reads this one only"),
    ("bun.lockb", "bun.lock", "older versions of bun read this one only"),
)


def check(project: Project, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001 - a rule's shape
    """One finding for each lockfile that competes with the one that counts."""
    paths = project.lockfile_paths
    names = {name_of(path): path for path in paths}
    for hiding, hidden, reason in _HIDDEN:
        if hiding in names and hidden in names:
            yield _finding(names[hiding], names[hidden], reason)
    declared, _ = managers.declared(project.manifest)
    owners: dict[str, str] = {}
    for path in sorted(paths, key=lambda path: managers.lockfile_owner(path) != declared):
        owners.setdefault(managers.lockfile_owner(path), path)
    owners.pop("", None)
    first = next(iter(owners.values()), "")
    if declared in managers.PROGRAMS and declared not in owners and first:
        yield _finding(first, join(project.root, "package.json"), f"which declares {declared}")
    for path in list(owners.values())[1:]:
        yield _finding(path, first, "each is another package manager's")
    committed = join(project.root, "node_modules/.package-lock.json")
    if project.tree.read(committed) is not None:
        beside = names.get("package-lock.json", "package.json")
        yield _finding(committed, beside, "npm install copies from it")


def _finding(path: str, other: str, reason: str) -> Finding:
    from lockward.remedies import quote

    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=path,
        subject=other,
        message=f"{name_of(path)} competes with {name_of(other)}: {reason}",
        why="a reviewer reads one and the installer the other",
        remedy=(f"git rm -f {quote(path)}",),
    )
