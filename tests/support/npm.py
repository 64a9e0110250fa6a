"""Small npm projects in memory: manifests, lockfiles and their entries."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.project import Project

HOME = "https://registry.example.org"
PINNED = f"registry={HOME}/\n"

Json = dict[str, Any]


def sri(text: str) -> str:
    """The sha512 that a tarball with these bytes would have."""
    return "sha512-" + base64.b64encode(hashlib.sha512(text.encode()).digest()).decode()


def locked(name: str, version: str = "1.0.0", /, **fields: object) -> Json:
    """An entry as npm writes it for a registry package; None removes a field."""
    tarball = f"{HOME}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
    entry: Json = {"version": version, "resolved": tarball, "integrity": sri(f"{name}@{version}")}
    entry.update(fields)
    return {field: value for field, value in entry.items() if value is not None}


def lockfile(manifest: Json, packages: Json, version: int = 3) -> str:
    """A package-lock.json; ``packages`` maps a name or a whole key to its entry."""
    root = {
        field: value
        for field, value in manifest.items()
        if field
        in {"name", "version", "workspaces", "dependencies", "devDependencies"}
        | {"optionalDependencies", "peerDependencies", "hasInstallScript"}
    }
    entries = {
        key if "/" in key and not key.startswith("@") else f"node_modules/{key}": entry
        for key, entry in packages.items()
    }
    document = {
        "name": manifest.get("name"),
        "lockfileVersion": version,
        "requires": True,
        "packages": {"": root, **entries},
    }
    return json.dumps(document, indent=2) + "\n"


def files(
    manifest: Json, packages: Json, extra: dict[str, str | bytes] | None = None
) -> dict[str, str | bytes]:
    """package.json, package-lock.json and an .npmrc that pins HOME, then ``extra``."""
    return {
        "package.json": json.dumps(manifest, indent=2) + "\n",
        "package-lock.json": lockfile(manifest, packages),
        ".npmrc": PINNED,
        **(extra or {}),
    }


def project(
    contents: dict[str, str | bytes],
    policy: Policy | None = None,
    root: str = "",
    modes: dict[str, str] | None = None,
) -> Project:
    """The project at root of a tree with these files."""
    return Project(MemoryTree(contents, modes), root, policy or Policy())
