"""Versions that went down: who pins them, what the past knows of them, whom the higher suits."""

from __future__ import annotations

from lockward.bounds import COPIES
from lockward.lockdiff import hashes, witness

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockward.lockdiff.rebound import Rebound
    from lockward.lockdiff.scene import Scene
    from lockward.model import Class, Package


def to_copy(scene: Scene, artifact: str) -> tuple[str, Class | None]:
    """A lower version that another copy has: its bytes must be those of that copy.

    A sha512 in the place of a sha1 proves nothing; where nothing goes down it is an upgrade.
    A hash where npm had lost it must be one that the past knew (netlify/cli 47da71e7ec).
    """
    olds, news = scene.pair.before.entries[artifact], scene.pair.after.entries[artifact]
    COPIES.spend(len(olds) * len(news))
    codes = [hashes.compare(scene, olds, new) for new in news]
    if "integrity-upgraded" in codes:
        return "unproven", None
    added = (new for new, code in zip(news, codes, strict=True) if code == "integrity-added")
    if any(known_before(scene, new) != "rollback" for new in added):
        return "unproven", None
    return "deduplicated", "rollback"


def code_of(scene: Scene, rebound: Rebound) -> str:
    """A version that went down: a new package needs it, this lockfile held it, or neither."""
    if _is_pinned(scene, rebound):
        return "pinned"
    package = scene.pair.after.package(rebound.new)
    code = known_before(scene, package)
    if code == "downgrade":
        from lockward.lockdiff import lowered

        return "refresh" if lowered.holds_no_older_code(scene, rebound, package) else code
    return code


def known_before(scene: Scene, package: Package) -> str:
    """The code of a version that went down unasked: what the past says of it."""
    known = scene.sightings(package, deep=True)
    if not any(one.own for one in known):
        return "downgrade"
    if not witness.can_be_known(package):
        return "rollback"  # patched: the past knows its base only
    if witness.other_bytes(scene.lockfile, package, known) is not None:
        return "integrity-replaced"
    return "rollback" if witness.is_proven(scene.lockfile, package, known) else "unproven"


def suits_higher(scene: Scene, rebound: Rebound) -> bool:
    """Whether everybody who shares a lower version would have taken the higher one that went.

    A manager that merges copies goes down for whom the higher one does not suit.  What
    lies in a tarball nobody chose (ip-address in npm: semantic-release 91961105b4).
    """
    if rebound.edge.target is not None and rebound.edge.target.in_bundle:
        return False
    olds = [scene.pair.before.package(one) for one in rebound.old]
    copies = scene.pair.after.entries[rebound.new]
    asking = [edge for package in copies for edge in scene.graph.into(package.key)]
    COPIES.spend(len(asking) + len(olds))
    return all(
        scene.asker.knows_range(edge) and any(scene.asker.fits(edge, old) for old in olds)
        for edge in asking
    )


def _is_pinned(scene: Scene, rebound: Rebound) -> bool:
    """Whether a new package takes the lower version and none of the old answers.

    Where a folder holds one copy, the manager puts the one there that suits both
    (npm upgrades nx, which asks for exactly @emnapi/core 1.4.5: eclipse-theia/theia e265a1df8c).
    """
    if not scene.traits.displaces:
        return False
    olds = [scene.pair.before.package(one) for one in rebound.old]
    copies = scene.pair.after.entries[rebound.new]
    asking = [edge for package in copies for edge in scene.graph.into(package.key)]
    COPIES.spend(len(asking) + len(olds))
    return any(
        edge.name == rebound.edge.name
        and scene.pair.after.of_key.get(edge.source) in scene.pair.new
        and scene.asker.knows_range(edge)
        and scene.asker.fits(edge, scene.pair.after.package(rebound.new))
        and not any(scene.asker.fits(edge, old) for old in olds)
        for edge in asking
    )
