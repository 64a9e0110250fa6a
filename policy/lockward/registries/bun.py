"""Bun: bunfig.toml beside the root manifest, and .npmrc for what it leaves open.

Measured with bun 1.4: a registry in bunfig.toml wins over one in .npmrc, per
scope; of ``acme`` and ``@acme`` in one file the later one counts; scopes are
compared exactly.  A member's own files say nothing to an install of the whole.
"""

from __future__ import annotations

from lockward.errors import LockwardError
from lockward.paths import join
from lockward.registries import Pin, Registries, bunfig, npmrc
from lockward.registries import npm as from_npmrc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockward.managers import Manager
    from lockward.model import Tree
    from lockward.registries.bunfig import Bunfig, Server


def read(tree: Tree, root: str, manager: Manager) -> Registries:
    """The settings of both files; a pin that is missing belongs into the one that is there."""
    del manager  # every version of bun reads the same
    path = join(root, bunfig.FILE)
    faults: list[LockwardError] = []
    file = _bunfig(tree, path, faults)
    beside = _npmrc(tree, join(root, from_npmrc.FILE), faults)
    if file is None:
        return Registries(
            path=beside.path,
            default=beside.default,
            scopes=beside.scopes,
            settings=beside.settings,
            faults=tuple(faults),
            complete=not faults,
        )
    pins = {server.scope: _pin(path, server) for server in file.servers if server.url}
    default = pins.pop("", beside.default)
    return Registries(
        path=path,
        default=default,
        scopes={**beside.scopes, **pins},
        settings=(*beside.settings, *(server.setting(path) for server in file.servers)),
        faults=tuple(faults),
        complete=not faults,
    )


def _bunfig(tree: Tree, path: str, faults: list[LockwardError]) -> Bunfig | None:
    try:
        data = tree.read(path, npmrc.LARGEST)
        return None if data is None else bunfig.parse(path, data)
    except LockwardError as fault:
        faults.append(fault)
        return None


def _npmrc(tree: Tree, path: str, faults: list[LockwardError]) -> Registries:
    try:
        data = tree.read(path, npmrc.LARGEST)
    except LockwardError as fault:
        faults.append(fault)
        data = None
    return Registries(path=path) if data is None else from_npmrc.parse(path, data)


def _pin(path: str, server: Server) -> Pin:
    fault = "depends on the environment" if server.from_environment else ""
    return Pin(server.setting(path), fault)
