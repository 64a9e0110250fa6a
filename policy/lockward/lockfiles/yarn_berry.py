"""yarn.lock of Yarn 2 and later (``__metadata.version`` 4 to 10).

Facts: berry's core, Project.setupResolutions and structUtils.  Keys list
descriptors (``ident@range``); ``resolution`` is a locator (``ident@reference``).
A checksum is of Yarn's own zip archive, so no npm integrity compares with it.
"""

from __future__ import annotations

from lockward import yamlread
from lockward.errors import LockfileError
from lockward.lockfiles import yarn_berry_plain
from lockward.lockfiles.yarn_berry_specs import percent_decoded, split
from lockward.model import EMPTY, Importer, Lockfile, Package
from lockward.paths import resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward.model import Source

FORMAT: Final = "yarn-berry"
VERSIONS: Final = range(4, 11)  # of __metadata.version: Yarn 2.0 to 4.18
_FIELDS: Final = frozenset(
    (
        *("version", "resolution", "checksum", "conditions", "languageName", "linkType", "bin"),
        *("dependencies", "peerDependencies", "dependenciesMeta", "peerDependenciesMeta"),
    )
)


def read(path: str, data: bytes) -> Lockfile:
    """A Berry lockfile; LockfileError with the line for what Yarn could not have written."""
    reader = _Reader(path, data)
    plain = yarn_berry_plain.read(data, reader.new_package)
    document = _read_any(path, data) if plain is None else plain
    version = reader.metadata(document)
    packages = reader.packages(document) if plain is None else plain.packages
    return Lockfile(
        path=path,
        format=FORMAT,
        version=version,
        packages=packages,
        importers={
            importer.directory: importer for importer in map(_importer, packages) if importer
        },
        raw=document,
        locate=lambda: yamlread.lines(data, 1),
    )


def _read_any(path: str, data: bytes) -> yamlread.Mapping:
    """The one document of a file that is not written as Yarn writes it."""
    _refuse_conflicts(path, data)
    documents = yamlread.read(path, data, LockfileError)
    if len(documents) != 1:
        raise LockfileError("holds several documents", path=path, line=1)
    return documents[0]


def _refuse_conflicts(path: str, data: bytes) -> None:
    """Git's markers of a merge that nobody finished: YAML's own error would not say so."""
    for marker in _CONFLICTS:
        at = 0 if data.startswith(marker) else data.find(b"\n" + marker) + 1
        if at or data.startswith(marker):
            line = data.count(b"\n", 0, at) + 1
            raise LockfileError("has merge-conflict markers", path=path, line=line)


_CONFLICTS: Final = (b"<<<<<<< ", b"||||||| ", b">>>>>>> ")


_KNOWN: Final[dict[str, Package]] = {}
_MOST_KNOWN: Final = 20_000


# Key -> its descriptors, each beside it.
_PAIRS: Final[dict[str, tuple[tuple[str, str], ...]]] = {}


def _pairs(key: str) -> tuple[tuple[str, str], ...]:
    known = _PAIRS.get(key)
    if known is None:
        if len(_PAIRS) >= _MOST_KNOWN:
            _PAIRS.clear()
        known = _PAIRS[key] = tuple((descriptor, key) for descriptor in key.split(", "))
    return known


