"""pnpm-lock.yaml: lockfileVersion 5.0 to 9.0, two-document files, and the 13.0 form.

Reference: pnpm, lockfile/types and lockfile/fs.  One Package per dependency
path (9.0: per snapshot, which the peers' suffix tells apart), with the metadata
that its package carries.  Dependencies are references (exact versions or keys),
never ranges: pnpm does not store those.
"""

from __future__ import annotations

from lockward import jsonread, tarball, yamlread
from lockward.errors import LockfileError
from lockward.lockfiles import archives
from lockward.lockfiles.pnpm_keys import address_of, is_version, name_and_reference, without_suffix
from lockward.model import EMPTY, Importer, Lockfile, Package
from lockward.paths import resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.model import Source

FORMAT: Final = "pnpm"
_MAJORS: Final = frozenset({5, 6, 9, 13})
_SECTIONS: Final = ("dependencies", "devDependencies", "optionalDependencies")
_TRUE: Final = ("true", True)  # YAML's word, and JSON's value in the 13.0 form


def read(path: str, data: bytes) -> Lockfile:
    """A pnpm lockfile; LockfileError with the line for what pnpm could not have written."""
    if data.lstrip()[:1] == b"{":
        from lockward.lockfiles import pnpm_json

        return pnpm_json.read(path, data)
    documents = yamlread.read(path, data, LockfileError)
    if len(documents) > 2 or (len(documents) == 2 and not data.startswith(b"---\n")):  # noqa: PLR2004 - the environment's document, and the project's
        raise LockfileError("has documents that pnpm would not write", path=path, line=1)
    return Reader(path, data).lockfile(documents[-1], documents[0] if documents[1:] else None)


