"""What the hostile lockfiles are made of: entries and files as npm writes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Files = dict[str, bytes]
    Case = Callable[[int, int], Files]  # of a size in bytes, before (0) and after (1)

HOST = "https://registry.example.org"


def hash_of(number: int) -> str:
    """A sha512 of its own for each number."""
    return "sha512-" + f"{number:080d}".replace("0", "A") + "AAAAAA=="


def npm(packages: dict[str, Any], asks: dict[str, str], **more: object) -> Files:
    """A project whose root requires ``asks``, and has more fields than that."""
    root = {"name": "app", "version": "1.0.0", "dependencies": asks, **more}
    lock = {"name": "app", "lockfileVersion": 3, "packages": {"": root, **packages}}
    return {
        "package.json": json.dumps(root).encode(),
        "package-lock.json": json.dumps(lock, indent=1).encode(),
    }


def entry(name: str, version: str, number: int, **more: object) -> dict[str, object]:
    """An entry of a registry's package."""
    address = f"{HOST}/{name}/-/{name}-{version}.tgz"
    return {"version": version, "resolved": address, "integrity": hash_of(number), **more}


def with_overrides(files: Files, overrides: dict[str, Any]) -> Files:
    """The same project with overrides in its package.json."""
    document = json.loads(files["package.json"])
    document["overrides"] = overrides
    return {**files, "package.json": json.dumps(document).encode()}