class _Reader:
    """Builds packages; ``path`` and ``data`` are for the place of a fault."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path: Final = path
        self.data: Final = data
        self.patterns: Final[list[tuple[str, str]]] = []  # (descriptor, key)

    def fault(self, key: str, message: str) -> LockfileError:
        """An error that names the line of an entry."""
        line = yamlread.lines(self.data, 1).get(key, 1)
        return LockfileError(message, path=self.path, line=line, pointer=f"/{key}")

    def metadata(self, document: Mapping[str, object]) -> str:
        """The format's version, checked."""
        metadata = document.get("__metadata")
        version = metadata.get("version") if isinstance(metadata, dict) else None
        if not isinstance(version, str) or not version.isdecimal():
            raise self.fault("__metadata", "has no __metadata.version")
        if int(version) not in VERSIONS:
            raise self.fault("__metadata", f"__metadata.version {version} is none that we know")
        return version

    def packages(self, document: Mapping[str, object]) -> tuple[Package, ...]:
        """Those of all entries, which must not answer for one another."""
        found = tuple(
            self.package(key, entry)  # type: ignore[arg-type]  # yamlread gave it
            for key, entry in document.items()
            if key != "__metadata"
        )
        self.no_pattern_twice()
        return found

    def package(self, key: str, entry: yamlread.Value) -> Package:
        """One entry; that of the last file, when yamlread gives the same one again."""
        known = _KNOWN.get(key)
        if known is None or known.raw is not entry:
            if len(_KNOWN) >= _MOST_KNOWN:
                _KNOWN.clear()
            known = _KNOWN[key] = self.new_package(key, entry)
        self.patterns.extend(_pairs(key))
        return known

    def new_package(self, key: str, entry: yamlread.Value) -> Package:
        """The package of an entry."""
        if not isinstance(entry, dict):
            raise self.fault(key, f'"{key}" is no entry')
        unknown = entry.keys() - _FIELDS
        if unknown:
            raise self.fault(key, f"has a field that Yarn does not write: {min(unknown)}")
        version, resolution = entry.get("version"), entry.get("resolution")
        if not isinstance(version, str) or not isinstance(resolution, str):
            raise self.fault(key, f'"{key}" has no version or no resolution')
        name, reference = split(resolution)
        source, address = source_of(reference)
        if address is not None and source in _FROM_A_FOLDER:
            address = _from_root(reference, address)
        checksum = entry.get("checksum")
        return Package(
            key=key,
            alias=split(key.partition(", ")[0])[0],
            name=name,
            version=version,
            source=source,
            resolved=address,
            integrity=checksum if isinstance(checksum, str) else None,
            raw=entry,
            dependencies=self._requirements(key, entry, "dependencies"),
            peer_dependencies=self._requirements(key, entry, "peerDependencies"),
            peer_optional=_optional(entry.get("peerDependenciesMeta")),
            optional_dependencies=EMPTY,  # named in dependenciesMeta; kept in dependencies
            link=source == "link",
        )

    def _requirements(self, key: str, entry: yamlread.Mapping, field: str) -> Mapping[str, str]:
        value = entry.get(field)
        if value is None:
            return EMPTY
        if not isinstance(value, dict):
            raise self.fault(key, f"{field} is no mapping")
        ranges = {name: text for name, text in value.items() if isinstance(text, str)}
        if len(ranges) != len(value):
            raise self.fault(key, f"{field} holds something else than ranges")
        return ranges

    def no_pattern_twice(self) -> None:
        """Every descriptor has one answer."""
        first: dict[str, str] = {}
        for descriptor, key in self.patterns:
            if first.setdefault(descriptor, key) != key:
                raise self.fault(key, f'"{descriptor}" is there twice')


def _optional(meta: object) -> frozenset[str]:
    """The names whose meta says ``optional: true``."""
    if not isinstance(meta, dict):
        return frozenset()
    return frozenset(
        name
        for name, value in meta.items()
        if isinstance(value, dict) and value.get("optional") == "true"
    )


def source_of(reference: str) -> tuple[Source, str | None]:
    """The kind of source that a locator's reference names, and its address.

    An npm reference has none but ``::__archiveUrl=``, which overrides the
    registry.  A patch has its base as an entry of its own.
    """
    protocol, _, rest = reference.partition(":")
    path = rest.partition("#")[0].partition("::")[0]
    if protocol in _LOCAL:
        return _LOCAL[protocol], path
    if protocol == "npm":
        return "registry", _archive(rest)
    if protocol == "patch":
        return "registry", None
    if protocol == "file":
        return ("file" if path.endswith((".tgz", ".tar.gz")) else "directory"), path
    if "#commit=" in reference or reference.startswith(("git@", "git+", "git:", "ssh:")):
        return "git", _git(reference)
    return "remote", reference.partition("::")[0]


_FROM_A_FOLDER: Final = frozenset({"link", "directory", "file"})
_PARENT: Final = "::locator="


def _from_root(reference: str, path: str) -> str:
    """A path as seen from the root: Yarn writes it as seen from the workspace that asks."""
    bindings = reference.replace("&locator=", _PARENT).partition(_PARENT)[2]
    parent = split(percent_decoded(bindings.partition("&")[0]))[1]
    folder = parent.removeprefix("workspace:")
    if not parent.startswith("workspace:") or folder == "." or path.startswith(("/", "~")):
        return path
    inside = resolve(folder, path)
    return f"{folder}/{path}" if inside is None else f"./{inside}"


