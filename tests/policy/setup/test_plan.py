"""What init plans: each file from what the repository holds, and nothing the second time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from lockward import engine, policyfile, setup
from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.repository import Repository
from lockward.setup import github, gitlab, precommit
from lockward.setup.scene import Scene
from tests.support import npm

if TYPE_CHECKING:
    from lockward.setup.scene import Ci

Files = dict[str, str | bytes]
OURS = Path(__file__).parents[3] / ".github" / "workflows" / "ci.yml"

PRIVATE = "https://npm.acme.test/@acme/ui/-/ui-1.0.0.tgz"
APP = {"name": "app", "version": "1.0.0", "dependencies": {"a": "^1.0.0", "@acme/ui": "^1.0.0"}}
MESSY: Files = {
    "package.json": json.dumps(APP, indent=2),
    "package-lock.json": npm.lockfile(
        APP, {"a": npm.locked("a"), "@acme/ui": npm.locked("@acme/ui", resolved=PRIVATE)}
    ),
    ".npmrc": f"# ours\n{npm.PINNED}",
}


def planned(
    files: Files, *, ci: Ci = "github", owner: str = "@acme/sec", policy: Policy | None = None
) -> tuple[Files, list[str]]:
    """The files that change, and the advice."""
    repository = Repository(MemoryTree(files), policy or Policy())
    scene = Scene(repository, ci=ci, owner=owner, version="1.2.3")
    made, advice = setup.plan(scene)
    assert all(each.before == _bytes(files.get(each.path)) for each in made)
    return {each.path: each.after.decode() for each in made}, [each.text for each in advice]


def _bytes(data: str | bytes | None) -> bytes | None:
    return data.encode() if isinstance(data, str) else data


def test_a_messy_repository_gets_all_of_it() -> None:
    made, advice = planned(MESSY)

    assert set(made) == {
        ".lockward.toml",
        ".npmrc",
        ".pre-commit-config.yaml",
        ".github/CODEOWNERS",
        ".github/workflows/lockward.yml",
    }
    assert advice == []
    policy = policyfile.read(".lockward.toml", _bytes(made[".lockward.toml"]) or b"")
    assert policy is not None
    assert policy.scopes == ("@acme",)
    assert policy.registries == {"@acme": "https://npm.acme.test/"}
    assert policy.hosts == ("registry.example.org",)
    pin = "@acme:registry=https://npm.acme.test/\n"
    assert made[".npmrc"] == f"# ours\n{npm.PINNED}{pin}"


@pytest.mark.parametrize("ci", ["github", "gitlab", "none"])
def test_a_second_time_plans_nothing(ci: Ci) -> None:
    made, _ = planned(MESSY, ci=ci)
    after = {**MESSY, **made}
    policy = policyfile.read(".lockward.toml", _bytes(after[".lockward.toml"]) or b"")

    assert planned(after, ci=ci, policy=policy) == ({}, [])


def test_what_was_planned_passes_the_rules() -> None:
    made, _ = planned(MESSY)
    after: Files = {**MESSY, **made}
    policy = policyfile.read(".lockward.toml", _bytes(after[".lockward.toml"]) or b"")
    before = engine.scan(MemoryTree(MESSY), Policy())
    now = engine.scan(MemoryTree(after), policy or Policy())
    gone = {f.rule for f in before.findings} - {f.rule for f in now.findings}

    assert {"npmrc-scope-pin", "ci-lockfile-check-missing", "lockfile-review-missing"} <= gone
    assert not {f.rule for f in now.findings} - {f.rule for f in before.findings}


def test_a_section_of_npmrc_stays_below_the_pins() -> None:
    made, _ = planned({**MESSY, ".npmrc": f"{npm.PINNED}[x]\nkey=1\n"})

    assert str(made[".npmrc"]).startswith("@acme:registry=https://npm.acme.test/\nregistry=")


def test_a_policy_that_stands_is_not_touched() -> None:
    embedded = {**MESSY, "pyproject.toml": "[tool.lockward.lockfile]\nrefresh = 'allow'\n"}

    assert ".lockward.toml" not in planned({**MESSY, ".lockward.toml": ""})[0]
    assert ".lockward.toml" not in planned(embedded)[0]


def test_a_host_that_nobody_named_is_not_trusted_by_itself() -> None:
    made, _ = planned({path: data for path, data in MESSY.items() if path != ".npmrc"})

    assert "hosts = []\n" in str(made[".lockward.toml"])
    assert '#   "registry.example.org"\n' in str(made[".lockward.toml"])


def test_nobody_is_named_unasked() -> None:
    made, advice = planned(MESSY, owner="")

    assert ".github/CODEOWNERS" not in made
    assert advice == ["nobody has to review package-lock.json: say who"]


@pytest.mark.parametrize(
    ("files", "ci", "path", "expected"),
    [
        pytest.param(
            {"CODEOWNERS": "docs/ @d\n"},
            "github",
            "CODEOWNERS",
            "docs/ @d\n**/package-lock.json @acme/sec\n",
            id="behind what stands there",
        ),
        pytest.param(
            {"CODEOWNERS": "[Docs]\ndocs/ @d", ".gitlab-ci.yml": ""},
            "gitlab",
            "CODEOWNERS",
            "[Docs]\ndocs/ @d\n\n[Lockfiles] @acme/sec\n**/package-lock.json\n",
            id="a section of its own on GitLab",
        ),
        pytest.param({"CODEOWNERS": "* @all\n"}, "github", "CODEOWNERS", "", id="covered already"),
    ],
)
def test_codeowners(files: Files, ci: Ci, path: str, expected: str) -> None:
    assert planned({**MESSY, **files}, ci=ci)[0].get(path, "") == expected


# .pre-commit-config.yaml

COMMENTED = """\
# top
minimum_pre_commit_version: 3.2.0
repos:
# first
- repo: https://git.example.org/x  # why
  rev: v1
  hooks:
  - id: a   # odd   spacing

