"""pnpm-lock.yaml: lockfileVersion 5.0 to 9.0 and 12.0, two-document files, and the 13.0 form.

Reference: pnpm, lockfile/types and lockfile/fs.  One Package per dependency
path (9.0: per snapshot, which the peers' suffix tells apart), with the metadata
that its package carries.  Dependencies are references (exact versions or keys),
never ranges: pnpm does not store those.
"""

from __future__ import annotations

from lockward import jsonread, yamlread
from lockward.errors import LockfileError
from lockward.lockfiles.pnpm_keys import (
    name_and_reference,
    runtime_of,
    version_of,
    without_suffix,
)
from lockward.lockfiles.pnpm_sources import integrity_of, source_of, source_of_hosted
from lockward.model import EMPTY, NOTHING, Importer, Lockfile, Package
from lockward.paths import folder_of, relative_to, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    # peer dependencies, which of them are optional, what is bundled, whether it has install scripts
    Rare = tuple[Mapping[str, str], frozenset[str], frozenset[str], bool]

FORMAT: Final = "pnpm"
_MAJORS: Final = frozenset({5, 6, 9, 12, 13})  # 12: 9.0 with named registries
_SECTIONS: Final = ("dependencies", "devDependencies", "optionalDependencies")
ENVIRONMENT: Final = "$environment"  # in Lockfile.raw: the document before the project's
# Key -> metadata, snapshot, major, and the Package that they make.
_BUILT: Final[dict[str, tuple[object, object, int, Package]]] = {}
_MOST_BUILT: Final = 20_000
_RARE: Final = frozenset(
    {"peerDependencies", "peerDependenciesMeta", "bundledDependencies", "requiresBuild"}
)
_USUAL: Final = (EMPTY, NOTHING, NOTHING, False)
_OPTIONAL: Final = "optionalDependencies"
_TEXTS: Final = frozenset({str})
_TRUE: Final = ("true", True)  # YAML's word, and JSON's value in the 13.0 form


def misfit(package: Package) -> str:
    """How an entry contradicts its key: pnpm 10 fetches the version that it names; "" not at all.

    Only what comes from elsewhere than a registry has fields for both.  Of a runtime some
    pnpm 10 write version 0.0.0.
    """
    raw = package.raw
    if raw.get("version") == "0.0.0" and runtime_of(package.key.removeprefix(f"{package.name}@")):
        return ""
    for field, own in (("version", package.version), ("name", package.name)):
        if field in raw and str(raw[field]) != own:
            return f"its {field} is {raw[field]}"
    return ""


def read(path: str, data: bytes) -> Lockfile:
    """A pnpm lockfile; LockfileError with the line for what pnpm could not have written."""
    if data.lstrip()[:1] == b"{":
        from lockward.lockfiles import pnpm_json

        return pnpm_json.read(path, data)
    from lockward.lockfiles import pnpm_documents

    return Reader(path, data).lockfile(*pnpm_documents.read(path, data))


