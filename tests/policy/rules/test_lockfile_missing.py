"""lockfile-missing."""

from __future__ import annotations

import json

import pytest

from lockward.policy import Policy
from lockward.rules import lockfile_missing
from tests.support import npm

WITH = json.dumps({"name": "app", "dependencies": {"a": "^1.0.0", "b": "^1.0.0"}})
PEERS = json.dumps({"name": "app", "peerDependencies": {"a": "^1.0.0"}})


def messages(files: dict[str, str | bytes], root: str = "") -> list[str]:
    judged = npm.project(files, root=root)
    return [finding.message for finding in lockfile_missing.check(judged, Policy())]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"package.json": WITH},
            "2 dependencies, but no lockfile is committed",
            id="never committed",
        ),
        pytest.param(
            {"package.json": WITH, ".gitignore": "node_modules\npackage-lock.json\n"},
            "2 dependencies, but no lockfile is committed, "
            "and .gitignore ignores package-lock.json",
            id="ignored by git",
        ),
        pytest.param(
            {"package.json": WITH, ".gitignore": "package-lock.json\n" + "x\n" * 40_000},
            "2 dependencies, but no lockfile is committed",
            id="a .gitignore that is too long to be looked through for each project",
        ),
        pytest.param(
            {"package.json": WITH, ".gitignore": "# not package-lock.json\n"},
            "2 dependencies, but no lockfile is committed",
            id="named in a comment of .gitignore",
        ),
        pytest.param(
            {"package.json": json.dumps({"devDependencies": {"a": "1"}})},
            "1 dependency, but no lockfile is committed",
            id="a development dependency",
        ),
        pytest.param(
            {
                "package.json": json.dumps({"workspaces": ["packages/*"]}),
                "packages/a/package.json": WITH,
            },
            "2 dependencies, but no lockfile is committed",
            id="dependencies of a member only",
        ),
        pytest.param(
            {"package.json": WITH, "package-lock.json": "{", ".npmrc": "package-lock=false\n"},
            "package-lock=false: npm neither reads nor writes the lockfile",
            id="switched off",
        ),
    ],
)
def test_a_project_without_a_lockfile_is_refused(
    files: dict[str, str | bytes], expected: str
) -> None:
    assert messages(files) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"package.json": WITH, "package-lock.json": "{"}, id="even a broken lockfile"),
        pytest.param({"package.json": WITH, "yarn.lock": ""}, id="another manager's lockfile"),
        pytest.param(
            {
                "package.json": WITH,
                "yarn.lock": "# yarn lockfile v1\n",
                ".npmrc": "package-lock=false",
            },
            id="npm's lockfile switched off beside another manager's",
        ),
        pytest.param({"package.json": PEERS}, id="peer dependencies only"),
        pytest.param({"package.json": "{}"}, id="no dependencies"),
        pytest.param(
            {"package.json": "{}", ".npmrc": "[x]\npackage-lock=false\n"}, id="an inert setting"
        ),
    ],
)
def test_a_project_with_one_or_without_dependencies_passes(files: dict[str, str | bytes]) -> None:
    assert messages(files) == []


def test_the_finding_names_the_manifest_of_its_folder_and_the_declared_managers_lockfile() -> None:
    manifest = json.dumps({"dependencies": {"a": "1"}, "packageManager": "pnpm@9.0.0"})
    judged = npm.project({"my app/package.json": manifest}, root="my app")

    [finding] = lockfile_missing.check(judged, Policy())

    assert finding.path == "my app/package.json"
    assert finding.remedy[0].startswith("git checkout HEAD -- 'my app/pnpm-lock.yaml'")
    assert "git add 'my app/pnpm-lock.yaml'" in finding.remedy[1]
