"""The edges of a Berry lockfile: each requirement is looked up by its descriptor.

Reference: berry's core, structUtils and Project.  A bare range means ``npm:``;
the root's ``resolutions`` answer in a requirement's place; a workspace answers
a range by its name.
"""

from __future__ import annotations

from lockward import semver
from lockward.lockfiles.drawn import Drawn, importer_edges, live, package_edges
from lockward.lockfiles.yarn_berry import percent_decoded, split
from lockward.lockfiles.yarn_classic_tree import resolutions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.lockfiles.drawn import Answer
    from lockward.model import Edge, Lockfile, Manifest, Package

_TAG: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def resolve(lockfile: Lockfile, manifests: Mapping[str, Manifest]) -> Drawn:
    """Every importer's and every entry's edges; a workspace's entry answers for its folder."""
    answer = _answer(lockfile, manifests)
    recorded = {folder: importer.sections for folder, importer in lockfile.importers.items()}
    edges: dict[str, tuple[Edge, ...]] = {
        folder: importer_edges(folder, sections, answer)
        for folder, sections in live(recorded, manifests)
    }
    roots = list(edges)
    for package in lockfile.packages:
        if package.source == "workspace":
            roots.append(package.key)
        else:
            edges[package.key] = package_edges(package, answer)
    return Drawn(edges, tuple(roots), _carried(lockfile))


def normalised(spec: str) -> str:
    """A range as a descriptor has it: ``^1.0.0`` and ``latest`` are ``npm:``'s."""
    if ":" in spec.partition("@")[0] or "/" in spec:
        return spec
    bare = spec.strip()
    if bare == "" or semver.valid_range(bare) is not None or _TAG.issuperset(bare):
        return f"npm:{spec}"
    return spec


def by_descriptor(lockfile: Lockfile) -> dict[str, Package]:
    """Each descriptor of the keys, normalised -> its entry.

    A ``::locator=`` or ``::version=`` binding belongs to the resolution, not to
    what a manifest asks for.
    """
    found: dict[str, Package] = {}
    for package in lockfile.packages:
        for descriptor in package.key.split(", "):
            name, spec = split(descriptor)
            found[f"{name}@{normalised(spec).partition('::')[0]}"] = package
    return found


def _answer(lockfile: Lockfile, manifests: Mapping[str, Manifest]) -> Answer:
    descriptors = by_descriptor(lockfile)
    forced = {split(name)[0]: normalised(spec) for name, spec in resolutions(manifests).items()}
    members = {
        package.name: package for package in lockfile.packages if package.source == "workspace"
    }
    patched = {base: package for base, package in _bases(lockfile) if _by_yarn(package)}

    def answer(name: str, spec: str) -> Package | None:
        wanted = f"{name}@{normalised(spec).partition('::')[0]}"
        if name in forced:
            instead = f"{name}@{forced[name]}"
            wanted = instead if instead in descriptors else wanted
        found = patched.get(wanted) or descriptors.get(wanted)
        return members.get(name) if found is None else found

    return answer


def _bases(lockfile: Lockfile) -> Iterator[tuple[str, Package]]:
    """Each patched entry by the descriptor that it patches: ``a@patch:a@npm%3A^1#…``."""
    for package in lockfile.packages:
        for descriptor in package.key.split(", "):
            spec = split(descriptor)[1]
            if spec.startswith("patch:"):
                name, base = split(percent_decoded(spec[6:].partition("#")[0]))
                yield f"{name}@{normalised(base)}", package


def _by_yarn(package: Package) -> bool:
    """Whether Yarn itself asked for the patch (plugin-compat), instead of a manifest."""
    return "builtin<compat/" in package.key


def _carried(lockfile: Lockfile) -> dict[str, tuple[str, ...]]:
    """A patched entry comes with the entry that it patches."""
    descriptors = by_descriptor(lockfile)
    carried: dict[str, tuple[str, ...]] = {}
    for base, package in _bases(lockfile):
        found = descriptors.get(base)
        if found is not None:
            carried[package.key] = (*carried.get(package.key, ()), found.key)
    return carried
