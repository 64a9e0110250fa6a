"""Every locked package comes from a place that the project trusts.

## What it judges
The host, the scheme and the kind of source of every entry.  Trusted hosts are
the public registry, the registries that the project's own settings pin
(`registry=`, `@scope:registry=`), and the policy's `sources.hosts`.

## Why
The lockfile decides from where code is fetched, and no package manager compares
that with the registry it is set up for.

## Refused
- a host that nothing names (a note when the whole lockfile comes from one)
- http, git://, and addresses that only a forgiving parser can read
  (`name@https://...`, user names, backslashes, dot segments, a bare version)
- a git, tarball, file or link source that no requirement asks for
- a git source that is not pinned to a commit
- a folder or tarball outside the repository

## Passes
- the public registry and the pinned ones, over https
- `"dep": "github:acme/dep#v1"` and the commit that the lockfile records for it
- workspaces, `file:` and `link:` requirements inside the repository

## Fix
`git checkout HEAD -- package-lock.json`; for a registry that is meant, name it in
`.npmrc` or in the policy's `sources.hosts`.
"""

from __future__ import annotations

from lockward import plain, sources, tarball
from lockward.bounds import GLOBS
from lockward.findings import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.model import Lockfile, Package, Severity
    from lockward.policy import Policy
    from lockward.project import Project

ID: Final = "lockfile-untrusted-source"
SEVERITY: Final[Severity] = "error"
SUMMARY: Final = "host, scheme or kind of source outside the policy"

_FETCHED: Final = frozenset({"registry", "remote"})
_PREFIXES: Final = 32  # with which an address is compared in one step


def check(project: Project, policy: Policy) -> Iterator[Finding]:
    """One finding for each unknown host, and one for each entry that is odd by itself."""
    lockfile = project.lockfile
    if lockfile is None:
        return
    trusted = sources.trusted_hosts(project, policy)
    strangers: dict[str, list[Package]] = {}
    homes: dict[str, str] = {}
    sound: set[str] = set()  # bases below which every address passes
    every = (*lockfile.packages, *lockfile.environment)
    sifted = plain.of(lockfile)
    passes = all(_is_sound(base, trusted, policy) for base in sifted.bases)
    for package in sifted.odd if passes else every:
        if package.source == "registry" and package.base in sound:
            continue  # nearly every entry
        fact, host = "", ""
        if _is_fetched(package, project):
            base = package.base if package.source == "registry" else ""
            host = homes.get(base, "")
            if not host or policy.remote:
                fact, host = _address(package, policy)
                if base and host and not fact:
                    homes[base] = host
                    if host in trusted or _passes(host, policy):
                        sound.add(base)
        fact = (
            fact
            or sources.unasked(package, project)
            or sources.unsafe_kind(package, project, policy)
        )
        if fact:
            yield _odd(lockfile, package, fact)
        elif host and host not in trusted and not sources.is_public(host):
            strangers.setdefault(host, []).append(package)
    yield from _told(lockfile, strangers, every)


def _is_sound(base: str, trusted: frozenset[str], policy: Policy) -> bool:
    """Whether every conventional address below a base passes."""
    address = tarball.parse(f"{base}a/-/a-1.0.0.tgz")
    if address.scheme != "https" or (address.defect and address.defect not in _SHOWS_NO_NAME):
        return False
    return _passes(address.host, policy) or (address.host in trusted and not policy.remote)


def _told(
    lockfile: Lockfile, strangers: Mapping[str, list[Package]], packages: tuple[Package, ...]
) -> Iterator[Finding]:
    # Also of a registry where no address is written.
    fetched = sum(package.source in _FETCHED for package in packages) if strangers else 0
    for host, theirs in strangers.items():
        yield _stranger(lockfile, host, theirs, whole=len(theirs) == fetched)


def _passes(host: str, policy: Policy) -> bool:
    """Whether every sound address of a host passes."""
    return not policy.remote and sources.is_public(host)


def _is_fetched(package: Package, project: Project) -> bool:
    """Whether an address decides; ``a@https://…`` looks like a file, but npm fetches it."""
    resolved = package.resolved
    if resolved is None or package.source == "git" or sources.by_plugin(package, project):
        return False
    return package.source in _FETCHED or "://" in resolved


def _address(package: Package, policy: Policy) -> tuple[str, str]:
    """What is wrong with an address, and the host it names."""
    resolved = package.resolved or ""
    if policy.remote:
        GLOBS.spend(1 + len(policy.remote) // _PREFIXES)
        if resolved.startswith(policy.remote):
            return "", ""
    address = tarball.parse(resolved)
    if address.scheme == "http":
        return "fetched over http", address.host
    if address.defect and address.defect not in _SHOWS_NO_NAME:
        return f"odd address: {address.defect}", address.host
    return "", address.host


# A sound address of a registry whose paths do not show name and version.
_SHOWS_NO_NAME: Final = frozenset({"no registry path", "query or fragment"})


def _odd(lockfile: Lockfile, package: Package, fact: str) -> Finding:
    from lockward.remedies import regenerate

    name = f"{package.alias}@{package.version}" if package.version else package.alias
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=lockfile.path,
        line=lockfile.place(package.key),
        pointer=package.key,
        package=name,
        subject=f"{fact}\n{package.resolved or ''}",
        message=f"{name}: {fact}",
        now=package.resolved or "",
        why="the lockfile decides from where code is fetched",
        remedy=regenerate(lockfile.path, lockfile.format),
        group="{n} packages come from where nothing asked for",
        row=(name, fact),
    )


def _stranger(lockfile: Lockfile, host: str, packages: list[Package], *, whole: bool) -> Finding:
    """A host that nothing names; a note when it is the lockfile's only one."""
    from lockward.remedies import regenerate

    first = packages[0]
    number = len(packages)
    subject = f"{first.alias} comes" if number == 1 else f"{number} packages come"
    return Finding(
        rule=ID,
        severity="note" if whole else SEVERITY,
        path=lockfile.path,
        line=lockfile.place(first.key),
        pointer=first.key,
        subject=host,
        message=f"{subject} from {host}, which no setting names",
        now=first.resolved or "",
        why=(
            "all packages come from there: say so in .npmrc or in sources.hosts"
            if whole
            else "a registry that is meant is named in .npmrc or in the policy's sources.hosts"
        ),
        remedy=() if whole else regenerate(lockfile.path, lockfile.format),
    )
