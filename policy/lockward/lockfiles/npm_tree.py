"""How npm resolves names inside its lockfile: the tree of folders, and the edges in it.

Reference: @npmcli/arborist, node.js (``_loadDeps``, ``resolve``, the root
setter), load-virtual.js and link.js.  Every key of the lockfile is a folder.
A folder looks for a name in its own ``node_modules``, then in those of its
parents: the package whose ``node_modules`` holds it, or, for a workspace or a
link's target, the nearest package around it.  A link answers with its target.
"""

from __future__ import annotations

from lockward.errors import BoundError
from lockward.lockfiles.npm_entries import normal_path
from lockward.lockfiles.npm_keys import name_of
from lockward.model import Edge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.model import EdgeKind, Lockfile, Manifest, Package

    Requirements = dict[str, tuple[str, EdgeKind]]

_MODULES: Final = "node_modules/"
# A folder whose own parent is not locked looks for the nearest one that is, so
# many steps up at most: no real path is that deep.
_STEPS_UP: Final = 64  # folders from one package to the one around it
_SHOWN: Final = 80  # characters of a key in a message


class Node:
    """One folder of the tree.

    ``name`` is that of the folder, under which dependants ask for it.
    ``parent`` holds it in its ``node_modules``; ``around`` is the nearest
    package that only contains the folder (arborist: fsParent); a node with
    neither is outside of the project, or the root.  ``target`` is where a link
    leads (None: nowhere).  ``manifest`` is the live package.json, of the root
    and of link targets.  ``in_shrinkwrap``: a shrinkwrap inside a tarball
    brought the node; known once the tree's edges are.
    """

    __slots__ = (
        "around",
        "children",
        "in_shrinkwrap",
        "inner",
        "key",
        "link",
        "manifest",
        "name",
        "package",
        "parent",
        "target",
    )

    def __init__(self, key: str, name: str, package: Package | None) -> None:
        self.key: Final = key
        self.name: Final = name
        self.package = package
        self.link: Final = package is not None and package.link
        self.parent: Node | None = None
        self.around: Node | None = None
        self.target: Node | None = None
        self.manifest: Manifest | None = None
        self.in_shrinkwrap = False
        self.children: dict[str, Node] = {}
        self.inner: list[Node] = []  # what resolves its names through this node

    @property
    def is_top(self) -> bool:
        """The root, a workspace or a link's target: what no ``node_modules`` holds."""
        return self.parent is None

    @property
    def version(self) -> str:
        """The version that requirements are compared with; "" when there is none."""
        node = self.target if self.link and self.target is not None else self
        if node.manifest is not None:
            return node.manifest.version or ""
        return "" if node.package is None else node.package.version

    @property
    def bundled(self) -> frozenset[str]:
        """The names that come in this package's own tarball."""
        if self.manifest is not None:
            return self.manifest.bundled
        return frozenset() if self.package is None else self.package.bundle_dependencies

    @property
    def has_shrinkwrap(self) -> bool:
        """Whether what lies below came out of this package's tarball."""
        return self.in_shrinkwrap or (self.package is not None and self.package.has_shrinkwrap)


