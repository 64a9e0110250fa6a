"""The documents of a pnpm-lock.yaml: the project's, and since pnpm 11 the environment's before it.

Reference: pnpm, lockfile/fs/yamlDocuments.ts.  pnpm parts them by text, at the
first line ``---`` behind one that begins the file; a YAML parser that sees other
documents than that would judge another lockfile than the one that is installed.
"""

from __future__ import annotations

from lockward import yamlread
from lockward.errors import LockfileError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

BEGIN: Final = "---\n"
_BETWEEN: Final = "\n---\n"


def read(path: str, data: bytes) -> tuple[yamlread.Mapping, yamlread.Mapping | None]:
    """The project's document (empty when there is none yet) and the environment's, None = none.

    Raises LockfileError for what pnpm would read differently, or not at all.
    """
    text = yamlread.decode(path, data, LockfileError).removeprefix("\ufeff")
    _refuse_conflicts(path, text)
    if not text.startswith(BEGIN):
        return _only(path, text), None
    head, between, rest = text.partition(_BETWEEN)
    if not between:
        raise LockfileError(
            "begins with --- and has no second document: pnpm finds no lockfile in it",
            path=path,
            line=1,
        )
    if not rest.strip():
        return {}, _only(path, head)
    documents = yamlread.parse(path, text, LockfileError)
    if len(documents) != 2:  # noqa: PLR2004 - the environment's, and the project's
        raise LockfileError("has documents that pnpm would not write", path=path, line=1)
    return documents[1], documents[0]


def _only(path: str, text: str) -> yamlread.Mapping:
    if not text.strip():
        raise LockfileError("is empty: pnpm finds no lockfile in it", path=path, line=1)
    documents = yamlread.parse(path, text, LockfileError)
    if len(documents) != 1:
        raise LockfileError("has documents that pnpm would not write", path=path, line=1)
    return documents[0]


def places(data: bytes, depth: int = 2) -> dict[str, int]:
    """Where keys stand (yamlread.lines), those of the project's document before the others."""
    whole = data.replace(b"\r\n", b"\n").removeprefix("\ufeff".encode())
    head, between, rest = whole.partition(_BETWEEN.encode())
    if not whole.startswith(BEGIN.encode()) or not between:
        return yamlread.lines(whole, depth)
    above = head.count(b"\n") + 2
    return {
        **yamlread.lines(head, depth),
        **{place: line + above for place, line in yamlread.lines(rest, depth).items()},
    }


def _refuse_conflicts(path: str, text: str) -> None:
    """Merge conflicts: pnpm resolves them by itself and says nothing (autofixMergeConflicts)."""
    for marker in ("<<<<<<< ", ">>>>>>> "):
        at = 0 if text.startswith(marker) else text.find(f"\n{marker}") + 1
        if at or text.startswith(marker):
            line = text.count("\n", 0, at) + 1
            raise LockfileError("holds an unresolved merge conflict", path=path, line=line)
