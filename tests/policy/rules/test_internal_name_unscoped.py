"""internal-name-unscoped."""

from __future__ import annotations

import json
import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest

from lockward.policy import Policy
from lockward.rules import internal_name_unscoped
from tests.support import npm

if TYPE_CHECKING:
    from pathlib import Path

    from lockward.findings import Finding

ACME = Policy(scopes=("@acme",))
NAMES = Policy(names=("billing-*",))
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def judge(
    manifest: npm.Json,
    policy: Policy = ACME,
    packages: npm.Json | None = None,
    members: dict[str, npm.Json] | None = None,
) -> list[Finding]:
    more: dict[str, str | bytes] = {
        f"{folder}/package.json": json.dumps(member, indent=2)
        for folder, member in (members or {}).items()
    }
    contents = npm.files({"private": True, **manifest}, packages or {}, more)
    return list(internal_name_unscoped.check(npm.project(contents, policy), policy))


@pytest.mark.parametrize(
    ("manifest", "policy", "line", "message"),
    [
        pytest.param(
            {"dependencies": {"acme-ui": "^1.0.0"}}, ACME, 4, "acme-ui", id="dependencies"
        ),
        pytest.param({"devDependencies": {"acme_ui": "1.0.0"}}, ACME, 4, "acme_ui", id="dev"),
        pytest.param({"optionalDependencies": {"acme.ui": "*"}}, ACME, 4, "acme.ui", id="optional"),
        pytest.param({"peerDependencies": {"Acme-ui": ">=1"}}, ACME, 4, "Acme-ui", id="peer"),
        pytest.param({"dependencies": {"acme-ui": "latest"}}, ACME, 4, "acme-ui", id="a tag"),
        pytest.param({"dependencies": {"acme-ui": ""}}, ACME, 4, "acme-ui", id="an empty spec"),
        pytest.param({"dependencies": {"ui": "npm:acme-ui@1"}}, ACME, 4, "acme-ui", id="an alias"),
        pytest.param(
            {"overrides": {"a": {"b": "npm:acme-ui@1"}}}, ACME, 5, "acme-ui", id="override's value"
        ),
        pytest.param({"overrides": {"acme-ui@1": "2"}}, ACME, 4, "acme-ui", id="override's key"),
        pytest.param({"overrides": {"a": {"acme-ui": "2"}}}, ACME, 5, "acme-ui", id="a nested key"),
        pytest.param({"resolutions": {"a/acme-ui": "2"}}, ACME, 4, "acme-ui", id="a resolution"),
        pytest.param({"bundleDependencies": ["acme-ui"]}, ACME, 3, "acme-ui", id="bundled"),
        pytest.param({"dependencies": {"@Acme/ui": "1"}}, ACME, 4, "@Acme/ui", id="a look-alike"),
        pytest.param({"dependencies": {"billing-x": "1"}}, NAMES, 4, "billing-x", id="a pattern"),
    ],
)
def test_refused(manifest: npm.Json, policy: Policy, line: int, message: str) -> None:
    [finding] = judge(manifest, policy)
    assert (finding.path, finding.line, finding.severity) == ("package.json", line, "error")
    scope = "@acme" if policy is ACME else "@YOUR-SCOPE"
    assert finding.message == f"{message}: ours, but asked for without {scope}"


@pytest.mark.parametrize(
    ("manifest", "policy"),
    [
        pytest.param({"dependencies": {"@acme/ui": "^1.0.0"}}, ACME, id="the scoped name"),
        pytest.param({"dependencies": {"acme-ui": "npm:@acme/ui@^1"}}, ACME, id="a local alias"),
        pytest.param({"dependencies": {"acme-ui": "file:ui"}}, ACME, id="file:"),
        pytest.param({"dependencies": {"acme-ui": "link:ui"}}, ACME, id="link:"),
        pytest.param({"dependencies": {"acme-ui": "workspace:*"}}, ACME, id="workspace:"),
        pytest.param({"dependencies": {"acme-ui": f"acme/ui#{COMMIT}"}}, ACME, id="git"),
        pytest.param({"dependencies": {"acmeister": "1", "acme": "1"}}, ACME, id="other names"),
        pytest.param({"dependencies": {"acme-ui": "1"}}, Policy(), id="no policy"),
        pytest.param({"overrides": {"a": "$acme"}}, ACME, id="a reference in an override"),
        pytest.param({"name": "acme-app"}, ACME, id="a private package's own name"),
    ],
)
def test_passes(manifest: npm.Json, policy: Policy) -> None:
    assert judge(manifest, policy) == []


