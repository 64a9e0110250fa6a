"""Who requires what in a lockfile, and which entry answers: one interface for every format.

How a name is resolved is the format's own business and lives beside its
reader.  A resolver module provides

    resolve(lockfile: Lockfile, manifests: Mapping[str, Manifest], directives) -> Resolution

where ``manifests`` maps a folder, relative to the project's root ("" the root
itself), to the package.json that lies there now: requirements of importers
come from there, and only of importers without one from what the lockfile
records.  ``directives`` gives what the root's settings say, for a format whose
edges depend on what neither lockfile nor manifests hold.  ``Resolution`` says
what it must give back.  Nothing is computed before it is asked for, and
everything in time linear in the lockfile: a resolver must not walk upwards once
per edge, nor recurse.
"""

from __future__ import annotations

from lockward.directives import Directives

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from typing import Final, Protocol

    from lockward.model import Edge, Lockfile, Manifest

    class Resolution(Protocol):
        """The edges of one lockfile, as the package manager itself would draw them."""

        @property
        def edges(self) -> Mapping[str, tuple[Edge, ...]]:
            """Edges by source key, in the order of the dependant's sections.

            The source of an importer is its folder ("" the root), of a package
            its key.  An entry that the manager never looks at may be missing.
            """

        @property
        def roots(self) -> tuple[str, ...]:
            """The source keys from which everything that is installed is reached."""

        @property
        def carried(self) -> Mapping[str, tuple[str, ...]]:
            """Key -> keys of entries that come along with it without an edge (bundled ones)."""

    class Resolver(Protocol):
        """A module of the table below."""

        def resolve(
            self,
            lockfile: Lockfile,
            manifests: Mapping[str, Manifest],
            directives: Callable[[], Directives],
            /,
        ) -> Resolution:
            """The edges of a lockfile under the live manifests."""


# lockfile.format -> the module that resolves its edges
RESOLVERS: Final = {
    "npm": "lockward.lockfiles.npm_resolve",
    "yarn-classic": "lockward.lockfiles.yarn_classic_tree",
    "yarn-berry": "lockward.lockfiles.yarn_berry_tree",
    "pnpm": "lockward.lockfiles.pnpm_tree",
    "bun": "lockward.lockfiles.bun_tree",
}


_FEW: Final = 64  # keys whose edges are looked for; then all are sorted: a root asks for thousands
_FEW_NAMES: Final = 16  # whose askers are looked for, likewise: overrides change by thousands
_LONG_WAY: Final = 64  # keys that is_reachable looks at before it asks for the whole graph
_MANY_WAYS: Final = 4_096  # edges, for all keys together: the whole graph is not dearer


