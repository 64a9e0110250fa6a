"""The edges of a bun lockfile: names are looked up along the path of the dependant.

``a/b`` is b below a; a dependant at ``a/b`` finds ``c`` at ``a/b/c``, ``a/c`` or
``c``.  A workspace member's own packages lie below its package name.
"""

from __future__ import annotations

from lockward.directives import bun as directives
from lockward.lockfiles.bun import ASIDE, alias_of
from lockward.lockfiles.drawn import Drawn, live
from lockward.model import NOTHING, Edge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lockward.model import EdgeKind, Lockfile, Manifest, Package

    Catalogs = Mapping[str, Mapping[str, str]]
    Places = Mapping[str, Mapping[str, Package]]

_CATALOG = "catalog:"


def resolve(
    lockfile: Lockfile, manifests: Mapping[str, Manifest], _directives: object = None
) -> Drawn:
    """Every importer's and every entry's edges, peers included: bun installs them."""
    recorded = {folder: importer.sections for folder, importer in lockfile.importers.items()}
    names = {folder: importer.name or "" for folder, importer in lockfile.importers.items()}
    root = manifests.get("")
    catalogs = directives.catalogs(lockfile.raw if root is None else root.raw)
    places = _places(lockfile.packages)
    edges: dict[str, tuple[Edge, ...]] = {}
    for folder, sections in live(recorded, manifests):
        manifest = manifests.get(folder)
        optional = NOTHING if manifest is None else manifest.peer_optional
        path = names.get(folder, "") if folder else ""
        wanted = _edges(places, folder, path, sections, optional)
        edges[folder] = tuple(_from_catalog(edge, catalogs) for edge in wanted)
    roots = [*edges, *(p.key for p in lockfile.packages if p.source == "workspace")]
    for package in lockfile.packages:
        if package.source != "workspace":
            sections = {
                "peerDependencies": package.peer_dependencies,
                "devDependencies": package.dev_dependencies,  # of a folder: bun installs them
                "optionalDependencies": package.optional_dependencies,
                "dependencies": package.dependencies,
            }
            edges[package.key] = tuple(
                _edges(places, package.key, path_of(package), sections, package.peer_optional)
            )
    return Drawn(edges, tuple(roots))


def _from_catalog(edge: Edge, catalogs: Catalogs) -> Edge:
    """The edge with what ``catalog:`` stands for."""
    spec = catalog_spec(edge.name, edge.spec, catalogs)
    return edge if spec == edge.spec else Edge(edge.source, edge.name, spec, edge.kind, edge.target)


def catalog_spec(name: str, spec: str, catalogs: Catalogs) -> str:
    """What ``catalog:name`` stands for; the spec itself when it is none, or names nothing."""
    if not spec.startswith(_CATALOG):
        return spec
    return catalogs.get(spec[len(_CATALOG) :].strip(), {}).get(name, spec)


_ORDER: Mapping[str, EdgeKind] = {
    "peerDependencies": "peer",
    "devDependencies": "dev",
    "dependencies": "prod",
    "optionalDependencies": "optional",
}


def _edges(
    places: Places,
    source: str,
    path: str,
    sections: Mapping[str, Mapping[str, str]],
    peer_optional: frozenset[str],
) -> Iterator[Edge]:
    wanted: dict[str, tuple[EdgeKind, str]] = {}
    for section, kind in _ORDER.items():
        for name, spec in sections.get(section, {}).items():
            optional = kind == "peer" and name in peer_optional
            wanted[name] = ("peerOptional" if optional else kind, spec)
    above = _above(path)
    for name, (kind, spec) in wanted.items():
        yield Edge(source, name, spec, kind, _nearest(places.get(name), above))


def _places(packages: Iterable[Package]) -> Places:
    """Name -> where entries of that name lie, as the beginning of their keys -> the entry."""
    places: dict[str, dict[str, Package]] = {}
    for package in packages:
        path = path_of(package)
        name = alias_of(path)
        places.setdefault(name, {})[path[: len(path) - len(name)]] = package
    return places


def _nearest(named: Mapping[str, Package] | None, above: list[str]) -> Package | None:
    """The entry of a name that lies nearest; most names lie in one place, and it is the last."""
    if named is None:
        return None
    if len(named) == 1:
        ((place, found),) = named.items()
        return found if not place or place in above else None
    for place in above:
        if place in named:
            return named[place]
    return None


def _above(path: str) -> list[str]:
    """Where a dependant at a path looks for names, nearest first: the beginnings of keys."""
    places: list[str] = []
    while path:
        places.append(f"{path}/")
        path = path[: -len(alias_of(path))].rstrip("/")
    return [*places, ""]


def find(lockfile: Lockfile, path: str, name: str) -> Package | None:
    """The nearest entry of a name, from a path upwards; as many steps as the path has names."""
    by_key = lockfile.by_key
    for place in _above(path):
        found = by_key.get(f"{place}{name}") or by_key.get(f"{place}{name}{ASIDE}")
        if found is not None:
            return found
    return None


def path_of(package: Package) -> str:
    """Where an entry lies, as the file writes it."""
    return package.key.removesuffix(ASIDE)
