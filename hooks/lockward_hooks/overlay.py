"""What is staged, as HEAD's tree and the differences to it: one folder at a time.

A repository has thousands of files and a commit needs those of one folder.  Git
has told every difference between HEAD and the index, so the index is HEAD's
tree with these in it; a folder is read from its tree object when somebody asks
for a path in it.  Who asks for every path gets git's own list of the index; from
then on that answers for every folder without a difference, in both states.
"""

from __future__ import annotations

from _collections_abc import Mapping  # what `collections.abc` is, without loading `collections`

from lockward.errors import TreeError
from lockward.model import TreeEntry
from lockward_hooks.diff import ABSENT
from lockward_hooks.git import GitError, decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Final

    from lockward_hooks.diff import Row
    from lockward_hooks.listing import Listing
    from lockward_hooks.objects import Objects

    Folder = dict[str, TreeEntry]

_TREE: Final = "40000"
_MADE: Final = TreeEntry(_TREE, "")  # a folder that HEAD does not have


class HeadTrees:
    """The folders of HEAD's tree, each read once."""

    __slots__ = ("_known", "_root", "objects")

    def __init__(self, objects: Objects) -> None:
        self.objects: Final = objects
        self._root: Final[list[Folder]] = []
        self._known: Final[dict[str, Folder]] = {}

    def root(self) -> Folder:
        """What lies at the top."""
        if not self._root:
            oid, data = self.objects.head_tree()
            self._root.append(members(data, len(oid) // 2, ""))
        return self._root[0]

    def inside(self, oid: str, folder: str) -> Folder:
        """What lies in the tree of an id."""
        found = self._known.get(oid)
        if found is None:
            data = self.objects.read(oid, "tree")
            found = self._known[oid] = members(data, len(oid) // 2, folder)
        return found


def members(data: bytes, length: int, folder: str) -> Folder:
    """A tree object's entries by name: ``mode SP name NUL id``, the id of so many bytes."""
    found: Folder = {}
    start = 0
    while start < len(data):
        end = data.find(b"\0", start)
        mode, space, name = data[start:end].partition(b" ")
        start = end + 1 + length
        text = decoded(name)
        if end < 0 or not space or not name or start > len(data):
            raise GitError("git's tree of it is cut off", path=folder)
        if text in found:
            fault = "is in the tree twice: the one shown is not the one checked out"
            raise GitError(fault, path=f"{folder}/{text}".lstrip("/"))
        found[text] = TreeEntry(mode.decode("ascii", "replace"), data[end + 1 : start].hex())
    return found


class Overlay(Mapping[str, TreeEntry]):
    """Path -> entry, of HEAD's tree with differences in it; ``whole`` lists all of it.

    ``alike`` gives a listing that holds of one folder what this state does, when there is one.
    """

    __slots__ = ("_alike", "_changed", "_folders", "_made", "_trees", "_whole", "_whole_list")

    def __init__(
        self,
        trees: HeadTrees,
        differences: Iterable[Row],
        whole: Callable[[], Listing],
        alike: Callable[[str], Listing | None],
    ) -> None:
        self._trees: Final = trees
        self._alike: Final = alike
        self._whole: Final = whole
        self._whole_list: Listing | None = None
        self._folders: Final[dict[str, Folder]] = {}
        self._changed: Final[dict[str, dict[str, Row]]] = {}
        self._made: Final[dict[str, set[str]]] = {}
        for row in differences:
            folder, _, name = row.path.rpartition("/")
            self._changed.setdefault(folder, {})[name] = row
            while folder and row.new_mode != ABSENT:
                folder, _, name = folder.rpartition("/")
                self._made.setdefault(folder, set()).add(name)

    def __getitem__(self, path: str) -> TreeEntry:
        folder, slash, name = path.rpartition("/")
        listed = None if folder in self._folders else self._alike(folder)
        if listed is not None:
            return listed[path]
        found = None if slash and not folder else self._folder(folder).get(name)
        if found is None or found.mode == _TREE:
            raise KeyError(path)
        return found

    def within(self, folder: str) -> tuple[list[str], list[str]]:
        """The paths of the files in one folder, and the names of the folders in it."""
        found = self._folder(folder)
        start = f"{folder}/" if folder else ""
        files = [f"{start}{name}" for name, entry in found.items() if entry.mode != _TREE]
        return files, [name for name, entry in found.items() if entry.mode == _TREE]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> Listing:
        if self._whole_list is None:
            self._whole_list = self._whole()
        return self._whole_list

    def _folder(self, folder: str) -> Folder:
        found = self._folders.get(folder)
        if found is None:
            try:
                found = self._overlaid(folder, self._of_head(folder))
            except TreeError as fault:
                self._trees.objects.fault = fault  # whatever a rule makes of it
                raise
            self._folders[folder] = found
        return found

    def _of_head(self, folder: str) -> Folder:
        """What HEAD holds in a folder; nothing when the folder is not there."""
        found = self._trees.root()
        for name in folder.split("/") if folder else ():
            entry = found.get(name)
            if entry is None or entry.mode != _TREE:
                return {}
            found = self._trees.inside(entry.oid, folder)
        return found

    def _overlaid(self, folder: str, stood: Folder) -> Folder:
        """The same with the differences in it."""
        found = stood.copy()
        for name, row in self._changed.get(folder, {}).items():
            _agree(row, stood.get(name))
            found.pop(name, None)
            if row.new_mode != ABSENT:
                found[name] = TreeEntry(row.new_mode, row.new_oid)
        for name in self._made.get(folder, ()):
            found.setdefault(name, _MADE)
        return found


def _agree(row: Row, old: TreeEntry | None) -> None:
    """Raise unless HEAD holds what a difference leads from: git answered both in full.

    A file may take a folder's place: what was in that has differences of its own.
    """
    stood = (ABSENT, "") if old is None or old.mode == _TREE else (old.mode, old.oid)
    told = (ABSENT, "") if row.old_mode == ABSENT else (row.old_mode, row.old_oid)
    if stood != told:
        raise GitError("git's tree of HEAD and its list of differences disagree", path=row.path)
