"""Small bun projects in memory: manifests, lockfiles in bun's own layout, and their entries."""

from __future__ import annotations

import json
from typing import Any

from tests.support.npm import HOME, sri

Json = dict[str, Any]
Entry = list[Any]

PINNED = f'[install]\nregistry = "{HOME}/"\n'
_MIRRORED = (
    *("name", "version", "dependencies", "devDependencies"),
    *("optionalDependencies", "peerDependencies"),
)


def tarball(name: str, version: str) -> str:
    """Where HOME keeps a version."""
    return f"{HOME}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"


def locked(name: str, version: str = "1.0.0", /, **info: object) -> Entry:
    """The tuple of a registry package; ``info`` is its third member."""
    return [f"{name}@{version}", tarball(name, version), info, sri(f"{name}@{version}")]


def lockfile(
    manifests: dict[str, Json], packages: dict[str, Entry], /, version: int = 2, **top: object
) -> str:
    """A bun.lock; ``manifests`` maps the folder of each workspace ("" the root) to its manifest.

    ``top`` adds members such as ``overrides`` above ``packages``.
    """
    workspaces = {
        folder: {field: manifest[field] for field in _MIRRORED if field in manifest}
        for folder, manifest in manifests.items()
    }
    workspaces[""].pop("version", None)
    document = {
        "lockfileVersion": version,
        "configVersion": 1,
        "workspaces": workspaces,
        **top,
        "packages": packages,
    }
    return write(document)


def write(document: Json) -> str:
    """A document in bun's layout: trailing commas, each entry of ``packages`` on one line."""
    above = {key: value for key, value in document.items() if key != "packages"}
    text = json.dumps(above, indent=2, ensure_ascii=False)
    lines = text.removesuffix("\n}").split("\n")
    for number, line in enumerate(lines[1:], 1):
        if not line.endswith((",", "{", "[")):
            lines[number] += ","
    entries = [
        f"    {json.dumps(key)}: {_entry(entry)},\n"
        for key, entry in document.get("packages", {}).items()
    ]
    packages = "\n".join(entries)
    return "\n".join(lines) + f'\n  "packages": {{\n{packages}  }}\n}}\n'


def _entry(entry: object) -> str:
    """One line; lists within it end as bun ends them, ``[ "linux", ]``."""
    if isinstance(entry, dict):
        inside = ", ".join(f"{json.dumps(key)}: {_entry(value)}" for key, value in entry.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(entry, list) and entry and isinstance(entry[0], str) and "@" not in entry[0]:
        return "[ " + "".join(f"{json.dumps(item)}, " for item in entry) + "]"
    if isinstance(entry, list):
        return f"[{', '.join(_entry(item) for item in entry)}]"
    return json.dumps(entry)


def files(
    manifest: Json,
    packages: dict[str, Entry],
    extra: dict[str, str | bytes] | None = None,
    *,
    version: int = 2,
    members: dict[str, Json] | None = None,
    **top: object,
) -> dict[str, str | bytes]:
    """package.json, members' manifests, bun.lock and a bunfig.toml that names HOME."""
    manifests = {"": manifest, **(members or {})}
    return {
        **{
            f"{folder}/package.json".lstrip("/"): json.dumps(one, indent=2) + "\n"
            for folder, one in manifests.items()
        },
        "bun.lock": lockfile(manifests, packages, version, **top),
        "bunfig.toml": PINNED,
        **(extra or {}),
    }
