"""What the rule on CI files says, and when; tests/policy/ci holds the cases of each family."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lockward import ci, engine
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from lockward.rules import ci_npm_install

if TYPE_CHECKING:
    from lockward.findings import Finding

PATH = ".github/workflows/ci.yml"
LOCKED = {"package.json": "{}", "package-lock.json": "{}"}


def workflow(*scripts: str) -> str:
    """A workflow, one step for each script, from line 4 on."""
    return "jobs:\n  a:\n    steps:\n" + "".join(f"    - run: {script}\n" for script in scripts)


def judge(text: str | bytes, files: dict[str, str] | None = None) -> list[Finding]:
    tree = MemoryTree({**(LOCKED if files is None else files), PATH: text})
    return list(ci_npm_install.check(PATH, tree, Policy()))


SPOKEN = [
    pytest.param(
        "npm install",
        LOCKED,
        "`npm install` can install what was never locked",
        "npm ci",
        id="npm",
    ),
    pytest.param(
        "npm install --no-package-lock",
        LOCKED,
        "`npm install --no-package-lock` does not read the lockfile",
        "npm ci",
        id="npm without its lockfile",
    ),
    pytest.param(
        "npm i --frozen-lockfile",
        LOCKED,
        "`npm i --frozen-lockfile` can install what was never locked: npm has no --frozen-lockfile",
        "npm ci",
        id="another manager's option",
    ),
    pytest.param(
        "npm install",
        {"package.json": "{}"},
        "`npm install` can install what was never locked: no lockfile is tracked",
        "npm ci",
        id="npm where nothing is locked",
    ),
    pytest.param(
        "yarn",
        {"package.json": "{}", "yarn.lock": "# yarn lockfile v1\n"},
        "`yarn` can install what was never locked: yarn 1 freezes with a flag only",
        "yarn install --frozen-lockfile",
        id="Yarn 1",
    ),
    pytest.param(
        "yarn install --no-immutable",
        {"package.json": '{"packageManager": "yarn@4.1.0"}', "yarn.lock": "__metadata:\n"},
        "`yarn install --no-immutable` can install what was never locked: immutable installs"
        " are switched off",
        "yarn install --immutable",
        id="Berry, switched off",
    ),
    pytest.param(
        "docker run node pnpm install",
        {"package.json": "{}", "pnpm-lock.yaml": "x"},
        "`pnpm install` can install what was never locked: pnpm sees no CI variable here",
        "pnpm install --frozen-lockfile",
        id="pnpm in a container",
    ),
    pytest.param(
        "bun ci",
        {"package.json": "{}"},
        "`bun ci` freezes nothing: no lockfile is tracked, bun installs without one",
        "commit the lockfile that `bun install` writes",
        id="a frozen flag without a lockfile",
    ),
    pytest.param(
        "npm i left-pad",
        LOCKED,
        "`npm i left-pad` installs left-pad, at whatever version is current, beside the lockfile",
        "put left-pad into package.json and the lockfile, then run `npm ci`",
        id="a package by name",
    ),
]


@pytest.mark.parametrize(("script", "files", "message", "remedy"), SPOKEN)
def test_a_message_says_why_and_what_to_write(
    script: str, files: dict[str, str], message: str, remedy: str
) -> None:
    (finding,) = judge(workflow(script), files)

    assert (finding.severity, finding.line, finding.message) == ("warning", 4, message)
    assert finding.remedy == (remedy,)
    assert finding.now == f"- run: {script}"
    assert "in step it installs what is locked" in finding.why


def test_an_exact_version_by_name_is_a_note() -> None:
    (finding,) = judge(workflow("npm i left-pad@1.3.0"))

    assert finding.severity == "note"
    assert "what it depends on is not locked" in finding.message


QUIET = [
    pytest.param(workflow("npm ci"), id="frozen"),
    pytest.param("jobs: {}\n", id="no manager"),
    pytest.param("# npm install\n", id="a comment"),
    pytest.param("name: npm install\n", id="a name"),
    pytest.param("", id="nothing"),
]


@pytest.mark.parametrize("text", QUIET)
def test_silence(text: str) -> None:
    assert judge(text) == []


def test_broken_structure_is_said_once_and_hides_nothing() -> None:
    found = judge("jobs: [\n  - run: npm install\n  - run: npm i\n")

    assert [(f.severity, f.line) for f in found] == [("warning", 2), ("warning", 3), ("note", 2)]
    assert "was read line by line: YAML" in found[-1].message


def test_a_link_is_judged_where_it_leads() -> None:
    tree = MemoryTree({PATH: workflow("npm install")}, {PATH: "120000"})

    assert list(ci_npm_install.check(PATH, tree, Policy())) == []


def test_a_file_that_is_too_large_is_said() -> None:
    (finding,) = judge(b"# npm install\n" + b"#" * (ci.LARGEST + 1))

    assert "too large" in finding.message


def test_a_generated_file_does_not_flood_the_report() -> None:
    found = judge(workflow(*(f"npm install x{number}" for number in range(300))))

    assert len(found) == 201
    assert "100 more commands" in found[-1].message


def evaluated(before: str, after: str) -> list[int]:
    """The lines that are reported when one text becomes the other."""
    change = Change(
        MemoryTree({**LOCKED, PATH: before}), MemoryTree({**LOCKED, PATH: after}), (PATH,)
    )
    report = engine.evaluate(change, Policy(), only=("ci-npm-install",))
    return [finding.line for finding in report.findings]


INTRODUCED = [
    pytest.param(workflow("npm ci"), workflow("npm install"), [4], id="a new one"),
    pytest.param(workflow("npm install"), workflow("npm install"), [], id="one that stood"),
    pytest.param(
        workflow("npm install"), workflow("true", "npm install"), [], id="one that moved down"
    ),
    pytest.param(
        workflow("npm install"), workflow("npm install", "npm install"), [5], id="a second one"
    ),
    pytest.param(
        workflow("npm install"), workflow("npm install --omit=dev"), [4], id="one that changed"
    ),
    pytest.param(workflow("npm install"), workflow("npm ci"), [], id="one that was mended"),
]


@pytest.mark.parametrize(("before", "after", "lines"), INTRODUCED)
def test_a_change_is_told_what_it_introduces(before: str, after: str, lines: list[int]) -> None:
    assert evaluated(before, after) == lines


def of_scripts(workflow_text: str, **scripts: str) -> list[tuple[str, int, str]]:
    """Path, line and row of what is found in scripts that a workflow calls."""
    manifest = json.dumps({"name": "app", "scripts": scripts}, indent=1)
    found = judge(workflow_text, {**LOCKED, "package.json": manifest})
    return [(f.path, f.line, f.row[0]) for f in found if f.path != PATH]


CALLED = [
    pytest.param("npm run setup", {"setup": "npm install"}, 4, id="by name"),
    pytest.param("npm test", {"x": "x", "pretest": "npm i"}, 5, id="what runs before it"),
    pytest.param("yarn setup", {"setup": "npm install"}, 4, id="Yarn needs no run"),
    pytest.param("npm run a", {"a": "npm run b", "b": "npm install"}, 5, id="by another script"),
    pytest.param("npm ci", {"postinstall": "cd web && npm install"}, 4, id="around an install"),
    pytest.param("npm ci", {"prepare": "npm --prefix web i"}, 4, id="prepare"),
]


@pytest.mark.parametrize(("script", "scripts", "line"), CALLED)
def test_a_script_that_ci_calls_is_judged_where_it_stands(
    script: str, scripts: dict[str, str], line: int
) -> None:
    assert [found[:2] for found in of_scripts(workflow(script), **scripts)] == [
        ("package.json", line)
    ]


NOT_CALLED = [
    pytest.param("npm test", {"setup": "npm install"}, id="another script"),
    pytest.param("npm ci --ignore-scripts", {"postinstall": "npm install"}, id="switched off"),
    pytest.param("npm run setup", {"setup": "npm ci"}, id="frozen"),
    pytest.param("npm run setup", {"setup": "echo npm install"}, id="said only"),
    pytest.param("npm run a", {"a": "npm run b", "b": "npm run a"}, id="in a ring"),
]


@pytest.mark.parametrize(("script", "scripts"), NOT_CALLED)
def test_scripts_that_ci_does_not_call(script: str, scripts: dict[str, str]) -> None:
    assert of_scripts(workflow(script), **scripts) == []


def test_a_change_of_package_json_is_told_what_ci_will_run() -> None:
    def tree(setup: str) -> MemoryTree:
        manifest = json.dumps({"name": "app", "scripts": {"setup": setup}}, indent=1)
        manifest = manifest.replace("%", "\\u0070")
        return MemoryTree({**LOCKED, "package.json": manifest, PATH: workflow("npm run setup")})

    def told(before: str, after: str) -> list[tuple[str, int]]:
        change = Change(tree(before), tree(after), ("package.json",))
        report = engine.evaluate(change, Policy(), only=("ci-npm-install",))
        return [(finding.path, finding.line) for finding in report.findings]

    assert told("npm ci", "npm install") == [("package.json", 4)]
    assert told("npm ci", "n%m install") == [("package.json", 4)], "an escape hides nothing"
    assert told("npm install", "npm install") == []
    assert told("npm install", "npm ci") == []


def test_a_scan_tells_a_script_once() -> None:
    manifest = json.dumps({"name": "app", "scripts": {"setup": "npm install"}}, indent=1)
    files = {**LOCKED, "package.json": manifest, PATH: workflow("npm run setup", "npm run setup")}
    report = engine.scan(MemoryTree(files), Policy(), only=("ci-npm-install",))

    assert [(f.path, f.line) for f in report.findings] == [("package.json", 4)]
    assert "in the script `setup` that CI calls" in report.findings[0].message
