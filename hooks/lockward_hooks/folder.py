"""A folder as it lies on the disk, as model.Tree: what ``lockward scan PATH`` judges."""

from __future__ import annotations

import os
import stat

from lockward.errors import NotAFileError, TooLargeError, TreeError
from lockward.model import TreeEntry
from lockward_hooks.git import Git, GitError, decoded, directory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

# What package managers write below a project is not the project's.
SKIPPED: Final = frozenset({".git", "node_modules"})


class FolderTree:
    """The files of a folder; in a git working tree those that git does not ignore.

    Symbolic links are entries of their own and are never followed, neither
    the last part of a path nor a folder on the way to it.
    """

    def __init__(self, top: str, environ: Mapping[str, str]) -> None:
        if not os.path.isdir(top):
            raise TreeError("there is no such folder", path=top)
        self._top: Final = os.path.realpath(top)
        self._environ: Final = environ
        self._entries: dict[str, TreeEntry] | None = None

    def entries(self) -> Mapping[str, TreeEntry]:
        """See model.Tree.entries; the object id is the path, so that no two are equal."""
        if self._entries is None:
            self._entries = dict(self._list())
        return self._entries

    def _list(self) -> Iterator[tuple[str, TreeEntry]]:
        known = self._known_to_git()
        for path in self._walk() if known is None else known:
            mode = self._mode(path)
            if mode:
                yield path, TreeEntry(mode, f"file:{path}")

    def _known_to_git(self) -> list[str] | None:
        """Tracked files and new ones that are not ignored; None outside of a working tree."""
        environ = {**self._environ, "GIT_DIR": ""}
        try:
            git_directory, top = directory(self._top, environ)
        except GitError:
            return None
        if not top or _inside(self._top, git_directory):
            return None
        git = Git(self._top, environ)
        git.env["GIT_WORK_TREE"] = top
        listed = git.output_in(
            self._top, "ls-files", "-z", "--cached", "--others", "--exclude-standard"
        )
        paths = {decoded(path) for path in listed.split(b"\0") if path}
        return sorted(path for path in paths if not SKIPPED.intersection(path.split("/")))

    def _walk(self) -> Iterator[str]:
        """Every path below the top that is not a folder."""
        folders = [""]
        while folders:
            folder = folders.pop()
            for entry in sorted(self._scandir(folder), key=lambda entry: entry.name):
                path = f"{folder}{entry.name}"
                if not entry.is_dir(follow_symlinks=False):
                    yield path
                elif entry.name not in SKIPPED:
                    folders.append(f"{path}/")

    def _scandir(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(f"{self._top}/{folder}") as found:
                return list(found)
        except OSError as error:
            raise TreeError(f"cannot be listed: {error.strerror}", path=folder or ".") from None

    def _mode(self, path: str) -> str:
        """The mode that git would record; "" for what is gone, and for folders."""
        try:
            kind = os.lstat(f"{self._top}/{path}").st_mode
        except OSError:
            return ""
        if stat.S_ISLNK(kind) or not self._within(path):
            return "120000"
        if stat.S_ISDIR(kind):
            return "160000" if os.path.lexists(f"{self._top}/{path}/.git") else ""
        return "100644" if stat.S_ISREG(kind) else "000000"

    def _within(self, path: str) -> bool:
        """Whether no folder on the way to a path is a symbolic link."""
        folder = os.path.dirname(f"{self._top}/{path}")
        return os.path.realpath(folder) == os.path.normpath(folder)

    def read(self, path: str, limit: int | None = None) -> bytes | None:
        """See model.Tree.read."""
        entry = self.entries().get(path)
        if entry is None:
            return None
        if not entry.mode.startswith("100"):
            raise NotAFileError("is not a regular file", path=path)
        try:
            number = os.open(f"{self._top}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with open(number, "rb") as file:
                data = file.read(-1 if limit is None else limit + 1)
        except OSError as error:
            raise TreeError(f"cannot be read: {error.strerror}", path=path) from None
        if limit is not None and len(data) > limit:
            raise TooLargeError(f"is longer than {limit} bytes", path=path)
        return data


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")
