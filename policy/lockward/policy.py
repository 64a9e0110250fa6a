"""What is allowed: the record that every rule reads.  ``read`` makes it from TOML."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final, Literal

    from lockward.model import Level
    from lockward.serverpolicy import ServerPolicy

    # "announce" no file can say: "trailer" becomes it before the message is written.
    Refresh = Literal["reject", "trailer", "allow", "announce"]
    Alongside = Literal["warn", "reject", "trailer", "allow", "announce"]


class PathSection:
    """Levels that hold for the paths matching gitignore patterns only."""

    __slots__ = ("levels", "match")

    def __init__(self, match: tuple[str, ...], levels: Mapping[str, Level]) -> None:
        self.match: Final = match
        self.levels: Final = levels


class PolicyException:
    """A finding that somebody answers for, until a day.

    ``package`` and ``path`` are patterns ("" = any); ``expires`` is the last
    ISO day on which it counts; ``line`` is where the policy says so.
    """

    __slots__ = ("expires", "line", "owner", "package", "path", "reason", "rule")

    def __init__(
        self,
        *,
        rule: str,
        package: str,
        path: str,
        reason: str,
        owner: str,
        expires: str,
        line: int = 0,
    ) -> None:
        self.rule: Final = rule
        self.package: Final = package
        self.path: Final = path
        self.reason: Final = reason
        self.owner: Final = owner
        self.expires: Final = expires
        self.line: Final = line


class Policy:
    """A validated policy.  ``Policy()`` is the shipped default.

    ``scopes`` are internal npm scopes ("@acme"), ``names`` glob patterns of
    unscoped names that are ours, ``registries`` the URL that each scope must be
    pinned to, ``hosts`` the registry hosts trusted beside the public one and
    those that the project's own settings name, ``git`` repositories
    ("github.com/acme/*") and ``remote`` URL prefixes from which packages may
    come, ``reviewed`` packages ("esbuild", "sharp@0.33.*") that may run install
    scripts.  ``ignore`` are gitignore patterns of paths that no rule judges;
    ``server`` is the table of that name (None = not there).
    """

    __slots__ = (
        "alongside",
        "exceptions",
        "git",
        "hosts",
        "ignore",
        "levels",
        "max_bytes",
        "names",
        "paths",
        "refresh",
        "registries",
        "remote",
        "reviewed",
        "scopes",
        "server",
        "source",
    )

    def __init__(
        self,
        *,
        source: str = "default",
        scopes: tuple[str, ...] = (),
        names: tuple[str, ...] = (),
        registries: Mapping[str, str] | None = None,
        hosts: tuple[str, ...] = (),
        git: tuple[str, ...] = (),
        remote: tuple[str, ...] = (),
        reviewed: tuple[str, ...] = (),
        refresh: Refresh = "reject",
        alongside: Alongside = "warn",
        max_bytes: int = 64 * 1024 * 1024,
        levels: Mapping[str, Level] | None = None,
        paths: tuple[PathSection, ...] = (),
        exceptions: tuple[PolicyException, ...] = (),
        ignore: tuple[str, ...] = (),
        server: ServerPolicy | None = None,
    ) -> None:
        self.source: Final = source
        self.scopes: Final = scopes
        self.names: Final = names
        self.registries: Final[Mapping[str, str]] = registries or {}
        self.hosts: Final = hosts
        self.git: Final = git
        self.remote: Final = remote
        self.reviewed: Final = reviewed
        self.refresh: Final[Refresh] = refresh
        self.alongside: Final[Alongside] = alongside
        self.max_bytes: Final = max_bytes
        self.levels: Final[Mapping[str, Level]] = levels or {}
        self.paths: Final = paths
        self.exceptions: Final = exceptions
        self.ignore: Final = ignore
        self.server: Final = server
