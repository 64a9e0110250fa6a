"""package-lock.json and npm-shrinkwrap.json, lockfileVersion 1 to 4, as npm reads them.

Reference: @npmcli/arborist, shrinkwrap.js and load-virtual.js.  ``packages``
counts wherever it is there, whatever lockfileVersion says; only without it is
the nested ``dependencies`` tree of npm 5 and 6 read (npm_v1).
"""

from __future__ import annotations

from lockward import jsonpieces, jsonread
from lockward.errors import LockfileError
from lockward.lockfiles.npm_entries import importers, read_packages
from lockward.lockfiles.npm_fields import WrongError
from lockward.model import Lockfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Final

    from lockward.model import Package

NEWEST: Final = 4  # npm 12 refuses what is higher (ELOCKFILEVERSION)


def read(path: str, data: bytes) -> Lockfile:
    """The lockfile that the bytes hold.

    Raises LockfileError, with line and JSON pointer, for what npm could not
    read, or what two readers could read differently.
    """
    document = jsonpieces.read(path, data, LockfileError)
    try:
        if type(document) is not dict:
            raise WrongError((), "holds no JSON object")  # noqa: TRY301 - placed below, as all others
        return _lockfile(path, data, document)
    except WrongError as wrong:
        line = jsonread.locate(data, wrong.keys)
        pointer = jsonread.pointer(*wrong.keys)
        raise LockfileError(wrong.message, path=path, line=line, pointer=pointer) from None


def _lockfile(path: str, data: bytes, document: dict[str, Any]) -> Lockfile:
    version = _version(document)
    if "packages" not in document:
        from lockward.lockfiles import npm_v1

        return npm_v1.lockfile(path, data, document, str(version))
    members = document["packages"]
    if type(members) is not dict:
        raise WrongError(("packages",), '"packages" is not an object')
    try:
        packages = read_packages(path, members)
    except WrongError as wrong:
        raise WrongError(("packages", *wrong.keys), wrong.message) from None
    return Lockfile(
        path=path,
        format="npm",
        version=str(version),
        packages=packages,
        importers=importers(packages),
        raw=document,
        locate=lambda: jsonpieces.lines(path, data, "packages"),
    )


def _version(document: Mapping[str, object]) -> int:
    """lockfileVersion; 1 for the shrinkwraps of npm 2 to 4, which have none."""
    if "lockfileVersion" not in document and "packages" not in document:
        return 1
    version = document.get("lockfileVersion")
    if type(version) is not int or version < 1:
        raise WrongError(("lockfileVersion",), "lockfileVersion is not 1, 2, 3 or 4")
    if version > NEWEST:
        message = f"lockfileVersion {version} is newer than any that we know ({NEWEST})"
        raise WrongError(("lockfileVersion",), message)
    return version


def split_brain(lockfile: Lockfile) -> Iterator[tuple[str, Package | None, Package | None]]:
    """Where the two trees of a version 2 file disagree: key, in packages, in dependencies.

    npm 7 and later read ``packages``, npm 6 ``dependencies``: whoever edits one
    of them shows each npm another lockfile.  None stands for an entry that only
    the other tree has, twice for a place where ``dependencies`` is broken.
    Compared are name, version, resolved and integrity.
    """
    if "packages" in lockfile.raw and "dependencies" in lockfile.raw:
        from lockward.lockfiles import npm_v1

        yield from npm_v1.disagreements(lockfile)
