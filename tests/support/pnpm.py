"""pnpm's lockfiles, and projects that have one, built from Python values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import yaml

from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.project import Project

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]

HASH: Final = "sha512-" + "A" * 86 + "=="


def dump(document: object) -> str:
    """YAML as PyYAML writes it: inside what pnpm writes, apart from the empty lines."""
    return yaml.safe_dump(document, sort_keys=False, width=1 << 20)


def lockfile(
    dependencies: Mapping[str, tuple[str, str]],
    packages: Mapping[str, Json],
    snapshots: Mapping[str, Json] | None = None,
    **more: object,
) -> str:
    """A 9.0 lockfile: the root's name -> (specifier, version), and the packages.

    A package without ``resolution`` gets a hash; ``snapshots`` default to one
    without dependencies for each package; ``importers`` in ``more`` are further ones.
    """
    told = {name: {"specifier": spec, "version": to} for name, (spec, to) in dependencies.items()}
    further = more.pop("importers", {})
    assert isinstance(further, dict)
    return dump(
        {
            "lockfileVersion": "9.0",
            "settings": {"autoInstallPeers": True, "excludeLinksFromLockfile": False},
            **more,
            "importers": {".": {"dependencies": told} if told else {}, **further},
            "packages": {
                key: {"resolution": {"integrity": HASH}, **entry} for key, entry in packages.items()
            },
            "snapshots": {key: {} for key in packages} if snapshots is None else dict(snapshots),
        }
    )


def files(
    manifest: Json, lock: str, extra: Mapping[str, str | bytes] | None = None
) -> dict[str, str | bytes]:
    """package.json, pnpm-lock.yaml, then ``extra``."""
    return {
        "package.json": json.dumps(manifest, indent=2) + "\n",
        "pnpm-lock.yaml": lock,
        **(extra or {}),
    }


def project(
    contents: Mapping[str, str | bytes], policy: Policy | None = None, root: str = ""
) -> Project:
    """The project at root of a tree with these files."""
    return Project(MemoryTree(contents), root, policy or Policy())
