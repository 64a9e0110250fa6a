"""A new package where an unchanged requirement had no answer, maybe for optional peers alone.

npm installs nothing for optional peers.  In their range pnpm does (encoding: TanStack/router
645de2353a), and bun up to 1.3 leaves what it chose for somebody who went meanwhile
(coder/mux 21f2427eae).
"""

from __future__ import annotations

from lockward.bounds import COPIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockward.lockdiff.rebound import Rebound
    from lockward.lockdiff.scene import Scene
    from lockward.model import Edge


def code(scene: Scene, rebound: Rebound) -> str:
    """The code of such an edge."""
    if scene.traits.implied or not scene.traits.ranges:
        from lockward.lockdiff import peers

        return "no-cause" if peers.is_out_of_range(scene, rebound.edge) else "filled"
    asking = _asking(scene, rebound.new)
    if any(edge.kind != "peerOptional" for edge in asking):
        return "filled"
    if not all(edge.target is None or scene.asker.fits(edge, edge.target) for edge in asking):
        return "no-cause"
    if any(edge.source in scene.after.manifests for edge in asking):
        return "filled"  # what a project's own package.json names may be installed by name
    return "filled" if _is_parted(scene, rebound) else "no-cause"


def _asking(scene: Scene, artifact: str) -> list[Edge]:
    """The requirements that an artifact answers."""
    copies = scene.pair.after.entries[artifact]
    asking = [edge for package in copies for edge in scene.graph.into(package.key)]
    COPIES.spend(len(asking))
    return asking


def _is_parted(scene: Scene, rebound: Rebound) -> bool:
    """npm: whether what is new keeps an optional peer from a version that it does not take.

    One that nobody asked for is installed once another version of it would come into the
    peer's sight (gcp-metadata of mongodb: typeorm/typeorm b9309098bc), or could have come, for
    a copy that lies elsewhere in the end (proxy-agent: eclipse-theia/theia e9729b1170).
    """
    if not scene.traits.breaks:
        return False
    others = scene.pair.after.by_name.get(rebound.edge.name, ())
    COPIES.spend(len(others))
    return any(
        other != rebound.new
        and not scene.asker.fits(rebound.edge, scene.pair.after.package(other))
        and any(edge.kind != "peerOptional" for edge in _asking(scene, other))
        for other in others
    )
