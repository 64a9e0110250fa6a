"""pnpm: which names are answered by another reference than before.

Entries and importers name what they depend on by exact references.  So one of them
can be pointed to another package that is locked already, under another name even,
while no package comes, goes or moves.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lockward.lockdiff.scene import Scene
    from lockward.model import Lockfile


def differ(before: Lockfile, after: Lockfile) -> bool:
    """Whether importers have other answers; of entries, the entries themselves differ then."""
    return before.format == after.format == "pnpm" and _of_importers(before) != _of_importers(after)


def moved(scene: Scene) -> frozenset[str]:
    """The names for which an entry or importer that stayed has another reference.

    Nothing where answers follow from places or descriptors.
    """
    before = scene.lockfile_before
    if scene.traits.ranges or before is None or before.format != scene.lockfile.format:
        return frozenset()
    names = set(_other(_of_importers(before), _of_importers(scene.lockfile)))
    for key in scene.keys:
        one, two = before.by_key.get(key), scene.lockfile.by_key.get(key)
        if one is not None and two is not None:
            names.update(_names(one.dependencies, two.dependencies))
            names.update(_names(one.optional_dependencies, two.optional_dependencies))
    return frozenset(names)


def _of_importers(lockfile: Lockfile) -> Mapping[str, Mapping[str, str]]:
    from lockward.lockfiles import pnpm_tree

    return pnpm_tree.references(lockfile)


def _other(
    one: Mapping[str, Mapping[str, str]], two: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    for folder in one.keys() & two.keys():
        yield from _names(one[folder], two[folder])


def _names(one: Mapping[str, str], two: Mapping[str, str]) -> Iterable[str]:
    if one == two:
        return ()
    return {name for name in {**one, **two} if one.get(name) != two.get(name)}
