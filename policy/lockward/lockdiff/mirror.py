"""npm's second tree: what a version 2 file says to npm 6, and the format's own version."""

from __future__ import annotations

from lockward.lockdiff.records import Item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.lockdiff.scene import Scene
    from lockward.model import Lockfile, Package

# The first lockfileVersion that guards what older ones let pass: npm's records patches and
# extensions; bun's wants an integrity for a tarball outside the registry.
_GUARDED: Final = {"npm": 4, "bun": 2}


def judge(scene: Scene) -> Iterator[Item]:
    """Where the two trees came to disagree, and a format that went down."""
    lockfile, before = scene.lockfile, scene.lockfile_before
    guarded = _GUARDED.get(lockfile.format)
    if guarded is None:
        return
    if (
        before is not None
        and before.format == lockfile.format
        and _number(before) >= guarded > _number(lockfile)
    ):
        yield Item(
            "format-lowered",
            name="lockfileVersion",
            pointer="",
            was=before.version,
            now=lockfile.version,
        )
    if lockfile.format == "npm" and "packages" in lockfile.raw and "dependencies" in lockfile.raw:
        yield from _split(lockfile, before)


def _number(lockfile: Lockfile) -> int:
    return int(lockfile.version) if lockfile.version.isdecimal() else 0


def _split(lockfile: Lockfile, before: Lockfile | None) -> Iterator[Item]:
    from lockward.lockfiles import npm

    stood: set[tuple[str, str, str]] = set()
    if before is not None and "packages" in before.raw and "dependencies" in before.raw:
        stood = {(key, _show(one), _show(two)) for key, one, two in npm.split_brain(before)}
    for key, one, two in npm.split_brain(lockfile):
        if (key, _show(one), _show(two)) not in stood:
            package = one or two
            yield Item(
                "mirror",
                name=key if package is None else package.name,
                after=one,
                pointer=key,
                cause="packages (npm 7 and later) and dependencies (npm 6) disagree",
                was=_show(one),
                now=_show(two),
            )


def _show(package: Package | None) -> str:
    """An entry in one line; "nothing" for a tree that has none."""
    if package is None:
        return "nothing"
    parts = (package.name, package.version, package.resolved or "", package.integrity or "")
    return " ".join(part for part in parts if part)
