"""The npm project at the tip of a repository, as a benchmark's project: its files, by name.

Every address is moved to a host of ours, and one direct dependency to the next
patch, so that there is a change to judge.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from base64 import b64encode
from typing import Any

from benchmarks.lockfile import HOST

SECTIONS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
Document = dict[str, Any]


def project(git_dir: str, *, bumped: bool) -> dict[str, str]:
    """package.json, package-lock.json and .npmrc; SystemExit when no dependency can move."""
    manifest = json.loads(_shown(git_dir, "package.json"))
    lock = json.loads(_shown(git_dir, "package-lock.json"))
    for entry in lock["packages"].values():
        resolved = entry.get("resolved", "")
        if resolved.startswith("https://"):
            entry["resolved"] = f"{HOST}/{resolved.split('/', 3)[3]}"
    if bumped:
        _bump(manifest, lock["packages"])
    return {
        "package.json": _written(manifest),
        "package-lock.json": _written(lock),
        ".npmrc": f"registry={HOST}/\n",
    }


def _shown(git_dir: str, path: str) -> str:
    command = ["git", "-C", git_dir, "show", f"HEAD:{path}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _written(document: Document) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _bump(manifest: Document, packages: Document) -> None:
    """Move the first direct dependency that nothing else asks for."""
    others = {
        name
        for key, entry in packages.items()
        for section in SECTIONS
        for name in entry.get(section, {})
        if key
    }
    for section in SECTIONS[:2]:
        for name, spec in manifest.get(section, {}).items():
            entry = packages.get(f"node_modules/{name}", {})
            old = entry.get("version", "")
            if name in others or not spec.startswith("^") or not old.replace(".", "").isdigit():
                continue
            start, _, patch = old.rpartition(".")
            new = f"{start}.{int(patch) + 1}"
            digest = hashlib.sha512(new.encode()).digest()
            entry["version"] = new
            entry["resolved"] = entry["resolved"].replace(old, new)
            entry["integrity"] = f"sha512-{b64encode(digest).decode()}"
            manifest[section][name] = packages[""][section][name] = f"^{new}"
            return
    raise SystemExit("no direct dependency can move alone")
