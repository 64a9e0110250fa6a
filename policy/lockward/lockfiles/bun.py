"""bun.lock, lockfileVersion 0 to 3 (bun's text lockfile).

Reference: bun, src/install/lockfile/bun.lock.rs.  ``packages`` maps a path of
names (``parent/child``) to a tuple whose first member says what it is:

    [name@version, registry or "", info, integrity]      npm
    [name@workspace:path]                                 (version 0 adds info)
    [name@link:path | name@file:path, info]
    [name@https://…/x.tgz | name@./x.tgz, info, integrity?]
    [name@git+…#ref | name@github:o/r#ref, info, tag, integrity?]
    [name@root:, {bin}]
"""

from __future__ import annotations

from lockward import jsonread
from lockward.errors import LockfileError
from lockward.jsonc import without_trailing_commas
from lockward.lockfiles.yarn_classic import split_pattern
from lockward.model import EMPTY, NOTHING, SECTIONS, Importer, Lockfile, Package
from lockward.paths import resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Final

    from lockward.model import Source

FORMAT: Final = "bun"
VERSIONS: Final = range(4)
_LONGEST: Final = 4  # members of a tuple
_DEEPEST: Final = 64  # slashes in a path of names; real ones stay below ten


def read(path: str, data: bytes) -> Lockfile:
    """A bun.lock; LockfileError with the line for what bun could not have written."""
    plain = without_trailing_commas(data)
    document = jsonread.read(path, plain, LockfileError)
    if not isinstance(document, dict):
        raise LockfileError("holds no JSON object", path=path, line=1)
    return _Reader(path, plain).lockfile(document)


