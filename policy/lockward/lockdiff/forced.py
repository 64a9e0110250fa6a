"""Requirements that an override by an alias gives to another package.

Where folders are walked, npm leaves what was locked when such an override comes, since it
compares versions only.  bun reads bun.lock as it stands: an entry that goes back to the
registry's own package undoes the override, frozen too (bun 1.4).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockward.lockdiff.scene import Scene
    from lockward.model import Edge, Package


def is_undone(scene: Scene, edge: Edge, target: Package, was: Edge | None) -> bool:
    """Whether the package whose name an override took answers, and was not left from before.

    ``was`` is the same requirement before, if there was one: once the override's package
    answered it, nothing else does; and what nobody had under this name was not left.
    What was left must be what the requirement itself asks for.
    """
    if not scene.traits.walks:
        from lockward.lockdiff import aliases

        return scene.traits.ranges or not aliases.is_a_project_s_own(scene, edge, target)
    if was is not None and was.target is not None and not scene.asker.forces_away(edge, was.target):
        return True
    copies = scene.pair.before.entries.get(scene.pair.after.answer(edge), ())
    left = any(one.alias == edge.name for one in copies)
    return not left or scene.asker.names_another(edge, target)
