"""Peers that the first versions of npm 7 had lost of a whole lockfile, and that npm writes again.

Until 7.11 npm took packages over from a lockfile of npm 6 as that had them: without peers.
Whenever it has a reason to read a package again, its peers show (stylelint/stylelint
82e2507b76, lit/lit 065172fd1d).  Nothing older recorded them, so one that an attacker adds
looks the same.  What tells is the lockfile before: of hundreds of packages hardly one has
a peer, which no lockfile has that npm wrote from a registry (of 336 with three hundred and
more each has one in 75, or was taken over so).  And such a peer may change nothing:
who answers it is needed without it, and later versions of that would answer it as well.
"""

from __future__ import annotations

from lockward import semver
from lockward.bounds import COPIES
from lockward.lockdiff.answers import fits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.lockdiff.scene import Scene
    from lockward.model import Edge, Package

_MANY: Final = 500  # packages: of fewer it may be chance that none has peers
_RARE: Final = 80  # one in so many with peers; later some came back (google/clasp 003d422b5b)
_PEERS: Final = frozenset({"peer", "peerOptional"})


def restored(scene: Scene, before: Package, after: Package) -> frozenset[str]:
    """The names of the peers that an entry records again, and that change nothing."""
    names = after.peer_dependencies.keys() - before.peer_dependencies.keys()
    if not names or not scene.peerless:
        return frozenset()
    edges = [edge for edge in scene.edges_of(after) if edge.name in names]
    return frozenset(edge.name for edge in edges if _changes_nothing(scene, edge))


def optional_now(scene: Scene, before: Package, after: Package) -> Iterator[str]:
    """The requirements that an entry calls optional now, with the range that they had.

    npm 6 did not tell the two kinds apart (graceful-fs of jsonfile, in the same commit of lit).
    """
    for name in after.optional_dependencies.keys() - before.optional_dependencies.keys():
        now = after.optional_dependencies[name]
        same = before.dependencies.get(name) == now and name not in after.peer_dependencies
        if same and scene.peerless:
            yield name


def are_lost(scene: Scene) -> bool:
    """Whether the lockfile before has the peers of hardly any package."""
    lockfile = scene.lockfile_before
    if lockfile is None or scene.crosses_eras or not scene.traits.breaks:
        return False
    packages = [one for one in lockfile.packages if one.source == "registry"]
    having = sum(1 for one in packages if one.peer_dependencies)
    return len(packages) >= _MANY and having * _RARE < len(packages)


def _changes_nothing(scene: Scene, edge: Edge) -> bool:
    """Whether a peer is answered, now and later, by what is there without it; or by nothing.

    An optional peer that nobody answers is not installed.
    """
    target = edge.target
    if edge.kind not in _PEERS or target is None:
        return edge.kind == "peerOptional"
    wanted = scene.asker.wants(edge)
    if wanted.kind != "range" or not fits(wanted, target) or _pins(edge.spec, target.version):
        return False
    asking = scene.graph.into(target.key)
    COPIES.spend(len(asking))
    return any(_asked_before(scene, other) for other in asking)


def _pins(text: str, version: str) -> bool:
    """Whether a range keeps a package at its version: not all of its caret line above is in it.

    The last version may be in it, and none between (``1.2.3 || >=1.999999.0``).
    """
    major, minor = version.split(".")[:2]
    last = f"0.{minor}.{_MOST}" if major == "0" else f"{major}.{_MOST}.{_MOST}"
    return not semver.covers(text, version, last)


_MOST: Final = 999_999


def _asked_before(scene: Scene, edge: Edge) -> bool:
    """Whether a requirement is a project's, a new package's, or was recorded before."""
    source = scene.lockfile.by_key.get(edge.source)
    if source is None or edge.kind not in _PEERS:
        return True
    olds = scene.pair.before.entries.get(scene.pair.after.of_key.get(source.key, ""), ())
    COPIES.spend(len(olds))
    return not olds or any(edge.name in old.peer_dependencies for old in olds)
