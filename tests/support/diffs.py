"""Two small npm projects, before and after, and what the judgement says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockward import lockdiff
from lockward.policy import Policy
from tests.support import npm

if TYPE_CHECKING:
    from collections.abc import Callable

    from lockward.lockdiff import LockDiff

    Files = dict[str, str | bytes]
    Seen = Callable[[str, str, str], bool]


def root(dependencies: npm.Json, **more: object) -> npm.Json:
    """A root manifest."""
    return {"name": "app", "dependencies": dependencies, **more}


def compare(
    before: Files | None,
    after: Files,
    seen: Seen = lockdiff.never_seen,
    policy: Policy | None = None,
) -> LockDiff:
    """The judgement of a change from one project to another."""
    policy = policy or Policy()
    old = None if before is None else npm.project(before, policy)
    return lockdiff.compare(old, npm.project(after, policy), policy, seen)


def told(diff: LockDiff) -> list[tuple[str, str]]:
    """Code and package of each item, sorted."""
    return sorted((item.code, item.name) for item in diff.items)