class _Reader:
    """Builds the Lockfile; ``path`` and ``data`` place a fault."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path: Final = path
        self.data: Final = data

    def fault(self, message: str, *keys: str) -> LockfileError:
        """An error that names the line of a key, given with the keys above it."""
        line = jsonread.locate(self.data, keys)
        pointer = jsonread.pointer(*keys)
        return LockfileError(message, path=self.path, line=line, pointer=pointer)

    def lockfile(self, document: dict[str, Any]) -> Lockfile:
        """The whole document."""
        version = document.get("lockfileVersion")
        if type(version) is not int or version not in VERSIONS:
            raise self.fault("lockfileVersion is not 0, 1, 2 or 3", "lockfileVersion")
        packages = self.mapping(document, "packages")
        return Lockfile(
            path=self.path,
            format=FORMAT,
            version=str(version),
            packages=tuple(self.package(key, entry) for key, entry in packages.items()),
            importers=dict(self._importers(document)),
            raw=document,
            locate=lambda: jsonread.members(self.data, "packages"),
        )

    def mapping(self, parent: dict[str, Any], key: str, *above: str) -> dict[str, Any]:
        """A mapping inside another; absent = empty."""
        value = parent.get(key, {})
        if not isinstance(value, dict):
            raise self.fault(f"{key} is no mapping", *above, key)
        return value

    def _importers(self, document: dict[str, Any]) -> Iterator[tuple[str, Importer]]:
        workspaces = self.mapping(document, "workspaces")
        for folder in workspaces:
            entry = self.mapping(workspaces, folder, "workspaces")
            place = resolve("", folder)
            if place is None or place != folder:
                raise self.fault(f'"{folder}" is no folder of a workspace', "workspaces", folder)
            sections: dict[str, Mapping[str, str]] = {
                section: self.ranges(entry, section, "workspaces", folder)
                for section in SECTIONS
                if section in entry
            }
            name = entry.get("name")
            yield folder, Importer(folder, name if isinstance(name, str) else None, sections)

    def ranges(self, entry: dict[str, Any], field: str, *above: str) -> Mapping[str, str]:
        """Names to ranges, each a text."""
        value = entry.get(field)
        if value is None:
            return EMPTY
        if not isinstance(value, dict) or not all(type(text) is str for text in value.values()):
            raise self.fault(f"{field} holds something else than ranges", *above, field)
        return value

    def package(self, key: str, entry: object) -> Package:
        """One tuple."""
        if not isinstance(entry, list) or not 1 <= len(entry) <= _LONGEST:
            raise self.fault(f'"{key}" is no entry', "packages", key)
        identity = entry[0]
        if not isinstance(identity, str):
            raise self.fault(f'"{key}" does not say what it is', "packages", key)
        if key.count("/") > _DEEPEST:
            raise self.fault(f'"{key[:40]}" is nested too deep', "packages", key)
        name, reference = split_pattern(identity)
        source = source_of(reference)
        info = next((member for member in entry[1:] if isinstance(member, dict)), {})
        resolved, integrity = self._place(key, entry, reference, source)
        return Package(
            key=key,
            alias=alias_of(key),
            name=name,
            version=reference if source == "registry" else "",
            source=source,
            resolved=resolved,
            integrity=integrity,
            raw=info,
            dependencies=self.ranges(info, "dependencies", "packages", key),
            optional_dependencies=self.ranges(info, "optionalDependencies", "packages", key),
            peer_dependencies=self.ranges(info, "peerDependencies", "packages", key),
            dev_dependencies=self.ranges(info, "devDependencies", "packages", key),
            peer_optional=_names(info.get("optionalPeers")),
            in_bundle=info.get("bundled") is True,
            link=source == "link",
            has_install_script=info.get("hasInstallScript") is True,
        )

    def _place(
        self, key: str, entry: list[Any], reference: str, source: Source
    ) -> tuple[str | None, str | None]:
        """The address and the integrity of a tuple, by its form."""
        texts = [member for member in entry[1:] if isinstance(member, str)]
        if (
            len(texts) + len([member for member in entry[1:] if isinstance(member, dict)])
            != len(entry) - 1
        ):
            raise self.fault(f'"{key}" has a member of a wrong type', "packages", key)
        if source == "registry":
            address = texts[0] if texts and isinstance(entry[1], str) else ""
            hashes = texts[1:] if texts and isinstance(entry[1], str) else texts
            return address or None, hashes[0] if hashes else None
        if source == "git":
            return _git(reference), texts[1] if len(texts) > 1 else None
        if source in ("workspace", "link", "directory"):
            return reference.partition(":")[2] or reference, None
        return reference, texts[0] if texts else None


def alias_of(key: str) -> str:
    """The name at the end of a path of names, where a scoped one takes two segments."""
    segments = key.split("/")
    scoped = len(segments) > 1 and segments[-2].startswith("@")
    return "/".join(segments[-2:]) if scoped else segments[-1]


_PROTOCOLS: Final[Mapping[str, Source]] = {
    "workspace": "workspace",
    "link": "link",
    "file": "directory",
    "root": "root",
    "git": "git",
    "git+https": "git",
    "git+ssh": "git",
    "git+http": "git",
    "git+file": "git",
    "github": "git",
    "gitlab": "git",
    "bitbucket": "git",
    "ssh": "git",
}
_TARBALLS: Final = (".tgz", ".tar.gz")


def source_of(reference: str) -> Source:
    """The kind of source that what stands behind ``name@`` names."""
    protocol, colon, _ = reference.partition(":")
    if colon and protocol in _PROTOCOLS:
        local = protocol == "file" and reference.endswith(_TARBALLS)
        return "file" if local else _PROTOCOLS[protocol]
    if protocol in ("https", "http"):
        return "remote"
    if reference.startswith(("./", "../", "/")) or reference.endswith(_TARBALLS):
        return "file"
    return "git" if reference.startswith("git@") else "registry"


_HOSTED: Final = {"github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org"}


def _git(reference: str) -> str:
    """``github:o/r#ref`` as npm writes it; any other git reference as it stands."""
    protocol, _, rest = reference.partition(":")
    if protocol not in _HOSTED:
        return reference
    repository, _, commit = rest.partition("#")
    return f"git+https://{_HOSTED[protocol]}/{repository}.git#{commit}"


def _names(value: object) -> frozenset[str]:
    if not isinstance(value, list):
        return NOTHING
    return frozenset(name for name in value if isinstance(name, str))
