"""Each changed entry by itself: steps E and F of the judgement.

A new artifact must be what it is called, from where such packages come; an
artifact that was there before must be the same in every respect that its
tarball decides.
"""

from __future__ import annotations

from lockward import semver
from lockward.bounds import COPIES
from lockward.errors import LockwardError
from lockward.lockdiff import hashes
from lockward.lockdiff.answers import of_plugin
from lockward.lockdiff.formats import is_unpinned
from lockward.lockdiff.places import Places, unfit_kind
from lockward.lockdiff.records import Item
from lockward.paths import resolve
from lockward.semver import versions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.lockdiff.bundles import Bundles
    from lockward.lockdiff.scene import Scene
    from lockward.model import Package
    from lockward.semver.versions import Release, Version

_FOLDERS: Final = frozenset({"link", "directory"})
_FETCHED: Final = frozenset({"registry", "remote", "file"})
# A hash that stands where none stood that it could be compared with.
_UNPROVEN: Final = frozenset({"integrity-added", "integrity-upgraded", "integrity-rekeyed"})


def judge(scene: Scene) -> Iterator[Item]:
    """What is wrong with changed entries, or worth a word about them."""
    judging = _Entries(scene)
    for key in scene.keys:
        artifact = scene.pair.after.of_key.get(key)
        if artifact is not None:
            yield from judging.judge(scene.lockfile.by_key[key], artifact)


