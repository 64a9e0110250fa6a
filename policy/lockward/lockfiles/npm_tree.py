"""How npm resolves names inside its lockfile: the tree of folders, and the edges in it.

Reference: @npmcli/arborist, node.js (``_loadDeps``, ``resolve``, the root
setter), load-virtual.js and link.js.  Every key of the lockfile is a folder.
A folder looks for a name in its own ``node_modules``, then in those of its
parents: the package whose ``node_modules`` holds it, or, for a workspace or a
link's target, the nearest package around it.  A link answers with its target.
"""

from __future__ import annotations

from lockward.lockfiles import npm_requires
from lockward.lockfiles.npm_keys import name_of
from lockward.lockfiles.npm_nodes import MODULES, Node, build
from lockward.lockfiles.npm_requires import fold, order
from lockward.model import Edge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Final

    from lockward.lockfiles.npm_follow import Asking
    from lockward.lockfiles.npm_requires import Requirements
    from lockward.model import EdgeKind, Lockfile, Manifest


class Tree:
    """The folders of one npm lockfile; lockward.graph.Resolution, and more for npm's rules.

    ``nodes`` is by key and holds the root ("") even when the lockfile does not.
    ``workspaces`` maps the name of each declared member to its folders, of which
    there should be one.  ``settled`` are the sources that sync.npm found nothing
    to say about, whatever the settings are.
    """

    __slots__ = (
        "_asking",
        "_carried",
        "_edges",
        "_links",
        "_nodes",
        "_order",
        "_simple",
        "lockfile",
        "manifests",
        "settled",
        "workspaces",
    )

    def __init__(
        self,
        lockfile: Lockfile,
        manifests: Mapping[str, Manifest],
        workspaces: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.lockfile: Final = lockfile
        self.manifests: Final = manifests
        self.workspaces: Final = _workspaces(manifests) if workspaces is None else workspaces
        self.settled: set[str] = set()
        self._nodes: Mapping[str, Node] | None = None
        self._edges: dict[str, tuple[Edge, ...]] | None = None
        self._asking: Asking | None = None
        self._carried: dict[str, tuple[str, ...]] | None = None
        self._links: dict[str, set[str]] | None = None
        self._order: dict[str, int] | None = None
        self._simple: bool | None = None

    @property
    def nodes(self) -> Mapping[str, Node]:
        """The folders, in the lockfile's order; built anew when another state took them over."""
        if self._nodes is None:
            self._nodes = build(self.lockfile, self.manifests)
        return self._nodes

    @property
    def root(self) -> Node:
        """The project's own folder."""
        return self.nodes[""]

    @property
    def edges(self) -> Mapping[str, tuple[Edge, ...]]:
        """See lockward.graph.Resolution; in ``order``."""
        if self._edges is None:
            found = self._resolve()
            self._edges = {key: found[key] for key in order(self.lockfile) if key in found}
        return self._edges

    @property
    def is_simple(self) -> bool:
        """Whether every package lies in one that is locked, alone of its name whatever the case.

        And none brings a shrinkwrap.
        """
        if self._simple is None:
            self._simple = not any(
                (node.parent is None and MODULES in node.key)
                or (node.package is not None and node.package.has_shrinkwrap)
                or (node.parent is not None and node.parent.children[fold(node.name)] is not node)
                for node in self.nodes.values()
            )
        return self._simple

    @property
    def asking(self) -> Asking:
        """Who asks for which name."""
        if self._asking is None:
            from lockward.lockfiles import npm_follow

            self._asking = npm_follow.of(self.edges)
        return self._asking

    def askers(self, names: Iterable[str]) -> set[str]:
        """The source keys that ask for one of some names."""
        return {*self.asking.sources(map(fold, names))}

    def into(self, key: str) -> tuple[Edge, ...]:
        """See lockward.graph.Graph."""
        if self._links is None:
            from lockward.lockfiles import npm_follow

            self._links = npm_follow.links_of(self.lockfile)
        names = {fold(name_of(key)), *self._links.get(key, ())}
        sources = {*self.asking.sources(names)}
        edges = self.edges
        if self._order is None:
            self._order = {key: number for number, key in enumerate(edges)}
        return tuple(
            edge
            for source in sorted(sources, key=self._order.__getitem__)
            for edge in edges[source]
            if edge.via == key or (edge.target is not None and edge.target.key == key)
        )

    def take(self) -> Mapping[str, Node] | None:
        """Hand the folders over to another state; None where there are none."""
        _ = self.carried  # it may be asked for, and without the folders it costs as much as they do
        nodes, self._nodes = self._nodes, None
        return nodes

    def give(
        self, nodes: Mapping[str, Node], edges: dict[str, tuple[Edge, ...]], asking: Asking
    ) -> None:
        """Folders that a simple state handed over, and edges, brought up to this one."""
        self._nodes, self._edges, self._asking = nodes, edges, asking
        self._simple = True

    def keep_carried(self, other: Tree) -> None:
        """Take over what tarballs carry from a state in which they carry the same."""
        self._carried = other._carried

    def forget(self) -> None:
        """Take the folders apart, which refer to one another in circles."""
        for node in () if self._nodes is None else self._nodes.values():
            node.parent = node.around = node.target = None
            node.children, node.inner = {}, []
        self._nodes = None

    @property
    def roots(self) -> tuple[str, ...]:
        """The root alone: workspaces hang below it by edges of their own."""
        return ("",)

    @property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        """What a tarball holds beside its package, and the packages around a link's target."""
        if self._carried is None:
            carried: dict[str, list[str]] = {}
            root = self.root
            for node in self.nodes.values():
                parent, around = node.parent, node.around
                if parent is not None and _comes_in_tarball(node, parent):
                    carried.setdefault(parent.key, []).append(node.key)
                elif around is not None and around is not root:
                    carried.setdefault(node.key, []).append(around.key)
            self._carried = {key: tuple(keys) for key, keys in carried.items()}
        return self._carried

    def found(self, edge: Edge) -> Node | None:
        """The node, possibly a link, that the edge's dependant finds under its name."""
        key = edge.via or (None if edge.target is None else edge.target.key)
        return None if key is None else self.nodes.get(key)

    def _resolve(self) -> dict[str, tuple[Edge, ...]]:
        """Every node's edges, in one walk.

        ``visible`` is what a name means at the current node; entering a node
        adds its ``node_modules``, leaving takes that back.
        """
        edges: dict[str, tuple[Edge, ...]] = {}
        for top in self.nodes.values():
            if top.parent is None and top.around is None and not top.link:
                self._resolve_below(top, edges)
        return edges

    def _resolve_below(self, top: Node, edges: dict[str, tuple[Edge, ...]]) -> None:
        visible: dict[str, Node | None] = {}
        waiting: list[tuple[Node, dict[str, Node | None] | None]] = [(top, None)]
        while waiting:
            node, before = waiting.pop()
            if before is not None:
                visible.update(before)
                continue
            if node.children:
                waiting.append((node, {name: visible.get(name) for name in node.children}))
                visible.update(node.children)
                if node.has_shrinkwrap:
                    for child in node.children.values():
                        child.in_shrinkwrap = True
            edges[node.key] = tuple(self._edges_of(node, visible))
            waiting.extend((inner, None) for inner in reversed(node.inner))

    def _edges_of(self, node: Node, visible: Mapping[str, Node | None]) -> Iterator[Edge]:
        return self.edges_of(node, visible.get)

    def edges_of(self, node: Node, find: Callable[[str], Node | None]) -> Iterator[Edge]:
        """What a folder requires, where ``find`` tells what a folded name means there."""
        for name, spec, kind in self._asked(node):
            found = find(fold(name))
            if found is None:
                yield Edge(node.key, name, spec, kind, None)
                continue
            target = found.target if found.link else found
            package = None if target is None else target.package
            yield Edge(node.key, name, spec, kind, package, via=found.key if found.link else "")

    def _asked(self, node: Node) -> Iterable[tuple[str, str, EdgeKind]]:
        """Name, spec and kind of each requirement; half of all packages have none."""
        package = node.package
        plain = node.manifest is None and package is not None and node.parent is not None
        if plain and package and not (package.peer_dependencies or package.optional_dependencies):
            return [(name, spec, "prod") for name, spec in package.dependencies.items()]
        return [(name, spec, kind) for name, (spec, kind) in self._requirements(node).items()]

    def _requirements(self, node: Node) -> Requirements:
        """Name -> (spec, kind); a later section overrides an earlier one, as in arborist."""
        required: Requirements = {}
        if node.manifest is not None:
            npm_requires.add_manifest(required, node.manifest)
        elif node.package is not None:
            npm_requires.add_package(required, node.package, top=node.is_top)
        if node is self.root:  # a workspace wins over every other requirement of its name
            for name, folders in self.workspaces.items():
                required[name] = (f"file:{folders[0]}", "workspace")
        return required


def _workspaces(manifests: Mapping[str, Manifest]) -> dict[str, tuple[str, ...]]:
    """Name -> folders of the members that the root's manifest declares."""
    root = manifests.get("")
    if root is None or not root.workspaces:
        return {}
    from lockward import workspaces

    named: dict[str, tuple[str, ...]] = {}
    paths = [f"{folder}/package.json" for folder in manifests if folder]
    for folder in workspaces.workspace_folders(root, paths):
        name = manifests[folder].name or name_of(folder)
        named[name] = (*named.get(name, ()), folder)
    return named


def _comes_in_tarball(node: Node, parent: Node) -> bool:
    """Whether an entry arrives in its parent's tarball, asked for or not."""
    if node.package is not None and node.package.in_bundle:
        return True
    return parent.package is not None and parent.package.has_shrinkwrap
