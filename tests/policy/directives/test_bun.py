"""What bun makes of overrides, resolutions and catalogs: ours, and bun's own lockfile."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from lockward import jsonread
from lockward.directives import bun
from lockward.errors import LockfileError
from lockward.jsonc import without_trailing_commas
from tests.support.bun import lockfile
from tests.support.bun_cli import Bun
from tests.support.npm import project
from tests.support.registry import Registry

if TYPE_CHECKING:
    from pathlib import Path

    from lockward.directives import Directives

PACKAGES: Final[dict[str, dict[str, dict[str, Any]]]] = {
    "a": {"1.0.0": {"dependencies": {"b": "^1.0.0"}}},
    "b": {"1.0.0": {}, "1.2.0": {}},
    "@s/c": {"1.0.0": {"dependencies": {"b": "^1.0.0"}}},
    "d": {"1.0.0": {}},
}
BASE: Final[dict[str, Any]] = {
    "name": "app",
    "dependencies": {"a": "^1.0.0", "@s/c": "1", "b": "^1.0.0", "d": "1"},
}


def read(fields: dict[str, Any], files: dict[str, str | bytes] | None = None) -> Directives:
    manifest = {**BASE, **fields}
    contents = {
        "package.json": json.dumps(manifest),
        "bun.lock": lockfile({"": manifest}, {}),
        **(files or {}),
    }
    return project(contents).directives


OVERRIDES = [
    pytest.param({"overrides": {"b": "1.0.0"}}, {("b",): "1.0.0"}, id="flat"),
    pytest.param({"overrides": {"a": {"b": "1.0.0"}}}, {("a", "b"): "1.0.0"}, id="nested"),
    pytest.param(
        {"overrides": {"a": {".": "1.0.0", "b": "1.2.0"}}},
        {("a",): "1.0.0", ("a", "b"): "1.2.0"},
        id="a dot is the parent itself",
    ),
    pytest.param({"overrides": {"b@^1": "1.0.0"}}, {("b@^1",): "1.0.0"}, id="a range"),
    pytest.param({"overrides": {"a@1": {"b": "1.0.0"}}}, {("a@1", "b"): "1.0.0"}, id="a parent's"),
    pytest.param({"overrides": {"x": {"a": {"b": "1.0.0"}}}}, {}, id="two levels are left out"),
    pytest.param({"overrides": {"b": "$b"}}, {("b",): "^1.0.0"}, id="the root's own requirement"),
    pytest.param({"overrides": {"b": "$e"}}, {}, id="of something that the root does not require"),
    pytest.param({"overrides": {"//": "why", "b": "1.0.0"}}, {("b",): "1.0.0"}, id="a comment"),
    pytest.param({"overrides": {"b": ""}}, {}, id="an empty one"),
    pytest.param({"overrides": {"b": "npm:d@1"}}, {("b",): "npm:d@1"}, id="to another package"),
    pytest.param(
        {"overrides": {"b": "1.0.0"}, "resolutions": {"d": "1.0.0"}},
        {("b",): "1.0.0"},
        id="overrides hide resolutions",
    ),
    pytest.param({"resolutions": {"b": "1.0.0"}}, {("b",): "1.0.0"}, id="resolutions"),
    pytest.param({"resolutions": {"a/b": "1.0.0"}}, {("a", "b"): "1.0.0"}, id="below one"),
    pytest.param({"resolutions": {"**/b": "1.0.0"}}, {("b",): "1.0.0"}, id="below any"),
    pytest.param({"resolutions": {"a/**/b": "1.0.0"}}, {("a", "b"): "1.0.0"}, id="far below one"),
    pytest.param(
        {"resolutions": {"@s/c/b": "1.0.0"}}, {("@s/c", "b"): "1.0.0"}, id="below a scoped one"
    ),
    pytest.param({"resolutions": {"x/a/b": "1.0.0"}}, {}, id="too deep"),
]


@pytest.mark.parametrize(("fields", "expected"), OVERRIDES)
def test_overrides(fields: dict[str, Any], expected: dict[tuple[str, ...], str]) -> None:
    assert read(fields).overrides == expected


CATALOGS = [
    pytest.param({}, {}, id="none"),
    pytest.param(
        {"workspaces": {"packages": [], "catalog": {"b": "1"}, "catalogs": {"x": {"d": "1"}}}},
        {"": {"b": "1"}, "x": {"d": "1"}},
        id="in the workspaces",
    ),
    pytest.param(
        {"workspaces": ["w/*"], "catalog": {"b": "1"}, "catalogs": {"x": {"d": "1"}}},
        {"": {"b": "1"}, "x": {"d": "1"}},
        id="at the top, beside a list of workspaces",
    ),
    pytest.param(
        {"workspaces": {"packages": [], "catalogs": {"x": {"d": "1"}}}, "catalog": {"b": "1"}},
        {"x": {"d": "1"}},
        id="those of the workspaces hide those at the top",
    ),
]


@pytest.mark.parametrize(("fields", "expected"), CATALOGS)
def test_catalogs(fields: dict[str, Any], expected: dict[str, dict[str, str]]) -> None:
    assert read(fields).catalogs == expected


def test_a_patch_is_told_by_its_bytes() -> None:
    listed = {"patchedDependencies": {"b@1.0.0": "patches/b.patch", "d@1.0.0": "gone.patch"}}
    one = read(listed, {"patches/b.patch": "one"}).patches
    two = read(listed, {"patches/b.patch": "two"}).patches

    assert one["b@1.0.0"] != two["b@1.0.0"]
    assert one["d@1.0.0"] == two["d@1.0.0"] == "gone.patch"


def test_extensions_are_what_they_add() -> None:
    added = {"a@1": {"dependencies": {"d": "1"}, "peerDependencies": {"b": "*"}}, "odd": 1}

    assert read({"packageExtensions": added}).extensions == {"a@1": {"d": "1", "b": "*"}, "odd": {}}


@pytest.mark.node
def test_bun_itself_records_the_same(tmp_path: Path) -> None:
    cases = [
        fields
        for row in (*OVERRIDES, *CATALOGS)
        for fields in row.values
        if isinstance(fields, dict) and {"overrides", "resolutions", "workspaces"} & set(fields)
    ]
    with Registry(PACKAGES) as registry:
        bun_itself = Bun(tmp_path, registry)
        for fields in cases:
            ran = bun_itself.install({"package.json": {**BASE, **fields}})
            assert ran.code == 0, ran.output
            document = jsonread.read(
                "bun.lock", without_trailing_commas(ran.text("bun.lock").encode()), LockfileError
            )
            assert isinstance(document, dict)
            found = read(fields)

            assert bun.flat(document.get("overrides")) == found.overrides, fields
            assert bun.catalogs(document) == found.catalogs, fields
    assert len(cases) > 15
