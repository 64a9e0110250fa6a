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
    from lockward.model import Lockfile, Package
    from lockward.project import Project

# Formats that take over a file, entries and all: they are compared as one.
_KIN: Final = frozenset({"yarn-classic", "yarn-berry"})


def comparable(before: Project | None, after: Lockfile | None) -> Lockfile | None:
    """The lockfile before that a lockfile is compared with; None when it is another manager's."""
    old = None if before is None else before.lockfile
    if old is None or after is None or old.format == after.format:
        return old
    return old if {old.format, after.format} <= _KIN else None


def differences(scene: Scene, package: Package, places: Places) -> Iterator[Item]:
    """How a package is another one than the old manager's lockfile held."""
    from lockward.lockdiff import witness
    from lockward.lockdiff.artifacts import inventory

    lockfile = None if scene.before is None else scene.before.lockfile
    if lockfile is None or not witness.can_be_known(package):
        return
    known = inventory(lockfile).entries.get(package.artifact, [])
    sights = [witness.sighted(lockfile, one, "", own=False) for one in known]
    other = witness.other_bytes(scene.lockfile, package, sights)
    if other is not None:
        yield Item(
            "integrity-replaced",
            after=package,
            cause=f"locked otherwise in {lockfile.path}",
            was=other.hashes,
            now=package.integrity or "",
        )
    olds = [one.resolved for one in known if one.resolved]
    moved = places.moved(olds, package, proven=other is None) if olds else ""
    if moved:
        was, now = olds[0], package.resolved or ""
        yield Item("place-replaced", after=package, cause=moved, was=was, now=now)
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
