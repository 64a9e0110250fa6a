"""What a project's root says about resolution beside its requirements.

Overrides, catalogs, patches and extensions change what a lockfile holds as
much as a requirement does.  Where they stand differs per manager, and what
their keys mean; the records here are the same for all.  One manager, one
module, which provides

    read(project: Project) -> Directives

A file that cannot be read is project.faults' business; here it says nothing.
"""

from __future__ import annotations

from lockward import bounds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final, Protocol

    from lockward.project import Project

    class Reader(Protocol):
        """A module of the table below."""

        def read(self, project: Project, /) -> Directives:
            """What the project's files say."""


class Directives:
    """What a root says beside its requirements; each empty when it says nothing.

    ``overrides``  path of names, the outermost dependant first and the name that
                   is overridden last, ranges and all -> its new spec
    ``catalogs``   catalog ("" the default one) -> name -> spec
    ``patches``    ``name`` or ``name@version`` -> what tells one patch from another
    ``extensions`` packageExtensions: ``name@range`` -> name -> spec that it adds
    ``hooks``      file that rewrites manifests during an install -> its object id
    ``replaced``   of the overrides, those that a plugin of Yarn's makes: name -> spec
    """

    __slots__ = ("catalogs", "extensions", "hooks", "overrides", "patches", "replaced")

    def __init__(
        self,
        *,
        overrides: Mapping[tuple[str, ...], str] | None = None,
        catalogs: Mapping[str, Mapping[str, str]] | None = None,
        patches: Mapping[str, str] | None = None,
        extensions: Mapping[str, Mapping[str, str]] | None = None,
        hooks: Mapping[str, str] | None = None,
        replaced: Mapping[str, str] | None = None,
    ) -> None:
        self.overrides: Final[Mapping[tuple[str, ...], str]] = overrides or {}
        self.catalogs: Final[Mapping[str, Mapping[str, str]]] = catalogs or {}
        self.patches: Final[Mapping[str, str]] = patches or {}
        self.extensions: Final[Mapping[str, Mapping[str, str]]] = extensions or {}
        self.hooks: Final[Mapping[str, str]] = hooks or {}
        self.replaced: Final[Mapping[str, str]] = replaced or {}


# Manager.kind -> the module that reads what that manager reads
READERS: Final = {
    "npm": "lockward.directives.npm",
    "yarn-classic": "lockward.directives.yarn_classic",
    "yarn-berry": "lockward.directives.yarn_berry",
    "pnpm": "lockward.directives.pnpm",
    "bun": "lockward.directives.bun",
}


def read(project: Project) -> Directives:
    """The directives of a project, as its manager reads them."""
    name = READERS.get(project.manager.kind)
    found = Directives() if name is None else _reader(name).read(project)
    bounds.check_extensions(len(found.extensions))
    return found


def _reader(name: str) -> Reader:
    return __import__(name, fromlist=("read",))  # Any; tests/policy/test_tables.py


def bare(key: str) -> str:
    """The name in a key with a range: ``@a/b@^1`` is ``@a/b``."""
    at = key.find("@", 1)
    return key if at < 0 else key[:at]
