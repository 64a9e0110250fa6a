"""What the root of a Yarn project says about resolution beside its requirements."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lockward import sync
from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.project import Project
from tests.support import yarn

if TYPE_CHECKING:
    from tests.support.npm import Json

PATCH = ".yarn/patches/a.patch"
CLASSIC = yarn.classic(yarn.classic_locked("a"))
BERRY = yarn.berry(yarn.berry_locked("a"))


def project(manifest: Json, lockfile: str, files: dict[str, str] | None = None) -> Project:
    texts = {"package.json": json.dumps(manifest), "yarn.lock": lockfile, **(files or {})}
    return Project(MemoryTree(texts), "", Policy())


@pytest.mark.parametrize(
    ("key", "path"),
    [
        pytest.param("b", ("b",), id="a name"),
        pytest.param("**/b", ("b",), id="a name below everything"),
        pytest.param("a/b", ("a", "b"), id="a dependant"),
        pytest.param("a/**/b", ("a", "b"), id="any depth"),
        pytest.param("**/@s/a/@t/b", ("@s/a", "@t/b"), id="scopes"),
    ],
)
def test_resolutions_of_yarn_1(key: str, path: tuple[str, ...]) -> None:
    judged = project({"resolutions": {key: "1.2.0", "x": 3}}, CLASSIC)

    assert judged.directives.overrides == {path: "1.2.0"}


@pytest.mark.parametrize(
    ("key", "path"),
    [
        pytest.param("b", ("b",), id="a name"),
        pytest.param("b@^1.0.0", ("b@npm:^1.0.0",), id="one range"),
        pytest.param("a/b", ("a", "b"), id="a dependant"),
        pytest.param("a@npm:1.0.0/b@npm:^1", ("a@npm:1.0.0", "b@npm:^1"), id="of one version"),
        pytest.param("@s/a/@t/b", ("@s/a", "@t/b"), id="scopes"),
    ],
)
def test_resolutions_of_berry(key: str, path: tuple[str, ...]) -> None:
    judged = project({"resolutions": {key: "1.2.0", "**/x": "1"}}, BERRY)

    assert judged.directives.overrides == {path: "1.2.0"}


def test_what_yarnrc_yml_says() -> None:
    settings = """\
catalog:
  react: ^18.0.0
catalogs:
  old:
    react: ^17.0.0
packageExtensions:
  "a@*":
    dependencies:
      b: ^1.0.0
    peerDependencies:
      c: "*"
plugins:
  - path: .yarn/plugins/p.cjs
    spec: https://example.org/p.js
"""
    judged = project({}, BERRY, {".yarnrc.yml": settings, ".yarn/plugins/p.cjs": "x"})

    found = judged.directives
    assert found.catalogs == {"": {"react": "^18.0.0"}, "old": {"react": "^17.0.0"}}
    assert found.extensions == {"a@*": {"b": "^1.0.0", "c": "*"}}
    assert found.hooks == {".yarn/plugins/p.cjs": b"x".hex()}


def test_the_settings_of_the_folder_above_count() -> None:
    files = {
        "app/package.json": "{}",
        "app/yarn.lock": BERRY,
        ".yarnrc.yml": "catalog: {a: 1.0.0, b: 1.0.0}\n",
        "app/.yarnrc.yml": "catalog: {b: 2.0.0}\n",
    }
    judged = Project(MemoryTree(files), "app", Policy())

    assert judged.directives.catalogs == {"": {"a": "1.0.0", "b": "2.0.0"}}


@pytest.mark.parametrize(
    ("manifest", "patches"),
    [
        pytest.param(
            {"dependencies": {"a": f"patch:a@npm%3A^1.0.0#~/{PATCH}"}},
            {"a@npm:^1.0.0": b"diff".hex()},
            id="a requirement, from the root",
        ),
        pytest.param(
            {"resolutions": {"a@^1": f"patch:a@^1#./{PATCH}"}},
            {"a@^1": b"diff".hex()},
            id="a resolution",
        ),
        pytest.param(
            {"dependencies": {"a": "patch:a@^1#./gone.patch"}}, {"a@^1": ""}, id="a missing file"
        ),
        pytest.param(
            {"dependencies": {"a": "patch:a@^1#optional!builtin<compat/a>"}},
            {"a@^1": ""},
            id="one of Yarn's own",
        ),
    ],
)
def test_a_patch_is_told_by_its_file(manifest: Json, patches: dict[str, str]) -> None:
    assert project(manifest, BERRY, {PATCH: "diff"}).directives.patches == patches


def test_a_catalog_answers_in_the_lockfile() -> None:
    anchor = (
        '"app@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "app@workspace:."\n'
        '  dependencies:\n    a: "catalog:"\n  languageName: unknown\n  linkType: soft\n\n'
    )
    manifest = {"name": "app", "dependencies": {"a": "catalog:"}}
    lock = yarn.berry(yarn.berry_locked("a"), anchor)

    def details(range_: str) -> list[str]:
        judged = project(manifest, lock, {".yarnrc.yml": f"catalog:\n  a: {range_}\n"})
        return [f"{one.reason} {one.name} {one.spec}" for one in sync.problems(judged)]

    assert [one for one in details("^1.0.0") if not one.startswith("recorded yarn.lock")] == []
    assert details("^2.0.0") == ["missing a catalog:", "recorded a npm:^1.0.0"]


def test_workspaces_of_workspaces() -> None:
    files = {
        "packages/a/package.json": json.dumps({"name": "a", "workspaces": ["sub/*"]}),
        "packages/a/sub/b/package.json": json.dumps({"name": "b", "workspaces": ["c"]}),
        "packages/a/sub/b/c/package.json": "{}",
        "packages/a/other/package.json": "{}",
    }
    root = {"workspaces": ["packages/*"]}
    nested = {"packages/a", "packages/a/sub/b", "packages/a/sub/b/c"}

    berry = {**files, ".yarnrc.yml": "nodeLinker: node-modules\n"}
    assert project(root, BERRY, berry).member_folders == nested
    assert project(root, CLASSIC, files).member_folders == {"packages/a"}
