"""Whether `pnpm install --frozen-lockfile` would install from a lockfile, offline.

Reference: pnpm, lockfile/verification (satisfiesPackageManifest.ts,
catalogResolutionsAreUpToDate.ts), lockfile/settings-checker; pnpm 12's
crates/lockfile/src/freshness.rs says the same.  pnpm compares what the lockfile
records of each project with its package.json, after overrides, and what it
records of the settings with those in use (pnpm_recorded.py).

Left out, on purpose: entries that pnpm refuses for themselves (no integrity, a
tarball under another version), which are other rules' findings.
"""

from __future__ import annotations

from lockward import pnpm_settings, semver
from lockward.lockfiles.pnpm_engines import runtimes
from lockward.lockfiles.pnpm_keys import key_of, without_suffix
from lockward.lockfiles.pnpm_tree import major_of
from lockward.paths import join, relative_to
from lockward.sync import SyncProblem, pnpm_overrides, pnpm_recorded
from lockward.sync.pnpm_specs import equal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.model import EdgeKind, Lockfile, Manifest
    from lockward.project import Project

SECTIONS: Final[Mapping[str, EdgeKind]] = {
    "optionalDependencies": "optional",
    "dependencies": "prod",
    "devDependencies": "dev",
}


def problems(project: Project) -> tuple[SyncProblem, ...]:
    """Why pnpm would refuse; empty when it would install."""
    lockfile = project.lockfile
    assert lockfile is not None  # sync.problems
    if not lockfile.packages and not lockfile.importers:
        return tuple(_without_lockfile(project))
    return (*pnpm_recorded.problems(project), *_Judge(project, lockfile).problems())


def _without_lockfile(project: Project) -> Iterator[SyncProblem]:
    """A file that holds the environment only is no lockfile of the project."""
    for folder, manifest in project.manifests.items():
        for section, kind in SECTIONS.items():
            for name, spec in manifest.sections.get(section, {}).items():
                yield SyncProblem("missing", folder, name, spec, kind)


