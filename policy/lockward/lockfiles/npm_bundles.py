"""Which packages of an npm tree come in the tarball of another one.

Reference: @npmcli/arborist, node.js (getBundler).  A package is bundled when
the one whose ``node_modules`` holds it lists it in bundleDependencies; when
that one is itself bundled; or when a package of the same bundle requires it
and finds it right inside the bundler.
"""

from __future__ import annotations

from lockward.lockfiles.npm_requires import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockward.lockfiles.npm_nodes import Node
    from lockward.lockfiles.npm_tree import Tree


def bundlers(tree: Tree) -> dict[str, Node]:
    """The key of each bundled package -> who bundles it; the root may bundle too."""
    found_in: dict[str, Node] = {}
    waiting: list[tuple[Node, Node]] = []
    for node in tree.nodes.values():
        for name in node.bundled:
            child = node.children.get(fold(name))
            if child is not None and child.name == name:
                waiting.append((child, node))
    while waiting:
        node, bundler = waiting.pop()
        if node.key in found_in:
            continue
        found_in[node.key] = bundler
        waiting += ((child, bundler) for child in node.children.values())
        for edge in tree.edges.get(node.key, ()):
            found = tree.found(edge)
            if found is not None and found.parent is bundler:
                waiting.append((found, bundler))
    return found_in
