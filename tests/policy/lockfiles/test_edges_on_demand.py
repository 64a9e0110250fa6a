"""Edges of pnpm's and Berry's lockfiles, drawn one by one: the same as all at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from lockward.graph import Graph
from lockward.lockfiles import drawn, ondemand, pnpm_tree, read, yarn_berry_tree
from lockward.lockfiles.drawn import Drawn
from lockward.lockfiles.pnpm_tree import PnpmTree
from lockward.lockfiles.yarn_berry_tree import BerryTree
from lockward.manifest import read as read_manifest
from tests.support import pnpm

if TYPE_CHECKING:
    from lockward.model import Edge, Lockfile

DATA: Final = Path(__file__).parents[2] / "data"
RENAMED: Final = pnpm.lockfile(
    {"a": ("^1.0.0", "1.0.0")},
    {key: {} for key in ("a@1.0.0", "b@1.0.0", "d@1.0.0", "7c@1.0.0", "lost@1.0.0")},
    {
        "a@1.0.0": {"dependencies": {"x": "b@1.0.0", "y": "7c@1.0.0", "b": "1.0.0(d@1.0.0)"}},
        "b@1.0.0": {},
        "b@1.0.0(d@1.0.0)": {"optionalDependencies": {"d": "1.0.0"}},
        "d@1.0.0": {},
        "7c@1.0.0": {},
        "lost@1.0.0": {"dependencies": {"b": "1.0.0"}},
    },
)
BERRY: Final = """__metadata:
  version: 8
  cacheKey: 10c0

"a@npm:^1.0.0, a@npm:^1.0.1":
  version: 1.0.1
  resolution: "a@npm:1.0.1"
  dependencies:
    b: "npm:^1.0.0"
    lost: "npm:^1.0.0"
  checksum: 10c0/00
  languageName: node
  linkType: hard

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  dependencies:
    a: "npm:^1.0.0"
    lib: "workspace:*"
    other: "npm:b@^1.0.0"
  languageName: unknown
  linkType: soft

"b@npm:^1.0.0, other@npm:b@^1.0.0":
  version: 1.0.0
  resolution: "b@npm:1.0.0"
  checksum: 10c0/01
  languageName: node
  linkType: hard

"lib@workspace:*, lib@workspace:lib":
  version: 0.0.0-use.local
  resolution: "lib@workspace:lib"
  dependencies:
    b: "npm:^1.0.0"
  languageName: unknown
  linkType: soft
"""
MANIFEST: Final = b"""{
    "name": "app", "workspaces": ["lib"],
    "dependencies": {"a": "^1.0.0", "other": "npm:b@^1.0.0", "lib": "workspace:*"}
}"""
SAMPLES: Final = (("pnpm/*.yaml", "pnpm-lock.yaml"), ("yarn-berry/*.lock", "yarn.lock"))
LOCKFILES: Final = {
    **{
        path.name: (name, path.read_bytes())
        for pattern, name in SAMPLES
        for path in sorted(DATA.glob(pattern))
    },
    "dependencies under other names": ("pnpm-lock.yaml", RENAMED.encode()),
    "members and names of one entry": ("yarn.lock", BERRY.encode()),
}


def _states(name: str) -> tuple[PnpmTree | BerryTree, Drawn, Lockfile]:
    """The tree of a first state, and that of a third one, of the same lockfile."""
    for left in (ondemand._STATES, pnpm_tree._DRAWN, drawn._LAST):
        left.clear()
    lockfile = read(*LOCKFILES[name])
    manifests = {"": read_manifest("package.json", MANIFEST)}
    tree = pnpm_tree if lockfile.format == "pnpm" else yarn_berry_tree
    one, _, three = (tree.resolve(lockfile, manifests) for _ in range(3))
    assert isinstance(one, PnpmTree | BerryTree)
    assert isinstance(three, Drawn)
    return one, three, lockfile


def _told(edge: Edge) -> tuple[str, ...]:
    target = "" if edge.target is None else edge.target.key
    return edge.source, edge.name, edge.spec, edge.kind, target, edge.via


@pytest.mark.parametrize("name", LOCKFILES)
def test_every_edge_is_drawn_alike(name: str) -> None:
    one, three, _ = _states(name)
    assert list(one.edges) == list(three.edges)
    assert {key: [*map(_told, edges)] for key, edges in one.edges.items()} == {
        key: [*map(_told, edges)] for key, edges in three.edges.items()
    }


@pytest.mark.parametrize("name", LOCKFILES)
def test_what_leads_to_an_entry_is_found_alike(name: str) -> None:
    one, three, lockfile = _states(name)
    every = Graph(three)
    for key in (*lockfile.by_key, *three.roots):
        one._asked = 0
        assert sorted(map(_told, one.into(key))) == sorted(map(_told, every.into(key)))
    one._asked = 100  # from then on by an index
    for key in lockfile.by_key:
        assert sorted(map(_told, one.into(key))) == sorted(map(_told, every.into(key)))


@pytest.mark.parametrize("name", LOCKFILES)
def test_nobody_who_asks_for_a_name_is_forgotten(name: str) -> None:
    one, three, lockfile = _states(name)
    for asked in {package.alias for package in lockfile.packages}:
        asking = {
            edge.source
            for edges in three.edges.values()
            for edge in edges
            if asked == edge.name or (edge.target is not None and edge.target.alias == asked)
        }
        assert asking <= {*one.askers((asked,))}


@pytest.mark.parametrize("name", LOCKFILES)
def test_what_is_needed_is_told_alike(name: str) -> None:
    one, three, lockfile = _states(name)
    every = Graph(three).reachable()
    assert {key for key in lockfile.by_key if Graph(one).is_reachable(key)} == {
        key for key in lockfile.by_key if key in every
    }
