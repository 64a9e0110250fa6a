"""A listing of a tree as git wrote it; an entry becomes a TreeEntry when it is asked for.

A repository has thousands of files and a commit needs a handful of them.
"""

from __future__ import annotations

from _collections_abc import Mapping  # what `collections.abc` is, without loading `collections`

from lockward.model import TreeEntry
from lockward_hooks.diff import ABSENT
from lockward_hooks.git import GitError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Final

    from lockward_hooks.diff import Row

_FIELDS: Final = 3
_PIECE: Final = 1 << 18  # bytes


class Listing(Mapping[str, TreeEntry]):
    """Path -> entry, over ``path -> "mode … oid …"``; ``field`` is the place of the object id."""

    __slots__ = ("field", "table")

    def __init__(self, table: dict[str, str], field: int) -> None:
        self.table: Final = table
        self.field: Final = field

    def __getitem__(self, path: str) -> TreeEntry:
        fields = self.table[path].split(" ")
        if len(fields) != _FIELDS:
            raise GitError(f"git listed it as {self.table[path][:80]!r}", path=path)
        return TreeEntry(fields[0], fields[self.field])

    def __contains__(self, path: object) -> bool:
        return path in self.table

    def __iter__(self) -> Iterator[str]:
        return iter(self.table)

    def __len__(self) -> int:
        return len(self.table)

    def turned_back(self, differences: Iterable[Row]) -> Listing:
        """The listing from which these differences lead to this one."""
        table = self.table.copy()
        rows = tuple(differences)
        for row in rows:
            self._agree(row)
        for row in rows:
            table.pop(row.path, None)
        for row in rows:
            if row.old_mode != ABSENT:
                table[row.path] = self._written(row.old_mode, row.old_oid)
        return Listing(table, self.field)

    def turned_on(self, differences: Iterable[Row]) -> Listing:
        """The listing to which these differences lead from this one."""
        later = Listing(self.table.copy(), self.field)
        later.turn_on(differences)
        return later

    def turn_on(self, differences: Iterable[Row]) -> None:
        """Apply differences to this listing itself."""
        for row in differences:
            if row.new_mode == ABSENT:
                self.table.pop(row.path, None)
            else:
                self.table[row.path] = self._written(row.new_mode, row.new_oid)

    def _agree(self, row: Row) -> None:
        """Raise unless the listing has what the difference brings: git answered both in full.

        What is gone need not be: `git add -N` announces it again.
        """
        if row.new_mode != ABSENT and row.new_oid not in self.table.get(row.path, "").split(" "):
            fault = "git's list of files and its list of differences disagree"
            raise GitError(fault, path=row.path)

    def _written(self, mode: str, oid: str) -> str:
        fields = [mode, "-", "-"]
        fields[self.field] = oid
        return " ".join(fields)


def staged(data: bytes) -> Listing:
    """What ``ls-files -s -z`` wrote: ``mode oid stage TAB path NUL`` per file."""
    table = _table(data)
    if {place[-2:] for place in table.values()} - {" 0"}:
        path = next(path for path, place in table.items() if place[-2:] != " 0")
        raise GitError("is in conflict, so nothing can be committed yet", path=path)
    return Listing(table, 1)


def recorded(data: bytes) -> Listing:
    """What ``ls-tree -r -z`` wrote: ``mode kind oid TAB path NUL`` per file."""
    return Listing(_table(data), 2)


def _table(data: bytes) -> dict[str, str]:
    if data == b"\0" or data[-1:] not in (b"", b"\0"):
        raise GitError("git's list of files is cut off")
    table: dict[str, str] = {}
    number = 0
    for piece in _pieces(data):
        lines = piece.split("\0")
        number += len(lines)
        table.update({path: place for place, _, path in [line.partition("\t") for line in lines]})
    if len(table) != number:
        _refuse_first_twin(data)
    if "" in table:
        raise GitError("git listed a file without a name")
    return table


def _pieces(data: bytes) -> Iterator[str]:
    """The list in pieces of whole lines, without the last NUL: some trees have 200,000 files."""
    start, last = 0, len(data) - 1
    while start < last:
        end = data.find(b"\0", start + _PIECE)
        end = last if end < 0 else end
        yield data[start:end].decode("utf-8", "surrogateescape")
        start = end + 1


def _refuse_first_twin(data: bytes) -> None:
    seen: set[str] = set()
    for piece in _pieces(data):
        for line in piece.split("\0"):
            place, _, path = line.partition("\t")
            if path in seen:
                _refuse_twin(path, place)
            seen.add(path)


def _refuse_twin(path: str, place: str) -> None:
    """Two entries of one name: git and a checkout take different ones of them."""
    if not path:
        raise GitError(f"git wrote {place[:80]!r} where a file was expected")
    if place[-2:] in {" 1", " 2", " 3"}:
        raise GitError("is in conflict, so nothing can be committed yet", path=path)
    raise GitError("is in the tree twice: the one shown is not the one checked out", path=path)
