"""A package new to the lockfile that runs install scripts has been reviewed.

## What it judges
Entries that the lockfile marks with `hasInstallScript`.

## Why
An install script is the one moment at which a dependency runs code on the
developer's machine without being called.

## Refused
- (warning) a package with install scripts that is not on the policy's list

## Passes
- `scripts.reviewed = ["esbuild", "sharp@0.33.*"]` in the policy
- a package that the lockfile held before, at any version

## Fix
Read the script, then put the name under `[scripts] reviewed` in `.lockward.toml`,
or install without scripts: `npm ci --ignore-scripts`.
"""

from __future__ import annotations

from lockward.findings import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.model import Package, Severity
    from lockward.policy import Policy
    from lockward.project import Project

ID: Final = "lockfile-install-script"
SEVERITY: Final[Severity] = "warning"
SUMMARY: Final = "a package new to the lockfile runs install scripts and is not reviewed"

_OWN: Final = frozenset({"root", "workspace", "link", "directory"})  # our code, not a dependency's


def check(project: Project, policy: Policy) -> Iterator[Finding]:
    """One finding for each package name; the engine drops those that stood before."""
    lockfile = project.lockfile
    if lockfile is None:
        return
    told: set[str] = set()
    for package in lockfile.packages:
        if not package.has_install_script or package.source in _OWN or package.name in told:
            continue
        if not reviewed(package, policy):
            told.add(package.name)
            yield Finding(
                rule=ID,
                severity=SEVERITY,
                path=lockfile.path,
                line=lockfile.place(package.key),
                pointer=package.key,
                package=package.name,
                message=f"{package.name}@{package.version}: runs install scripts, not reviewed",
                why="an install script runs on every machine that installs, uncalled",
                remedy=(f'add "{package.name}" to [scripts] reviewed in .lockward.toml',),
                group="{n} packages run install scripts and are not on the reviewed list",
                row=(package.name, package.version),
            )


_PATTERN: Final = 4  # steps to compare one with a package


def reviewed(package: Package, policy: Policy) -> bool:
    """Whether the policy lists the package by name, or by name and version."""
    if not policy.reviewed:
        return False
    from lockward import globs
    from lockward.bounds import GLOBS

    GLOBS.spend(_PATTERN * len(policy.reviewed))
    full = f"{package.name}@{package.version}"
    return any(
        pattern in (package.name, full) or ("*" in pattern and globs.match(pattern, full))
        for pattern in policy.reviewed
    )
