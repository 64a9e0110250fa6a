"""What a changed requirement explains: classes, codes and causes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support import npm
from tests.support.diffs import compare, root, told

if TYPE_CHECKING:
    from tests.support.diffs import Files

GIT = "git+ssh://git@example.org/a.git"
A, B = npm.locked("a"), npm.locked("b")


def files(manifest: npm.Json, *packages: npm.Json, **more: str) -> Files:
    """A project; each package is {name or key: entry}."""
    entries: npm.Json = {}
    for package in packages:
        entries.update(package)
    extra: Files = {path.replace("__", "/") + "/package.json": text for path, text in more.items()}
    return npm.files(manifest, entries, extra)


PLAIN = files(root({"a": "^1.0.0"}), {"a": A})


@pytest.mark.parametrize(
    ("before", "after", "items"),
    [
        pytest.param(
            PLAIN,
            files(root({"a": "^2.0.0"}), {"a": npm.locked("a", "2.0.0")}),
            [("requirement", "a")],
            id="a bump",
        ),
        pytest.param(
            PLAIN,
            files(root({"a": "^1.0.0", "b": "^1.0.0"}), {"a": A}, {"b": B}),
            [("requirement", "b")],
            id="a new requirement",
        ),
        pytest.param(
            files(root({"a": "^1.0.0", "b": "^1.0.0"}), {"a": A}, {"b": B}),
            PLAIN,
            [("removed", "b")],
            id="a requirement removed",
        ),
        pytest.param(
            PLAIN,
            files(
                root({"a": "^2.0.0"}),
                {"a": npm.locked("a", "2.0.0", dependencies={"b": "^1.0.0"})},
                {"b": npm.locked("b", dependencies={"c": "1.0.0"})},
                {"c": npm.locked("c")},
            ),
            [("brought", "b"), ("brought", "c"), ("requirement", "a")],
            id="what the new version needs comes along",
        ),
        pytest.param(
            files(root({"a": "^1.0.0", "b": "^1.0.0"}), {"a": A}, {"b": B}),
            files(root({"a": "^1.0.0", "b": "~1.0.1"}), {"a": A}, {"b": npm.locked("b", "1.0.1")}),
            [("requirement", "b")],
            id="a narrower range",
        ),
        pytest.param(
            files(
                root({"a": "^1.0.0", "b": "^1.0.0"}),
                {"a": npm.locked("a", dependencies={"b": "^1.0.0"})},
                {"b": B},
            ),
            files(
                root({"a": "^1.0.0", "b": "^2.0.0"}),
                {"a": npm.locked("a", dependencies={"b": "^1.0.0"})},
                {"b": npm.locked("b", "2.0.0")},
                {"node_modules/a/node_modules/b": npm.locked("b", "1.0.9")},
            ),
            [("displaced", "b"), ("requirement", "b")],
            id="the shared copy is displaced, so an unchanged package gets its own",
        ),
        pytest.param(
            files(
                root({"a": "^1.0.0", "b": "^2.0.0"}),
                {"a": npm.locked("a", dependencies={"b": "1.x || 2.x"})},
                {"b": npm.locked("b", "2.0.0")},
                {"node_modules/a/node_modules/b": npm.locked("b")},
            ),
            files(
                root({"a": "^1.0.0", "b": "^2.1.0"}),
                {"a": npm.locked("a", dependencies={"b": "1.x || 2.x"})},
                {"b": npm.locked("b", "2.1.0")},
            ),
            [("removed", "b"), ("requirement", "b")],
            id="a nested copy is deduplicated onto the new one",
        ),
        pytest.param(
            PLAIN,
            files(root({"a": "^1.0.0"}, overrides={"a": "1.0.5"}), {"a": npm.locked("a", "1.0.5")}),
            [("override", "a")],
            id="an override",
        ),
        pytest.param(
            files(root({"a": "^2.0.0"}), {"a": A}),
            files(root({"a": "^2.0.0"}), {"a": npm.locked("a", "2.0.0")}),
            [("catch-up", "a")],
            id="the lockfile catches up with an earlier change",
        ),
        pytest.param(
            PLAIN,
            files(
                root({"a": "^1.0.0", "old": "npm:b@^1.0.0"}),
                {"a": A},
                {"old": npm.locked("b", name="b")},
            ),
            [("requirement", "b")],
            id="an alias",
        ),
        pytest.param(
            PLAIN,
            files(
                root({"a": "^1.0.0"}, workspaces=["packages/*"]),
                {"a": A},
                {"ui": {"resolved": "packages/ui", "link": True}},
                {"packages/ui": {"version": "1.0.0", "dependencies": {"b": "^1.0.0"}}},
                {"b": B},
                packages__ui=json.dumps(
                    {"name": "ui", "version": "1.0.0", "dependencies": {"b": "^1.0.0"}}
                ),
            ),
            [("requirement", "b"), ("requirement", "ui")],
            id="a workspace joins",
        ),
        pytest.param(
            files(
                root({"a": "^1.0.0"}),
                {"a": npm.locked("a", dependencies={"b": "^1.0.0"})},
                {"b": B},
            ),
            files(root({"c": "^1.0.0"}), {"c": npm.locked("c")}),
            [("removed", "a"), ("removed", "b"), ("requirement", "c")],
            id="one package for another; what only the first needed goes too",
        ),
        pytest.param(
            files(
                root({"a": "^1.0.0", "b": "^1.0.0"}),
                {"a": npm.locked("a", peerDependencies={"b": "1.x || 2.x"})},
                {"b": B},
            ),
            files(
                root({"a": "^1.0.0", "b": "^2.0.0"}),
                {"a": npm.locked("a", peerDependencies={"b": "1.x || 2.x"})},
                {"b": npm.locked("b", "2.0.0")},
            ),
            [("requirement", "b")],
            id="a peer follows",
        ),
        pytest.param(
            PLAIN,
            files(
                root({"a": GIT}),
                {
                    "a": {
                        "version": "1.0.1",
                        "resolved": f"git+ssh://git@example.org/a.git#{'a' * 40}",
                    }
                },
            ),
            [("requirement", "a")],
            id="git, when the requirement turned to git",
        ),
    ],
)
def test_a_changed_requirement_explains(
    before: Files, after: Files, items: list[tuple[str, str]]
) -> None:
    diff = compare(before, after)
    assert told(diff) == items
    assert diff.classification == "matched"
    assert not diff.refresh_alongside


def test_a_new_lockfile_is_matched_by_everything() -> None:
    diff = compare({"package.json": PLAIN["package.json"]}, PLAIN)
    assert (diff.classification, diff.new_lockfile) == ("matched", True)
    assert told(diff) == [("requirement", "a")]


def test_a_first_commit_is_a_new_lockfile() -> None:
    assert compare(None, PLAIN).classification == "matched"


def test_a_requirement_moved_to_another_section_is_no_cause() -> None:
    moved = files({"name": "app", "devDependencies": {"a": "^1.0.0"}}, {"a": {**A, "dev": True}})
    diff = compare(PLAIN, moved)
    assert (diff.classification, told(diff)) == ("metadata", [])


def test_a_refresh_beside_a_real_change_is_told_apart() -> None:
    before = files(root({"a": "^1.0.0", "b": "^1.0.0"}), {"a": A}, {"b": B})
    after = files(
        root({"a": "^2.0.0", "b": "^1.0.0"}),
        {"a": npm.locked("a", "2.0.0")},
        {"b": npm.locked("b", "1.0.7")},
    )
    diff = compare(before, after)
    assert diff.classification == "matched"
    assert [item.name for item in diff.refresh_alongside] == ["b"]


@pytest.mark.parametrize(
    ("after", "name", "cause"),
    [
        pytest.param(
            files(root({"a": "^2.0.0"}), {"a": npm.locked("a", "2.0.0")}),
            *("a", "package.json wants ^2.0.0"),
            id="a requirement",
        ),
        pytest.param(
            files(
                root({"a": "^2.0.0"}),
                {"a": npm.locked("a", "2.0.0", dependencies={"b": "^1.0.0"})},
                {"b": B},
            ),
            *("b", "a wants ^1.0.0"),
            id="what came along",
        ),
        pytest.param(
            files(root({"a": "^1.0.0"}, overrides={"a": "1.0.5"}), {"a": npm.locked("a", "1.0.5")}),
            *("a", "an override sets a to 1.0.5"),
            id="an override",
        ),
    ],
)
def test_causes_in_words(after: Files, name: str, cause: str) -> None:
    items = {item.name: item for item in compare(PLAIN, after).items}
    assert items[name].cause == cause


def test_a_cause_that_is_late_says_so() -> None:
    diff = compare(
        files(root({"a": "^2.0.0"}), {"a": A}),
        files(root({"a": "^2.0.0"}), {"a": npm.locked("a", "2.0.0")}),
    )
    assert diff.items[0].cause == "package.json wants ^2.0.0 since an earlier change"


def test_the_verdict_lists_what_came_went_and_moved() -> None:
    before = files(root({"a": "^1.0.0", "b": "^1.0.0"}), {"a": A}, {"b": B})
    after = files(
        root({"a": "^2.0.0", "c": "^1.0.0"}),
        {"a": npm.locked("a", "2.0.0")},
        {"c": npm.locked("c")},
    )
    verdict = compare(before, after).verdict
    assert (verdict.added, verdict.removed) == (("c@1.0.0",), ("b@1.0.0",))
    assert verdict.changed == (("a", "1.0.0", "2.0.0"),)


def test_several_copies_are_paired_by_their_versions() -> None:
    nested = "node_modules/x/node_modules/a"
    wants = {"x": npm.locked("x", dependencies={"a": "*"})}
    before = files(root({"a": "1", "x": "1"}), {"a": A}, wants, {nested: npm.locked("a", "2.0.0")})
    after = files(
        root({"a": "3", "x": "1"}),
        {"a": npm.locked("a", "3.1.0")},
        wants,
        {nested: npm.locked("a", "2.1.0")},
    )
    assert set(compare(before, after).verdict.changed) == {
        ("a", "1.0.0", "2.1.0"),
        ("a", "2.0.0", "3.1.0"),
    }