def test_every_section_is_a_finding_of_its_own() -> None:
    found = judge(
        {"dependencies": {"acme-a": "1"}, "devDependencies": {"acme-a": "1", "acme-b": "1"}}
    )
    assert len({finding.twin() for finding in found}) == 3


def test_a_package_that_can_be_published() -> None:
    [finding] = judge({"private": False, "name": "acme-app"})
    assert (finding.severity, finding.line, finding.pointer) == ("warning", 3, "/name")


@pytest.mark.parametrize(
    ("packages", "expected"),
    [
        pytest.param({"acme-ui": npm.locked("acme-ui")}, ["acme-ui"], id="transitive"),
        pytest.param(
            {"ui": npm.locked("acme-ui", name="acme-ui")}, ["acme-ui"], id="behind an alias"
        ),
        pytest.param(
            {
                "acme-ui": npm.locked("acme-ui"),
                "node_modules/a/node_modules/acme-ui": npm.locked("acme-ui", "2.0.0"),
            },
            ["acme-ui"],
            id="twice",
        ),
        pytest.param(
            {"node_modules/a/node_modules/acme-ui": {"version": "1.0.0", "inBundle": True}},
            ["acme-ui"],
            id="bundled",
        ),
        pytest.param(
            {"acme-ui": npm.locked("@acme/ui", name="@acme/ui")}, [], id="an alias for ours"
        ),
        pytest.param(
            {"acme-ui": npm.locked("x", resolved=f"git+ssh://git@example.org/x.git#{COMMIT}")},
            [],
            id="git",
        ),
        pytest.param(
            {
                "acme-ui": {"resolved": "ui", "link": True},
                "ui": {"name": "acme-ui", "version": "1.0.0"},
            },
            [],
            id="a link",
        ),
    ],
)
def test_the_lockfile(packages: npm.Json, expected: list[str]) -> None:
    found = judge({"dependencies": {"a": "1"}}, ACME, packages)
    assert [finding.message.partition(":")[0] for finding in found] == expected
    assert all(finding.path == "package-lock.json" for finding in found)


def test_what_the_manifest_asks_for_is_told_once() -> None:
    found = judge({"dependencies": {"acme-ui": "1"}}, ACME, {"acme-ui": npm.locked("acme-ui")})
    assert [finding.path for finding in found] == ["package.json"]


def members(spec: str, version: str = "1.2.0", *, private: bool = True) -> dict[str, npm.Json]:
    return {
        "packages/u": {"name": "utils", "version": version, "private": private},
        "packages/w": {"name": "web", "private": True, "dependencies": {"utils": spec}},
    }


MONOREPO: npm.Json = {"name": "root", "workspaces": ["packages/*"]}
COPY = {"packages/w/node_modules/utils": npm.locked("utils")}


