"""What ``--raw -z`` output says, read by its structure, and which of it matters.

gitformat-diff(5), "RAW OUTPUT FORMAT".  A path may look like anything, also
like a header or an object id, so tokens are told apart by their place only.
"""

from __future__ import annotations

from lockward import relevant
from lockward_hooks.git import GitError, decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

ABSENT: Final = "000000"  # the mode of what is not there
_FIELDS: Final = 5


class Row:
    """One path that differs: mode and object id on either side (ABSENT = not there)."""

    __slots__ = ("new_mode", "new_oid", "old_mode", "old_oid", "path", "unmerged")

    def __init__(self, header: bytes, path: bytes) -> None:
        fields = header[1:].decode("ascii", "replace").split(" ")
        if len(fields) != _FIELDS or header[:1] != b":" or not path:
            raise GitError(f"git wrote {header[:80]!r} where a difference was expected")
        self.old_mode: Final = fields[0]
        self.new_mode: Final = fields[1]
        self.old_oid: Final = fields[2]
        self.new_oid: Final = fields[3]
        self.unmerged: Final = fields[4] == "U"  # a conflict that nobody has resolved yet
        self.path: Final = decoded(path)


def rows(data: bytes) -> Iterator[Row]:
    """The rows of a diff between two states: ``:header NUL path NUL`` again and again."""
    tokens = data.split(b"\0")
    if tokens.pop() or len(tokens) % 2:
        raise GitError("git's list of differences is cut off")
    for at in range(0, len(tokens), 2):
        yield Row(tokens[at], tokens[at + 1])


def matters(path: bytes) -> bool:
    """Whether any rule looks at a path."""
    return relevant.kind(decoded(path)) != ""
