"""What a folder of an npm lockfile requires: names and specs, in arborist's order.

Reference: @npmcli/arborist, node.js (``_loadDeps``).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from lockward.model import EdgeKind, Lockfile, Manifest, Package

    Requirements = dict[str, tuple[str, EdgeKind]]  # name -> spec, kind


def order(lockfile: Lockfile) -> Iterable[str]:
    """The keys of all folders: the project's own first, then in the lockfile's order."""
    return {"": None, **dict.fromkeys(lockfile.importers), **dict.fromkeys(lockfile.by_key)}


def add_manifest(required: Requirements, manifest: Manifest) -> None:
    """What a package.json asks for; a later section overrides an earlier one, as in arborist."""
    sections = manifest.sections
    for name, spec in sections.get("peerDependencies", {}).items():
        required[name] = (spec, "peerOptional" if name in manifest.peer_optional else "peer")
    for name, spec in sections.get("dependencies", {}).items():
        required[name] = (spec, "prod")
    for name, spec in sections.get("optionalDependencies", {}).items():
        required[name] = (spec, "optional")
    for name, spec in sections.get("devDependencies", {}).items():
        required[name] = (spec, "dev")


def add_package(required: Requirements, package: Package, *, top: bool) -> None:
    """What an entry asks for; its development dependencies where no ``node_modules`` holds it."""
    for name, spec in package.peer_dependencies.items():
        required[name] = (spec, "peerOptional" if name in package.peer_optional else "peer")
    for name, spec in package.dependencies.items():
        required[name] = (spec, "prod")
    for name, spec in package.optional_dependencies.items():
        required[name] = (spec, "optional")
    if top:
        for name, spec in package.dev_dependencies.items():
            required[name] = (spec, "dev")


def fold(name: str) -> str:
    """A name as npm compares folders: without regard to case and composition."""
    if name.isascii():
        return name.lower()
    from unicodedata import normalize

    return normalize("NFKD", name).lower()
