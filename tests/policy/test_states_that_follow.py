"""A state that follows another one is judged by what differs, with the same outcome.

The same walk over edited projects is made twice: once warm, where each state finds
what the last one left behind, and once cold, where each finds nothing.
"""

from __future__ import annotations

import gc
import json
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from lockward import engine, jsonpieces, lockdiff, plain, sync
from lockward import graph as graph_of_names
from lockward.ci import called
from lockward.lockdiff import artifacts
from lockward.lockdiff.scene import Scene
from lockward.lockfiles import (
    drawn,
    npm_entries,
    npm_nodes,
    npm_resolve,
    ondemand,
    pnpm_tree,
    yarn_berry,
    yarn_berry_plain,
    yarn_berry_specs,
    yarn_berry_tree,
)
from lockward.lockfiles.npm_plain import PlainTree
from lockward.lockfiles.ondemand import OnDemand
from lockward.lockfiles.yarn_berry_tree import BerryTree
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from lockward.project import Project
from lockward.sync import yarn_berry_kept
from lockward.sync.yarn_berry import Judge
from tests.support import npm, npm_mutations, yarn_frozen, yarn_worlds

if TYPE_CHECKING:
    from collections.abc import Iterator

    Files = dict[str, str]

NPM: Final = Path(__file__).parents[1] / "data" / "npm_ci"
PROJECTS: Final = sorted(folder.name for folder in NPM.iterdir())
STEPS: Final = 24
# What one state leaves for the next.
_LEFT: Final = (
    *(jsonpieces._KNOWN, npm_entries._KNOWN, npm_resolve._LAST, drawn._LAST, pnpm_tree._DRAWN),
    ondemand._STATES,
    *(
        yarn_berry._KNOWN,
        yarn_berry_plain._KNOWN,
        yarn_berry_kept._LAST,
        artifacts._LAST,
        lockdiff._LAST,
    ),
    *(
        yarn_berry_tree._FIRST,
        yarn_berry_specs._BOOKS,
        plain._LAST,
        graph_of_names._TURNED,
        called._FOLLOWED,
    ),
)


def cold() -> None:
    for left in _LEFT:
        left.clear()


def _npm_walk(name: str) -> Iterator[Files]:
    """Edit upon edit of a project, and now and then back to where it began."""
    folder = NPM / name
    paths = [path for path in folder.rglob("*") if path.suffix == ".json" or path.name == ".npmrc"]
    texts = {path.relative_to(folder).as_posix(): path.read_text() for path in paths}
    begin: Any = {path: json.loads(text) for path, text in texts.items() if path.endswith(".json")}
    random = Random(f"walk {name}")  # noqa: S311 - the same edits on every run
    files = begin
    while True:
        yield {
            **texts,
            **{path: json.dumps(document, indent=2) + "\n" for path, document in files.items()},
        }
        if random.random() < 0.1:
            files = begin
        done = npm_mutations.mutate(random, files)
        files = files if done is None else done[0]


def _berry_walk(world: str) -> Iterator[Files]:
    recorded = json.loads((yarn_frozen.DATA / "yarn-berry.json").read_text())
    files = {**yarn_worlds.worlds("yarn-berry")[world], "yarn.lock": recorded[world]["lockfile"]}
    for _, edited in yarn_worlds.mutations("yarn-berry", files):
        yield edited


def _twin_walk(_: str) -> Iterator[Files]:
    """Entries that differ by their case alone come and go, in either order."""
    manifest = {"name": "app", "dependencies": {"a": "^1.0.0", "b": "^1.0.0"}}
    twins = ("node_modules/a", "node_modules/A", "node_modules/b/node_modules/a")
    fixed = {"node_modules/b": npm.locked("b", dependencies={"a": "^1.0.0"})}
    for number in (1, 3, 2, 3, 1, 2, 7, 5, 6, 4, 7, 1, 0, 3, 0):
        chosen = {
            key: {**npm.locked(key.rpartition("/")[2]), "version": f"1.{at}.0"}
            for at, key in enumerate(twins)
            if number >> at & 1
        }
        packages = {"": manifest, **dict(sorted({**fixed, **chosen}.items()))}
        lock = {"name": "app", "lockfileVersion": 3, "packages": packages}
        yield {
            "package.json": json.dumps(manifest),
            "package-lock.json": json.dumps(lock, indent=2) + "\n",
        }


def _hostile_walk(_: str) -> Iterator[Files]:
    """Entries that change places, and keys that look sound when they are looked at alone."""
    manifest = {"name": "app", "dependencies": {"a": "^1.0.0", "b": "^1.0.0"}}
    stranger = {"resolved": "https://elsewhere.example.net/x.tgz"}  # of one host, and no hash
    sound = {f"node_modules/{name}": npm.locked(name) for name in ("a", "b")}
    odd = {f"node_modules/{name}": {**npm.locked(name), **stranger} for name in ("c", "d")}
    line = {"\nnode_modules/e": npm.locked("e")}
    other = {"node_modules/e\n": npm.locked("e")}
    straight = dict.fromkeys(f"node_modules/{name}" for name in "acdb") | sound | odd
    turned = dict(reversed(straight.items()))
    alone = {"node_modules/b": npm.locked("b")}
    inside = {**alone, "node_modules/b/a": npm.locked("a")}  # of b's own folders
    lines = ({**turned, **line}, turned, {**turned, **other}, line, odd)
    states = (straight, turned, *lines, alone, inside, alone, inside)
    for root in ({"": manifest}, {}):
        for packages in states:
            lock = {"name": "app", "lockfileVersion": 3, "packages": {**root, **packages}}
            yield {
                "package.json": json.dumps(manifest),
                "package-lock.json": json.dumps(lock, indent=2) + "\n",
            }


