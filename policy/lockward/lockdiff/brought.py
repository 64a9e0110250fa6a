"""A version that a new package brings, but that is lower than the one that it would have taken.

A manager keeps what is locked and in range, and else takes the newest.  So what a package
brings goes down only when it needs the lower version, when it went down itself (a revert), or
by a stale branch: then the past held those bytes.
"""

from __future__ import annotations

from lockward.bounds import COPIES
from lockward.lockdiff.answers import compare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lockward.lockdiff.scene import Scene
    from lockward.model import Edge, Package


def code_of(scene: Scene, package: Package, mates: Mapping[str, Package]) -> str:
    """How a package that went down did so unasked; "" when somebody asked.

    ``mates``: new artifact -> the vanished one of its name that it stands for.
    """
    mate = mates[package.artifact]
    copies = scene.pair.after.entries[package.artifact]
    asking = [edge for copy in copies for edge in scene.graph.into(copy.key)]
    COPIES.spend(len(asking) + len(copies))
    if any(_is_in_tarball(scene, copy) for copy in copies):
        return ""
    if not asking or not all(_takes_either(scene, edge, mate, mates) for edge in asking):
        return ""
    from lockward.lockdiff import downs

    return downs.known_before(scene, package)


def _takes_either(scene: Scene, edge: Edge, mate: Package, mates: Mapping[str, Package]) -> bool:
    """Whether somebody who did not go down himself would have taken the higher version."""
    if not scene.asker.knows_range(edge) or not scene.asker.fits(edge, mate):
        return False
    source = scene.lockfile.by_key.get(edge.source)
    old = None if source is None else mates.get(source.artifact)
    return source is None or old is None or compare(source.version, old.version) >= 0


def _is_in_tarball(scene: Scene, package: Package) -> bool:
    """Whether an entry, or a folder that it lies in, comes as its author's lockfile says."""
    if package.in_bundle:
        return True
    parts = package.key.split("/node_modules/")
    COPIES.spend(len(parts))
    keys = ("/node_modules/".join(parts[:at]) for at in range(1, len(parts)))
    above = (scene.lockfile.by_key.get(key) for key in keys)
    return any(one is not None and one.has_shrinkwrap for one in above)
