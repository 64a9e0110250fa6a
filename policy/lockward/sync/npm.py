"""Whether `npm ci` would install: told at once where every requirement is answered plainly.

npm_judge decides as npm does.  It need not be asked where it would find nothing:
no overrides, and everybody's requirement answered by a version in its range.
"""

from __future__ import annotations

from lockward import semver
from lockward.lockfiles.npm_keys import name_fault
from lockward.lockfiles.npm_plain import PlainTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward.project import Project
    from lockward.sync import SyncProblem


def problems(project: Project) -> tuple[SyncProblem, ...]:
    """Why `npm ci` would refuse; empty when it would install."""
    assert project.graph is not None
    tree = project.graph.resolution
    if isinstance(tree, PlainTree):
        if all_fit(tree):
            return ()
        tree = tree.tree
    from lockward.lockfiles.npm_tree import Tree
    from lockward.sync import npm_judge

    assert isinstance(tree, Tree)  # graph.RESOLVERS
    return npm_judge.judged(tree, npm_judge.settings(project))


def all_fit(tree: PlainTree) -> bool:
    """Whether all requirements of all packages are plainly answered.

    Stricter than npm: whoever fails here may still pass there, nobody the other way round.
    """
    manifest = tree.manifest
    if manifest.overrides or "acceptDependencies" in manifest.raw:
        return False
    packages = [one for one in tree.lockfile.packages if one.key]
    asked = [
        ("", section if kind != "peerDependencies" else _without(section, manifest.peer_optional))
        for kind, section in manifest.sections.items()
    ]
    asked += [(one.key, one.dependencies) for one in packages if one.dependencies]
    asked += [(one.key, one.optional_dependencies) for one in packages if one.optional_dependencies]
    for one in packages:
        if one.peer_dependencies:
            peers = _without(one.peer_dependencies, one.peer_optional)
            if any(f"{one.key}/node_modules/{name}" in tree.lockfile.by_key for name in peers):
                return False  # npm wants a peer beside its dependant, not inside
            asked.append((one.key, peers))
    return _are_answered(tree, asked)


def _without(section: Mapping[str, str], names: frozenset[str]) -> Mapping[str, str]:
    return {name: spec for name, spec in section.items() if name not in names}


def _are_answered(tree: PlainTree, asked: list[tuple[str, Mapping[str, str]]]) -> bool:
    """Whether what each folder finds under each name is plainly in the range."""
    packages, nested = tree.lockfile.by_key, tree.nested
    pairs: set[tuple[str, str]] = set()  # half of them stand twice
    for key, section in asked:
        for name, spec in section.items():
            near = name in nested
            found = tree.find(key, name) if near else packages.get(f"node_modules/{name}")
            if found is None or not found.key.endswith(name):  # npm minds the case
                return False
            pairs.add((found.version, spec))
    return all(
        spec == "*"
        or semver.satisfies(version, spec if spec[:4] != "npm:" else _range_of(spec), loose=True)
        for version, spec in pairs
    )


def _range_of(alias: str) -> str:
    """The range of an alias's target."""
    name, _, wanted = alias[4:].rpartition("@")
    return _NONE if name_fault(name) else wanted


_NONE: Final = "<0.0.0"
