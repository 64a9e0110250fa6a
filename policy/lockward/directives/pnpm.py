"""pnpm: overrides, catalogs, patches, packageExtensions and .pnpmfile.cjs; see pnpm_settings."""

from __future__ import annotations

from lockward import pnpm_settings
from lockward.directives import Directives
from lockward.paths import resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lockward.pnpm_settings import Settings
    from lockward.project import Project


def read(project: Project) -> Directives:
    """What the version of pnpm in use reads."""
    settings = pnpm_settings.of(project)
    return Directives(
        overrides=dict(_overrides(settings)),
        catalogs={
            "" if name == "default" else name: specs for name, specs in settings.catalogs.items()
        },
        patches=dict(_patches(project, settings)),
        extensions=dict(_extensions(settings)),
        hooks=dict(_hooks(project, settings)),
    )


def _overrides(settings: Settings) -> Iterator[tuple[tuple[str, ...], str]]:
    for selector, spec in settings.overrides.items():
        parent, target = pnpm_settings.parts_of(selector)
        yield ((parent, target) if parent else (target,)), spec


def _patches(project: Project, settings: Settings) -> Iterator[tuple[str, str]]:
    """Package -> the patch file's object id; its path when the file is not there."""
    for key, path in settings.mapping("patchedDependencies").items():
        if isinstance(path, str):
            yield key, _identity(project, path) or path


def _identity(project: Project, path: str) -> str:
    place = resolve(project.root, path)
    entry = None if place is None else project.tree.entries().get(place)
    return "" if entry is None else entry.oid


def _extensions(settings: Settings) -> Iterator[tuple[str, Mapping[str, str]]]:
    for key, entry in settings.mapping("packageExtensions").items():
        specs: dict[str, str] = {}
        for section in ("dependencies", "optionalDependencies", "peerDependencies"):
            named = entry.get(section) if isinstance(entry, dict) else None
            for name, spec in named.items() if isinstance(named, dict) else ():
                specs[name] = str(spec)
        yield key, specs


def _hooks(project: Project, settings: Settings) -> Iterator[tuple[str, str]]:
    for path in pnpm_settings.hook_files(settings):
        oid = _identity(project, path)
        if oid:
            yield path, oid
