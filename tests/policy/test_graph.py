"""Edges, who requires an entry, and what is reached; how npm draws the edges is npm_tree's."""

from __future__ import annotations

import itertools
import json

import pytest

from lockward.graph import Graph
from lockward.model import Edge, Package
from tests.support import npm

MANIFEST = {
    "name": "app",
    "workspaces": ["packages/*"],
    "dependencies": {"a": "^1.0.0"},
    "devDependencies": {"b": "^1.0.0"},
}
PACKAGES = {
    "packages/ui": {"name": "ui", "version": "1.0.0", "dependencies": {"c": "^1.0.0"}},
    "ui": {"resolved": "packages/ui", "link": True},
    "a": npm.locked("a", dependencies={"b": "^2.0.0"}),
    "node_modules/a/node_modules/b": npm.locked("b", "2.0.0"),
    "b": npm.locked("b"),
    "c": npm.locked("c", bundleDependencies=["d"], dependencies={"d": "1"}),
    "node_modules/c/node_modules/d": {"version": "1.0.0", "inBundle": True},
    "orphan": npm.locked("orphan", dependencies={"lost": "1"}),
    "lost": npm.locked("lost"),
}
UI = json.dumps({"name": "ui", "version": "1.0.0", "dependencies": {"c": "^1.0.0"}})


@pytest.fixture
def drawn() -> Graph:
    built = npm.project(npm.files(MANIFEST, PACKAGES, {"packages/ui/package.json": UI})).graph
    assert built is not None
    return built


def test_edges_by_source(drawn: Graph) -> None:
    def plain(edge: Edge) -> tuple[str, str, str, str | None]:
        return edge.name, edge.spec, edge.kind, edge.target.key if edge.target else None

    assert [plain(edge) for edge in drawn.edges[""]] == [
        ("a", "^1.0.0", "prod", "node_modules/a"),
        ("b", "^1.0.0", "dev", "node_modules/b"),
        ("ui", "file:packages/ui", "workspace", "packages/ui"),
    ]
    assert [plain(edge) for edge in drawn.edges["node_modules/a"]] == [
        ("b", "^2.0.0", "prod", "node_modules/a/node_modules/b")
    ]
    assert [plain(edge) for edge in drawn.edges["packages/ui"]] == [
        ("c", "^1.0.0", "prod", "node_modules/c")
    ]


@pytest.mark.parametrize(
    ("key", "sources"),
    [
        pytest.param("node_modules/b", [""], id="the nested twin answers the other"),
        pytest.param("node_modules/a/node_modules/b", ["node_modules/a"], id="the nested one"),
        pytest.param("node_modules/ui", [""], id="a link"),
        pytest.param("packages/ui", [""], id="a link's target"),
        pytest.param("node_modules/orphan", [], id="nobody"),
        pytest.param("nothing", [], id="an entry that is not there"),
    ],
)
def test_who_requires_an_entry(drawn: Graph, key: str, sources: list[str]) -> None:
    assert [edge.source for edge in drawn.into(key)] == sources


def test_what_is_reached(drawn: Graph) -> None:
    unreached = {
        key if key.startswith(("node_modules", "packages")) else f"node_modules/{key}"
        for key in PACKAGES
    } - drawn.reachable()
    assert unreached == {"node_modules/orphan", "node_modules/lost"}


class _Drawn:
    """A resolution by hand."""

    def __init__(
        self, *edges: Edge, root: str = "a", carried: dict[str, tuple[str, ...]] | None = None
    ) -> None:
        self.edges: dict[str, tuple[Edge, ...]] = {}
        for edge in edges:
            self.edges[edge.source] = (*self.edges.get(edge.source, ()), edge)
        self.roots = (root,)
        self.carried = carried or {}


def _package(key: str) -> Package:
    return Package(
        key=key,
        alias=key,
        name=key,
        version="1.0.0",
        source="registry",
        resolved=None,
        integrity=None,
        raw={},
    )


def test_cycles_end_and_missing_targets_lead_nowhere() -> None:
    drawn = Graph(
        _Drawn(
            Edge("a", "b", "*", "prod", _package("b")),
            Edge("b", "a", "*", "peer", _package("a")),
            Edge("b", "gone", "*", "prod", None),
        )
    )
    assert drawn.reachable() == {"a", "b"}
    assert [edge.source for edge in drawn.into("a")] == ["b"]


def test_what_comes_along_without_an_edge_is_reached() -> None:
    drawn = Graph(
        _Drawn(Edge("a", "b", "*", "prod", _package("b")), carried={"b": ("c",), "c": ("d",)})
    )
    assert drawn.reachable() == {"a", "b", "c", "d"}


def test_a_link_without_target_is_reached_itself() -> None:
    drawn = Graph(_Drawn(Edge("a", "b", "*", "prod", None, via="link")))
    assert drawn.reachable() == {"a", "link"}
    assert [edge.name for edge in drawn.into("link")] == ["b"]


def test_a_long_chain_is_no_recursion() -> None:
    keys = [f"p{number}" for number in range(20_000)]
    pairs = itertools.pairwise(keys)
    chain = (Edge(key, below, "*", "prod", _package(below)) for key, below in pairs)
    assert len(Graph(_Drawn(*chain, root="p0")).reachable()) == len(keys)


def test_who_asks_is_found_alike_however_often(drawn: Graph) -> None:
    for names in (("b",), ("a", "c"), ("lost", "b", "nobody"), ()):
        first = [*drawn.sources(names, ("orphan", ""))]
        for _ in range(100):
            drawn.sources((), ())
        assert [*drawn.sources(names, ("orphan", ""))] == first


class _Counted(dict[str, tuple[Edge, ...]]):
    """Edges, and how often anybody looked at those of a source."""

    looks = 0

    def __getitem__(self, key: str) -> tuple[Edge, ...]:
        self.looks += 1
        return super().__getitem__(key)


def test_thousands_of_names_are_asked_for_without_a_look_at_everybody_for_each() -> None:
    found = _Drawn(*(Edge(f"p{n}", f"p{n + 1}", "*", "prod", None) for n in range(500)))
    found.edges = edges = _Counted(found.edges)
    graph = Graph(found)
    for number in range(500):
        assert [one.source for one in graph.asking(f"p{number + 1}")] == [f"p{number}"]
    assert edges.looks <= 20 * 500


def test_who_asks_for_a_name_is_the_same_however_many_were_asked_for(drawn: Graph) -> None:
    names = ("b", "c", "lost", "nobody")
    first = [[*drawn.asking(name)] for name in names]
    assert [[one.source for one in edges] for edges in first] == [
        ["", "node_modules/a"],
        ["packages/ui"],
        ["node_modules/orphan"],
        [],
    ]
    for number in range(50):
        assert not [*drawn.asking(f"x{number}")]
    again = [[*drawn.asking(name)] for name in names]
    assert [[id(one) for one in edges] for edges in again] == [
        [id(one) for one in edges] for edges in first
    ]
