"""The edges of a pnpm lockfile: references are exact, so each names its entry."""

from __future__ import annotations

from lockward.lockfiles.drawn import KINDS, Drawn
from lockward.lockfiles.pnpm_keys import key_of
from lockward.model import Edge
from lockward.paths import resolve as resolve_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lockward.model import EdgeKind, Lockfile, Manifest, Package


def resolve(lockfile: Lockfile, manifests: Mapping[str, Manifest]) -> Drawn:
    """Every importer's edges (specs live, targets as recorded) and every entry's."""
    major = major_of(lockfile)
    recorded = dict(_references(lockfile))
    edges: dict[str, tuple[Edge, ...]] = {}
    for folder in {**recorded, **manifests}:
        references = recorded.get(folder, {})
        specs = dict(_specs(lockfile, folder, manifests.get(folder), references))
        edges[folder] = tuple(
            _importer_edge(lockfile, folder, (name, spec, KINDS[section]), references.get(name))
            for name, (section, spec) in specs.items()
        )
    roots = tuple(edges)
    for package in lockfile.packages:
        edges[package.key] = tuple(_package_edges(lockfile, package, major))
    return Drawn(edges, roots)


def _references(lockfile: Lockfile) -> Iterator[tuple[str, dict[str, str]]]:
    """Each importer's folder, and name -> reference in any of its sections."""
    listed = lockfile.raw.get("importers")
    whole = {".": lockfile.raw} if not isinstance(listed, dict) else listed
    for folder, entry in whole.items():
        found: dict[str, str] = {}
        for section in KINDS:
            values = entry.get(section) if isinstance(entry, dict) else None
            for name, value in values.items() if isinstance(values, dict) else ():
                reference = value.get("version") if isinstance(value, dict) else value
                if isinstance(reference, str):
                    found[name] = reference
        yield ("" if folder == "." else folder.removeprefix("./")), found


def _specs(
    lockfile: Lockfile, folder: str, manifest: Manifest | None, references: Mapping[str, str]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Name -> (section, spec): the live manifest's, else what the lockfile records.

    A peer counts when pnpm recorded it (autoInstallPeers).
    """
    importer = lockfile.importers.get(folder)
    sections = {} if importer is None else importer.sections
    if manifest is not None:
        sections = manifest.sections
    for section in KINDS:
        for name, spec in sections.get(section, {}).items():
            if section != "peerDependencies" or name in references:
                yield name, (section, spec)


def _importer_edge(
    lockfile: Lockfile, folder: str, asked: tuple[str, str, EdgeKind], reference: str | None
) -> Edge:
    """One requirement; a ``link:`` reference is answered by a folder, the edge's ``via``."""
    name, spec, kind = asked
    if reference is None:
        return Edge(folder, name, spec, kind, None)
    key = key_of(name, reference, major_of(lockfile))
    if key is None:
        return Edge(folder, name, spec, kind, None, via=_linked(folder, reference))
    return Edge(folder, name, spec, kind, lockfile.by_key.get(key))


def major_of(lockfile: Lockfile) -> int:
    """The first number of lockfileVersion."""
    return int(lockfile.version.partition(".")[0])


def _linked(folder: str, reference: str) -> str:
    """The folder of a ``link:``; the reference itself when that is the root or outside."""
    return resolve_path(folder, reference.removeprefix("link:")) or reference


def _package_edges(lockfile: Lockfile, package: Package, major: int) -> Iterator[Edge]:
    """A package's dependencies; resolved peers are among them, as pnpm writes them."""
    optional = package.optional_dependencies
    for name, reference in {**package.dependencies, **optional}.items():
        key = key_of(name, reference, major)
        target = None if key is None else lockfile.by_key.get(key)
        via = "" if key is not None else _linked("", reference)  # seen from the root
        yield Edge(package.key, name, reference, _kind(package, name), target, via=via)


def _kind(package: Package, name: str) -> EdgeKind:
    """Optional packages and peers are told by the package's own record."""
    if name in package.optional_dependencies:
        return "optional"
    if name not in package.peer_dependencies:
        return "prod"
    return "peerOptional" if name in package.peer_optional else "peer"
