"""Lower versions that are no downgrades: prereleases by a tag, and what pnpm chooses.

A version that goes down is refused, for that is how a hole that was mended is opened
again.  What a lockfile without ranges lets one tell apart from that stands here.
"""

from __future__ import annotations

from lockward import spec
from lockward.bounds import COPIES
from lockward.lockdiff.answers import compare, fits
from lockward.lockdiff.formats import is_asked_for_as_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

    from lockward.lockdiff.rebound import Rebound
    from lockward.lockdiff.scene import Scene
    from lockward.model import Class, Edge, Package

    Found = tuple[Rebound, str, Class | None]


def holds_no_older_code(scene: Scene, rebound: Rebound, package: Package) -> bool:
    """Whether a lower version tells nothing of older code: of types, without an order, beside."""
    if package.source != "registry":
        return False
    if _is_unordered(scene, rebound, package):
        return True
    if scene.traits.ranges or rebound.edge.source in scene.lockfile.importers:
        return False
    return _is_one_of_several(scene, rebound, package) or _is_beside(scene, rebound)


def _is_one_of_several(scene: Scene, rebound: Rebound, package: Package) -> bool:
    """Whether one who asks for any types has lower ones now, where others have not.

    pnpm takes one of several versions then (jest-util's @types/node in mermaid 12c94a177b);
    declarations hold no code that runs.  What it had, or a higher one, must still be locked.
    """
    if not is_asked_for_as_any(package) or rebound.edge.name != package.name:
        return False
    copies = scene.pair.after.by_name.get(package.name, ())
    COPIES.spend(len(copies))
    highest = scene.highest(rebound.old, package.name)
    return highest != "" and any(
        compare(scene.pair.after.package(one).version, highest) >= 0 for one in copies
    )


def _is_beside(scene: Scene, rebound: Rebound) -> bool:
    """Whether a peer has what new packages brought, and what it had elsewhere as well.

    A package stands once for each answer of its peers, in their range or not (crossws below
    another nitro-nightly: TanStack/router ecbbd9a8ec): whoever stayed has the copies that it had.
    """
    edge = rebound.edge
    source = scene.lockfile.by_key.get(edge.source)
    if rebound.lost or edge.target is None or _peer(source, edge.name) is None:
        return False
    asking = scene.graph.into(edge.target.key)
    COPIES.spend(len(asking))
    return _is_below_new_ones(scene, edge.source) and any(
        scene.pair.after.of_key.get(other.source) in scene.pair.new
        and _peer(scene.lockfile.by_key.get(other.source), other.name) is None
        for other in asking
    )


def _is_below_new_ones(scene: Scene, key: str) -> bool:
    """Whether only new packages lead to an entry, over entries that are new themselves."""
    before = scene.lockfile_before
    known = {} if before is None else before.by_key
    waiting = [key]
    for one in waiting:  # grows while it is walked
        if one in known or one in scene.lockfile.importers:
            return False
        asking = scene.graph.into(one)
        COPIES.spend(len(asking) + len(waiting))
        waiting += {
            other.source
            for other in asking
            if scene.pair.after.of_key.get(other.source) not in scene.pair.new
        }.difference(waiting)
    return True


def _is_unordered(scene: Scene, rebound: Rebound, package: Package) -> bool:
    """Whether a project that asks for a tag has another prerelease of the same version.

    Their names hold a commit's hash before the date (rolldown/tsdown 34d527cac6), or it alone
    (sapphiredev/utilities 43153d0408): a lower number and an earlier date are an order.
    """
    release, dash, _ = package.version.partition("-")
    olds = [scene.pair.before.package(one).version for one in rebound.old]
    same = all(
        old.partition("-")[:2] == (release, dash) and not _is_earlier(package.version, old)
        for old in olds
    )
    return (
        dash != ""
        and same
        and any(
            scene.asker.wants(one).kind == "tag" for one in _asking_projects(scene, rebound.edge)
        )
    )


