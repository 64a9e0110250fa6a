"""A project with dependencies commits its lockfile.

## What it judges
Every package.json with dependencies that is not a workspace of another project,
and the settings that switch lockfiles off.

## Why
Without a lockfile every install asks the registry anew: a release published a
minute ago is in the next build, and nobody has seen it.

## Refused
- dependencies, and no lockfile beside them: never committed, deleted, or ignored by git
- `package-lock=false` in `.npmrc`

## Passes
- a lockfile of any manager beside package.json
- a workspace member: the root's lockfile holds its packages
- a package.json without dependencies, or with peerDependencies only

## Fix
`git checkout HEAD -- package-lock.json`, or `npm install --package-lock-only
--ignore-scripts` and `git add package-lock.json`.  A library that means to have
none switches the rule off in its policy.
"""

from __future__ import annotations

from lockward.errors import LockwardError
from lockward.findings import Finding
from lockward.paths import ancestors, join

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.model import Severity
    from lockward.policy import Policy
    from lockward.project import Project

ID: Final = "lockfile-missing"
SEVERITY: Final[Severity] = "error"
SUMMARY: Final = "dependencies without a lockfile: deleted, git-ignored or switched off"

_LOCKED: Final = ("dependencies", "devDependencies", "optionalDependencies")
_NAMES: Final = {
    "npm": "package-lock.json",
    "yarn": "yarn.lock",
    "pnpm": "pnpm-lock.yaml",
    "bun": "bun.lock",
}


def check(project: Project, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001 - a rule's shape
    """At most one finding for the lockfile, and one for the setting."""
    number = _requirements(project)
    if number and not project.lockfile_paths:
        yield _missing(project, number)
    # Whoever uses another manager keeps npm's lockfile away with this setting.
    settings = project.registries.settings if project.manager.kind == "npm" else ()
    for setting in settings:
        if setting.key == "package-lock" and setting.value == "false" and not setting.inert:
            from lockward.remedies import restore

            yield Finding(
                rule=ID,
                severity=SEVERITY,
                path=setting.path,
                line=setting.line,
                subject="package-lock",
                message="package-lock=false: npm neither reads nor writes the lockfile",
                why="every install then takes whatever the registry offers that day",
                remedy=(restore(setting.path),),
            )


def _requirements(project: Project) -> int:
    """How many dependencies the root and its members ask for."""
    return sum(
        len(manifest.sections.get(section, ()))
        for manifest in project.manifests.values()
        for section in _LOCKED
    )


def _missing(project: Project, number: int) -> Finding:
    from lockward.remedies import quote, restore, rewrite

    name = _NAMES[project.manager.name]
    path = join(project.root, name)
    ignored = _ignored_in(project, name)
    reason = f", and {ignored} ignores {name}" if ignored else ""
    what = "1 dependency" if number == 1 else f"{number} dependencies"
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=join(project.root, "package.json"),
        subject="lockfile",
        message=f"{what}, but no lockfile is committed{reason}",
        why="without one, each install takes whatever the registry offers that day",
        remedy=(
            f"{restore(path)}   (if it was deleted)",
            f"{rewrite(path, project.manager.kind)} && git add {quote(path)}",
        ),
        group="{n} projects have dependencies, but no lockfile is committed",
        row=(join(project.root, "package.json"), f"{what}{reason}"),
        across=True,
    )


def _ignored_in(project: Project, name: str) -> str:
    """The .gitignore, nearest first, that has a plain line for the lockfile's name.

    A hint: of a huge one nothing is said.
    """
    wanted = {name.encode(), b"/" + name.encode(), b"*.lock" if name.endswith(".lock") else b"\0"}
    for folder in ancestors(project.root):
        path = join(folder, ".gitignore")
        try:
            data = project.tree.read(path, _LONGEST)
        except LockwardError:
            continue
        if data is None or not any(one in data for one in wanted):
            continue
        if not wanted.isdisjoint(line.strip() for line in data.split(b"\n")):
            return path
    return ""


_LONGEST: Final = 1 << 16  # bytes of a .gitignore: it is looked through for each project