# last words
ci:
  skip: [a]
"""


def test_the_hook_is_added_and_everything_else_stays() -> None:
    after = precommit.extended(COMMENTED, "lockward==1.2.3")
    assert after is not None

    for line in COMMENTED.splitlines():
        assert line in after.splitlines()
    document = yaml.safe_load(after)
    assert [each["repo"] for each in document["repos"]] == ["https://git.example.org/x", "local"]
    assert document["repos"][1]["hooks"][0]["additional_dependencies"] == ["lockward==1.2.3"]
    assert document["ci"] == {"skip": ["a"]}
    assert after.index("id: lockward") < after.index("# last words")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("repos: []\n", id="an empty list"),
        pytest.param("repos:\n  - repo: local\n    hooks: []", id="no last newline"),
        pytest.param("repos:\r\n  - repo: local\r\n    hooks: []\r\n", id="CRLF"),
        pytest.param("repos:\n- repo: local\n  hooks: []\n\n\nci: {}\n", id="a key behind"),
        pytest.param('repos:\n- repo: "a"\n  hooks:\n  - id: "#"\n#x\n', id="a last comment"),
    ],
)
def test_layouts_of_pre_commit(text: str) -> None:
    after = precommit.extended(text, "lockward")
    assert after is not None

    before, now = yaml.safe_load(text), yaml.safe_load(after)
    assert now["repos"][:-1] == before["repos"]
    assert {**now, "repos": 0} == {**before, "repos": 0}
    assert ("\r\n" in after) is ("\r\n" in text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("repos: [{repo: local, hooks: []}]\n", id="a flow list"),
        pytest.param("fail_fast: true\n", id="no repos"),
        pytest.param("repos:\n- repo: [\n", id="no YAML"),
        pytest.param(
            "x: |\n  repos:\nrepos: &a\n- repo: local\n  hooks: []\ny: *a\n", id="an alias"
        ),
        pytest.param("repos:\n- repo: local\n  hooks: []\nrepos:\n- repo: b\n", id="twice"),
    ],
)
def test_what_cannot_be_extended_safely_is_left(text: str) -> None:
    made, advice = planned({**MESSY, ".pre-commit-config.yaml": text})

    assert ".pre-commit-config.yaml" not in made
    assert ".pre-commit-config.yaml" in advice[0]


# Workflows


def test_actions_are_pinned_as_in_our_own_workflow() -> None:
    ours = OURS.read_text()

    assert github.CHECKOUT in ours
    assert github.SETUP_NODE in ours


YARN = '# yarn lockfile v1\n\n\na@^1.0.0:\n  version "1.0.0"\n'
PROJECTS: dict[str, Files] = {
    "npm": MESSY,
    "yarn": {
        "package.json": '{"name": "y", "dependencies": {"a": "^1.0.0"}}',
        "yarn.lock": YARN,
    },
    "both": {
        **MESSY,
        "web/package.json": '{"name": "y", "dependencies": {"a": "^1.0.0"}}',
        "web/yarn.lock": YARN,
    },
}


@pytest.mark.parametrize("name", PROJECTS)
def test_the_workflow_is_yaml_and_freezes_every_project(name: str) -> None:
    made, _ = planned(PROJECTS[name])
    path = github.PATH
    steps = yaml.safe_load(made[path])["jobs"]["supply-chain"]["steps"]
    report = engine.scan(MemoryTree({**PROJECTS[name], **made}), Policy(), only=("ci-npm-install",))

    assert [finding.message for finding in report.findings] == []
    runs = [(step["run"], step.get("working-directory", "")) for step in steps if "run" in step]
    assert runs[0][0].startswith("pipx run --spec lockward==1.2.3 lockward scan")
    frozen = {folder for run, folder in runs if run.startswith(("npm ci", "yarn install --frozen"))}
    assert frozen == ({"", "web"} if name == "both" else {""})


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        pytest.param(None, {"include": [{"local": f"/{gitlab.PATH}"}]}, id="no pipeline"),
        pytest.param(
            "test:\n  script: [make]\n",
            {"test": {"script": ["make"]}, "include": [{"local": f"/{gitlab.PATH}"}]},
            id="no include",
        ),
        pytest.param(
            "include:\n  - local: /a.yml  # why\ntest:\n  script: [make]\n",
            {
                "test": {"script": ["make"]},
                "include": [{"local": f"/{gitlab.PATH}"}, {"local": "/a.yml"}],
            },
            id="a list of includes",
        ),
        pytest.param("include: /a.yml\n", None, id="another form of include"),
    ],
)
def test_the_pipeline_includes_the_jobs(main: str | None, expected: object) -> None:
    files = MESSY if main is None else {**MESSY, gitlab.MAIN: main}
    made, advice = planned(files, ci="gitlab")

    assert set(yaml.safe_load(made[gitlab.PATH])) == {"lockward", "supply-chain"}
    assert (yaml.safe_load(made[gitlab.MAIN]) if gitlab.MAIN in made else None) == expected
    assert bool(advice) is (expected is None)


def test_a_folder_with_an_odd_name_is_no_part_of_a_workflow() -> None:
    odd = {f"a b$(x)/{path}": data for path, data in MESSY.items()}
    made, _ = planned({**MESSY, **odd})

    assert "$(x)" not in str(made[github.PATH])
