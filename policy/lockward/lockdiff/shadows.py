"""Nested copies that keep an unchanged dependant from finding a copy that still fits.

npm nests a copy only where the shared one does not fit.  bun answers every requirement
by itself, as `bun update` and a lockfile written anew do, and lays out folders then:
its nested copy is sound where the shared place belongs to somebody else.
"""

from __future__ import annotations

from lockward.bounds import COPIES
from lockward.lockdiff.answers import compare as order
from lockward.lockdiff.answers import fits
from lockward.lockdiff.formats import folder_of_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

    from lockward.lockdiff.scene import Scene
    from lockward.model import Edge, Package


class Shadows:
    """One search; the ranges of who asks for a shared copy are read once."""

    __slots__ = ("_holders", "_locked", "_scene")

    def __init__(self, scene: Scene) -> None:
        self._scene: Final = scene
        self._holders: Final[dict[str, list[Edge]]] = {}
        self._locked: set[tuple[str, str, str | None]] | None = None

    def found(self, before: Edge | None, edge: Edge) -> bool:
        """Whether what answered at this very place still lies where it lay, fits, and is farther.

        ``before`` is the same requirement at the same place before, None when there was none.
        """
        scene = self._scene
        if not scene.traits.walks or before is None or before.target is None or edge.target is None:
            return False
        old, new = before.via or before.target.key, edge.via or edge.target.key
        there = scene.pair.after.of_key.get(old)
        if there is None or there != scene.pair.before.of_key.get(old):
            return False
        form = scene.lockfile.format
        far, near = folder_of_place(form, old, edge.name), folder_of_place(form, new, edge.name)
        nearer = len(near) > len(far) and new.startswith(far)
        shared = scene.lockfile.by_key[old]
        if not nearer or self._needed(new, shared):
            return False
        if scene.traits.highest and self._chosen(edge, edge.target, shared):
            return False
        if self._is_update(edge.target, shared) or self._is_unpacked(edge.target):
            return False
        return self._suits(edge, shared)

    def _suits(self, edge: Edge, shared: Package) -> bool:
        """Whether a shared copy answers: of a workspace npm compares the version, too.

        (One that a release took out of range: apollographql/apollo-server 16b1288ee5.)
        """
        asker = self._scene.asker
        if shared.source != "workspace" or not self._scene.traits.breaks:
            return asker.fits(edge, shared)
        return any(fits(one, shared) for one in (asker.wants(edge), *asker.alternatives(edge)))

    def _needed(self, new: str, shared: Package) -> bool:
        """Whether somebody else finds the nested copy whom the shared one does not fit.

        It lies as far out as it can, and so answers on its way whoever it fits
        (string_decoder 1.1.1 of reduxjs/redux 9efd8b0d81).
        """
        return any(not self._suits(other, shared) for other in self._asking(new))

    def _is_update(self, nested: Package, shared: Package) -> bool:
        """Whether the nested copy is a newer one, and somebody keeps the shared one where it is.

        An update that cannot move the shared copy puts what it chose beside it (p-retry of
        semantic-release 8fa4f9a750).
        """
        newer = order(nested.version, shared.version) > 0
        return newer and self._is_held(shared, nested)

    def _is_unpacked(self, nested: Package) -> bool:
        """Whether the nested copy lies in a tarball, and npm 6's lockfile did not list it.

        npm 7 lists what it unpacks (path-parse of npm itself: mozilla/pdf.js 700eaecddd).
        """
        scene = self._scene
        if nested.source != "bundled" or not scene.era_before.flat or scene.era_after.flat:
            return False
        from lockward.lockdiff.bundles import Bundles

        return Bundles(scene).brought(nested.key)

    def _chosen(self, edge: Edge, nested: Package, shared: Package) -> bool:
        """bun: whether the nested copy is a choice of its own, which the place did not allow."""
        return (
            edge.source in self._scene.lockfile.importers  # `bun update` in one project
            or self._is_held(shared, nested)
            or self._is_highest(nested, shared)
        )

    def _is_held(self, shared: Package, nested: Package) -> bool:
        """Whether somebody asks for the shared copy whom the nested one does not fit."""
        asker, asking = self._scene.asker, self._asking(shared.key)
        COPIES.spend(len(asking))
        return any(not asker.fits(edge, nested) for edge in asking)

    def _asking(self, key: str) -> list[Edge]:
        """The requirements that a copy answers, each range once."""
        found = self._holders.get(key)
        if found is None:
            ranges: dict[str, Edge] = {}
            for edge in self._scene.graph.into(key):
                if edge.kind != "peerOptional":
                    ranges.setdefault(edge.spec, edge)
            found = self._holders[key] = list(ranges.values())
        return found

    def _is_highest(self, nested: Package, shared: Package) -> bool:
        """Whether a nested copy is newer than the shared one, and was locked somewhere before."""
        if self._locked is None:
            before = self._scene.lockfile_before
            packages = () if before is None else before.packages
            self._locked = {(one.name, one.version, one.integrity) for one in packages}
        known = (nested.name, nested.version, nested.integrity) in self._locked
        return known and order(nested.version, shared.version) > 0


def answered_before(scene: Scene, package: Package, edges: Iterable[Edge]) -> bool:
    """Whether all who find a nested copy had that very package before, under the same name.

    A project's alias answers everybody who fits; when it moves on, bun leaves what they had
    and nests it (vite, which was npm:rolldown-vite@^6: Cap-go/capgo 43364a579f).
    """
    artifact = scene.pair.after.of_key.get(package.key, "")
    return artifact in scene.pair.before.entries and all(
        artifact in _answers_before(scene, edge) for edge in edges
    )


def _answers_before(scene: Scene, edge: Edge) -> set[str]:
    """What answered a requirement of the same package, or project, before."""
    graph, pair = scene.graph_before, scene.pair
    source = pair.after.of_key.get(edge.source)
    copies = pair.before.entries.get(source, ()) if source is not None else ()
    keys = [edge.source] if source is None else [one.key for one in copies]
    asked = [one for key in keys for one in (graph.edges.get(key, ()) if graph else ())]
    COPIES.spend(len(asked))
    return {pair.before.answer(one) for one in asked if one.name == edge.name}
