"""The engine: which projects a change touches, and what it introduces."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lockward import engine, merges, rules
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import PathSection, Policy, PolicyException
from tests.support import npm

if TYPE_CHECKING:
    from lockward.findings import Report

Files = dict[str, str | bytes]

APP = {"name": "app", "dependencies": {"a": "^1.0.0"}}
CLEAN = npm.files(APP, {"a": npm.locked("a")})
NO_HASH = npm.files(APP, {"a": npm.locked("a", integrity=None)})
WORKFLOW = "jobs:\n  b:\n    steps:\n      - run: npm install\n"


def change(before: Files | None, after: Files) -> Change:
    """A change between two states, with the paths in which they differ."""
    paths = {
        path for path in {**(before or {}), **after} if (before or {}).get(path) != after.get(path)
    }
    earlier = None if before is None else MemoryTree(before)
    return Change(earlier, MemoryTree(after), sorted(paths))


def judged(before: Files | None, after: Files, policy: Policy | None = None) -> Report:
    return engine.evaluate(change(before, after), policy or Policy())


def ids(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings]


def moved(files: Files, folder: str) -> Files:
    """The same project in a folder."""
    return {f"{folder}/{path}": data for path, data in files.items()}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(CLEAN, CLEAN, [], id="nothing changed"),
        pytest.param(None, CLEAN, [], id="a clean first commit"),
        pytest.param(
            None, NO_HASH, ["lockfile-integrity"], id="a first commit that brings a fault"
        ),
        pytest.param(
            NO_HASH,
            {**NO_HASH, "package.json": json.dumps({**APP, "description": "x"})},
            [],
            id="a fault that stood before is not new",
        ),
        pytest.param(
            {**CLEAN, "package-lock.json": "{"},
            {**CLEAN, "package-lock.json": "{ "},
            ["lockfile-unreadable"],
            id="an unreadable lockfile that changes is judged by nobody",
        ),
        pytest.param(
            {**CLEAN, "package-lock.json": "{"},
            {
                **CLEAN,
                "package-lock.json": "{",
                "package.json": json.dumps({**APP, "private": True}),
            },
            [],
            id="an unreadable lockfile that stood before is not new",
        ),
        pytest.param(
            CLEAN,
            {path: data for path, data in CLEAN.items() if path != "package-lock.json"},
            ["lockfile-missing"],
            id="a deleted lockfile",
        ),
        pytest.param(CLEAN, {"README.md": "x"}, [], id="a project removed whole"),
        pytest.param(
            CLEAN,
            {**CLEAN, ".github/workflows/ci.yml": WORKFLOW},
            ["ci-npm-install"],
            id="a CI file",
        ),
        pytest.param(
            {**CLEAN, ".github/workflows/ci.yml": WORKFLOW},
            {**CLEAN, ".github/workflows/ci.yml": f"# moved down\n{WORKFLOW}"},
            [],
            id="a command that stood before, on another line",
        ),
        pytest.param(
            CLEAN,
            {**CLEAN, ".npmrc": "strict-ssl=false\n" + npm.PINNED},
            ["npmrc-unsafe"],
            id="a settings file",
        ),
        pytest.param(
            CLEAN,
            {**CLEAN, "node_modules/.package-lock.json": CLEAN["package-lock.json"]},
            ["lockfile-ambiguous"],
            id="npm's hidden lockfile",
        ),
        pytest.param(
            CLEAN, {**CLEAN, "node_modules/a/package-lock.json": "{"}, [], id="inside node_modules"
        ),
        pytest.param(
            moved(CLEAN, "my_node_modules"),
            moved(NO_HASH, "my_node_modules"),
            ["lockfile-unmatched"],
            id="in a folder of which only the end is called so",
        ),
        pytest.param(
            moved(CLEAN, "app"), moved(NO_HASH, "app"), ["lockfile-unmatched"], id="in a folder"
        ),
    ],
)
def test_a_report_holds_what_the_change_introduces(
    before: Files | None, after: Files, expected: list[str]
) -> None:
    found = set(ids(judged(before, after)))

    assert set(expected) <= found
    assert bool(expected) == bool(found)


def test_a_workspaces_manifest_belongs_to_the_root_that_takes_it_in() -> None:
    root = {"name": "app", "workspaces": ["packages/*"]}
    member = {"name": "w", "version": "1.0.0", "dependencies": {"a": "^1.0.0"}}
    packages = {
        "a": npm.locked("a"),
        "w": {"resolved": "packages/w", "link": True},
        "packages/w": {"version": "1.0.0", "name": "w", "dependencies": {"a": "^1.0.0"}},
    }
    before = npm.files(root, packages, {"packages/w/package.json": json.dumps(member)})
    wanted = {**member, "dependencies": {"a": "^2.0.0"}}
    after = {**before, "packages/w/package.json": json.dumps(wanted)}

    report = judged(before, after)

    assert ids(report) == ["lockfile-out-of-sync"]
    assert report.examined == {"lockfiles": 1, "manifests": 2, "packages": 4}


def test_every_lockfile_of_a_root_is_judged() -> None:
    lock = CLEAN["package-lock.json"]
    before: Files = {**CLEAN, "npm-shrinkwrap.json": lock}
    after: Files = {**before, "package-lock.json": NO_HASH["package-lock.json"]}

    report = judged(before, after)

    assert {finding.path for finding in report.findings} == {"package-lock.json"}


def test_only_limits_the_rules() -> None:
    after: Files = {**NO_HASH, ".npmrc": "strict-ssl=false\n"}

    report = engine.evaluate(change(None, after), Policy(), only=["npmrc-unsafe"])

    assert set(ids(report)) == {"npmrc-unsafe"}


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param(Policy(), ["error"], id="the rule's own level"),
        pytest.param(Policy(levels={"lockfile-integrity": "warning"}), ["warning"], id="a level"),
        pytest.param(Policy(levels={"lockfile-integrity": "off"}), [], id="off"),
        pytest.param(
            Policy(paths=(PathSection(("x/**",), {"lockfile-integrity": "off"}),)),
            ["error"],
            id="a level for other paths",
        ),
        pytest.param(
            Policy(paths=(PathSection(("/package-lock.json",), {"lockfile-integrity": "note"}),)),
            ["note"],
            id="a level for this path",
        ),
        pytest.param(Policy(ignore=("package*.json",)), [], id="a path that is ignored"),
    ],
)
def test_the_policy_decides_levels(policy: Policy, expected: list[str]) -> None:
    after = {path: data for path, data in NO_HASH.items() if path != ".npmrc"}

    report = engine.evaluate(change(None, after), policy, only=["lockfile-integrity"])

    assert [finding.severity for finding in report.findings] == expected


def exception(expires: str) -> PolicyException:
    return PolicyException(
        rule="lockfile-integrity",
        package="a",
        path="",
        reason="the mirror has none",
        owner="ann",
        expires=expires,
    )


@pytest.mark.parametrize(
    ("expires", "suppressed"),
    [
        pytest.param("2026-11-25", True, id="on its last day"),
        pytest.param("2026-11-24", False, id="the day after"),
    ],
)
def test_an_exception_holds_until_its_last_day(expires: str, suppressed: bool) -> None:  # noqa: FBT001 - a row's column
    policy = Policy(exceptions=(exception(expires),))

    report = engine.evaluate(
        change(None, NO_HASH), policy, only=["lockfile-integrity"], today="2026-11-25"
    )

    assert bool(report.suppressed) == suppressed
    assert bool(report.findings) != suppressed


def test_the_most_serious_comes_first() -> None:
    after: Files = {**NO_HASH, ".github/workflows/ci.yml": WORKFLOW}

    severities = [finding.severity for finding in judged(None, after).findings]

    assert severities == sorted(severities, key=["error", "warning", "note"].index)
    assert len(severities) > 1


def test_a_scan_judges_every_project_and_says_what_it_examined() -> None:
    tree = MemoryTree({**moved(NO_HASH, "x"), **moved(CLEAN, "y"), "Dockerfile": "RUN npm i\n"})

    report = engine.scan(tree, Policy())

    trees = {row.id for row in rules.RULES if row.judges == "tree"}
    assert set(ids(report)) - trees == {"lockfile-integrity", "ci-npm-install"}
    assert report.examined["lockfiles"] == 2
    assert report.examined["ci"] == 1
    assert report.verdict == "fail"


def test_a_scan_of_nothing_examined_nothing() -> None:
    report = engine.scan(MemoryTree({"README.md": "x"}), Policy())

    assert (report.verdict, dict(report.examined)) == ("pass", {})


def test_a_merge_answers_for_what_differs_from_every_parent() -> None:
    """Each side's change is its own; what neither side has is the merge's."""
    other = npm.files(
        {"name": "app", "dependencies": {"a": "^1.0.0", "b": "^1.0.0"}},
        {"a": npm.locked("a"), "b": npm.locked("b")},
    )
    faulty = {
        **other,
        "package-lock.json": str(other["package-lock.json"]).replace("a-1.0.0", "b-1"),
    }

    clean = merges.against_every_parent([judged(CLEAN, other), judged(other, other)])
    evil = merges.against_every_parent([judged(CLEAN, faulty), judged(other, faulty)])

    assert ids(clean) == []
    assert "lockfile-tampered" in ids(evil)


def test_the_table_names_every_rule_once() -> None:
    assert len(set(rules.IDS)) == len(rules.IDS) == len(rules.RULES)
