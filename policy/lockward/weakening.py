"""What a new policy allows that an old one did not, in words for whoever pushes it."""

from __future__ import annotations

from lockward import rules
from lockward.policyvalues import LEVELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.model import Level
    from lockward.policy import Policy

# Lists of a policy where more entries allow more, and where fewer do.
_GROWING: Final = (
    ("ignore", "ignore"),
    ("hosts", "sources.hosts"),
    ("git", "sources.git"),
    ("remote", "sources.remote"),
    ("reviewed", "scripts.reviewed"),
)
_SHRINKING: Final = (("scopes", "internal.scopes"), ("names", "internal.names"))
# From strict to lax.  "warn" lets a refresh pass, "trailer" asks for a reason first.
_STRICTNESS: Final = ("reject", "trailer", "warn", "allow")


def weaker(old: Policy, new: Policy) -> tuple[str, ...]:
    """Each thing that ``new`` lets through and ``old`` does not; () = nothing."""
    return (
        *_levels(old, new),
        *_refreshes(old, new),
        *_lists(old, new),
        *_exceptions(old, new),
    )


def _levels(old: Policy, new: Policy) -> Iterator[str]:
    defaults = {rule: rules.default(rule) for rule in rules.IDS}
    yield from _lower("", {**defaults, **old.levels}, {**defaults, **new.levels})
    known = {section.match: section.levels for section in old.paths}
    for section in new.paths:
        before = known.get(section.match, {**defaults, **new.levels})
        yield from _lower(f" in {section.match[0]}", before, section.levels)
    kept = {section.match for section in new.paths}
    for section in old.paths:
        if section.match not in kept:
            after = {rule: new.levels.get(rule, defaults[rule]) for rule in section.levels}
            yield from _lower(f" in {section.match[0]}", section.levels, after)


def _lower(where: str, old: Mapping[str, Level], new: Mapping[str, Level]) -> Iterator[str]:
    for rule, level in new.items():
        before = old.get(rule, "error")
        if LEVELS.index(level) < LEVELS.index(before):
            yield f"{rule}{where}: {before} -> {level}"


def _refreshes(old: Policy, new: Policy) -> Iterator[str]:
    for member, key in (("refresh", "refresh"), ("alongside", "refresh-alongside")):
        before, after = getattr(old, member), getattr(new, member)
        if _STRICTNESS.index(after) > _STRICTNESS.index(before):
            yield f"lockfile.{key}: {before} -> {after}"


def _lists(old: Policy, new: Policy) -> Iterator[str]:
    for member, key in _GROWING:
        for entry in getattr(new, member):
            if entry not in getattr(old, member):
                yield f"{key}: {entry} is new"
    for member, key in _SHRINKING:
        for entry in getattr(old, member):
            if entry not in getattr(new, member):
                yield f"{key}: {entry} is gone"
    for scope, url in old.registries.items():
        if new.registries.get(scope) != url:
            yield f"internal.registries: {scope} is no longer held to {url}"
    if new.max_bytes > old.max_bytes:
        yield f"lockfile.max-bytes: {old.max_bytes} -> {new.max_bytes}"


def _exceptions(old: Policy, new: Policy) -> Iterator[str]:
    known = {(each.rule, each.package, each.path): each.expires for each in old.exceptions}
    for each in new.exceptions:
        if each.expires > known.get((each.rule, each.package, each.path), ""):
            what = each.package or each.path or "everything"
            yield f"{each.rule}: excepted for {what} until {each.expires}, {each.reason}"