class Reader:
    """Builds the Lockfile of one document; ``path`` and ``data`` place a fault."""

    def __init__(self, path: str, data: bytes, *, json: bool = False) -> None:
        self.path: Final = path
        self.data: Final = data
        self.json: Final = json  # the 13.0 form
        self.major = 0

    def fault(self, message: str, *keys: str) -> LockfileError:
        """An error that names the line of a key, given with the keys above it."""
        if self.json:
            line = jsonread.locate(self.data, keys)
        else:
            from lockward.lockfiles import pnpm_documents

            line = pnpm_documents.places(self.data, len(keys)).get("\0".join(keys), 1)
        return LockfileError(message, path=self.path, line=line, pointer="/" + "/".join(keys))

    def lockfile(
        self, document: yamlread.Mapping, environment: yamlread.Mapping | None
    ) -> Lockfile:
        """The Lockfile of the project's document; what the environment's holds lies beside."""
        around = () if environment is None else self._environment(environment)
        version = self._version(environment if environment and not document else document)
        packages = tuple(self._packages(document))
        return Lockfile(
            path=self.path,
            format=FORMAT,
            version=version,
            packages=packages,
            importers=dict(self._importers(document)) if document else {},
            raw=document if environment is None else {**document, ENVIRONMENT: environment},
            locate=lambda: self._lines((*around, *packages)),
            environment=around,
        )

    def _environment(self, document: yamlread.Mapping) -> tuple[Package, ...]:
        """The packages that pnpm installs for itself: its own release, configDependencies."""
        self._version(document)
        return tuple(self._packages(document))

    def _version(self, document: yamlread.Mapping) -> str:
        version = document.get("lockfileVersion")
        head = version.partition(".")[0] if isinstance(version, str) else ""
        if not isinstance(version, str) or not (head.isdecimal() and head.isascii()):
            raise self.fault("has no lockfileVersion", "lockfileVersion")
        self.major = int(head[:4])
        if self.major not in _MAJORS:
            raise self.fault(f"lockfileVersion {version} is none that we know", "lockfileVersion")
        return version

    def _lines(self, packages: tuple[Package, ...]) -> Mapping[str, int]:
        """Key -> line: of a package its metadata's, else its snapshot's; of an importer its own."""
        places = self._places()
        found: dict[str, int] = {}
        for place, line in places.items():
            section, _, key = place.partition("\0")
            if section in ("importers", "projects") and key:
                found["" if key == "." else key] = line
        for package in packages:
            key = package.key
            wanted = (f"packages\0{key}", f"packages\0{without_suffix(key)}", f"snapshots\0{key}")
            found[key] = next((places[place] for place in wanted if place in places), 1)
        return found

    def _places(self) -> Mapping[str, int]:
        """Section and key, joined by NUL, -> line; those of the project's document first."""
        if self.json:
            return {
                f"{section}\0{key}": line
                for section in ("projects", "packages")
                for key, line in jsonread.members(self.data, section).items()
            }
        from lockward.lockfiles import pnpm_documents

        return pnpm_documents.places(self.data)

    # Packages

    def _packages(self, document: yamlread.Mapping) -> Iterator[Package]:
        packages = self.mapping(document, "packages")
        snapshots = self.mapping(document, "snapshots") if self.major >= 9 else {}  # noqa: PLR2004 - lockfileVersion
        described: set[str] = set()
        for key, snapshot in snapshots.items():
            base = without_suffix(key)
            described.add(base)
            yield self._once(key, packages.get(base), snapshot)
        for key, metadata in packages.items():
            if key not in described:
                yield self._once(key, metadata, metadata)

    def _once(self, key: str, metadata: object, snapshot: object) -> Package:
        """A package; the same object as long as the same entries are read again."""
        known = _BUILT.get(key)
        if (
            known is not None
            and known[0] is metadata
            and known[1] is snapshot
            and known[2] == self.major
        ):
            return known[3]
        if not isinstance(snapshot, dict):
            section = "packages" if snapshot is metadata else "snapshots"
            raise self.fault(f'"{key}" is no mapping', section, key)
        if metadata is None:
            metadata = self._pruned(key)
        if not isinstance(metadata, dict):
            raise self.fault(f'"{key}" is no mapping', "packages", key)
        built = self.package(key, metadata, snapshot)
        if len(_BUILT) > _MOST_BUILT:
            _BUILT.clear()
        _BUILT[key] = (metadata, snapshot, self.major, built)
        return built

    def _pruned(self, key: str) -> yamlread.Mapping:
        """The metadata of a folder whose entry a pruning tool left out, as pnpm restores it."""
        _, reference = name_and_reference(without_suffix(key), self.major)
        path = reference.removeprefix("file:")
        if path == reference or path.endswith((".tgz", ".tar.gz", ".tar")):
            raise self.fault(f'"{key}" has no entry in packages', "snapshots", key)
        return {"resolution": {"type": "directory", "directory": path}}

    def mapping(self, parent: yamlread.Mapping, key: str, *above: str) -> yamlread.Mapping:
        """A mapping inside another; absent = empty."""
        value = parent.get(key, {})
        if not isinstance(value, dict):
            raise self.fault(f"{key} is no mapping", *above, key)
        return value

    def package(self, key: str, metadata: yamlread.Mapping, snapshot: yamlread.Mapping) -> Package:
        """One dependency path."""
        name, reference = name_and_reference(without_suffix(key), self.major)
        named = version_of(reference)
        version = named or runtime_of(reference) or _text(metadata, "version") or ""
        if self.major < 9:  # noqa: PLR2004 - lockfileVersion; since 9.0 the key alone decides
            name = _text(metadata, "name") or name
        resolution = self.mapping(metadata, "resolution", "packages", key)
        source, address = source_of(reference, named, resolution)
        if source == "remote" and self.major < 9 and address is not None:  # noqa: PLR2004
            source = source_of_hosted(reference, name, version, address)
        if not name or not reference:
            raise self.fault(f'"{key}" names no package', "packages", key)
        peers, peer_optional, bundled, builds = (
            self._rare(metadata, key) if _RARE & metadata.keys() else _USUAL
        )
        # By position: with their names it takes a fifth longer, and there are thousands.
        return Package(
            key,
            name,
            name,
            version,
            source,
            address,
            integrity_of(resolution),
            {**snapshot, **metadata},  # as pnpm has it: what both say, the metadata decide
            self.references(snapshot, "dependencies", key) if "dependencies" in snapshot else EMPTY,
            self.references(snapshot, _OPTIONAL, key) if _OPTIONAL in snapshot else EMPTY,
            peers,
            EMPTY,
            peer_optional,
            bundled,
            snapshot.get("dev") in _TRUE,
            snapshot.get("optional") in _TRUE,
            has_install_script=builds,
        )

    def _rare(self, metadata: yamlread.Mapping, key: str) -> Rare:
        """The members of a Package of which most entries say nothing."""
        return (
            self.references(metadata, "peerDependencies", key),
            _optional(metadata.get("peerDependenciesMeta")),
            _names(metadata.get("bundledDependencies")),
            _builds(metadata),
        )

    def references(self, entry: yamlread.Mapping, field: str, key: str) -> Mapping[str, str]:
        """Names to references, each a text."""
        value = entry.get(field)
        if value is None:
            return EMPTY
        if not isinstance(value, dict):
            raise self.fault(f"{field} is no mapping", "packages", key)
        if not _TEXTS.issuperset(map(type, value.values())):
            raise self.fault(f"{field} holds something else than references", "packages", key)
        return value  # type: ignore[return-value]  # proven in the line above

    # Importers

    def _importers(self, document: yamlread.Mapping) -> Iterator[tuple[str, Importer]]:
        if "importers" not in document and self.major < 9:  # noqa: PLR2004 - lockfileVersion
            yield "", Importer("", None, self._recorded(document, document))
            return
        importers = self.mapping(document, "importers")
        for folder in importers:
            entry = self.mapping(importers, folder, "importers")
            place = "" if folder == "." else folder
            root = folder_of(self.path)
            target = None if folder.startswith("/") else resolve(root, folder)
            if target is None:
                raise self.fault(f'"{folder}" leaves the repository', "importers", folder)
            if relative_to(root, target) != place:
                raise self.fault(f'"{folder}" is no folder as pnpm writes it', "importers", folder)
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


def _builds(metadata: yamlread.Mapping) -> bool:
    """Whether an entry up to 6.x says that its scripts run at install.

    pnpm says so of every optional package of another platform: it has not seen it.
    """
    unseen = metadata.get("optional") in _TRUE and ("os" in metadata or "cpu" in metadata)
    return metadata.get("requiresBuild") in _TRUE and not unseen


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
