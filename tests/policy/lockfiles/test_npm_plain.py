"""A plain npm lockfile, answered by its keys: the same answers as from its folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward.lockfiles import npm as reader
from lockward.lockfiles import npm_plain, npm_resolve
from lockward.lockfiles.npm_tree import Tree
from lockward.manifest import read as read_manifest
from lockward.sync import npm as sync
from lockward.sync import npm_judge
from tests.support import npm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lockward.graph import Resolution
    from lockward.lockfiles.npm_plain import PlainTree
    from lockward.model import Lockfile, Manifest

NAMES = ("a", "b", "@s/d", "E", "e", "A")  # the last two are asked for, and no folders
FOLDERS = NAMES[:4]
VERSIONS = ("1.0.0", "1.2.0", "2.0.0-rc.1", "2.1.0")
SPECS = ("*", "", "^1.0.0", "~1.2.0", ">=1.1.0", "1.x || 2", "2.0.0-rc.1", "latest", "^2.0.0 ")
ALIASES = ("npm:b@^1.0.0", "npm:@s/d@*", "npm:b", "npm:x@y@^1.0.0", "npm:B@1")
FIELDS = ("dependencies", "optionalDependencies", "peerDependencies")

SETTINGS = (
    npm_judge.Settings(),
    npm_judge.Settings(legacy_peer_deps=True),
    npm_judge.Settings(strict_peer_deps=True, install_links=True),
)

sections = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(SPECS + ALIASES), max_size=3)


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    """An entry with up to three sections, now and then bundled or with a peer that may miss."""
    fields: dict[str, Any] = {
        field: draw(sections) for field in FIELDS if draw(st.integers(0, 2)) == 0
    }
    if draw(st.booleans()):
        fields["peerDependenciesMeta"] = {draw(st.sampled_from(NAMES)): {"optional": True}}
    if draw(st.integers(0, 5)) == 0:
        fields["inBundle"] = True
    return npm.locked("a", draw(st.sampled_from(VERSIONS)), **fields)


@st.composite
def projects(draw: st.DrawFn) -> tuple[Lockfile, dict[str, Manifest]]:
    """A lockfile of packages in each other, and its package.json."""
    keys = draw(st.lists(st.lists(st.sampled_from(FOLDERS), min_size=1, max_size=3), max_size=7))
    packages: dict[str, Any] = {}
    for path in keys:
        for depth in range(1, len(path) + 1):
            packages["node_modules/" + "/node_modules/".join(path[:depth])] = draw(entries())
    manifest = {"name": "app", "version": "1.0.0", **{field: draw(sections) for field in FIELDS}}
    manifest["devDependencies"] = draw(sections)
    return _read(manifest, packages)


def _read(
    manifest: dict[str, Any], packages: dict[str, Any]
) -> tuple[Lockfile, dict[str, Manifest]]:
    files = npm.files(manifest, packages)
    text = {path: str(data).encode() for path, data in files.items()}
    lockfile = reader.read("package-lock.json", text["package-lock.json"])
    return lockfile, {"": read_manifest("package.json", text["package.json"])}


def _plain(lockfile: Lockfile, manifests: Mapping[str, Manifest]) -> PlainTree:
    found = npm_plain.of(lockfile, manifests)
    assert found is not None
    return found


def _drawn(tree: Resolution) -> dict[str, list[tuple[str, str, str, str]]]:
    return {
        key: [
            (edge.name, edge.spec, edge.kind, "" if edge.target is None else edge.target.key)
            for edge in edges
        ]
        for key, edges in tree.edges.items()
    }


@settings(max_examples=300, deadline=None)
@given(projects())
def test_every_edge_is_the_one_that_the_folders_give(
    project: tuple[Lockfile, dict[str, Manifest]],
) -> None:
    plain, tree = _plain(*project), Tree(*project)
    assert list(plain.edges) == list(tree.edges)
    assert _drawn(plain) == _drawn(tree)
    assert {key: set(keys) for key, keys in plain.carried.items()} == {
        key: set(keys) for key, keys in tree.carried.items()
    }


@settings(max_examples=200, deadline=None)
@given(projects(), st.lists(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_who_asks_for_a_name_is_who_the_folders_say(
    project: tuple[Lockfile, dict[str, Manifest]], names: list[str]
) -> None:
    tree = Tree(*project)
    assert set(_plain(*project).askers(names)) == tree.askers(names)
    for key in project[0].by_key:
        if key:
            plain = _plain(*project)
            assert [(one.source, one.name) for one in plain.into(key)] == [
                (one.source, one.name) for one in tree.into(key)
            ]


@st.composite
def settled(draw: st.DrawFn) -> tuple[Lockfile, dict[str, Manifest]]:
    """A project in which nearly every requirement is answered, often all."""
    likely = st.dictionaries(
        st.sampled_from(FOLDERS), st.sampled_from(("*", "^1.0.0", ">=1.1.0 || 0.x")), max_size=2
    )
    odd = st.sampled_from((*[likely] * 7, sections))

    def entry(version: str = "1.2.0") -> dict[str, Any]:
        fields = {field: draw(draw(odd)) for field in FIELDS if draw(st.booleans())}
        return npm.locked("a", version, **fields)

    packages = {f"node_modules/{name}": entry() for name in FOLDERS}
    for outer, inner in draw(st.lists(st.tuples(*[st.sampled_from(FOLDERS)] * 2), max_size=2)):
        packages[f"node_modules/{outer}/node_modules/{inner}"] = entry(
            draw(st.sampled_from(("1.2.0", "1.3.0", "2.1.0")))
        )
    return _read({"name": "app", **{field: draw(likely) for field in FIELDS}}, packages)


def test_of_the_projects_drawn_enough_are_settled() -> None:
    """Else the next test would look at nothing."""
    seen: list[bool] = []

    @settings(max_examples=100, deadline=None, database=None)
    @given(settled())
    def look(project: tuple[Lockfile, dict[str, Manifest]]) -> None:
        plain = _plain(*project)
        seen.append(sync.all_fit(plain) and any(plain.edges.values()))

    look()
    assert seen.count(True) > len(seen) // 10
    assert seen.count(False) > len(seen) // 10


@settings(max_examples=400, deadline=None)
@given(settled(), st.sampled_from(SETTINGS))
def test_npm_finds_nothing_where_everything_fits_plainly(
    project: tuple[Lockfile, dict[str, Manifest]], chosen: npm_judge.Settings
) -> None:
    if sync.all_fit(_plain(*project)):
        assert not npm_judge.judged(Tree(*project), chosen)


def test_the_names_asked_for_one_by_one_are_few() -> None:
    """Then the folders are built, whose index answers at once."""
    project = _read({"dependencies": {"a": "1"}}, {"a": npm.locked("a")})
    plain = _plain(*project)
    answers = [set(plain.askers(["a"])) for _ in range(20)]
    assert answers == [{""}] * 20
    assert plain._tree is not None


APP = {"name": "app", "dependencies": {"a": "^1.0.0"}}


@pytest.mark.parametrize(
    ("manifest", "packages"),
    [
        pytest.param(
            {**APP, "workspaces": ["w"]}, {"a": npm.locked("a")}, id="workspaces are declared"
        ),
        pytest.param(
            APP,
            {"a": {"resolved": "libs/a", "link": True}, "libs/a": {"version": "1.0.0"}},
            id="a package is a link",
        ),
        pytest.param(
            APP, {"a": npm.locked("a", hasShrinkwrap=True)}, id="a package has a shrinkwrap"
        ),
        pytest.param(
            APP,
            {"a": npm.locked("a"), "B": npm.locked("B"), "b": npm.locked("b")},
            id="two names differ by their case",
        ),
        pytest.param(
            APP,
            {"node_modules/a/node_modules/b": npm.locked("b")},
            id="a package lies in one that is not locked",
        ),
        *(
            pytest.param(
                APP,
                {"a": npm.locked("a"), "xnode_modules": npm.locked("x"), key: npm.locked("b")},
                id=f"a folder inside of a package: {key}",
            )
            for key in (
                "node_modules/a/b",
                "node_modules/a/@s",
                "node_modules/@s/a/b",
                "node_modules/xnode_modules/@s",
                "node_modules/a/node_modules/b/@s/c",
            )
        ),
    ],
)
def test_what_is_not_plain_has_its_folders_built(
    manifest: dict[str, Any], packages: dict[str, Any]
) -> None:
    lockfile, manifests = _read(manifest, packages)
    assert npm_plain.of(lockfile, manifests) is None
    npm_resolve._LAST.clear()
    assert isinstance(npm_resolve.resolve(lockfile, manifests), Tree)


@pytest.mark.parametrize(
    ("packages", "fits"),
    [
        pytest.param({"a": npm.locked("a", "1.2.0")}, True, id="the version is in the range"),
        pytest.param({"a": npm.locked("a", "2.1.0")}, False, id="the version is out of range"),
        pytest.param({}, False, id="nothing is locked"),
        pytest.param(
            {"a": npm.locked("a", dependencies={"b": "1"})}, False, id="a dependency is missing"
        ),
        pytest.param(
            {"a": npm.locked("a", dependencies={"b": "npm:c@^1.0.0"}), "b": npm.locked("c")},
            True,
            id="an alias's range takes the version",
        ),
        pytest.param(
            {"a": npm.locked("a", dependencies={"b": "npm:c@^2.0.0"}), "b": npm.locked("c")},
            False,
            id="an alias's range does not",
        ),
        pytest.param(
            {
                "a": npm.locked("a", peerDependencies={"b": "*"}),
                "node_modules/a/node_modules/b": npm.locked("b"),
                "b": npm.locked("b"),
            },
            False,
            id="a peer lies inside its dependant",
        ),
        pytest.param(
            {
                "a": npm.locked(
                    "a",
                    peerDependencies={"b": "*"},
                    peerDependenciesMeta={"b": {"optional": True}},
                )
            },
            True,
            id="a peer may be missing",
        ),
        pytest.param(
            {
                "a": npm.locked("a", dependencies={"b": "^2.0.0"}),
                "b": npm.locked("b", "2.1.0"),
                "node_modules/a/node_modules/b": npm.locked("b", "1.0.0"),
            },
            False,
            id="a nearer copy that does not fit hides one that does",
        ),
    ],
)
def test_whether_everything_fits_plainly(packages: dict[str, Any], fits: bool) -> None:  # noqa: FBT001 - a table
    project = _read(APP, packages)
    assert sync.all_fit(_plain(*project)) is fits
    assert bool(npm_judge.judged(Tree(*project), npm_judge.Settings())) is not fits