class Tree:
    """The folders of one npm lockfile; lockward.graph.Resolution, and more for npm's rules.

    ``nodes`` is by key and holds the root ("") even when the lockfile does not.
    ``workspaces`` maps the name of each declared member to its folders, of which
    there should be one.
    """

    __slots__ = ("_edges", "lockfile", "nodes", "root", "workspaces")

    def __init__(
        self,
        lockfile: Lockfile,
        nodes: Mapping[str, Node],
        workspaces: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.lockfile: Final = lockfile
        self.nodes: Final = nodes
        self.root: Final = nodes[""]
        self.workspaces: Final = workspaces
        self._edges: dict[str, tuple[Edge, ...]] | None = None

    @property
    def edges(self) -> Mapping[str, tuple[Edge, ...]]:
        """See lockward.graph.Resolution."""
        if self._edges is None:
            self._edges = self._resolve()
        return self._edges

    def forget(self) -> None:
        """Take the folders apart, which refer to one another in circles."""
        for node in self.nodes.values():
            node.parent = node.around = node.target = None
            node.children, node.inner = {}, []

    @property
    def roots(self) -> tuple[str, ...]:
        """The root alone: workspaces hang below it by edges of their own."""
        return ("",)

    @property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        """What a tarball holds beside its package, and the packages around a link's target."""
        carried: dict[str, list[str]] = {}
        for node in self.nodes.values():
            parent = node.parent
            if parent is not None and _comes_in_tarball(node, parent):
                carried.setdefault(parent.key, []).append(node.key)
            elif node.around is not None and node.around is not self.root:
                carried.setdefault(node.key, []).append(node.around.key)
        return {key: tuple(keys) for key, keys in carried.items()}

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
        for name, (spec, kind) in self._requirements(node).items():
            found = visible.get(fold(name))
            if found is None:
                yield Edge(node.key, name, spec, kind, None)
                continue
            target = found.target if found.link else found
            package = None if target is None else target.package
            yield Edge(node.key, name, spec, kind, package, via=found.key if found.link else "")

    def _requirements(self, node: Node) -> Requirements:
        """Name -> (spec, kind); a later section overrides an earlier one, as in arborist."""
        required: Requirements = {}
        if node.manifest is not None:
            _add_manifest(required, node.manifest)
        elif node.package is not None:
            _add_package(required, node.package, top=node.is_top)
        if node is self.root:  # a workspace wins over every other requirement of its name
            for name, folders in self.workspaces.items():
                required[name] = (f"file:{folders[0]}", "workspace")
        return required


def resolve(
    lockfile: Lockfile, manifests: Mapping[str, Manifest], _directives: object = None
) -> Tree:
    """The tree of a lockfile under the live manifests; see lockward.graph."""
    nodes = {"": Node("", "", lockfile.by_key.get(""))}
    links: list[Node] = []
    for package in lockfile.packages:
        key = package.key
        if key:
            node = nodes[key] = Node(key, name_of(key), package)
            if node.link:
                links.append(node)
    _attach(nodes)
    nodes[""].manifest = manifests.get("")
    for link in links:
        target = _target(link, nodes)
        link.target = target
        if target is not None and target.parent is None:
            target.manifest = manifests.get(target.key)
    return Tree(lockfile, nodes, _workspaces(manifests))


def _attach(nodes: dict[str, Node]) -> None:
    """Give every node its parent, or the package around it."""
    for key, node in nodes.items():
        if not key:
            continue
        place = key[: len(key) - len(node.name)]
        parent = nodes.get(place[: -len(_MODULES) - 1]) if _is_modules(place) else None
        if parent is not None and not parent.link:
            node.parent = parent
            parent.children[fold(node.name)] = node
            continue
        node.around = _nearest(key, nodes)
        if node.around is not None and not node.link:
            node.around.inner.append(node)
    for node in nodes.values():
        node.inner.extend(child for child in node.children.values() if not child.link)


def _is_modules(place: str) -> bool:
    """Whether what precedes a folder's name is exactly a ``node_modules/`` folder."""
    return place == _MODULES or place.endswith("/" + _MODULES)


def _nearest(key: str, nodes: Mapping[str, Node]) -> Node | None:
    """The nearest package around a folder; None when none is, outside of the project."""
    folder = key
    for _ in range(_STEPS_UP):
        folder = folder.rpartition("/")[0]
        if not folder or folder.endswith(".."):
            break
        found = nodes.get(folder)
        if found is not None and not found.link:
            return found
    else:
        raise BoundError(f"has a folder more than {_STEPS_UP} below the next: {key[:_SHOWN]}…")
    return None if key.startswith("../") or key == ".." else nodes[""]


def _target(link: Node, nodes: Mapping[str, Node]) -> Node | None:
    """The node to which a link leads; None when the lockfile has none there."""
    if link.package is None or link.package.resolved is None:
        return None
    target = nodes.get(link.package.resolved) or nodes.get(normal_path(link.package.resolved))
    return None if target is None or target.link else target


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


def _add_manifest(required: Requirements, manifest: Manifest) -> None:
    sections = manifest.sections
    for name, spec in sections.get("peerDependencies", {}).items():
        required[name] = (spec, "peerOptional" if name in manifest.peer_optional else "peer")
    for name, spec in sections.get("dependencies", {}).items():
        required[name] = (spec, "prod")
    for name, spec in sections.get("optionalDependencies", {}).items():
        required[name] = (spec, "optional")
    for name, spec in sections.get("devDependencies", {}).items():
        required[name] = (spec, "dev")


def _add_package(required: Requirements, package: Package, *, top: bool) -> None:
    for name, spec in package.peer_dependencies.items():
        required[name] = (spec, "peerOptional" if name in package.peer_optional else "peer")
    for name, spec in package.dependencies.items():
        required[name] = (spec, "prod")
    for name, spec in package.optional_dependencies.items():
        required[name] = (spec, "optional")
    if top:
        for name, spec in package.dev_dependencies.items():
            required[name] = (spec, "dev")


def _comes_in_tarball(node: Node, parent: Node) -> bool:
    """Whether an entry arrives in its parent's tarball, asked for or not."""
    if node.package is not None and node.package.in_bundle:
        return True
    return parent.package is not None and parent.package.has_shrinkwrap


def fold(name: str) -> str:
    """A name as npm compares folders: without regard to case and composition."""
    if name.isascii():
        return name.lower()
    from unicodedata import normalize

    return normalize("NFKD", name).lower()
