"""YAML with sequences of mappings, as the settings of Yarn hold plugins; for `lockward.yamlread`.

PyYAML and the grammar of all of YAML would cost such a small file as much as the
rest of a judgement.  The lines are those of yamlread; proven equal with it.
"""

from __future__ import annotations

from lockward.yamlread import one_entry, one_item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.yamlread import Mapping, Value

LONGEST: Final = 1 << 16  # characters: what people write by hand
_DEEPEST: Final = 24


class _OutsideError(Exception):
    """A line that this reader does not take."""


def document(text: str) -> Mapping | None:
    """The mapping that a document holds; None outside the subset."""
    if len(text) > LONGEST:
        return None
    rows: list[tuple[int, str]] = []
    for line in text.split("\n"):
        body = line.lstrip(" ")
        if body[:1] == "#" or not line:
            continue
        if not body:
            return None
        rows.append((len(line) - len(body), body))
    try:
        found, end = _Reader(rows).mapping(0, 0, 0)
    except _OutsideError:
        return None
    return found if end == len(rows) else None


class _Reader:
    """Lines as indent and the rest; each method gives a value and the row behind it."""

    def __init__(self, rows: list[tuple[int, str]]) -> None:
        self._rows: Final = rows

    def mapping(self, at: int, indent: int, depth: int) -> tuple[Mapping, int]:
        """The entries from a row on that stand at an indent."""
        rows = self._rows
        found: Mapping = {}
        while at < len(rows) and rows[at][0] == indent:
            entry = None if rows[at][1][0] == "-" else one_entry(rows[at][1])
            if entry is None or entry[0] in found:
                raise _OutsideError
            key, value = entry
            at += 1
            if value is None:
                value, at = self._below(at, indent, depth)
            found[key] = value
        self._ends(at, indent)
        return found, at

    def _below(self, at: int, indent: int, depth: int) -> tuple[Value, int]:
        """What a key without a value on its line holds: a sequence may stand at its own indent."""
        inner, body = self._rows[at] if at < len(self._rows) else (-1, " ")
        if depth > _DEEPEST or inner < indent or (inner == indent and body[0] != "-"):
            raise _OutsideError
        if body[0] == "-":
            return self._sequence(at, inner, depth + 1)
        return self.mapping(at, inner, depth + 1)

    def _sequence(self, at: int, indent: int, depth: int) -> tuple[list[Value], int]:
        rows = self._rows
        found: list[Value] = []
        while at < len(rows) and rows[at][0] == indent and rows[at][1][0] == "-":
            body = rows[at][1]
            item = one_item(body)
            if item is not None:
                at += 1
            elif body[:2] == "- " and body[2:3] not in ("", " ", "-"):
                rows[at] = (indent + 2, body[2:])
                item, at = self.mapping(at, indent + 2, depth)
            else:
                raise _OutsideError
            found.append(item)
        self._ends(at, indent)
        return found, at

    def _ends(self, at: int, indent: int) -> None:
        """Refuse a deeper line behind a whole value: YAML would take it for more of that."""
        if at < len(self._rows) and self._rows[at][0] > indent:
            raise _OutsideError
