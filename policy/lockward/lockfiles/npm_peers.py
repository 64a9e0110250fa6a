"""Which unsatisfied peers npm leaves as they are: conflicts it only warns of.

Reference: @npmcli/arborist, place-dep.js, can-place-dep.js, peer-entry-sets.js,
deepest-nesting-target.js and node.js (canReplaceWith).  Where a peer does not
suit its dependant npm fetches one that does and looks for a place beside the
dependant.  If whatever stands there cannot make room, npm gives up: with an
error when the dependant is the project's own business, else with a warning
("ERESOLVE overriding peer dependency"), and then the lockfile stays in use.

Which version npm would fetch is not known here.  A requirement counts as met by
it when its range meets the peer's.
"""

from __future__ import annotations

from lockward import semver, spec
from lockward.bounds import PEERS
from lockward.lockfiles.npm_requires import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.lockfiles.npm_nodes import Node
    from lockward.model import Edge
    from lockward.spec import Spec
    from lockward.sync.npm_judge import Judge

FOR_RANGES: Final = 5  # steps to compare two ranges


def stays(judge: Judge, edge: Edge) -> bool:
    """Whether npm lives with a peer edge that is not satisfied."""
    source = judge.tree.nodes[edge.source]
    if source.is_top:
        return False
    placing = _Placing(judge, edge)
    if not placing.conflicts():
        return False
    if judge.settings.force:
        return True
    return not judge.settings.strict_peer_deps and not placing.is_mine(source)


