"""pnpm's experimental lockfileVersion 13.0: JSON with trailing commas.

It says what 9.0 says in other words: ``projects`` for importers, a plain text
where specifier and version are equal, ``integrity`` beside each package, and a
``snapshots`` list inside it.  Read by turning it into 9.0's shape.
"""

from __future__ import annotations

from lockward import jsonread
from lockward.errors import LockfileError
from lockward.jsonc import without_trailing_commas
from lockward.lockfiles.pnpm_keys import key_of, without_suffix
from lockward.paths import relative_to

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
    projects = _mapping(path, plain, document, "projects")
    folders = _folders(projects)
    importers = {folder: _project(folder, entry, folders) for folder, entry in projects.items()}
    _say_which(importers, snapshots)
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


def _folders(projects: dict[str, Any]) -> dict[str, str]:
    """Name -> folder of each project that has a name: ``workspace:`` references name them."""
    return {
        entry["name"]: folder
        for folder, entry in projects.items()
        if isinstance(entry, dict) and isinstance(entry.get("name"), str)
    }


def _project(folder: str, entry: object, folders: dict[str, str]) -> object:
    """A project whose plain texts are given as specifier and version."""
    if not isinstance(entry, dict):
        return entry
    return {
        section: {
            name: _inline(folder, name, value, folders) if isinstance(value, str) else value
            for name, value in values.items()
        }
        if isinstance(values, dict)
        else values
        for section, values in entry.items()
    }


def _inline(folder: str, name: str, text: str, folders: dict[str, str]) -> dict[str, str]:
    """Specifier and version of a plain text; ``workspace:`` links to the project of that name."""
    version = text
    if text.startswith("workspace:") and name in folders:
        home, target = ("" if one == "." else one for one in (folder, folders[name]))
        version = f"link:{relative_to(home, target) or '.'}"
    return {"specifier": text, "version": version}


def _say_which(importers: dict[str, Any], snapshots: dict[str, Any]) -> None:
    """Give each reference the peers that tell its snapshot, as 9.0 writes them.

    13.0 leaves them out: they are those that the dependant itself depends on.
    """
    by_package: dict[str, list[str]] = {}
    for key in snapshots:
        by_package.setdefault(without_suffix(key), []).append(key)
    several = {base: keys for base, keys in by_package.items() if keys != [base]}
    if not several:
        return
    for importer in importers.values():
        sections = _objects(importer, "dependencies", "devDependencies", "optionalDependencies")
        told = [entry for section in sections for entry in section.items()]
        known = {name: one.get("version") for name, one in told if isinstance(one, dict)}
        for name, one in told:
            if isinstance(one, dict):
                one["version"] = _with_peers(name, one.get("version"), known, several)
    for snapshot in snapshots.values():
        for section in _objects(snapshot, "dependencies", "optionalDependencies"):
            for name, reference in section.items():
                section[name] = _with_peers(name, reference, dict(section), several)


def _objects(entry: object, *fields: str) -> list[dict[str, Any]]:
    found = [entry.get(field) for field in fields] if isinstance(entry, dict) else []
    return [one for one in found if isinstance(one, dict)]


def _with_peers(
    name: str, reference: object, known: dict[str, Any], several: dict[str, list[str]]
) -> object:
    """A reference with the suffix of the snapshot that fits what the dependant knows."""
    base = key_of(name, reference, 9) if isinstance(reference, str) else None
    keys = several.get(base or "", [])
    if not keys or not isinstance(reference, str) or base is None:
        return reference
    fitting = [key for key in keys if all(part in key for part in _parts(key, known))]
    return reference + (fitting or keys)[0][len(base) :]


def _parts(key: str, known: dict[str, Any]) -> list[str]:
    """The groups that a key must have for the peers that the dependant knows."""
    peers = [group.partition("@") for group in key[len(without_suffix(key)) + 1 : -1].split(")(")]
    return [f"({name}@{known[name]})" for name, _, _ in peers if name in known]
