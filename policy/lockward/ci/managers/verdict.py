"""What a command can do to the lockfile, and what a judge has to know of the project."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final, Literal

    Kind = Literal["frozen", "unfrozen", "benign", "needs-context"]


class Verdict:
    """Frozen, unfrozen, benign (no install of the project), or needs-context.

    ``reason`` is a stable code; ``message`` what there is to say of an unfrozen
    command, with ``{command}`` for its text; ``remedy`` what to write instead.
    """

    __slots__ = ("kind", "message", "reason", "remedy")

    def __init__(
        self, kind: Kind, reason: str, message: str = "", remedy: tuple[str, ...] = ()
    ) -> None:
        self.kind: Final[Kind] = kind
        self.reason: Final = reason
        self.message: Final = message
        self.remedy: Final = remedy


NOT_AN_INSTALL: Final = Verdict("benign", "not-an-install")
GLOBAL: Final = Verdict("benign", "global")
NOTHING_WRITTEN: Final = Verdict("benign", "dry-run")
FROZEN: Final = Verdict("frozen", "frozen")
# Changes the lockfile by design: update bots and maintenance jobs do so.
MAINTENANCE: Final = Verdict("needs-context", "maintenance")
# Writes the lockfile and installs nothing.
LOCK_ONLY: Final = Verdict("needs-context", "lock-only")
# Frozen when a CI system calls, unfrozen when a developer does; the file does not say which.
CALLER: Final = Verdict("needs-context", "caller-decides")
# A tarball or a folder: mostly a smoke test of what was just packed.
LOCAL: Final = Verdict("needs-context", "local")


class Facts:
    """What is known of the project that a command installs.

    ``locked`` names the managers whose lockfile is tracked for it, ``around`` those
    whose lockfile lies in any folder above it as well; ``known`` is
    false when the project could not be found in the tree, so that nothing
    follows from an absence.  ``versions`` maps a manager to the version that
    packageManager or the files beside it tell ("4", "1.22.22"); ``frozen`` maps
    a manager to what its settings files say (True, False), and ``lockfile_off``
    names the managers whose settings switch the lockfile off.
    """

    __slots__ = ("around", "frozen", "known", "locked", "lockfile_off", "versions")

    def __init__(
        self,
        *,
        known: bool = False,
        locked: frozenset[str] = frozenset(),
        versions: Mapping[str, str] | None = None,
        frozen: Mapping[str, bool] | None = None,
        lockfile_off: frozenset[str] = frozenset(),
        around: frozenset[str] = frozenset(),
    ) -> None:
        self.known: Final = known
        self.locked: Final = locked
        self.versions: Final[Mapping[str, str]] = versions or {}
        self.frozen: Final[Mapping[str, bool]] = frozen or {}
        self.lockfile_off: Final = lockfile_off
        self.around: Final = around | locked

    @property
    def unlocked(self) -> bool:
        """Whether the project surely has no lockfile of any manager."""
        return self.known and not self.locked

    def lacks(self, manager: str) -> bool:
        """Whether the project surely has no lockfile of this manager."""
        return self.known and manager not in self.around

    def major(self, manager: str, argv0: str = "") -> int | None:
        """The manager's major version, from ``npx yarn@1`` or from the project."""
        version = argv0.partition("@")[2] or self.versions.get(manager, "")
        first = version.lstrip("^~>=v").partition(".")[0]
        return int(first) if first.isdigit() and len(first) < 4 else None  # noqa: PLR2004 - no such major


def without_lockfile(manager: str, fix: str) -> Verdict:
    """A frozen flag that freezes nothing, because no lockfile is tracked."""
    return Verdict(
        "unfrozen",
        "no-lockfile",
        f"`{{command}}` freezes nothing: no lockfile is tracked, {manager} installs without one",
        (f"commit the lockfile that `{fix}` writes",),
    )


def added(name: str, remedy: str) -> Verdict:
    """A package named on the command line that is not pinned."""
    return Verdict(
        "unfrozen",
        "ad-hoc",
        f"`{{command}}` installs {name}, at whatever version is current, beside the lockfile",
        (f"put {name} into package.json and the lockfile, then run `{remedy}`",),
    )


def pinned(name: str) -> Verdict:
    """A package named with its exact version: its own dependencies still float."""
    return Verdict(
        "needs-context",
        "ad-hoc-pinned",
        f"`{{command}}` installs {name} beside the lockfile; what it depends on is not locked",
        (f"put {name} into package.json and the lockfile",),
    )
