"""The nested ``dependencies`` tree of npm 2 to 6, flattened into places under node_modules.

Reference: @npmcli/arborist, shrinkwrap.js (``#loadAll``, ``#metaFromLock``,
``#fixDependencies``) and spec-from-lock.js.  Here ``version`` may hold a
version, ``npm:name@version``, an address, a git URL or ``file:``.  One
deviation: npm takes the version of an entry without integrity from the file
name in ``resolved``; we keep what the entry says, so that a lie shows.
"""

from __future__ import annotations

from lockward import jsonread
from lockward.lockfiles import npm_keys
from lockward.lockfiles.npm_entries import importers, normal_path, read_packages
from lockward.lockfiles.npm_fields import KINDS, WrongError, check_fields
from lockward.model import SECTIONS, Lockfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Final

    from lockward.model import Package
    from lockward.spec import Spec

    Entry = Mapping[str, Any]

_KINDS: Final[dict[str, type]] = {
    **{field: KINDS[field] for field in ("version", "resolved", "integrity", "dev", "optional")},
    "from": str,
    "bundled": bool,
    "requires": dict,
    "dependencies": dict,
}


class Place:
    """One entry of the tree: where it is installed, and how to find it in the file.

    ``inside`` holds its nested entries by name; names are looked up there,
    then in ``outside``, the place around it.
    """

    __slots__ = ("entry", "inside", "key", "meta", "name", "outside", "parent", "target")

    def __init__(self, key: str, name: str, entry: Entry, parent: Place | None) -> None:
        self.key: Final = key
        self.name: Final = name
        self.entry: Final = entry
        self.parent: Final = parent  # in the file
        self.outside: Place | None = None  # in the tree of folders
        self.inside: Final[dict[str, Place]] = {}
        self.meta: Final[dict[str, Any]] = {}
        self.target: str | None = None  # of a link

    def keys(self) -> tuple[str, ...]:
        """What leads to the entry in the file."""
        found: list[str] = []
        place: Place | None = self
        while place is not None and place.parent is not None:
            found += (place.name, "dependencies")
            place = place.parent
        return tuple(reversed(found))

    def find(self, name: str) -> Place | None:
        """What a name means to the package that is installed here."""
        place: Place | None = self
        while place is not None:
            if name in place.inside:
                return place.inside[name]
            place = place.outside
        return None


def lockfile(path: str, data: bytes, document: Mapping[str, Any], version: str) -> Lockfile:
    """The lockfile that a tree describes.  Raises WrongError with keys from the top."""
    places = flatten(document, len(data))
    packages = _packages(places)
    return Lockfile(
        path=path,
        format="npm",
        version=version,
        packages=packages,
        importers=importers(packages),
        raw=document,
        locate=lambda: _lines(places, data),
    )


def _packages(places: Mapping[str, Place]) -> tuple[Package, ...]:
    members: dict[str, Any] = {}
    raw: dict[str, Entry] = {}
    for key, place in places.items():
        raw[key] = place.entry
        if place.target is None:
            members[key] = place.meta
            continue
        members[key] = {"resolved": place.target, "link": True}
        if place.target not in places and place.target not in members:
            members[place.target] = place.meta
            raw[place.target] = place.entry
    try:
        return read_packages("", members, raw)
    except WrongError as wrong:
        where = places.get(str(wrong.keys[0])) if wrong.keys else None
        keys = where.keys() if where is not None else ()
        inside = ("requires" if key in SECTIONS else key for key in wrong.keys[1:])
        raise WrongError((*keys, *inside), wrong.message) from None


def flatten(document: Mapping[str, Any], size: int) -> dict[str, Place]:
    """Key -> place, in file order, for every entry of the tree.

    ``size`` is the file's length: keys that add up to much more than that come
    from a tree made to exhaust memory.  Raises WrongError with keys from the top.
    """
    root = Place("", "", document, None)
    places: dict[str, Place] = {}
    budget = 65_536 + 4 * size
    stack = [(root, _nested(root))]
    while stack:
        parent, nested = stack[-1]
        place = next(nested, None)
        if place is None:
            stack.pop()
            continue
        budget -= len(place.key)
        if budget < 0:
            raise WrongError(place.keys(), "the tree's paths are longer than the file itself")
        _convert(place)
        place.outside = root if place.target is not None else parent
        parent.inside[place.name] = place
        twin = places.setdefault(place.key, place)
        if twin is not place and twin.entry != place.entry:
            message = f'two entries for "{jsonread.shorten(place.key)}"'
            raise WrongError(place.keys(), message)
        stack.append((place, _nested(place)))
    for place in places.values():
        _fix_requirements(place)
    return places


def _nested(parent: Place) -> Iterator[Place]:
    """The entries right below one, each with a sound name and sound fields."""
    below = parent.entry.get("dependencies")
    if below is None:
        return
    base = parent.key if parent.target is None else parent.target
    if type(below) is not dict:
        raise WrongError((*parent.keys(), "dependencies"), '"dependencies" is not an object')
    for name, entry in below.items():
        key = f"{base}/node_modules/{name}" if base else f"node_modules/{name}"
        place = Place(key, name, entry, parent)
        wrong = npm_keys.name_fault(name)
        if wrong:
            raise WrongError(place.keys(), f'"{jsonread.shorten(name)}": {wrong}')
        if type(entry) is not dict:
            raise WrongError(place.keys(), "a package is not an object")
        try:
            check_fields(entry, _KINDS)
        except WrongError as fault:
            raise WrongError((*place.keys(), *fault.keys), fault.message) from None
        yield place


_KEPT: Final = ("integrity", "dev", "optional")


