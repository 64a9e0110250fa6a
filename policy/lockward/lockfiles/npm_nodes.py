"""The folders of an npm lockfile, each tied to those around it.

Reference: @npmcli/arborist, node.js (the root setter), load-virtual.js and link.js.
Every key of the lockfile is a folder.
"""

from __future__ import annotations

from lockward.errors import BoundError
from lockward.lockfiles.npm_entries import normal_path
from lockward.lockfiles.npm_keys import name_of
from lockward.lockfiles.npm_requires import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward.model import Lockfile, Manifest, Package

MODULES: Final = "node_modules/"
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


def build(lockfile: Lockfile, manifests: Mapping[str, Manifest]) -> dict[str, Node]:
    """Every folder of a lockfile, by key, tied to its neighbours."""
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
    return nodes


def _attach(nodes: dict[str, Node]) -> None:
    """Give every node its parent, or the package around it."""
    for key, node in nodes.items():
        if not key:
            continue
        place = key[: len(key) - len(node.name)]
        parent = nodes.get(place[: -len(MODULES) - 1]) if is_modules(place) else None
        if parent is not None and not parent.link:
            node.parent = parent
            parent.children[fold(node.name)] = node
            continue
        node.around = _nearest(key, nodes)
        if node.around is not None and not node.link:
            node.around.inner.append(node)
    for node in nodes.values():
        node.inner.extend(child for child in node.children.values() if not child.link)


def is_modules(place: str) -> bool:
    """Whether what precedes a folder's name is exactly a ``node_modules/`` folder."""
    return place == MODULES or place.endswith("/" + MODULES)


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
