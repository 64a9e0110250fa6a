"""Few packages of a lockfile run install scripts.

## What it judges
How many packages of third parties the lockfile marks as running install scripts.
npm's lockfiles from version 2 on say so, and pnpm's before version 9; no others.

## Why
An install script runs on every machine that installs, uncalled. Ten can be read;
more are not.

## Refused
- (warning) more than ten packages with install scripts

## Passes
- ten of them, or packages that `scripts.reviewed` of the policy names
- `ignore-scripts=true` in the project's `.npmrc`: then none runs

## Fix
Install without scripts (`ignore-scripts=true` in `.npmrc`), allow the few that are
needed by name, and put those that somebody has read under `[scripts] reviewed`.
"""

from __future__ import annotations

from lockward.findings import Finding
from lockward.posture.chains import is_third_party
from lockward.rules.lockfile_install_script import reviewed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.model import Severity
    from lockward.policy import Policy
    from lockward.project import Project
    from lockward.repository import Repository

ID: Final = "install-scripts-many"
SEVERITY: Final[Severity] = "warning"
SUMMARY: Final = "more than ten packages run install scripts"

MANY: Final = 10


def check(repository: Repository, policy: Policy) -> Iterator[Finding]:
    """At most one finding for each lockfile."""
    for project in repository.projects():
        lockfile = project.lockfile
        if lockfile is None or _switched_off(project):
            continue
        names = {
            f"{package.name}@{package.version}"
            for package in lockfile.packages
            if package.has_install_script
            and is_third_party(package)
            and not reviewed(package, policy)
        }
        if len(names) > MANY:
            yield Finding(
                rule=ID,
                severity=SEVERITY,
                path=lockfile.path,
                message=f"{len(names)} packages run install scripts that nobody reviewed",
                now=", ".join(sorted(names)),
                why="an install script runs on every machine that installs, uncalled",
                remedy=(
                    "npm config set ignore-scripts=true --location=project",
                    "name those that somebody has read in [scripts] reviewed of .lockward.toml",
                ),
            )


def _switched_off(project: Project) -> bool:
    """Whether the project's own settings say, in plain words, that no script runs."""
    said = [
        setting
        for setting in project.registries.settings
        if setting.key == "ignore-scripts" and not setting.inert
    ]
    return bool(said) and said[-1].value == "true" and not said[-1].env
