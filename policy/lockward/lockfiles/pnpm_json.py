"""pnpm's experimental lockfileVersion 13.0: JSON with trailing commas.

It says what 9.0 says in other words: ``projects`` for importers, a plain text
where specifier and version are equal, ``integrity`` beside each package, and a
``snapshots`` list inside it.  Read by turning it into 9.0's shape.
"""

from __future__ import annotations

from lockward import jsonread
from lockward.errors import LockfileError
from lockward.jsonc import without_trailing_commas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lockward.model import Lockfile


def read(path: str, data: bytes) -> Lockfile:
    """The lockfile; LockfileError with the line as for any other."""
    from lockward.lockfiles.pnpm import Reader

    plain = without_trailing_commas(data)
    document = jsonread.read(path, plain, LockfileError)
    if not isinstance(document, dict):
        raise LockfileError("holds no JSON object", path=path, line=1)
    return Reader(path, plain, json=True).lockfile(_as_nine(path, plain, document), None)


def _as_nine(path: str, plain: bytes, document: dict[str, Any]) -> dict[str, Any]:
    packages: dict[str, Any] = {}
    snapshots: dict[str, Any] = {}
    for key, entry in _mapping(path, plain, document, "packages").items():
        if not isinstance(entry, dict):
            line = jsonread.locate(plain, ("packages", key))
            raise LockfileError(f'"{key}" is no entry', path=path, line=line)
        packages[key] = _metadata(entry)
        _snapshots(key, entry, snapshots)
    importers = {
        folder: _project(entry)
        for folder, entry in _mapping(path, plain, document, "projects").items()
    }
    return {**document, "packages": packages, "snapshots": snapshots, "importers": importers}


def _mapping(path: str, plain: bytes, document: dict[str, Any], field: str) -> dict[str, Any]:
    value = document.get(field, {})
    if not isinstance(value, dict):
        line = jsonread.locate(plain, (field,))
        raise LockfileError(f"{field} is no mapping", path=path, line=line)
    return value


def _metadata(entry: dict[str, Any]) -> dict[str, Any]:
    """A package's own facts, its hash moved to where 9.0 has it."""
    facts = {name: value for name, value in entry.items() if name not in _SNAPSHOT}
    resolution = facts.get("resolution")
    if "integrity" in entry:
        known = resolution if isinstance(resolution, dict) else {}
        facts["resolution"] = {**known, "integrity": entry["integrity"]}
    return facts


_SNAPSHOT = frozenset({"snapshots", "dependencies", "optionalDependencies", "optional"})


def _snapshots(key: str, entry: dict[str, Any], into: dict[str, Any]) -> None:
    """One snapshot for each set of peers; a package without a list has one, of itself."""
    listed = entry.get("snapshots")
    if not isinstance(listed, list):
        into[key] = {name: entry[name] for name in _SNAPSHOT & entry.keys()}
        return
    for snapshot in listed:
        peers = _peers(snapshot)
        suffix = "".join(f"({name}@{version})" for name, version in peers.items())
        facts = snapshot if isinstance(snapshot, dict) else {}
        own = facts.get("dependencies")
        dependencies = {**(own if isinstance(own, dict) else {}), **peers}
        into[key + suffix] = {
            **{name: facts[name] for name in _SNAPSHOT & facts.keys()},
            "dependencies": dependencies,
        }


def _peers(snapshot: object) -> dict[str, str]:
    """The peers that tell a snapshot from its siblings: name -> version."""
    listed = snapshot.get("peerDependencies") if isinstance(snapshot, dict) else None
    if not isinstance(listed, dict):
        return {}
    return {
        name: value["version"]
        for name, value in listed.items()
        if isinstance(value, dict) and isinstance(value.get("version"), str)
    }


def _project(entry: object) -> object:
    """A project whose plain texts are given as specifier and version."""
    if not isinstance(entry, dict):
        return entry
    return {
        section: {
            name: {"specifier": value, "version": value} if isinstance(value, str) else value
            for name, value in values.items()
        }
        if isinstance(values, dict)
        else values
        for section, values in entry.items()
    }
