"""From the tree of one state of a lockfile to that of the next, by what differs.

Two neighbouring states share nearly every entry (npm_entries gives both the same
package), and with it nearly every edge: only who changed, and who asks for a
name that changed somewhere, is looked at again.  Whatever moves links, folders
of this repository or shrinkwraps, or changes much, is built anew instead.
"""

from __future__ import annotations

from lockward.lockfiles.npm_entries import normal_path
from lockward.lockfiles.npm_keys import is_importer, name_of
from lockward.lockfiles.npm_nodes import MODULES, Node, is_modules
from lockward.lockfiles.npm_requires import fold, order
from lockward.lockfiles.npm_tree import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Final

    from lockward.model import Edge, Lockfile, Manifest, Package

    Edges = Mapping[str, tuple[Edge, ...]]
    Sources = dict[str, None]  # keys, in the order of the edges

_FEW = 32  # entries that may differ in a small lockfile; in a larger one a quarter of them


def follow(last: Tree, lockfile: Lockfile, manifests: Mapping[str, Manifest]) -> Tree | None:
    """The tree of a lockfile, made from the last one's; None when it must be built anew.

    ``last`` loses its folders to it, and builds them anew if it is asked for them.
    """
    changes = _Changes(last, lockfile, manifests)
    if not changes.are_plain():
        return None
    edges, asking = last.edges, last.asking
    taken = last.take()
    if taken is None:
        return None
    nodes = dict(taken)
    moved = bool(changes.manifests)
    tree = Tree(lockfile, manifests, None if moved else last.workspaces)
    changes.apply(nodes)
    again = changes.sources(asking, nodes)
    ordered = order(lockfile)
    stay = not changes.gone and [*nodes] == [*ordered] and again <= edges.keys()
    whole = nodes if stay else {key: nodes[key] for key in ordered}
    found = dict(edges) if stay else {}
    tree.give(whole, found, asking)
    for key in again if stay else whole:
        if key in again:
            found[key] = tuple(tree.edges_of(nodes[key], _finder(nodes[key])))
        elif key in edges:
            found[key] = edges[key]
    tree.give(whole, found, asking.followed(edges, found, (*again, *changes.gone)))
    tree.settled = last.settled - again
    if not changes.moves_bundled():
        tree.keep_carried(last)
    return tree


def _finder(node: Node) -> Callable[[str], Node | None]:
    """What a folded name means to a folder: the nearest of that name, upwards."""

    def find(name: str) -> Node | None:
        at: Node | None = node
        while at is not None:
            found = at.children.get(name)
            if found is not None:
                return found
            at = at.parent or at.around
        return None

    return find


