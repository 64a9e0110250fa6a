"""pnpm: which names are answered by another reference than before.

Entries and importers name what they depend on by exact references.  So one of them
can be pointed to another package that is locked already, under another name even,
while no package comes, goes or moves.
"""

from __future__ import annotations

from lockward.bounds import COPIES
from lockward.lockdiff.answers import asks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lockward.lockdiff.scene import Scene
    from lockward.model import Edge, Lockfile, Package


def differ(before: Lockfile, after: Lockfile) -> bool:
    """Whether importers have other answers; of entries, the entries themselves differ then."""
    return before.format == after.format == "pnpm" and any(_of_importers(before, after))


def moved(scene: Scene) -> frozenset[str]:
    """The names for which an entry or importer that stayed has another reference.

    Nothing where answers follow from places or descriptors.
    """
    before = scene.lockfile_before
    if scene.traits.ranges or before is None or before.format != scene.lockfile.format:
        return frozenset()
    names = {name for each in _of_importers(before, scene.lockfile) for name in each}
    for key in scene.keys:
        one, two = before.by_key.get(key), scene.lockfile.by_key.get(key)
        if one is not None and two is not None:
            names.update(_names(one.dependencies, two.dependencies))
            names.update(_names(one.optional_dependencies, two.optional_dependencies))
    return frozenset(names)


def may_name(scene: Scene, edge: Edge, entry: Package) -> bool:
    """Whether who depends by a reference may depend on such a kind of source.

    What a registry serves depends on the registry; a folder's or a repository's
    package.json may name anything.
    """
    if entry.source in ("registry", "bundled"):
        return True
    source = scene.lockfile.by_key.get(edge.source)
    if source is None or source.source != "registry":
        return True
    if any(asks(other, entry) for other in scene.asker.alternatives(edge)):
        return True
    from lockward.lockdiff import peers

    return peers.follows_project(scene, edge, source) or _is_kept(scene, edge, source)


def _is_kept(scene: Scene, edge: Edge, source: Package) -> bool:
    """Whether another version of who depends had this very thing before, under this name.

    (volar-service-emmet and a commit of its @emmetio/css-parser: vuejs/language-tools 0e917c601b.)
    """
    before, graph = scene.pair.before, scene.graph_before
    artifacts = before.by_name.get(source.name, ())
    COPIES.spend(len(artifacts))
    return graph is not None and any(
        other.name == edge.name and before.answer(other) == scene.pair.after.answer(edge)
        for artifact in artifacts
        for copy in before.entries[artifact]
        if copy.source == "registry" and copy.name == source.name
        for other in graph.edges.get(copy.key, ())
    )


def _of_importers(before: Lockfile, after: Lockfile) -> Iterator[set[str]]:
    """The names with another reference, of each importer of both lockfiles that has any."""
    from lockward.lockfiles import pnpm_tree

    old = dict(pnpm_tree.recorded(before))
    for folder, entry in pnpm_tree.recorded(after):
        if folder in old and old[folder] != entry:
            one, two = (dict(pnpm_tree.references(each)) for each in (old[folder], entry))
            names = _names(one, two)
            if names:
                yield names


def _names(one: Mapping[str, str], two: Mapping[str, str]) -> set[str]:
    return set() if one == two else {n for n in {**one, **two} if one.get(n) != two.get(n)}
