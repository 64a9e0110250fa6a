"""What is staged, and whether any of it matters.

One ``diff-index`` decides.  Nothing is listed, read or imported before
something matters: most commits have no JavaScript in them.
"""

from __future__ import annotations

from lockward_hooks.diff import matters
from lockward_hooks.git import EMPTY_TREES, INVISIBLE, RAW, GitError, is_oid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward_hooks.git import Git

# `git merge` tells its hooks the other parents in variables named after them;
# MERGE_HEAD is written only when the merge stops for the user.
_HEAD_VARIABLE: Final = "GITHEAD_"
_DIFF: Final = ("diff-index", "--cached", *RAW, INVISIBLE)


class Differences:
    """What git wrote of the differences to each parent; ``first`` = there is no parent."""

    __slots__ = ("first", "lists")

    def __init__(self, *lists: bytes, first: bool = False) -> None:
        self.lists: Final = lists
        self.first: Final = first


def differences(git: Git, environ: Mapping[str, str]) -> Differences | None:
    """How the index differs from each parent of the next commit.

    None when nothing in it matters to any rule, against one parent at least:
    such a commit introduces nothing.
    """
    found: list[bytes] = []
    for parent in ("HEAD", *merged(git, environ)):
        try:
            data = git.output(*_DIFF, parent, "--")
        except GitError:
            if parent == "HEAD" and _unborn(git):
                return _first(git)
            raise
        if not _matters(data):
            return None
        found.append(data)
    return Differences(*found)


def merged(git: Git, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The parents beside HEAD that the next commit will have."""
    try:
        with open(f"{git.directory}/MERGE_HEAD", encoding="ascii") as file:
            found = file.read().split()
    except FileNotFoundError:
        prefix = _HEAD_VARIABLE
        found = [name.removeprefix(prefix) for name in environ if name.startswith(prefix)]
    except (OSError, ValueError):
        raise GitError("cannot be read", path="MERGE_HEAD") from None
    wrong = [oid for oid in found if not is_oid(oid)]
    if wrong:
        raise GitError(f"holds {wrong[0][:64]!r}, which is no commit", path="MERGE_HEAD")
    return tuple(found)


def _unborn(git: Git) -> bool:
    """Whether HEAD names a branch without commits: the one way to have no HEAD and be sound."""
    branch = git.start("symbolic-ref", "--quiet", "HEAD").output(1).strip()
    if not branch:
        return False
    found = git.output("for-each-ref", "--count=1", branch.decode("utf-8", "surrogateescape"))
    return not found


def _first(git: Git) -> Differences | None:
    """What the first commit will hold: the difference to nothing, in either object format."""
    try:
        data = git.output(*_DIFF, EMPTY_TREES[0], "--")
    except GitError:
        data = git.output(*_DIFF, EMPTY_TREES[1], "--")
    return Differences(data, first=True) if _matters(data) else None


def _matters(data: bytes) -> bool:
    return any(matters(path) for path in data.split(b"\0")[1::2])
