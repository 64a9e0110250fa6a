"""A locked package that kept its name and version is the same package.

## What it judges
Every entry that stands in the lockfile before and after: its integrity, its
address, its name, its dependencies, and what it records of its contents.

## Why
Package managers install what the lockfile says.  Who edits one entry chooses the
code that runs on every developer's machine and in CI, and reviewers skip these
files.

## Refused
- an integrity replaced; also one other than an earlier revision, or another
  lockfile here, holds for the same name and version
- an address of another host, another package or another version
- an entry under a name that is not its package's, which nobody asked for
- dependencies, `bin`, `os` or install scripts edited under the same version
- in lockfileVersion 2, `packages` and `dependencies` that disagree

## Passes
- sha1 replaced by the sha512 of the same artifact
- a registry that moved: pins in `.npmrc` in the same change, same hashes
- lockfileVersion 1 to 3, flags, licences and formatting
- checksums of Berry that all change with its cacheKey

Not decided offline: a hash that was wrong from the start, of a package that is
new to this lockfile and that neither its past nor a lockfile beside it knows.

No trailer and no policy key allows a tampered entry; an exception of the policy
can name one package, with a reason, an owner and a last day.

## Fix
`git checkout HEAD -- package-lock.json`, then
`npm install --package-lock-only --ignore-scripts`.  If it comes back, stop and
tell whoever runs your registry.
"""

from __future__ import annotations

from lockward import lockdiff
from lockward.rules import _changed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.findings import Finding
    from lockward.model import Severity
    from lockward.policy import Policy
    from lockward.project import Project

ID: Final = "lockfile-tampered"
SEVERITY: Final[Severity] = "error"
SUMMARY: Final = "same name and version, other bytes or another place"


def check(before: Project | None, after: Project, policy: Policy) -> Iterator[Finding]:
    """One finding for each tampered entry."""
    lockfile = after.lockfile
    if lockfile is None:
        return
    for item in lockdiff.of(before, after, policy).of_class("tampered"):
        yield _changed.finding(ID, item, lockfile)
