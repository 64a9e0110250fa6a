"""What a reader makes of any bytes: a value, or an error that names its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from lockward.errors import LockwardError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def outcome(read: Callable[[str, bytes], T], path: str, data: bytes) -> T | LockwardError:
    """What a reader returns or raises; its error has the path, and a line of the file."""
    try:
        return read(path, data)
    except LockwardError as fault:
        if fault.path != path or not 1 <= fault.line <= data.count(b"\n") + 1:
            raise AssertionError(f"no place: {fault!r} {fault.path}:{fault.line}") from fault
        return fault
