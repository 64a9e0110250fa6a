"""npm's overrides: their rules, which of two holds, and what a package stands under."""

from __future__ import annotations

import json

import pytest

from lockward import sync
from lockward.lockfiles import npm_overrides
from lockward.lockfiles.npm_overrides import OverridesError, Rule
from tests.support import npm


def rule(top: Rule, *keys: str) -> Rule:
    for key in keys:
        top = top.children[key]
    return top


@pytest.mark.parametrize(
    ("overrides", "keys", "name", "wanted", "value"),
    [
        pytest.param({"a": "1.0.0"}, ["a"], "a", "*", "1.0.0", id="a version"),
        pytest.param({"a@^1": "1.5.0"}, ["a@^1"], "a", "^1", "1.5.0", id="of a range"),
        pytest.param({"@s/a@2": "3"}, ["@s/a@2"], "@s/a", "2", "3", id="of a scope"),
        pytest.param({"a": {"b": "2"}}, ["a", "b"], "b", "*", "2", id="below a package"),
        pytest.param({"a": {".": "1", "b": "2"}}, ["a"], "a", "*", "1", id="a dot is its own"),
        pytest.param({"a": ""}, ["a"], "a", "*", "*", id="an empty one is any version"),
        pytest.param({"a": {}}, ["a"], "a", "*", "*", id="nothing below"),
        pytest.param({"a": "$b"}, ["a"], "a", "*", "$b", id="a reference"),
        pytest.param({"a": 1}, ["a"], "a", "*", "*", id="a number says nothing"),
    ],
)
def test_a_rule(overrides: npm.Json, keys: list[str], name: str, wanted: str, value: str) -> None:
    found = rule(npm_overrides.read(overrides), *keys)
    assert (found.name, found.wanted, found.value) == (name, wanted, value)
    assert found.depth == len(keys)


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        pytest.param({"a/b": "1"}, "without a package name", id="a path"),
        pytest.param({"file:x": "1"}, "without a package name", id="a folder"),
        pytest.param({"a": None}, "is null", id="null"),
        pytest.param({"a": {".": 1}}, "is not a string", id="a dot of a number"),
    ],
)
def test_what_makes_npm_stop(overrides: npm.Json, words: str) -> None:
    with pytest.raises(OverridesError, match=words):
        npm_overrides.read(overrides)


TOP = npm_overrides.read(
    {
        "a": "1.0.0",
        "b@^2": "2.5.0",
        "c": {"a": "3.0.0", "d": {"a": "4.0.0"}},
        "g@^1": "9.9.9",
    }
)


@pytest.mark.parametrize(
    ("under", "name", "wanted", "value"),
    [
        pytest.param([], "a", "^0.5.0", "1.0.0", id="any range"),
        pytest.param([], "b", "^2.1.0", "2.5.0", id="a range that meets"),
        pytest.param([], "b", "^1.0.0", "", id="a range that does not"),
        pytest.param([], "b", "latest", "2.5.0", id="a tag cannot be compared"),
        pytest.param([], "b", "npm:x@^1.0.0", "", id="an alias by its own range"),
        pytest.param([], "b", "npm:x@^2.0.0", "2.5.0", id="an alias that meets"),
        pytest.param([], "b", "github:x/b#semver:^2", "2.5.0", id="git with a range"),
        pytest.param([], "b", "github:x/b", "", id="git without one"),
        pytest.param([], "x", "1", "", id="nothing about it"),
        pytest.param(["c"], "a", "1", "3.0.0", id="the nearest holds"),
        pytest.param(["c", "d"], "a", "1", "4.0.0", id="the nearest of all"),
        pytest.param(["c", "d"], "b", "^2", "2.5.0", id="those around hold too"),
        pytest.param(["c", "a"], "a", "1", "3.0.0", id="a rule is about its own name"),
    ],
)
def test_which_rule_a_requirement_falls_under(
    under: list[str], name: str, wanted: str, value: str
) -> None:
    found = rule(TOP, *under).for_edge(name, wanted)
    assert (found.value if found.name == name else "") == value


def test_a_requirement_that_npm_does_not_understand() -> None:
    with pytest.raises(OverridesError, match="no requirement"):
        TOP.for_edge("b", "git+ssh://x#a::b")
    with pytest.raises(OverridesError, match="no range"):
        TOP.for_edge("b", "github:x/b#semver:junk")


RULES = npm_overrides.read(
    {
        "x": {"a": "1.0.0", "y": {"b": "1.0.0"}},
        "z": {"a": "2.0.0"},
        "w": {"a": "^1.0.0"},
        "v": {"a": "$a"},
        "u": {"a": "git+ssh://git@example.org/a.git"},
    }
)


