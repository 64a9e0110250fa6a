"""Edges that are drawn one source at a time: of two states that are compared few are asked for."""

from __future__ import annotations

from _collections_abc import Mapping  # what `collections.abc` is, without loading `collections`

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Final

    from lockward.model import Edge


class OnDemand(Mapping[str, "tuple[Edge, ...]"]):
    """Edges by source key, each drawn when it is asked for."""

    __slots__ = ("_draw", "_drawn", "_keys")

    def __init__(self, draw: Callable[[str], tuple[Edge, ...]], keys: Iterable[str]) -> None:
        self._draw: Final = draw
        self._keys: Final = dict.fromkeys(keys)
        self._drawn: Final[dict[str, tuple[Edge, ...]]] = {}

    def __getitem__(self, key: str) -> tuple[Edge, ...]:
        found = self._drawn.get(key)
        if found is None:
            if key not in self._keys:
                raise KeyError(key)
            found = self._drawn[key] = self._draw(key)
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)