@pytest.mark.parametrize(
    ("folders", "packages", "path"),
    [
        pytest.param(members("^2.0.0"), {}, "packages/w/package.json", id="out of range"),
        pytest.param(members("^1.0.0", "1.2.0-beta"), {}, "packages/w/package.json", id="beta"),
        pytest.param(members("^1.0.0", ""), {}, "packages/w/package.json", id="no version"),
        pytest.param(members("latest"), {}, "packages/w/package.json", id="a tag"),
        pytest.param(members("npm:utils@^2"), {}, "packages/w/package.json", id="an alias"),
        pytest.param(members("^1.0.0"), COPY, "package-lock.json", id="a registry's copy"),
        pytest.param(
            members("workspace:*"), COPY, "package-lock.json", id="in spite of workspace:"
        ),
        pytest.param(members("^1.0.0"), {}, "", id="linked"),
        pytest.param(members("*", "1.2.0-beta"), {}, "", id="any version"),
        pytest.param(members("workspace:^9"), {}, "", id="workspace:"),
        pytest.param(members("file:../u"), {}, "", id="file:"),
        pytest.param(members("^2.0.0", private=False), {}, "", id="published: nobody's secret"),
    ],
)
def test_workspaces_without_a_policy(
    folders: dict[str, npm.Json], packages: npm.Json, path: str
) -> None:
    found = judge(MONOREPO, Policy(), packages, folders)
    assert [finding.path for finding in found] == [path] * bool(path)


def test_a_workspace_that_answers_is_fine_with_a_policy_too() -> None:
    folders = {
        "packages/u": {"name": "acme-utils", "version": "1.0.0", "private": True},
        "packages/w": {"name": "web", "private": True, "dependencies": {"acme-utils": "^1.0.0"}},
    }
    assert judge(MONOREPO, ACME, {}, folders) == []
    folders["packages/u"]["version"] = "2.0.0"
    [finding] = judge(MONOREPO, ACME, {}, folders)
    assert finding.message.startswith("acme-utils")


@pytest.mark.parametrize(
    ("manifest", "members", "remedy"),
    [
        pytest.param(
            {"dependencies": {"acme-ui": "^2.1.0"}},
            {},
            (
                "npm pkg delete dependencies.acme-ui",
                "npm pkg set 'dependencies.@acme/ui=^2.1.0'",
                "npm install --package-lock-only --ignore-scripts",
            ),
            id="a requirement",
        ),
        pytest.param(
            {"dependencies": {"acme.ui": ">=1 <3"}},
            {},
            (
                "npm pkg delete 'dependencies[acme.ui]'",
                "npm pkg set 'dependencies.@acme/ui=>=1 <3'",
                "npm install --package-lock-only --ignore-scripts",
            ),
            id="a dot in the name",
        ),
        pytest.param(
            {"devDependencies": {"ui": "npm:acme-ui@^1"}},
            {},
            (
                "npm pkg set 'devDependencies.ui=npm:@acme/ui@^1'",
                "npm install --package-lock-only --ignore-scripts",
            ),
            id="an alias",
        ),
        pytest.param(
            MONOREPO,
            {"packages/w": {"name": "w", "private": True, "dependencies": {"acme-ui": "1"}}},
            (
                "npm pkg delete dependencies.acme-ui -w packages/w",
                "npm pkg set dependencies.@acme/ui=1 -w packages/w",
                "npm install --package-lock-only --ignore-scripts",
            ),
            id="a workspace's requirement",
        ),
        pytest.param(
            {"overrides": {"a": {"acme-ui": "2"}}},
            {},
            (
                "write @acme/ui for acme-ui in overrides/a/acme-ui of package.json",
                "npm install --package-lock-only --ignore-scripts",
            ),
            id="an override",
        ),
    ],
)
@pytest.mark.node
def test_the_remedy_mends(
    manifest: npm.Json, members: dict[str, npm.Json], remedy: tuple[str, ...], tmp_path: Path
) -> None:
    [finding] = judge(manifest, ACME, {}, members)
    assert finding.remedy == remedy
    (tmp_path / "package.json").write_text(json.dumps({"private": True, **manifest}))
    for folder, member in members.items():
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "package.json").write_text(json.dumps(member))
    commands = [line for line in remedy if line.startswith("npm pkg")]
    for command in commands:  # the last line asks a registry, which the fixtures have not
        subprocess.run(shlex.split(command), cwd=tmp_path, check=True, capture_output=True)
    mended = {
        folder: json.loads((tmp_path / folder / "package.json").read_text()) for folder in members
    }
    root = json.loads((tmp_path / "package.json").read_text())
    assert (judge(root, ACME, {}, mended) == []) is bool(commands)
