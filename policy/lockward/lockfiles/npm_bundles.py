"""Which packages of an npm tree come in the tarball of another one.

Reference: @npmcli/arborist, node.js (getBundler).  A package is bundled when
the one whose ``node_modules`` holds it lists it in bundleDependencies; when
that one is itself bundled; or when a package of the same bundle requires it
and finds it right inside the bundler.
"""

from __future__ import annotations

from lockward.lockfiles.npm_tree import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockward.lockfiles.npm_tree import Node, Tree


def bundled(tree: Tree) -> frozenset[str]:
    """The keys of all bundled packages; the root may bundle too."""
    bundlers: dict[str, Node] = {}
    waiting: list[tuple[Node, Node]] = []
    for node in tree.nodes.values():
        for name in node.bundled:
            child = node.children.get(fold(name))
            if child is not None and child.name == name:
                waiting.append((child, node))
    while waiting:
        node, bundler = waiting.pop()
        if node.key in bundlers:
            continue
        bundlers[node.key] = bundler
        waiting += ((child, bundler) for child in node.children.values())
        for edge in tree.edges.get(node.key, ()):
            found = tree.found(edge)
            if found is not None and found.parent is bundler:
                waiting.append((found, bundler))
    return frozenset(bundlers)
