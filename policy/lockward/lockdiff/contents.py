"""Invariant I1: the same artifact has the same manifest.

A lockfile repeats what the package.json inside a tarball says: dependencies,
peers, bins, platforms, whether scripts run at install.  As long as the artifact
is the same, no tool writes other values, except where a format records more than
another did, and where ``packageExtensions`` add to what a package says.
"""

from __future__ import annotations

from lockward.lockdiff.formats import (
    PLATFORM_BOUND,
    is_for_builds,
    leaves_in_everybody,
    leaves_out,
)
from lockward.lockdiff.places import is_same_repository, repository

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from typing import Final

    from lockward.lockdiff.scene import Scene
    from lockward.model import Package

    Difference = tuple[str, str, str, str]  # code, field or dependency, was, now

_SECTIONS: Final = ("dependencies", "optional_dependencies", "peer_dependencies")
# Their package.json lies in this repository: it may change.
_LOCAL: Final = frozenset({"directory", "link", "workspace"})


def differences(scene: Scene, before: Package, after: Package) -> Iterator[Difference]:
    """How two entries of one artifact contradict each other."""
    if after.source in _LOCAL:
        return
    if scene.crosses_formats:
        yield from _crossed(scene, before, after)
        return
    if scene.era_before.flat or scene.era_after.flat:
        yield from _flat(scene, before, after)
        return
    extended = scene.extended(after)
    if scene.traits.implied:
        extended = extended.beside([*_implied(before, after), *_implied(after, before)])
    if scene.traits.ranges:
        if before.dependencies.keys() != after.dependencies.keys():
            from lockward.lockdiff import packed

            extended = extended.beside(packed.beside(scene, before, after))
        restored: frozenset[str] = frozenset()
        if _records_more(before, after):
            from lockward.lockdiff import lostpeers

            restored = lostpeers.restored(scene, before, after)
            extended = extended.beside(lostpeers.optional_now(scene, before, after))
        yield from _sections(scene, before, after, extended, restored)
        excused = extended.beside(restored) if restored else extended
        if any(_optional_peers(scene, before, after, excused)):
            optional = sets(before.peer_optional, after.peer_optional)
            yield "edges-changed", "peerDependenciesMeta", *optional
    else:
        from lockward.lockdiff import peers

        yield from peers.differences(scene, before, after, extended)
        if before.raw.get("resolution") != after.raw.get("resolution"):
            from lockward.lockdiff import fetched

            yield from fetched.differences(before, after)
    yield from _facts(scene, before, after)


def _records_more(before: Package, after: Package) -> bool:
    """Whether a peer, or an optional requirement, shows that was none before."""
    return not (
        after.peer_dependencies.keys() <= before.peer_dependencies.keys()
        and after.optional_dependencies.keys() <= before.optional_dependencies.keys()
    )


def _sections(
    scene: Scene,
    before: Package,
    after: Package,
    extended: Container[str],
    restored: Container[str],
) -> Iterator[Difference]:
    """How what two entries require differs, a section at a time."""
    for section in _SECTIONS:
        one, two = getattr(before, section), getattr(after, section)
        if one != two and section == "dependencies":
            one, two = _required(before), _required(after)
        if one != two and scene.traits.prefixed:
            one, two = _bare(one), _bare(two)
        for row in edges(one, two, extended) if one != two else ():
            if section == "peer_dependencies" and row[1] in restored:
                yield "edges-restored", *row[1:]
            elif not (scene.traits.prefixed and _is_for_builds(row)):
                yield row


def _is_for_builds(row: Difference) -> bool:
    """Berry: whether node-gyp came or went, which Yarn asks for on behalf of packages.

    Which ones build with it each Yarn finds out in its own way (wojtekmaj/react-pdf 2bd9d9f9c5).
    """
    name, was, now = row[1:]
    return "" in (was, now) and is_for_builds(name, (was or now).removeprefix(f"{name} "))


