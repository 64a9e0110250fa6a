"""What a walk over a history has seen: the witness of whoever comes from the past."""

from __future__ import annotations

from lockward.lockdiff.witness import Sighting, can_be_known, sighted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Final

    from lockward.lockdiff.witness import Wanted
    from lockward.model import Lockfile

MOST: Final = 60_000  # packages that are remembered; then the longest unseen are forgotten


class Memory:
    """Every package that the revisions walked so far locked; see lockdiff.witness.Witness.

    Of each name and version the last few different entries are kept.
    """

    thorough: Final = True

    def __init__(self) -> None:
        self.paths: Final[set[str]] = set()  # the lockfiles that were walked
        self._known: dict[Wanted, dict[tuple[str, str, str, str], Sighting]] = {}

    def sightings(
        self,
        path: str,
        wanted: Collection[Wanted],
        /,
        *,
        deep: bool,  # noqa: ARG002 - everything is known anyway
    ) -> Mapping[Wanted, tuple[Sighting, ...]]:
        """See lockdiff.witness.Witness."""
        found: dict[Wanted, tuple[Sighting, ...]] = {}
        for one in wanted:
            known = self._known.get(one)
            if known:
                found[one] = tuple(
                    Sighting(
                        own=place == path,
                        kind=each.kind,
                        hashes=each.hashes,
                        resolved=each.resolved,
                        where=each.where,
                    )
                    for (place, *_), each in known.items()
                )
        return found

    def remember(
        self, lockfile: Lockfile | None, before: Lockfile | None = None, where: str = "earlier"
    ) -> None:
        """Take note of a revision: of what ``before`` did not hold."""
        if lockfile is None:
            return
        self.paths.add(lockfile.path)
        old = {} if before is None else before.by_key
        for package in lockfile.packages:
            was = old.get(package.key)
            if was is package:
                continue
            same = (
                was is not None
                and was.version == package.version
                and was.name == package.name
                and was.integrity == package.integrity
                and was.resolved == package.resolved
            )
            if same or not can_be_known(package):
                continue
            one = sighted(lockfile, package, where, own=True)
            wanted = (package.name, package.version)
            known = self._known.pop(wanted, {})
            known[lockfile.path, one.kind, one.hashes, one.resolved] = one
            self._known[wanted] = known
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]
