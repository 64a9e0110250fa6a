"""The edges of a pnpm lockfile: references are exact, so each names its entry."""

from __future__ import annotations

from lockward.lockfiles.drawn import KINDS, Drawn
from lockward.lockfiles.pnpm_keys import key_of
from lockward.model import Edge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lockward.model import Lockfile, Manifest, Package


def resolve(lockfile: Lockfile, manifests: Mapping[str, Manifest]) -> Drawn:
    """Every importer's edges (specs live, targets as recorded) and every entry's."""
    major = int(lockfile.version.partition(".")[0])
    recorded = dict(_references(lockfile))
    edges: dict[str, tuple[Edge, ...]] = {}
    for folder in {**recorded, **manifests}:
        references = recorded.get(folder, {})
        specs = dict(_specs(lockfile, folder, manifests.get(folder), references))
        edges[folder] = tuple(
            Edge(folder, name, spec, KINDS[section], _target(lockfile, name, references, major))
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


def _target(
    lockfile: Lockfile, name: str, references: Mapping[str, str], major: int
) -> Package | None:
    reference = references.get(name)
    key = None if reference is None else key_of(name, reference, major)
    return None if key is None else lockfile.by_key.get(key)


def _package_edges(lockfile: Lockfile, package: Package, major: int) -> Iterator[Edge]:
    """A package's dependencies; resolved peers are among them, as pnpm writes them."""
    optional = package.optional_dependencies
    for name, reference in {**package.dependencies, **optional}.items():
        key = key_of(name, reference, major)
        target = None if key is None else lockfile.by_key.get(key)
        kind = "optional" if name in optional else "prod"
        yield Edge(package.key, name, reference, _KIND[kind], target)


_KIND = {"prod": KINDS["dependencies"], "optional": KINDS["optionalDependencies"]}
