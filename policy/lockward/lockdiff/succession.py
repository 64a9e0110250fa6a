"""A lockfile that takes the place of another manager's: its packages are the same ones.

Which versions the new manager chooses is its own business, as in any new lockfile.  A
package that the old one locked, too, has the bytes, the place and the dependencies that
it had.
"""

from __future__ import annotations

from lockward.lockdiff.records import Item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.lockdiff.places import Places
    from lockward.lockdiff.scene import Scene
    from lockward.model import Package


def differences(scene: Scene, package: Package, places: Places) -> Iterator[Item]:
    """How a package is another one than the old manager's lockfile held."""
    from lockward.lockdiff import witness
    from lockward.lockdiff.artifacts import inventory

    lockfile = None if scene.before is None else scene.before.lockfile
    if lockfile is None or not witness.can_be_known(package):
        return
    known = inventory(lockfile).entries.get(package.artifact, [])
    sights = [witness.sighted(lockfile, one, f"in {lockfile.path}", own=False) for one in known]
    yield from witness.contradictions(scene.lockfile, package, sights, places)
    added = _added(scene, known, package)
    if added:
        yield Item("edges-changed", after=package, cause=", ".join(added), now=", ".join(added))


def _added(scene: Scene, known: list[Package], package: Package) -> list[str]:
    """The dependencies that only the new lockfile has, apart from what managers add."""
    from lockward.lockdiff import corrections

    if not known or any(one.source == "bundled" for one in known):
        return []
    told = {name for one in known for name in _names(one)}
    if not told and package.optional:
        return []  # npm 6 leaves out what the author's platform does not need
    excused = {*told, *package.peer_dependencies, *corrections.of(package.name), _BUILDER}
    extended = scene.extended(package)
    return [name for name in _names(package) if name not in excused and name not in extended]


_BUILDER: Final = "node-gyp"  # Yarn and bun ask for it on behalf of who builds with it


def _names(package: Package) -> list[str]:
    sections = (package.dependencies, package.optional_dependencies, package.peer_dependencies)
    return [name for section in sections for name in section]
