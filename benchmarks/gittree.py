"""Commits of a git directory as trees, for programs that walk a history: plain and cached."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from lockward.model import TreeEntry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


_KEPT = 32 << 20  # bytes of blobs


class History:
    """A repository's objects, read through one ``git cat-file --batch``."""

    def __init__(self, git_dir: str) -> None:
        self.git_dir = git_dir
        self._batch = subprocess.Popen(
            ["git", "--git-dir", git_dir, "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._blobs: dict[str, bytes] = {}
        self._held = 0  # bytes of them
        self._trees: dict[str, CommitTree] = {}

    def output(self, *args: str) -> bytes:
        """What a git command prints."""
        return subprocess.run(
            ["git", "--git-dir", self.git_dir, *args], check=True, capture_output=True
        ).stdout

    def blob(self, oid: str) -> bytes:
        """A blob's bytes, by its id or ``commit:path``; b"" when there is none.

        The last few commits' worth of them are kept.
        """
        known = self._blobs.get(oid)
        if known is not None:
            return known
        assert self._batch.stdin is not None
        assert self._batch.stdout is not None
        self._batch.stdin.write(f"{oid}\n".encode())
        self._batch.stdin.flush()
        header = self._batch.stdout.readline().split()
        if header[-1] == b"missing":
            return b""
        data = self._batch.stdout.read(int(header[2]))
        self._batch.stdout.read(1)
        if self._held > _KEPT:
            self._blobs.clear()
            self._held = 0
        self._blobs[oid] = data
        self._held += len(data)
        return data

    def tree(self, commit: str) -> CommitTree:
        """The state of a commit; the last few are kept."""
        if commit not in self._trees:
            if len(self._trees) > 4:  # noqa: PLR2004 - before, after, and a little
                self._trees.clear()
            self._trees[commit] = CommitTree(self, commit)
        return self._trees[commit]

    def changes(self, name: str) -> Iterator[tuple[str, str, list[str]]]:
        """(commit, first parent, lockfiles changed), oldest first, along first parents.

        Lockfiles under node_modules and in tests' fixtures are nobody's.
        """
        log = self.output(
            *("log", "--first-parent", "-m", "--format=%x00%H %P", "--name-only"),
            *("HEAD", "--", f":(glob)**/{name}"),
        ).decode()
        for block in reversed(log.split("\0")[1:]):
            head, *paths = [line for line in block.split("\n") if line]
            commit, *parents = head.split()
            own = [path for path in paths if not is_fixture(path)]
            if own and parents:
                yield commit, parents[0], own


def is_fixture(path: str) -> bool:
    """Whether a lockfile is a test's own, or lies under node_modules: nobody installs from it."""
    parts = path.split("/")
    return any("fixture" in part or part in ("node_modules", "test", "tests") for part in parts)


class CommitTree:
    """A model.Tree over one commit, without node_modules."""

    def __init__(self, history: History, commit: str) -> None:
        self._history = history
        self._entries: dict[str, TreeEntry] = {}
        for line in history.output("ls-tree", "-r", "-z", commit).split(b"\0"):
            head, tab, raw = line.partition(b"\t")
            path = raw.decode("utf-8", "surrogateescape")
            if tab and "node_modules/" not in path:
                mode, _, oid = head.decode().split()
                self._entries[path] = TreeEntry(mode, oid)

    def entries(self) -> Mapping[str, TreeEntry]:
        """See model.Tree."""
        return self._entries

    def read(self, path: str, limit: int | None = None) -> bytes | None:  # noqa: ARG002 - the shape of Tree
        """See model.Tree."""
        entry = self._entries.get(path)
        return None if entry is None else self._history.blob(entry.oid)


class Patched:
    """A tree with some files replaced."""

    def __init__(self, tree: CommitTree, files: Mapping[str, bytes]) -> None:
        self._tree = tree
        self._files = files

    def entries(self) -> Mapping[str, TreeEntry]:
        """See model.Tree."""
        return {**self._tree.entries(), **{path: TreeEntry("100644", "") for path in self._files}}

    def read(self, path: str, limit: int | None = None) -> bytes | None:
        """See model.Tree."""
        return self._files[path] if path in self._files else self._tree.read(path, limit)
