"""pnpm's overrides on a project's own requirements: the lockfile records what they make of them.

Reference: pnpm, hooks/read-package-hook/createVersionsOverrider.ts and
isIntersectingRange.ts, config/parse-overrides.
"""

from __future__ import annotations

from lockward import bounds, semver
from lockward.lockfiles.pnpm_engines import runtimes
from lockward.paths import relative_to, resolve
from lockward.pnpm_settings import bare, parts_of, range_of
from lockward.semver import intersects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Final

    from lockward.model import Manifest

    Sections = dict[str, dict[str, str]]

_SECTIONS: Final = (
    "dependencies",
    "optionalDependencies",
    "devDependencies",
    "peerDependencies",
)
_REMOVED: Final = "-"


class Override:
    """One override; ``parent`` and ``target`` are ``name`` or ``name@range``."""

    __slots__ = ("parent", "spec", "target")

    def __init__(self, parent: str, target: str, spec: str) -> None:
        self.parent: Final = parent
        self.target: Final = target
        self.spec: Final = spec


class Overrides:
    """The overrides of a project: ``by_name`` those of each name, in their order."""

    __slots__ = ("by_name",)

    def __init__(self, listed: Iterable[Override]) -> None:
        self.by_name: Final[dict[str, list[Override]]] = {}
        for one in listed:
            self.by_name.setdefault(bare(one.target), []).append(one)


def parse(overrides: Mapping[str, str]) -> Overrides:
    """The overrides of a project."""
    return Overrides(Override(*parts_of(selector), spec) for selector, spec in overrides.items())


def apply(
    overrides: Overrides, manifest: Manifest, folder: str, root: str
) -> Mapping[str, Mapping[str, str]]:
    """A manifest's sections after overrides; ``folder`` and ``root`` from the repository's top."""
    sections = {section: dict(manifest.sections.get(section, {})) for section in _SECTIONS}
    listed = manifest.raw.get("dependencies")
    if isinstance(listed, dict):  # pnpm keeps a name in both sections apart
        sections["dependencies"] = {k: v for k, v in listed.items() if isinstance(v, str)}
    for section, name, spec in runtimes(manifest):
        sections[section][name] = spec
    if not overrides.by_name:
        return sections
    for section in _SECTIONS:
        for name, spec in list(sections[section].items()):
            about = overrides.by_name.get(name)
            found = None if about is None else _chosen(about, manifest, spec)
            if found is not None:
                _put(sections, section, name, _spec(found, folder, root))
    return sections


def _put(sections: Sections, section: str, name: str, spec: str) -> None:
    """A peer that is no range becomes a dependency, as pnpm puts it."""
    if spec == _REMOVED:
        del sections[section][name]
    elif section == "peerDependencies" and not _is_peer_range(spec):
        sections["dependencies"][name] = spec
    else:
        sections[section][name] = spec


def _is_peer_range(spec: str) -> bool:
    return semver.is_range(spec) or "workspace:" in spec or "catalog:" in spec


def _is_parent(parent: str, manifest: Manifest) -> bool:
    if bare(parent) != manifest.name:
        return False
    wanted = range_of(parent)
    return not wanted or semver.satisfies(manifest.version or "", wanted)


def _chosen(about: list[Override], manifest: Manifest, spec: str) -> Override | None:
    """The override of a requirement among those of its name: one for this dependant first."""
    bounds.OVERRIDES.spend(len(about))
    mine = [one for one in about if one.parent and _is_parent(one.parent, manifest)]
    return _pick(mine, spec) or _pick([one for one in about if not one.parent], spec)


def _pick(overrides: list[Override], spec: str) -> Override | None:
    """The most specific override of a requirement."""
    found = [one for one in overrides if _touches(one, spec)]
    if not found:
        return None
    ranged = [one for one in found if range_of(one.target)]
    return (ranged or found)[0]


def _touches(override: Override, spec: str) -> bool:
    wanted = range_of(override.target)
    if wanted == "":  # "name@": only where the exact version is in the range that is asked for
        return semver.is_range(spec) and semver.satisfies(override.spec, spec)
    if wanted is None or wanted == spec:
        return True
    if not semver.is_range(wanted) or not semver.is_range(spec):
        return False
    return intersects(wanted, spec)


def _spec(override: Override, folder: str, root: str) -> str:
    """The new spec; a path is seen from the project that asks."""
    for protocol in ("file:", "link:"):
        path = override.spec.removeprefix(protocol)
        if path != override.spec and not path.startswith("/"):
            place = resolve(root, path)
            return override.spec if place is None else f"{protocol}{relative_to(folder, place)}"
    return override.spec
