"""What no requirement change explains: a refresh, a rollback, or worse."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support import npm
from tests.support.diffs import compare, root, told

if TYPE_CHECKING:
    from tests.support.diffs import Files

A, B = npm.locked("a"), npm.locked("b")
ROOT = root({"a": "^1.0.0"})
NEEDS_B = npm.locked("a", dependencies={"b": "^1.0.0"})
GIT = f"git+ssh://git@example.org/b.git#{'a' * 40}"


def files(packages: npm.Json, manifest: npm.Json | None = None) -> Files:
    return npm.files(manifest or ROOT, packages)


BOTH = files({"a": NEEDS_B, "b": B})


@pytest.mark.parametrize(
    ("before", "after", "items"),
    [
        pytest.param(
            BOTH,
            files({"a": NEEDS_B, "b": npm.locked("b", "1.2.0")}),
            [("refresh", "b")],
            id="a newer version in range",
        ),
        pytest.param(
            files({"a": A}),
            files({"a": npm.locked("a", "1.1.0", dependencies={"b": "^1.0.0"}), "b": B}),
            [("below-refresh", "b"), ("refresh", "a")],
            id="a newer version, and what it needs",
        ),
        pytest.param(
            files({"a": NEEDS_B}), BOTH, [("filled", "b")], id="what was missing is there now"
        ),
        pytest.param(
            files(
                {
                    "a": npm.locked("a", dependencies={"b": "^1.0.0"}),
                    "b": npm.locked("b", "1.1.0"),
                    "c": npm.locked("c", dependencies={"b": "^1.0.0"}),
                    "node_modules/c/node_modules/b": B,
                },
                root({"a": "^1.0.0", "c": "^1.0.0"}),
            ),
            files(
                {
                    "a": npm.locked("a", dependencies={"b": "^1.0.0"}),
                    "b": npm.locked("b", "1.1.0"),
                    "c": npm.locked("c", dependencies={"b": "^1.0.0"}),
                },
                root({"a": "^1.0.0", "c": "^1.0.0"}),
            ),
            [("deduplicated", "b"), ("pruned", "b")],
            id="a copy is deduplicated onto a newer one that was there",
        ),
        pytest.param(
            files({"a": NEEDS_B, "b": npm.locked("b", "2.0.0")}),
            files({"a": NEEDS_B, "b": npm.locked("b", "1.3.0")}),
            [("repaired", "b")],
            id="what was out of range fits now",
        ),
    ],
)
def test_a_refresh(before: Files, after: Files, items: list[tuple[str, str]]) -> None:
    diff = compare(before, after)
    assert told(diff) == items
    assert diff.classification == "refresh"


def test_a_version_that_this_lockfile_held_before_is_a_rollback() -> None:
    before = files({"a": NEEDS_B, "b": npm.locked("b", "1.5.0")})
    after = files({"a": NEEDS_B, "b": npm.locked("b", "1.2.0")})

    def seen(path: str, name: str, version: str) -> bool:
        return (path, name, version) == ("package-lock.json", "b", "1.2.0")

    assert told(compare(before, after, seen)) == [("rollback", "b")]
    assert compare(before, after, seen).classification == "rollback"
    assert told(compare(before, after)) == [("downgrade", "b")]
    assert compare(before, after).classification == "unexplained"


def test_down_onto_a_copy_that_was_there_is_a_rollback() -> None:
    manifest = root({"a": "^1.0.0", "b": "^1.0.0"})
    before = files(
        {"a": NEEDS_B, "b": B, "node_modules/a/node_modules/b": npm.locked("b", "1.4.0")}, manifest
    )
    after = files({"a": NEEDS_B, "b": B}, manifest)
    assert compare(before, after).classification == "rollback"


@pytest.mark.parametrize(
    ("before", "after", "items"),
    [
        pytest.param(
            BOTH,
            files({"a": NEEDS_B, "b": npm.locked("b", "0.9.0")}),
            [("out-of-range", "b")],
            id="down, out of range",
        ),
        pytest.param(
            BOTH,
            files({"a": NEEDS_B, "b": npm.locked("b", "2.0.0")}),
            [("out-of-range", "b")],
            id="up, out of range",
        ),
        pytest.param(
            BOTH,
            files({"a": NEEDS_B}),
            [("missing", "b"), ("pruned", "b")],
            id="gone, still needed",
        ),
        pytest.param(
            BOTH,
            files({"a": NEEDS_B, "b": {"version": "1.0.0", "resolved": GIT}}),
            [("place-replaced", "b"), ("source-switched", "b")],
            id="git where a registry was",
        ),
        pytest.param(
            BOTH,
            files(
                {
                    "a": NEEDS_B,
                    "b": B,
                    "node_modules/a/node_modules/b": npm.locked("b", "1.9.0"),
                }
            ),
            [("shadowed", "b")],
            id="a nested copy shadows one that still fits",
        ),
        pytest.param(
            files({"a": A}), files({"a": A, "b": B}), [("orphan", "b")], id="nobody needs it"
        ),
        pytest.param(
            files({"a": A}),
            files({"a": A, "b": npm.locked("b", dependencies={"c": "*"}), "c": npm.locked("c")}),
            [("orphan", "b"), ("orphan", "c")],
            id="nobody needs it, nor what it brings",
        ),
        pytest.param(
            files({"a": A}),
            files({"a": npm.locked("a", "2.0.0", dependencies={"b": "1"}), "b": B}),
            [("below-unexplained", "b"), ("out-of-range", "a")],
            id="what an unexplained package brings",
        ),
    ],
)
def test_what_no_manager_writes(before: Files, after: Files, items: list[tuple[str, str]]) -> None:
    diff = compare(before, after)
    assert told(diff) == items
    assert diff.classification in ("unexplained", "tampered")


def test_a_link_where_a_registry_was() -> None:
    packages = {
        "a": NEEDS_B,
        "b": {"resolved": "vendor/b", "link": True},
        "vendor/b": {"version": "1.0.0"},
    }
    after = npm.files(ROOT, packages, {"vendor/b/package.json": '{"version": "1.0.0"}'})
    diff = compare(BOTH, after)
    assert "source-switched" in {item.code for item in diff.items}
    assert diff.classification == "tampered"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"description": "new"}, id="a description"),
        pytest.param({"scripts": {"test": "x"}}, id="a script"),
        pytest.param({"version": "9.9.9"}, id="the project's version"),
        pytest.param({"keywords": ["b"]}, id="a keyword that is a package's name"),
        pytest.param({"config": {"b": "^2.0.0"}}, id="something that looks like a requirement"),
    ],
)
@pytest.mark.parametrize("version", ["1.2.0", "0.9.0"])
def test_a_cosmetic_edit_of_package_json_explains_nothing(change: npm.Json, version: str) -> None:
    packages = {"a": NEEDS_B, "b": npm.locked("b", version)}
    plain = compare(BOTH, files(packages))
    cosmetic = compare(BOTH, files(packages, {**ROOT, **change}))
    assert told(cosmetic) == told(plain)
    assert cosmetic.classification == plain.classification
    assert not cosmetic.requirements_changed


def test_a_requirement_of_another_package_explains_only_its_own() -> None:
    """A real bump of x does not carry a smuggled major of b."""
    before = files({"a": NEEDS_B, "b": B, "x": npm.locked("x")}, root({"a": "1", "x": "^1.0.0"}))
    after = files(
        {"a": NEEDS_B, "b": npm.locked("b", "2.0.0"), "x": npm.locked("x", "2.0.0")},
        root({"a": "1", "x": "^2.0.0"}),
    )
    diff = compare(before, after)
    assert told(diff) == [("out-of-range", "b"), ("requirement", "x")]
    assert diff.classification == "unexplained"


def test_peers_may_be_unmet() -> None:
    a = npm.locked("a", peerDependencies={"b": "^1.0.0"})
    diff = compare(files({"a": a, "b": B}), files({"a": a}))
    assert diff.classification == "metadata"


def test_an_optional_package_for_another_platform_may_be_absent_in_version_1() -> None:
    def v1(packages: npm.Json) -> Files:
        text = json.dumps({"lockfileVersion": 1, "requires": True, "dependencies": packages})
        return {"package.json": json.dumps(ROOT), "package-lock.json": text}

    a = {**A, "requires": {"b": "^1.0.0"}}
    diff = compare(v1({"a": a, "b": {**B, "optional": True}}), v1({"a": a}))
    assert diff.classification == "metadata"
    assert ("absent", "b") in told(diff)


def test_what_a_changed_requirement_leaves_unanswered_is_out_of_syncs() -> None:
    after = files({"a": npm.locked("a", "2.0.0")}, root({"a": "^2.0.0", "b": "^1.0.0"}))
    diff = compare(files({"a": A}), after)
    assert told(diff) == [("requirement", "a"), ("unanswered", "b")]


def test_what_a_new_package_needs_must_be_there() -> None:
    before = files({"a": A})
    after = files(
        {"a": A, "x": npm.locked("x", dependencies={"gone": "1", "a": "^2.0.0"})},
        root({"a": "^1.0.0", "x": "^1.0.0"}),
    )
    diff = compare(before, after)
    assert told(diff) == [("missing", "gone"), ("out-of-range", "a"), ("requirement", "x")]
    assert diff.classification == "unexplained"
