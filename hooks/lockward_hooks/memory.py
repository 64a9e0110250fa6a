"""What a walk over a history has seen: the witness of whoever comes from the past."""

from __future__ import annotations

from itertools import islice

from lockward.lockdiff import hashes
from lockward.lockdiff.lost import requirements_of
from lockward.lockdiff.witness import can_be_known, kind_of
from lockward_hooks.sightings import Packer, head_of, tail_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Final

    from lockward.lockdiff.witness import Sighting, Wanted
    from lockward.model import Lockfile, Package

_NOTHING: Final[Mapping[str, Package]] = {}
MOST: Final = 60_000  # packages that are remembered; then the longest unseen are forgotten
MOST_BYTES: Final = 16 << 20  # of what is remembered: as many of an honest history take half of it
FEW: Final = 256  # entries, or lost requirements, of one package that are remembered
_BATCH: Final = 4_000  # beyond, before somebody is forgotten: to begin at the first takes time
_PARTS: Final = 16  # of which one is forgotten when all together are too long
_OWN: Final = 60  # bytes of a text that are not its characters


class Memory:
    """Every package that the revisions walked so far locked; see lockdiff.witness.Witness.

    Of each name and version the last few different entries are kept, packed.
    """

    thorough: Final = True

    def __init__(self) -> None:
        self.paths: Final[dict[str, int]] = {}  # the lockfiles that were walked, numbered
        self._packer: Final = Packer()
        self._known: Final[dict[str, bytes | tuple[bytes, ...]]] = {}
        self._bytes = 0
        self._lost: Final[dict[tuple[str, Wanted], dict[str, str]]] = {}  # by lockfile
        self._characters = 0  # in them

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
        own = self.paths.get(path, -1)
        for one in wanted:
            known = self._known.get(_key(one))
            if known:
                records = (known,) if isinstance(known, bytes) else known
                tail = tail_of(*one)
                found[one] = tuple(self._packer.unpacked(each, tail, own) for each in records)
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
        place = self.paths.setdefault(lockfile.path, len(self.paths))
        head = head_of(place, kind_of(lockfile), where)
        old = _NOTHING if before is None else before.by_key
        for key in lockfile.since(old).changed:
            package, was = lockfile.by_key[key], old.get(key)
            if was is not None and _is_same(was, package):
                self._lose(lockfile.path, was, package)
                if (was.integrity, was.resolved) == (package.integrity, package.resolved):
                    continue
            if can_be_known(package):
                self._take(head, package, hashes.text(lockfile, package))
        stood = set() if before is None else set(map(id, before.environment))
        for package in lockfile.environment:  # pnpm's own
            if id(package) not in stood and can_be_known(package):
                self._take(head, package, hashes.text(lockfile, package))
        self._forget()

    def _take(self, head: bytes, package: Package, text: str) -> None:
        """Remember a sighting, in the place of one that differs in nothing but where."""
        key = _key((package.name, package.version))
        resolved = package.resolved or ""
        base = package.base if "/-/" in resolved else ""
        tail = tail_of(package.name, package.version) if base else ""
        record = self._packer.packed(head, text, resolved, base, tail)
        known = self._known.pop(key, None)
        self._bytes += len(record)
        if known is None:
            self._bytes += len(key) + _OWN
            self._known[key] = record
            return
        what = self._packer.what(record)
        records = list((known,) if isinstance(known, bytes) else known)
        for at, other in enumerate(records):
            if self._packer.what(other) == what:
                self._bytes -= len(other)
                records[at] = record
                break
        else:
            records.append(record)
        self._bytes -= sum(map(len, records[:-FEW]))
        records = records[-FEW:]
        self._known[key] = records[0] if len(records) == 1 else tuple(records)

    def _forget(self) -> None:
        """Forget the longest unseen when there are too many."""
        while len(self._known) >= MOST + _BATCH or self._bytes > MOST_BYTES:
            number = max(len(self._known) - MOST, 1 + len(self._known) // _PARTS)
            for key in list(islice(self._known, number)):
                known = self._known.pop(key)
                size = len(known) if isinstance(known, bytes) else sum(map(len, known))
                self._bytes -= len(key) + _OWN + size

    def _lose(self, path: str, was: Package, now: Package) -> None:
        """Take note of requirements that an entry of the same package records no more."""
        lost = requirements_of(was).items() - requirements_of(now).items()
        if lost:
            names = self._lost.setdefault((path, (now.name, now.version)), {})
            self._characters -= _size(names)
            names.update(lost)
            while len(names) > FEW:
                del names[next(iter(names))]
            self._characters += _size(names)
            while len(self._lost) > MOST or self._characters > MOST_BYTES:
                self._characters -= _size(self._lost.pop(next(iter(self._lost))))


def _key(wanted: Wanted) -> str:
    """A name and a version as one text, which no other two are."""
    return f"{len(wanted[0])} {wanted[0]}{wanted[1]}"


def _is_same(was: Package, now: Package) -> bool:
    return (was.name, was.version) == (now.name, now.version)


def _size(names: Mapping[str, str]) -> int:
    return sum(_OWN + len(name) + len(text) for name, text in names.items())
