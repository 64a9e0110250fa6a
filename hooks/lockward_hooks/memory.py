"""What a walk over a history has seen: the witness of whoever comes from the past."""

from __future__ import annotations

from lockward.lockdiff.lost import requirements_of
from lockward.lockdiff.witness import Sighting, can_be_known, sighted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Final, TypeVar

    from lockward.lockdiff.witness import Wanted
    from lockward.model import Lockfile, Package

    K = TypeVar("K")
    V = TypeVar("V")

_NOTHING: Final[Mapping[str, Package]] = {}
MOST: Final = 60_000  # packages that are remembered; then the longest unseen are forgotten
FEW: Final = 256  # entries, or lost requirements, of one package that are remembered


class Memory:
    """Every package that the revisions walked so far locked; see lockdiff.witness.Witness.

    Of each name and version the last few different entries are kept.
    """

    thorough: Final = True

    def __init__(self) -> None:
        self.paths: Final[set[str]] = set()  # the lockfiles that were walked
        self._known: dict[Wanted, dict[tuple[str, str, str, str], Sighting]] = {}
        self._lost: Final[dict[tuple[str, Wanted], dict[str, str]]] = {}  # by lockfile

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

    def required(self, path: str, wanted: Wanted, /) -> Mapping[str, str]:
        """See lockdiff.witness.Witness: what a revision recorded and the next one did not."""
        return self._lost.get((path, wanted), {})

    def remember(
        self, lockfile: Lockfile | None, before: Lockfile | None = None, where: str = "earlier"
    ) -> None:
        """Take note of a revision: of what ``before`` did not hold."""
        if lockfile is None:
            return
        self.paths.add(lockfile.path)
        old = _NOTHING if before is None else before.by_key
        for key in lockfile.since(old).changed:
            package, was = lockfile.by_key[key], old.get(key)
            if was is not None and _is_same(was, package):
                self._lose(lockfile.path, was, package)
                if (was.integrity, was.resolved) == (package.integrity, package.resolved):
                    continue
            if not can_be_known(package):
                continue
            sighting = sighted(lockfile, package, where, own=True)
            wanted = (package.name, package.version)
            known = self._known.pop(wanted, {})
            known[lockfile.path, sighting.kind, sighting.hashes, sighting.resolved] = sighting
            self._known[wanted] = known
            _shorten(known, FEW)
        _shorten(self._known, MOST)

    def _lose(self, path: str, was: Package, now: Package) -> None:
        """Take note of requirements that an entry of the same package records no more."""
        lost = requirements_of(was).items() - requirements_of(now).items()
        if lost:
            names = self._lost.setdefault((path, (now.name, now.version)), {})
            names.update(lost)
            _shorten(names, FEW)
            _shorten(self._lost, MOST)


def _is_same(was: Package, now: Package) -> bool:
    return (was.name, was.version) == (now.name, now.version)


def _shorten(known: dict[K, V], most: int) -> None:
    """Forget what was put there first, of more than that many."""
    while len(known) > most:
        del known[next(iter(known))]
