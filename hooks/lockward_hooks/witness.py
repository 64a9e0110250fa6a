"""Git as a witness: what a lockfile's earlier revisions, and other lockfiles, held.

Asked only when a judgement depends on it.  Revisions are searched as bytes, and
only one that names the package is read.  Far back means every one of the last
200 revisions; else those 1, 2, 4, … 128 changes ago and the other lockfiles
beside this one: enough to know most packages, and cheap enough for every push.
"""

from __future__ import annotations

from lockward import relevant
from lockward.errors import LockwardError
from lockward_hooks.git import is_oid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from typing import Final

    from lockward.lockdiff.witness import Sighting, Wanted
    from lockward.model import Lockfile, Package, Tree
    from lockward_hooks.git import Git
    from lockward_hooks.objects import Objects

    Found = dict[Wanted, tuple[Sighting, ...]]

REVISIONS: Final = 200
LARGEST: Final = 16 << 20  # bytes of a revision that is searched
BARE: Final = 8  # revisions with the package that are read until one has a hash of it
SIBLINGS: Final = 20  # other lockfiles that are searched


class GitWitness:
    """See lockdiff.witness.Witness.

    ``commit`` is the state from which a change leads ("" = from nothing),
    ``tree`` that state's files.
    """

    def __init__(
        self,
        git: Git,
        objects: Objects,
        commit: str,
        tree: Tree | None,
        *,
        thorough: bool,
    ) -> None:
        self.thorough: Final = thorough
        self._git: Final = git
        self._objects: Final = objects
        self._commit: Final = commit
        self._tree: Final = tree
        self._revisions: Final[dict[str, tuple[str, ...]]] = {}

    def sightings(
        self, path: str, wanted: Collection[Wanted], /, *, deep: bool
    ) -> Mapping[Wanted, tuple[Sighting, ...]]:
        """See lockdiff.witness.Witness."""
        found: Found = {}
        left = set(wanted)
        hits = 0
        for place, oid, where in self._places(path, deep=deep):
            if not left:
                break
            seen = self._search(place, oid, where, left, own=place == path)
            for one, sightings in seen.items():
                found[one] = (*found.get(one, ()), *sightings)
                # a copy in a bundle has no hash, and proves no rollback
                if not deep or hits >= BARE or any(each.hashes for each in sightings):
                    left.discard(one)
            hits += bool(seen)
        return found

    def _places(self, path: str, *, deep: bool) -> Iterator[tuple[str, str, str]]:
        """Path, object id and a word for people, the likeliest first."""
        revisions = self.revisions(path)
        step = 1
        while step < len(revisions):
            oid = revisions[step]
            yield path, oid, "in an earlier revision"
            step = step + 1 if deep else step * 2
        if not deep:  # what this lockfile held is not outvoted by others
            yield from self._siblings(path)

    def _siblings(self, path: str) -> Iterator[tuple[str, str, str]]:
        entries = {} if self._tree is None else self._tree.entries()
        others = (
            other
            for other in entries
            if other != path
            and relevant.kind(other) == "lockfile"
            and not relevant.is_installed(other)
        )
        for _, other in zip(range(SIBLINGS), others, strict=False):
            yield other, entries[other].oid, f"in {other}"

    def _search(self, place: str, oid: str, where: str, left: set[Wanted], *, own: bool) -> Found:
        """What one blob knows of the packages that are still asked for."""
        from lockward.lockdiff.witness import sighted

        found: Found = {}
        for lockfile, package in self._held(place, oid, left):
            key = (package.name, package.version)
            found[key] = (*found.get(key, ()), sighted(lockfile, package, where, own=own))
        return found

    def required(self, path: str, wanted: Wanted, /) -> Mapping[str, str]:
        """See lockdiff.witness.Witness: what the revisions 1, 2, 4, … changes ago recorded."""
        from lockward.lockdiff.lost import requirements_of

        found: dict[str, str] = {}
        for place, oid, _ in self._places(path, deep=False):
            if place == path:
                for _, package in self._held(place, oid, {wanted}):
                    found = {**requirements_of(package), **found}
        return found

    def _held(self, place: str, oid: str, left: set[Wanted]) -> Iterator[tuple[Lockfile, Package]]:
        """The entries of one blob that hold one of the packages that are asked for."""
        from lockward.lockdiff.witness import can_be_known, spelled

        try:
            data = self._objects.read(oid, "blob", LARGEST)
            hits = {one for one in left if spelled(data, *one)}
            if not hits:
                return
            from lockward import lockfiles

            lockfile = lockfiles.read(place, data)
        except LockwardError:
            return  # what cannot be read witnesses nothing
        for package in (*lockfile.packages, *lockfile.environment):
            if (package.name, package.version) in hits and can_be_known(package):
                yield lockfile, package

    def revisions(self, path: str) -> tuple[str, ...]:
        """The blobs of a path along first parents, the newest first, each once."""
        if path not in self._revisions:
            self._revisions[path] = tuple(dict.fromkeys(self._listed(path)))
        return self._revisions[path]

    def _listed(self, path: str) -> Iterator[str]:
        if not self._commit or "\n" in path:
            return
        args = ("--first-parent", f"--max-count={REVISIONS}", self._commit, "--", path)
        try:
            listed = self._git.output("rev-list", *args).decode().split()
            asked = "".join(f"{commit}:{path}\n" for commit in listed)
            data = asked.encode("utf-8", "surrogateescape")
            answers = self._git.output("cat-file", "--batch-check", stdin=data)
        except LockwardError:
            return
        for line in answers.decode("utf-8", "replace").splitlines():
            oid, _, rest = line.partition(" ")
            if is_oid(oid) and rest.startswith("blob"):
                yield oid
