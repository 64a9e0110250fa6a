"""What a lockfile kept of folders and requirements that nobody installs any more."""

from __future__ import annotations

import pytest

from tests.support import npm
from tests.support.diffs import compare, root

A = npm.locked("a")
GONE = {"old/b": {"name": "b", "version": "1.0.0", "extraneous": True, "dependencies": {"a": "1"}}}
DOWN = {"old/b": {**GONE["old/b"], "dependencies": {"a": "0.9.0"}}}


@pytest.mark.parametrize(
    ("leftover", "after"),
    [
        pytest.param(GONE, {"a": npm.locked("a", "2.0.0")}, id="its requirement has no answer now"),
        pytest.param(
            GONE,
            {"a": npm.locked("a", "2.0.0"), "old/b/node_modules/a": A},
            id="its requirement has an answer of its own now",
        ),
        pytest.param(DOWN, {"a": npm.locked("a", "2.0.0")}, id="it had none before either"),
    ],
)
def test_a_folder_without_manifest_asks_for_nothing(leftover: npm.Json, after: npm.Json) -> None:
    before = npm.files(root({"a": "^1.0.0"}), {"a": A, **leftover})
    now = npm.files(root({"a": "^2.0.0"}), {**after, **leftover})

    diff = compare(before, now)

    assert diff.classification == "matched"


def test_a_workspace_still_asks() -> None:
    manifest = root({"a": "^1.0.0"}, workspaces=["b"])
    member = '{"name": "b", "version": "1.0.0", "dependencies": {"a": "^1.0.0"}}'
    entries = {
        "node_modules/b": {"resolved": "b", "link": True},
        "b": {"version": "1.0.0", "dependencies": {"a": "^1.0.0"}},
    }
    extra = {"b/package.json": member}
    before = npm.files(manifest, {"a": A, **entries}, dict(extra))
    now = npm.files({**manifest, "dependencies": {}}, entries, dict(extra))

    diff = compare(before, now)

    assert diff.classification == "unexplained"
    assert ("missing", "a") in {(item.code, item.name) for item in diff.items}


def test_a_requirement_unanswered_before_is_not_this_changes_fault() -> None:
    asked = root({"a": "^2.0.0", "c": "^1.0.0"})
    before = npm.files(asked, {"a": A, "c": npm.locked("c")})
    now = npm.files({**asked, "dependencies": {"a": "^2.0.0"}}, {"a": A})

    assert compare(before, now).classification == "matched"


def test_a_requirement_that_loses_its_answer_is() -> None:
    before = npm.files(root({"a": "^1.0.0"}), {"a": A})
    now = npm.files(root({"a": "^2.0.0"}), {"a": npm.locked("a", "1.5.0")})

    assert compare(before, now).classification == "unexplained"
