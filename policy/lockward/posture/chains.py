"""Each locked package once, under the package that brings it in by the shortest way.

Depth 1 is what one of the repository's own projects asks for itself.  A package
that production needs hangs below packages that production needs; only what is
left may hang below development, optional or peer dependencies.  Ties go to the
first key in order, so the same lockfile always gives the same tree.  Every walk
is iterative and visits each edge once: cycles and depth cost nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Final

    from lockward.graph import Graph
    from lockward.model import Lockfile, Package

    Links = dict[str, list[tuple[str, str]]]

# Our own code: the root, its workspaces, folders that are linked or copied.
OWN: Final = frozenset({"root", "workspace", "link", "directory"})
LONGEST: Final = 30  # names of a way; real lockfiles are a dozen deep
_PRODUCTION: Final = frozenset({"prod", "peer", "workspace", "carried"})
_NOT_DEV: Final = _PRODUCTION | {"optional", "peerOptional"}
_NOT_OPTIONAL: Final = _PRODUCTION | {"dev"}
_ALL: Final = _NOT_DEV | {"dev"}


def is_third_party(package: Package) -> bool:
    """Whether somebody else's code comes with an entry."""
    return package.source not in OWN


class Chains:
    """The shortest-path tree of one lockfile.

    ``parents`` maps a package's key to that of the one that brings it, or to a
    folder of ours (an importer); ``depths`` to the length of that way;
    ``owners`` are the keys of our own projects that something hangs below, and
    ``dependants`` counts the packages and projects that require a key.
    ``dev`` and ``optional`` are the keys that only such edges lead to; ``links``
    are all edges, key -> (key, kind).
    """

    __slots__ = (
        "_direct",
        "dependants",
        "depths",
        "dev",
        "links",
        "lockfile",
        "optional",
        "owners",
        "parents",
        "unreached",
    )

    def __init__(self, lockfile: Lockfile, graph: Graph) -> None:
        self.lockfile: Final = lockfile
        links = _links(graph)
        self.links: Final = links
        owners = _own(lockfile, graph, links)
        self.owners: Final = tuple(sorted(owners))
        self.dependants: Final = _dependants(links)
        reached = _flood(links, owners, _ALL)
        self.dev: Final = frozenset(reached - _flood(links, owners, _NOT_DEV))
        self.optional: Final = frozenset(reached - _flood(links, owners, _NOT_OPTIONAL))
        self.parents: Final[dict[str, str]] = {}
        self._direct: Final[dict[str, str]] = {}
        self.depths: Final[dict[str, int]] = {}
        production = _flood(links, owners, _PRODUCTION)
        self._spread(links, owners, owners, _ALL)
        direct = [key for key in self.depths if key in production]
        self._spread(links, direct, owners, _PRODUCTION, within=production)
        self._spread(links, [*owners, *self.depths], owners, _ALL)
        self.unreached: Final = tuple(
            package.key
            for package in lockfile.packages
            if is_third_party(package) and package.key not in self.depths
        )

    def _spread(
        self,
        links: Links,
        start: Iterable[str],
        owners: frozenset[str],
        kinds: frozenset[str],
        *,
        within: set[str] | None = None,
    ) -> None:
        """Give a place to what hangs below ``start``, nearest first; owners: one step only."""
        levels: dict[int, list[str]] = {}
        for key in start:
            levels.setdefault(self.depths.get(key, 0), []).append(key)
        only_direct = start is owners
        depth = min(levels, default=0)
        while levels:
            for key in sorted(levels.pop(depth, ())):
                for target, kind in links.get(key, ()):
                    fits = kind in kinds and (within is None or target in within)
                    if fits and target not in owners and target not in self.depths:
                        self.parents[target] = key
                        self._direct[target] = self._direct.get(key, target)
                        self.depths[target] = depth + 1
                        if not only_direct:
                            levels.setdefault(depth + 1, []).append(target)
            depth += 1

    @property
    def direct(self) -> tuple[str, ...]:
        """The keys that a project of ours asks for itself."""
        return tuple(key for key, depth in self.depths.items() if depth == 1)

    def names(self, key: str) -> tuple[str, ...]:
        """The way from the direct dependency, in the packages' names; () for what nobody brings.

        ``("schema-validator", "string-utils", "fast-str")``.  Of a longer way than
        any real one the direct dependency, "..." and the end: it costs no more.
        """
        first = self._direct.get(key)
        found: list[str] = []
        while key in self.parents and len(found) < LONGEST:
            found.append(self.lockfile.by_key[key].alias)
            key = self.parents[key]
        if key in self.parents and first is not None:
            found += ["...", self.lockfile.by_key[first].alias]
        return tuple(reversed(found))


def _links(graph: Graph) -> Links:
    """Key -> (key of what answers, kind of edge), with what comes along in tarballs."""
    links: Links = {
        source: [(edge.target.key, edge.kind) for edge in edges if edge.target is not None]
        for source, edges in graph.edges.items()
    }
    for source, keys in graph.resolution.carried.items():
        links.setdefault(source, []).extend((key, "carried") for key in keys)
    for source, edges in graph.edges.items():
        for edge in edges:  # pnpm and Yarn answer a workspace with its folder only
            if edge.target is None and edge.via in graph.edges:
                links[source].append((edge.via, edge.kind))
    return links


def _own(lockfile: Lockfile, graph: Graph, links: Mapping[str, object]) -> frozenset[str]:
    """The keys of our own projects: the graph's roots, workspaces, linked folders."""
    own = {package.key for package in lockfile.packages if not is_third_party(package)}
    return frozenset({*(key for key in own if key in links), *graph.resolution.roots})


def _dependants(links: Links) -> dict[str, int]:
    counts: dict[str, int] = {}
    for found in links.values():
        for target in {target for target, _ in found}:
            counts[target] = counts.get(target, 0) + 1
    return counts


def _flood(links: Links, start: Iterable[str], kinds: frozenset[str]) -> set[str]:
    """Everything that edges of some kinds lead to, our own projects included."""
    reached = set(start)
    waiting = list(reached)
    while waiting:
        for target, kind in links.get(waiting.pop(), ()):
            if kind in kinds and target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached
