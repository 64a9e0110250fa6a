"""bun.lock, lockfileVersion 0 to 3 (bun's text lockfile).

Reference: bun, src/install/lockfile/bun.lock.rs.  ``packages`` maps a path of
names (``parent/child``) to a tuple whose first member says what it is:

    [name@version, registry or "", info, integrity]      npm
    [name@workspace:path]                                 (version 0 adds info)
    [name@link:path | name@file:path, info]
    [name@https://…/x.tgz | name@./x.tgz, info, integrity?]
    [name@git+…#ref | name@github:o/r#ref, info, tag, integrity?]
    [name@root:, {bin}]

bun forgives some of what is refused here (members behind the last one that it
reads, keys that are there twice): two readers could take it in two ways.
"""

from __future__ import annotations

from lockward import jsonread
from lockward.errors import LockfileError
from lockward.jsonc import without_trailing_commas
from lockward.lockfiles import bun_reference
from lockward.model import EMPTY, NOTHING, SECTIONS, Importer, Lockfile, Package
from lockward.paths import resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Final

    from lockward.model import Source

FORMAT: Final = "bun"
VERSIONS: Final = range(4)
_DEEPEST: Final = 64  # slashes in a path of names; real ones stay below ten


def read(path: str, data: bytes) -> Lockfile:
    """A bun.lock; LockfileError with the line for what bun could not have written."""
    plain = without_trailing_commas(data)
    document = jsonread.read(path, plain, LockfileError)
    if not isinstance(document, dict):
        raise LockfileError("holds no JSON object", path=path, line=1)
    return _Reader(path, plain, document).lockfile()


# Source -> the members of a tuple behind the first one, in order, each with its type.
# ``info`` is an object, all others texts; ``?`` = may be missing.
_FORMS: Final[Mapping[Source, tuple[str, ...]]] = {
    "registry": ("registry", "info", "integrity"),
    "workspace": ("info?",),
    "link": ("info",),
    "directory": ("info",),
    "remote": ("info", "integrity?"),
    "file": ("info", "integrity?"),
    "git": ("info", "tag", "integrity?"),
    "root": ("info",),
}


# Behind the key of a package that is also the folder of a workspace: the package vite
# in a project with a folder vite.  Keys name who depends on whom, so they must differ.
ASIDE: Final = "/"


