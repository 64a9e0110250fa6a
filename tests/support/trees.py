"""Large and hostile npm projects for the posture page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lockward import engine
from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.posture.assess import measure
from tests.support import npm

if TYPE_CHECKING:
    from lockward.findings import Report

EVIL_NAMES = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "a\u202egnp.exe\u200b",
)
EVIL_TITLE = '</title><script>alert(3)</script>"><img src=x onerror=alert(4)>'


def scanned(files: dict[str, str | bytes]) -> Report:
    """What a scan makes of some files, measured."""
    return engine.scan(MemoryTree(files), Policy(), measure=measure())


def hostile(number: int, faults: int) -> Report:
    """A scan of a large tree with hostile names in it.

    No reader lets such names through; the page must not rely on that.
    """
    report = scanned(large(number, faults, EVIL_TITLE))
    assert report.posture is not None
    [tree] = report.posture.trees.values()
    found = [finding for finding in report.findings if finding.pointer]
    for finding, name in zip(found, EVIL_NAMES, strict=False):
        setattr(tree.lockfile.by_key[finding.pointer], "alias", name)  # noqa: B010 - it is Final
        setattr(finding, "package", f"{name}@1.0.0")  # noqa: B010 - likewise
        setattr(finding, "message", f"{name}@1.0.0: no integrity")  # noqa: B010 - likewise
    return report


def large(number: int, faults: int = 0, name: str = "app") -> dict[str, str | bytes]:
    """A project of ``number`` packages, ``faults`` of which lack integrity.

    Package n hangs below package n // 9, so that the tree is some levels deep
    and each level has many; every third is required by a second one as well.
    """
    names = [f"package-{n}" for n in range(number)]
    needs: dict[int, dict[str, str]] = {}
    for n, each in enumerate(names):
        if n >= 90:
            needs.setdefault(n // 9, {})[each] = "1.0.0"
            if n % 3 == 0:
                needs.setdefault(n // 7, {})[each] = "1.0.0"
    manifest: dict[str, Any] = {"name": name, "dependencies": dict.fromkeys(names[:90], "1.0.0")}
    bad = {number - 1 - n * (number // max(1, faults)) for n in range(faults)}
    packages = {
        f"node_modules/{each}": npm.locked(
            each,
            dependencies=needs.get(n),
            integrity=None if n in bad else npm.sri(each),
            hasInstallScript=True if n % 400 == 0 else None,
        )
        for n, each in enumerate(names)
    }
    return npm.files(manifest, packages)
