"""Edges that are drawn one source at a time: of two states that are compared few are asked for."""

from __future__ import annotations

from _collections_abc import Mapping  # what `collections.abc` is, without loading `collections`
from abc import ABC, abstractmethod

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from typing import Final

    from lockward.model import Edge, Lockfile


class OnDemand(Mapping[str, "tuple[Edge, ...]"]):
    """Edges by source key, each drawn when it is asked for.

    ``tree`` draws them and holds what is drawn, but not this: a circle would stay until
    garbage is collected.
    """

    __slots__ = ("_drawn", "_keys", "_tree")

    def __init__(
        self, tree: Sparse, keys: Mapping[str, None], drawn: dict[str, tuple[Edge, ...]]
    ) -> None:
        self._tree: Final = tree
        self._keys: Final = keys
        self._drawn: Final = drawn

    def __getitem__(self, key: str) -> tuple[Edge, ...]:
        found = self._drawn.get(key)
        if found is None:
            if key not in self._keys:
                raise KeyError(key)
            found = self._drawn[key] = self._tree.draw(key)
        return found

    def held(self, key: str) -> tuple[Edge, ...] | None:
        """The edges of a key, if they were drawn before."""
        return self._drawn.get(key)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


class Sparse(ABC):
    """What leads to an entry, found without all edges of a lockfile; for resolvers to build on."""

    __slots__ = ("_asked", "_drawn", "_into", "_keys", "lockfile")

    def __init__(self, lockfile: Lockfile, sources: Iterable[str]) -> None:
        self.lockfile: Final = lockfile
        self._keys: Final = dict.fromkeys(sources)
        self._drawn: Final[dict[str, tuple[Edge, ...]]] = {}
        self._asked = 0
        self._into: dict[str, list[Edge]] | None = None

    @property
    def edges(self) -> OnDemand:
        """See lockward.graph.Resolution."""
        return OnDemand(self, self._keys, self._drawn)

    @abstractmethod
    def draw(self, source: str) -> tuple[Edge, ...]:
        """The edges of one source."""

    @abstractmethod
    def askers(self, names: Iterable[str]) -> Collection[str]:
        """The source keys that may ask for one of some names, or for a package of that name."""

    def into(self, key: str) -> tuple[Edge, ...]:
        """See lockward.graph.Graph."""
        self._asked += 1
        package = self.lockfile.by_key.get(key)
        if package is None or self._asked > _FEW:
            return tuple(self._index().get(key, ()))
        sources = {*self.askers((package.alias,))}
        edges = self.edges
        return tuple(
            edge
            for source in edges
            if source in sources
            for edge in edges[source]
            if edge.via == key or (edge.target is not None and edge.target.key == key)
        )

    def _index(self) -> dict[str, list[Edge]]:
        if self._into is None:
            self._into = {}
            for edges in self.edges.values():
                for edge in edges:
                    if edge.target is not None:
                        self._into.setdefault(edge.target.key, []).append(edge)
                    if edge.via and (edge.target is None or edge.via != edge.target.key):
                        self._into.setdefault(edge.via, []).append(edge)
        return self._into


_FEW: Final = 32  # keys that are looked for one by one; then an index is cheaper


def are_two(path: str) -> bool:
    """Whether no more than two states of a lockfile were asked for: one before and one after.

    From the third on all edges are drawn, for they stay from state to state.
    """
    states = _STATES.pop(path, 0) + 1
    _STATES[path] = states
    while len(_STATES) > _MOST_PATHS:
        del _STATES[next(iter(_STATES))]
    return states <= _PAIR


# Path of a lockfile -> how many states of it there were.
_STATES: Final[dict[str, int]] = {}
_MOST_PATHS: Final = 4
_PAIR: Final = 2