@pytest.mark.parametrize(
    ("one", "two", "merged"),
    [
        pytest.param(["x"], ["x"], "x", id="the same"),
        pytest.param([], ["x"], "x", id="the more specific one"),
        pytest.param(["x", "y"], ["x"], "y", id="likewise, further down"),
        pytest.param(["x"], ["z"], None, id="two versions of one name exclude each other"),
        pytest.param(["x"], ["w"], "", id="ranges that meet: what is around both"),
        pytest.param(["x"], ["v"], "", id="a reference is left for later"),
        pytest.param(["x"], ["u"], "", id="git cannot be compared"),
        pytest.param(["x", "y"], ["w"], "", id="of different depth"),
    ],
)
def test_what_a_package_under_two_rules_is_under(
    one: list[str], two: list[str], merged: str | None
) -> None:
    for first, second in ((one, two), (two, one)):
        found = npm_overrides.merged(rule(RULES, *first), rule(RULES, *second))
        assert (None if found is None else found.key) == merged


# In a whole project


def problems(
    overrides: npm.Json, packages: npm.Json, asks: npm.Json, **members: npm.Json
) -> list[tuple[str, str, str]]:
    manifest = {"name": "app", "dependencies": asks, "overrides": overrides}
    if members:
        manifest["workspaces"] = ["packages/*"]
    extra: dict[str, str | bytes] = {
        f"packages/{name}/package.json": json.dumps(member) for name, member in members.items()
    }
    judged = npm.project(npm.files(manifest, packages, extra))
    return [(one.source, one.name, one.spec) for one in sync.problems(judged)]


NEEDS_A = npm.locked("d", dependencies={"a": "^1.0.0"})


@pytest.mark.parametrize(
    ("overrides", "version", "refused"),
    [
        pytest.param({"d": {"a": "1.2.0"}}, "1.2.0", "", id="followed"),
        pytest.param({"d": {"a": "1.2.0"}}, "1.3.0", "1.2.0", id="not followed"),
        pytest.param({"d@^2": {"a": "1.2.0"}}, "1.3.0", "", id="of another version of d"),
        pytest.param({"d": {"a@<1": "1.2.0"}}, "1.3.0", "", id="of another range of a"),
        pytest.param({"e": {"a": "1.2.0"}}, "1.3.0", "", id="below another package"),
        pytest.param({"d": {"a": "$d"}}, "1.3.0", "1", id="a reference to what the root asks"),
        pytest.param({"d": {"a": "$a"}}, "1.3.0", "", id="a reference to the dependant's own"),
    ],
)
def test_nested_overrides(overrides: npm.Json, version: str, refused: str) -> None:
    packages = {"d": NEEDS_A, "a": npm.locked("a", version)}
    found = problems(overrides, packages, {"d": "1"})
    # A range of 1 is what 1.3.0 satisfies, so the reference to d passes as well.
    expected = [("node_modules/d", "a", refused)] if refused and refused != "1" else []
    assert found == expected


def test_rules_travel_along_the_edges() -> None:
    packages = {
        "d": npm.locked("d", dependencies={"e": "1"}),
        "e": npm.locked("e", dependencies={"f": "1"}),
        "f": npm.locked("f", dependencies={"a": "^1.0.0"}),
        "a": npm.locked("a"),
    }
    assert problems({"d": {"a": "2.0.0"}}, packages, {"d": "1"}) == [
        ("node_modules/f", "a", "2.0.0")
    ]
    assert problems({"d": {"e": {"a": "2.0.0"}}}, packages, {"d": "1"}) == [
        ("node_modules/f", "a", "2.0.0")
    ]
    assert problems({"f": {"d": {"a": "2.0.0"}}}, packages, {"d": "1"}) == []


def test_rules_reach_a_workspace_through_its_link() -> None:
    member = {"name": "ui", "version": "1.0.0", "dependencies": {"a": "^1.0.0"}}
    packages = {
        "ui": {"resolved": "packages/ui", "link": True},
        "packages/ui": {"version": "1.0.0", "dependencies": {"a": "^1.0.0"}},
        "a": npm.locked("a"),
    }
    assert problems({"ui": {"a": "2.0.0"}}, packages, {}, ui=member) == [
        ("packages/ui", "a", "2.0.0")
    ]
    assert problems({"ui": {"x": "2.0.0"}}, packages, {}, ui=member) == []


def test_a_bundled_package_is_out_of_reach() -> None:
    packages = {
        "d": npm.locked("d", dependencies={"a": "^1.0.0"}, bundleDependencies=["a"]),
        "node_modules/d/node_modules/a": {"version": "1.0.0", "inBundle": True},
    }
    assert problems({"a": "2.0.0", "d": {"a": "2.0.0"}}, packages, {"d": "1"}) == []


def test_two_dependants_whose_rules_exclude_each_other() -> None:
    packages = {
        "d": npm.locked("d", dependencies={"s": "1"}),
        "e": npm.locked("e", dependencies={"s": "1"}),
        "s": npm.locked("s", dependencies={"a": "*"}),
        "a": npm.locked("a"),
    }
    found = problems({"d": {"a": "1.0.0"}, "e": {"a": "2.0.0"}}, packages, {"d": "1", "e": "1"})
    assert [name for _, name, _ in found] == ["s"]
