"""package.json and the lockfile agree: what a frozen install would install, it may.

## What it judges
Every requirement of the root, of its workspaces and of linked folders, and every
requirement of what is locked below them, against the entry that answers it:
ranges, tags, aliases, git, files and folders, overrides, peers, optional and
bundled packages.

## Why
`npm ci` (`yarn install --immutable`, ...) refuses the pair, so CI and deployments
would fail; a plain install resolves anew what does not fit, and takes whatever the
registry offers.

## Refused
- `"express": "^5.0.0"` with 4.22.3 locked
- a requirement without an entry, an optional platform package included
- a peer that the locked version does not satisfy
- an override that contradicts the root's own requirement

## Passes
- what `npm ci --dry-run` accepts, offline (docs/lockfiles.md: how each manager decides)

## Fix
`npm install --package-lock-only --ignore-scripts`, then `git add` the lockfile.
"""

from __future__ import annotations

from lockward.findings import Finding
from lockward.model import SECTIONS
from lockward.paths import join, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Final

    from lockward.model import Lockfile, Manifest, Severity
    from lockward.policy import Policy
    from lockward.project import Project
    from lockward.sync import SyncProblem

ID: Final = "lockfile-out-of-sync"
SEVERITY: Final[Severity] = "error"
SUMMARY: Final = "manifest and lockfile disagree: what npm ci or a frozen install would refuse"

# lockfile.format -> the install that refuses what this rule reports
FROZEN: Final = {
    "npm": "npm ci",
    "yarn-classic": "yarn install --frozen-lockfile",
    "yarn-berry": "yarn install --immutable",
    "pnpm": "pnpm install --frozen-lockfile",
    "bun": "bun install --frozen-lockfile",
}


def check(project: Project, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001 - a rule's shape
    """One finding for each requirement; none where a file cannot be read."""
    from lockward import sync

    lockfile = project.lockfile
    if lockfile is None:
        return
    told: set[tuple[str, str, str]] = set()
    for problem in sync.problems(project):
        finding = _finding(project, lockfile, problem)
        if finding.twin()[1:] not in told:
            told.add(finding.twin()[1:])
            yield finding


def stays(before: Project, after: Project) -> bool:
    """Whether it is sure, without a look at all requirements, that there is nothing new."""
    from lockward import sync

    return sync.nothing_new(before, after)


def _finding(project: Project, lockfile: Lockfile, problem: SyncProblem) -> Finding:
    from lockward.remedies import quote, rewrite

    manifest = project.manifests.get(problem.source)
    found = problem.found
    path, line = _place(project, lockfile, manifest, problem)
    fact = _fact(problem)
    beside = "" if found is None else f"{lockfile.path}:{lockfile.line_of(found.key)}"
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=path,
        line=line,
        pointer=problem.source,
        package=problem.name,
        subject=f"{_told(problem.source)}\n{problem.spec}\n{fact}",
        message=f"{problem.name}: {fact}{f' ({beside})' if beside else ''}",
        why=f"`{FROZEN[lockfile.format]}` refuses this pair, so CI and deployments would fail",
        remedy=(f"{rewrite(lockfile.path, lockfile.format)} && git add {quote(lockfile.path)}",),
        group="{n} requirements are not what the lockfile holds",
        row=(problem.name, fact, beside),
    )


def _told(source: str) -> str:
    """A dependant, told apart from others; a Yarn key can name thousands of ranges at once."""
    if len(source) <= _LONGEST_SOURCE:
        return source
    if _LAST and _LAST[0] is source:
        return _LAST[1]  # an equal text of a megabyte is compared for each of its ranges
    told = _TOLD.get(source)
    if told is None:
        from binascii import crc32

        if len(_TOLD) > _MOST_TOLD:
            _TOLD.clear()
        digest = crc32(source.encode("utf-8", "surrogatepass"))
        told = _TOLD[source] = f"{source[:_LONGEST_SOURCE]}{digest:08x}"
    _LAST[:] = (source, told)
    return told


_LONGEST_SOURCE: Final = 500  # characters
_TOLD: Final[dict[str, str]] = {}
_MOST_TOLD: Final = 64
_LAST: Final[list[str]] = []  # the last one and what it is told as


def _place(
    project: Project, lockfile: Lockfile, manifest: Manifest | None, problem: SyncProblem
) -> tuple[str, int | Callable[[], int]]:
    """Where the requirement stands: a line of a manifest, else of the lockfile's entry."""
    if manifest is None:
        return lockfile.path, lockfile.place(problem.source)
    from lockward.manifest import line_of

    section = next(
        (name for name in SECTIONS if problem.name in manifest.sections.get(name, {})), ""
    )
    folder = resolve(project.root, problem.source) or ""
    path = manifest.path or join(folder, "package.json")
    # later: a finding that stood before is never asked for its line
    return path, (lambda: line_of(manifest, section, problem.name)) if section else 1


def _who(source: str) -> str:
    """Who wants it, when it is a locked package and no project of ours."""
    if "node_modules/" in source:
        return source.rpartition("node_modules/")[2]
    return source.partition(", ")[0] if source.find("@", 1) > 0 else ""  # a key of Yarn or pnpm


def _fact(problem: SyncProblem) -> str:
    """``wanted ^5.0.0, locked 4.22.3``, with who wants it when it is no project of ours."""
    if problem.reason in ("override", "workspace", "recorded"):
        return problem.detail or f"two workspaces have this name: {problem.spec}"
    who = _who(problem.source)
    wanted = f"{who} wants {problem.spec}" if who else f"wanted {problem.spec}"
    if problem.kind in ("peer", "peerOptional"):
        wanted += " as a peer"
    if problem.found is None:
        return f"{wanted}, nothing is locked"
    if problem.reason == "peer-local":
        return f"{wanted}, locked inside the package that wants it"
    found = problem.found
    return f"{wanted}, locked {found.version or found.resolved or found.key}"
