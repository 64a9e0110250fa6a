"""Whether `bun install --frozen-lockfile` would install from a bun.lock, offline.

Reference: bun, src/install/PackageManager/install_with_manager.rs and
lockfile/Package.rs (Diff), and bun 1.4 itself on generated mutations.  bun
takes a requirement whose text the lockfile repeats as it was answered, and
answers any other anew: by a workspace, else by the highest locked version in
range, else from the registry.  It refuses when what is installed, or where,
then differs from what is locked.  Ranges of locked packages it never looks at
again.  docs/lockfiles.md lists where we differ.
"""

from __future__ import annotations

from lockward import spec as specs
from lockward.directives import bun as directives
from lockward.lockfiles import bun_tree
from lockward.paths import join, relative_to, resolve
from lockward.semver import satisfies
from lockward.sync import SyncProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.graph import Resolution
    from lockward.model import EdgeKind, Importer, Lockfile, Manifest, Package
    from lockward.project import Project
    from lockward.spec import Spec
    from lockward.sync.bun_locked import Locked

_SCOPED: Final = 3  # the first lockfileVersion that records rules with a parent or a range
_KINDS: Final[Mapping[str, EdgeKind]] = {
    "dependencies": "prod",
    "devDependencies": "dev",
    "optionalDependencies": "optional",
    "peerDependencies": "peer",
}


def problems(project: Project) -> tuple[SyncProblem, ...]:
    """Why bun would refuse; empty when it would install."""
    assert project.lockfile is not None
    return tuple(_Judge(project, project.lockfile).problems())


