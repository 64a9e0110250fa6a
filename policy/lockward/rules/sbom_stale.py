"""The bill of materials lists exactly what the lockfile installs.

## What it judges
Every CycloneDX and SPDX document in JSON, against the lockfile of its folder or
of the nearest project above: sets of name, version and sha512. No clock decides.

## Why
A bill of materials that is not renewed with the lockfile answers the question "are
we affected?" wrongly, and nobody notices.

## Refused
- (warning) packages that the lockfile installs and the document does not list
- (warning) packages that the document lists and the lockfile does not install
- (warning) the same package with another sha512
- (note) packages without a hash, where the lockfile has one

## Passes
- equal sets; the order, the time stamp and the tool do not matter
- a document without development dependencies, when it lists none of them
- your own workspaces, listed or not

## Fix
Write it again and commit it together with the lockfile:
`npm sbom --sbom-format cyclonedx --package-lock-only >sbom.cdx.json`.
"""

from __future__ import annotations

from lockward import integrity
from lockward.findings import Finding
from lockward.posture.chains import is_third_party
from lockward.remedies import quote
from lockward.rules import _sboms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from typing import Final

    from lockward.model import Severity
    from lockward.policy import Policy
    from lockward.project import Project
    from lockward.repository import Repository
    from lockward.sbom import Sbom

    Key = tuple[str, str]

ID: Final = "sbom-stale"
SEVERITY: Final[Severity] = "warning"
SUMMARY: Final = "a bill of materials that lists something else than the lockfile installs"

_WHY: Final = "whoever asks it whether a bad package is in here gets a wrong answer"
_SHOWN: Final = 5


def check(repository: Repository, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001 - a rule's shape
    """At most one finding for each document and kind of difference."""
    projects = _sboms.locked(repository)
    for path, document in _sboms.found(repository):
        covered = _sboms.covered(path, projects)
        if covered:
            yield from _compare(path, document, covered)


def _compare(path: str, document: Sbom, projects: list[Project]) -> Iterator[Finding]:
    own = {name for project in projects for name in _own(project)}
    listed = _by_key(document.components, own)
    locked = _by_key((row for project in projects for row in _locked(project)), own)
    dev = {key for project in projects for key in _dev_only(project)}
    if dev.isdisjoint(listed):
        for key in dev:
            locked.pop(key, None)
    both = locked.keys() & listed.keys()
    hashed = [key for key in both if locked[key]]
    differences = (
        ("missing", "is not listed", "are not listed", locked.keys() - listed.keys()),
        ("extra", "is not locked", "are not locked", listed.keys() - locked.keys()),
        (
            "hash",
            "has another sha512",
            "have another sha512",
            [key for key in hashed if listed[key] and locked[key].isdisjoint(listed[key])],
        ),
        ("unhashed", "has no sha512", "have no sha512", [k for k in hashed if not listed[k]]),
    )
    command = _sboms.command(projects[0]).replace("sbom.cdx.json", quote(path))
    for subject, one, many, keys in differences:
        if keys:
            yield _finding(path, subject, _said(keys, one, many), command)


def _finding(path: str, subject: str, said: str, command: str) -> Finding:
    return Finding(
        rule=ID,
        severity="note" if subject == "unhashed" else SEVERITY,
        path=path,
        subject=subject,
        message=f"{path}: {said}",
        why=_WHY,
        remedy=(command, f"git add {quote(path)}"),
    )


def _said(keys: Collection[Key], one: str, many: str) -> str:
    names = [f"{name}@{version}" for name, version in sorted(keys)]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    count = f"1 package {one}" if len(names) == 1 else f"{len(names)} packages {many}"
    return f"{count}: {', '.join(names[:_SHOWN])}{more}"


def _by_key(
    rows: Iterable[tuple[str, str, str]], own: Collection[str]
) -> dict[Key, frozenset[str]]:
    """(name, version) -> the hashes given for it."""
    found: dict[Key, frozenset[str]] = {}
    for name, version, digest in rows:
        if name not in own:
            known = found.get((name, version), frozenset())
            found[name, version] = known | {digest} if digest else known
    return found


def _locked(project: Project) -> Iterator[tuple[str, str, str]]:
    """Every entry of third parties, with its sha512 in hex."""
    for package in () if project.lockfile is None else project.lockfile.packages:
        if is_third_party(package):
            digests = integrity.parse(package.integrity or "").hashes
            sha512 = [digest.hex() for algorithm, digest in digests if algorithm == "sha512"]
            yield package.name, package.version, sha512[0] if len(sha512) == 1 else ""


def _own(project: Project) -> Iterator[str]:
    for manifest in project.manifests.values():
        if manifest.name:
            yield manifest.name


def _dev_only(project: Project) -> set[Key]:
    """What only development dependencies lead to, in every one of its places."""
    from lockward.posture import facts

    tree = facts.chains(project)
    if tree is None:
        return set()
    packages = tree.lockfile.packages
    needed = {(one.name, one.version) for one in packages if one.key not in tree.dev}
    return {(one.name, one.version) for one in packages if one.key in tree.dev} - needed