class _Changes:
    """What differs between a tree and the next state: entries by key, and manifests by folder."""

    def __init__(self, last: Tree, lockfile: Lockfile, manifests: Mapping[str, Manifest]) -> None:
        old, new = last.lockfile.by_key, lockfile.by_key
        self._last = last
        self._old = old
        self._new = new
        self._live = manifests
        since = lockfile.since(old)
        self.changed = since.changed
        self.gone = frozenset(since.gone)
        before = last.manifests
        self.folders_moved = before.keys() != manifests.keys()
        self.manifests = [
            folder for folder, one in manifests.items() if before.get(folder) is not one
        ]

    def are_plain(self) -> bool:
        """Whether nothing differs but packages in ``node_modules``, and what they say."""
        most = max(_FEW, len(self._new) // 4)
        if self.folders_moved or len(self.changed) + len(self.gone) > most:
            return False
        return (
            self._last.is_simple
            and all(map(self._is_plain, self.changed))
            and all(map(self._leaves, self.gone))
            and self._have_places()
        )

    def _have_places(self) -> bool:
        """Whether no new entry differs from another in its folder by case alone."""
        nodes = self._last.nodes
        places: set[tuple[str, str]] = set()
        for key in self.changed:
            if key in self._old:
                continue
            above, name = _above(key), fold(name_of(key))
            parent = nodes.get(above)
            there = None if parent is None else parent.children.get(name)
            if (above, name) in places or (there is not None and there.key not in self.gone):
                return False
            places.add((above, name))
        return True

    def _is_plain(self, key: str) -> bool:
        """Whether an entry can be put in its place: it stood there, or its parent stands there."""
        one, was = self._new[key], self._old.get(key)
        if one.has_shrinkwrap:
            return False
        if was is not None:
            return one.link == was.link and (not one.link or one.resolved == was.resolved)
        if one.link or not is_modules(_place(key)):
            return False  # a folder of the project, or inside of a package
        above = _above(key)
        parent = self._new.get(above) if above else None
        return not above or (parent is not None and not parent.link)

    def _leaves(self, key: str) -> bool:
        """Whether an entry can be taken away: all that was below it goes as well."""
        node = self._last.nodes[key]
        if node.link or is_importer(key):
            return False
        below = (*node.children.values(), *node.inner)
        return all(child.key in self.gone for child in below)

    def moves_bundled(self) -> bool:
        """Whether a package that comes in another's tarball is among them."""
        both = ((self._old, self.changed), (self._new, self.changed), (self._old, self.gone))
        return any(
            one.in_bundle
            for packages, keys in both
            for one in map(packages.get, keys)
            if one is not None
        )

    def apply(self, nodes: dict[str, Node]) -> None:
        """Bring the folders up to the new state."""
        for key in self.gone:
            node = nodes.pop(key)
            parent = node.parent
            if parent is not None:
                parent.children.pop(fold(node.name), None)
                parent.inner.remove(node)
        for key in self.changed:
            self._put(key, self._new[key], nodes)
        for key in self.changed:
            if key not in self._old:
                _attach(nodes[key], nodes)
        for folder in self.manifests:
            owner = nodes.get(folder)
            if owner is not None and (owner.manifest is not None or not folder):
                owner.manifest = self._live[folder]

    def _put(self, key: str, package: Package, nodes: dict[str, Node]) -> None:
        node = nodes.get(key)
        if node is None:
            nodes[key] = Node(key, name_of(key), package)
        else:
            node.package = package

    def sources(self, asking: Asking, nodes: Mapping[str, Node]) -> set[str]:
        """Whose edges may differ: what changed, and whoever asks for a name that did."""
        names = {fold(name_of(key)) for key in (*self.changed, *self.gone)}
        found = {*self.changed, *self.manifests}
        if self.manifests:  # a project answers with the version in its manifest
            found.add("")
            for node in nodes.values():
                if node.link and node.target is not None and node.target.key in found:
                    names.add(fold(node.name))
        found.update(asking.sources(names))
        return {key for key in found if key in nodes and not nodes[key].link}


def _above(key: str) -> str:
    """The key of the package in whose ``node_modules`` an entry lies; "" the root."""
    place = _place(key)
    return place[: -len(MODULES) - 1] if is_modules(place) else ""


def _place(key: str) -> str:
    return key[: len(key) - len(name_of(key))]


def _attach(node: Node, nodes: Mapping[str, Node]) -> None:
    parent = nodes[_above(node.key)]
    node.parent = parent
    parent.children[fold(node.name)] = node
    parent.inner.append(node)


class Asking:
    """Source keys by the folded names that they ask for."""

    __slots__ = ("_by_name",)

    def __init__(self, by_name: dict[str, Sources]) -> None:
        self._by_name: Final = by_name

    def sources(self, names: Iterable[str]) -> Iterator[str]:
        """Whoever asks for one of some folded names."""
        for name in names:
            yield from self._by_name.get(name, ())

    def followed(self, before: Edges, after: Edges, sources: Iterable[str]) -> Asking:
        """The same for other edges, which differ in those of some sources."""
        by_name = dict(self._by_name)
        own: dict[str, Sources] = {}  # what is no longer shared with this one
        for source in sources:
            for edge in before.get(source, ()):
                _own(edge, by_name, own).pop(source, None)
            for edge in after.get(source, ()):
                _own(edge, by_name, own)[source] = None
        for name, asking in own.items():
            if not asking:  # or the names of a whole history would stay
                del by_name[name]
        return Asking(by_name)


def _own(edge: Edge, by_name: dict[str, Sources], own: dict[str, Sources]) -> Sources:
    name = fold(edge.name)
    found = own.get(name)
    if found is None:
        found = own[name] = by_name[name] = dict(by_name.get(name, ()))
    return found


def of(edges: Edges) -> Asking:
    """The index of all edges."""
    by_name: dict[str, Sources] = {}
    for source, asked in edges.items():
        for edge in asked:
            by_name.setdefault(fold(edge.name), {})[source] = None
    return Asking(by_name)


def links_of(lockfile: Lockfile) -> dict[str, set[str]]:
    """Folder -> the folded names of the links that lead there."""
    found: dict[str, set[str]] = {}
    for link in lockfile.packages:
        if link.link and link.resolved is not None:
            for folder in (link.resolved, normal_path(link.resolved)):
                found.setdefault(folder, set()).add(fold(name_of(link.key)))
    return found
