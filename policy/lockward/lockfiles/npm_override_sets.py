"""Under which override rules each package of an npm tree stands.

Reference: @npmcli/arborist, node.js (updateOverridesEdgeInAdded, …InRemoved)
and link.js (recalculateOutEdgesOverrides).  Rules travel along the edges, and
a package keeps the most specific ones that reach it.  Where two sets merely
do not contain each other the outcome depends on the order in which they
arrive, so that order is arborist's: packages in file order, then links.
"""

from __future__ import annotations

from lockward.bounds import OVERRIDES
from lockward.lockfiles.npm_overrides import ANY, OverridesError, merged
from lockward.lockfiles.npm_requires import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.lockfiles.npm_nodes import Node
    from lockward.lockfiles.npm_overrides import Rule
    from lockward.lockfiles.npm_tree import Tree
    from lockward.model import Edge, Manifest, Package


class OverrideSets:
    """The rules that hold at each node of one tree, while it is loaded and walked."""

    def __init__(self, tree: Tree, top: Rule) -> None:
        self._tree: Final = tree
        self._top: Final = top
        self._simple: Final = _is_simple(top)
        self._under: Final[dict[Node, Rule]] = {tree.root: top}
        self._into: Final[dict[Node, dict[Edge, None]]] = {}
        self._current: Final[dict[Edge, Node]] = {}
        self._named: Final[dict[str, list[Edge]]] = {}
        self._arrived: Final[set[Node]] = set()
        if not self._simple:
            self._load()

    def under(self, node: Node) -> Rule | None:
        """The rules that a node is under; None when none reach it."""
        return self._top if self._simple else self._under.get(node)

    def of(self, edge: Edge) -> Rule | None:
        """The rule that an edge falls under; None when its dependant is under none."""
        rule = self.under(self._tree.nodes[edge.source])
        return None if rule is None else rule.for_edge(edge.name, edge.spec)

    def spec(self, edge: Edge, rule: Rule) -> str:
        """What an edge asks for once its rule is applied.

        Raises OverridesError when the rule refers to a requirement that nobody has.
        """
        if rule.name != edge.name or rule.value in ("", ANY):
            return edge.spec
        if not rule.value.startswith("$"):
            return rule.value
        name = rule.value[1:]
        source = self._tree.nodes[edge.source]
        for holder in (self._tree.root, source):
            found = _requirement(holder.manifest or holder.package, name)
            if found:
                return found
        raise OverridesError(f"{rule.value} refers to a requirement that does not exist")

    def conflict(self, rule: Rule, node: Node) -> bool:
        """Whether a node with requirements of its own is under rules that contradict an edge's."""
        under = None if self._simple else self._under.get(node)
        if under is None or not self._tree.edges.get(node.key):
            return False
        return merged(rule, under) is None

    def forward(self, link: Node) -> None:
        """Bring a link's rules to its target, as npm does before it walks on there."""
        rule = self._under.get(link)
        if rule is not None and link.target is not None:
            self._add(link.target, rule)

    def _load(self) -> None:
        links = []
        self._arrive(self._tree.root)
        for node in self._tree.nodes.values():
            if node.link:
                links.append(node)
            elif node is not self._tree.root:
                self._arrive(node)
        for link in links:
            self._arrive(link)
            if link.target is not None and link.target.is_top:
                self._reload(link.target)

    def _arrive(self, node: Node) -> None:
        """A node comes into being: edges turn to it, and its own find their answers."""
        self._arrived.add(node)
        for edge in self._named.get(fold(node.name), ()):
            if self._resolve(edge) is node:
                self._detach(edge)
                self._attach(edge, node)
        if not node.link:
            for edge in self._tree.edges.get(node.key, ()):
                self._named.setdefault(fold(edge.name), []).append(edge)
                self._connect(edge)

    def _reload(self, target: Node) -> None:
        """A link's target gets its live manifest: all of its edges are drawn anew."""
        edges = self._tree.edges.get(target.key, ())
        for edge in edges:
            self._detach(edge)
        for edge in edges:
            self._connect(edge)

    def _resolve(self, edge: Edge) -> Node | None:
        """What an edge finds among the nodes that exist so far."""
        name = fold(edge.name)
        node: Node | None = self._tree.nodes[edge.source]
        while node is not None:
            OVERRIDES.spend()
            child = node.children.get(name)
            if child in self._arrived:
                return child
            node = node.parent or node.around
        return None

    def _connect(self, edge: Edge) -> None:
        found = self._resolve(edge)
        if found is not None:
            self._attach(edge, found)

    def _attach(self, edge: Edge, node: Node) -> None:
        self._current[edge] = node
        self._into.setdefault(node, {})[edge] = None
        rule = self.of(edge)
        if rule is not None:
            self._add(node, rule)

    def _detach(self, edge: Edge) -> None:
        node = self._current.pop(edge, None)
        if node is None:
            return
        del self._into[node][edge]
        rule = self.of(edge)
        if rule is not None and self._under.get(node) is rule:
            self._recompute(node, rule)

    def _recompute(self, node: Node, before: Rule) -> None:
        """Find what the other edges bring, where the one that brought a node's rules is gone."""
        found: Rule | None = None
        for edge in self._into[node]:
            rule = self.of(edge)
            found = merged(found, rule) if found is not None and rule is not None else rule
        if found is None:
            del self._under[node]
        elif found is not before:
            self._under[node] = found
            self._spread(node)

    def _add(self, node: Node, rule: Rule) -> None:
        """Rules arrive at a node; whatever they change goes on along its edges."""
        if self._set(node, rule):
            self._spread(node)

    def _set(self, node: Node, rule: Rule) -> bool:
        OVERRIDES.spend()
        before = self._under.get(node)
        after = rule if before is None or before is rule else merged(before, rule)
        if after is None or after is before:
            return False
        self._under[node] = after
        return True

    def _spread(self, start: Node) -> None:
        """Depth first, as arborist's own calls go."""
        waiting = [self._next(start)]
        while waiting:
            step = next(waiting[-1], None)
            if step is None:
                waiting.pop()
            elif self._set(*step):
                waiting.append(self._next(step[0]))

    def _next(self, node: Node) -> Iterator[tuple[Node, Rule]]:
        """Which nodes a node's rules go on to, and which rules those are."""
        rule = self._under[node]
        if node.link:
            if node.target is not None and self._matters(rule, node.target):
                yield node.target, rule
            return
        for edge in self._tree.edges.get(node.key, ()):
            found = self._current.get(edge)
            passed = self.of(edge)
            if found is not None and passed is not None:
                yield found, passed

    def _matters(self, rule: Rule, target: Node) -> bool:
        """Whether a rule is about anything below a link's target."""
        seen = {target}
        waiting = [target]
        while waiting:
            node = waiting.pop()
            for edge in self._tree.edges.get(node.key, ()):
                OVERRIDES.spend()
                if rule.for_edge(edge.name, edge.spec).name == edge.name:
                    return True
                found = self._current.get(edge)
                if found is not None:
                    found = found.target if found.link and found.target is not None else found
                    if found not in seen:
                        seen.add(found)
                        waiting.append(found)
        return False


def _is_simple(top: Rule) -> bool:
    """Whether rules are one level deep and one to a name: then they hold alike everywhere."""
    return all(len(rules) == 1 and not rules[0].children for rules in top.by_name.values())


# Where a reference is looked up, in this order (arborist, edge.js).
_REFERENCES: Final = (
    ("devDependencies", "dev_dependencies"),
    ("optionalDependencies", "optional_dependencies"),
    ("dependencies", "dependencies"),
    ("peerDependencies", "peer_dependencies"),
)


def _requirement(holder: Manifest | Package | None, name: str) -> str:
    """The spec that a package has for a name; "" when it has none."""
    if holder is None:
        return ""
    sections = getattr(holder, "sections", None)
    for section, attribute in _REFERENCES:
        found = sections.get(section, {}) if sections is not None else getattr(holder, attribute)
        if found.get(name):
            return str(found[name])
    return ""
