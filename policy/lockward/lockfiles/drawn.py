"""Edges that are drawn all at once: the Resolution of every format but npm's."""

from __future__ import annotations

from lockward.model import Edge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Final

    from lockward.model import EdgeKind, Lockfile, Manifest, Package

    # (name, spec) -> the entry that answers, None when nothing does
    Answer = Callable[[str, str], "Package | None"]
    # (name, spec) -> the folder of the workspace that answers, "" when none does
    Member = Callable[[str, str], str]

# A manifest's sections in the order in which a later one wins, and their kinds.
KINDS: Final[Mapping[str, EdgeKind]] = {
    "peerDependencies": "peer",
    "devDependencies": "dev",
    "dependencies": "prod",
    "optionalDependencies": "optional",
}


class Drawn:
    """See lockward.graph.Resolution; ``carried`` is for bundled entries, which others lack."""

    __slots__ = ("carried", "edges", "roots")

    def __init__(
        self,
        edges: Mapping[str, tuple[Edge, ...]],
        roots: tuple[str, ...],
        carried: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.edges: Final = edges
        self.roots: Final = roots
        self.carried: Final[Mapping[str, tuple[str, ...]]] = carried or {}


# Path of a lockfile -> its last state, what else its edges were drawn from, and they.
_LAST: Final[dict[str, tuple[Lockfile, object, Mapping[str, tuple[Edge, ...]]]]] = {}
_MOST_PATHS: Final = 4
_FEW: Final = 32  # entries that may differ in a small lockfile; in a larger one a quarter of them


def kept(
    lockfile: Lockfile, context: object, names_of: Callable[[str], Iterable[str]]
) -> Mapping[str, tuple[Edge, ...]]:
    """Key -> edges of the packages whose requirements are answered as in the last state.

    A package that is the same asks for the same names; where no entry of these
    names changed, came or went, and the ``context`` (whatever else has a say) is
    equal, the same entries answer.  ``names_of`` gives the names under which
    dependants may ask for the entry of a key.
    """
    last = _LAST.get(lockfile.path)
    if last is None or last[1] != context:
        return {}
    old, new, edges = last[0].by_key, lockfile.by_key, last[2]
    moved = [key for key, package in new.items() if old.get(key) is not package]
    moved.extend(old.keys() - new.keys())
    if len(moved) > max(_FEW, len(new) // 4):
        return {}
    free = {name for key in moved for name in names_of(key)}.isdisjoint
    return {
        key: edges[key]
        for key, package in new.items()
        if old.get(key) is package
        and key in edges
        and (not package.dependencies or free(package.dependencies))
        and (not package.optional_dependencies or free(package.optional_dependencies))
        and (not package.peer_dependencies or free(package.peer_dependencies))
    }


def keep(lockfile: Lockfile, context: object, edges: Mapping[str, tuple[Edge, ...]]) -> None:
    """Remember a state for ``kept``."""
    _LAST.pop(lockfile.path, None)
    _LAST[lockfile.path] = (lockfile, context, edges)
    while len(_LAST) > _MOST_PATHS:
        del _LAST[next(iter(_LAST))]


def importer_edges(
    folder: str,
    sections: Mapping[str, Mapping[str, str]],
    answer: Answer,
    member: Member | None = None,
    *,
    first: str = "",
) -> tuple[Edge, ...]:
    """What a project's sections require, its peers left out: the dependant answers those.

    A workspace that answers without an entry of its own is the edge's ``via``.  Of a name in
    two sections a later one counts, except that ``first`` counts before any other.
    """
    edges: dict[str, Edge] = {}
    decided = sections.get(first, {})
    for section, kind in KINDS.items():
        if section == "peerDependencies":
            continue
        for name, spec in sections.get(section, {}).items():
            if name in decided and section != first:
                continue
            found = answer(name, spec)
            via = member(name, spec) if found is None and member is not None else ""
            edges[name] = Edge(folder, name, spec, kind, found, via=via)
    return tuple(edges.values())


def package_edges(
    package: Package, answer: Answer, member: Member | None = None
) -> tuple[Edge, ...]:
    """What a locked package requires, its peers left out likewise."""
    sections = {
        "dependencies": package.dependencies,
        "optionalDependencies": package.optional_dependencies,
    }
    return importer_edges(package.key, sections, answer, member)


def live(
    recorded: Mapping[str, Mapping[str, Mapping[str, str]]], manifests: Mapping[str, Manifest]
) -> Iterator[tuple[str, Mapping[str, Mapping[str, str]]]]:
    """Every importer's folder and sections: the live manifest's, else what the lockfile records."""
    for folder in {**recorded, **manifests}:
        manifest = manifests.get(folder)
        yield folder, recorded[folder] if manifest is None else manifest.sections


def workspace_folders(manifests: Mapping[str, Manifest]) -> dict[str, str]:
    """Package name -> folder of each member; the root's own name among them."""
    return {
        manifest.name: folder for folder, manifest in manifests.items() if manifest.name is not None
    }
