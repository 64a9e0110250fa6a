"""What a push asks for: the ref updates that git hands to its hooks, in bytes.

githooks(5): pre-receive gets ``old SP new SP ref LF``; pre-push gets
``local ref SP local id SP remote ref SP remote id LF``.  A ref name may hold
any byte but NUL, space and a few others; it is shown, never given to git.
"""

from __future__ import annotations

from lockward_hooks.git import GitError, decoded, is_oid, is_zero

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final


class RefUpdate:
    """One ref: the id it has (zero = it is new) and the id it is to get (zero = it goes)."""

    __slots__ = ("new", "old", "ref")

    def __init__(self, old: str, new: str, ref: str) -> None:
        if not (is_oid(old) and is_oid(new) and ref):
            raise GitError(f"is no update of a ref: {old[:64]!r} {new[:64]!r} {ref[:64]!r}")
        self.old: Final = old
        self.new: Final = new
        self.ref: Final = ref

    @property
    def deletes(self) -> bool:
        """Whether the ref goes."""
        return is_zero(self.new)

    @property
    def creates(self) -> bool:
        """Whether the ref is new."""
        return is_zero(self.old)


def received(data: bytes) -> list[RefUpdate]:
    """The lines of a pre-receive hook's standard input."""
    updates = []
    for line in _lines(data):
        old, _, rest = line.partition(b" ")
        new, _, ref = rest.partition(b" ")
        updates.append(RefUpdate(_ascii(old), _ascii(new), decoded(ref)))
    return updates


def pushed(data: bytes) -> list[RefUpdate]:
    """The lines of a pre-push hook's standard input, under the remote refs' names."""
    updates = []
    for line in _lines(data):
        # The local "ref" may be any expression (HEAD@{1 day ago}): read from the right.
        fields = line.rsplit(b" ", 3)
        if len(fields) != 4:  # noqa: PLR2004 - the four fields of githooks(5)
            raise GitError(f"is no line of a push: {line[:80]!r}")
        updates.append(RefUpdate(_ascii(fields[3]), _ascii(fields[1]), decoded(fields[2])))
    return updates


def _lines(data: bytes) -> list[bytes]:
    return [line for line in data.split(b"\n") if line]


def _ascii(data: bytes) -> str:
    return data.decode("ascii", "backslashreplace")
