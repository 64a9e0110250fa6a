"""Requirements that did not change, and that another artifact answers now."""

from __future__ import annotations

from lockward.lockdiff.artifacts import line
from lockward.lockdiff.formats import is_for_builds
from lockward.lockdiff.shadows import Shadows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import Final

    from lockward.graph import Graph
    from lockward.lockdiff.answers import Asker
    from lockward.lockdiff.artifacts import Inventory
    from lockward.lockdiff.scene import Scene
    from lockward.model import Edge, Package

    Slot = tuple[str, str, str]  # dependant artifact, name, spec


class Rebound:
    """An edge of an unchanged dependant that found one new answer.

    The dependant is an artifact that both lockfiles hold, or an importer whose
    spec did not change.  ``new`` is the artifact that answers now ("" nothing
    does), ``old`` those that did before (empty: nothing did), ``lost`` those of
    them that answer no more, ``here`` those in whose very places it answers now (where a
    dependant lies anew: ``lost``).  ``shadows`` tells that the old answer is still in
    its place and fits, so that only a nearer copy keeps it from being found.
    """

    __slots__ = ("edge", "here", "lost", "new", "old", "old_edge", "shadows")

    def __init__(
        self,
        edge: Edge,
        new: str,
        old: frozenset[str],
        lost: frozenset[str],
        *,
        here: frozenset[str],
        old_edge: Edge | None,
        shadows: bool,
    ) -> None:
        self.here: Final = here
        self.edge: Final = edge
        self.new: Final = new
        self.old: Final = old
        self.lost: Final = lost
        self.old_edge: Final = old_edge
        self.shadows: Final = shadows


def find(scene: Scene) -> list[Rebound]:
    """Every rebound edge, in the order of the after lockfile.

    Only requirements on a name whose entries changed, and those of dependants
    that moved, can find another answer: the rest is not looked at.
    """
    if scene.graph_before is None:
        return []
    names, moved = _touched(scene)
    changed = {(f"importer:{one.folder}", one.name) for one in scene.real}
    was = (scene.graph_before, scene.asker_before, scene.pair.before)
    before = _slots(scene, was, names, moved)
    after = _slots(scene, (scene.graph, scene.asker, scene.pair.after), names, moved)
    found: list[Rebound] = []
    shadows = Shadows(scene)
    for slot, edges in after.items():
        known = before.get(slot)
        if known is None:
            known = _unrecorded(scene, slot, edges)
        if known is not None and slot[:2] not in changed:
            found.extend(_compare(scene, shadows, known, edges))
    return found


def _touched(scene: Scene) -> tuple[set[str], set[str]]:
    """The names of entries that changed artifact, and the artifacts that changed places.

    Also the names for which somebody has another reference (pnpm).
    """
    names: set[str] = set(scene.referred)
    moved: set[str] = set()
    before, after = scene.pair.before, scene.pair.after
    for key in scene.keys:
        one, two = before.of_key.get(key), after.of_key.get(key)
        if one != two:
            for artifact, inventory in ((one, before), (two, after)):
                if artifact is not None and inventory.lockfile is not None:
                    names.add(inventory.lockfile.by_key[key].alias)
                    moved.add(artifact)
    return names, moved


def _slots(
    scene: Scene, side: tuple[Graph, Asker, Inventory], names: set[str], moved: set[str]
) -> dict[Slot, list[Edge]]:
    """The edges that may have found another answer, over all places of their dependant.

    What is no range moves with what it names: it does not tell edges apart.  A range
    that moved into a catalog is the same range.
    """
    graph, asker, inventory = side
    slots: dict[Slot, list[Edge]] = {}
    members = scene.declared
    loose = scene.era_before.exact or scene.era_after.exact or not scene.traits.ranges
    places = [one.key for artifact in moved for one in inventory.entries.get(artifact, ())]
    for key in graph.sources(names, places):
        edges = graph.edges[key]
        artifact = inventory.of_key.get(key)
        if artifact is None and key and key not in members:
            continue  # a folder that nobody installs any more: its record is a leftover
        everything = artifact in moved
        for edge in edges:
            # where ranges are not recorded an entry does not know under which alias it is asked for
            aliased = edge.target is not None and edge.target.alias in names
            if everything or edge.name in names or aliased:
                dependant = f"importer:{key}" if artifact is None else artifact
                spec = "" if loose and artifact is not None else asker.text(edge)
                slots.setdefault((dependant, edge.name, spec), []).append(edge)
    return slots


