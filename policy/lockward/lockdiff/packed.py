"""Yarn 1: what packages bundle without depending on it, which some runs ask for as ``*``.

Yarn takes the names in bundleDependencies for requirements of any version when it has read
them in the tarball, and leaves them out when it has the registry's word.  So they come and
go in the package's entry, and their own entries stay, which nobody needs and nobody
installs (react-native-webview bf1d645716, 453b7dd3a0).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.lockdiff.scene import Scene
    from lockward.model import Package

_NOTHING: Final[frozenset[str]] = frozenset()
# Package -> what each version of it that there was bundles so: npm 3 to 6.
_BUNDLED: Final = {
    "npm": frozenset(
        {
            "debuglog",
            "imurmurhash",
            "lodash._baseindexof",
            "lodash._bindcallback",
            "lodash._cacheindexof",
            "lodash._createcache",
            "lodash._getnative",
            "lodash.restparam",
        }
    ),
}
_ANY: Final = "*"


def beside(scene: Scene, before: Package, after: Package) -> frozenset[str]:
    """The names of which only one of two entries of a package asks for any version."""
    if not _is_yarn_1(scene):
        return _NOTHING
    one, two = before.dependencies, after.dependencies
    names = _BUNDLED.get(after.name, _NOTHING)
    return frozenset(name for name in names if {one.get(name), two.get(name)} == {None, _ANY})


def is_left(scene: Scene, package: Package) -> bool:
    """Whether an entry that nobody needs is one of what a needed package bundles, and asked so."""
    if not _is_yarn_1(scene) or package.source != "registry":
        return False
    if f"{package.name}@{_ANY}" not in package.key.split(", "):
        return False
    reachable = scene.graph.reachable()
    return package.name == package.alias and any(
        scene.pair.after.package(artifact).key in reachable
        for name, names in _BUNDLED.items()
        if package.name in names
        for artifact in scene.pair.after.by_name.get(name, ())
    )


def _is_yarn_1(scene: Scene) -> bool:
    """Whether what is asked for below a package is found by patterns (formats.py)."""
    return scene.traits.below and not scene.traits.walks
