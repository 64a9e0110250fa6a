"""Small projects of Yarn in memory: package.json, yarn.lock and settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.project import Project
from tests.support.npm import HOME, Json, sri

if TYPE_CHECKING:
    from collections.abc import Mapping

SHA1 = "78dc51f75eb64fe7281f8671356000641a4a1401"
HEX = "0f" * 64  # a sha512 in hex
SETTINGS = {".npmrc": f"registry={HOME}/\n", ".yarnrc.yml": f"npmRegistryServer: {HOME}/\n"}


def classic_entry(key: str, *fields: str, version: str = "1.0.0") -> str:
    """An entry of Yarn 1; fields as they stand behind two blanks."""
    lines = "".join(f"  {field}\n" for field in (f'version "{version}"', *fields))
    return f"{key}:\n{lines}\n"


def classic_locked(name: str, version: str = "1.0.0", /, key: str = "", **fields: str) -> str:
    """What Yarn 1 writes for a registry package; "" leaves a field out."""
    url = f"{HOME}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
    written = {"resolved": f'"{url}#{SHA1}"', "integrity": sri(f"{name}@{version}"), **fields}
    lines = [f"{field} {text}" for field, text in written.items() if text]
    return classic_entry(key or f"{name}@^1.0.0", *lines, version=version)


def berry_entry(key: str, resolution: str, *fields: str, version: str = "1.0.0") -> str:
    """An entry of Berry; fields as they stand behind two blanks."""
    lines = (f"version: {version}", f'resolution: "{resolution}"', *fields, "linkType: hard")
    return f'"{key}":\n' + "".join(f"  {line}\n" for line in lines) + "\n"


def berry_locked(
    name: str, version: str = "1.0.0", resolution: str = "", checksum: str = ""
) -> str:
    """What Berry writes for a registry package; checksum "-" leaves it out."""
    fields = () if checksum == "-" else (f"checksum: {checksum or '10c0/' + HEX}",)
    resolution = resolution or f"{name}@npm:{version}"
    return berry_entry(f"{name}@npm:^1.0.0", resolution, *fields, version=version)


def project(
    manifest: Json,
    lockfile: str,
    extra: Mapping[str, str] | None = None,
    policy: Policy | None = None,
) -> Project:
    """A project of these files and settings that pin HOME; ``extra`` counts before them."""
    files = {
        "package.json": json.dumps(manifest),
        "yarn.lock": lockfile,
        **SETTINGS,
        **(extra or {}),
    }
    return Project(MemoryTree(files), "", policy or Policy())


def classic(*entries: str) -> str:
    """A yarn.lock of Yarn 1."""
    return "# yarn lockfile v1\n\n\n" + "".join(entries)


def berry(*entries: str) -> str:
    """A yarn.lock of Berry."""
    return "__metadata:\n  version: 8\n  cacheKey: 10c0\n\n" + "".join(entries)
