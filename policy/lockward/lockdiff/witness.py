"""The history as a witness: what a lockfile, or another one beside it, held before.

Published bytes never change.  So a package that comes in new, but that an
earlier revision of this lockfile or a sibling lockfile held under the same name
and version with another hash or from another place, is not what it was.  And a
version that goes down is a rollback when this lockfile held it before.
"""

from __future__ import annotations

from lockward import integrity
from lockward.lockdiff import cachekeys, hashes
from lockward.lockdiff.formats import is_patched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Final, Protocol

    from lockward.integrity import Integrity
    from lockward.lockdiff.places import Places
    from lockward.lockdiff.records import Item
    from lockward.model import Lockfile, Package

    Wanted = tuple[str, str]  # name and version

    class Witness(Protocol):
        """Whoever knows earlier revisions and sibling lockfiles."""

        @property
        def thorough(self) -> bool:
            """Whether every new package is worth a question, or only a doubtful one."""

        def sightings(
            self, path: str, wanted: Collection[Wanted], /, *, deep: bool
        ) -> Mapping[Wanted, tuple[Sighting, ...]]:
            """Where each was locked before: in this lockfile's past, and in others.

            ``deep``: the answer decides about a rollback, so look far back.
            """

        def required(self, path: str, wanted: Wanted, /) -> Mapping[str, str]:
            """What earlier revisions of this lockfile recorded that a package requires.

            Name -> range, apart from peers; asked only when the answer decides.
            """


_TARBALL: Final = "tarball"


class Sighting:
    """One package as some lockfile held it.

    ``own`` tells whether that was an earlier revision of the same lockfile;
    ``kind`` under which its hash may be compared, ``hashes`` its hashes as an
    SRI (Berry: its checksum), "" = none; ``where`` a word for people.
    """

    __slots__ = ("hashes", "kind", "own", "resolved", "where")

    def __init__(self, *, own: bool, kind: str, hashes: str, resolved: str, where: str) -> None:
        self.own: Final = own
        self.kind: Final = kind
        self.hashes: Final = hashes
        self.resolved: Final = resolved
        self.where: Final = where


def can_be_known(package: Package) -> bool:
    """Whether a name and version stand for the same bytes everywhere.

    A patched package (Berry) is another one with each patch.
    """
    return package.source in ("registry", "bundled") and not is_patched(package)


def sighted(lockfile: Lockfile, package: Package, where: str, *, own: bool) -> Sighting:
    """An entry of some lockfile as a sighting."""
    return Sighting(
        own=own,
        kind=kind_of(lockfile),
        hashes=hashes.text(lockfile, package),
        resolved=package.resolved or "",
        where=where,
    )


def spelled(data: bytes, name: str, version: str) -> bool:
    """Whether a lockfile's bytes may hold ``name@version``: quick, and never "no" by mistake.

    Every format writes the two side by side, in a key, a resolution or an
    address; only npm's may have nothing but a ``version`` below the name's key.
    """
    end = name.rpartition("/")[2]
    sides = (f"{name}@{version}", f"{name}@npm:{version}", f"/{name}/{version}")
    if any(side.encode() in data for side in (*sides, f"/{end}-{version}.tgz")):
        return True
    needle, wanted = f'{name}": {{'.encode(), f'"{version}"'.encode()
    at = data.find(needle)
    while at >= 0:
        if wanted in data[at : at + _NEAR]:
            return True
        at = data.find(needle, at + 1)
    return False


_NEAR: Final = 400  # bytes: a version is among an entry's first fields


def kind_of(lockfile: Lockfile) -> str:
    """What hashes of a lockfile compare with: tarballs', or Berry's archives of one cacheKey."""
    if lockfile.format != "yarn-berry":
        return _TARBALL
    return f"archive {lockfile.version} {cachekeys.key_of(lockfile)}"


def other_bytes(
    lockfile: Lockfile, package: Package, sightings: Iterable[Sighting]
) -> Sighting | None:
    """Where a package had other bytes, if it had them wherever it was seen; None otherwise.

    One sighting with the same bytes is enough: it is the same package.  But what this
    lockfile itself held is not outvoted by others: whoever prepares one may write anything.
    """
    found = hashes.read(lockfile, package)
    known = [one for one in sightings if one.kind == kind_of(lockfile) and one.hashes]
    known = [one for one in known if one.own] or known
    if found is None or not known or any(_agrees(one, found) for one in known):
        return None
    return known[0]


def is_proven(lockfile: Lockfile, package: Package, sightings: Iterable[Sighting]) -> bool:
    """Whether the past held the very package, and not just one of that name and version.

    A sha512 says nothing of what was known by its sha1 only.  What has no hash by
    design now (in a bundle, for some platforms) had none that could be compared.  Berry's
    archives of another lockfileVersion count where they are the very same
    (fluentui-react-native 778d82bbb8).
    """
    found = hashes.read(lockfile, package)
    if found is None:
        return True  # where others have one, entries.py refuses
    kind = kind_of(lockfile)
    return any(
        _is_comparable(one, found)
        if one.kind == kind
        else _TARBALL not in (one.kind, kind) and _agrees(one, found)
        for one in sightings
    )


def _is_comparable(one: Sighting, found: Integrity) -> bool:
    """Whether two hash texts have a kind of hash in common."""
    if one.kind != _TARBALL:
        return bool(one.hashes)
    names = {name for name, _ in integrity.parse(one.hashes).hashes}
    return any(name in names for name, _ in found.hashes)


def _agrees(one: Sighting, found: Integrity) -> bool:
    """Whether two hash texts can be of the same bytes."""
    if one.kind != _TARBALL:
        return one.hashes.rpartition("/")[2] == found.text.rpartition("/")[2]
    old: dict[str, set[bytes]] = {}
    for name, digest in integrity.parse(one.hashes).hashes:
        old.setdefault(name, set()).add(digest)
    new: dict[str, set[bytes]] = {}
    for name, digest in found.hashes:
        new.setdefault(name, set()).add(digest)
    # sha1 and sha512 do not compare, but Yarn 1 writes both
    return not any(old[name].isdisjoint(new[name]) for name in old.keys() & new.keys())


class Nobody:
    """The witness of whoever has no history: nothing was ever seen."""

    thorough: bool = False

    def sightings(
        self,
        path: str,  # noqa: ARG002 - the shape of Witness
        wanted: Collection[Wanted],  # noqa: ARG002
        /,
        *,
        deep: bool,  # noqa: ARG002
    ) -> Mapping[Wanted, tuple[Sighting, ...]]:
        """Nothing."""
        return {}

    def required(self, path: str, wanted: Wanted, /) -> Mapping[str, str]:  # noqa: ARG002
        """Nothing."""
        return {}


def contradictions(
    lockfile: Lockfile, package: Package, known: Sequence[Sighting], places: Places
) -> Iterator[Item]:
    """How a package is another one than what was seen of it: other bytes, or another place."""
    from lockward.lockdiff.records import Item

    other = other_bytes(lockfile, package, known)
    if other is not None:
        yield Item(
            "integrity-replaced",
            after=package,
            cause=f"locked otherwise {other.where}",
            was=other.hashes,
            now=package.integrity or "",
        )
    olds = [one.resolved for one in known if one.resolved]
    moved = places.moved(olds, package, proven=other is None) if olds else ""
    if moved:
        was, now = olds[0], package.resolved or ""
        yield Item("place-replaced", after=package, cause=moved, was=was, now=now)
