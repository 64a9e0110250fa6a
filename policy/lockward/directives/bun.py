"""Bun: overrides or resolutions, catalogs, patches and extensions of the root's package.json.

Reference: bun, src/install/lockfile/OverrideMap.rs and CatalogMap.rs, and bun
1.4 itself (tests/policy/directives/test_bun.py asks it).  ``overrides`` hides
``resolutions``; both reach one level deep; what they cannot express bun leaves
out with a warning.
"""

from __future__ import annotations

from lockward.directives import Directives
from lockward.model import SECTIONS
from lockward.paths import resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from lockward.model import Manifest
    from lockward.project import Project

    Overrides = dict[tuple[str, ...], str]
    Catalogs = dict[str, Mapping[str, str]]


def read(project: Project) -> Directives:
    """The directives of the root; bun reads none elsewhere."""
    manifest = project.manifest
    if manifest is None:
        return Directives()
    return Directives(
        overrides=overrides(manifest),
        catalogs=catalogs(manifest.raw),
        patches=_patches(project, manifest),
        extensions=_extensions(manifest.raw.get("packageExtensions")),
    )


def overrides(manifest: Manifest) -> Overrides:
    """Names, ranges and all, to the spec that bun installs in their place."""
    raw = manifest.raw
    found = flat(raw["overrides"]) if "overrides" in raw else _resolutions(raw.get("resolutions"))
    return {path: text for path, text in _referred(found, manifest) if text}


def flat(rules: object) -> Overrides:
    """Nested rules laid flat, one level deep; ``.`` stands for its parent.  A lockfile's too."""
    found: Overrides = {}
    for name, rule in rules.items() if isinstance(rules, dict) else ():
        if name.startswith("//") or not name:
            continue
        if isinstance(rule, str):
            found[(name,)] = rule
        for child, text in rule.items() if isinstance(rule, dict) else ():
            if isinstance(text, str) and not child.startswith("//"):
                found[(name,) if child == "." else (name, child)] = text
    return found


def _resolutions(rules: object) -> Overrides:
    """Yarn's ``a/b``, ``**/b`` and ``a/**/b``: the last name below the one before it."""
    found: Overrides = {}
    for pattern, text in rules.items() if isinstance(rules, dict) else ():
        names = _names(pattern)
        if isinstance(text, str) and 1 <= len(names) <= 2:  # noqa: PLR2004 - one level of nesting
            found[names] = text
    return found


def _names(pattern: str) -> tuple[str, ...]:
    names: list[str] = []
    for part in pattern.split("/"):
        if names and names[-1].startswith("@") and "/" not in names[-1]:
            names[-1] += f"/{part}"
        elif part not in ("", "**"):
            names.append(part)
    return tuple(names)


def _referred(found: Overrides, manifest: Manifest) -> Iterator[tuple[tuple[str, ...], str]]:
    """``$name`` as the root itself requires that name; nothing when it does not."""
    for path, text in found.items():
        if not text.startswith("$"):
            yield path, text
            continue
        for section in SECTIONS:
            spec = manifest.sections[section].get(text[1:])
            if spec is not None:
                yield path, spec
                break


def catalogs(raw: Mapping[str, Any]) -> Catalogs:
    """Those in the ``workspaces`` object; else those at the top.  A lockfile's too."""
    holder: Mapping[str, Any] = raw
    workspaces = raw.get("workspaces")
    if isinstance(workspaces, dict) and ("catalog" in workspaces or "catalogs" in workspaces):
        holder = workspaces
    found: Catalogs = {}
    named = holder.get("catalogs")
    groups = {"": holder.get("catalog"), **(named if isinstance(named, dict) else {})}
    for name, group in groups.items():
        specs = group.items() if isinstance(group, dict) else ()
        kept = {dependency: spec for dependency, spec in specs if isinstance(spec, str)}
        if kept:
            found[name] = kept
    return found


def _patches(project: Project, manifest: Manifest) -> dict[str, str]:
    """``name@version`` -> the patch file's object id, its path where there is none."""
    listed = manifest.raw.get("patchedDependencies")
    entries = project.tree.entries() if isinstance(listed, dict) else {}
    found: dict[str, str] = {}
    for name, file in listed.items() if isinstance(listed, dict) else ():
        if isinstance(file, str):
            entry = entries.get(resolve(project.root, file) or "")
            found[name] = file if entry is None or not entry.oid else entry.oid
    return found


def _extensions(listed: object) -> dict[str, Mapping[str, str]]:
    """``name@range`` -> what is added to its requirements."""
    found: dict[str, Mapping[str, str]] = {}
    for name, added in listed.items() if isinstance(listed, dict) else ():
        sections = [added.get(section) for section in SECTIONS] if isinstance(added, dict) else []
        found[name] = {
            key: spec
            for specs in sections
            for key, spec in (specs.items() if isinstance(specs, dict) else ())
            if isinstance(spec, str)
        }
    return found