def _unrecorded(scene: Scene, slot: Slot, edges: list[Edge]) -> list[Edge] | None:
    """An unchanged package's requirement that was not recorded: nothing answered it.

    npm 5 and 6 recorded no peers, and lost requirements; Berry records no extension's;
    pnpm a peer's answer when there is one, and what lies in a tarball, or what it corrects
    itself, in some versions only.
    """
    known = scene.pair.before.entries.get(slot[0])
    if known is None:
        return None
    if scene.traits.prefixed and _is_extension(scene, edges[0]):
        return []
    if scene.era_before.flat and slot[1] in scene.restored(scene.pair.after.package(slot[0])):
        return []
    if scene.crosses_eras:
        return [] if edges[0].kind in ("peer", "peerOptional") else None
    return None if scene.traits.ranges or not _comes_and_goes(scene, known[0], slot[1]) else []


def _comes_and_goes(scene: Scene, package: Package, name: str) -> bool:
    """pnpm: whether an entry may leave out what it records otherwise."""
    from lockward.lockdiff import corrections, peers

    if name in package.peer_dependencies or name in package.bundle_dependencies:
        return True
    if name in corrections.of(package.name):
        return True
    return peers.is_restored(scene, scene.pair.after.package(package.artifact), name)


def _is_extension(scene: Scene, edge: Edge) -> bool:
    """Whether an edge is Berry's own: of packageExtensions, which differ from Yarn to Yarn.

    No entry records them.  What Yarn adds for packages that it builds is recorded.
    """
    if scene.crosses_formats and is_for_builds(edge.name, edge.spec):
        return True
    package = scene.lockfile.by_key.get(edge.source)
    if package is None or package.source in ("workspace", "link", "directory"):
        return False  # its package.json is in the repository, and asks
    return not any(
        edge.name in section
        for section in (
            package.dependencies,
            package.optional_dependencies,
            package.peer_dependencies,
            package.dev_dependencies,
        )
    )


def _compare(
    scene: Scene, shadows: Shadows, before: list[Edge], after: list[Edge]
) -> Iterator[Rebound]:
    answer_before, answer_after = scene.pair.before.answer, scene.pair.after.answer
    old = frozenset(answer_before(edge) for edge in before)
    new: dict[str, list[Edge]] = {}
    for edge in after:
        new.setdefault(answer_after(edge), []).append(edge)
    places = {edge.source: edge for edge in before}
    lost = frozenset(old - new.keys() - {""})
    known = old - {""}
    for artifact, edges in new.items():
        if artifact in old:
            continue
        yield Rebound(
            edges[0],
            artifact,
            known,
            lost,
            here=_here(scene, places, edges) or _alike(scene, artifact, lost, new),
            old_edge=places.get(edges[0].source) or (before[0] if before else None),
            shadows=any(shadows.found(places.get(one.source), one) for one in edges),
        )


def _alike(
    scene: Scene, artifact: str, lost: frozenset[str], new: Collection[str]
) -> frozenset[str]:
    """pnpm: of what is lost, that of the caret line of a new answer, else everything.

    Where a package stands is by its peers there, so places are new with the answers.  Each
    line that lost one must have an answer left: then none was given up for another
    (@ts-rest/core with two versions of @types/node: CapSoftware/Cap a3e6f09b4e).
    """
    if scene.traits.ranges or len(lost) < 2:  # noqa: PLR2004
        return lost
    was = {one: _line(scene.pair.before, one) for one in lost}
    now = {one: _line(scene.pair.after, one) for one in new}
    if not set(was.values()) <= set(now.values()):
        return lost
    return frozenset(one for one, of in was.items() if of == now[artifact]) or lost


def _line(inventory: Inventory, artifact: str) -> str:
    """Name and caret line of what answers; "" of nothing."""
    entries = inventory.entries.get(artifact)
    return f"{entries[0].name} {line(entries[0].version)}" if entries else ""


def _here(scene: Scene, places: dict[str, Edge], edges: list[Edge]) -> frozenset[str]:
    """What answered at the places of some edges; nothing when one of those places is new."""
    if any(edge.source not in places for edge in edges):
        return frozenset()
    answer = scene.pair.before.answer
    return frozenset(answer(places[edge.source]) for edge in edges) - {""}