class _Judge:
    """One project's importers against its manifests."""

    def __init__(self, project: Project, lockfile: Lockfile) -> None:
        self.project: Final = project
        self.lockfile: Final = lockfile
        self.settings: Final = pnpm_settings.of(project)
        self.overrides: Final = pnpm_overrides.parse(self.settings.overrides)
        self.peers: Final = pnpm_recorded.auto_installs_peers(project, self.settings)
        self.ignored: Final = self.settings.names("ignoredOptionalDependencies")
        self.excludes_links: Final = pnpm_recorded.excludes_links(project, self.settings)
        self.simple: Final = not (self.ignored or self.excludes_links)
        self.overridden: Final = self.overrides.by_name.keys()
        self.hooks: Final = pnpm_recorded.hook_text(project, self.settings)

    def problems(self) -> Iterator[SyncProblem]:
        """The root's, then each member's, by folder."""
        folders = [""]
        if not pnpm_settings.parted(self.project, self.settings):
            members = self.project.member_folders
            folders += sorted(relative_to(self.project.root, member) for member in members)
        for folder in folders:
            manifest = self.project.manifests.get(folder)
            if manifest is not None:
                yield from self._importer(folder, manifest)

    def _importer(self, folder: str, manifest: Manifest) -> Iterator[SyncProblem]:
        entry = pnpm_recorded.importer(self.lockfile, folder)
        wanted = self._wanted(folder, manifest)
        told = self._told(folder)
        references = _references(entry)
        for section, kind in SECTIONS.items():
            recorded = told.get(section, {})
            for name, spec in wanted.get(section, {}).items():
                if name not in recorded:
                    if self._counts(name):
                        yield self._missing(folder, name, spec, kind, told)
                elif not equal(recorded[name], spec, self.settings.major):
                    if self._counts(name):
                        fact = f"wanted {spec}, the lockfile was written for {recorded[name]}"
                        yield SyncProblem("recorded", folder, name, spec, kind, detail=fact)
                else:
                    yield from self._answer(folder, name, spec, kind, references.get(name, ""))
            for name in recorded:
                asked = any(name in wanted.get(one, {}) for one in SECTIONS)
                if not asked and self._counts(name):
                    fact = "the lockfile has it, and package.json does not ask for it"
                    yield SyncProblem("recorded", folder, name, recorded[name], kind, detail=fact)
        yield from pnpm_recorded.facts(folder, manifest, entry)

    def _missing(
        self,
        folder: str,
        name: str,
        spec: str,
        kind: EdgeKind,
        told: Mapping[str, Mapping[str, str]],
    ) -> SyncProblem:
        other = next((section for section, specs in told.items() if name in specs), "")
        if not other:
            return SyncProblem("missing", folder, name, spec, kind)
        fact = f"the lockfile has it among {other}"
        return SyncProblem("recorded", folder, name, spec, kind, detail=fact)

    def _counts(self, name: str) -> bool:
        """Whether .pnpmfile.cjs, which may rewrite manifests, leaves a name alone."""
        return name not in self.hooks

    def _wanted(self, folder: str, manifest: Manifest) -> Mapping[str, Mapping[str, str]]:
        """Section -> name -> spec, as pnpm compares them: the later sections win a name."""
        own = manifest.sections
        peers = own["peerDependencies"] if self.peers else {}
        asked = (*own["dependencies"], *own["optionalDependencies"])
        apart = own["devDependencies"].keys().isdisjoint(asked)
        untouched = all(self.overridden.isdisjoint(specs) for specs in own.values())
        if self.simple and apart and untouched and not peers and not any(runtimes(manifest)):
            return own  # nothing rewrites it, and no name is there twice: most projects
        place = join(self.project.root, folder) if folder else self.project.root
        sections = pnpm_overrides.apply(self.overrides, manifest, place, self.project.root)
        optional = {
            name: spec
            for name, spec in sections["optionalDependencies"].items()
            if not pnpm_recorded.matches(self.ignored, name)
        }
        known = {**sections["dependencies"], **sections["devDependencies"], **optional}
        peers = sections["peerDependencies"] if self.peers else {}
        dependencies = {
            **{name: spec for name, spec in peers.items() if name not in known},
            **sections["dependencies"],
        }
        found = {
            "optionalDependencies": optional,
            "dependencies": _without(dependencies, optional),
            "devDependencies": _without(sections["devDependencies"], optional, dependencies),
        }
        if self.excludes_links:
            return {
                section: {n: s for n, s in specs.items() if not s.startswith("link:")}
                for section, specs in found.items()
            }
        return found

    def _told(self, folder: str) -> Mapping[str, Mapping[str, str]]:
        importer = self.lockfile.importers.get(folder)
        return {} if importer is None else importer.sections

    def _answer(
        self, folder: str, name: str, spec: str, kind: EdgeKind, reference: str
    ) -> Iterator[SyncProblem]:
        """Whether the version that is locked is in range, and the catalog's."""
        if spec.startswith("workspace:") and not reference.startswith(("link:", "file:")):
            fact = f"{reference} is locked, not the project of this workspace"
            yield SyncProblem("recorded", folder, name, spec, kind, detail=fact)
            return
        key = key_of(name, reference, major_of(self.lockfile))
        package = None if key is None else self.lockfile.by_key.get(key)
        version = without_suffix(reference)
        if semver.valid(version) is None:
            return
        if semver.is_range(spec) and not semver.satisfies(version, spec):
            yield SyncProblem("invalid", folder, name, spec, kind, found=package)
            return
        catalogued = pnpm_recorded.catalog_version(self.lockfile, name, spec)
        if catalogued and catalogued != version:
            fact = f"{version} is locked, the catalog's version is {catalogued}"
            yield SyncProblem("recorded", folder, name, spec, kind, detail=fact)


def _references(entry: Mapping[str, object]) -> Mapping[str, str]:
    """Name -> what answers it in an importer."""
    found: dict[str, str] = {}
    for section in SECTIONS:
        values = entry.get(section)
        for name, value in values.items() if isinstance(values, dict) else ():
            reference = value.get("version") if isinstance(value, dict) else value
            if isinstance(reference, str):
                found[name] = reference
    return found


def _without(specs: Mapping[str, str], *others: Mapping[str, str]) -> Mapping[str, str]:
    return {name: spec for name, spec in specs.items() if not any(name in one for one in others)}
