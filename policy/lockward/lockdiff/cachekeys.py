"""Berry's checksums are of its own archives: they change with how those are written.

``__metadata.cacheKey`` names how ("8", "10c0"), and a checksum may repeat it
before a slash.  A checksum under another key than the file's is not verified:
Yarn takes it for one that an older version left, and replaces it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.lockdiff.scene import Scene
    from lockward.model import Lockfile, Package

# (cacheKey before, after) -> the least share of the checksums in both lockfiles that differ.
# Yarn 4 deflates better than Yarn 3: archives of small files come out alike.  Measured: 22 %
# to 37 % of a project's checksums stay, and 3 of a test's 5 (babel 76d2dcd856, jest 070781ad41,
# redux-toolkit 409a16d9e5, MetaMask/core 27dd62c37b).
_SHARES: Final = {("8", "10"): 0.4}
_MOST: Final = 0.9  # between any other two


def key_of(lockfile: Lockfile | None) -> str:
    """The cacheKey of a lockfile; "" when it names none."""
    metadata = None if lockfile is None else lockfile.raw.get("__metadata")
    found = metadata.get("cacheKey") if isinstance(metadata, dict) else None
    return found if isinstance(found, str) else ""


def stale(lockfile: Lockfile, package: Package) -> str:
    """The code of a checksum that the file's own key does not cover; "" none."""
    if lockfile.format != "yarn-berry" or package.integrity is None:
        return ""
    key, slash, _ = package.integrity.rpartition("/")
    return "integrity-unverified" if slash and key != key_of(lockfile) else ""


def moved(scene: Scene) -> bool:
    """Whether all archives are written anew: another cacheKey, and most checksums differ.

    With other bytes behind one checksum only, the others would stand.
    """
    before = scene.lockfile_before
    if before is None or "yarn-berry" not in (before.format, scene.lockfile.format):
        return False
    if scene.crosses_formats:
        return True  # Yarn 1 writes the hashes of the tarballs
    if key_of(before) == key_of(scene.lockfile) and before.version == scene.lockfile.version:
        return False
    old, new = before.by_key, scene.pair
    kept = changed = 0
    for artifact, packages in new.after.entries.items():
        was = new.before.entries.get(artifact)
        if was and was[0].integrity is not None and packages[0].integrity is not None:
            kept += 1
            changed += _hex(was[0].integrity) != _hex(packages[0].integrity)
    share = _SHARES.get((key_of(before), key_of(scene.lockfile)), _MOST)
    return bool(old) and changed >= kept * share


def _hex(checksum: str) -> str:
    return checksum.rpartition("/")[2]