class _Placing:
    """The attempt to place a fitting peer beside its dependant."""

    def __init__(self, judge: Judge, edge: Edge) -> None:
        self._judge: Final = judge
        self._edge: Final = edge
        self._wanted: Final = spec.parse(edge.name, judge.spec(edge) or "*")
        self._target: Final = self._deepest(judge.tree.nodes[edge.source], edge.name)

    def conflicts(self) -> bool:
        """Whether nothing can make room (CanPlaceDep.canPlaceSelf is CONFLICT)."""
        current = self._target.children.get(fold(self._edge.name))
        if current is not None:
            return self._conflicts_with(current)
        own = self._edge_of(self._target, self._edge.name)
        if own is not None and not self._meets(own):
            return True
        shadowed = self._judge.tree.found(self._edge)
        return shadowed is not None and any(
            self._judge.error(edge) is None
            and not self._meets(edge)
            and self._is_below(self._judge.tree.nodes[edge.source], self._target)
            for edge in self._judge.into(shadowed)
        )

    def _conflicts_with(self, current: Node) -> bool:
        """Whether what stands in the place can neither be replaced nor move deeper."""
        if self._can_replace(current):
            return False
        for entry, peers in self._entries(current):
            entered = self._judge.tree.found(entry)
            if entry is self._edge or entered is None or self._can_clobber(entered):
                continue
            source = self._judge.tree.nodes[entry.source]
            for peer in peers:
                deepest = self._deepest(source, peer.name)
                if deepest is self._target or self._is_below(self._target, deepest):
                    return True
        return False

    def _can_replace(self, current: Node) -> bool:
        """Whether everybody who requires the current one would take the new one too."""
        package = current.package
        if package is None or package.name != self._edge.name:
            return False
        own = self._own_dependencies(current)
        return all(
            self._meets(edge) or self._judge.tree.nodes[edge.source] in own
            for edge in self._judge.into(current)
        )

    def _can_clobber(self, entered: Node) -> bool:
        """Whether a set of peers stays whole when the new one takes its place in it."""
        if entered.name == self._edge.name:
            return self._can_replace(entered)
        seen = {entered}
        waiting = [entered]
        while waiting:
            for edge in self._valid_peers(waiting.pop()):
                if edge.name == self._edge.name:
                    if not self._meets(edge):
                        return False
                    continue
                found = self._judge.tree.found(edge)
                if found is not None and found not in seen:
                    seen.add(found)
                    waiting.append(found)
        return True

    def _own_dependencies(self, node: Node) -> set[Node]:
        """A node and what only it requires (gather-dep-set.js)."""
        own = {node}
        waiting = [node]
        while waiting:
            for edge in self._judge.edges_of(waiting.pop()):
                PEERS.spend()
                found = self._judge.tree.found(edge)
                if found is None or found in own or self._judge.error(edge) is not None:
                    continue
                own.add(found)
                waiting.append(found)
        waiting = [kept for kept in own if kept is not node and self._wanted_outside(kept, own)]
        while waiting:
            shared = waiting.pop()
            if shared in own:
                own.discard(shared)
                for edge in self._judge.edges_of(shared):
                    PEERS.spend()
                    found = self._judge.tree.found(edge)
                    if found in own and found is not node and self._judge.error(edge) is None:
                        waiting.append(found)
        return own

    def _wanted_outside(self, node: Node, own: set[Node]) -> bool:
        into = self._judge.into(node)
        PEERS.spend(1 + len(into))
        return any(
            self._judge.error(edge) is None and self._judge.tree.nodes[edge.source] not in own
            for edge in into
        )

    def _entries(self, node: Node) -> Iterator[tuple[Edge, set[Node]]]:
        """The edges through which a set of peers that holds the node is entered, and the set."""
        for peer in self._peers(node, both_ways=True):
            for edge in self._judge.into(peer):
                PEERS.spend()
                if self._judge.error(edge) is not None:
                    continue
                source = self._judge.tree.nodes[edge.source]
                if _is_peer(edge) and not source.is_top:
                    continue
                entered = self._peers(peer, both_ways=False)
                if node in entered:
                    yield edge, entered

    def _peers(self, node: Node, *, both_ways: bool) -> set[Node]:
        """A node and its peers, and theirs; ``both_ways``: also those whose peers they are."""
        seen = {node}
        waiting = [node]
        while waiting:
            at = waiting.pop()
            near = [self._judge.tree.found(edge) for edge in self._valid_peers(at)]
            if both_ways:
                PEERS.spend(len(self._judge.into(at)))
                near += [
                    self._judge.tree.nodes[edge.source]
                    for edge in self._judge.into(at)
                    if _is_peer(edge) and self._judge.error(edge) is None
                ]
            for found in near:
                PEERS.spend()
                if found is not None and found not in seen:
                    seen.add(found)
                    waiting.append(found)
        return seen

    def _valid_peers(self, node: Node) -> list[Edge]:
        edges = self._judge.edges_of(node)
        PEERS.spend(len(edges))
        return [edge for edge in edges if _is_peer(edge) and self._judge.error(edge) is None]

    def _deepest(self, start: Node, name: str) -> Node:
        """The deepest place from which a dependant would find a name (deepestNestingTarget)."""
        node = start
        while True:
            PEERS.spend()
            above = node.parent or node.around
            edge = self._edge_of(node, name)
            if above is None or edge is None or not _is_peer(edge):
                return node
            node = above

    def _edge_of(self, node: Node, name: str) -> Edge | None:
        for edge in self._judge.edges_of(node):
            PEERS.spend()
            if edge.name == name:
                return edge
        return None

    def _is_below(self, node: Node, above: Node) -> bool:
        at: Node | None = node
        while at is not None:
            PEERS.spend()
            if at is above:
                return True
            at = at.parent or at.around
        return False

    def _meets(self, edge: Edge) -> bool:
        """Whether the new peer could answer another requirement too."""
        PEERS.spend(FOR_RANGES)
        return meet(self._wanted, spec.parse(edge.name, self._judge.spec(edge) or "*"))

    def is_mine(self, source: Node) -> bool:
        """Whether the project itself brought the dependant in (PlaceDep.isMine)."""
        edges = self._judge.into(source)
        PEERS.spend(len(edges))
        nodes = self._judge.tree.nodes
        if any(not _is_peer(edge) and self._judge.is_mine(nodes[edge.source]) for edge in edges):
            return True
        return any(_is_peer(edge) for edge in edges) and any(
            self._judge.is_mine(nodes[edge.source]) for edge, _ in self._entries(source)
        )


def _is_peer(edge: Edge) -> bool:
    return edge.kind in ("peer", "peerOptional")


def meet(one: Spec, other: Spec) -> bool:
    """Whether one version could answer both."""
    one, other = one.alias or one, other.alias or other
    if one.name != other.name:
        return False
    ranges = ("range", "version")
    if one.kind in ranges and other.kind in ranges:
        return semver.intersects(one.fetch, other.fetch, loose=True)
    return one.fetch == other.fetch