WALKS: Final = [
    pytest.param(_twin_walk, "", id="npm, twins by case"),
    pytest.param(_hostile_walk, "", id="npm, by hostile hands"),
    *(pytest.param(_npm_walk, name, id=f"npm, {name}") for name in PROJECTS),
    *(
        pytest.param(_berry_walk, world, id=f"Berry, {world}")
        for world in yarn_worlds.worlds("yarn-berry")
    ),
]


def _graph(files: Files) -> object:
    """Everything that the graph of a state says, and what the frozen install would."""
    project = Project(MemoryTree(dict(files)), "", Policy())
    graph, lockfile = project.graph, project.lockfile
    if graph is None or lockfile is None:
        return [str(fault) for fault in project.faults]
    keys = [*lockfile.importers, *lockfile.by_key]
    return {
        "edges": [
            (edge.source, edge.name, edge.spec, edge.kind, _key(edge.target), edge.via)
            for edges in graph.edges.values()
            for edge in edges
        ],
        "answers are entries": all(
            edge.target is None or lockfile.by_key.get(edge.target.key) is edge.target
            for edges in graph.edges.values()
            for edge in edges
        ),
        "led to": {key for key in keys if graph.is_reachable(key)},
        "reachable": graph.reachable(),
        "into": {key: [(edge.source, edge.name) for edge in graph.into(key)] for key in keys},
        "carried": {key: sorted(below) for key, below in graph.carried.items()},
        "odd": [one.key for one in plain.of(lockfile).odd],
        "registries": plain.of(lockfile).bases,
        "frozen": sorted(
            (one.reason, one.source, one.name, one.spec, one.detail, _key(one.found))
            for one in sync.problems(project)
        ),
    }


def _key(package: object) -> str:
    return "" if package is None else str(getattr(package, "key"))  # noqa: B009 - a Package or none


@pytest.mark.parametrize(("walk", "name"), WALKS)
def test_the_graph_of_a_state_that_follows(walk: Any, name: str) -> None:  # noqa: ANN401 - a generator function
    states = list(islice(walk(name), STEPS))
    cold()
    warm = [_graph(files) for files in states]
    for files, found in zip(states, warm, strict=True):
        cold()
        assert found == _graph(files)


@pytest.mark.parametrize(("walk", "name"), WALKS)
def test_the_judgement_of_a_state_that_follows(walk: Any, name: str) -> None:  # noqa: ANN401 - likewise
    states = list(islice(walk(name), STEPS))
    cold()
    warm = [_judged(*pair) for pair in pairwise(states)]
    for number, pair in enumerate(pairwise(states)):
        cold()
        assert warm[number] == _judged(*pair), f"state {number + 1}"


def _judged(before: Files, after: Files) -> object:
    paths = {path for path in {**before, **after} if before.get(path) != after.get(path)}
    change = Change(MemoryTree(dict(before)), MemoryTree(dict(after)), sorted(paths))
    report = engine.evaluate(change, Policy())
    return (
        [(one.rule, one.path, one.line, one.pointer, one.message) for one in report.findings],
        [(one.path, one.classification, one.added, one.removed) for one in report.lockfiles],
    )


def test_most_states_do_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the tests above would compare the cold with the cold."""
    built: list[str] = []
    build = npm_nodes.build

    def counted(lockfile: Any, manifests: Any) -> Any:  # noqa: ANN401 - npm_tree.build's
        built.append(lockfile.path)
        return build(lockfile, manifests)

    monkeypatch.setattr("lockward.lockfiles.npm_tree.build", counted)
    cold()
    states = list(islice(_npm_walk("monorepo-v3"), STEPS))
    for files in states:
        _graph(files)
    assert len(built) < len(states) // 2


def test_names_that_nobody_asks_for_any_more_are_forgotten() -> None:
    """Else every name of a long history would be kept, and copied for each commit."""
    manifest = {"name": "app", "dependencies": {"a": "^1.0.0"}}
    cold()
    for number in range(6):
        lock = npm.lockfile(manifest, {"a": npm.locked("a", dependencies={f"x{number}": "*"})})
        files = {"package.json": json.dumps(manifest), "package-lock.json": lock}
        graph = Project(MemoryTree(files), "", Policy()).graph
        assert graph is not None
        assert graph.into("node_modules/a")
    assert npm_resolve.full(npm_resolve._LAST["package-lock.json"][0]).asking._by_name.keys() == {
        "a",
        "x5",
    }


@pytest.mark.parametrize(
    ("walk", "name"),
    [
        pytest.param(
            _berry_walk,
            next(iter(json.loads((yarn_frozen.DATA / "yarn-berry.json").read_text()))),
            id="Berry",
        ),
        pytest.param(_npm_walk, PROJECTS[0], id="npm"),
    ],
)
def test_nothing_large_of_a_state_waits_for_garbage_to_be_collected(walk: Any, name: str) -> None:  # noqa: ANN401 - likewise
    """A walk collects it now and then: whatever refers to itself holds megabytes until then."""
    states = list(islice(walk(name), 6))
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        for pair in pairwise(states):
            _judged(*pair)
        cold()
        gc.collect()
        large = {type(one) for one in gc.garbage} & {Scene, OnDemand, Judge, BerryTree, PlainTree}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert large == set()
