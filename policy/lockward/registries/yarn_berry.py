"""Yarn 2 and later: .yarnrc.yml beside the root manifest and in the folders above; never .npmrc.

Reference: plugin-npm, npmConfigUtils (getScopeRegistry): ``npmScopes.<scope without
@>.npmRegistryServer``, else ``npmRegistryServer``.  Of two files the nearer wins,
key by key.
"""

from __future__ import annotations

from lockward.errors import LockwardError
from lockward.paths import ancestors, join
from lockward.registries import Pin, Registries, npmrc, yarnrc_yml
from lockward.registries.npmrc import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.managers import Manager
    from lockward.model import Tree

SERVER: Final = "npmRegistryServer"
_SCOPES: Final = "npmScopes"
_SCOPE_KEYS: Final = 3  # npmScopes, the scope, npmRegistryServer


def read(tree: Tree, root: str, manager: Manager) -> Registries:  # noqa: ARG001 - a reader's shape
    """The pins of all files; a pin belongs into the .yarnrc.yml of the root."""
    settings: list[Setting] = []
    faults: list[LockwardError] = []
    for folder in reversed(ancestors(root)):
        path = join(folder, yarnrc_yml.FILE)
        try:
            settings += _settings(path, tree.read(path, npmrc.LARGEST))
        except LockwardError as fault:
            faults.append(fault)
    scopes: dict[str, Pin] = {}
    default = None
    for setting in settings:
        keys = setting.raw_key.split("\0")
        if keys == [SERVER]:
            default = pin(setting)
        elif len(keys) == _SCOPE_KEYS and keys[0] == _SCOPES and keys[2] == SERVER:
            scopes[f"@{keys[1]}"] = pin(setting)
    return Registries(
        path=join(root, yarnrc_yml.FILE),
        default=default,
        scopes=scopes,
        settings=tuple(settings),
        faults=tuple(faults),
    )


def _settings(path: str, data: bytes | None) -> list[Setting]:
    """Each leaf of a file; the keys joined by NUL."""
    if data is None:
        return []
    lines = yarnrc_yml.line_of(data)
    return [
        Setting(path, lines.get("\0".join(keys), 1), "\0".join(keys), text)
        for keys, text in yarnrc_yml.leaves(yarnrc_yml.read(path, data))
    ]


def pin(setting: Setting) -> Pin:
    """A setting as a registry; what the environment may change is none to rely on."""
    return Pin(setting, "depends on the environment" if "${" in setting.raw else "")