class _Judge:
    """One project under its live manifests."""

    def __init__(self, project: Project, lockfile: Lockfile) -> None:
        self.project: Final = project
        self.lockfile: Final = lockfile
        members = (relative_to(project.root, folder) for folder in project.member_folders)
        self.declared: Final = frozenset({"", *members})
        self.live: Final[Mapping[str, Manifest]] = {
            folder: manifest
            for folder, manifest in project.manifests.items()
            if folder in self.declared
        }
        self.overrides: Final = project.directives.overrides
        self.catalogs: Final = project.directives.catalogs
        self.members: Final[dict[str, Manifest]] = {}  # the locked workspaces, by their names
        for folder, manifest in self.live.items():
            if folder and manifest.name is not None and folder in lockfile.importers:
                self.members.setdefault(manifest.name, manifest)
        self.by_name: Final[dict[str, list[Package]]] = {}
        self.versions: Final[dict[str, Locked]] = {}  # those of by_name, of the names asked for
        for package in lockfile.packages:
            if package.source == "registry":
                self.by_name.setdefault(package.name, []).append(package)

    def problems(self) -> Iterator[SyncProblem]:
        """What bun would stop at."""
        yield from self._overrides()
        yield from self._catalogs()
        yield from self._workspaces()
        for folder, manifest in self.live.items():
            importer = self.lockfile.importers.get(folder)
            if importer is not None:
                yield from self._requirements(folder, manifest, importer)
        yield from self._leftovers()
        yield from self._holes()

    # What the lockfile records of the root

    def _overrides(self) -> Iterator[SyncProblem]:
        recorded = directives.flat(self.lockfile.raw.get("overrides"))
        scoped = self.lockfile.version >= str(_SCOPED) or any(map(_is_scoped, recorded))
        for path in {**recorded, **self.overrides}:
            was, now = recorded.get(path), self.overrides.get(path)
            if was != now and (scoped or not _is_scoped(path)):
                yield _recorded(" > ".join(path), "override", was, now)

    def _catalogs(self) -> Iterator[SyncProblem]:
        """A catalog's entry that changed or went, or that is used and not recorded."""
        recorded = directives.catalogs(self.lockfile.raw)
        for catalog, entries in recorded.items():
            live = self.catalogs.get(catalog, {})
            for name, was in entries.items():
                if live.get(name) != was:
                    noun = f"catalog {catalog}" if catalog else "catalog"
                    yield _recorded(name, noun, was, live.get(name))

        for catalog, name in self._used_catalogs():
            spec = self.catalogs.get(catalog, {}).get(name)
            if spec is not None and name not in recorded.get(catalog, {}):
                yield _recorded(name, "catalog", None, spec)

    def _used_catalogs(self) -> Iterator[tuple[str, str]]:
        for manifest in self.live.values():
            for section in manifest.sections.values():
                for name, text in section.items():
                    if text.startswith("catalog:"):
                        yield text.partition(":")[2].strip(), name

    def _workspaces(self) -> Iterator[SyncProblem]:
        names: dict[str, str] = {}
        for folder, manifest in self.live.items():
            name = manifest.name or ""
            if folder and name and names.setdefault(name, folder) != folder:
                listed = f"{names[name]}, {folder}"
                yield SyncProblem("workspace", "", name, listed, "workspace")
            importer = self.lockfile.importers.get(folder)
            if importer is None:
                yield _workspace(folder, name, "is a workspace, but the lockfile knows none there")
            elif folder and importer.name != manifest.name:
                yield _workspace(folder, name, f"the lockfile calls this workspace {importer.name}")
        for folder, importer in self.lockfile.importers.items():
            if folder not in self.live and folder in self.project.workspaces:
                name = importer.name or ""
                yield _workspace(folder, name, "is locked as a workspace, and is none any more")

    # Requirements

    def _requirements(
        self, folder: str, manifest: Manifest, importer: Importer
    ) -> Iterator[SyncProblem]:
        path = (importer.name or "") if folder else ""
        for section, kind in _KINDS.items():
            for name, text in manifest.sections[section].items():
                if kind == "peer" and name in manifest.peer_optional:
                    continue
                found = bun_tree.find(self.lockfile, path, name)
                asked = _Asked(folder, name, kind, text, importer)
                if found is None and not self._goes_without(asked):
                    yield SyncProblem("missing", folder, name, text, kind)
                elif found is not None and not self._answered(asked, found):
                    yield SyncProblem("invalid", folder, name, text, kind, found=found)

    def _wanted(self, asked: _Asked) -> Spec:
        """What a requirement comes to under overrides, which leave aliases alone, and catalogs."""
        text = asked.text
        if not text.startswith("npm:"):
            text = self.overrides.get((asked.name,), text)
        return specs.parse(asked.name, bun_tree.catalog_spec(asked.name, text, self.catalogs))

    def _goes_without(self, asked: _Asked) -> bool:
        """Whether bun installs though nothing is locked: recorded as such, or a workspace."""
        if asked.repeats and asked.kind in ("optional", "peer"):
            return True
        wanted = self._wanted(asked)
        manifest = self.members.get(asked.name)
        return manifest is not None and _in_range(manifest.version, wanted.fetch)

    def _answered(self, asked: _Asked, found: Package) -> bool:
        """Whether bun is content with what the name leads to."""
        wanted = self._wanted(asked)
        if wanted.kind == "workspace" or found.source == "workspace":
            return found.source == "workspace" and self._member_answers(wanted, found)
        if wanted.kind in ("range", "version", "alias"):
            if found.source != "registry":
                return asked.repeats  # lockfile-untrusted-source sees it
            return self._registry_answers(asked, wanted, found)
        answers = _BY_KIND.get(wanted.kind)
        return asked.repeats or (
            answers is not None and answers(self.project, asked.folder, wanted, found)
        )

    def _member_answers(self, wanted: Spec, found: Package) -> bool:
        """Whether a workspace is there, under its name, with a version in range."""
        target = wanted if wanted.alias is None else wanted.alias
        manifest = self.live.get(found.resolved or "")
        if manifest is None or manifest.name != target.name:
            return False
        return target.kind == "tag" or _in_range(manifest.version, target.fetch)

    def _registry_answers(self, asked: _Asked, wanted: Spec, found: Package) -> bool:
        target = wanted if wanted.alias is None else wanted.alias
        if asked.repeats and (asked.kind == "peer" or (asked.name,) in self.overrides):
            return True
        if not asked.repeats and found.name != target.name:
            return False
        if asked.known:
            return asked.kind == "peer" or satisfies(found.version, target.fetch or "*", loose=True)
        if asked.kind == "peer" and asked.folder:
            return bun_tree.path_of(found) == asked.name  # a member's peer is never put below it
        return self._is_picked(target, found, lenient=asked.kind == "peer")

    def _is_picked(self, target: Spec, found: Package, *, lenient: bool) -> bool:
        """Whether bun answers a new requirement by this one: the highest locked one in range.

        ``lenient``: the highest of all when none is in range.
        """
        from lockward.semver.versions import order, parse
        from lockward.sync.bun_locked import Locked

        locked = self.versions.get(target.name)
        if locked is None:
            versions = (one.version for one in self.by_name.get(target.name, ()))
            locked = self.versions[target.name] = Locked(versions)
        wanted = target.fetch or "*"
        fitting = locked.highest(wanted)
        highest = fitting or (locked.highest_of_all if lenient else None)
        own = parse(found.version, loose=True)
        if own is None or highest is None or order(own, highest) < 0:
            return False
        return fitting is None or satisfies(own.text, wanted, loose=True)

    # What follows for the whole

    def _leftovers(self) -> Iterator[SyncProblem]:
        """Requirements whose coming or going changes what is installed of the lockfile."""
        assert self.project.graph is not None
        recorded = _reached(bun_tree.resolve(self.lockfile, {}))
        live = _reached(self.project.graph.resolution)
        went, came = recorded - live, live - recorded
        for folder, importer in self.lockfile.importers.items():
            manifest = self.live.get(folder)
            if manifest is None:
                continue
            path = (importer.name or "") if folder else ""
            where = join(join(self.project.root, folder), "package.json")
            gone = f"is locked, but {where} does not ask for it any more"
            yield from self._led_to(folder, path, importer.sections, went, gone)
            late = "is locked, but the lockfile does not know who asks for it"
            yield from self._led_to(folder, path, manifest.sections, came, late)

    def _led_to(
        self,
        folder: str,
        path: str,
        sections: Mapping[str, Mapping[str, str]],
        keys: frozenset[str],
        detail: str,
    ) -> Iterator[SyncProblem]:
        """The requirements that lead to one of some entries."""
        for section, entries in sections.items() if keys else ():
            for name, text in entries.items():
                found = bun_tree.find(self.lockfile, path, name)
                if found is not None and found.key in keys:
                    kind = _KINDS[section]
                    yield SyncProblem("recorded", folder, name, text, kind, detail=detail)

    def _holes(self) -> Iterator[SyncProblem]:
        """Requirements of locked packages for which nothing is locked: bun cannot read the file."""
        assert self.project.graph is not None
        for package in self.lockfile.packages:
            for edge in self.project.graph.edges.get(package.key, ()):
                if edge.target is None and edge.kind == "prod":
                    yield SyncProblem("missing", package.key, edge.name, edge.spec, "prod")


