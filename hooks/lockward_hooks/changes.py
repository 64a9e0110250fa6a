"""From git's lists of differences to the changes that the engine judges."""

from __future__ import annotations

from lockward.model import Change
from lockward.paths import folder_of
from lockward.relevant import kind
from lockward_hooks.diff import matters, rows
from lockward_hooks.git import RAW, is_zero
from lockward_hooks.objects import HEAD_TREE
from lockward_hooks.overlay import HeadTrees
from lockward_hooks.trees import CommitTree, EarlierTree, IndexTree, StagedTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from lockward_hooks.diff import Row
    from lockward_hooks.git import Git
    from lockward_hooks.listing import Listing
    from lockward_hooks.objects import Objects
    from lockward_hooks.staged import Differences
    from lockward_hooks.trees import ObjectTree


def staged(git: Git, objects: Objects, found: Differences) -> tuple[Change, ...]:
    """What the next commit will change, against each of its parents."""
    lists = [tuple(rows(data)) for data in found.lists]
    if len(lists) == 1 and not (found.first or any(row.unmerged for row in lists[0])):
        return (_against_head(git, objects, lists[0]),)
    after = IndexTree(git, objects)
    objects.ahead(_wanted(lists[0]))
    if found.first:
        return (Change(None, after, (row.path for row in lists[0])),)
    return tuple(turned_back(after, each) for each in lists)


def _against_head(git: Git, objects: Objects, differences: tuple[Row, ...]) -> Change:
    """The commonest: one parent, whose tree and the differences to it say all."""
    objects.ahead((HEAD_TREE, *_wanted(differences)))
    trees = HeadTrees(objects)
    whole: list[ObjectTree] = []

    def index() -> ObjectTree:
        if not whole:
            whole.append(IndexTree(git, objects))
        return whole[0]

    touched = {folder_of(row.path) for row in differences}

    def alike(folder: str) -> Listing | None:
        return whole[0].listed if whole and folder not in touched else None

    after = StagedTree(trees, differences, index, alike)
    before = StagedTree(trees, (), lambda: EarlierTree(index(), differences), alike)
    return Change(before, after, (row.path for row in differences))


def between(git: Git, objects: Objects, before: str, after: str) -> Change:
    """What leads from one commit ("" = from nothing) to another."""
    tree = CommitTree(git, objects, after)
    if not before:
        if not tree.entries():
            tree.check_empty()
        return Change(None, tree, tree.entries())
    return turned_back(tree, tuple(rows(git.output("diff-tree", "-r", *RAW, before, after, "--"))))


def turned_back(after: ObjectTree, differences: tuple[Row, ...]) -> Change:
    """The change that led to ``after`` by these differences."""
    return Change(EarlierTree(after, differences), after, (row.path for row in differences))


def concerns(change: Change) -> bool:
    """Whether any rule looks at a path of a change."""
    return any(kind(path) for path in change.paths)


def _wanted(differences: tuple[Row, ...]) -> Iterator[str]:
    """The ids of the files that a judgement will read first."""
    for row in differences:
        if matters(row.path.encode("utf-8", "surrogateescape")):
            for mode, oid in ((row.new_mode, row.new_oid), (row.old_mode, row.old_oid)):
                if mode.startswith("100") and not is_zero(oid):
                    yield oid
