"""Lockfiles, each read as its own tool reads it: one format, one module."""

from __future__ import annotations

from lockward.errors import LockfileError
from lockward.paths import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

    from lockward.model import Lockfile

    Reader = Callable[[str, bytes], Lockfile]


def _npm(path: str, data: bytes) -> Lockfile:
    from lockward.lockfiles.npm import read as read_npm

    return read_npm(path, data)


# File name -> reader.  Each imports its module when it is first needed.
FORMATS: Final[dict[str, Reader]] = {
    "package-lock.json": _npm,
    "npm-shrinkwrap.json": _npm,
    ".package-lock.json": _npm,  # node_modules' hidden lockfile
}
# File name -> what to do about a lockfile that we do not read.
UNREADABLE: Final = {
    "bun.lockb": "is bun's binary lockfile; `bun install --save-text-lockfile` writes bun.lock",
}


def read(path: str, data: bytes) -> Lockfile:
    """The lockfile at a path, whose file name tells its format.

    Raises LockfileError, with the line where there is one.
    """
    name = name_of(path)
    reader = FORMATS.get(name)
    if reader is None:
        message = UNREADABLE.get(name, f"is no lockfile that we read ({', '.join(FORMATS)})")
        raise LockfileError(message, path=path, line=1)
    return reader(path, data)
