"""Somebody must review every change of a lockfile: CODEOWNERS says who.

## What it judges
The CODEOWNERS file that counts, by the rules of GitHub, or of GitLab where
`.gitlab-ci.yml` or `.gitlab/` lies in the repository.

## Why
Reviewers skip lockfiles, and platforms fold them away. An owner makes the change
wait until somebody has said yes.

## Refused
- (note) a lockfile that no entry of CODEOWNERS covers, or no CODEOWNERS at all
- (note) a later entry without owners takes the lockfile back
- (note) an optional section of GitLab's (`^[Section]`): it binds nobody

## Passes
- `package-lock.json @acme/platform`, `*lock* @acme/security`, `* @acme/all`

## Fix
`echo '**/package-lock.json @acme/security' >>.github/CODEOWNERS`, and require the
review of code owners for the default branch.
"""

from __future__ import annotations

from lockward import owners
from lockward.errors import LockwardError
from lockward.findings import Finding
from lockward.paths import folder_of, name_of
from lockward.remedies import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.model import Severity, Tree
    from lockward.owners import Host
    from lockward.policy import Policy
    from lockward.repository import Repository

ID: Final = "lockfile-review-missing"
SEVERITY: Final[Severity] = "note"
SUMMARY: Final = "no CODEOWNERS entry covers the lockfile"


def check(repository: Repository, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001 - a rule's shape
    """One finding for each lockfile that nobody has to review."""
    lockfiles = [path for path in repository.paths("lockfile") if not name_of(path).startswith(".")]
    if not lockfiles:
        return
    where, read = _owners(repository.tree)
    for path in lockfiles:
        if read is None or not read.covers(path):
            yield _finding(path, where, exists=read is not None)


def host(tree: Tree) -> Host:
    """Whose rules count: GitLab's where its files lie, else GitHub's."""
    entries = tree.entries()
    gitlab = ".gitlab-ci.yml" in entries or any(path.startswith(".gitlab/") for path in entries)
    return "gitlab" if gitlab else "github"


def _owners(tree: Tree) -> tuple[str, owners.Owners | None]:
    """Where CODEOWNERS lies, or should, and what it says."""
    whose = host(tree)
    path = owners.place(tree.entries().keys(), whose)
    if not path:
        return owners.PLACES[whose][0], None
    try:
        data = tree.read(path, owners.LARGEST)
    except LockwardError:
        data = None  # a link or a giant: the platform does not read it either
    return path, None if data is None else owners.Owners(data, whose)


def _finding(path: str, where: str, *, exists: bool) -> Finding:
    fact = f"no entry of {where} covers {path}" if exists else f"no CODEOWNERS, so none for {path}"
    folder = folder_of(where)
    made = f"mkdir -p {quote(folder)} && " if folder and not exists else ""
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=where if exists else path,
        subject=path,
        message=fact,
        why="reviewers skip lockfiles; an owner makes a change of one wait for a yes",
        remedy=(f"{made}echo {quote(f'**/{name_of(path)} @OWNER')} >>{quote(where)}",),
        group="no CODEOWNERS entry covers {n} lockfiles",
        row=(path,),
    )
