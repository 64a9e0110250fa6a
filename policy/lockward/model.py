"""The nouns that every other module speaks of.

Plain classes with ``__slots__`` and ``Final`` members: a dataclass would cost
a hook 12 ms at start-up.  mypy --strict holds the immutability.  Nothing here
imports anything of ours.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Final, Literal, Protocol

    Severity = Literal["error", "warning", "note"]
    Level = Literal["off", "note", "warning", "error"]
    Source = Literal[
        "registry",  # a registry tarball, or a bare version
        "git",
        "remote",  # an https tarball that no registry names
        "file",  # a tarball inside the repository
        "directory",  # a folder inside the repository, copied
        "link",  # a symbolic link to a folder
        "workspace",
        "bundled",  # inside its parent's tarball
        "root",
    ]
    EdgeKind = Literal["prod", "dev", "optional", "peer", "peerOptional", "workspace"]
    Class = Literal["metadata", "matched", "refresh", "rollback", "unexplained", "tampered"]

    class Tree(Protocol):
        """One state of a repository: a commit, the index, a folder, or memory.

        Paths are ``/``-separated, relative to the top, decoded as UTF-8 with
        ``surrogateescape`` so that every byte sequence survives.
        """

        def entries(self) -> Mapping[str, TreeEntry]:
            """Every file of the state, by path."""

        def read(self, path: str, limit: int | None = None) -> bytes | None:
            """The bytes at path; None when there is no such path.

            Raises TreeError when the object cannot be read, TooLargeError when
            it is longer than limit bytes, NotAFileError for a symbolic link or
            a submodule.
            """


EMPTY: Final[Mapping[str, str]] = {}  # the requirements of whatever has none
NOTHING: Final[frozenset[str]] = frozenset()
SECTIONS: Final = (
    "dependencies",
    "devDependencies",
    "optionalDependencies",
    "peerDependencies",
)


class TreeEntry:
    """What git records of a path: its mode ("100644", "120000", …) and object id."""

    __slots__ = ("mode", "oid")

    def __init__(self, mode: str, oid: str) -> None:
        self.mode: Final = mode
        self.oid: Final = oid


class Change:
    """Two states of a repository, and the paths in which they differ."""

    __slots__ = ("after", "before", "paths")

    def __init__(self, before: Tree | None, after: Tree, paths: Iterable[str]) -> None:
        self.before: Final = before
        self.after: Final = after
        self.paths: Final = tuple(paths)


class Manifest:
    """A package.json, read as npm reads it.

    ``sections`` holds the four dependency sections as they are written (name
    to spec); ``raw`` the whole document.
    """

    __slots__ = (
        "bundled",
        "data",
        "name",
        "overrides",
        "path",
        "peer_optional",
        "private",
        "raw",
        "sections",
        "version",
        "workspaces",
    )

    def __init__(
        self,
        *,
        path: str,
        data: bytes,
        name: str | None,
        version: str | None,
        private: bool,
        sections: Mapping[str, Mapping[str, str]],
        peer_optional: frozenset[str],
        bundled: frozenset[str],
        overrides: Mapping[str, object],
        workspaces: tuple[str, ...],
        raw: Mapping[str, object],
    ) -> None:
        self.path: Final = path
        self.data: Final = data
        self.name: Final = name
        self.version: Final = version
        self.private: Final = private
        self.sections: Final = sections
        self.peer_optional: Final = peer_optional
        self.bundled: Final = bundled
        self.overrides: Final = overrides
        self.workspaces: Final = workspaces
        self.raw: Final = raw


class Package:
    """One entry of a lockfile, exactly one per entry of the file.

    ``key`` is the entry's own key in the file (npm: ``node_modules/a``).
    ``alias`` is the name under which dependants ask for it, ``name`` its own
    name in its registry; they differ for an ``npm:`` alias only.
    ``resolved`` and ``integrity`` are as the file writes them; None = absent.
    ``raw`` is the entry as the file has it: for what only one format knows, and for what
    is compared and shown, but never interpreted (bin, engines, os, cpu).
    ``artifact`` and ``base`` are worked out when they are first asked for: two
    states of a lockfile share most of their packages.
    """

    __slots__ = (
        "_artifact",
        "_base",
        "alias",
        "bundle_dependencies",
        "dependencies",
        "dev",
        "dev_dependencies",
        "has_install_script",
        "has_shrinkwrap",
        "in_bundle",
        "integrity",
        "key",
        "link",
        "name",
        "optional",
        "optional_dependencies",
        "peer_dependencies",
        "peer_optional",
        "raw",
        "resolved",
        "source",
        "version",
    )

    def __init__(
        self,
        key: str,
        alias: str,
        name: str,
        version: str,
        source: Source,
        resolved: str | None,
        integrity: str | None,
        raw: Mapping[str, object],
        dependencies: Mapping[str, str] = EMPTY,
        optional_dependencies: Mapping[str, str] = EMPTY,
        peer_dependencies: Mapping[str, str] = EMPTY,
        dev_dependencies: Mapping[str, str] = EMPTY,
        peer_optional: frozenset[str] = NOTHING,
        bundle_dependencies: frozenset[str] = NOTHING,
        dev: bool = False,
        optional: bool = False,
        in_bundle: bool = False,
        link: bool = False,
        has_install_script: bool = False,
        has_shrinkwrap: bool = False,
    ) -> None:
        self.key: Final = key
        self.alias: Final = alias
        self.name: Final = name
        self.version: Final = version
        self.source: Final[Source] = source
        self.resolved: Final = resolved
        self.integrity: Final = integrity
        self.raw: Final = raw
        self.dependencies: Final = dependencies
        self.optional_dependencies: Final = optional_dependencies
        self.peer_dependencies: Final = peer_dependencies
        self.dev_dependencies: Final = dev_dependencies
        self.peer_optional: Final = peer_optional
        self.bundle_dependencies: Final = bundle_dependencies
        self.dev: Final = dev
        self.optional: Final = optional
        self.in_bundle: Final = in_bundle
        self.link: Final = link
        self.has_install_script: Final = has_install_script
        self.has_shrinkwrap: Final = has_shrinkwrap
        self._artifact: str | None = None
        self._base: str | None = None

    @property
    def artifact(self) -> str:
        """What the entry holds, wherever it lies, as a text; see lockward.lockdiff.artifacts.

        ``name@version``, ``name@git:<commit>``, ``name@<url>`` or ``name@<path>``;
        of one that Berry patches, with its resolution behind ``#``.
        """
        if self._artifact is None:
            self._artifact = self._identity()
        return self._artifact

    def _identity(self) -> str:
        if self.source in ("registry", "bundled"):
            resolution = self.raw.get("resolution")
            patched = isinstance(resolution, str) and "@patch:" in resolution
            return f"{self.name}@{self.version}{f'#{resolution}' if patched else ''}"
        if self.source == "git":
            return f"{self.name}@git:{(self.resolved or '').rpartition('#')[2]}"
        return f"{self.name}@{self.resolved or self.key}"

    @property
    def base(self) -> str:
        """What precedes the package in a registry's conventional, plain address; "" in any other.

        ``https://registry.example.org/`` of ``…/a/-/a-1.0.0.tgz``.  Such an address names
        this very package, and is sound if its base is: a lockfile has a base or two, and
        hundreds of packages.
        """
        if self._base is None:
            self._base = self._find_base()
        return self._base

    def _find_base(self) -> str:
        name = self.name
        tail = f"{name}/-/{name.rpartition('/')[2]}-{self.version}.tgz"
        resolved = self.resolved or ""
        if not resolved.endswith(tail) or tail.encode("utf-8", "replace").translate(
            None, PLAIN_LETTERS
        ):
            return ""
        plain = name and "//" not in tail and "/." not in tail and tail[0] not in "/."
        base = resolved[: -len(tail)]
        return base if plain and is_base(base) else ""


def is_base(text: str) -> bool:
    """Whether what precedes a package's own part of an address ends where that begins."""
    return text[-1:] == "/" and not text[:-1].rpartition("/")[2].startswith("@")  # another's scope


