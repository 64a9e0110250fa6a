"""Chains and facts: in small trees by hand, and in what npm wrote as npm itself counts."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.posture import facts
from lockward.posture.chains import LONGEST, is_third_party
from lockward.repository import Repository
from tests.support import arborist, npm

if TYPE_CHECKING:
    from lockward.posture.chains import Chains

WRITTEN = sorted((Path(__file__).parents[2] / "data" / "npm").glob("written/*/npm*.json"))
EXAMPLE = Path(__file__).parents[3] / "examples" / "mcp-workspace"


def chains(manifest: npm.Json, packages: npm.Json, **extra: str | bytes) -> Chains:
    found = facts.chains(npm.project(npm.files(manifest, packages, dict(extra))))
    assert found is not None
    return found


def needs(name: str, *others: str, **fields: object) -> npm.Json:
    return npm.locked(name, dependencies=dict.fromkeys(others, "1.0.0"), **fields)


MANIFEST = {
    "name": "app",
    "dependencies": {"schema-validator": "1.0.0"},
    "devDependencies": {"bench": "1.0.0"},
}
PACKAGES = {
    "schema-validator": needs("schema-validator", "string-utils"),
    "string-utils": needs("string-utils", "fast-str"),
    "fast-str": needs("fast-str", "string-utils"),  # a cycle
    "bench": needs("bench", "fast-str", "timer", dev=True),
    "timer": npm.locked("timer", dev=True, hasInstallScript=True),
    "orphan": npm.locked("orphan"),
}


def test_a_way_leads_from_the_direct_dependency_through_production_packages() -> None:
    tree = chains(MANIFEST, PACKAGES)

    assert tree.names("node_modules/fast-str") == ("schema-validator", "string-utils", "fast-str")
    assert tree.names("node_modules/timer") == ("bench", "timer")
    assert tree.names("node_modules/orphan") == ()
    assert tree.dependants["node_modules/fast-str"] == 2


def test_the_numbers() -> None:
    found = facts.of(chains(MANIFEST, PACKAGES))

    assert (found.total, found.direct, found.transitive, found.unreached) == (6, 2, 4, 1)
    assert found.by_depth == (2, 2, 1)
    assert found.max_depth == 3
    assert (found.dev, found.optional) == (2, 0)
    assert found.scripts == ("timer@1.0.0",)
    assert found.sources == {"registry.example.org": 6}
    assert found.longest[0] == ("schema-validator", "string-utils", "fast-str")


def test_what_a_project_asks_for_itself_is_direct_however_else_it_comes() -> None:
    manifest = {**MANIFEST, "devDependencies": {"fast-str": "1.0.0"}}
    tree = chains(manifest, PACKAGES)

    assert tree.names("node_modules/fast-str") == ("fast-str",)
    assert set(tree.direct) == {"node_modules/schema-validator", "node_modules/fast-str"}
    assert "node_modules/fast-str" not in tree.dev


def test_a_workspace_is_ours_and_its_dependencies_are_direct() -> None:
    manifest = {"name": "app", "workspaces": ["w/*"]}
    packages = {
        "node_modules/lib": {"resolved": "w/lib", "link": True},
        "w/lib": {"name": "lib", "version": "1.0.0", "dependencies": {"a": "1.0.0"}},
        "a": needs("a", "b"),
        "b": npm.locked("b"),
    }
    member = json.dumps({"name": "lib", "version": "1.0.0", "dependencies": {"a": "1.0.0"}})
    tree = chains(manifest, packages, **{"w/lib/package.json": member})

    assert tree.names("node_modules/b") == ("a", "b")
    assert facts.of(tree).total == 2
    assert tree.parents["node_modules/a"] == "w/lib"


def test_a_way_that_no_real_lockfile_has_is_cut() -> None:
    names = [f"p{n}" for n in range(3000)]
    packages = {name: needs(name, *names[n + 1 : n + 2]) for n, name in enumerate(names)}
    tree = chains({"name": "app", "dependencies": {"p0": "1.0.0"}}, packages)

    assert facts.of(tree).max_depth == 3000
    assert tree.names("node_modules/p2") == ("p0", "p1", "p2")
    way = tree.names("node_modules/p2999")
    assert (way[:2], way[-1], len(way)) == (("p0", "..."), "p2999", LONGEST + 2)


def test_two_versions_of_a_name_are_duplicates() -> None:
    packages = {
        "a": needs("a", "b"),
        "b": npm.locked("b", "10.0.0"),
        "node_modules/a/node_modules/b": npm.locked("b", "9.0.0"),
    }
    found = facts.of(chains({"name": "app", "dependencies": {"a": "1.0.0"}}, packages))

    assert found.duplicates == {"b": ("9.0.0", "10.0.0")}
    assert found.distinct == 3


def test_facts_of_several_lockfiles_add_up() -> None:
    one = facts.of(chains(MANIFEST, PACKAGES))
    both = facts.joined([one, one])

    assert (both.total, both.direct, both.by_depth) == (12, 4, (4, 4, 2))
    assert both.sources == {"registry.example.org": 12}
    assert both.scripts == one.scripts
    assert facts.joined([]).total == 0


NAMES = st.sampled_from([f"p{number}" for number in range(8)])


@given(st.dictionaries(NAMES, st.lists(NAMES, unique=True)), st.lists(NAMES, unique=True))
def test_every_way_is_made_of_real_requirements(
    graph: dict[str, list[str]], wanted: list[str]
) -> None:
    manifest = {"name": "app", "dependencies": dict.fromkeys(wanted, "1.0.0")}
    tree = chains(manifest, {name: needs(name, *others) for name, others in graph.items()})
    reached = {name for name in wanted if name in graph}
    waiting = list(reached)
    while waiting:
        for other in graph[waiting.pop()]:
            if other in graph and other not in reached:
                reached.add(other)
                waiting.append(other)

    assert {key.removeprefix("node_modules/") for key in tree.depths} == reached
    for key, depth in tree.depths.items():
        way = tree.names(key)
        assert len(way) == depth
        assert way[0] in wanted
        assert all(after in graph[before] for before, after in pairwise(way))


def projects(folder: Path) -> list[Path]:
    found = []
    for source in WRITTEN:
        project = folder / source.parent.name / source.stem
        shutil.copytree(source.parent, project, ignore=shutil.ignore_patterns("npm*.json"))
        shutil.copy(source, project / "package-lock.json")
        found.append(project)
    shutil.copytree(EXAMPLE, folder / "example")
    return [*found, folder / "example"]


@pytest.mark.node
def test_npm_counts_the_same_packages_and_flags(tmp_path: Path) -> None:
    folders = projects(tmp_path)

    for folder, tree in zip(folders, arborist.load(folders), strict=True):
        files: dict[str, str | bytes] = {
            str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*.json")
            if "node_modules" not in path.parts
        }
        found = facts.chains(Repository(MemoryTree(files), Policy()).project(""))
        assert found is not None
        theirs = {key: node for key, node in tree.items() if "node_modules/" in key}
        theirs = {key: node for key, node in theirs.items() if not node["link"]}
        ours = {p.key for p in found.lockfile.packages if is_third_party(p)}
        assert ours == set(theirs), folder
        reached = set(found.depths)
        dev = {key for key, node in theirs.items() if node["dev"] and key in reached}
        optional = {key for key, node in theirs.items() if node["optional"] and key in reached}
        assert found.dev & ours == dev, folder
        assert found.optional & ours == optional, folder