class _Asked:
    """A requirement of a manifest, and what the lockfile records of it.

    ``known``: a requirement of this name is recorded, of a peer as a peer;
    ``repeats``: with the very same text.
    """

    __slots__ = ("folder", "kind", "known", "name", "repeats", "text")

    def __init__(
        self, folder: str, name: str, kind: EdgeKind, text: str, importer: Importer
    ) -> None:
        self.folder: Final = folder
        self.name: Final = name
        self.kind: Final[EdgeKind] = kind
        self.text: Final = text
        recorded = {
            section: entries[name]
            for section, entries in importer.sections.items()
            if name in entries
        }
        if kind == "peer":
            recorded = {key: of for key, of in recorded.items() if key == "peerDependencies"}
        self.known: Final = bool(recorded)
        self.repeats: Final = text in recorded.values()


def _in_range(version: str | None, wanted: str) -> bool:
    """Whether a workspace's version is in range; ``*``, ``^`` and ``~`` take any."""
    if wanted in ("", "*", "^", "~"):
        return True
    return version is not None and satisfies(version, wanted, loose=True)


def _is_scoped(path: tuple[str, ...]) -> bool:
    return len(path) > 1 or path[-1].find("@", 1) > 0


def _recorded(name: str, noun: str, was: str | None, now: str | None) -> SyncProblem:
    detail = f"the {noun} in package.json says {now or 'nothing'}, the lockfile {was or 'nothing'}"
    return SyncProblem("recorded", "", name, now or "", "prod", detail=detail)


def _workspace(folder: str, name: str, detail: str) -> SyncProblem:
    return SyncProblem("recorded", folder, name or folder, "", "workspace", detail=detail)


def _reached(drawn: Resolution) -> frozenset[str]:
    """The entries that bun installs: optional peers bring nothing in."""
    reached = set(drawn.roots)
    waiting = list(reached)
    while waiting:
        for edge in drawn.edges.get(waiting.pop(), ()):
            target = edge.target
            if target is not None and edge.kind != "peerOptional" and target.key not in reached:
                reached.add(target.key)
                waiting.append(target.key)
    return frozenset(reached)


# What a changed requirement that is no range may be answered by, per kind.


def _by_folder(project: Project, folder: str, wanted: Spec, found: Package) -> bool:
    place = resolve(join(project.root, folder), wanted.fetch)
    kind = {"link": "link", "file": "file"}.get(wanted.kind, "directory")
    return found.source == kind and place == resolve(project.root, found.resolved or "")


def _by_url(project: Project, folder: str, wanted: Spec, found: Package) -> bool:
    del project, folder
    return found.source == "remote" and found.resolved == wanted.raw


def _by_tag(project: Project, folder: str, wanted: Spec, found: Package) -> bool:
    """The registry alone knows what a tag names: whatever is locked may be it."""
    del project, folder
    return found.source == "registry" and found.name == wanted.name


_BY_KIND: Final = {
    "directory": _by_folder,
    "file": _by_folder,
    "link": _by_folder,
    "remote": _by_url,
    "tag": _by_tag,
}
