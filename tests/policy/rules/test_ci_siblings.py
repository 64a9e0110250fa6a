"""The two rules beside ci-npm-install: an audit that can fail, and install scripts in CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lockward import engine, rules
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import PathSection, Policy
from tests.support import npm

if TYPE_CHECKING:
    from lockward.findings import Finding

    Files = dict[str, str | bytes]

FLOW = ".github/workflows/ci.yml"
APP: Files = npm.files(
    {"name": "app", "dependencies": {"a": "1.0.0"}}, {"a": npm.locked("a", hasInstallScript=True)}
)


def flow(*scripts: str) -> str:
    return "jobs:\n  a:\n    steps:\n" + "".join(f"    - run: {script}\n" for script in scripts)


def found(rule: str, files: Files, policy: Policy | None = None) -> list[Finding]:
    report = engine.scan(MemoryTree(files), policy or Policy(), only=(rule,))
    return list(report.findings)


def scripts(**named: str) -> Files:
    manifest = {"name": "app", "dependencies": {"a": "1.0.0"}, "scripts": named}
    return npm.files(manifest, {"a": npm.locked("a")})


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({FLOW: flow("npm ci", "npm audit --audit-level=high")}, id="npm audit"),
        pytest.param({FLOW: flow("npm audit")}, id="at its own level"),
        pytest.param({FLOW: flow("npm audit --audit-level moderate")}, id="its level a word"),
        pytest.param({FLOW: flow("yarn npm audit --severity high")}, id="Berry"),
        pytest.param({FLOW: flow("pnpm audit --prod")}, id="pnpm"),
        pytest.param({FLOW: flow("npm run check"), **scripts(check="npm audit")}, id="a script"),
        pytest.param({FLOW: flow("npx audit-ci --high")}, id="audit-ci"),
        pytest.param({FLOW: flow("osv-scanner -r .")}, id="osv-scanner"),
        pytest.param(
            {FLOW: "jobs: {a: {steps: [{uses: actions/dependency-review-action@v4}]}}\n"},
            id="an action",
        ),
        pytest.param(
            {FLOW: flow("npm ci"), ".gitlab-ci.yml": "a: {script: [npm audit]}\n"},
            id="in another CI system",
        ),
        pytest.param({"Dockerfile": "RUN npm ci\n"}, id="no CI system at all"),
    ],
)
def test_an_audit_that_can_fail(files: Files) -> None:
    assert found("ci-audit-missing", {**APP, **files}) == []


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({FLOW: flow("npm ci")}, id="none"),
        pytest.param({FLOW: flow("npm audit || true")}, id="swallowed"),
        pytest.param({FLOW: flow("npm audit --audit-level=critical")}, id="asks for too little"),
        pytest.param({FLOW: flow("npm audit --audit-level=none")}, id="never fails"),
        pytest.param({FLOW: flow("npm audit fix")}, id="mends"),
        pytest.param({FLOW: flow("npm audit signatures")}, id="of signatures"),
        pytest.param({FLOW: flow("echo npm audit")}, id="said only"),
        pytest.param({FLOW: flow("npm run check"), **scripts(check="eslint .")}, id="a script"),
        pytest.param({FLOW: flow("npm ci"), "audit.sh": "npm audit\n"}, id="a script nobody calls"),
    ],
)
def test_no_audit_that_can_fail(files: Files) -> None:
    [finding] = found("ci-audit-missing", {**APP, **files})

    assert (finding.severity, finding.path) == ("note", FLOW)
    assert "npm audit --audit-level=high" in finding.remedy[0]


@pytest.mark.parametrize(
    ("name", "text", "audit", "frozen"),
    [
        pytest.param(
            "pnpm-lock.yaml", "lockfileVersion: '9.0'\n", "pnpm audit", "pnpm install", id="pnpm"
        ),
        pytest.param(
            "yarn.lock", "# yarn lockfile v1\n", "yarn audit", "--frozen-lockfile", id="Yarn 1"
        ),
        pytest.param(
            "yarn.lock",
            "__metadata:\n  version: 8\n  cacheKey: 10c0\n",
            "yarn npm audit",
            "yarn install --immutable",
            id="Berry",
        ),
    ],
)
def test_the_steps_are_those_of_the_manager_in_use(
    name: str, text: str, audit: str, frozen: str
) -> None:
    files: Files = {"package.json": "{}", name: text, FLOW: flow("make")}
    [missing] = found("ci-audit-missing", files)
    [unnoticed] = found("ci-lockfile-check-missing", files)

    assert missing.remedy[0].startswith(audit)
    assert frozen in unnoticed.remedy[0]


def test_without_a_lockfile_there_is_nothing_to_audit() -> None:
    assert found("ci-audit-missing", {FLOW: flow("npm install")}) == []


@pytest.mark.parametrize(
    ("before", "after", "number"),
    [
        pytest.param("npm audit", "npm ci", 1, id="the last one goes"),
        pytest.param("npm ci", "npm test", 0, id="there was none"),
        pytest.param("npm ci", "npm audit", 0, id="it comes"),
    ],
)
def test_a_change_is_told_when_it_takes_the_last_audit_away(
    before: str, after: str, number: int
) -> None:
    old, new = ({**APP, FLOW: flow(script)} for script in (before, after))
    change = Change(MemoryTree(old), MemoryTree(new), (FLOW,))
    report = engine.evaluate(change, Policy(), only=("ci-audit-missing",))

    assert len(report.findings) == number


ON = Policy(levels={"ci-install-scripts": "warning"})


@pytest.mark.parametrize(
    ("script", "files"),
    [
        pytest.param("npm ci", {}, id="npm ci"),
        pytest.param("npm install", {}, id="npm install"),
        pytest.param("npm ci --ignore-scripts=false", {}, id="asked for"),
    ],
)
def test_an_install_that_runs_scripts(script: str, files: Files) -> None:
    report = engine.scan(MemoryTree({**APP, FLOW: flow(script), **files}), ON)
    [finding] = [one for one in report.findings if one.rule == "ci-install-scripts"]

    assert (finding.severity, finding.line) == ("warning", 4)
    assert finding.message == f"`{script}` runs install scripts that nobody reviewed: a"


@pytest.mark.parametrize(
    ("script", "files", "reviewed"),
    [
        pytest.param("npm ci --ignore-scripts", {}, (), id="switched off by a flag"),
        pytest.param("npm_config_ignore_scripts=true npm ci", {}, (), id="by a variable"),
        pytest.param("npm ci", {".npmrc": "ignore-scripts=true\n"}, (), id="by a settings file"),
        pytest.param("npm ci", {}, ("a",), id="reviewed"),
        pytest.param("npm test", {}, (), id="no install"),
        pytest.param("bun install", {}, (), id="Bun runs none unasked"),
        pytest.param("pnpm install --frozen-lockfile", {}, (), id="nor pnpm of today"),
    ],
)
def test_an_install_that_runs_none(script: str, files: Files, reviewed: tuple[str, ...]) -> None:
    policy = Policy(levels=ON.levels, reviewed=reviewed)
    report = engine.scan(MemoryTree({**APP, FLOW: flow(script), **files}), policy)

    assert [one for one in report.findings if one.rule == "ci-install-scripts"] == []


def test_it_is_off_until_somebody_asks() -> None:
    tree = MemoryTree({**APP, FLOW: flow("npm ci")})
    rule = "ci-install-scripts"
    section = PathSection((".github/",), {"ci-install-scripts": "error"})
    elsewhere = PathSection(("docs/",), {"ci-install-scripts": "error"})

    def told(policy: Policy, *only: str) -> list[str]:
        findings = engine.scan(tree, policy, only=only).findings
        return [one.severity for one in findings if one.rule == rule]

    assert rules.default(rule) == "off"
    assert told(Policy()) == []
    assert told(Policy(), rule) == ["warning"]
    assert told(Policy(paths=(section,))) == ["error"]
    assert told(Policy(paths=(elsewhere,))) == []
    assert told(Policy(levels={rule: "off"}, paths=(elsewhere,))) == []
