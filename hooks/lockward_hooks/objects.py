"""Objects by id, through one long-lived ``git cat-file --batch``.

Ids only are asked for, never ``commit:path``: a path may hold a newline and
would be two questions.  Every answer must repeat the id that was asked; a
helper that dies, or answers something else, is a GitError and never "empty".
"""

from __future__ import annotations

import os

from lockward.errors import TooLargeError, TreeError
from lockward_hooks import process
from lockward_hooks.git import GitError, fault, is_oid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final, Literal, Self

    from lockward_hooks.git import Git

    ObjectKind = Literal["blob", "tree", "commit", "tag"]

AHEAD: Final = 16  # questions asked ahead: far less than a pipe holds, so writing never blocks
AHEAD_BYTES: Final = 64 << 20  # a longer object is not kept for later
HEAD_TREE: Final = "HEAD^{tree}"  # the one question that is no id
KEPT_LENGTH: Final = 1 << 16  # a longer object is not remembered
_MOST_LONG: Final = 1_024
# What git keeps of unpacked objects, for those stored as a difference to them: else 96 MB.
DELTA_BASES: Final = ("-c", "core.deltaBaseCacheLimit=16m")
NESTED_TAGS: Final = 100


class MissingError(TreeError):
    """There is no such object here: a shallow, partial or broken repository."""


