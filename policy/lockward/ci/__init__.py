"""CI files: where shell text hides in each kind of them, and which commands it runs.

``worth_reading`` is the cheap test that comes first; ``read`` gives the package
managers' commands of one file.  docs/ci.md has the table of families.
"""

from __future__ import annotations

from lockward.ci import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.command import CiFile

LARGEST: Final = 8 << 20  # bytes of a CI file that is read; a longer one is generated


class _Family:
    """A row: which lower-case paths belong to a family.  A row matches when any part does."""

    __slots__ = ("endings", "folders", "module", "names", "starts")

    def __init__(
        self,
        module: str,
        *,
        names: str = "",
        endings: str = "",
        starts: str = "",
        folders: str = "",
    ) -> None:
        self.module: Final = module
        self.names: Final = frozenset(names.split())
        self.endings: Final = tuple(endings.split())
        self.starts: Final = tuple(starts.split())
        self.folders: Final = tuple(folders.split())

    def has(self, lower: str, name: str) -> bool:
        """Whether a path belongs here."""
        return (
            name in self.names
            or (bool(self.endings) and name.endswith(self.endings))
            or (bool(self.starts) and name.startswith(self.starts))
            or any(folder in lower for folder in self.folders)
        )


# The first row that has a path reads it; shell scripts are what is left.
FAMILIES: Final = (
    _Family(
        "github",
        names="action.yml action.yaml",
        folders=".github/workflows/ .gitea/workflows/ .forgejo/workflows/",
    ),
    _Family("docker", endings=".dockerfile .containerfile", starts="dockerfile containerfile"),
    _Family("script", endings=".sh .bash .mksh .ksh .zsh .ps1 .cmd .bat"),
)


def family(path: str) -> str:
    """The name of the module that reads a path; "script" for what only a ``#!`` can tell."""
    lower = path.lower()
    name = lower.rpartition("/")[2]
    return next((row.module for row in FAMILIES if row.has(lower, name)), "script")


def worth_reading(data: bytes) -> bool:
    """Whether a file may run a package manager at all; imports nothing, costs next to nothing."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.replace(b"\0", b"")  # UTF-16: only ASCII letters matter
    return names.mentions(data.decode("latin-1"))


def read(path: str, data: bytes) -> CiFile:
    """The package managers' commands of a CI file.  Total: any bytes give a result.

    ``faults`` of the result tell where the structure did not parse; the file was
    then read line by line.
    """
    from importlib import import_module

    from lockward.ci.command import Context
    from lockward.ci.reading import Reading
    from lockward.ci.text import Source

    module = family(path)
    reading = Reading(Source(path, data[:LARGEST]))
    if len(data) > LARGEST:
        reading.fault(0, f"is longer than {LARGEST >> 20} MiB; the rest was not read")
        reading.lines_if_faulty(Context())
    else:
        import_module(f"lockward.ci.{module}").read(reading)
    return reading.result(module)
