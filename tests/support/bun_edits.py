"""Edits of a project that bun has locked, each with a name that says what it does.

An edit gets the project's files (package.json texts and bun.lock as documents)
and changes them in place.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

from tests.support.bun_worlds import PACKAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Files = dict[str, dict[str, Any]]
    Edit = Callable[[Files], None]

LOCK: Final = "bun.lock"
SECTIONS: Final = (
    *("dependencies", "devDependencies"),
    *("optionalDependencies", "peerDependencies"),
)
SPECS: Final = (
    *("*", ">=1", "^1.0.0", "1.x", "2", "^1.1.0", "9", "latest", "npm:b@^1.0.0", "npm:d@1"),
    *("workspace:*", "workspace:^9", "file:./fold", "link:./fold", "catalog:", "catalog:two"),
)


def edits(files: Files) -> Iterator[tuple[str, Edit]]:
    """Every edit that can be made of a project."""
    yield "nothing", lambda _files: None
    for path in files:
        if path != LOCK:
            yield from _of_manifest(path, files[path])
    yield from _of_root(files["package.json"])
    yield from _of_folders(files)
    yield from _of_lockfile(files[LOCK])


def apply(files: Files, edit: Edit) -> Files:
    """The files after an edit; the old ones stay as they are."""
    changed = copy.deepcopy(files)
    edit(changed)
    return changed


def _set(*keys: str, value: object) -> Edit:
    """Sets what stands at a path of keys below a file; None takes it away."""

    def edit(files: Files) -> None:
        inside: Any = files
        for key in keys[:-1]:
            inside = inside.setdefault(key, {})
        if value is None:
            inside.pop(keys[-1], None)
        else:
            inside[keys[-1]] = value

    return edit


def _move(path: str, name: str, old: str, new: str) -> Edit:
    def edit(files: Files) -> None:
        files[path].setdefault(new, {})[name] = files[path][old].pop(name)

    return edit


def _of_manifest(path: str, manifest: dict[str, Any]) -> Iterator[tuple[str, Edit]]:
    asked = {name for section in SECTIONS for name in manifest.get(section, {})}
    for section in SECTIONS:
        for name, spec in manifest.get(section, {}).items():
            yield from _of_requirement(path, section, name, spec)
    for name in (*PACKAGES, "v", "w", "unheard-of"):
        if name not in asked:
            yield from _of_newcomer(path, name)
    for field, value in (("name", "other"), ("version", "3.0.0"), ("description", "x")):
        yield f"{path}: {field} = {value}", _set(path, field, value=value)
    meta = {"d": {"optional": True}}
    yield f"{path}: peer d is optional", _set(path, "peerDependenciesMeta", value=meta)


def _of_requirement(path: str, section: str, name: str, spec: str) -> Iterator[tuple[str, Edit]]:
    yield f"{path}: {section} {name} gone", _set(path, section, name, value=None)
    for new in SPECS:
        if new != spec:
            yield f"{path}: {section} {name} = {new}", _set(path, section, name, value=new)
    for other in SECTIONS:
        if other != section:
            yield f"{path}: {name} to {other}", _move(path, name, section, other)


def _of_newcomer(path: str, name: str) -> Iterator[tuple[str, Edit]]:
    for spec in ("*", "^1.0.0", "2"):
        edit = _set(path, "dependencies", name, value=spec)
        yield f"{path}: dependencies {name} = {spec}", edit
    yield f"{path}: peers {name}", _set(path, "peerDependencies", name, value="*")
    yield f"{path}: optional {name}", _set(path, "optionalDependencies", name, value="*")


def _of_root(root: dict[str, Any]) -> Iterator[tuple[str, Edit]]:
    path = "package.json"
    for field in ("overrides", "resolutions", "trustedDependencies"):
        if field in root:
            yield f"{field} gone", _set(path, field, value=None)
    for name, spec in (("b", "1.0.0"), ("b", "^1.0.0"), ("b", "npm:d@1"), ("zzz", "1")):
        yield f"override {name} = {spec}", _set(path, "overrides", name, value=spec)
        if "overrides" not in root:
            yield f"resolution {name} = {spec}", _set(path, "resolutions", name, value=spec)
    yield "override of a below", _set(path, "overrides", "a", value={"b": "1.0.0"})
    yield "override by range", _set(path, "overrides", "b@^1", value="1.2.0")
    for name in root.get("overrides", {}):
        yield f"override {name} gone", _set(path, "overrides", name, value=None)
    yield "resolutions empty", _set(path, "resolutions", value={})
    yield "trusts a too", _set(path, "trustedDependencies", value=["a", "scr"])
    yield "engines", _set(path, "engines", value={"node": ">=20"})
    workspaces = root.get("workspaces")
    if isinstance(workspaces, dict):
        for name, spec in (("d", "1"), ("d", "1.1.0"), ("n", "2"), ("new", "1")):
            yield (
                f"catalog {name} = {spec}",
                _set(path, "workspaces", "catalog", name, value=spec),
            )
            yield f"catalog {name} gone", _set(path, "workspaces", "catalog", name, value=None)
        yield "catalog two n = >=2", _set(path, "workspaces", "catalogs", "two", "n", value=">=2")
        yield "catalog three", _set(path, "workspaces", "catalogs", "three", value={"b": "1"})
        yield "catalogs gone", _set(path, "workspaces", "catalogs", value=None)


def _of_folders(files: Files) -> Iterator[tuple[str, Edit]]:
    members = [path for path in files if path.startswith("packages/")]
    for path in members:
        yield f"{path} gone", lambda files, path=path: files.pop(path)  # type: ignore[misc]  # one path each
    if members:
        new = "packages/new/package.json"
        yield "a new member", _set(new, value={"name": "new"})
        yield "a member of another's name", _set(new, value={"name": "w"})
        yield "no globs", _set("package.json", "workspaces", value=[])
        yield "one member only", _set("package.json", "workspaces", value=["packages/v"])
        yield "without v", _set("package.json", "workspaces", value=["packages/*", "!packages/v"])


def _of_lockfile(lock: dict[str, Any]) -> Iterator[tuple[str, Edit]]:
    for key, entry in lock["packages"].items():
        yield f"lock: {key} gone", _set(LOCK, "packages", key, value=None)
        if len(entry) > 1 and entry[0].rpartition("@")[2][:1].isdigit():
            yield from _of_entry(key, entry)
    for folder, importer in lock["workspaces"].items():
        yield from _of_importer(folder, importer)
    extra = {"name": "ghost", "dependencies": {}}
    yield (
        "lock: a member that is not there",
        _set(LOCK, "workspaces", "packages/ghost", value=extra),
    )
    yield "lock: one outside the globs", _set(LOCK, "workspaces", "apps/ghost", value=extra)
    for field in ("overrides", "catalog", "catalogs", "trustedDependencies", "configVersion"):
        if field in lock:
            yield f"lock: {field} gone", _set(LOCK, field, value=None)
    for version in (1, 3):
        yield f"lock: version {version}", _set(LOCK, "lockfileVersion", value=version)


def _of_importer(folder: str, importer: dict[str, Any]) -> Iterator[tuple[str, Edit]]:
    for section in SECTIONS:
        for name in importer.get(section, {}):
            where = (LOCK, "workspaces", folder, section, name)
            yield f"lock: {folder or 'root'} {name} gone", _set(*where, value=None)
            for spec in ("9", "*", "^1.0.0"):
                yield f"lock: {folder or 'root'} {name} = {spec}", _set(*where, value=spec)
    if folder:
        here = (LOCK, "workspaces", folder)
        yield f"lock: {folder} gone", _set(*here, value=None)
        yield f"lock: {folder} renamed", _set(*here, "name", value="zz")
        yield f"lock: {folder} 7.0.0", _set(*here, "version", value="7.0.0")


def _of_entry(key: str, entry: list[Any]) -> Iterator[tuple[str, Edit]]:
    where = (LOCK, "packages", key)
    identity, url, info, integrity = entry
    name = identity.rpartition("@")[0]
    for other in PACKAGES.get(name, {}):
        if other != identity.rpartition("@")[2]:
            lied = [f"{name}@{other}", url, info, integrity]
            yield f"lock: {key} is {other}", _set(*where, value=lied)
    yield f"lock: {key} needs nothing", _set(*where, value=[identity, url, {}, integrity])
    for more in ("b", "zzz"):
        grafted = {**info, "dependencies": {**info.get("dependencies", {}), more: "*"}}
        yield f"lock: {key} needs {more}", _set(*where, value=[identity, url, grafted, integrity])
    yield f"lock: {key} has no hash", _set(*where, value=[identity, url, info, ""])
