"""Edges that are drawn all at once: the Resolution of every format but npm's."""

from __future__ import annotations

from lockward.model import Edge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Final

    from lockward.model import EdgeKind, Manifest, Package

    # (name, spec) -> the entry that answers, None when nothing does
    Answer = Callable[[str, str], "Package | None"]

# A manifest's sections in the order in which a later one wins, and their kinds.
KINDS: Final[Mapping[str, EdgeKind]] = {
    "peerDependencies": "peer",
    "devDependencies": "dev",
    "optionalDependencies": "optional",
    "dependencies": "prod",
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


def importer_edges(
    folder: str, sections: Mapping[str, Mapping[str, str]], answer: Answer, *, peers: bool = False
) -> tuple[Edge, ...]:
    """What a project's sections require; a peer only where the manager installs it (``peers``)."""
    edges: dict[str, Edge] = {}
    for section, kind in KINDS.items():
        if section == "peerDependencies" and not peers:
            continue
        for name, spec in sections.get(section, {}).items():
            edges[name] = Edge(folder, name, spec, kind, answer(name, spec))
    return tuple(edges.values())


def package_edges(package: Package, answer: Answer) -> tuple[Edge, ...]:
    """What a locked package requires, peers left out: those formats hoist nothing for them."""
    edges: dict[str, Edge] = {}
    for kind, requirements in (
        ("prod", package.dependencies),
        ("optional", package.optional_dependencies),
    ):
        for name, spec in requirements.items():
            edges[name] = Edge(package.key, name, spec, _KIND[kind], answer(name, spec))
    return tuple(edges.values())


_KIND: Final[Mapping[str, EdgeKind]] = {"prod": "prod", "optional": "optional"}


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
