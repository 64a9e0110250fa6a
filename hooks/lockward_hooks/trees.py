"""States of a repository as model.Tree: the index, a commit, and what preceded one.

A listing is read when it is first asked for, an object when a rule reads it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod  # the interpreter has loaded it anyway

from lockward import relevant
from lockward.errors import NotAFileError, TooLargeError, TreeError
from lockward_hooks.diff import rows
from lockward_hooks.git import EMPTY_TREES, INVISIBLE, RAW, GitError
from lockward_hooks.overlay import Overlay

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Final

    from lockward.model import TreeEntry
    from lockward_hooks.diff import Row
    from lockward_hooks.git import Git, Running
    from lockward_hooks.listing import Listing
    from lockward_hooks.objects import Objects
    from lockward_hooks.overlay import HeadTrees

_FILE_MODES: Final = "100"
_KINDS: Final = {"120000": "a symbolic link", "160000": "a submodule"}
# The blob without content: what the index holds for `git add --intent-to-add`.
_EMPTY_BLOBS: Final = (
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)


class BlobTree(ABC):
    """A tree whose files are git objects."""

    def __init__(self, objects: Objects) -> None:
        self.objects: Final = objects

    @abstractmethod
    def entries(self) -> Mapping[str, TreeEntry]:
        """See model.Tree.entries."""

    def ahead(self, paths: Iterable[str]) -> None:
        """Ask git for some files already, which will be read next and in this order."""
        entries = self.entries()
        found = (entries[path] for path in paths if path in entries)
        self.objects.ahead(one.oid for one in found if one.mode.startswith(_FILE_MODES))

    def read(self, path: str, limit: int | None = None) -> bytes | None:
        """See model.Tree.read."""
        entries = self.entries()
        if path not in entries:
            return None
        entry = entries[path]
        if not entry.mode.startswith(_FILE_MODES):
            kind = _KINDS.get(entry.mode, f"of mode {entry.mode}")
            raise NotAFileError(f"is {kind}, not a file", path=path)
        try:
            return self.objects.read(entry.oid, "blob", limit)
        except TooLargeError:
            raise TooLargeError(f"is longer than {limit} bytes", path=path) from None
        except TreeError as error:
            self.objects.fault = GitError(error.message, path=path)
            raise self.objects.fault from None


class ObjectTree(BlobTree):
    """One that git lists; a kind of tree says how."""

    def __init__(self, objects: Objects) -> None:
        super().__init__(objects)
        self._entries: Listing | None = None

    @property
    def listed(self) -> Listing | None:
        """The entries, when somebody asked for them before."""
        return self._entries

    @abstractmethod
    def _list(self) -> Listing:
        """Every file, from git."""

    def entries(self) -> Listing:
        """See model.Tree.entries."""
        if self._entries is None:
            try:
                self._entries = self._list()
            except TreeError as fault:
                self.objects.fault = fault
                raise
        return self._entries


class StagedTree(BlobTree):
    """The index, or HEAD (no differences), one folder at a time (overlay.py).

    ``whole`` is the same state, listed when somebody asks for every path.
    """

    def __init__(
        self,
        trees: HeadTrees,
        differences: Iterable[Row],
        whole: Callable[[], ObjectTree],
        alike: Callable[[str], Listing | None],
    ) -> None:
        super().__init__(trees.objects)
        self._overlay: Final = Overlay(trees, differences, lambda: whole().entries(), alike)

    def entries(self) -> Overlay:
        """See model.Tree.entries."""
        return self._overlay


class IndexTree(ObjectTree):
    """What the next commit will hold: the index that git names, never the working tree."""

    def __init__(self, git: Git, objects: Objects) -> None:
        """Start listing at once: git reads the index while we import."""
        super().__init__(objects)
        self._git: Final = git
        self._running: Final[Running] = git.start("ls-files", "-s", "-z")

    def _list(self) -> Listing:
        from lockward_hooks import listing

        data = self._running.output()
        entries = listing.staged(data)
        for empty in _EMPTY_BLOBS:
            if empty.encode() in data:
                self._drop_announced(entries, empty)
        return entries

    def _drop_announced(self, entries: Listing, empty: str) -> None:
        """Drop what is only announced (``git add -N``): a commit leaves it out.

        ``ls-files -s`` shows it as an empty file; a diff against nothing need not.
        """
        place = f" {empty} "
        suspects = [
            path for path, text in entries.table.items() if place in text and relevant.kind(path)
        ]
        if suspects:
            nothing = EMPTY_TREES[len(empty) != len(EMPTY_TREES[0])]
            data = self._git.output("diff-index", "--cached", *RAW, INVISIBLE, nothing, "--")
            real = {row.path for row in rows(data)}
            for path in suspects:
                if path not in real:
                    del entries.table[path]


class CommitTree(ObjectTree):
    """The tree of a commit, or a bare tree, by its id."""

    def __init__(self, git: Git, objects: Objects, oid: str) -> None:
        super().__init__(objects)
        self.oid: Final = oid
        self._git: Final = git

    def _list(self) -> Listing:
        from lockward_hooks import listing

        return listing.recorded(self._git.output("ls-tree", "-r", "-z", "--full-tree", self.oid))

    def check_empty(self) -> None:
        """Raise unless the tree is empty: git's silence does not say so."""
        tree = self._git.output("rev-parse", "--verify", f"{self.oid}^{{tree}}").decode().strip()
        if tree not in EMPTY_TREES:
            raise GitError(f"git listed nothing in {self.oid[:12]}")


class EarlierTree(ObjectTree):
    """The state from which a list of differences leads to another tree.

    So a parent need not be listed: it is the child's listing, turned back.
    """

    def __init__(self, after: ObjectTree, differences: Iterable[Row]) -> None:
        super().__init__(after.objects)
        self._after: Final = after
        self._differences: Final = tuple(differences)

    def _list(self) -> Listing:
        return self._after.entries().turned_back(self._differences)


class LaterTree(BlobTree):
    """A state to which differences lead from another one that was listed before.

    A walk over a history lists one commit, and goes on from there.
    """

    def __init__(self, before: ObjectTree | LaterTree, differences: Iterable[Row]) -> None:
        super().__init__(before.objects)
        self._entries: Final = before.entries().turned_on(differences)

    def entries(self) -> Listing:
        """See model.Tree.entries."""
        return self._entries
