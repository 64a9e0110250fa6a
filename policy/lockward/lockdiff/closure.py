"""What the changed requirements explain: step C of the judgement.

From the answers of the changed requirements, explanations spread: a new package
brings what it depends on; what it brings, or what vanished with its dependant,
frees names, and who asks for such a name may find another answer.  An unchanged
package explains nothing further: that keeps the closure small.  Every artifact
and every edge is looked at a bounded number of times.
"""

from __future__ import annotations

from lockward.lockdiff import folders
from lockward.lockdiff.answers import compare
from lockward.lockdiff.artifacts import line
from lockward.lockdiff.selectors import is_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Final

    from lockward.graph import Graph
    from lockward.lockdiff.answers import Asker
    from lockward.lockdiff.rebound import Rebound
    from lockward.lockdiff.requirements import Changed
    from lockward.lockdiff.scene import Scene
    from lockward.model import Edge


class Reason:
    """Why an artifact is there: ``code`` of codes.CODES, and the requirement or edge behind it."""

    __slots__ = ("changed", "code", "edge")

    def __init__(
        self, code: str, *, changed: Changed | None = None, edge: Edge | None = None
    ) -> None:
        self.code: Final = code
        self.changed: Final = changed
        self.edge: Final = edge


class Closure:
    """What is explained: ``explained`` artifacts with their reasons, ``settled`` edges.

    ``names`` are those whose entries had a reason to move, ``vanished`` artifacts
    that went with an explained change.
    """

    __slots__ = (
        "_by_name",
        "_by_new",
        "_carried",
        "_importers",
        "_lost",
        "_scene",
        "_todo",
        "explained",
        "names",
        "settled",
        "vanished",
    )

    def __init__(self, scene: Scene, rebounds: Iterable[Rebound]) -> None:
        self._scene: Final = scene
        self.explained: Final[dict[str, Reason]] = {}
        self.settled: Final[dict[Rebound, str]] = {}
        self.names: Final[set[str]] = set()
        self.vanished: Final[set[str]] = set()
        self._by_new: Final[dict[str, list[Rebound]]] = {}
        self._by_name: Final[dict[str, list[Rebound]]] = {}
        self._carried: Final[set[str]] = set()
        self._importers: Final[dict[tuple[int, str | None], dict[str, list[Edge]]]] = {}
        self._lost: Final[set[int]] = set()
        self._todo: Final[list[tuple[str, str]]] = []
        for rebound in rebounds:
            if rebound.new:
                self._by_new.setdefault(rebound.new, []).append(rebound)
                for name in {rebound.edge.name, self._name(rebound.new)}:
                    self._by_name.setdefault(name, []).append(rebound)

    def spread(self) -> None:
        """Explain all that follows from the real requirement changes."""
        for one in self._scene.real:
            self._start(one)
        extending = [one for one in self._scene.real if one.why in ("extension", "hook")]
        if extending:
            self._extend(extending[0])
        self._start_folders()
        while self._todo:
            what, value = self._todo.pop()
            if what == "artifact":
                self._bring(value)
            elif what == "name":
                self._retry(self._by_name.get(value, ()))
            else:
                self._release(value)

    # Facts that arrive, each worked on once

    def _explain(self, artifact: str, reason: Reason) -> None:
        if artifact and artifact not in self.explained:
            self.explained[artifact] = reason
            self._todo.append(("artifact", artifact))

    def _free(self, name: str) -> None:
        if name and name not in self.names:
            self.names.add(name)
            self._todo.append(("name", name))

    def _vanish(self, artifact: str) -> None:
        if artifact in self._scene.pair.gone and artifact not in self.vanished:
            self.vanished.add(artifact)
            self._todo.append(("gone", artifact))

    # Where it starts

    def _start(self, one: Changed) -> None:
        """The new answers and the old ones of one changed requirement."""
        scene = self._scene
        reason = Reason(one.why, changed=one)
        self._free(one.name)
        if one.folder is None:
            self._start_directive(one, reason)
            return
        for edge in self._asked(scene.graph, one):
            self._explain(scene.pair.after.answer(edge), reason)
        if scene.graph_before is not None:
            for edge in self._asked(scene.graph_before, one):
                answer = scene.pair.before.answer(edge)
                self._free(self._name_before(answer))
                self._vanish(answer)

    def _start_directive(self, one: Changed, reason: Reason) -> None:
        """The answers that an override puts there or gives back, the versions of a patch.

        An extension is about single edges (_extend), a hook about whatever it names.
        """
        scene = self._scene
        if one.why == "override":
            for edge in self._overridden(one):
                self._explain(scene.pair.after.answer(edge), reason)
            for edge in overridden(scene.graph_before, scene.asker_before, one):
                self._vanish(scene.pair.before.answer(edge))
        elif one.why == "patch":
            wanted = one.path[0][len(one.name) + 1 :]
            for artifact in scene.pair.after.by_name.get(one.name, ()):
                if is_of(scene.pair.after.package(artifact), wanted):
                    self._explain(artifact, reason)
            for artifact in scene.pair.before.by_name.get(one.name, ()):
                if is_of(scene.pair.before.package(artifact), wanted):
                    self._vanish(artifact)
        else:
            for artifact in scene.pair.before.by_name.get(one.name, ()):
                self._vanish(artifact)

    def _overridden(self, one: Changed) -> Iterable[Edge]:
        """What a changed override is about and overrides allow; all, of one that went.

        (vite of vinxi under overrides for several majors: wevm/wagmi c7f4deaae4.)
        """
        asker = self._scene.asker
        found = overridden(self._scene.graph, asker, one)
        return filter(asker.heeds, found) if one.spec else found

    def _asked(self, graph: Graph, one: Changed) -> list[Edge]:
        """The edges of an importer for one name; all of them are sorted once."""
        key = (id(graph), one.folder)
        if key not in self._importers:
            by_name: dict[str, list[Edge]] = {}
            for edge in graph.edges.get(one.folder or "", ()):
                by_name.setdefault(edge.name, []).append(edge)
            self._importers[key] = by_name
        return self._importers[key].get(one.name, [])

    def _start_folders(self) -> None:
        """What folders of this repository that are installed like packages ask for anew."""
        for edge in folders.asked_anew(self._scene):
            answer = self._scene.pair.after.answer(edge)
            self._explain(answer, Reason("brought", edge=edge))
            self._free(edge.name)

    def _extend(self, one: Changed) -> None:
        """What a changed extension or hook has packages depend on."""
        scene = self._scene
        for key, edges in scene.graph.edges.items():
            entry = scene.lockfile.by_key.get(key)
            names = None if entry is None else scene.extended(entry)
            for edge in edges if names else ():
                if names and edge.name in names:
                    reason = Reason(one.why, changed=one, edge=edge)
                    self._explain(scene.pair.after.answer(edge), reason)

    # What each fact brings

    def _bring(self, artifact: str) -> None:
        """A new artifact brings its dependencies; edges that it answers are explained."""
        pair = self._scene.pair
        if artifact in pair.new:
            for package in pair.after.entries[artifact]:
                for edge in self._scene.edges_of(package):
                    answer = pair.after.answer(edge)
                    self._explain(answer, Reason("brought", edge=edge))
                    self._free(edge.name)
                    self._free(self._name(answer))
                self._bring_along(package.key)
        self._retry(self._by_new.get(artifact, ()))

    def _bring_along(self, key: str) -> None:
        """What lies in a new package's tarball comes with it, however deep."""
        waiting, carried = [key], self._scene.graph.carried
        while waiting:
            for inner in carried.get(waiting.pop(), ()):
                if inner not in self._carried:
                    self._carried.add(inner)
                    self._explain(self._scene.pair.after.of_key.get(inner, ""), Reason("brought"))
                    waiting.append(inner)

    def _release(self, artifact: str) -> None:
        """A vanished artifact frees its own name and those of its dependencies."""
        scene = self._scene
        for package in scene.pair.before.entries[artifact]:
            self._free(package.name)
            self._free(package.alias)
            if scene.graph_before is not None:
                for edge in scene.graph_before.edges.get(package.key, ()):
                    self._free(edge.name)
                    self._vanish(scene.pair.before.answer(edge))

    def _retry(self, rebounds: Iterable[Rebound]) -> None:
        for rebound in rebounds:
            if rebound not in self.settled:
                code = self._cause(rebound)
                if code:
                    self._settle(rebound, code)

    def _settle(self, rebound: Rebound, code: str) -> None:
        self.settled[rebound] = code
        if code == "displaced":
            self._explain(rebound.new, Reason("displaced", edge=rebound.edge))
        if id(rebound.lost) not in self._lost:  # one set for all edges of a slot
            self._lost.add(id(rebound.lost))
            for artifact in rebound.lost:
                self._vanish(artifact)

    def _cause(self, rebound: Rebound) -> str:
        """What explains that an unchanged edge has another answer; "" nothing yet."""
        if rebound.new in self.explained:
            return "pulled"
        if self._displaced(rebound):
            return "displaced"
        known = rebound.new in self._scene.pair.before.entries
        return "peer" if known and rebound.edge.kind in ("peer", "peerOptional") else ""

    def _displaced(self, rebound: Rebound) -> bool:
        scene = self._scene
        if not scene.traits.displaces or rebound.shadows or not rebound.old:
            return False
        if rebound.edge.name not in self.names and self._name(rebound.new) not in self.names:
            return False
        if not fits_or_unchecked(scene, rebound):
            return False
        return not (rebound.new in scene.pair.new and is_lower(scene, rebound))

    def _name(self, artifact: str) -> str:
        entries = self._scene.pair.after.entries.get(artifact)
        return entries[0].name if entries else ""

    def _name_before(self, artifact: str) -> str:
        entries = self._scene.pair.before.entries.get(artifact)
        return entries[0].name if entries else ""


