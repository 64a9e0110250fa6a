"""Which registry serves which scope, by the settings files that a package manager reads.

``read`` is for the state of one project.  A format is one file and one row in
``_FILES``: a function from a file's path and bytes to the settings in it.
"""

from __future__ import annotations

from lockward.errors import LockwardError
from lockward.paths import join
from lockward.registries import hosts, npmrc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Final

    from lockward.model import Tree
    from lockward.registries.npmrc import Setting

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


def read(tree: Tree, root: str, manager: str) -> Registries:
    """The settings that count for a project: beside its root manifest, nowhere else.

    npm ignores an .npmrc in a workspace member (config, loadLocalPrefix); what
    a user's own file says is not in the repository.  Never raises: a file that
    cannot be read is a fault, and pins nothing.
    """
    name, parse = _FILES.get(manager, _FILES["npm"])
    path = join(root, name)
    complete = manager not in _INCOMPLETE
    try:
        data = tree.read(path, npmrc.LARGEST)
    except LockwardError as fault:
        return Registries(path=path, faults=(fault,), complete=complete)
    if data is None:
        return Registries(path=path, complete=complete)
    return parse(path, data, complete)


def _from_npmrc(path: str, data: bytes, complete: bool) -> Registries:  # noqa: FBT001 - see _FILES
    file = npmrc.parse(path, data)
    scopes = {
        key[: -len(REGISTRY)]: _pin(file, key)
        for key in file.effective
        if key.startswith("@") and key.endswith(REGISTRY)
    }
    default = _pin(file, "registry") if "registry" in file.effective else None
    scope = file.get("scope")
    if scope is not None:  # scope=@e + @e:registry=… answer every name without scope
        default = scopes.get("@" + scope.value.removeprefix("@"), default)
    return Registries(
        path=path, default=default, scopes=scopes, settings=file.settings, complete=complete
    )


def _pin(file: npmrc.Npmrc, key: str) -> Pin:
    lines = file.effective[key]
    setting = lines[-1]
    if len(lines) > 1 or setting.array:
        return Pin(setting, "is a list, where npm wants one URL")
    if setting.env or setting.key_env:
        return Pin(setting, "depends on the environment")
    return Pin(setting)


# A manager's file and its reader; yarn 1, pnpm and bun read .npmrc beside a file
# of their own, which gets its row here with the manager's own lockfile.
_FILES: Final[Mapping[str, tuple[str, Callable[[str, bytes, bool], Registries]]]] = {
    "npm": (".npmrc", _from_npmrc),
}
_INCOMPLETE: Final = frozenset({"yarn", "pnpm", "bun"})
