"""Two small npm projects, before and after, and what the judgement says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lockward import lockdiff
from lockward.lockdiff.witness import Nobody, Sighting
from lockward.policy import Policy
from tests.support import npm
from tests.support.commits import checksum

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from lockward.lockdiff import LockDiff
    from lockward.lockdiff.witness import Wanted

    Files = dict[str, str | bytes]
    Seen = Callable[[str, str, str], bool]


def never_seen(_path: str, _name: str, _version: str) -> bool:
    """No lockfile ever held anything."""
    return False


class Past(Nobody):
    """A witness who saw, in this lockfile's past, what a function says: as these tests make it."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def sightings(
        self, path: str, wanted: Collection[Wanted], /, *, deep: bool
    ) -> Mapping[Wanted, tuple[Sighting, ...]]:
        """See lockward.lockdiff.witness.Witness."""
        assert isinstance(deep, bool)
        return {each: _sightings(*each) for each in wanted if self._seen(path, *each)}


def _sightings(name: str, version: str) -> tuple[Sighting, ...]:
    """A version as npm's formats and as Yarn 4 would hold it."""
    kinds = {
        "tarball": npm.sri(f"{name}@{version}"),
        "archive 8 10": f"10/{checksum(name, version)}",
    }
    return tuple(
        Sighting(own=True, kind=kind, hashes=text, resolved="", where="before")
        for kind, text in kinds.items()
    )


def root(dependencies: npm.Json, **more: object) -> npm.Json:
    """A root manifest."""
    return {"name": "app", "dependencies": dependencies, **more}


def compare(
    before: Files | None,
    after: Files,
    seen: Seen = never_seen,
    policy: Policy | None = None,
) -> LockDiff:
    """The judgement of a change from one project to another."""
    policy = policy or Policy()
    old = None if before is None else npm.project(before, policy)
    return lockdiff.compare(old, npm.project(after, policy), policy, Past(seen))


def told(diff: LockDiff) -> list[tuple[str, str]]:
    """Code and package of each item, sorted."""
    return sorted((item.code, item.name) for item in diff.items)
