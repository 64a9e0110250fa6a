"""Folders of a tree, each looked at when somebody asks for it.

A commit mostly needs the folder that it changed; a repository has thousands.
"""

from __future__ import annotations

from _collections_abc import Mapping  # what `collections.abc` is, without loading `collections`

from lockward.paths import folder_of
from lockward.relevant import folded, kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Final

    from lockward.model import Tree

    # The paths of the files in a folder, and the names of the folders in it.
    Within = Callable[[str], tuple[Sequence[str], Sequence[str]]]


class Folders(Mapping[str, tuple[str, ...]]):
    """Folder -> the paths of ours in it; a folder without any is none.

    ``within`` tells what lies in one folder, ``whole`` lists every one when
    somebody asks for all of them.
    """

    __slots__ = ("_all", "_is_ours", "_known", "_whole", "_within")

    def __init__(
        self,
        within: Within,
        is_ours: Callable[[str], bool],
        whole: Callable[[], Mapping[str, Sequence[str]]],
    ) -> None:
        self._within: Final = within
        self._is_ours: Final = is_ours
        self._whole: Final = whole
        self._known: Final[dict[str, tuple[str, ...]]] = {}
        self._all: dict[str, tuple[str, ...]] | None = None

    def __getitem__(self, folder: str) -> tuple[str, ...]:
        if self._all is not None:
            return self._all[folder]
        found = self._known.get(folder)
        if found is None:
            found = self._known[folder] = tuple(filter(self._is_ours, self._within(folder)[0]))
        if not found:
            raise KeyError(folder)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._every())

    def __len__(self) -> int:
        return len(self._every())

    def _every(self) -> dict[str, tuple[str, ...]]:
        if self._all is None:
            self._all = {folder: tuple(paths) for folder, paths in self._whole().items()}
        return self._all

    def alone(self, folder: str) -> bool:
        """Whether no other folder can be this one on a disk that ignores case, as far as known.

        Known of the top: nothing in it has a name that such a disk takes for none.
        """
        return not folder and all(map(folded, self._within("")[1]))


def folders_of(tree: Tree) -> Mapping[str, tuple[str, ...]]:
    """What Repository.folders gives, for a project that is built alone."""
    folders: dict[str, tuple[str, ...]] = {}
    for path in tree.entries():
        if kind(path) in ("lockfile", "manifest", "settings", "policy"):
            folder = folder_of(path)
            folders[folder] = (*folders.get(folder, ()), path)
    return folders
