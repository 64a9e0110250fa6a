"""The past of a sampled walk: also what stood between two commits of the sample.

``lockward history`` remembers every commit, and ``lockward check`` looks through
the last 200 revisions when a version goes down.  A walk over a sample knows the
commits that it judged; before it calls anything a downgrade it asks the
revisions that it passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lockward import lockfiles
from lockward.errors import LockwardError
from lockward.lockdiff.witness import can_be_known, sighted, spelled
from lockward_hooks.memory import Memory
from lockward_hooks.witness import REVISIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from benchmarks.gittree import History
    from lockward.lockdiff.witness import Sighting, Wanted


class Between(Memory):
    """See lockdiff.witness.Witness; ``at`` says which commit is judged next."""

    def __init__(self, history: History) -> None:
        super().__init__()
        self._history: Final = history
        self._commits: dict[str, list[str]] = {}  # path -> commits that changed it, oldest first
        self._places: dict[tuple[str, str], int] = {}
        self._now = ""

    def follow(self, rows: Iterable[tuple[str, str, list[str]]]) -> None:
        """Take note of all commits of a history, judged or not; see History.changes."""
        for commit, _, paths in rows:
            for path in paths:
                known = self._commits.setdefault(path, [])
                self._places[path, commit] = len(known)
                known.append(commit)

    def at(self, commit: str) -> None:
        """The commit that is judged from here on."""
        self._now = commit

    def sightings(
        self, path: str, wanted: Collection[Wanted], /, *, deep: bool
    ) -> Mapping[Wanted, tuple[Sighting, ...]]:
        """See lockdiff.witness.Witness."""
        found = dict(super().sightings(path, wanted, deep=deep))
        left = {one for one in wanted if not any(each.own for each in found.get(one, ()))}
        for data in self._earlier(path) if deep else ():
            if not left:
                break
            hits = {one for one in left if spelled(data, *one)}
            for one, seen in _read(path, data, hits).items() if hits else ():
                found[one] = (*found.get(one, ()), *seen)
                left.discard(one)
        return found

    def _earlier(self, path: str) -> Iterator[bytes]:
        """The last revisions of a path before the judged commit, the newest first."""
        known = self._commits.get(path, [])
        place = self._places.get((path, self._now), 0)
        for commit in reversed(known[max(0, place - REVISIONS) : place]):
            data = self._history.blob(f"{commit}:{path}")
            if data:
                yield data


def _read(path: str, data: bytes, hits: set[Wanted]) -> dict[Wanted, tuple[Sighting, ...]]:
    try:
        lockfile = lockfiles.read(path, data)
    except LockwardError:
        return {}  # what cannot be read witnesses nothing
    found: dict[Wanted, tuple[Sighting, ...]] = {}
    for package in lockfile.packages:
        key = (package.name, package.version)
        if key in hits and can_be_known(package):
            one = sighted(lockfile, package, "between", own=True)
            found[key] = (*found.get(key, ()), one)
    return found
