"""A walk over a history, oldest first: which files each commit changed against each parent.

One ``rev-list``, and one ``diff-tree --stdin`` whose output is read as it comes:
nothing grows with the number of commits but their ids.
"""

from __future__ import annotations

import os

from lockward_hooks import process
from lockward_hooks.diff import Row
from lockward_hooks.git import RAW, GitError, is_oid
from lockward_hooks.survey import Helper

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward_hooks.git import Git

_COMPARE: Final = ("diff-tree", "--stdin", "-r", "--root", "--always", *RAW)
_CHUNK: Final = 1 << 16


class Step:
    """One commit against one parent ("" = it has none): ``last`` of the commit's steps or not."""

    __slots__ = ("commit", "last", "parent", "rows")

    def __init__(self, commit: str, parent: str, rows: tuple[Row, ...], *, last: bool) -> None:
        self.commit: Final = commit
        self.parent: Final = parent
        self.rows: Final = rows
        self.last: Final = last


def commits(git: Git, *selection: str) -> list[tuple[str, ...]]:
    """The commits that rev-list selects, oldest first, each with its parents."""
    order = () if "--first-parent" in selection else ("--topo-order",)
    listed = git.output("rev-list", "--reverse", "--parents", *order, *selection, "--").decode()
    found = [tuple(line.split(" ")) for line in listed.splitlines()]
    if "--first-parent" in selection:
        return [line[:2] for line in found]
    return found


def steps(git: Git, listed: list[tuple[str, ...]]) -> Iterator[Step]:
    """What each commit changes against each of its listed parents."""
    pairs = [(commit, parent) for commit, *parents in listed for parent in parents or ("",)]
    given = "".join(f"{commit} {parent}".rstrip() + "\n" for commit, parent in pairs)
    result, compared = os.pipe()
    helper = Helper(git, _COMPARE, process.filled(given.encode()), compared)
    try:
        yield from _read(result, pairs)
        helper.finish()
    finally:
        helper.end()
        process.close(result)


def _read(result: int, pairs: list[tuple[str, str]]) -> Iterator[Step]:
    """``id NUL (:header NUL path NUL)*`` for each pair, by its structure."""
    tokens = _tokens(result)
    token = next(tokens, None)
    for at, (commit, parent) in enumerate(pairs):
        if token is None or token.decode("ascii", "replace") != commit or not is_oid(commit):
            raise GitError(f"git diff-tree answered {token!r:.80} when asked for {commit}")
        rows: list[Row] = []
        token = next(tokens, None)
        while token is not None and token[:1] == b":":
            rows.append(Row(token, next(tokens, b"")))
            token = next(tokens, None)
        last = at + 1 == len(pairs) or pairs[at + 1][0] != commit
        yield Step(commit, parent, tuple(rows), last=last)
    if token is not None:
        raise GitError("git diff-tree answered more than it was asked")


def _tokens(result: int) -> Iterator[bytes]:
    rest = b""
    while piece := os.read(result, _CHUNK):
        found = (rest + piece).split(b"\0")
        rest = found.pop()
        yield from found
    if rest:
        raise GitError("git's list of differences is cut off")
