"""The edges of a Berry lockfile: each requirement is looked up by its descriptor.

Reference: berry's core, structUtils and Project.  A bare range means ``npm:``;
the root's ``resolutions`` answer in a requirement's place; a workspace answers
a range by its name.
"""

from __future__ import annotations

from lockward import semver
from lockward.lockfiles.drawn import Drawn, importer_edges, live, package_edges
from lockward.lockfiles.yarn_berry import split
from lockward.lockfiles.yarn_classic_tree import resolutions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
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
    return Drawn(edges, tuple(roots))


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

    def answer(name: str, spec: str) -> Package | None:
        found = descriptors.get(f"{name}@{forced[name]}") if name in forced else None
        if found is None:
            wanted = normalised(spec).partition("::")[0]
            found = descriptors.get(f"{name}@{wanted}") or _patched(descriptors, name, wanted)
        return members.get(name) if found is None else found

    return answer


def _patched(descriptors: Mapping[str, Package], name: str, wanted: str) -> Package | None:
    """Yarn patches a few packages by itself: ``fsevents@patch:fsevents@^2#optional!builtin<…>``."""
    for encoded in (wanted, wanted.replace(":", "%3A")):
        for head in (
            f"{name}@patch:{name}@{encoded}#",
            f"{name}@patch:{name}@{encoded.removeprefix('npm%3A')}#",
        ):
            for tail in ("~builtin<compat/", "optional!builtin<compat/", "builtin<compat/"):
                found = descriptors.get(f"{head}{tail}{_builtin(name)}>")
                if found is not None:
                    return found
    return None


def _builtin(name: str) -> str:
    return name.rpartition("/")[2]
