"""The repository holds a bill of materials (SBOM) of what its lockfiles install.

## What it judges
The names and contents of JSON files: `*.cdx.json`, `*.spdx.json`, `bom.json`,
`sbom.json` and their like, in CycloneDX or SPDX.

## Why
When a package turns out to be malicious, whoever runs your software asks whether
it is in there. An SBOM answers without your lockfile and without your tools.

## Refused
- (warning) a lockfile with packages, and no SBOM anywhere in the repository

## Passes
- one CycloneDX or SPDX document in JSON, wherever it lies
- a repository without locked packages

## Fix
`npm sbom --sbom-format cyclonedx --package-lock-only >sbom.cdx.json`, and commit it
with every change of the lockfile; `sbom-stale` tells when it was forgotten.
"""

from __future__ import annotations

from lockward.findings import Finding
from lockward.rules import _sboms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.model import Severity
    from lockward.policy import Policy
    from lockward.repository import Repository

ID: Final = "sbom-missing"
SEVERITY: Final[Severity] = "warning"
SUMMARY: Final = "no bill of materials (CycloneDX, SPDX) in the repository"


def check(repository: Repository, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001 - a rule's shape
    """At most one finding."""
    projects = _sboms.locked(repository)
    if not projects or any(True for _ in _sboms.found(repository)):
        return
    first = projects[0]
    yield Finding(
        rule=ID,
        severity=SEVERITY,
        path=first.lockfile.path if first.lockfile else first.root,
        message="locked packages, but no bill of materials (SBOM) in the repository",
        why="it tells others what is inside, without your lockfile and your tools",
        remedy=(_sboms.command(first), "git add sbom.cdx.json"),
    )