def _required(package: Package) -> Mapping[str, str]:
    """The dependencies without those that are optional as well: then that counts.

    Some versions of npm and Yarn repeat them (watchpack of callstack/react-native-paper
    415494b8c1).
    """
    optional = package.optional_dependencies
    found = package.dependencies
    return {name: text for name, text in found.items() if optional.get(name) != text}


def _optional_peers(
    scene: Scene, before: Package, after: Package, extended: Container[str]
) -> Iterator[str]:
    """The peers that only one of two entries calls optional.

    bun forgets it together with the hash, and writes both again
    (margelo/react-native-quick-crypto 603b77d0bf, 1d64bd7907).
    """
    regained = after.integrity is not None and not before.integrity
    for name in before.peer_optional ^ after.peer_optional:
        if regained and name in after.peer_optional and name in before.peer_dependencies:
            continue
        idle = name not in before.peer_dependencies and name not in after.peer_dependencies
        if name not in extended and not (idle and scene.traits.mute):
            yield name


def _crossed(scene: Scene, before: Package, after: Package) -> Iterator[Difference]:
    """What two managers' lockfiles must agree on: requirements without peers.

    Yarn 2 and later spells a git address out, and asks for node-gyp on behalf of
    packages that build with it and forget to say so.
    """
    two = {name: _spelled(text) for name, text in _all(after).items()}
    one = {name: _spelled(text) for name, text in _all(before).items()}
    for row in edges(one, two, scene.extended(after)):
        if not _is_for_builds(row):
            yield row


def _spelled(spec: str) -> str:
    """A requirement; of a git checkout, only which repository and commit it means."""
    if "#" not in spec or not spec.startswith(("https://", "git")):
        return spec
    return f"git:{repository(spec)}#{spec.partition('#')[2].removeprefix('commit=')}"


def _implied(one: Package, two: Package) -> Iterator[str]:
    """bun: peers that only peerDependenciesMeta names, which some versions record as any.

    An optional peer is not installed for its own sake.
    """
    for name, text in two.peer_dependencies.items():
        if text == "*" and name in two.peer_optional and name not in one.peer_dependencies:
            yield name


def _all(package: Package) -> Mapping[str, str]:
    """What any format records: requirements without peers, ranges without ``npm:``."""
    found = {**package.dependencies, **package.optional_dependencies}
    return _bare(found)


def _bare(deps: Mapping[str, str]) -> Mapping[str, str]:
    """Berry writes ``npm:`` before ranges since version 8."""
    return {name: text.removeprefix("npm:") for name, text in deps.items()}


def edges(
    one: Mapping[str, str], two: Mapping[str, str], extended: Container[str]
) -> Iterator[Difference]:
    """The names of which two entries say something else, apart from those that are excused."""
    for name in {**one, **two}:
        was, now = one.get(name), two.get(name)
        if was != now and name not in extended:
            code = "edges-lost" if now is None else "edges-changed"
            yield code, name, _text(name, was), _text(name, now)


def _text(name: str, spec: str | None) -> str:
    return "" if spec is None else f"{name} {spec}".rstrip()


def _facts(scene: Scene, before: Package, after: Package) -> Iterator[Difference]:
    placed = scene.traits.placed if before.key == after.key else ()
    for field in (*scene.traits.facts, *placed):
        one, two = _plain(field, before), _plain(field, after)
        if one != two and scene.records(field) and not _recorded_late(scene, field, before, after):
            yield "facts-changed", field, _show(field, one), _show(field, two)
    if before.bundle_dependencies != after.bundle_dependencies and scene.traits.bundles:
        was, now = sets(before.bundle_dependencies, after.bundle_dependencies)
        yield "facts-changed", "bundleDependencies", was, now
    scripts = before.has_install_script != after.has_install_script and scene.traits.scripts
    if scripts and scene.records("hasInstallScript") and not _scripts_told_late(after):
        was, now = (
            ("", "hasInstallScript") if after.has_install_script else ("hasInstallScript", "")
        )
        yield "facts-changed", "hasInstallScript", was, now
    if after.has_shrinkwrap and not before.has_shrinkwrap:
        yield "facts-changed", "hasShrinkwrap", "", "hasShrinkwrap"