class Graph:
    """The dependency graph of one lockfile under the live manifests.

    ``resolution`` is the format's own view, for rules about that format only
    (for npm: npm_tree.Tree, or npm_plain.PlainTree).
    """

    __slots__ = (
        *("_asked", "_asking", "_carried", "_carrying", "_into", "_named", "_places"),
        *("_reachable", "_sought", "_walked", "resolution"),
    )

    def __init__(self, resolution: Resolution) -> None:
        self.resolution: Final = resolution
        self._into: dict[str, list[Edge]] | None = None
        self._named: dict[str, list[Edge]] | None = None
        self._asked = 0  # keys, one by one
        self._asking = 0  # names, one by one
        self._sought = 0  # names, some at a time
        self._places: dict[str, int] | None = None
        self._walked = 0  # edges, from keys back to roots
        self._reachable: frozenset[str] | None = None
        self._carried: Mapping[str, tuple[str, ...]] | None = None
        self._carrying: Mapping[str, list[str]] | None = None

    @property
    def edges(self) -> Mapping[str, tuple[Edge, ...]]:
        """Edges by source key: an importer's folder ("" the root), or a package's key."""
        return self.resolution.edges

    @property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        """See Resolution.carried; worked out once."""
        if self._carried is None:
            self._carried = self.resolution.carried
        return self._carried

    def into(self, key: str) -> tuple[Edge, ...]:
        """The edges that the entry of this key answers, itself or as a link to its target."""
        direct = getattr(self.resolution, "into", None)
        if direct is not None and self._asked < _FEW:
            self._asked += 1
            return direct(key)  # type: ignore[no-any-return]
        if self._into is None:
            self._into = {}
            for edges in self.edges.values():
                for edge in edges:
                    for answer in _answers(edge):
                        self._into.setdefault(answer, []).append(edge)
        return tuple(self._into.get(key, ()))

    def sources(self, names: Collection[str], keys: Collection[str]) -> Iterable[str]:
        """The source keys, in the order of the edges, that may ask for names, or are among keys.

        A format that cannot tell gives all of them.
        """
        asking = getattr(self.resolution, "askers", None)
        if asking is None:
            return self.edges
        wanted = {*keys, *asking(names)}
        self._sought += 1
        if self._sought <= _FEW:
            return [key for key in self.edges if key in wanted]
        if self._places is None:
            self._places = {key: place for place, key in enumerate(self.edges)}
        return sorted(wanted & self._places.keys(), key=self._places.__getitem__)

    def asking(self, name: str) -> Iterable[Edge]:
        """The edges that ask for a name, in the order of their sources."""
        if self._named is None:
            self._asking += 1
            if self._asking <= _FEW_NAMES:
                sources = self.sources((name,), ())
                return [edge for key in sources for edge in self.edges[key] if edge.name == name]
            self._named = {}
            for edges in self.edges.values():
                for edge in edges:
                    self._named.setdefault(edge.name, []).append(edge)
        return self._named.get(name, ())

    def is_reachable(self, key: str) -> bool:
        """Whether ``reachable`` holds a key; the whole graph is walked only if it has to be."""
        if self._reachable is not None or self._walked > _MANY_WAYS:
            return key in self.reachable()
        if getattr(self.resolution, "into", None) is not None:
            found = self._is_led_to(key)
            if found is not None:
                return found
        return key in self.reachable()

    def _is_led_to(self, key: str) -> bool | None:
        """Whether a way back from a key ends at a root; None when it is too long to tell."""
        roots = self.resolution.roots
        carriers = self._carriers()
        seen = {key}
        waiting = [key]
        for one in waiting:  # grows while it is walked
            if one in roots:
                return True
            if len(waiting) > _LONG_WAY:
                return None
            sources = [edge.source for edge in self.into(one)]
            self._walked += len(sources)
            for source in (*sources, *carriers.get(one, ())):
                if source not in seen:
                    seen.add(source)
                    waiting.append(source)
        return False

    def _carriers(self) -> Mapping[str, list[str]]:
        """Key -> the keys that carry it; the other way round than ``carried``."""
        if self._carrying is None:
            self._carrying = _turned(self.carried)
        return self._carrying

    def reachable(self) -> frozenset[str]:
        """Keys of the roots and of all that they require, over edges of any kind.

        Links on the way count, and so does what a reached entry carries in its
        tarball.  An entry outside is one that nobody asked for.
        """
        if self._reachable is None:
            self._reachable = self._reach()
        return self._reachable

    def _reach(self) -> frozenset[str]:
        edges, carried = self.edges, self.carried
        reached = set(self.resolution.roots)
        waiting = list(reached)
        while waiting:
            key = waiting.pop()
            for edge in edges.get(key, ()):
                target, via = edge.target, edge.via
                if target is not None and target.key not in reached:
                    reached.add(target.key)
                    waiting.append(target.key)
                if via and via not in reached:
                    reached.add(via)
                    waiting.append(via)
            for answer in carried.get(key, ()):
                if answer not in reached:
                    reached.add(answer)
                    waiting.append(answer)
        return frozenset(reached)

    def forget(self) -> None:
        """Let go of what refers in circles; the graph cannot be asked any more."""
        release = getattr(self.resolution, "forget", None)
        if release is not None:
            release()


def _turned(carried: Mapping[str, tuple[str, ...]]) -> Mapping[str, list[str]]:
    """Key -> the keys that carry it; states that carry the same share what they carry."""
    for known, found in _TURNED:
        if known is carried:
            return found
    turned: dict[str, list[str]] = {}
    for carrier, keys in carried.items():
        for key in keys:
            turned.setdefault(key, []).append(carrier)
    _TURNED[:] = [(carried, turned)]
    return turned


# The last that was turned.
_TURNED: Final[list[tuple[Mapping[str, tuple[str, ...]], Mapping[str, list[str]]]]] = []


def _answers(edge: Edge) -> tuple[str, ...]:
    if edge.target is None:
        return (edge.via,) if edge.via else ()
    return (edge.via, edge.target.key) if edge.via else (edge.target.key,)


def build(
    lockfile: Lockfile,
    manifests: Mapping[str, Manifest],
    directives: Callable[[], Directives] = Directives,
) -> Graph:
    """The graph of a lockfile; see the module for ``manifests`` and ``directives``."""
    return Graph(_resolver(lockfile.format).resolve(lockfile, manifests, directives))


def _resolver(form: str) -> Resolver:
    name = RESOLVERS[form]
    return __import__(name, fromlist=("resolve",))  # Any; tests/policy/test_tables.py
