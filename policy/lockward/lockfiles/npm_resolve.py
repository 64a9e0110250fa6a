"""Which tree a state of an npm lockfile is given: lockward.graph's resolver for npm.

Of two states that are compared little is asked: plain ones answer by their keys
(npm_plain).  Whatever is not plain, and the third state of a history and those
after it, has its folders built (npm_tree), and made from the last ones where
that can be done (npm_follow).
"""

from __future__ import annotations

from lockward.lockfiles import npm_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward.lockfiles.npm_plain import PlainTree
    from lockward.lockfiles.npm_tree import Tree
    from lockward.model import Lockfile, Manifest


def resolve(
    lockfile: Lockfile, manifests: Mapping[str, Manifest], _directives: object = None
) -> Tree | PlainTree:
    """The tree of a lockfile under the live manifests; see lockward.graph.

    A state that follows another one takes over what is the same in both.
    """
    last, states = _LAST.pop(lockfile.path, (None, 0))
    tree: Tree | PlainTree | None = None
    plain = last is None or isinstance(last, npm_plain.PlainTree)
    if plain and states < _PAIR:
        tree = npm_plain.of(lockfile, manifests)
    elif last is not None:
        from lockward.lockfiles import npm_follow

        tree = npm_follow.follow(full(last), lockfile, manifests)
    if tree is None:
        from lockward.lockfiles.npm_tree import Tree

        tree = Tree(lockfile, manifests)
    _LAST[lockfile.path] = tree, states + 1
    while len(_LAST) > _MOST_PATHS:
        del _LAST[next(iter(_LAST))]
    return tree


def full(tree: Tree | PlainTree) -> Tree:
    """The tree with its folders."""
    return tree.tree if isinstance(tree, npm_plain.PlainTree) else tree


# Path of a lockfile -> the tree of its last state, and how many there were.
_LAST: Final[dict[str, tuple[Tree | PlainTree, int]]] = {}
_MOST_PATHS: Final = 4
_PAIR: Final = 2  # states: one before and one after