def _asking_projects(scene: Scene, edge: Edge) -> list[Edge]:
    """A project's edge itself; of a peer those of the projects whose answer it has.

    (next's react, which a project asks for as ``rc``: vercel/ai 43fb23459d.)
    """
    if scene.asker.knows_range(edge):
        return [edge]
    if edge.target is None or _peer(scene.lockfile.by_key.get(edge.source), edge.name) is None:
        return []
    asking = scene.graph.into(edge.target.key)
    COPIES.spend(len(asking))
    return [one for one in asking if scene.asker.knows_range(one) and one.name == edge.name]


def _is_earlier(one: str, two: str) -> bool:
    """Whether two prereleases of a version first differ in what has an order, or in their dates.

    ``rc.2`` and ``rc.5``, ``alpha`` and ``beta``; all but a commit's hash has one:
    ``…-d0f002f-20240504002438`` and ``…-3ee1010-20240506002527``.
    """
    parts = (version.replace("-", ".").split(".") for version in (one, two))
    first = next((pair for pair in zip(*parts, strict=False) if pair[0] != pair[1]), ("0", "0"))
    if all(map(str.isdecimal, first)) or not all(map(_is_commit, first)):
        return True
    return _date(one) < _date(two)


def _is_commit(word: str) -> bool:
    return len(word) >= _HASH and _HEX.issuperset(word)


_HASH: Final = 7  # characters of a hash that git cuts short
_HEX: Final = frozenset("0123456789abcdef")


def _date(version: str) -> str:
    """The date in a prerelease's name, as far as it is written; "" when there is none."""
    words = "".join(letter if letter.isalnum() else " " for letter in version).split()
    return next((word for word in words if word.isdecimal() and _is_date(word)), "")


def _is_date(digits: str) -> bool:
    return len(digits) >= _DATE and digits[:2] == "20"


_DATE: Final = 8  # digits of a day; the time may follow


def repairs_peer(scene: Scene, rebound: Rebound, old: Edge) -> bool:
    """Whether a peer whose range stays was answered out of it, and no longer is.

    (@vitejs/plugin-react's vite, which pnpm installs by itself: payloadcms/payload c71051d038.)
    """
    before = scene.lockfile_before
    text = _peer(None if before is None else before.by_key.get(old.source), old.name)
    now = _peer(scene.lockfile.by_key.get(rebound.edge.source), old.name)
    if text is None or text != now or old.target is None or rebound.edge.target is None:
        return False
    wanted = spec.parse(old.name, text)
    return not fits(wanted, old.target) and fits(wanted, rebound.edge.target)


def beside_repaired(scene: Scene, found: Sequence[Found]) -> list[Found]:
    """Edges with their codes, where a peer goes down with one that had to: no downgrade.

    All of a project's peers of a name have one answer (vitest's vite in the same commit).
    """
    repaired = {one.new: verdict for one, code, verdict in found if code == "repaired"}
    return [
        (one, "repaired", repaired[one.new])
        if code == "downgrade" and one.new in repaired and _is_in_range(scene, one.edge)
        else (one, code, verdict)
        for one, code, verdict in found
    ]


def follows_override(scene: Scene, rebound: Rebound) -> bool:
    """Whether what was higher was out of an override's range, in which the new answer is.

    Peers may be answered out of it (vue 3.6.0-beta.5 under ^3.5.34: vuejs/router d845a9aa53).
    One of some versions only (``foo@<2``) says nothing of a higher one, whose range nobody knows.
    """
    target = rebound.edge.target
    ranges = [one for one in scene.asker.forced(rebound.edge) if one.kind == "range"]
    if target is None or not ranges or not any(fits(one, target) for one in ranges):
        return False
    olds = [scene.pair.before.package(one) for one in rebound.old]
    COPIES.spend(len(olds) * len(ranges))
    return all(
        old.name == target.name
        and (compare(old.version, target.version) <= 0 or not any(fits(one, old) for one in ranges))
        for old in olds
    )


def _is_in_range(scene: Scene, edge: Edge) -> bool:
    text = _peer(scene.lockfile.by_key.get(edge.source), edge.name)
    return (
        text is not None
        and edge.target is not None
        and fits(spec.parse(edge.name, text), edge.target)
    )


def _peer(package: Package | None, name: str) -> str | None:
    """The range of a package's peer; None when it has no such peer."""
    return None if package is None else package.peer_dependencies.get(name)
