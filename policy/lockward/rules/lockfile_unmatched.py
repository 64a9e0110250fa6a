"""A lockfile changes because a requirement changed.

## What it judges
Every package that the lockfile's change moved: which changed requirement,
override or workspace explains it, or what else does.

## Why
A lockfile is thousands of lines that nobody reads.  A change that follows from
package.json can be reviewed there; one that does not is either a refresh that
somebody should ask for, or something that no package manager would have written.

## Refused
- refresh: packages moved in range, and no requirement changed
  (`lockfile.refresh = "reject"`; `"trailer"` takes a `Lockfile-Refresh: <reason>`
  trailer of the commit message, `"allow"` takes any)
- rollback: versions that this lockfile held before come back
- out of range, orphaned, downgraded without cause, another kind of source,
  integrity lost or weakened: always, whatever else is in the commit

## Passes
- everything that hangs below a changed requirement, was displaced by it or
  deduplicated onto it
- formatting, flags, a lockfileVersion migration
- (warning) packages refreshed beside a real requirement change:
  `lockfile.refresh-alongside`
- (warning) settings that name another registry than before, which neither is the
  public one nor stands in the policy

Not decided offline: a dependency too many of a package that is new to this
lockfile; where ranges are not recorded (pnpm), a new transitive package out of
its range.

## Fix
Drop the refresh, `git checkout HEAD -- package-lock.json`; or ask for it in
package.json; or allow refreshes in the policy.
"""

from __future__ import annotations

from lockward import lockdiff
from lockward.findings import Finding
from lockward.lockdiff.codes import CODES
from lockward.remedies import restore
from lockward.rules import _changed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.lockdiff import Item
    from lockward.model import Lockfile, Severity
    from lockward.policy import Policy
    from lockward.project import Project
    from lockward.registries import Pin

ID: Final = "lockfile-unmatched"
SEVERITY: Final[Severity] = "error"
SUMMARY: Final = "refresh, rollback or unexplained: packages moved that no requirement moved"

_HEADLINES: Final = {
    "refresh": "in-range refresh of {n} packages, and no requirement changed",
    "rollback": "{n} packages went back to versions that were locked before",
}
_WORDS: Final = {
    "refresh": "in-range refresh, no requirement changed",
    "rollback": "back to a version that was locked before",
}
_WHY: Final = {
    "refresh": "a refresh: in range, from the same registry; but nothing asks for it",
    "rollback": "a stale branch or a revert: fixes that the newer version brought are lost",
}
_ALONGSIDE: Final[dict[str, Severity]] = {
    "warn": "warning",
    "reject": "error",
    "trailer": "error",
    "announce": "note",
}
_SHOWN: Final = 5  # packages that one aggregated warning names
_TRAILER: Final = 'git commit --trailer "Lockfile-Refresh: <reason>"'


def check(before: Project | None, after: Project, policy: Policy) -> Iterator[Finding]:
    """A finding for each package that nothing explains; refreshes beside a cause as one."""
    lockfile = after.lockfile
    if lockfile is None:
        return
    diff = lockdiff.of(before, after, policy)
    yield from (_named(pin) for pin in diff.named)
    for item in diff.of_class("unexplained"):
        if CODES[item.code].headline:  # the others are lockfile-out-of-sync's
            yield _changed.finding(ID, item, lockfile)
    if diff.refresh_alongside:
        if policy.alongside != "allow":
            yield _beside(diff.refresh_alongside, lockfile, policy)
    elif policy.refresh == "announce":
        moved = diff.of_class("refresh", "rollback")
        if moved:
            yield _announced(moved, lockfile)
    elif policy.refresh != "allow":
        for item in diff.of_class("refresh", "rollback"):
            yield _refreshed(item, lockfile, policy)


def _named(pin: Pin) -> Finding:
    """A registry that the settings name since this change: what is new comes from there."""
    setting = pin.setting
    return Finding(
        rule=ID,
        severity="warning",
        path=setting.path,
        line=setting.line,
        subject=f"{setting.key}\n{pin.url}",
        message=f"{setting.key} names {pin.url}: what is new comes from there from now on",
        now=f"{setting.key}={pin.url}",
        why="a registry decides what a name is; sources.hosts of the policy names trusted ones",
    )


def _refreshed(item: Item, lockfile: Lockfile, policy: Policy) -> Finding:
    """A package that a manager could have moved, though nothing asked for it."""
    kind = item.classification
    line = lockfile.line_of(item.pointer)
    cause = item.cause
    row = (item.name, f"{item.version_before} -> {item.version_after}", f"line {line}", cause)
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=lockfile.path,
        line=line,
        pointer=item.pointer,
        package=_changed.package_of(item),
        subject=f"{kind} {item.version_before}",
        message=f"{_changed.label(item)}: {_WORDS[kind]}{f' ({cause})' if cause else ''}",
        why=_WHY[kind],
        remedy=_ways(lockfile, policy),
        group=_HEADLINES[kind],
        row=row,
    )


def _ways(lockfile: Lockfile, policy: Policy) -> tuple[str, ...]:
    """Drop the refresh, or the way through that works where the policy stands now."""
    if policy.refresh == "trailer":
        return (restore(lockfile.path), f"or keep it: {_TRAILER}")
    allow = 'or allow it: refresh = "trailer" under [lockfile] in .lockward.toml, and then'
    return (restore(lockfile.path), allow, _TRAILER)


def _announced(items: tuple[Item, ...], lockfile: Lockfile) -> Finding:
    """What the commit message will be asked about."""
    return _together(
        items,
        lockfile,
        "note",
        f"in-range refresh of {_number(items)}, which needs a reason: {_names(items)}",
        "the commit message is asked for a Lockfile-Refresh trailer",
        remedy=(_TRAILER,),
    )


def _beside(items: tuple[Item, ...], lockfile: Lockfile, policy: Policy) -> Finding:
    """One finding for all that was refreshed beside a real requirement change."""
    asks = policy.alongside in ("trailer", "announce")
    return _together(
        items,
        lockfile,
        _ALONGSIDE[policy.alongside],
        f"{_number(items)} refreshed beside a requirement change: {_names(items)}",
        "in range, but no changed requirement explains these",
        remedy=(_TRAILER,) if asks else (),
    )


def _number(items: tuple[Item, ...]) -> str:
    return "1 package" if len(items) == 1 else f"{len(items)} packages"


def _names(items: tuple[Item, ...]) -> str:
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return ", ".join(_changed.label(item) for item in items[:_SHOWN]) + more


def _together(
    items: tuple[Item, ...],
    lockfile: Lockfile,
    severity: Severity,
    message: str,
    why: str,
    *,
    remedy: tuple[str, ...],
) -> Finding:
    """One finding for several packages."""
    first = items[0]
    return Finding(
        rule=ID,
        severity=severity,
        path=lockfile.path,
        line=lockfile.line_of(first.pointer),
        pointer=first.pointer,
        subject="\n".join(sorted(_changed.label(item) for item in items)),
        message=message,
        why=why,
        remedy=remedy,
    )
