"""Whether an entry of a folder (``file:``, ``portal:``) says what the folder's package.json says.

Reference: plugin-file, FileResolver; plugin-link, PortalResolver.  Yarn reads the
folder anew with every install.
"""

from __future__ import annotations

from lockward import manifest as manifests
from lockward.errors import LockwardError
from lockward.lockfiles.yarn_berry_specs import locator_of, percent_decoded, split
from lockward.paths import join, resolve
from lockward.sync.yarn_berry_blocks import differences as block_differences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.model import Manifest, Package
    from lockward.project import Project

_PROTOCOLS: Final = ("file:", "portal:")
_LOCATOR: Final = "locator="


def differences(project: Project, package: Package) -> Iterator[tuple[str, str]]:
    """(name, what differs) of a folder inside the repository; nothing for anything else."""
    if package.source not in ("directory", "link"):
        return
    manifest = _manifest(project, locator_of(package))
    if manifest is None:
        return
    if package.source == "directory" and manifest.version not in (None, package.version):
        yield package.alias, f"is {manifest.version}, the lockfile says {package.version}"
    yield from block_differences(manifest, package, own=False)


def _manifest(project: Project, locator: str) -> Manifest | None:
    reference = split(locator)[1]
    if not reference.startswith(_PROTOCOLS):
        return None
    path, _, bindings = reference.partition(":")[2].partition("::")
    parent = next((one for one in bindings.split("&") if one.startswith(_LOCATOR)), "")
    folder = split(percent_decoded(parent.removeprefix(_LOCATOR)))[1].removeprefix("workspace:")
    home = resolve(project.root, folder) if folder else None
    place = None if home is None else resolve(home, path.partition("#")[0])
    if place is None:
        return None
    try:
        file = join(place, "package.json")
        data = project.tree.read(file, project.policy.max_bytes)
        return None if data is None else manifests.read(file, data)
    except LockwardError:
        return None