class _Entries:
    """One run over the changed entries."""

    __slots__ = ("_before", "_carry", "_known_bundles", "_places", "_scene", "_spellings")

    def __init__(self, scene: Scene) -> None:
        self._scene: Final = scene
        self._places: Final = Places(scene)
        self._carry: bool | None = None
        self._known_bundles: Bundles | None = None
        self._before: Final[dict[str, list[Package]]] = {}
        self._spellings: Final[dict[str, dict[str | Release, list[Package]]]] = {}

    @property
    def _bundles(self) -> Bundles:
        if self._known_bundles is None:
            from lockward.lockdiff.bundles import Bundles

            self._known_bundles = Bundles(self._scene)
        return self._known_bundles

    def judge(self, package: Package, artifact: str) -> Iterator[Item]:
        """Everything about one entry."""
        scene = self._scene
        before = self._distinct(artifact)
        here = (
            None if scene.lockfile_before is None else scene.lockfile_before.by_key.get(package.key)
        )
        if self._is_orphan(package, before):
            code = "left-behind" if _is_left_behind(self._scene, package, here) else "orphan"
            yield Item(code, before=here, after=package, cause="no package.json leads to it")
        laundered = _laundered(scene, package)
        if laundered:
            yield Item("laundered", before=here, after=package, cause=laundered, now=package.key)
        yield from self._kind(package, here)
        yield from self._flag(package, here)
        if before:
            yield from self._same(package, before, here)
        else:
            yield from self._new(package)

    def _distinct(self, artifact: str) -> list[Package]:
        """The entries that held an artifact before, those of equal bytes and place once.

        There are hardly ever two; more than a few only somebody writes who wants
        to be slow.
        """
        found = self._before.get(artifact)
        if found is None:
            different: dict[tuple[str | None, object], Package] = {}
            for one in self._scene.pair.before.entries.get(artifact, ()):
                different.setdefault((one.integrity, one.raw.get("resolved")), one)
            found = self._before[artifact] = list(different.values())
        COPIES.spend(len(found))
        return found

    # What holds for every entry

    def _is_orphan(self, package: Package, before: list[Package]) -> bool:
        """Whether nobody needs an entry that nobody had: a left-over holds what was judged."""
        if before or self._scene.era_after.ancient or package.source in _FOLDERS:
            return False  # a folder of this repository: places.py asks who wants it
        return not self._scene.graph.is_reachable(package.key)

    def _kind(self, package: Package, here: Package | None) -> Iterator[Item]:
        """A source of a kind that no requirement asks for."""
        unfit = unfit_kind(self._scene, package)
        if not unfit or (here is not None and here.source == package.source):
            return
        same = (
            here is not None
            and here.source in ("registry", "bundled")
            and (here.name, here.version) == (package.name, package.version)
        )
        yield Item(
            "place-replaced" if same else "unasked-source",
            before=here,
            after=package,
            cause=unfit,
            was="" if here is None else here.resolved or "",
            now=package.resolved or "",
        )

    def _flag(self, package: Package, here: Package | None) -> Iterator[Item]:
        """``inBundle`` where nothing bundles the package."""
        # version 1 does not say who bundles, bun records who bundles by places
        recorded = self._scene.traits.bundles and not self._scene.era_after.flat
        if not package.in_bundle or not recorded or (here is not None and here.in_bundle):
            return
        fetched = package.resolved is not None
        if not self._bundles.brought(package.key, by_importers=fetched):
            yield Item(
                "bundle-faked",
                before=here,
                after=package,
                cause="no package around it names it in bundleDependencies",
                now="inBundle: true",
            )

    # An artifact that was not there

    def _new(self, package: Package) -> Iterator[Item]:
        places = self._places
        if package.source == "registry":
            defect = places.defect_of_new(package)
            if defect:
                yield Item("wrong-tarball", after=package, cause=defect, now=package.resolved or "")
            else:
                unknown = places.unknown_host(package)
                if unknown:
                    yield Item(
                        "unknown-host", after=package, cause=unknown, now=package.resolved or ""
                    )
        if package.source in _FETCHED:
            flaw = hashes.flaw_of_new(self._scene.lockfile, package)
            if flaw:
                yield Item(flaw, after=package, now=package.integrity or "")
            elif self._is_bare(package):
                yield Item("integrity-missing", after=package, cause="other entries have one")
        if package.source == "registry":
            yield from self._witnessed(package)
            yield from self._respelled(package)
        if self._scene.fresh and self._scene.before is not None:
            from lockward.lockdiff import succession

            yield from succession.differences(self._scene, package, self._places)

    def _respelled(self, package: Package) -> Iterator[Item]:
        """Build metadata, or another spelling, makes no other version: ``1.0.0+x`` is 1.0.0."""
        if self._scene.fresh:
            return
        read = versions.parse(package.version, loose=True)
        for old in self._spelled(package.name).get(_sort(read), ()) if read else ():
            COPIES.spend()
            if _is_respelled(old.version, package.version):
                code = hashes.compare(self._scene, [old], package)
                if code == "integrity-replaced":
                    yield Item(
                        code,
                        before=old,
                        after=package,
                        cause=f"{package.version} is {old.version}",
                        was=old.integrity or "",
                        now=package.integrity or "",
                    )

    def _spelled(self, name: str) -> dict[str | Release, list[Package]]:
        """The artifacts of a name that were there, those together that may be one version."""
        found = self._spellings.get(name)
        if found is None:
            found = self._spellings[name] = {}
            before = self._scene.pair.before
            for old in map(before.package, before.by_name.get(name, ())):
                read = versions.parse(old.version, loose=True)
                if old.name == name and read is not None:
                    found.setdefault(_sort(read), []).append(old)
        return found

    def _is_bare(self, package: Package) -> bool:
        """Whether a new entry has no hash, in a lockfile whose others have one."""
        made = package.source == "remote" and of_plugin(package, package.resolved or "")
        if self._scene.fresh or is_unpinned(package) or made:
            return False  # Berry: made on the spot by a plugin, nothing is fetched
        return not hashes.carries(self._scene.lockfile, package) and self._most_carry()

    def _most_carry(self) -> bool:
        """Whether most fetched entries of this lockfile have an integrity."""
        if self._carry is None:
            lockfile = self._scene.lockfile
            fetched = [one for one in lockfile.packages if one.source in _FETCHED]
            with_one = sum(1 for one in fetched if hashes.carries(lockfile, one))
            self._carry = with_one * 2 > len(fetched)
        return self._carry

    def _witnessed(self, package: Package) -> Iterator[Item]:
        """A new artifact that was another one wherever it was locked before."""
        known = self._scene.sightings(package)
        if not known:
            return
        from lockward.lockdiff import witness

        yield from witness.contradictions(self._scene.lockfile, package, known, self._places)

    # An artifact that was there

    def _same(
        self, package: Package, before: list[Package], here: Package | None
    ) -> Iterator[Item]:
        artifact = self._scene.pair.before.of_key.get(package.key)
        same = artifact == self._scene.pair.after.of_key[package.key]
        old = here if here is not None and same else before[0]
        code = self._hash(package, before, here if same else None)
        if code:
            yield Item(
                code,
                before=old,
                after=package,
                was=old.integrity or "",
                now=package.integrity or "",
            )
        if code == "integrity-rekeyed" and self._scene.crosses_formats:
            yield from self._witnessed(package)
        if package.source in ("registry", "git"):
            olds = [one.resolved for one in before if one.resolved is not None]
            moved = self._places.moved(olds, package, proven=code not in _UNPROVEN)
            if moved:
                yield Item(
                    "place-replaced",
                    before=old,
                    after=package,
                    cause=moved,
                    was=old.resolved or "",
                    now=package.resolved or "",
                )
        yield from _content(self._scene, old, package)

    def _hash(self, package: Package, before: list[Package], here: Package | None) -> str:
        """The code for an integrity that changed; a bundled copy has none by design.

        ``here`` is the same artifact in the same place before.
        """
        if here is not None and _is_bare_still(here, package):
            return ""
        if package.source not in _FETCHED and package.integrity is None:
            lost = package.source == "bundled" and any(one.integrity for one in before)
            faked = lost and not self._bundles.brought(package.key)
            return "integrity-lost" if faked else ""
        if package.source == "git" and self._scene.traits.packs:
            return ""  # the commit, of which the artifact's name is made, decides what it is
        code = hashes.compare(self._scene, before, package)
        if code == "integrity-replaced" and package.source == "file":
            return "" if _is_of_tree(self._scene, package) else code
        return code