class Reader:
    """Builds the Lockfile of one document; ``path`` and ``data`` place a fault."""

    def __init__(self, path: str, data: bytes, *, json: bool = False) -> None:
        self.path: Final = path
        self.data: Final = data
        self.json: Final = json  # the 13.0 form
        self.major = 0

    def fault(self, message: str, *keys: str) -> LockfileError:
        """An error that names the line of a key, given with the keys above it."""
        line = (
            jsonread.locate(self.data, keys)
            if self.json
            else yamlread.lines(self.data, len(keys)).get("\0".join(keys), 1)
        )
        return LockfileError(message, path=self.path, line=line, pointer="/" + "/".join(keys))

    def lockfile(
        self, document: yamlread.Mapping, environment: yamlread.Mapping | None
    ) -> Lockfile:
        """The project's document as a Lockfile; the environment's stays in ``raw``."""
        version = self._version(document)
        raw = document if environment is None else {**document, "$environment": environment}
        return Lockfile(
            path=self.path,
            format=FORMAT,
            version=version,
            packages=tuple(self._packages(document)),
            importers=dict(self._importers(document)),
            raw=raw,
            locate=self._lines,
        )

    def _version(self, document: yamlread.Mapping) -> str:
        version = document.get("lockfileVersion")
        head = version.partition(".")[0] if isinstance(version, str) else ""
        if not isinstance(version, str) or not head.isdecimal():
            raise self.fault("has no lockfileVersion", "lockfileVersion")
        self.major = int(head)
        if self.major not in _MAJORS:
            raise self.fault(f"lockfileVersion {version} is none that we know", "lockfileVersion")
        return version

    def _lines(self) -> Mapping[str, int]:
        """Package key -> line, of its metadata where there is some, else of its snapshot."""
        if self.json:
            return jsonread.members(self.data, "packages")
        found: dict[str, int] = {}
        for place, line in yamlread.lines(self.data, 2).items():
            section, _, key = place.partition("\0")
            if key and section == "packages":
                found[key] = line
            elif key and section == "snapshots":
                found[key] = found.get(without_suffix(key), line)
        return found

    # Packages

    def _packages(self, document: yamlread.Mapping) -> Iterator[Package]:
        packages = self.mapping(document, "packages")
        snapshots = self.mapping(document, "snapshots") if self.major >= 9 else {}  # noqa: PLR2004 - lockfileVersion
        described: set[str] = set()
        for key in snapshots:
            base = without_suffix(key)
            described.add(base)
            metadata = packages.get(base)
            if not isinstance(metadata, dict):
                raise self.fault(f'"{key}" has no entry in packages', "snapshots", key)
            yield self.package(key, metadata, self.mapping(snapshots, key, "snapshots"))
        for key in packages:
            if key not in described:
                metadata = self.mapping(packages, key, "packages")
                yield self.package(key, metadata, metadata)

    def mapping(self, parent: yamlread.Mapping, key: str, *above: str) -> yamlread.Mapping:
        """A mapping inside another; absent = empty."""
        value = parent.get(key, {})
        if not isinstance(value, dict):
            raise self.fault(f"{key} is no mapping", *above, key)
        return value

    def package(self, key: str, metadata: yamlread.Mapping, snapshot: yamlread.Mapping) -> Package:
        """One dependency path."""
        name, reference = name_and_reference(without_suffix(key), self.major)
        name = _text(metadata, "name") or name
        version = _text(metadata, "version") or reference
        resolution = self.mapping(metadata, "resolution", "packages", key)
        source, address = _source(reference, resolution)
        if not name or not version:
            raise self.fault(f'"{key}" names no package', "packages", key)
        return Package(
            key=key,
            alias=name,
            name=name,
            version=version,
            source=source,
            resolved=address,
            integrity=_text(resolution, "integrity"),
            raw={**metadata, **snapshot},
            dependencies=self.references(snapshot, "dependencies", key),
            optional_dependencies=self.references(snapshot, "optionalDependencies", key),
            peer_dependencies=self.references(metadata, "peerDependencies", key),
            peer_optional=_optional(metadata.get("peerDependenciesMeta")),
            bundle_dependencies=_names(metadata.get("bundledDependencies")),
            dev=snapshot.get("dev") in _TRUE,
            optional=snapshot.get("optional") in _TRUE,
            has_install_script=metadata.get("requiresBuild") in _TRUE,
        )

    def references(self, entry: yamlread.Mapping, field: str, key: str) -> Mapping[str, str]:
        """Names to references, each a text."""
        value = entry.get(field)
        if value is None:
            return EMPTY
        if not isinstance(value, dict):
            raise self.fault(f"{field} is no mapping", "packages", key)
        found = {name: text for name, text in value.items() if isinstance(text, str)}
        if len(found) != len(value):
            raise self.fault(f"{field} holds something else than references", "packages", key)
        return found

    # Importers

    def _importers(self, document: yamlread.Mapping) -> Iterator[tuple[str, Importer]]:
        if "importers" not in document and self.major < 9:  # noqa: PLR2004 - lockfileVersion
            yield "", Importer("", None, self._recorded(document, document))
            return
        importers = self.mapping(document, "importers")
        for folder in importers:
            entry = self.mapping(importers, folder, "importers")
            place = resolve("", folder)
            if place is None or folder.startswith("/"):
                raise self.fault(f'"{folder}" leaves the repository', "importers", folder)
            yield place, Importer(place, None, self._recorded(entry, entry))

    def _recorded(
        self, entry: yamlread.Mapping, specifiers: yamlread.Mapping
    ) -> Mapping[str, Mapping[str, str]]:
        """Section -> name -> the specifier that the manifest had when pnpm wrote this."""
        listed = specifiers.get("specifiers")
        known = listed if isinstance(listed, dict) else {}
        recorded: dict[str, dict[str, str]] = {}
        for section in _SECTIONS:
            for name, value in self.mapping(entry, section).items():
                text = value.get("specifier") if isinstance(value, dict) else known.get(name)
                if isinstance(text, str):
                    recorded.setdefault(section, {})[name] = text
        return recorded


def _text(entry: Mapping[str, object], field: str) -> str | None:
    value = entry.get(field)
    return value if isinstance(value, str) else None


def _names(value: object) -> frozenset[str]:
    """bundledDependencies: a list of names; ``true`` says all, and names none here."""
    return (
        frozenset(name for name in value if isinstance(name, str))
        if isinstance(value, list)
        else frozenset()
    )


def _optional(meta: object) -> frozenset[str]:
    if not isinstance(meta, dict):
        return frozenset()
    return frozenset(
        name
        for name, value in meta.items()
        if isinstance(value, dict) and value.get("optional") in _TRUE
    )


def _source(reference: str, resolution: yamlread.Mapping) -> tuple[Source, str | None]:
    """The kind of source of a package, and its address (None: the registry knows)."""
    address = address_of(resolution)
    if resolution.get("type") == "git":
        return "git", address
    if resolution.get("type") == "directory" or "directory" in resolution:
        return "directory", address
    if address is None:
        return _unaddressed(reference)
    git = archives.as_git(address)
    if git is not None:
        return "git", git
    if address.startswith("file:"):
        return "file", address
    known = is_version(reference) and not tarball.parse(address).defect
    return ("registry" if known else "remote"), address


def _unaddressed(reference: str) -> tuple[Source, str | None]:
    """A package without an address: the registry's, a folder's, or its reference is one."""
    if is_version(reference):
        return "registry", None
    if reference.startswith("file:"):
        path = reference[5:]
        return ("file" if path.endswith((".tgz", ".tar.gz")) else "directory"), path
    return ("git" if reference.startswith("git") else "remote"), reference