# Letters that no reader of addresses takes for anything else.
PLAIN_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~@/"


class Importer:
    """What a lockfile records of one project or workspace: its directory and requirements."""

    __slots__ = ("directory", "name", "sections")

    def __init__(
        self, directory: str, name: str | None, sections: Mapping[str, Mapping[str, str]]
    ) -> None:
        self.directory: Final = directory
        self.name: Final = name
        self.sections: Final = sections


class Since:
    """What differs between a lockfile and another state, whose entries by key are ``before``.

    ``changed`` are the keys whose entry is another object (a reader gives entries of the
    same text one) or new, in file order; ``gone`` those that are no more.
    """

    __slots__ = ("before", "changed", "gone")

    def __init__(self, before: Mapping[str, Package], now: Mapping[str, Package]) -> None:
        self.before: Final = before
        self.changed: Final = [key for key, one in now.items() if before.get(key) is not one]
        stay = len(now) == len(before) and not any(key not in before for key in self.changed)
        self.gone: Final = [] if stay else [key for key in before if key not in now]


class Lockfile:
    """A lockfile as its own tool reads it; every entry kept, in file order.

    ``environment`` are entries of which no project of the lockfile is the
    dependant: what the manager installs for itself (pnpm's first document).
    """

    __slots__ = (
        "_last",
        "_lines",
        "_locate",
        "_since",
        "by_key",
        "environment",
        "format",
        "importers",
        "packages",
        "path",
        "raw",
        "version",
    )

    def __init__(
        self,
        *,
        path: str,
        format: str,  # noqa: A002 - the field's own word in the public contract
        version: str,
        packages: tuple[Package, ...],
        importers: Mapping[str, Importer],
        raw: Mapping[str, object],
        locate: Callable[[], Mapping[str, int]],
        environment: tuple[Package, ...] = (),
    ) -> None:
        self.path: Final = path
        self.environment: Final = environment
        self.format: Final = format
        self.version: Final = version
        self.packages: Final = packages
        self.by_key: Final = {package.key: package for package in packages}
        self.importers: Final = importers
        self.raw: Final = raw
        self._locate: Final = locate
        self._lines: Mapping[str, int] | None = None
        self._last: tuple[str | None, int] = (None, 1)
        self._since: Since | None = None

    def since(self, before: Mapping[str, Package]) -> Since:
        """What differs from a state with these entries; worked out once for the last one asked."""
        if self._since is None or self._since.before is not before:
            self._since = Since(before, self.by_key)
        return self._since

    def place(self, key: str) -> Callable[[], int]:
        """``line_of`` for later: a finding that stood before is never asked for its line."""
        return lambda: self.line_of(key)

    def line_of(self, key: str) -> int:
        """The line (from 1) on which the entry stands; 1 when it has none of its own.

        Computed on the first call: only findings and listings need lines.
        """
        if self._lines is None:
            self._lines = self._locate()
        last, line = self._last
        if key is not last:  # of a key of a megabyte thousands of findings may tell
            line = self._lines.get(key, 1)
            self._last = (key, line)
        return line


class Edge:
    """A requirement inside a dependency graph, and what the lockfile answers it with.

    ``source`` is the key of the dependant (an importer's directory, or a
    package's key); ``target`` None when nothing is locked for it.  ``via`` is
    the key of the entry that the dependant finds first when that entry is only
    a link to the target (npm: ``node_modules/a`` -> ``packages/a``), else "".
    """

    __slots__ = ("kind", "name", "source", "spec", "target", "via")

    def __init__(
        self,
        source: str,
        name: str,
        spec: str,
        kind: EdgeKind,
        target: Package | None,
        *,
        via: str = "",
    ) -> None:
        self.source: Final = source
        self.name: Final = name
        self.spec: Final = spec
        self.kind: Final[EdgeKind] = kind
        self.target: Final = target
        self.via: Final = via
