"""From git's list of differences to the change that the engine judges.

One ``diff-index`` or ``diff-tree`` tells whether a change matters at all; only
then is anything listed, read or imported.
"""

from __future__ import annotations

from lockward.model import Change
from lockward.relevant import kind
from lockward_hooks.diff import matters, rows
from lockward_hooks.git import EMPTY_TREES, RAW, GitError, is_oid, is_zero
from lockward_hooks.trees import INVISIBLE, CommitTree, EarlierTree, IndexTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward_hooks.diff import Row
    from lockward_hooks.git import Git
    from lockward_hooks.objects import Objects
    from lockward_hooks.trees import ObjectTree

# `git merge` tells its hooks the other parents in variables named after them;
# MERGE_HEAD is written only when the merge stops for the user.
_HEAD_VARIABLE: Final = "GITHEAD_"
_FAILED: Final = 128


def staged(git: Git, objects: Objects, environ: Mapping[str, str]) -> tuple[Change, ...]:
    """What the next commit will change, against each of its parents.

    () when nothing in it matters to any rule against one of them: such a
    commit introduces nothing.
    """
    differences: list[bytes] = []
    for parent in ("HEAD", *merged(git, environ)):
        data = _against(git, parent)
        if data is None:
            return _first(git, objects)
        if not _relevant(data):
            return ()
        differences.append(data)
    after = IndexTree(git, objects)
    lists = [tuple(rows(data)) for data in differences]
    objects.ahead(_wanted(lists[0]))
    return tuple(turned_back(after, each) for each in lists)


def between(git: Git, objects: Objects, before: str, after: str) -> Change:
    """What leads from one commit ("" = from nothing) to another."""
    tree = CommitTree(git, objects, after)
    if not before:
        return Change(None, tree, tree.entries())
    return turned_back(tree, tuple(rows(git.output("diff-tree", "-r", *RAW, before, after, "--"))))


def turned_back(after: ObjectTree, differences: tuple[Row, ...]) -> Change:
    """The change that led to ``after`` by these differences."""
    return Change(EarlierTree(after, differences), after, (row.path for row in differences))


def concerns(change: Change) -> bool:
    """Whether any rule looks at a path of a change."""
    return any(kind(path) for path in change.paths)


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


def _against(git: Git, commit: str) -> bytes | None:
    """The differences from a commit to the index; None while there is no commit at all."""
    running = git.start("diff-index", "--cached", *RAW, INVISIBLE, commit, "--")
    try:
        return running.output()
    except GitError:
        if commit == "HEAD" and _unborn(git):
            return None
        raise


def _unborn(git: Git) -> bool:
    """Whether HEAD names a branch without commits: the one way to have no HEAD and be sound."""
    branch = git.start("symbolic-ref", "--quiet", "HEAD").output(1).strip()
    if not branch:
        return False
    found = git.output("for-each-ref", "--count=1", branch.decode("utf-8", "surrogateescape"))
    return not found


def _first(git: Git, objects: Objects) -> tuple[Change, ...]:
    """What the first commit of a repository will hold."""
    for nothing in EMPTY_TREES:
        running = git.start("diff-index", "--cached", *RAW, INVISIBLE, nothing, "--")
        data = running.output(_FAILED)
        if _relevant(data):
            paths = [row.path for row in rows(data)]
            return (Change(None, IndexTree(git, objects), paths),)
    return ()


def _relevant(data: bytes) -> bool:
    return any(matters(path) for path in data.split(b"\0")[1::2])


def _wanted(differences: tuple[Row, ...]) -> Iterator[str]:
    """The ids of the files that a judgement will read first."""
    for row in differences:
        if matters(row.path.encode("utf-8", "surrogateescape")):
            for mode, oid in ((row.new_mode, row.new_oid), (row.old_mode, row.old_oid)):
                if mode.startswith("100") and not is_zero(oid):
                    yield oid
