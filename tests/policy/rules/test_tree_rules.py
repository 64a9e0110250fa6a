"""The rules about whole trees: how much they hold, and what they lack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lockward import engine
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from tests.support import npm

if TYPE_CHECKING:
    from lockward.findings import Finding

Files = dict[str, str | bytes]

APP = {"name": "app", "dependencies": {"a": "^1.0.0"}}
CLEAN = npm.files(APP, {"a": npm.locked("a")})
TREE_RULES = (
    *("tree-large", "install-scripts-many", "lockfile-review-missing"),
    *("ci-lockfile-check-missing", "sbom-missing", "sbom-stale"),
)


def found(rule: str, files: Files, policy: Policy | None = None) -> list[Finding]:
    report = engine.scan(MemoryTree(files), policy or Policy(), only=(rule,))
    return list(report.findings)


def many(number: int, **fields: object) -> Files:
    names = [f"p{n}" for n in range(number)]
    manifest = {"name": "app", "dependencies": dict.fromkeys(names, "1.0.0")}
    return npm.files(manifest, {name: npm.locked(name, **fields) for name in names})


def test_500_packages_are_many() -> None:
    [finding] = found("tree-large", many(500))

    assert finding.severity == "note"
    assert finding.message.startswith("500 packages")
    assert found("tree-large", many(499)) == []


def test_eleven_install_scripts_are_many() -> None:
    [finding] = found("install-scripts-many", many(11, hasInstallScript=True))

    assert finding.message.startswith("11 packages")
    assert found("install-scripts-many", many(10, hasInstallScript=True)) == []
    assert found("install-scripts-many", many(11)) == []
    off = {**many(11, hasInstallScript=True), ".npmrc": f"{npm.PINNED}ignore-scripts=true\n"}
    assert found("install-scripts-many", off) == []
    on = {**off, ".npmrc": f"{npm.PINNED}ignore-scripts=true\nignore-scripts=${{X}}\n"}
    assert len(found("install-scripts-many", on)) == 1  # the last one counts
    reviewed = Policy(reviewed=("p10",))
    assert found("install-scripts-many", many(11, hasInstallScript=True), reviewed) == []


FLOW = ".github/workflows/ci.yml"


def flow(*commands: str) -> str:
    steps = "".join(f"      - run: {command}\n" for command in commands)
    return f"on: push\njobs:\n  b:\n    runs-on: x\n    steps:\n{steps}"


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        pytest.param({}, 1, id="no CI at all"),
        pytest.param({FLOW: flow("npm install", "npm test")}, 1, id="a loose install"),
        pytest.param({FLOW: flow("echo npm ci")}, 1, id="npm ci is only spoken of"),
        pytest.param({FLOW: flow("pre-commit run --all-files")}, 1, id="pre-commit without us"),
        pytest.param({FLOW: flow("npm ci")}, 0, id="a frozen install"),
        pytest.param({"scripts/ci.sh": "#!/bin/sh\nnpm ci\n"}, 0, id="in a script"),
        pytest.param(
            {FLOW: flow("npm install", "git diff --exit-code")}, 0, id="a diff behind the install"
        ),
        pytest.param({FLOW: flow("lockward scan")}, 0, id="Lockward itself"),
        pytest.param(
            {
                FLOW: flow("pre-commit run --all-files"),
                ".pre-commit-config.yaml": "repos:\n- repo: lockward\n",
            },
            0,
            id="Lockward by way of pre-commit",
        ),
    ],
)
def test_ci_lockfile_check_missing(extra: Files, expected: int) -> None:
    assert len(found("ci-lockfile-check-missing", {**CLEAN, **extra})) == expected


@pytest.mark.parametrize("rule", TREE_RULES)
def test_a_repository_without_lockfiles_is_left_alone(rule: str) -> None:
    assert found(rule, {"package.json": '{"name": "x"}', FLOW: flow("npm install")}) == []


@pytest.mark.parametrize(
    ("files", "lines", "covered"),
    [
        pytest.param({}, None, False, id="no CODEOWNERS"),
        pytest.param({}, "* @acme/all\n", True, id="everything"),
        pytest.param({}, "package-lock.json @acme/sec\n", True, id="by name, anywhere"),
        pytest.param({}, "/package-lock.json  @acme/sec # why\n", True, id="at the top"),
        pytest.param({}, "/app/package-lock.json @acme/sec\n", False, id="another one"),
        pytest.param({}, "* @acme/all\npackage-lock.json\n", False, id="taken back"),
        pytest.param({}, "package-lock.json\n* @acme/all\n", True, id="the last one wins"),
        pytest.param({}, "* nobody\n", False, id="not an owner"),
        pytest.param({}, "* sec@example.org\n", True, id="an address"),
        pytest.param({}, "# * @acme/all\n", False, id="a comment"),
        pytest.param({}, "!*.md @acme/all\n[a-z]* @acme/all\n", False, id="no GitHub pattern"),
        pytest.param({"sub": "x"}, "sub/* @acme\n", False, id="a folder's files"),
    ],
)
def test_lockfile_review_on_github(files: Files, lines: str | None, covered: object) -> None:
    tree = {**CLEAN, **files, **({} if lines is None else {".github/CODEOWNERS": lines})}

    assert (found("lockfile-review-missing", tree) == []) is covered


@pytest.mark.parametrize(
    ("lines", "covered"),
    [
        pytest.param("[Lock]\npackage-lock.json @sec\n", True, id="a section"),
        pytest.param("[Lock] @sec\npackage-lock.json\n", True, id="a section's default owner"),
        pytest.param("[Lock][2] @sec\n*.json\n", True, id="two approvals"),
        pytest.param("^[Lock] @sec\n*.json\n", False, id="an optional section"),
        pytest.param("[Lock][0] @sec\n*.json\n", False, id="no approval needed"),
        pytest.param("[A]\n* @a\n[B]\npackage-lock.json\n", True, id="sections decide alone"),
        pytest.param("* @@maintainer\n!package-lock.json\n", False, id="excluded"),
    ],
)
def test_lockfile_review_on_gitlab(lines: str, covered: object) -> None:
    tree = {**CLEAN, ".gitlab-ci.yml": "", "CODEOWNERS": lines}

    assert (found("lockfile-review-missing", tree) == []) is covered


def test_the_first_place_counts() -> None:
    tree = {**CLEAN, ".github/CODEOWNERS": "docs/ @a\n", "CODEOWNERS": "* @a\n"}

    assert len(found("lockfile-review-missing", tree)) == 1


# check: only what a change takes away

SBOM = json.dumps({"bomFormat": "CycloneDX", "components": []})


def changed(before: Files, after: Files) -> list[str]:
    paths = {path for path in {**before, **after} if before.get(path) != after.get(path)}
    change = Change(MemoryTree(before), MemoryTree(after), sorted(paths))
    report = engine.evaluate(change, Policy(), only=TREE_RULES)
    return [finding.rule for finding in report.findings]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({}, {FLOW: flow("npm test")}, [], id="never had it"),
        pytest.param(
            {FLOW: flow("npm ci")},
            {FLOW: flow("npm install")},
            ["ci-lockfile-check-missing"],
            id="a frozen install taken away",
        ),
        pytest.param(
            {FLOW: flow("npm ci")}, {}, ["ci-lockfile-check-missing"], id="the workflow deleted"
        ),
        pytest.param({FLOW: flow("npm test")}, {FLOW: flow("npm t")}, [], id="it lacked it before"),
        pytest.param({"bom.json": SBOM}, {}, ["sbom-missing"], id="the SBOM deleted"),
        pytest.param(
            {"CODEOWNERS": "* @a\n"},
            {"CODEOWNERS": "docs/ @a\n"},
            ["lockfile-review-missing"],
            id="the owner taken away",
        ),
        pytest.param({}, many(500), [], id="a tree that grows large"),
    ],
)
def test_a_change_is_told_what_it_takes_away(
    before: Files, after: Files, expected: list[str]
) -> None:
    assert changed({**CLEAN, **before}, {**CLEAN, **after}) == expected
