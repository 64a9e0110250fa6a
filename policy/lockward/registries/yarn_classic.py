"""Yarn 1: .npmrc and .yarnrc beside the root manifest and in the folders above it.

Reference: yarn, src/registries/npm-registry.js (getRegistry,
getPossibleConfigLocations) and yarn-registry.js (getOption); run with yarn 1.22
against registries that are not there.  For a scope, .npmrc's pin counts before
.yarnrc's; then .npmrc's default before .yarnrc's.  Of two files of one name the
nearer wins, key by key.  ``--registry`` in .yarnrc is an argument: it is the
default before all of them.
"""

from __future__ import annotations

from lockward import managers
from lockward.errors import LockwardError
from lockward.paths import ancestors, join
from lockward.registries import REGISTRY, Pin, Registries, npm, npmrc, yarnrc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.managers import Manager
    from lockward.model import Tree
    from lockward.registries.npmrc import Setting

# Arguments of a command line that a .yarnrc may bring along, and that name the default.
_ARGUMENTS: Final = ("--registry", "--install.registry", "--add.registry")


def read(tree: Tree, root: str, manager: Manager) -> Registries:  # noqa: ARG001 - a reader's shape
    """The pins of all files; a pin belongs into the .npmrc of the root."""
    files = [
        npm.read(tree, folder, managers.Manager("npm"))
        for folder in ancestors(root)
        if not folder or folder == root or join(folder, npm.FILE) in tree.entries()
    ]
    own = files[0]
    lines, faults = _yarnrc(tree, root)
    scopes = _scopes(lines)
    default = _first(lines, "registry")
    for file in reversed(files):
        scopes.update(file.scopes)
        default = _unscoped(file) or default
    default = next((found for key in _ARGUMENTS if (found := _first(lines, key))), default)
    return Registries(
        path=own.path,
        default=default,
        scopes=scopes,
        settings=tuple(setting for file in files for setting in file.settings),
        faults=(*(fault for file in files for fault in file.faults), *faults),
    )


def _unscoped(file: Registries) -> Pin | None:
    """``registry`` itself: npm's ``scope`` puts another in its place, Yarn knows no such thing."""
    if file.default is None or file.default.setting.key == "registry":
        return file.default
    lines = [one for one in file.settings if one.key == "registry" and not one.inert]
    return Pin(lines[-1]) if lines else None


def _yarnrc(tree: Tree, root: str) -> tuple[list[Setting], list[LockwardError]]:
    """The settings of every .yarnrc, farthest first, so that the last of a key counts."""
    settings: list[Setting] = []
    faults: list[LockwardError] = []
    for folder in reversed(ancestors(root)):
        try:
            data = tree.read(join(folder, yarnrc.FILE), npmrc.LARGEST)
        except LockwardError as fault:
            faults.append(fault)
            continue
        if data is not None:
            settings += yarnrc.parse(join(folder, yarnrc.FILE), data)[0]
    return settings, faults


def _scopes(lines: list[Setting]) -> dict[str, Pin]:
    return {
        line.key[: -len(REGISTRY)]: Pin(line)
        for line in lines
        if line.key.startswith("@") and line.key.endswith(REGISTRY)
    }


def _first(lines: list[Setting], key: str) -> Pin | None:
    found = [line for line in lines if line.key == key]
    return Pin(found[-1]) if found else None
