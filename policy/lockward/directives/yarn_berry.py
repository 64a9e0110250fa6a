"""Berry: ``resolutions`` in the root's package.json, and what .yarnrc.yml says of resolution.

Reference: berry's core, CorePlugin and Configuration (packageExtensions,
plugins), plugin-catalog, plugin-patch (patchUtils: where a patch's path starts).
"""

from __future__ import annotations

from lockward import bounds
from lockward.directives import Directives, yarn_plugins
from lockward.lockfiles.yarn_berry_specs import percent_decoded, resolutions, split
from lockward.paths import join, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward import yamlread
    from lockward.project import Project

_SECTIONS: Final = ("dependencies", "peerDependencies", "optionalDependencies")


def read(project: Project) -> Directives:
    """What the root's two files say; Yarn passes over ``resolutions`` in workspaces."""
    settings = settings_of(project)
    entries = project.tree.entries()
    replaced = yarn_plugins.replaced(project)
    return Directives(
        overrides={**_overrides(project), **{(name,): spec for name, spec in replaced.items()}},
        catalogs=catalogs(settings),
        patches=dict(_patches(project)),
        extensions=dict(_extensions(settings)),
        hooks={place: entries[place].oid for place in yarn_plugins.places(project)},
        replaced=replaced,
    )


def settings_of(project: Project) -> yamlread.Mapping:
    """The settings of .yarnrc.yml in the root and in the folders above: the nearer wins.

    Mappings are put together key by key.  A file that cannot be read says nothing.
    """
    settings: yamlread.Mapping = {}
    for _, nearer in yarn_plugins.documents(project):
        for key, value in nearer.items():
            known = settings.get(key)
            both = isinstance(known, dict) and isinstance(value, dict)
            settings[key] = {**known, **value} if both else value  # type: ignore[dict-item]  # both
    listed = settings.get("packageExtensions")
    bounds.check_extensions(len(listed) if isinstance(listed, dict) else 0)
    return settings


def _overrides(project: Project) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for row in resolutions(project.manifest):
        parent = f"{row.parent}@{row.reference}" if row.reference else row.parent
        own = f"{row.name}@{row.wanted}" if row.wanted else row.name
        if row.name:
            found[(parent, own) if parent else (own,)] = row.spec
    return found


def catalogs(settings: yamlread.Mapping) -> dict[str, Mapping[str, str]]:
    """``catalog`` under "", and each of ``catalogs`` under its name."""
    found = {"": _texts(settings.get("catalog"))}
    named = settings.get("catalogs")
    if isinstance(named, dict):
        found.update({name: _texts(listed) for name, listed in named.items()})
    return {name: listed for name, listed in found.items() if listed}


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {name: text for name, text in value.items() if isinstance(text, str)}


def _extensions(settings: yamlread.Mapping) -> Iterator[tuple[str, dict[str, str]]]:
    listed = settings.get("packageExtensions")
    for key, added in listed.items() if isinstance(listed, dict) else ():
        if isinstance(added, dict):
            specs: dict[str, str] = {}
            for section in _SECTIONS:
                specs.update(_texts(added.get(section)))
            yield key, specs


def _patches(project: Project) -> Iterator[tuple[str, str]]:
    """``name@range`` of each ``patch:`` -> the object ids of its files."""
    entries = project.tree.entries()
    for folder, name, spec in _specs(project):
        if spec.startswith("patch:"):
            source, _, selector = spec[6:].partition("::")[0].rpartition("#")
            base = split(percent_decoded(source))[1] if source else ""
            places = [_patch_file(project, folder, path) for path in selector.split("&")]
            oids = [entries[place].oid if place in entries else "" for place in places if place]
            yield f"{name}@{base}", " ".join(oids)


def _specs(project: Project) -> Iterator[tuple[str, str, str]]:
    for row in resolutions(project.manifest):
        yield "", row.name, row.spec
    for folder, manifest in project.manifests.items():
        for specs in manifest.sections.values():
            for name, spec in specs.items():
                yield folder, name, spec


def _patch_file(project: Project, folder: str, path: str) -> str:
    """Where a patch lies, from the top of the repository; "" for one of Yarn's own."""
    path = path.rpartition("!")[2]
    if "builtin<" in path:
        return ""
    home = project.root if path.startswith("~/") else join(project.root, folder)
    return resolve(home, path.removeprefix("~/")) or path
