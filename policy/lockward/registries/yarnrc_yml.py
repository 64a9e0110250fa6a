"""A .yarnrc.yml as leaves: each setting with the keys that lead to it, and its line.

Reference: berry's core, Configuration (FAILSAFE YAML, so every value is a text).
``${NAME}``, ``${NAME-default}`` and ``${NAME:-default}`` are the environment's.
"""

from __future__ import annotations

from lockward import yamlread
from lockward.errors import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    Keys = tuple[str, ...]

FILE: Final = ".yarnrc.yml"
_DEEPEST: Final = 6


def read(path: str, data: bytes) -> yamlread.Mapping:
    """The settings of one file; SettingsError with the line for what readers read differently."""
    documents = yamlread.read(path, data, SettingsError) if data.strip() else []
    if len(documents) > 1:
        raise SettingsError("holds several documents", path=path, line=1)
    document = documents[0] if documents else {}
    if _depth(document) > _DEEPEST:
        raise SettingsError(f"nests more than {_DEEPEST} mappings", path=path, line=1)
    return document


def _depth(document: Mapping[str, object]) -> int:
    """How many mappings lie in one another at most."""
    deepest = 0
    waiting: list[tuple[int, object]] = [(1, document)]
    while waiting:
        depth, node = waiting.pop()
        if isinstance(node, dict):
            deepest = max(deepest, depth)
            waiting.extend((depth + 1, inner) for inner in node.values())
        elif isinstance(node, list):
            waiting.extend((depth + 1, inner) for inner in node)
    return deepest


def leaves(document: Mapping[str, object]) -> Iterator[tuple[Keys, str]]:
    """Every text with its keys, in the order of the file; of a list each item, by its number."""
    stack: list[tuple[Keys, object]] = [((key,), document[key]) for key in reversed([*document])]
    while stack:
        keys, node = stack.pop()
        if isinstance(node, dict):
            stack.extend(((*keys, key), node[key]) for key in reversed(node))
        elif isinstance(node, list):
            stack.extend(((*keys, str(n)), one) for n, one in reversed([*enumerate(node)]))
        elif isinstance(node, str):
            yield keys, node


def line_of(data: bytes) -> Mapping[str, int]:
    """Keys joined by NUL -> line, down to `_DEEPEST`."""
    return yamlread.lines(data, _DEEPEST)
