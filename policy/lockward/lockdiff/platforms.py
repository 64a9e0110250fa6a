"""npm 6: packages that only some platforms install, and what is written of them on the others."""

from __future__ import annotations

from lockward.bounds import BUNDLES
from lockward.lockdiff.formats import PLATFORM_BOUND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockward.lockdiff.scene import Scene
    from lockward.model import Package


def is_by_platform(scene: Scene, package: Package) -> bool:
    """Whether none but optional packages lead to one that the lockfile calls optional.

    The flag is a word of the lockfile's: every dependant must bear it, up to what a
    project asks for as optional, or to packages that only one platform installs.
    """
    seen = {package.key}
    waiting = [package]
    for one in waiting:  # grows while it is walked
        if one.name in PLATFORM_BOUND:
            continue
        edges = scene.graph.into(one.key)
        BUNDLES.spend(1 + len(edges))
        for edge in edges:
            source = scene.lockfile.by_key.get(edge.source)
            # of a package's edge the kind follows from the flag itself
            if not (edge.kind == "optional" if source is None else source.optional):
                return False
            if source is not None and source.key not in seen:
                seen.add(source.key)
                waiting.append(source)
    return True
