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


def _yarn(path: str, data: bytes) -> Lockfile:
    """Yarn 1 and Berry share the file's name; ``__metadata`` is Berry's."""
    if data.startswith(b"__metadata:") or b"\n__metadata:" in data:
        from lockward.lockfiles import yarn_berry

        return yarn_berry.read(path, data)
    from lockward.lockfiles import yarn_classic

    return yarn_classic.read(path, data)


def _pnpm(path: str, data: bytes) -> Lockfile:
    from lockward.lockfiles import pnpm

    return pnpm.read(path, data)


def _bun(path: str, data: bytes) -> Lockfile:
    from lockward.lockfiles import bun

    return bun.read(path, data)


# File name -> reader.  Each imports its module when it is first needed.
FORMATS: Final[dict[str, Reader]] = {
    "package-lock.json": _npm,
    "npm-shrinkwrap.json": _npm,
    ".package-lock.json": _npm,  # node_modules' hidden lockfile
    "yarn.lock": _yarn,
    "pnpm-lock.yaml": _pnpm,
    "bun.lock": _bun,
}
# File name -> what to do about a lockfile that we do not read.
UNREADABLE: Final = {
    "bun.lockb": "is bun's binary lockfile; "
    "`bun install --save-text-lockfile --lockfile-only` writes bun.lock in its place",
}


def read(path: str, data: bytes) -> Lockfile:
    """The lockfile at a path, whose file name tells its format.

    Raises LockfileError, with the line where there is one.
    """
    name = name_of(path)
    reader = FORMATS.get(name) or (_pnpm if is_pnpm_branch(name) else None)
    if reader is None:
        message = UNREADABLE.get(name, f"is no lockfile that we read ({', '.join(FORMATS)})")
        raise LockfileError(message, path=path, line=1)
    return reader(path, data)


def is_pnpm_branch(name: str) -> bool:
    """Whether a file name is one of pnpm's lockfiles for a branch: ``pnpm-lock.<branch>.yaml``."""
    return name.startswith("pnpm-lock.") and name.endswith(".yaml")