class _Reader:
    """Builds the Lockfile; ``path`` and ``data`` place a fault."""

    def __init__(self, path: str, data: bytes, document: dict[str, Any]) -> None:
        self.path: Final = path
        self.data: Final = data
        self.document: Final = document

    def fault(self, message: str, *keys: str) -> LockfileError:
        """An error that names the line of a key, given with the keys above it."""
        line = jsonread.locate(self.data, keys)
        pointer = jsonread.pointer(*keys)
        return LockfileError(message, path=self.path, line=line, pointer=pointer)

    def lockfile(self) -> Lockfile:
        """The whole document."""
        document = self.document
        version = document.get("lockfileVersion")
        if type(version) is not int or version not in VERSIONS:
            raise self.fault("lockfileVersion is not 0, 1, 2 or 3", "lockfileVersion")
        importers = dict(self._importers())
        self._check_directives()
        packages = self.mapping(document, "packages")
        return Lockfile(
            path=self.path,
            format=FORMAT,
            version=str(version),
            packages=tuple(
                self.package(key, entry, aside=key in importers) for key, entry in packages.items()
            ),
            importers=importers,
            raw=document,
            locate=lambda: self._lines(importers),
        )

    def _lines(self, importers: Mapping[str, Importer]) -> Mapping[str, int]:
        """Key -> line of each entry."""
        found = jsonread.members(self.data, "packages")
        return {**found, **{f"{key}{ASIDE}": found[key] for key in importers if key in found}}

    def mapping(self, parent: dict[str, Any], key: str, *above: str) -> dict[str, Any]:
        """A mapping inside another; absent = empty."""
        value = parent.get(key, {})
        if not isinstance(value, dict):
            raise self.fault(f"{jsonread.shorten(key)} is no mapping", *above, key)
        return value

    def texts(self, parent: dict[str, Any], key: str, *above: str) -> Mapping[str, str]:
        """A mapping of texts to texts inside another; absent = empty."""
        value = parent.get(key)
        if value is None:
            return EMPTY
        if not isinstance(value, dict) or not all(type(text) is str for text in value.values()):
            raise self.fault(f"{key} holds something else than texts", *above, key)
        return value

    def names(self, parent: dict[str, Any], key: str, *above: str) -> frozenset[str]:
        """A list of names inside a mapping; absent = empty."""
        value = parent.get(key)
        if value is None:
            return NOTHING
        if not isinstance(value, list) or not all(type(name) is str for name in value):
            raise self.fault(f"{key} is no list of names", *above, key)
        return frozenset(value)

    # What stands above ``packages``

    def _importers(self) -> Iterator[tuple[str, Importer]]:
        workspaces = self.mapping(self.document, "workspaces")
        if "" not in workspaces:
            raise self.fault("workspaces does not hold the root", "workspaces")
        named: dict[str, str] = {}
        for folder in workspaces:
            entry = self.mapping(workspaces, folder, "workspaces")
            place = resolve("", folder)
            if place is None or place != folder:
                raise self.fault(f'"{folder}" is no folder of a workspace', "workspaces", folder)
            name = entry.get("name")
            if not isinstance(name, str) and (folder or name is not None):
                raise self.fault(f'workspace "{folder}" has no name', "workspaces", folder)
            if folder and named.setdefault(name or "", folder) != folder:
                raise self.fault(f"two workspaces are called {name}", "workspaces", folder)
            self.names(entry, "optionalPeers", "workspaces", folder)
            sections: dict[str, Mapping[str, str]] = {
                section: self.texts(entry, section, "workspaces", folder)
                for section in SECTIONS
                if section in entry
            }
            yield folder, Importer(folder, name, sections)

    def _check_directives(self) -> None:
        document = self.document
        self.names(document, "trustedDependencies")
        self.texts(document, "patchedDependencies")
        self.texts(document, "catalog")
        catalogs = self.mapping(document, "catalogs")
        for name in catalogs:
            self.texts(catalogs, name, "catalogs")
        overrides = self.mapping(document, "overrides")
        for name, rule in overrides.items():
            if type(rule) is not str:
                self.texts(overrides, name, "overrides")
        if type(document.get("configVersion", 0)) is not int:
            raise self.fault("configVersion is no number", "configVersion")

    # One entry

    def package(self, key: str, entry: object, *, aside: bool = False) -> Package:
        """One tuple; ``aside`` for a key that is a workspace's folder, too (see ASIDE)."""
        identity = entry[0] if isinstance(entry, list) and entry else None
        if not isinstance(identity, str):
            raise self.fault(f'"{jsonread.shorten(key)}" does not say what it is', "packages", key)
        name, reference = bun_reference.split(identity)
        alias = alias_of(key)
        source = bun_reference.source_of(reference)
        if source is None:
            shown = jsonread.shorten(identity)
            raise self.fault(f'"{shown}" is nothing that bun locks', "packages", key)
        self._check_names(key, name, source)
        members = self._members(key, entry, source)
        info = members.get("info") or {}
        return Package(
            key=f"{key}{ASIDE}" if aside else key,
            alias=alias,
            name=name or alias,
            version=reference if source == "registry" else "",
            source=source,
            resolved=_resolved(source, reference, members),
            integrity=members.get("integrity"),
            raw=info,
            dependencies=self.texts(info, "dependencies", "packages", key),
            optional_dependencies=self.texts(info, "optionalDependencies", "packages", key),
            peer_dependencies=self.texts(info, "peerDependencies", "packages", key),
            dev_dependencies=self.texts(info, "devDependencies", "packages", key),
            peer_optional=self.names(info, "optionalPeers", "packages", key),
            in_bundle=info.get("bundled") is True,
            link=source == "link",
            has_install_script=info.get("hasInstallScript") is True,
        )

    def _check_names(self, key: str, name: str, source: Source) -> None:
        """Refuse names that lead out of node_modules, and workspaces that are not listed."""
        shown = jsonread.shorten(key)
        if key.count("/") > _DEEPEST:
            raise self.fault(f'"{shown}" is nested too deep', "packages", key)
        if not all(map(bun_reference.is_safe_name, _names_of(key))):
            raise self.fault(f'"{shown}" is no path of package names', "packages", key)
        if not bun_reference.is_safe_name(name) and not (source == "root" and not name):
            raise self.fault(f'"{shown}" locks a package without a sound name', "packages", key)

    def _members(self, key: str, entry: object, source: Source) -> dict[str, Any]:
        """The members behind the first one, by what they are; exactly the form of the source."""
        assert isinstance(entry, list)
        form = _FORMS[source]
        rest = entry[1:]
        fewest = sum(not kind.endswith("?") for kind in form)
        if not fewest <= len(rest) <= len(form):
            raise self.fault(f'"{jsonread.shorten(key)}" is no whole entry', "packages", key)
        found: dict[str, Any] = {}
        for kind, member in zip(form, rest, strict=False):
            if type(member) is not (dict if kind.startswith("info") else str):
                shown = f"{jsonread.shorten(key)}: its {kind.rstrip('?')}"
                raise self.fault(f"{shown} is of a wrong type", "packages", key)
            found[kind.rstrip("?")] = member
        if source == "workspace":
            self._check_workspace(key, entry[0])
        return found

    def _check_workspace(self, key: str, identity: str) -> None:
        folder = bun_reference.split(identity)[1].partition(":")[2]
        if folder not in self.document["workspaces"]:
            shown = jsonread.shorten(folder)
            raise self.fault(f'"{shown}" is not among the workspaces', "packages", key)


def _resolved(source: Source, reference: str, members: Mapping[str, Any]) -> str | None:
    """The address: the registry's tarball, None when bun left it out; a path for local ones."""
    if source == "registry":
        return members["registry"] or None
    if source == "git":
        return bun_reference.git_url(reference)
    if source in ("workspace", "link", "directory", "root"):
        return reference.partition(":")[2]
    return reference


def alias_of(key: str) -> str:
    """The name at the end of a path of names, where a scoped one takes two segments."""
    above, slash, last = key.rpartition("/")
    if not slash:
        return key
    before = above[above.rfind("/") + 1 :]
    return f"{before}/{last}" if before.startswith("@") else last


def _names_of(key: str) -> list[str]:
    """The names along a path."""
    names: list[str] = []
    for part in key.split("/"):
        if names and names[-1].startswith("@") and "/" not in names[-1]:
            names[-1] += f"/{part}"
        else:
            names.append(part)
    return names
