"""From the entries of a ``packages`` object to packages and importers."""

from __future__ import annotations

from lockward.jsonread import shorten
from lockward.lockfiles import npm_keys
from lockward.lockfiles.npm_fields import (
    WrongError,
    bundled_names,
    check_fields,
    optional_peers,
    specs,
)
from lockward.model import EMPTY, NOTHING, SECTIONS, Importer, Package

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Final

    from lockward.model import Source

    Entry = Mapping[str, Any]


class Entries:
    """The members of ``packages``, by key: where links lead, and which folders are workspaces."""

    __slots__ = ("_workspaces", "members")

    def __init__(self, members: Mapping[str, Any]) -> None:
        self.members: Final = members
        self._workspaces: frozenset[str] | None = None

    def target(self, link: Entry) -> tuple[str, Entry]:
        """Key and entry that a link leads to."""
        resolved = link.get("resolved")
        if resolved is None:
            raise WrongError((), "a link leads nowhere: it has no resolved")
        key = resolved if resolved in self.members else normal_path(resolved)
        entry = self.members.get(key)
        if type(entry) is not dict or entry.get("link") is True:
            # npm's EMISSINGTARGET; a link to a link it cannot follow either
            message = f'a link leads to "{shorten(resolved)}", which is no entry of the lockfile'
            raise WrongError(("resolved",), message)
        return key, entry

    @property
    def workspaces(self) -> frozenset[str]:
        """The keys of folders that the root entry declares as workspaces."""
        if self._workspaces is None:
            self._workspaces = self._find_workspaces()
        return self._workspaces

    def _find_workspaces(self) -> frozenset[str]:
        root = self.members.get("")
        declared = root.get("workspaces") if isinstance(root, dict) else None
        if not declared:
            return frozenset()
        from lockward import workspaces

        folders = [key for key in self.members if key and npm_keys.is_importer(key)]
        return frozenset(workspaces.select(workspaces.patterns(declared), folders))


def normal_path(path: str) -> str:
    """A relative path without ``.`` and inner ``..``, as a key has it; an absolute one as it is."""
    parts: list[str] = []
    for part in path.replace("\\", "/").split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return path if path.startswith("/") else "/".join(parts)


def read_packages(
    path: str, members: Mapping[str, Any], raw: Mapping[str, Entry] | None = None
) -> tuple[Package, ...]:
    """One package per member, in order.

    ``raw`` holds the entries as the file has them where ``members`` were made
    from them.  Raises WrongError with keys that begin at ``packages``.
    """
    known, plain = _KNOWN.pop(path, _NOTHING) if raw is None else _NOTHING
    plain = _are_plain(members, known, plain=plain)
    entries = Entries(members)
    folders_stay = _same_workspaces(known, members)
    found = []
    for key, entry in members.items():
        package = known.get(key)
        if (
            package is not None
            and package.raw is entry  # jsonpieces gives the same one for the same text
            and (
                package.source in _FETCHED
                or (folders_stay and _leads_alike(package, known, members))
            )
        ):
            found.append(package)
            continue
        if type(entry) is not dict:
            raise WrongError((key,), "a package is not an object")
        try:
            found.append(_package(key, entry, entries, entry if raw is None else raw[key]))
        except WrongError as fault:
            raise WrongError((key, *fault.keys), fault.message) from None
    if raw is None:
        _remember(path, found, plain=plain)
    return tuple(found)


# Path -> what the last file there held, by key, and whether all these keys were plain:
# its neighbour in history holds nearly the same.
_KNOWN: Final[dict[str, tuple[dict[str, Package], bool]]] = {}
_NOTHING: Final[tuple[dict[str, Package], bool]] = ({}, True)
_MOST_PATHS: Final = 4
_FETCHED: Final = frozenset({"registry", "git", "remote", "file", "bundled"})


def _are_plain(members: Mapping[str, Any], known: Mapping[str, Package], *, plain: bool) -> bool:
    """Whether all keys are plain, as those ``known`` are; WrongError when one has a fault."""
    if plain and npm_keys.are_plain({key: None for key in members if key not in known}):
        return True
    wrong = npm_keys.first_fault(members)
    if wrong is not None:
        key, reason = wrong
        raise WrongError((key,), f'"{shorten(key)}" is no place for a package: {reason}')
    return False


def _same_workspaces(known: Mapping[str, Package], members: Mapping[str, Any]) -> bool:
    """Whether the root declares the workspaces that it declared in the last file."""
    root, was = members.get(""), known.get("")
    if type(root) is not dict or was is None:
        return False
    return root.get("workspaces") == was.raw.get("workspaces")


