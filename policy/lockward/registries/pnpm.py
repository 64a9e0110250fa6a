"""pnpm: .npmrc beside the root manifest, and pnpm-workspace.yaml, which wins.

Run with pnpm 9, 10 and 12, each pointed at registries that are not there:

    .npmrc: registry, @scope:registry              every version (scope= is npm's alone)
    pnpm-workspace.yaml: registries, by scope      since 10; "default" is everything else
    pnpm-workspace.yaml: registry                  since 11
    pnpm-workspace.yaml: registries, by URL        since 11: {scopes: ["@acme", "@"]}
"""

from __future__ import annotations

from lockward import managers, pnpm_settings, yamlread
from lockward.errors import LockwardError
from lockward.registries import Pin, Registries, npmrc
from lockward.registries import npm as npm_files
from lockward.registries.npmrc import Setting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.managers import Manager
    from lockward.model import Tree

_FIRST: Final = 10  # major of the first pnpm that reads registries in its own file
_URLS: Final = 11  # of the first that reads ``registry`` there, and ``registries`` by URL


def read(tree: Tree, root: str, manager: Manager) -> Registries:
    """The pins of both files; a manager of unknown version is taken for the newest."""
    base = npm_files.read(tree, root, managers.Manager("npm"))
    scopes, default = dict(base.scopes), _default(base)
    faults = base.faults
    for setting in () if _is_older(manager, _FIRST) else _settings(tree, root, manager):
        if isinstance(setting, LockwardError):
            faults = (*faults, setting)
        elif setting.key in ("default", "@"):
            default = Pin(setting)
        else:
            scopes[setting.key] = Pin(setting)
    return Registries(
        path=base.path, default=default, scopes=scopes, settings=base.settings, faults=faults
    )


def _default(base: Registries) -> Pin | None:
    """``registry`` itself: npm's ``scope`` puts another in its place, pnpm knows no such thing."""
    if base.default is None or base.default.setting.key == "registry":
        return base.default
    lines = [setting for setting in base.settings if setting.key == "registry"]
    return Pin(lines[-1]) if lines and not lines[-1].inert else None


def _is_older(manager: Manager, major: int) -> bool:
    return manager.major is not None and manager.major < major


def _settings(tree: Tree, root: str, manager: Manager) -> Iterator[Setting | LockwardError]:
    """Scope ("default" = everything else) and URL, each as a setting of pnpm-workspace.yaml."""
    path = pnpm_settings.file_of(root)
    try:
        data = tree.read(path, npmrc.LARGEST)
        document = {} if data is None else pnpm_settings.read(path, data)
    except LockwardError as fault:
        yield fault
        return
    if data is None:
        return
    lines = yamlread.lines(data, 2)
    registry = document.get("registry")
    if isinstance(registry, str) and not _is_older(manager, _URLS):
        yield Setting(path, lines.get("registry", 1), "default", registry)
    declared = document.get("registries")
    for key, value in declared.items() if isinstance(declared, dict) else ():
        line = lines.get(f"registries\0{key}", 1)
        for scope, url in _routes(key, value):
            yield Setting(path, line, scope, url)


def _routes(key: str, value: object) -> Iterator[tuple[str, str]]:
    """Scope and URL of one entry of ``registries``, in either of its forms."""
    if isinstance(value, str):
        yield key, value
    scopes = value.get("scopes") if isinstance(value, dict) else None
    for scope in scopes if isinstance(scopes, list) else ():
        if isinstance(scope, str):
            yield scope, key


def urls(document: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every registry that a pnpm-workspace.yaml names: the keys that lead to it, and its URL."""
    registry = document.get("registry")
    if isinstance(registry, str):
        yield ("registry",), registry
    for field in ("registries", "namedRegistries"):
        declared = document.get(field)
        for key, value in declared.items() if isinstance(declared, dict) else ():
            yield (field, key), value if isinstance(value, str) else key
