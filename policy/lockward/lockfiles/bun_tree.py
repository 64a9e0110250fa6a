"""The edges of a bun lockfile: names are looked up along the path of the dependant.

``a/b`` is b below a; a dependant at ``a/b`` finds ``c`` at ``a/b/c``, ``a/c`` or
``c``.  A workspace member's own packages lie below its package name.
"""

from __future__ import annotations

from lockward.lockfiles.bun import alias_of
from lockward.lockfiles.drawn import Drawn, live
from lockward.model import Edge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lockward.model import EdgeKind, Lockfile, Manifest, Package


def resolve(lockfile: Lockfile, manifests: Mapping[str, Manifest]) -> Drawn:
    """Every importer's and every entry's edges, peers included: bun installs them."""
    recorded = {folder: importer.sections for folder, importer in lockfile.importers.items()}
    names = {folder: importer.name or "" for folder, importer in lockfile.importers.items()}
    edges: dict[str, tuple[Edge, ...]] = {}
    for folder, sections in live(recorded, manifests):
        path = names.get(folder, "") if folder else ""
        edges[folder] = tuple(_edges(lockfile, folder, path, sections, frozenset()))
    roots = [*edges, *(p.key for p in lockfile.packages if p.source == "workspace")]
    for package in lockfile.packages:
        if package.source != "workspace":
            sections = {
                "peerDependencies": package.peer_dependencies,
                "optionalDependencies": package.optional_dependencies,
                "dependencies": package.dependencies,
            }
            edges[package.key] = tuple(
                _edges(lockfile, package.key, package.key, sections, package.peer_optional)
            )
    return Drawn(edges, tuple(roots))


_ORDER: Mapping[str, EdgeKind] = {
    "peerDependencies": "peer",
    "devDependencies": "dev",
    "dependencies": "prod",
    "optionalDependencies": "optional",
}


def _edges(
    lockfile: Lockfile,
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
    for name, (kind, spec) in wanted.items():
        yield Edge(source, name, spec, kind, _find(lockfile, path, name))


def _find(lockfile: Lockfile, path: str, name: str) -> Package | None:
    """The nearest entry of a name, from a path upwards; as many steps as the path has names."""
    while path:
        found = lockfile.by_key.get(f"{path}/{name}")
        if found is not None:
            return found
        path = path[: -len(alias_of(path))].rstrip("/")
    return lockfile.by_key.get(name)