def _leads_alike(
    package: Package, known: Mapping[str, Package], members: Mapping[str, Any]
) -> bool:
    """Whether a link leads to the very entry that it led to: it takes name and version from there.

    What an entry is that is no link, and was not fetched, only the workspaces decide.
    """
    if not package.link:
        return True
    target = known.get(package.resolved or "")
    return target is not None and not target.link and target.raw is members.get(target.key)


def _remember(path: str, packages: Iterable[Package], *, plain: bool) -> None:
    _KNOWN[path] = ({one.key: one for one in packages}, plain)
    while len(_KNOWN) > _MOST_PATHS:
        del _KNOWN[next(iter(_KNOWN))]


def _package(key: str, entry: Entry, entries: Entries, raw: Entry) -> Package:
    check_fields(entry)
    get = entry.get
    alias = key.rpartition("node_modules/")[2]
    if "/" in alias or alias == key:
        alias = npm_keys.name_of(key)
    name = get("name") or alias
    version = get("version") or ""
    resolved = get("resolved")
    installed = key.startswith("node_modules/") or not npm_keys.is_importer(key)
    link = get("link") is True
    source: Source = "registry"
    own = entry
    if link or not installed:
        place, own = entries.target(entry) if link else (key, entry)
        name = own.get("name") or npm_keys.name_of(place)
        version = own.get("version") or ""
        source = _source_of_folder(place, entries, link=link)
    elif resolved is None:
        # Bundled by the root itself, a package is fetched like any other and
        # keeps its resolved.
        source = "bundled" if get("inBundle") is True else "registry"
    elif "/-/" not in resolved or not resolved.startswith("https://"):
        source = kind_of(resolved)
    # By position: with their names it takes a fifth longer, and there are hundreds.
    return Package(
        key,
        alias if installed else name,
        name,
        version,
        source,
        resolved,
        get("integrity"),
        raw,
        specs(entry, "dependencies") if "dependencies" in entry else EMPTY,
        specs(entry, _OPTIONAL) if _OPTIONAL in entry else EMPTY,
        specs(entry, "peerDependencies") if "peerDependencies" in entry else EMPTY,
        EMPTY if installed else specs(entry, "devDependencies"),
        optional_peers(entry) if "peerDependenciesMeta" in entry else NOTHING,
        bundled_names(entry) if "bundleDependencies" in entry else NOTHING,
        own.get("dev") is True,
        own.get("optional") is True,
        get("inBundle") is True,
        link,
        get("hasInstallScript") is True,
        get("hasShrinkwrap") is True,
    )


_OPTIONAL: Final = "optionalDependencies"


def _source_of_folder(place: str, entries: Entries, *, link: bool) -> Source:
    if place == "":
        return "link" if link else "root"
    if place in entries.workspaces:
        return "workspace"
    return "link" if link else "directory"


def kind_of(resolved: str) -> Source:
    """What kind of source a ``resolved`` is."""
    if resolved.startswith("https://") and "/-/" in resolved:
        return "registry"
    if resolved.startswith("git+"):
        return "git"
    from lockward import spec, tarball

    kind = spec.parse("", resolved).kind
    if kind == "remote":
        return "registry" if "/-/" in resolved or tarball.parse(resolved).name else "remote"
    # name@url is an address to npm, a bare version or npm:name@version a question
    # to the registry.
    if "://" in resolved and not resolved.startswith("file:"):
        return "git" if kind == "git" else "remote"
    return _SOURCES.get(kind, "registry")


_SOURCES: Final[dict[str, Source]] = {
    "git": "git",
    "file": "file",
    "directory": "directory",
    "link": "directory",
}


_FOLDERS: Final = frozenset({"root", "workspace", "directory"})


def importers(packages: tuple[Package, ...]) -> dict[str, Importer]:
    """Folder -> what the lockfile records of the root, the workspaces and linked folders."""
    return {
        package.key: Importer(
            package.key,
            package.name or None,
            dict(zip(SECTIONS, _sections(package), strict=True)),
        )
        for package in packages
        if package.source in _FOLDERS and not package.link and npm_keys.is_importer(package.key)
    }


def _sections(package: Package) -> tuple[Mapping[str, str], ...]:
    return (
        package.dependencies,
        package.dev_dependencies,
        package.optional_dependencies,
        package.peer_dependencies,
    )
