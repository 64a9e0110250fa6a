"""A lockfile holds fewer packages than anybody could still oversee.

## What it judges
How many packages of third parties each lockfile installs; one version installed
twice counts twice.

## Why
Every package is somebody who can put code into the next build. Past some
hundreds nobody notices one more.

## Refused
- (note) 500 packages or more

## Passes
- 499 packages
- workspaces and linked folders: they are your own

## Fix
`lockward scan --format html` shows which direct dependency brings how many; drop
the ones that bring most for least, and run `npm dedupe`.
"""

from __future__ import annotations

from lockward.findings import Finding
from lockward.posture.chains import is_third_party

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.model import Severity
    from lockward.policy import Policy
    from lockward.repository import Repository

ID: Final = "tree-large"
SEVERITY: Final[Severity] = "note"
SUMMARY: Final = "a lockfile of 500 packages or more"

MANY: Final = 500


def check(repository: Repository, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001 - a rule's shape
    """At most one finding for each lockfile."""
    for project in repository.projects():
        lockfile = project.lockfile
        if lockfile is None:
            continue
        number = sum(map(is_third_party, lockfile.packages))
        if number >= MANY:
            yield Finding(
                rule=ID,
                severity=SEVERITY,
                path=lockfile.path,
                message=f"{number} packages, which is more than anybody can oversee",
                why="each of them is somebody who can put code into the next build",
                remedy=(
                    "lockward scan --format html --output posture.html   (who brings how many)",
                ),
            )