def overridden(graph: Graph | None, asker: Asker, one: Changed) -> Iterator[Edge]:
    """The requirements that a changed override is about."""
    for edge in () if graph is None else graph.asking(one.name):
        if asker.touches(one.path, edge):
            yield edge


def is_lower(scene: Scene, rebound: Rebound) -> bool:
    """Whether an edge's new answer is a lower version than what it lost.

    A folder of this repository has none: Yarn 1 writes 0.0.0 and Yarn 2 0.0.0-use.local
    (un-ts/eslint-plugin-import-x 240e69188f).
    """
    new = scene.pair.after.entries.get(rebound.new)
    if not new or new[0].source in ("directory", "link", "workspace"):
        return False
    highest = scene.highest(rebound.here or rebound.old, new[0].name)
    return highest != "" and compare(new[0].version, highest) < 0


_PEERS: Final = ("peer", "peerOptional")


def fits_or_unchecked(scene: Scene, rebound: Rebound) -> bool:
    """Whether an edge's new answer is in range, as far as the lockfile tells.

    Peers are not checked.  Where ranges are not recorded (pnpm) and nobody had
    the new version, it must have the caret line of a copy that was there.
    """
    edge = rebound.edge
    if edge.kind in _PEERS:
        return True
    if scene.asker.knows_range(edge):
        return edge.target is None or scene.asker.fits(edge, edge.target)
    exact = scene.era_after.exact
    return exact or rebound.new in scene.pair.before.entries or same_line(scene, rebound)


def same_line(scene: Scene, rebound: Rebound) -> bool:
    """Whether a copy before had the caret line (the major, or 0.minor) of the new version."""
    entries = scene.pair.after.entries.get(rebound.new)
    if not entries:
        return True  # a folder of this repository
    return line(entries[0].version) in scene.lines(entries[0].name)
