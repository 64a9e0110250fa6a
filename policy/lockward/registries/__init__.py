"""Which registry serves which scope, by the settings files that a package manager reads.

``read`` is for the state of one project.  One manager, one module and one row in
``READERS``; it provides ``read(tree, root, manager) -> Registries``.
"""

from __future__ import annotations

from lockward.registries import hosts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final, Protocol

    from lockward.errors import LockwardError
    from lockward.managers import Manager
    from lockward.model import Tree
    from lockward.registries.npmrc import Setting

    class Reader(Protocol):
        """A module of the table below."""

        def read(self, tree: Tree, root: str, manager: Manager, /) -> Registries:
            """The settings of the project at root."""


REGISTRY: Final = ":registry"  # the end of a scope's key


class Pin:
    """A registry that a setting names: for a scope, or for everything else.

    ``url`` as npm has it; ``host`` None when it is no sound URL;
    ``fault`` why the pin cannot be relied on, "" when it can.
    """

    __slots__ = ("fault", "host", "line", "path", "setting", "url")

    def __init__(self, setting: Setting, fault: str = "") -> None:
        self.setting: Final = setting
        self.url: Final = setting.value
        self.host: Final = hosts.host_of(setting.value)
        self.path: Final = setting.path
        self.line: Final = setting.line
        self.fault: Final = fault


class Registries:
    """The registry settings of one project.

    ``default`` serves what no scope's pin serves; None = the manager's own
    default.  ``scopes`` maps "@scope" to its pin.  ``settings`` are all lines of
    all files, also those without effect (``inert``).  ``path`` is the file in
    which a pin belongs.  ``complete`` is false when the manager reads a file
    that we cannot read yet: a missing pin then proves nothing.
    """

    __slots__ = ("complete", "default", "faults", "path", "scopes", "settings")

    def __init__(
        self,
        *,
        path: str,
        default: Pin | None = None,
        scopes: Mapping[str, Pin] | None = None,
        settings: tuple[Setting, ...] = (),
        faults: tuple[LockwardError, ...] = (),
        complete: bool = True,
    ) -> None:
        self.path: Final = path
        self.default: Final = default
        self.scopes: Final[Mapping[str, Pin]] = scopes or {}
        self.settings: Final = settings
        self.faults: Final = faults
        self.complete: Final = complete

    def scope(self, scope: str) -> Pin | None:
        """The pin of "@scope"; names are compared exactly, as npm does."""
        return self.scopes.get(scope)


def read(tree: Tree, root: str, manager: Manager) -> Registries:
    """The settings that count for a project: beside its root manifest, nowhere else.

    What a user's own file says is not in the repository.  Never raises: a file
    that cannot be read is a fault, and pins nothing.
    """
    name = READERS.get(manager.kind, READERS["npm"])
    return _reader(name).read(tree, root, manager)


def _reader(name: str) -> Reader:
    return __import__(name, fromlist=("read",))  # Any; tests/policy/test_tables.py


# Manager.kind -> the module that reads the files which that manager reads; Yarn 1,
# pnpm and Bun read .npmrc among them.
READERS: Final = {
    "npm": "lockward.registries.npm",
    "yarn-classic": "lockward.registries.yarn_classic",
    "yarn-berry": "lockward.registries.yarn_berry",
    "pnpm": "lockward.registries.pnpm",
    "bun": "lockward.registries.bun",
}
