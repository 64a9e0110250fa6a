"""Whether `yarn install --frozen-lockfile` of Yarn 1 should install, offline; stricter than it.

Reference: yarn, src/cli/commands/install.js (bailout), integrity-checker.js
(missingPatterns), package-resolver.js (find, resolveToResolution).  Yarn refuses
when a pattern of the root is missing or out of range.  Below the root, and for
workspaces, it refuses nothing: what is missing or out of range is resolved anew
by the registry, in silence (yarn issues 5840, 7476, 8513).  Here every pattern
that the root, a workspace or a locked package asks for must be there and in range.
"""

from __future__ import annotations

from lockward import bounds, globs, semver
from lockward.lockfiles.yarn_classic import names_in
from lockward.lockfiles.yarn_classic_tree import by_pattern, written
from lockward.paths import resolve as resolve_path
from lockward.sync import SyncProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.model import EdgeKind, Manifest, Package
    from lockward.project import Project

    Asked = tuple[str, str, EdgeKind]  # name, spec, kind

# In the order in which yarn keeps the first of a name (normalize-manifest/validate.js).
_SECTIONS: Final[Mapping[str, EdgeKind]] = {
    "optionalDependencies": "optional",
    "dependencies": "prod",
    "devDependencies": "dev",
}


def problems(project: Project) -> tuple[SyncProblem, ...]:
    """Every requirement without an entry that answers it."""
    if project.manager.kind == "yarn-berry":
        return (another_yarn(project, "Yarn 1"),)
    return tuple(_Judge(project).problems())


def another_yarn(project: Project, written: str) -> SyncProblem:
    """A lockfile in the format of another Yarn than package.json declares: it is written anew."""
    detail = f"is of {written}, and package.json declares yarn@{project.manager.version}"
    return SyncProblem("recorded", "yarn.lock", "yarn.lock", "", "prod", detail=detail)


