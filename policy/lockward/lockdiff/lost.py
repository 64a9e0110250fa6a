"""What npm 5 and 6 had lost of a package's requirements, and write again.

They drop a requirement of an entry that they leave alone otherwise, of checkouts mostly
(eth-sig-util of MetaMask/core 118faf8d31) or in bundles, and a later install writes it
again.  One that an attacker adds looks the same, but for the past: another copy of the
package, or an earlier revision of this very lockfile, recorded what was lost.
"""

from __future__ import annotations

from lockward import semver
from lockward.bounds import COPIES
from lockward.lockdiff.places import is_same_repository

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lockward.lockdiff.scene import Scene
    from lockward.model import Package


def restored(scene: Scene, package: Package) -> frozenset[str]:
    """The names that a package requires again, as it did in another copy or an earlier revision.

    Asked of lockfiles without ``packages`` only: later formats lose nothing.
    """
    asked = requirements_of(package)
    exact = scene.era_before.exact or scene.era_after.exact  # versions move without the package
    names = {
        name
        for past in _recorded(scene, package, asked)
        for name, text in past.items()
        if name in asked and (exact or _is_same(text, asked[name]))
    }
    return frozenset(names)


def requirements_of(package: Package) -> Mapping[str, str]:
    """What a package requires, apart from peers."""
    return {**package.dependencies, **package.optional_dependencies}


def _recorded(
    scene: Scene, package: Package, asked: Mapping[str, str]
) -> Iterator[Mapping[str, str]]:
    """What the copies before required; the past is asked when they do not know everything."""
    left = set(asked)
    copies = scene.pair.before.entries.get(package.artifact, ())
    COPIES.spend(len(copies))
    for copy in copies:
        found = requirements_of(copy)
        left.difference_update(found)
        yield found
    if left:
        yield scene.witness.required(scene.lockfile.path, (package.name, package.version))


def _is_same(was: str, now: str) -> bool:
    """Whether a requirement is as it was recorded: npm 5 recorded the version that answered it."""
    if was == now or is_same_repository(was, now):
        return True
    return was[:1].isdigit() and semver.satisfies(was, now, loose=True)
