"""The audit file: one JSON object a line, each holding the hash of the line before it.

Append-only: ``previous`` is the SHA-256 of the whole line before (64 zeros for
the first), so that a line which is changed, removed or put in shows.  An entry
is one write under a lock and is on the disk before the hook accepts.  Its own
hash is the receipt that the pusher gets, and what somebody may keep elsewhere:
a file that was cut off at its end can be told from that only.
"""

from __future__ import annotations

import os

from lockward.errors import LockwardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

FIRST: Final = "0" * 64
LONGEST: Final = 1 << 20  # bytes of a line; ours are a hundredth of it
PATIENCE: Final = 10.0  # seconds that the lock is waited for
RECEIPT: Final = 16  # hex digits that a pusher is told


class AuditError(LockwardError):
    """The audit file cannot be written, or is not what we wrote."""


class Line:
    """A line of an audit file: its number from 1, its hash, what it says (None = no JSON)."""

    __slots__ = ("digest", "entry", "number", "whole")

    def __init__(
        self, number: int, digest: str, entry: Mapping[str, object] | None, *, whole: bool
    ) -> None:
        self.number: Final = number
        self.digest: Final = digest
        self.entry: Final = entry
        self.whole: Final = whole


def digest(line: bytes) -> str:
    """The hash of a line, without its newline."""
    from hashlib import sha256

    return sha256(line).hexdigest()


def append(path: str, entry: Mapping[str, object]) -> str:
    """Write an entry down, and wait until the disk has it; its hash.

    AuditError when that cannot be: whatever the entry is about must then not happen.
    """
    try:
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o640)
    except OSError as error:
        raise AuditError(f"cannot be opened: {error.strerror}", path=path) from None
    try:
        _lock(number, path)
        return _append(number, entry)
    except OSError as error:
        raise AuditError(f"cannot be written: {error.strerror}", path=path) from None
    finally:
        os.close(number)


def _lock(number: int, path: str) -> None:
    """Have the file for ourselves; another push needs a few milliseconds of it."""
    import fcntl
    from time import monotonic, sleep

    end = monotonic() + PATIENCE
    while monotonic() < end:
        try:
            return fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sleep(0.01)
    raise AuditError("is locked by another process", path=path)


def _append(number: int, entry: Mapping[str, object]) -> str:
    from errno import ENOSPC
    from json import dumps

    size = os.fstat(number).st_size
    last, torn = _last(number, size)
    previous = digest(last) if size else FIRST
    words = {"version": 1, **entry, "previous": previous}
    line = dumps(words, ensure_ascii=True, separators=(",", ":")).encode()
    # What a crash left of a line gets its newline now; the chain goes on behind it.
    data = (b"\n" if torn else b"") + line + b"\n"
    try:
        written = os.write(number, data)
        os.fsync(number)
    except BaseException:
        _cut(number, size)
        raise
    if written != len(data):
        _cut(number, size)
        raise OSError(ENOSPC, os.strerror(ENOSPC))
    return digest(line)


def _cut(number: int, size: int) -> None:
    """Take half an entry back: it would say that something was let through."""
    try:
        os.ftruncate(number, size)
    except OSError:
        return  # what is left is a line without its newline, which is told as cut off


def _last(number: int, size: int) -> tuple[bytes, bool]:
    """The last line of the file without its newline, and whether that is missing."""
    start = max(0, size - LONGEST)
    data = os.pread(number, size - start, start)
    torn = bool(data) and not data.endswith(b"\n")
    return data.removesuffix(b"\n").rpartition(b"\n")[2], torn


def lines(path: str) -> Iterator[Line]:
    """Every line of an audit file."""
    from json import loads

    try:
        with open(path, "rb") as file:
            number = 0
            while raw := file.readline(LONGEST):
                number += 1
                line = raw.removesuffix(b"\n")
                try:
                    entry = loads(line)
                except ValueError:
                    entry = None
                good = entry if isinstance(entry, dict) else None
                yield Line(number, digest(line), good, whole=raw.endswith(b"\n"))
    except OSError as error:
        raise AuditError(f"cannot be read: {error.strerror}", path=path) from None


def faults(path: str) -> Iterator[tuple[int, str]]:
    """Where the chain is broken: line number, and what is wrong there."""
    previous = FIRST
    unread: Line | None = None
    for line in lines(path):
        if line.entry is None:
            if unread is not None:
                yield unread.number, "is no entry"
            unread = line
        elif line.entry.get("previous") != previous:
            yield line.number, "does not follow the line before it: something was changed"
        elif unread is not None:
            unread = None  # cut off by a crash; the entry behind it vouches for that
        previous = line.digest
    if unread is not None and unread.whole:
        yield unread.number, "is no entry"