def _scripts_told_late(after: Package) -> bool:
    """npm: whether scripts show in an entry that not everybody installs.

    What a version of npm took for such a package from the registry, another took from what
    was installed (fsevents of reduxjs/redux d926ec2e66).  The flag has npm look for scripts
    in the tarball; without it npm runs none, so it must not go.
    """
    alone = after.optional and leaves_out("os", after.raw.get("os"))
    return alone and after.has_install_script


def _recorded_late(scene: Scene, field: str, before: Package, after: Package) -> bool:
    """pnpm: whether only one side records platforms, which leave out nobody usual.

    Or which an optional package bears in its name: pnpm leaves out and writes again the
    ``cpu`` of such packages (tailwindlabs/tailwindcss a7c968efb1); likewise that a package
    has commands, of one that is known to have some.
    """
    if field == "hasBin":
        from lockward.lockdiff import commands

        return commands.are_known(after)
    told = [one.raw[field] for one in (before, after) if field in one.raw]
    if field not in scene.traits.late or len(told) != 1:
        return False
    optional = before.optional and after.optional
    return leaves_in_everybody(field, told[0]) or (optional and _in_name(after.name, told[0]))


def _in_name(name: str, platforms: object) -> bool:
    """Whether each of some platforms is a part of a package's name: ``arm64`` of a-linux-arm64."""
    parts = name.replace("/", "-").split("-")
    return isinstance(platforms, list) and all(str(one) in parts for one in platforms)


def _plain(field: str, package: Package) -> object:
    """A fact as it is compared: npm versions differ in ``./`` before a bin's path.

    An old list of engines is written as one, or as what it says; so is a bin without a
    name, which is the package's own.
    """
    value = package.raw.get(field)
    if field == "bin" and isinstance(value, str):
        value = {package.name.rpartition("/")[2]: value}
    if field == "engines" and isinstance(value, dict) and all(key.isdecimal() for key in value):
        return dict(str(text).partition(" ")[::2] for text in value.values())
    if field == "bin" and isinstance(value, dict):
        return {
            name: path.removeprefix("./") if isinstance(path, str) else path
            for name, path in value.items()
        }
    return value


def _show(field: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        value = ", ".join(f"{key}: {of}" for key, of in value.items())
    elif isinstance(value, list):
        value = ", ".join(str(one) for one in value)
    return f"{field}: {value}"


def sets(one: frozenset[str], two: frozenset[str]) -> tuple[str, str]:
    """Two sets of names as evidence: was, now."""
    return ", ".join(sorted(one)), ", ".join(sorted(two))


def _flat(scene: Scene, before: Package, after: Package) -> Iterator[Difference]:
    """What npm 6 records: one list of requirements, without peers and facts.

    It leaves out optional ones that the author's platform lacks, and gives
    those of optional packages only where they are installed.
    """
    from lockward.lockdiff.platforms import is_by_platform

    if not scene.era_after.flat:
        from lockward.lockdiff import firstfacts

        yield from firstfacts.doubts(scene, after)
    if scene.era_before.ancient or scene.era_after.ancient:
        return
    one = {**before.dependencies, **before.optional_dependencies}
    two = {**after.dependencies, **after.optional_dependencies}
    by_platform = not (one and two) or after.name in PLATFORM_BOUND
    if (before.optional or after.optional) and by_platform and is_by_platform(scene, after):
        return
    loose = scene.era_before.exact or scene.era_after.exact
    restored = scene.restored(after) if two.keys() - one.keys() else ()
    optional = {*before.optional_dependencies, *after.optional_dependencies}
    peers = {*before.peer_dependencies, *after.peer_dependencies}
    for name in {**one, **two}:
        was, now = one.get(name), two.get(name)
        both = was is not None and now is not None
        if was == now or (both and (loose or is_same_repository(was or "", now or ""))):
            continue
        if (was is None or now is None) and (name in optional or name in peers):
            continue
        if was is None:
            code = "edges-restored" if name in restored else "edges-added"
        else:
            code = "edges-lost" if now is None else "edges-changed"
        yield code, name, _text(name, was), _text(name, now)
