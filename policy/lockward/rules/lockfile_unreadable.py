"""What decides an install can be read, by everybody in the same way.

## What it judges
Every lockfile and manifest of a project: that it is a regular file, of a sane
size, and says one thing only.

## Why
Two readers that disagree can be shown two different lockfiles: a duplicate key
shows a reviewer the first entry and npm the last.  What cannot be read cannot
be judged, so the outcome is "undecided", which blocks as well.

## Refused
- broken JSON, a truncated file, merge-conflict markers, NUL bytes, not UTF-8
- a key that stands twice, `__proto__`
- a symbolic link or a submodule where the file belongs
- a file larger or nested deeper than the policy's bound
- names that differ by their case only (`Package.json` beside `package.json`), or by what some
  disks ignore (forms of an accented letter, invisible characters, a dot at the end), folders too
- a lockfileVersion that no released npm knows
- `bun.lockb`, which is binary: bun.lock is the same as a text
- what would take more work than any real project does (the bounds in docs/lockfiles.md)

## Passes
- every file as a package manager writes it, with or without a byte order mark

## Fix
`git checkout HEAD -- package-lock.json`, then
`npm install --package-lock-only --ignore-scripts`.
"""

from __future__ import annotations

from lockward import lockfiles, relevant
from lockward.errors import BoundError, LockfileError, TooLargeError
from lockward.findings import Finding
from lockward.paths import folder_of, join, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.errors import LockwardError
    from lockward.model import Severity
    from lockward.policy import Policy
    from lockward.project import Project

ID: Final = "lockfile-unreadable"
SEVERITY: Final[Severity] = "error"
SUMMARY: Final = "malformed, duplicate keys, conflict markers, symlink, oversize, case twins"


def check(project: Project, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001 - a rule's shape
    """One finding for each file that could not be read, and for each pair of twins."""
    for fault in project.faults:
        if isinstance(fault, BoundError):
            continue  # the engine's: nothing excuses one
        content = _content(project, fault.path)
        if name_of(fault.path) in lockfiles.UNREADABLE:
            yield _binary(project, fault, content)
        else:
            yield _finding(fault.path, fault.message, fault, content)
    yield from _twins(project)


def _content(project: Project, path: str) -> str:
    """What tells one unreadable state of a file from another: each of them is judged by nobody."""
    entry = project.tree.entries().get(path)
    return "" if entry is None else entry.oid


def _binary(project: Project, fault: LockwardError, content: str) -> Finding:
    """The finding for a lockfile in binary: whether it counts at all depends on its neighbours."""
    from lockward.remedies import TEXT_OF, migrate

    path, message = fault.path, fault.message
    beside = tuple(name_of(one) for one in project.lockfile_paths if one != path)
    text = TEXT_OF[name_of(path)]
    if text in beside:
        message = f"{message.partition('; ')[0]}; {text} beside it is what bun 1.2 and later read"
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=path,
        line=1,
        subject=f"{fault.message}\n{content}",
        message=message,
        why="no reviewer can read what it installs, and nothing here can, either",
        remedy=migrate(path, beside),
        undecided=True,
    )


def beyond(project: Project, fault: BoundError) -> Finding:
    """The finding for what was not examined, because a bound of ours was hit."""
    return _finding(fault.path or _judged(project), fault.message, fault)


def _judged(project: Project) -> str:
    """The file that a project's judgement is about."""
    lockfile = project.lockfile
    return join(project.root, "package.json") if lockfile is None else lockfile.path


def is_beyond(finding: Finding) -> bool:
    """Whether a finding is one for what was not examined."""
    return finding.rule == ID and finding.why == _BEYOND


def _twins(project: Project) -> Iterator[Finding]:
    """Paths that are one on a disk that ignores case, or forms of one letter.

    In the project's folder, and in folders that are one with it there.
    """
    first: dict[str, str] = {}
    for path in (*project.sibling_paths, *project.twin_paths):
        other = first.setdefault(relevant.folded(path), path)
        if other == path:
            continue
        if path.lower() == other.lower():
            yield _finding(path, f"differs from {_short(other, path)} by its case only", None)
        else:
            yield _finding(path, f"is one with {_short(other, path)} on some disks", None)


def _short(other: str, path: str) -> str:
    """The other's name, or where its folder is another one the whole path."""
    return name_of(other) if folder_of(other) == folder_of(path) else other


def _finding(path: str, message: str, fault: LockwardError | None, content: str = "") -> Finding:
    from lockward.remedies import quote, regenerate, restore

    name = name_of(path)
    if fault is None:
        remedy: tuple[str, ...] = (f"git rm -f --cached {quote(path)}   (or the other one)",)
    elif name != name.lower() and relevant.kind(path) == "lockfile":
        remedy = (f"git mv {quote(path)} {quote(join(folder_of(path), name.lower()))}",)
    else:
        lockfile = isinstance(fault, LockfileError) or relevant.kind(path) == "lockfile"
        remedy = regenerate(path) if lockfile else (restore(path),)
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=path,
        line=fault.line if fault is not None and fault.line else 1,
        pointer=fault.pointer if fault is not None else "",
        subject=f"{message}\n{content}" if content else message,
        message=message,
        why=_why(fault),
        remedy=remedy,
        undecided=True,
    )


def _why(fault: LockwardError | None) -> str:
    if isinstance(fault, BoundError):
        return _BEYOND
    if isinstance(fault, TooLargeError):
        return "beyond the bound nothing is read, so nothing can be judged"
    return "two readers can read two different files here, or one none at all"


_BEYOND: Final = "no real project needs as much; what lies beyond the bound was not examined"
