"""pnpm 11 and later: what a lockfile's first document locks, pnpm itself and configDependencies.

pnpm runs what that document names before it reads the project's: its own release, and
packages whose hooks decide what is resolved.  Nobody chooses them but package.json
(packageManager, devEngines) and pnpm-workspace.yaml (configDependencies); nothing of them
is hoisted, displaced or deduplicated, so that a package is new because a root of it is, or
it is what it was.
Reference: pnpm, lockfile/types (EnvLockfile).
"""

from __future__ import annotations

from lockward import managers, pnpm_settings, semver
from lockward.lockdiff import hashes, witness
from lockward.lockdiff.places import Places
from lockward.lockdiff.records import Item
from lockward.lockfiles.pnpm import ENVIRONMENT
from lockward.lockfiles.pnpm_keys import key_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.lockdiff.scene import Scene
    from lockward.lockdiff.witness import Sighting, Wanted
    from lockward.model import Lockfile, Package
    from lockward.project import Project

    Root = tuple[str, str]  # section and name

_PROGRAM: Final = "packageManagerDependencies"
_CONFIG: Final = "configDependencies"
_OWN: Final = frozenset({"pnpm", "@pnpm/exe"})  # the names of pnpm's own releases
_MAJOR: Final = 9  # of the document's lockfileVersion
_WRITTEN: Final = frozenset({"resolution", "dependencies", "optionalDependencies"})
_ADDED: Final = "integrity-added"


def differs(old: Lockfile, new: Lockfile) -> bool:
    """Whether the first documents of two states differ."""
    return old.raw.get(ENVIRONMENT) != new.raw.get(ENVIRONMENT)


def judge(scene: Scene) -> Iterator[Item]:
    """What is wrong with packages of the first document that came or changed."""
    before = scene.lockfile_before
    old = {} if before is None else _roots(before)
    new = _roots(scene.lockfile)
    moved = [root for root in new if old.get(root) != new[root]]
    for root in moved:
        yield from _root(scene, root, new[root], old.get(root))
    known: dict[str, list[Package]] = {}
    for one in () if before is None else before.environment:
        known.setdefault(one.artifact, []).append(one)
    reached = _reached(scene.lockfile, moved, new)
    places = Places(scene)
    came = [one for one in scene.lockfile.environment if one.artifact not in known]
    seen = _seen(scene, came)
    for package in scene.lockfile.environment:
        stood = known.get(package.artifact)
        if stood is not None:
            yield from _same(scene, places, stood, package)
        else:
            yield from _new(scene, package, brought=package.key in reached)
            sightings = seen.get((package.name, package.version), ())
            yield from witness.contradictions(scene.lockfile, package, sightings, places)


# Roots


def _roots(lockfile: Lockfile) -> dict[Root, str]:
    """What the document's importer depends on: the version of each."""
    document = lockfile.raw.get(ENVIRONMENT)
    listed = document.get("importers") if isinstance(document, dict) else None
    found: dict[Root, str] = {}
    for importer in listed.values() if isinstance(listed, dict) else ():
        for section, roots in importer.items() if isinstance(importer, dict) else ():
            for name, value in roots.items() if isinstance(roots, dict) else ():
                version = value.get("version") if isinstance(value, dict) else value
                found[section, name] = str(version)
    return found


def _root(scene: Scene, root: Root, version: str, was: str | None) -> Iterator[Item]:
    """A root that came or moved: what the settings ask for now, or did when it was locked last."""
    section, name = root
    asked = set(_asked(scene.after, section, name))
    if not any(_answers(version, text) for text in asked):
        file = "package.json" if section == _PROGRAM else pnpm_settings.FILE
        cause = f"{file} does not ask for it" if not asked else f"{file} says {min(asked)}"
        yield Item(
            "importer", name=name, pointer="", cause=cause, was=was or "", now=f"{name} {version}"
        )
    elif was is not None and scene.before is not None:
        stayed = asked == set(_asked(scene.before, section, name))
        yield Item("refresh" if stayed else "requirement", name=name, was=was, now=version)


def _asked(project: Project, section: str, name: str) -> Iterator[str]:
    """What the settings say of a root: versions, or ranges."""
    if section == _PROGRAM and name in _OWN and project.manifest is not None:
        for program, text in managers.declarations(project.manifest.raw):
            if program == "pnpm":
                yield text
    elif section == _CONFIG:
        value = pnpm_settings.of(project).mapping(_CONFIG).get(name)
        said: object = value.get("integrity") if isinstance(value, dict) else value
        if isinstance(said, str):
            yield said.partition("+")[0]  # the hash stands behind it


def _answers(version: str, text: str) -> bool:
    return version == text or (semver.is_range(text) and semver.satisfies(version, text))


def _reached(lockfile: Lockfile, moved: list[Root], roots: Mapping[Root, str]) -> set[str]:
    """The keys that some roots lead to."""
    by_key = {one.key: one for one in lockfile.environment}
    waiting = [key_of(name, roots[section, name], _MAJOR) for section, name in moved]
    found: set[str] = set()
    while waiting:
        key = waiting.pop()
        package = None if key is None or key in found else by_key.get(key)
        if package is not None:
            found.add(package.key)
            asked = {**package.dependencies, **package.optional_dependencies}
            waiting.extend(key_of(name, reference, _MAJOR) for name, reference in asked.items())
    return found


# Packages


def _same(scene: Scene, places: Places, before: list[Package], package: Package) -> Iterator[Item]:
    """An artifact that was there: its bytes, its place, and what its tarball says."""
    old = before[0]
    code = hashes.compare(scene, before, package)
    if code:
        yield Item(
            code, before=old, after=package, was=old.integrity or "", now=package.integrity or ""
        )
    if old.raw.get("resolution") != package.raw.get("resolution"):
        addresses = [one.resolved for one in before if one.resolved is not None]
        place = places.moved(addresses, package, proven=code != _ADDED)
        if place or old.source != package.source:
            yield Item(
                "place-replaced", before=old, after=package, cause=place, now=package.resolved or ""
            )
    asked = [{**one.dependencies, **one.optional_dependencies} for one in (old, package)]
    if asked[0] != asked[1]:
        names = sorted({name for name, _ in asked[0].items() ^ asked[1].items()})
        yield Item("edges-changed", before=old, after=package, cause=", ".join(names))
    facts = [{k: v for k, v in one.raw.items() if k not in _WRITTEN} for one in (old, package)]
    if facts[0] != facts[1]:
        fields = sorted(k for k in {**facts[0], **facts[1]} if facts[0].get(k) != facts[1].get(k))
        yield Item("facts-changed", before=old, after=package, cause=", ".join(fields))


def _seen(scene: Scene, came: list[Package]) -> Mapping[Wanted, tuple[Sighting, ...]]:
    """Where new packages were locked before: the document may have gone for a while."""
    asked = [(one.name, one.version) for one in came if witness.can_be_known(one)]
    if not asked or not scene.witness.thorough:
        return {}
    return scene.witness.sightings(scene.lockfile.path, asked, deep=False)


def _new(scene: Scene, package: Package, *, brought: bool) -> Iterator[Item]:
    """A package that was not there: a root that moved leads to it, and it has a hash."""
    if not brought:
        cause = "no package that came for pnpm itself leads to it"
        yield Item("no-cause", after=package, cause=cause)
    olds = scene.pair.before.entries.get(package.artifact, ())
    flaw = hashes.compare(scene, olds, package) if olds else ""
    flaw = flaw or hashes.flaw_of_new(scene.lockfile, package)
    if flaw or package.integrity is None:
        yield Item(flaw or "integrity-missing", after=package, now=package.integrity or "")