def _is_bare_still(here: Package, package: Package) -> bool:
    """Whether an entry had no integrity before either: what other copies have was not its own.

    npm loses hashes (npm/cli 4460), and leaves those entries so (picomatch of
    apollographql/apollo-server d25a5bdc37).
    """
    if here.source != package.source or here.integrity is not None or package.integrity is not None:
        return False
    return package.source not in _FETCHED or here.resolved == package.resolved


def _sort(version: Version) -> str | Release:
    """What versions share that compare as one; of numbers beyond JavaScript's, whole releases."""
    return version.release if version.vast else version.text


def _is_left_behind(scene: Scene, package: Package, here: Package | None) -> bool:
    """Whether npm left behind what an optional package needed, which it left out itself.

    Or Yarn 1 what a package bundles (packed.py).  npm updates both and then leaves out the
    one that the author's platform has no use for (@emnapi/core of rollup/rollup ca60dafd93).
    Not needed, it is not installed; where nobody asks for that one any more either, a later
    commit would make it live unseen.
    """
    from lockward.lockdiff import packed
    from lockward.lockdiff.answers import compare
    from lockward.lockdiff.artifacts import line

    return packed.is_left(scene, package) or (
        here is not None
        and here.optional
        and package.optional
        and (here.source, here.name) == (package.source, package.name) == ("registry", here.alias)
        and compare(here.version, package.version) < 0
        and line(here.version) == line(package.version)
        and _is_left_out(scene, here)
    )


def _is_left_out(scene: Scene, here: Package) -> bool:
    """Whether who needed an entry is asked for by an optional requirement that has no answer."""
    before, known = scene.graph_before, scene.lockfile_before
    asking = [] if before is None else before.into(here.key)
    COPIES.spend(len(asking))
    sources = [known.by_key.get(one.source) for one in asking] if known is not None else []
    names = {one.alias for one in sources if one is not None}
    return any(
        edge.kind == "optional" and edge.target is None
        for name in names
        for edge in scene.graph.asking(name)
    )


def _is_respelled(one: str, two: str) -> bool:
    """Whether two versions are one but for build metadata that only one has, or their spelling."""
    if one == two or ("+" in one and "+" in two):
        return False
    try:
        return semver.compare(one, two, loose=True) == 0
    except ValueError:
        return False


def _content(scene: Scene, old: Package, package: Package) -> Iterator[Item]:
    """Facts of the tarball that changed, one item per code."""
    from lockward.lockdiff import contents

    found: dict[str, list[tuple[str, str, str]]] = {}
    for code, what, was, now in contents.differences(scene, old, package):
        found.setdefault(code, []).append((what, was, now))
    for code, rows in found.items():
        yield Item(
            code,
            before=old,
            after=package,
            cause=", ".join(what for what, _, _ in rows),
            was="; ".join(was for _, was, _ in rows if was),
            now="; ".join(now for _, _, now in rows if now),
        )


def _laundered(scene: Scene, package: Package) -> str:
    """How a package came to stand under another's name unasked; "" when somebody asked.

    Where each requirement finds its own answer, the edges are judged instead.
    """
    if package.alias == package.name or not scene.traits.walks:
        return ""
    if package.source not in ("registry", "bundled"):
        return ""
    edges = scene.graph.into(package.key)
    if not edges or any(scene.asker.renames(edge, package.name) for edge in edges):
        return ""
    from lockward.lockdiff import shadows

    if shadows.answered_before(scene, package, edges):
        return ""
    edge = edges[0]
    return f"{scene.name_of_source(edge.source)} wants {edge.name} {edge.spec}, not {package.name}"


def _is_of_tree(scene: Scene, package: Package) -> bool:
    """Whether a tarball file's new hash is that of the file in the repository."""
    place = resolve(scene.after.root, (package.resolved or "").removeprefix("file:"))
    if place is None:
        return False
    try:
        data = scene.after.tree.read(place, scene.policy.max_bytes)
    except LockwardError:
        return False
    if data is None:
        return False
    import hashlib  # 2.6 ms: only for a tarball that lies in the repository

    from lockward import integrity

    parsed = integrity.parse(package.integrity or "")
    return bool(parsed.deciding) and parsed.deciding == {
        hashlib.new(parsed.strongest, data, usedforsecurity=False).digest()
    }
