"""Runtimes that package.json asks for: pnpm makes requirements of them.

Reference: pnpm, pkg-manifest/utils (convertEnginesRuntimeToDependencies.ts).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.model import Manifest

_FIELDS: Final = {"devEngines": "devDependencies", "engines": "dependencies"}
_NAMES: Final = frozenset({"node", "bun", "deno"})


def runtimes(manifest: Manifest) -> Iterator[tuple[str, str, str]]:
    """Section, name and spec (``runtime:24.0.0``) of each runtime that pnpm is to download."""
    for field, section in _FIELDS.items():
        engines = manifest.raw.get(field)
        listed = engines.get("runtime") if isinstance(engines, dict) else None
        told: set[str] = set()
        for entry in listed if isinstance(listed, list) else [listed]:
            if not isinstance(entry, dict):
                continue
            name = entry.get("name")
            if not isinstance(name, str) or name not in _NAMES or name in told:
                continue
            told.add(name)
            version = entry.get("version")
            asked = name in manifest.sections.get(section, {})
            if entry.get("onFail") == "download" and isinstance(version, str) and not asked:
                yield section, name, f"runtime:{version.strip()}"
