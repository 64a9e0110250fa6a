"""Invariant I1: the same artifact has the same manifest.

A lockfile repeats what the package.json inside a tarball says: dependencies,
peers, bins, platforms, whether scripts run at install.  As long as the artifact
is the same, no tool writes other values, except where a format records more than
another did, and where ``packageExtensions`` add to what a package says.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.lockdiff.scene import Scene
    from lockward.model import Package

    Difference = tuple[str, str, str, str]  # code, field or dependency, was, now

_SECTIONS: Final = ("dependencies", "optional_dependencies", "peer_dependencies")
_FACTS: Final = ("bin", "engines", "os", "cpu")
# Their package.json lies in this repository: it may change.
_LOCAL: Final = frozenset({"directory", "link", "workspace"})


def differences(scene: Scene, before: Package, after: Package) -> Iterator[Difference]:
    """How two entries of one artifact contradict each other."""
    if after.source in _LOCAL:
        return
    if scene.era_before.flat or scene.era_after.flat:
        yield from _flat(scene, before, after)
        return
    extended = _extended(scene, after.name)
    for section in _SECTIONS:
        one, two = getattr(before, section), getattr(after, section)
        if one != two:
            yield from _edges(one, two, extended)
    if before.peer_optional != after.peer_optional:
        yield (
            "edges-changed",
            "peerDependenciesMeta",
            *_sets(before.peer_optional, after.peer_optional),
        )
    yield from _facts(before, after)


def _edges(
    one: Mapping[str, str], two: Mapping[str, str], extended: frozenset[str]
) -> Iterator[Difference]:
    for name in {**one, **two}:
        was, now = one.get(name), two.get(name)
        if was != now and name not in extended:
            code = "edges-lost" if now is None else "edges-changed"
            yield code, name, _text(name, was), _text(name, now)


def _text(name: str, spec: str | None) -> str:
    return "" if spec is None else f"{name} {spec}"


def _facts(before: Package, after: Package) -> Iterator[Difference]:
    for field in _FACTS:
        one, two = _plain(field, before), _plain(field, after)
        if one != two:
            yield "facts-changed", field, _show(field, one), _show(field, two)
    if before.bundle_dependencies != after.bundle_dependencies:
        was, now = _sets(before.bundle_dependencies, after.bundle_dependencies)
        yield "facts-changed", "bundleDependencies", was, now
    if before.has_install_script != after.has_install_script:
        was, now = (
            ("", "hasInstallScript") if after.has_install_script else ("hasInstallScript", "")
        )
        yield "facts-changed", "hasInstallScript", was, now
    if after.has_shrinkwrap and not before.has_shrinkwrap:
        yield "facts-changed", "hasShrinkwrap", "", "hasShrinkwrap"


def _plain(field: str, package: Package) -> object:
    """A fact as it is compared: npm versions differ in ``./`` before a bin's path."""
    value: object = getattr(package, field)
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


def _sets(one: frozenset[str], two: frozenset[str]) -> tuple[str, str]:
    return ", ".join(sorted(one)), ", ".join(sorted(two))


def _flat(scene: Scene, before: Package, after: Package) -> Iterator[Difference]:
    """What npm 6 records: one list of requirements, without peers and facts.

    It leaves out optional ones that the author's platform lacks, and gives
    those of optional packages only where they are installed.
    """
    if before.optional or after.optional or scene.era_before.ancient or scene.era_after.ancient:
        return
    one = {**before.dependencies, **before.optional_dependencies}
    two = {**after.dependencies, **after.optional_dependencies}
    loose = scene.era_before.exact or scene.era_after.exact
    optional = {*before.optional_dependencies, *after.optional_dependencies}
    peers = {*before.peer_dependencies, *after.peer_dependencies}
    for name in {**one, **two}:
        was, now = one.get(name), two.get(name)
        if was == now or (loose and was is not None and now is not None):
            continue
        if (was is None or now is None) and (name in optional or name in peers):
            continue
        code = "edges-lost" if now is None else "edges-changed"
        yield code, name, _text(name, was), _text(name, now)


def _extended(scene: Scene, name: str) -> frozenset[str]:
    """The dependencies that a changed ``packageExtensions`` entry for this package names."""
    old = None if scene.before is None else scene.before.manifest
    new = scene.after.manifest
    one = {} if old is None else old.raw.get("packageExtensions") or {}
    two = {} if new is None else new.raw.get("packageExtensions") or {}
    if one == two or not isinstance(one, dict) or not isinstance(two, dict):
        return frozenset()
    return frozenset(
        dependency
        for key in {**one, **two}
        if _bare(key) == name and one.get(key) != two.get(key)
        for entry in (one.get(key), two.get(key))
        for dependency in _named(entry)
    )


def _named(entry: object) -> Iterator[str]:
    if isinstance(entry, dict):
        for section in ("dependencies", "optionalDependencies", "peerDependencies"):
            names = entry.get(section)
            if isinstance(names, dict):
                yield from names


def _bare(key: str) -> str:
    at = key.find("@", 1)
    return key if at < 0 else key[:at]