class Objects:
    """The objects of a repository.  ``close`` it, or use it in a ``with`` block."""

    __slots__ = (
        "_asked",
        "_buffer",
        "_child",
        "_git",
        "_head",
        "_keep",
        "_kept",
        "_kept_bytes",
        "_long",
        "_ready",
        "_stderr",
        "_stdin",
        "_stdout",
        "fault",
    )

    def __init__(self, git: Git, keep: int = 0) -> None:
        """``keep``: bytes of short objects to remember, for a caller that asks again and again."""
        self._git: Final = git
        self._keep: Final = keep
        self._kept: Final[dict[str, tuple[str, bytes]]] = {}
        self._kept_bytes = 0
        self._child: process.Child | None = None
        self._asked: Final[list[str]] = []
        self._ready: Final[dict[str, tuple[str, bytes]]] = {}
        self._long: Final[dict[str, int]] = {}  # what was above a limit, and how long it is
        self._buffer = b""
        self._head = ""
        self._stdin = self._stdout = self._stderr = -1
        self.fault: TreeError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ahead(self, oids: Iterable[str]) -> None:
        """Ask for the first few of these already: git unpacks while we do something else."""
        fresh: list[str] = []
        for oid in oids:
            if len(self._asked) + len(fresh) >= AHEAD:
                break
            known = oid in self._asked or oid in self._ready or oid in self._kept
            if not known and oid not in fresh:
                fresh.append(oid)
        if fresh:
            self._ask(*fresh)

    def read(self, oid: str, kind: ObjectKind = "blob", limit: int | None = None) -> bytes:
        """The content of an object.

        Raises MissingError when it is not there, TooLargeError above ``limit``
        bytes, GitError when git fails or the object is of another kind.
        """
        if limit is not None and self._long.get(oid, 0) > limit:
            raise TooLargeError(f"object {oid} is longer than {limit} bytes")
        found, data = self._kept.get(oid) or self._get(oid, limit)
        if found != kind:
            raise GitError(f"object {oid} is a {found}, not a {kind}")
        if limit is not None and len(data) > limit:
            raise TooLargeError(f"object {oid} is longer than {limit} bytes")
        if len(data) <= KEPT_LENGTH < self._keep:
            self._remember(oid, found, data)
        return data

    def head_tree(self) -> tuple[str, bytes]:
        """Id and content of the tree of the commit that is checked out."""
        kind, data = self._get(HEAD_TREE, None)
        if kind != "tree":
            raise GitError(f"{HEAD_TREE} is a {kind}")
        return self._head, data

    def _remember(self, oid: str, kind: str, data: bytes) -> None:
        """Keep an object; those asked for longest ago give way."""
        if self._kept.pop(oid, None) is None:
            self._kept_bytes += len(data)
        self._kept[oid] = (kind, data)
        while self._kept_bytes > self._keep:
            first = next(iter(self._kept))
            self._kept_bytes -= len(self._kept.pop(first)[1])

    def peeled(self, oid: str) -> tuple[str, str]:
        """What a ref points to, behind any tags: kind and id."""
        for _ in range(NESTED_TAGS):
            kind, data = self._get(oid, None)
            if kind != "tag":
                return kind, oid
            target = data.partition(b"\n")[0].removeprefix(b"object ").decode("ascii", "replace")
            if not is_oid(target):
                raise GitError(f"tag {oid} names no object")
            oid = target
        raise GitError(f"more than {NESTED_TAGS} tags point to one another")

    def sound(self) -> None:
        """Raise what went wrong with git since this was asked last.

        A rule may take a file that cannot be read for a fault of the file, and
        the same fault in both states for nothing new.  When it was git that
        failed, there is no verdict, whatever the rules made of it.
        """
        fault, self.fault = self.fault, None
        if fault is not None:
            raise fault

    def close(self) -> None:
        """End the helper."""
        if self._child is not None:
            self._child.kill()
            self._child = None
            process.close(self._stdin, self._stdout, self._stderr)
        self._asked.clear()
        self._buffer = b""

    # The helper

    def _start(self) -> None:
        theirs_in, self._stdin = os.pipe()
        self._stdout, theirs_out = os.pipe()
        self._stderr = process.scratch()
        argv = self._git.argv((*DELTA_BASES, "cat-file", "--batch"))
        self._child = process.Child(argv, self._git.env, (theirs_in, theirs_out, self._stderr))
        process.close(theirs_in, theirs_out)

    def _ask(self, *oids: str) -> None:
        """Put questions, in one piece: git wakes up once for all of them."""
        for oid in oids:
            if not (is_oid(oid) or oid == HEAD_TREE):
                raise GitError(f"{oid!r} is not an object id")
        if self._child is None:
            self._start()
        try:
            process.write(self._stdin, "".join([f"{oid}\n" for oid in oids]).encode())
        except OSError:
            raise self._died() from None
        self._asked.extend(oids)

    def _get(self, oid: str, limit: int | None) -> tuple[str, bytes]:
        found = self._ready.pop(oid, None)
        if found is None:
            if oid not in self._asked:
                self._ask(oid)
            while (ahead := self._asked[0]) != oid:
                answer = self._answer(AHEAD_BYTES)
                if answer is None:  # the helper was ended; what it was asked is asked again
                    self._ask(oid)
                elif answer[0] != "missing":
                    self._ready[ahead] = answer
            found = self._answer(limit)
        elif limit is not None and len(found[1]) > limit:
            found = None
        if found is None:
            raise TooLargeError(f"object {oid} is longer than {limit} bytes")
        if found[0] == "missing":
            raise MissingError(f"object {oid} is missing or broken")
        return found

    def _answer(self, limit: int | None) -> tuple[str, bytes] | None:
        """Kind and content of the object asked first; None (and no helper) above the limit."""
        oid = self._asked[0]
        echoed, _, rest = self._line().partition(" ")
        if oid == HEAD_TREE and is_oid(echoed):
            self._head = echoed
        elif echoed != oid:
            raise GitError(f"git cat-file answered {echoed[:64]!r} when asked for {oid}")
        kind, _, size = rest.partition(" ")
        if kind == "missing":
            del self._asked[0]
            return kind, b""
        if not size.isdecimal():
            raise GitError(f"git cat-file said {rest[:64]!r} of {oid}")
        if limit is not None and int(size) > limit:
            self.close()  # cheaper than reading past it
            if len(self._long) >= _MOST_LONG:
                self._long.clear()
            self._long[oid] = int(size)
            return None
        data = self._take(int(size) + 1)
        del self._asked[0]
        return kind, data[:-1]

    def _line(self) -> str:
        while (end := self._buffer.find(b"\n")) < 0:
            self._buffer += self._more(1 << 16)
        line = self._buffer[:end]
        self._buffer = self._buffer[end + 1 :]
        return line.decode("utf-8", "backslashreplace")

    def _take(self, size: int) -> bytes:
        parts = [self._buffer[:size]]
        self._buffer = self._buffer[size:]
        left = size - len(parts[0])
        while left:
            parts.append(self._more(left))
            left -= len(parts[-1])
        return b"".join(parts)

    def _more(self, size: int) -> bytes:
        data = os.read(self._stdout, size)
        if not data:
            raise self._died()
        return data

    def _died(self) -> GitError:
        """The helper's end, in its own words."""
        if self._child is None:
            return GitError("git cat-file is not running")
        code = self._child.wait()
        error = GitError(fault("cat-file", code, process.content(self._stderr)))
        self.close()
        return error
