"""pnpm: packages that stand under another name, where no range says that they should.

An entry names what it depends on by references; that a tarball asks for
``npm:typescript@^6`` under another name is not recorded.  So a new package that
brings an alias must show by something else that it is the tarball's.
"""

from __future__ import annotations

from lockward.lockdiff.formats import NIGHTLY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockward.lockdiff.scene import Scene
    from lockward.model import Edge, Package


def vouched_for(scene: Scene, edge: Edge, target: Package) -> bool:
    """Whether a dependency may be answered by a package of another name."""
    return (
        NIGHTLY.get(edge.name) == target.name
        or edge.name.startswith(f"{target.name}-")  # string-width-cjs
        or (edge.name, target.name) in scene.pairs
        or _in_own_scope(scene, edge, target)
    )


def _in_own_scope(scene: Scene, edge: Edge, target: Package) -> bool:
    """Whether a package calls one that was locked already by a name of its own scope.

    (@typescript/typescript6 has typescript 6 as @typescript/old: typescript-eslint 3b155bb134.)
    Nobody else's name is taken, and nothing comes in that was not judged before.
    """
    source = scene.lockfile.by_key.get(edge.source)
    scope, slash, _ = ("" if source is None else source.name).partition("/")
    known = scene.pair.after.of_key.get(target.key) in scene.pair.before.entries
    return bool(slash) and edge.name.startswith(f"{scope}/") and known