_LOCAL: Final[Mapping[str, Source]] = {"workspace": "workspace", "link": "link", "portal": "link"}


def _git(reference: str) -> str:
    """``https://host/repo.git#commit=<sha>`` as npm writes it: ``git+https://…#<sha>``."""
    address, _, commit = reference.partition("#commit=")
    url = address if address.startswith("git") else f"git+{address}"
    return f"{url}#{commit.partition('&')[0]}"


def _archive(rest: str) -> str | None:
    """The address that ``::__archiveUrl=`` binds, decoded."""
    _, separator, bindings = rest.partition("::")
    if not separator:
        return None
    for binding in bindings.split("&"):
        name, _, value = binding.partition("=")
        if name == "__archiveUrl":
            return percent_decoded(value)
    return None


_CHECKSUM_LENGTH: Final = 128  # characters: a sha512 in hex
_HEX: Final = frozenset("0123456789abcdef")


def checksum_flaw(package: Package, lockfile: Lockfile) -> str:
    """What is wrong with an entry's checksum, in a word; "" when nothing is.

    Yarn leaves it out for what only some platforms fetch (``conditions``), and for
    what is a link.  One under another cacheKey than the file's it does not verify.
    """
    text = package.integrity
    if text is None:
        unfetched = package.raw.get("conditions") or package.raw.get("linkType") == "soft"
        return "" if unfetched else "missing"
    metadata = lockfile.raw.get("__metadata")
    current = metadata.get("cacheKey") if isinstance(metadata, dict) else None
    if _WHOLE.get(text, current) != current or text not in _WHOLE:
        key, slash, digest = text.rpartition("/")
        if slash and (current is None or key != current):
            return "another cacheKey"
        if len(digest) != _CHECKSUM_LENGTH or not _HEX.issuperset(digest):
            return "wrong length"
        if len(_WHOLE) >= _MOST_KNOWN:
            _WHOLE.clear()
        _WHOLE[text] = current
    return ""


# Checksum -> the file's cacheKey under which it was found to be whole.
_WHOLE: Final[dict[str, object]] = {}


def misfit(package: Package) -> str:
    """How an entry contradicts itself: Yarn installs its resolution's version; "" not at all."""
    resolution = str(package.raw.get("resolution"))
    other = _other_than_asked(package)
    if other:
        return f"its resolution is {package.name}, its key asks for {other}"
    if resolution == f"{package.name}@npm:{package.version}":
        return ""  # nearly every entry
    reference = split(resolution)[1].partition("::")[0]
    version = reference.removeprefix("npm:")
    if version in (reference, package.version):
        return ""
    return f"its resolution is version {version}"


def _other_than_asked(package: Package) -> str:
    """The package that a key's alias (``npm:name@range``) names, and that the entry is not."""
    key = package.key
    if key.count("@") == key.count("@npm:") + key.count(", @") + key.startswith("@"):
        return ""  # nearly every entry: no alias in its key
    for descriptor in key.split(", "):
        protocol, _, rest = split(descriptor)[1].partition(":")
        name, range_ = split(rest)
        if protocol == "npm" and range_ and name != package.name:
            return name
    return ""


def other_path(package: Package) -> str:
    """How a folder or a tarball is another than its key asks for: Yarn takes its resolution's."""
    found = _path(str(package.raw.get("resolution")))
    for asked in map(_path, package.key.split(", ")):
        if found and asked and asked != found:
            return f"its resolution is {found}, its key asks for {asked}"
    return ""


def _path(text: str) -> str:
    """Protocol and path of a descriptor or locator that has one; "" of any other."""
    protocol, _, rest = split(text)[1].partition(":")
    path = rest.partition("::")[0].partition("#")[0].removeprefix("./")
    return f"{protocol}:{path}" if protocol in ("file", "link", "portal") else ""


def _importer(package: Package) -> Importer | None:
    """What a workspace's entry records of its manifest; Yarn merges dev into dependencies."""
    if package.source != "workspace":
        return None
    folder = resolve("", package.resolved or ".")
    sections = {
        "dependencies": package.dependencies,
        "peerDependencies": package.peer_dependencies,
    }
    return None if folder is None else Importer(folder, package.name, sections)
