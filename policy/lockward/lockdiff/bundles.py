"""Whether an entry that claims to come in another package's tarball does so."""

from __future__ import annotations

from lockward.bounds import BUNDLES, COPIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.lockdiff.scene import Scene
    from lockward.model import Edge

_MODULES: Final = "/node_modules/"


class Bundles:
    """What each bundling package brings along, worked out once per package."""

    __slots__ = ("_brought", "_scene")

    def __init__(self, scene: Scene) -> None:
        self._scene: Final = scene
        self._brought: Final[dict[str, frozenset[str]]] = {}

    def brought(self, key: str, *, by_importers: bool = False) -> bool:
        """Whether some package around the entry bundles it.

        What the root or a workspace bundles is fetched like anything else: that
        explains the flag (``by_importers``), not a lost hash.
        """
        if self._scene.era_after.flat:
            return self._in_changed(key)
        place = key
        while place:
            head, modules, _ = place.rpartition(_MODULES)
            place = head if modules else ""
            if place in self._scene.lockfile.importers and not by_importers:
                continue
            if key in self._by(place):
                return True
        return False

    def _in_changed(self, key: str) -> bool:
        """Whether the package around the entry is not the one that was there before.

        Version 1 does not say what a package bundles, but the same package
        bundles the same.  What lies below a linked folder is not fetched, and
        called bundled, too.
        """
        place = key.rpartition(_MODULES)[0] if _MODULES in key else ""
        pair = self._scene.pair
        around = self._scene.lockfile.by_key.get(place)
        if around is not None and around.source in ("link", "directory"):
            return True
        return bool(place) and pair.before.of_key.get(place) != pair.after.of_key.get(place)

    def _by(self, place: str) -> frozenset[str]:
        found = self._brought.get(place)
        if found is None:
            found = self._brought[place] = self._close(place)
        return found

    def _close(self, place: str) -> frozenset[str]:
        """The bundled entries below one package: the named ones, and what they need below it."""
        named = self._named(place)
        if not named:
            return frozenset()
        below = f"{place}{_MODULES}" if place else "node_modules/"
        graph = self._scene.graph
        reached: set[str] = set()
        waiting = [edge for edge in graph.edges.get(place, ()) if edge.name in named]
        while waiting:
            edge = waiting.pop()
            key = edge.via or ("" if edge.target is None else edge.target.key)
            if key.startswith(below) and key not in reached:
                reached.add(key)
                edges = graph.edges.get(key, ())
                BUNDLES.spend(1 + len(edges))
                waiting.extend(edges)
        return frozenset(reached)

    def _named(self, place: str) -> frozenset[str]:
        scene = self._scene
        if place in scene.lockfile.importers:
            manifest = scene.after.manifests.get(place)
            return frozenset() if manifest is None else manifest.bundled
        package = scene.lockfile.by_key.get(place)
        return frozenset() if package is None else package.bundle_dependencies


def bring(scene: Scene, edge: Edge) -> bool:
    """Whether what a package bundles is in its tarball, whether the lockfile lists it or not.

    What is fetched for such a requirement, and for nobody else, must answer it.
    """
    target = edge.target
    if target is None or target.in_bundle:
        return True
    asking = scene.graph.into(target.key)
    COPIES.spend(len(asking))
    sources = [scene.lockfile.by_key.get(one.source) for one in asking]
    return any(one is None or edge.name not in one.bundle_dependencies for one in sources)
