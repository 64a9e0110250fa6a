"""Yarn 1: what resolutions install, whatever else answers the same requirement in the lockfile.

For a requirement that a resolution is about, Yarn 1 looks up the resolution's own pattern,
and leaves behind what it had locked for the requirement (devtools-protocol of puppeteer:
GoogleChrome/lighthouse 28b3cfbbaa; `--frozen-lockfile` takes it, and installs the resolution's).
"""

from __future__ import annotations

from lockward.bounds import COPIES
from lockward.lockdiff.answers import fits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockward.lockdiff.scene import Scene
    from lockward.model import Edge


def overrule(scene: Scene, edge: Edge) -> bool:
    """Whether a resolution's own entry is installed in the place of what answers an edge."""
    if not scene.traits.below or scene.traits.walks:
        return False
    resolutions = scene.asker.alternatives(edge)
    artifacts = scene.pair.after.by_name.get(edge.name, ())
    COPIES.spend(len(resolutions) * len(artifacts))
    chosen = any(
        f"{edge.name}@{one.raw}" in package.key.split(", ") and fits(one, package)
        for one in resolutions
        for artifact in artifacts
        for package in scene.pair.after.entries[artifact]
    )
    return chosen and _is_left(scene, edge)


def _is_left(scene: Scene, edge: Edge) -> bool:
    """Whether what answers an edge did before, or was locked where nobody asked for this range.

    A resolution below somebody (``a/**/b``) may leave another way to the same requirement,
    on which Yarn installs what answers it.
    """
    graph, answer = scene.graph_before, scene.pair.after.answer(edge)
    asking = [] if graph is None else list(graph.asking(edge.name))
    COPIES.spend(len(asking))
    olds = {scene.pair.before.answer(one) for one in asking if one.spec == edge.spec}
    return answer in (olds or scene.pair.before.entries)
