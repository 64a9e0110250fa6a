"""Every place that names a package is found, with its line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lockward import mentions
from tests.support import npm

if TYPE_CHECKING:
    from lockward.mentions import Mention

MANIFEST: dict[str, Any] = {
    "name": "app",
    "workspaces": ["packages/*"],
    "dependencies": {"a": "^1", "b": "npm:@acme/b@^2"},
    "devDependencies": {"c": "1"},
    "bundleDependencies": ["a", "loose"],
    "overrides": {"d@^1": {".": "2", "e": "npm:@acme/e@1"}},
    "resolutions": {"f/**/@s/g": "3"},
    "pnpm": {"overrides": {"h@1>i": "4"}},
}


def of(project_files: dict[str, str | bytes]) -> list[Mention]:
    return list(mentions.of_manifests(npm.project(project_files)))


def test_every_place_of_a_manifest() -> None:
    found = of(npm.files(MANIFEST, {}))
    assert [(one.section, one.name, one.asked, one.spec) for one in found] == [
        ("dependencies", "a", "a", "^1"),
        ("dependencies", "@acme/b", "b", "^2"),
        ("devDependencies", "c", "c", "1"),
        ("overrides", "d", "d", "*"),
        ("overrides", "@acme/e", "e", "1"),
        ("resolutions", "f", "f", "3"),
        ("resolutions", "@s/g", "@s/g", "3"),
        ("pnpm", "h", "h", "4"),
        ("pnpm", "i", "i", "4"),
        ("bundleDependencies", "loose", "loose", "*"),
    ]


def test_lines_and_pointers_lead_to_the_places() -> None:
    text = json.dumps(MANIFEST, indent=1).split("\n")
    for one in of({"package.json": json.dumps(MANIFEST, indent=1)}):
        assert one.keys[-1] in text[one.line - 1]
        assert one.pointer.startswith(f"/{one.section}")


def test_workspaces_are_looked_at_too() -> None:
    member = json.dumps({"name": "ui", "dependencies": {"x": "1"}})
    found = of(npm.files(MANIFEST, {}, {"packages/ui/package.json": member}))
    assert [(one.folder, one.path) for one in found if one.name == "x"] == [
        ("packages/ui", "packages/ui/package.json")
    ]


@pytest.mark.parametrize(
    ("scopes", "found"),
    [
        pytest.param((), {}, id="no scope"),
        pytest.param(("@acme",), {"@acme": "package.json"}, id="a manifest first"),
        pytest.param(("@deep",), {"@deep": "package-lock.json"}, id="else the lockfile"),
        pytest.param(("@nobody",), {}, id="a scope that nobody uses"),
        pytest.param(("@ac",), {}, id="a scope that only begins alike"),
    ],
)
def test_the_first_use_of_a_scope(scopes: tuple[str, ...], found: dict[str, str]) -> None:
    packages = {"@deep/x": npm.locked("@deep/x"), "@deep/y": npm.locked("@deep/y")}
    project = npm.project(npm.files(MANIFEST, packages))
    used = mentions.first_of_scopes(project, frozenset(scopes))
    assert {scope: one.path for scope, one in used.items()} == found
