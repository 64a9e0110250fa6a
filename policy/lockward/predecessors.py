"""Which lockfile a new one takes the place of: another name, another folder, another manager.

``git mv package-lock.json npm-shrinkwrap.json`` makes no lockfile new: what it locks was
judged, and is what the new one is held against.
"""

from __future__ import annotations

from lockward import relevant
from lockward.paths import folder_of, join, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.model import Change, Lockfile
    from lockward.project import Project
    from lockward.repository import Repository

_MOST: Final = 64  # lockfiles that went with a change and are looked into
_MAIN: Final = "pnpm-lock.yaml"
_SHARE: Final = 2  # one in so many packages must be the same in another folder's lockfile


def of(before: Repository | None, project: Project, change: Change) -> Project | None:
    """The project before whose lockfile is gone, and whose place this new lockfile takes.

    That of the same folder, else the one of another folder with most of these packages;
    of the same format before others.  None when there is none, or nothing is new.
    """
    lockfile = project.lockfile
    if before is None or lockfile is None or change.before is None:
        return None
    stood, stay = change.before.entries(), change.after.entries()
    if lockfile.path in stood:
        return None
    main = join(project.root, _MAIN)
    if lockfile.format == "pnpm" and main in stood and lockfile.path != main:
        return before.project(project.root, main)  # a branch's, which pnpm makes of the main one
    gone = [
        path
        for path in change.paths
        if path in stood
        and path not in stay
        and relevant.kind(path) == "lockfile"
        and not relevant.is_installed(path)
    ]
    found: list[tuple[int, Project]] = []
    gone.sort(key=lambda path: _distance(path, lockfile.path))  # dozens of others may go, too
    for path in gone[:_MOST]:
        old = before.project(folder_of(path), path)
        if old.lockfile is not None:
            near = folder_of(path) == project.root
            if near or _is_like(old.lockfile, lockfile):
                found.append((2 * near + (old.lockfile.format == lockfile.format), old))
    return max(found, key=_weight)[1] if found else None


def _distance(path: str, new: str) -> tuple[bool, bool, bool]:
    """The nearest first: of the same folder, of a folder of the same name, of the same name."""
    one, two = folder_of(path), folder_of(new)
    return one != two, name_of(one) != name_of(two), name_of(path) != name_of(new)


def _weight(one: tuple[int, Project]) -> int:
    return one[0]


def _is_like(old: Lockfile, new: Lockfile) -> bool:
    """Whether half of the packages are the same; a folder that moved has others by accident."""
    known = {(package.name, package.version) for package in old.packages}
    same = sum((package.name, package.version) in known for package in new.packages)
    return same * _SHARE >= len(new.packages) > 0 and name_of(old.path) == name_of(new.path)
