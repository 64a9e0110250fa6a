"""Every locked package of an internal scope comes from the registry of that scope.

## What it judges
The lockfile's entries whose name, or whose name in the project, belongs to an
internal scope: one that the policy names, or that `.npmrc` pins to a registry that is
not public.

## Why
The lockfile decides from where a package is fetched.  An entry of `@acme` that names
another registry installs what a stranger published under our name, and says so nowhere.

## Refused
- `@acme/ui` from a public registry, from another host, or from another path of the host
- `@acme/ui` from git, from a URL or from a tarball file
- `@acme/ui` that an alias answers with somebody else's package
- `@acme/ui` bundled inside a package that is not of that scope

## Passes
- an address below the URL that `internal.registries`, or else the pin, names
- workspaces, and links to folders of the repository
- entries without `resolved`: npm asks the pinned registry (see npmrc-scope-pin)

## Fix
`git checkout HEAD -- package-lock.json`, then `npm install --package-lock-only
--ignore-scripts` with the pin in place.
"""

from __future__ import annotations

from lockward import internal
from lockward.findings import Finding
from lockward.mentions import LOCAL
from lockward.registries import hosts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.model import Package, Severity
    from lockward.policy import Policy
    from lockward.project import Project

ID: Final = "internal-scope-source"
SEVERITY: Final[Severity] = "error"
SUMMARY: Final = "a package of an internal scope from anywhere but its own registry"


def check(project: Project, policy: Policy) -> Iterator[Finding]:
    """One finding for each entry from the wrong place."""
    lockfile = project.lockfile
    bases = internal.bases(project, policy)
    if lockfile is None or not bases:
        return
    for package in lockfile.packages:
        if _is_of(package.alias, bases) or _is_of(package.name, bases):
            fact = _fact(package, bases)
            if fact:
                yield _finding(project, package, fact)


def _is_of(name: str, bases: Mapping[str, str]) -> bool:
    scope, slash, _ = name.partition("/")
    return bool(slash) and scope in bases


def _fact(package: Package, bases: Mapping[str, str]) -> str:
    """What is wrong with where a package comes from; "" when nothing is."""
    scope = package.name.partition("/")[0]
    if scope not in bases:
        return f"is asked for as {package.alias}" if package.source not in LOCAL else ""
    if package.source in LOCAL:
        return ""  # where links lead is lockfile-untrusted-source's business
    if package.source == "bundled":
        return "" if _below(package, scope) else "bundled inside a package that is not ours"
    if package.source != "registry":
        return f"{_KINDS.get(package.source, package.source)}, not the scope's registry"
    return _address(package.resolved, bases[scope]) if package.resolved else ""


_KINDS: Final = {
    "git": "from git",
    "remote": "a tarball from a URL",
    "file": "a tarball file",
}


def _below(package: Package, scope: str) -> bool:
    """Whether the package lies in node_modules of a package of the same scope."""
    return f"node_modules/{scope}/" in package.key.rpartition("/node_modules/")[0] + "/"


def _address(resolved: str, base: str) -> str:
    host = hosts.host_of(resolved)
    if host is None:
        return "its address is no URL that every reader reads alike"
    if hosts.is_public(host):
        return "from a public registry"
    if not base or hosts.below(resolved, base) or _gitlab_project(resolved, base):
        return ""
    return f"from {host}, where its registry is {base}"


def _gitlab_project(resolved: str, base: str) -> bool:
    """GitLab answers at an instance's or a group's address with a project's tarballs.

    Which projects belong to the group is not known offline: same host, any project.
    """
    address, pin = hosts.split(resolved), hosts.split(base)
    if address is None or pin is None or (address.scheme, address.place) != (pin.scheme, pin.place):
        return False
    if not pin.path.startswith(("/api/v4/packages/npm", "/api/v4/groups/")):
        return False
    number, packages, _ = address.path.removeprefix("/api/v4/projects/").partition("/packages/npm/")
    whole = f"{pin.scheme}://{pin.place}/"
    return number.isdecimal() and bool(packages) and hosts.below(resolved, whole)


def _finding(project: Project, package: Package, fact: str) -> Finding:
    from lockward.remedies import regenerate

    lockfile = project.lockfile
    assert lockfile is not None
    name = f"{package.name}@{package.version}" if package.version else package.name
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=lockfile.path,
        line=lockfile.place(package.key),
        pointer=package.key,
        package=name,
        subject=f"{package.alias}\n{fact}\n{package.resolved or ''}",
        message=f"{name}: {fact}",
        now=package.resolved or "",
        why="what an internal name installs must come from the registry that is ours",
        remedy=regenerate(lockfile.path, lockfile.format),
        group="{n} packages of internal scopes come from elsewhere",
        row=(name, fact),
    )
