"""npm: the .npmrc beside the root manifest."""

from __future__ import annotations

from lockward.errors import LockwardError
from lockward.paths import join
from lockward.registries import REGISTRY, Pin, Registries, npmrc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.managers import Manager
    from lockward.model import Tree

FILE: Final = ".npmrc"


def read(tree: Tree, root: str, manager: Manager) -> Registries:
    """The settings of .npmrc.  Of another manager that reads it among other files: incomplete.

    npm ignores an .npmrc in a workspace member (config, loadLocalPrefix).
    """
    path = join(root, FILE)
    complete = manager.kind == "npm"
    try:
        data = tree.read(path, npmrc.LARGEST)
    except LockwardError as fault:
        return Registries(path=path, faults=(fault,), complete=complete)
    if data is None:
        return Registries(path=path, complete=complete)
    return parse(path, data, complete=complete)


def parse(path: str, data: bytes, *, complete: bool = True) -> Registries:
    """The pins of one .npmrc."""
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