def _convert(place: Place) -> None:
    """Fill in ``meta``, the entry in the form of a ``packages`` member; and a link's target."""
    entry, meta = place.entry, place.meta
    version: str = entry.get("version") or ""
    meta.update((field, entry[field]) for field in _KEPT if entry.get(field))
    if entry.get("bundled"):
        meta["inBundle"] = True
    if version[:1].isdecimal() and not _ADDRESS.intersection(version):
        meta.update(_some(version=version, resolved=entry.get("resolved") or None))
    elif version:
        _convert_located(place, version)
    else:
        address = entry.get("resolved") or entry.get("from") or ""
        meta.update(_from_address(place.name, address), **_some(resolved=address or None))


_ADDRESS: Final = frozenset("/:@")


def _convert_located(place: Place, version: str) -> None:
    """A version that is an alias, an address or a path."""
    from lockward import spec

    meta = place.meta
    found = spec.parse(place.name, version)
    resolved: str | None = place.entry.get("resolved") or None
    if found.kind == "directory" or (found.kind == "link" and version.startswith("link:")):
        place.target = normal_path(found.fetch)
        meta["name"] = place.name  # and no version: only the folder's manifest knows it
    elif found.kind == "alias" and found.alias is not None:
        pinned = _some(name=found.alias.name, version=found.alias.fetch, resolved=resolved)
        meta.update(pinned)
    elif found.kind == "git":
        meta["resolved"] = _git_address(found)
    elif found.kind == "file":
        path = f"file:{normal_path(found.fetch)}"
        meta.update(_from_address(place.name, path), resolved=path)
    elif found.kind == "remote":
        meta.update(_from_address(place.name, version), resolved=version)
    else:
        meta.update(_some(version=version, resolved=resolved))


def _git_address(found: Spec) -> str:
    """A git address as arborist writes it: a known host's over ssh, unless it holds a password."""
    if found.hosted is None or "@" in found.fetch.partition("://")[2].partition("git@")[0]:
        return found.raw
    fragment = f"#{found.fragment}" if found.fragment else ""
    return f"git+ssh://{found.hosted.replace(':', '/', 1)}{fragment}"


def _some(**fields: str | None) -> dict[str, str]:
    return {field: value for field, value in fields.items() if value is not None}


def _from_address(name: str, address: str) -> dict[str, str]:
    """Name and version that a tarball's file name tells (arborist, version-from-tgz.js)."""
    path, _, file = address.partition("#")[0].rpartition("/")
    if not file.endswith(".tgz"):
        return {}
    real = name
    if "/-" in path and path.endswith("/-"):
        real = npm_keys.name_of(path.removesuffix("/-").replace("%2f", "/").replace("%2F", "/"))
    prefix = f"{real.rpartition('/')[2]}-"
    if not file.startswith(prefix):
        return {}
    from lockward import semver

    version = semver.valid(file[len(prefix) : -len(".tgz")])
    if version is None:
        return {}
    return {"version": version} if real == name else {"name": real, "version": version}


def _fix_requirements(place: Place) -> None:
    """Turn ``requires`` into sections: a guess, but npm's own guess (#fixDependencies)."""
    requires = place.entry.get("requires")
    if type(requires) is not dict:
        return
    meta = place.meta
    for name, spec in requires.items():
        found = place.find(name)
        flags = found.meta if found is not None and found.target is None else {}
        section = "dependencies"
        if flags.get("optional") and not meta.get("optional"):
            section = "optionalDependencies"
        elif flags.get("dev") and not meta.get("dev"):
            section = "devDependencies"
        meta.setdefault(section, {})[name] = spec


def _lines(places: Mapping[str, Place], data: bytes) -> dict[str, int]:
    """Key -> line, of every entry and of the folders that links lead to."""
    depth = 2 * max((len(place.keys()) for place in places.values()), default=0)
    lines = jsonread.lines(data, depth)
    found: dict[str, int] = {}
    for key, place in places.items():
        found[key] = lines.get(jsonread.pointer(*place.keys()))
        if place.target is not None:
            found.setdefault(place.target, found[key])
    return found


def disagreements(lockfile: Lockfile) -> Iterator[tuple[str, Package | None, Package | None]]:
    """See npm.split_brain."""
    size = sum(map(len, lockfile.by_key))  # the same keys, when all is well
    try:
        tree = _packages(flatten(lockfile.raw, size))
    except WrongError as wrong:
        yield "/".join(map(str, wrong.keys)), None, None
        return
    legacy = {package.key: package for package in tree if not _is_folder(package)}
    for package in lockfile.packages:
        other = legacy.pop(package.key, None)
        if not _is_folder(package) and (other is None or not _agree(package, other)):
            yield package.key, package, other
    for key, other in legacy.items():
        yield key, None, other


def _is_folder(package: Package) -> bool:
    """What npm 6 has no entry for: the root, and what links lead to."""
    return not package.link and npm_keys.is_importer(package.key)


def _checkout(package: Package) -> str:
    """The address of a git checkout, as the other tree gives it: over ssh or https."""
    from lockward import spec

    found = spec.parse("", package.resolved or "")
    return _git_address(found) if found.kind == "git" else ""


def _agree(package: Package, legacy: Package) -> bool:
    if package.link or legacy.link:
        return package.link == legacy.link and package.resolved == legacy.resolved
    if package.source == legacy.source == "git":
        return _checkout(package) == legacy.resolved  # its hash is compared by nobody
    if package.resolved != legacy.resolved or package.integrity != legacy.integrity:
        return False
    # Of a git or tarball address npm 6 knew neither name nor version for sure.
    fixed = legacy.source in ("registry", "bundled")
    return not fixed or (package.name, package.version) == (legacy.name, legacy.version)
