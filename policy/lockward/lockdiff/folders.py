"""Folders of this repository that are installed like packages: ``file:``, ``link:``, ``portal:``.

Their package.json lies in the tree, so what they ask for is asked for by this
repository, as by any importer.
"""

from __future__ import annotations

from lockward.errors import LockwardError
from lockward.lockdiff.requirements import wanted
from lockward.paths import join, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lockward.lockdiff.scene import Scene
    from lockward.model import Package


def requirements(scene: Scene, package: Package) -> Mapping[str, str]:
    """What the package.json of such a folder asks for; nothing when it cannot be read."""
    folder = _folder(package)
    place = None if folder is None else resolve(scene.after.root, folder)
    if place is None:
        return {}
    path = join(place, "package.json")
    try:
        data = scene.after.tree.read(path, scene.policy.max_bytes)
        if data is None:
            return {}
        from lockward import manifest

        return wanted(manifest.read(path, data))
    except LockwardError:
        return {}


def _folder(package: Package) -> str | None:
    """The folder, from the root: the address, or what stands in Yarn 1's key."""
    text = package.resolved
    if text is None:
        text = package.key.partition(", ")[0].partition("@")[2]
        text = text.rpartition("@")[2] if "@" in text else text
    for protocol in ("file:", "link:", "portal:"):
        text = text.removeprefix(protocol)
    return resolve("", text)


def recorded(packages: Iterable[Package]) -> dict[str, str]:
    """What a lockfile said that such a folder depends on."""
    found: dict[str, str] = {}
    for one in packages:
        found.update(one.dependencies)
        found.update(one.optional_dependencies)
    return found