class Resolution:
    """One row of ``resolutions``: where it holds, and the pattern that takes the place."""

    __slots__ = ("_anywhere", "_parent", "name", "pattern")

    def __init__(self, key: str, spec: str) -> None:
        names = names_in(key)
        self.name: Final = names[-1] if names else ""
        self.pattern: Final = f"{self.name}@{spec}"
        parents = names_in(f"**/{key}" if len(names) == 1 else key)[:-1]
        self._anywhere: Final = _skips(parents)
        self._parent: Final = parents[-1] if parents else ""

    def holds_below(self, dependant: str) -> bool:
        """Whether it may hold for what a package of this name requires, "" being the root itself.

        Which packages stand above the dependant is not known here: then it may.
        """
        if self._anywhere or not (self._parent and dependant):
            return self._anywhere
        bounds.GLOBS.spend(8 + len(self._parent) * len(dependant) // 256)
        return globs.match(self._parent, dependant)


def _skips(parents: list[str]) -> bool:
    """Take the wildcards off the end of a path of dependants; whether one is ``**``."""
    while parents and not parents[-1].strip("*"):
        if parents.pop() == "**":
            return True
    return False


def rows(manifest: Manifest | None) -> tuple[Resolution, ...]:
    """The resolutions of a root, those that Yarn takes."""
    listed = None if manifest is None else manifest.raw.get("resolutions")
    if not isinstance(listed, dict):
        return ()
    return tuple(
        Resolution(key, spec)
        for key, spec in listed.items()
        if isinstance(spec, str) and _is_path(key)
    )


def _is_path(key: str) -> bool:
    """What parse-package-path.js takes for one."""
    return bool(key) and not key.endswith(("/", "*")) and "//" not in key


class _Judge:
    def __init__(self, project: Project) -> None:
        assert project.lockfile is not None
        self.project: Final = project
        self.patterns: Final = by_pattern(project.lockfile)
        self.rows: Final[dict[str, list[Resolution]]] = {}
        for row in rows(project.manifest):
            self.rows.setdefault(row.name, []).append(row)
        self.members: Final = _members(project)

    def problems(self) -> Iterator[SyncProblem]:
        reached: dict[str, Package] = {}
        for folder, manifest in self.project.manifests.items():
            for name, spec, kind in _asked(manifest):
                found, problem = self._look(folder, self._dependant(folder), name, spec, kind)
                if problem is not None:
                    yield problem
                if found is not None:
                    reached[found.key] = found
        waiting = list(reached.values())
        while waiting:
            package = waiting.pop()
            for name, spec, kind in _required(package):
                found, problem = self._look(package.key, package.alias, name, spec, kind)
                if problem is not None:
                    yield problem
                if found is not None and found.key not in reached:
                    reached[found.key] = found
                    waiting.append(found)

    def _dependant(self, folder: str) -> str:
        """The name of an importer as resolutions see it; "" for a root without workspaces."""
        manifest = self.project.manifests[folder]
        return (manifest.name or "") if folder else ("" if not self.members else "*")

    def _look(
        self, source: str, dependant: str, name: str, spec: str, kind: EdgeKind
    ) -> tuple[Package | None, SyncProblem | None]:
        """The entry that answers a requirement, and what is wrong with that."""
        if self._is_member(name, spec):
            return None, None
        own = self._own(source, name, spec)
        rows = self.rows.get(name, ())
        bounds.OVERRIDES.spend(len(rows))
        for row in rows:
            if dependant and row.holds_below(dependant):
                forced = self.patterns.get(row.pattern)
                if forced is not None:
                    return forced, None
        if own is None:
            return None, SyncProblem("missing", source, name, spec, kind)
        if _outdated(own.version, spec):
            return own, SyncProblem("invalid", source, name, spec, kind, found=own)
        return own, None

    def _own(self, source: str, name: str, spec: str) -> Package | None:
        """The entry of the requirement's own pattern; paths are written as seen from the root."""
        protocol, colon, path = spec.partition(":")
        if source in self.project.manifests and colon and protocol in ("link", "file"):
            place = resolve_path(source, path)
            text = "" if place is None else f"{name}@{protocol}:{written(place)}"
            rooted = self.patterns.get(text)
            if rooted is not None:
                return rooted
        found = self.patterns.get(f"{name}@{spec}")
        return self.patterns.get(name) if found is None and spec in ("", "latest") else found

    def _is_member(self, name: str, spec: str) -> bool:
        """Whether a workspace answers: by its name, when its version is in range."""
        version = self.members.get(name)
        return version is not None and semver.satisfies(version, spec or "*")


def _members(project: Project) -> Mapping[str, str]:
    """Name -> version of each workspace; Yarn passes over those that have not both."""
    return {
        manifest.name: manifest.version
        for folder, manifest in project.workspaces.items()
        if folder and manifest.name and manifest.version
    }


def _asked(manifest: Manifest) -> Iterator[Asked]:
    """What a manifest requires: the first section of a name wins, with the first real range."""
    kinds: dict[str, EdgeKind] = {}
    specs: dict[str, str] = {}
    for section, kind in _SECTIONS.items():
        for name, spec in _section(manifest, section).items():
            kinds.setdefault(name, kind)
            if name not in specs or (specs[name] in ("", "*") and spec not in ("", "*")):
                specs[name] = spec
    for name, kind in kinds.items():
        yield name, specs[name], kind


def _section(manifest: Manifest, section: str) -> Mapping[str, str]:
    return manifest.sections.get(section, {})


def _required(package: Package) -> Iterator[Asked]:
    for name, spec in package.dependencies.items():
        yield name, spec, "prod"
    for name, spec in package.optional_dependencies.items():
        yield name, spec, "optional"


def _outdated(version: str, spec: str) -> bool:
    """isLockfileEntryOutdated: a range, a version, and the one does not hold the other."""
    return (
        semver.is_range(spec)
        and semver.valid(version) is not None
        and not semver.satisfies(version, spec)
    )
