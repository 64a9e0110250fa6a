"""Which manager a project uses, which lockfile counts, and which compete."""

from __future__ import annotations

import json
from itertools import combinations
from typing import TYPE_CHECKING, Final

import pytest

from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.project import Project
from lockward.remedies import migrate, regenerate, rewrite
from lockward.repository import Repository
from lockward.rules import lockfile_ambiguous
from tests.support import bun, npm

if TYPE_CHECKING:
    from lockward.findings import Finding

Files = dict[str, str | bytes]

CLASSIC: Final = "# yarn lockfile v1\n\n\n"
BERRY: Final = "__metadata:\n  version: 8\n  cacheKey: 10c0\n"
PNPM: Final = "lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n"
LOCKS: Final[Files] = {
    "npm-shrinkwrap.json": npm.lockfile({"name": "app"}, {}),
    "package-lock.json": npm.lockfile({"name": "app"}, {}),
    "yarn.lock": CLASSIC,
    "pnpm-lock.yaml": PNPM,
    "bun.lock": bun.lockfile({"": {"name": "app"}}, {}),
    "bun.lockb": b"#!/usr/bin/env bun\n",
}
OWNER: Final = {
    "npm-shrinkwrap.json": "npm",
    "package-lock.json": "npm",
    "yarn.lock": "yarn",
    "pnpm-lock.yaml": "pnpm",
    "bun.lock": "bun",
    "bun.lockb": "bun",
}


def project(files: Files, root: str = "") -> Project:
    return Project(MemoryTree(files), root, Policy())


def declaring(name: str) -> Files:
    return {"package.json": json.dumps({"packageManager": name} if name else {})}


@pytest.mark.parametrize(
    ("files", "kind", "version"),
    [
        pytest.param({}, "npm", "", id="nothing tells"),
        pytest.param(declaring("pnpm@10.1.0+sha512.abc"), "pnpm", "10.1.0", id="packageManager"),
        pytest.param(declaring("yarn@1.22.22"), "yarn-classic", "1.22.22", id="Yarn 1"),
        pytest.param(declaring("yarn@4.1.0"), "yarn-berry", "4.1.0", id="Yarn 4"),
        pytest.param(declaring("bun@1.4.5"), "bun", "1.4.5", id="bun"),
        pytest.param(declaring("cnpm@9.0.0"), "npm", "", id="one that we do not know"),
        pytest.param(
            {
                "package.json": json.dumps(
                    {
                        "packageManager": "npm@11.0.0",
                        "devEngines": {"packageManager": {"name": "bun", "version": "1"}},
                    }
                )
            },
            "npm",
            "11.0.0",
            id="packageManager before devEngines",
        ),
        pytest.param(
            {
                "package.json": json.dumps(
                    {"devEngines": {"packageManager": [{"name": "pnpm", "version": "^10"}]}}
                )
            },
            "pnpm",
            "^10",
            id="devEngines, the first of a list",
        ),
        pytest.param({".yarnrc.yml": ""}, "yarn-berry", "", id="Berry's settings"),
        pytest.param({".yarnrc": ""}, "yarn-classic", "", id="Yarn 1's settings"),
        pytest.param({"pnpm-workspace.yaml": ""}, "pnpm", "", id="pnpm's settings"),
        pytest.param({"bunfig.toml": ""}, "bun", "", id="bun's settings"),
        pytest.param({"yarn.lock": CLASSIC}, "yarn-classic", "", id="a lockfile's header: Yarn 1"),
        pytest.param({"yarn.lock": BERRY}, "yarn-berry", "", id="a lockfile's header: Berry"),
        pytest.param(
            {"pnpm-lock.yaml": PNPM, ".yarnrc.yml": ""}, "pnpm", "", id="a lockfile before settings"
        ),
        pytest.param(
            {**declaring("yarn@4.1.0"), "bun.lock": LOCKS["bun.lock"]},
            "bun",
            "",
            id="the only lockfile before what is declared",
        ),
    ],
)
def test_the_manager_in_use(files: Files, kind: str, version: str) -> None:
    found = project({"package.json": "{}", **files}).manager

    assert (found.kind, found.version) == (kind, version)


PAIRS: Final = [
    pytest.param(one, two, declared, id=f"{one}, {two}, declared: {declared or 'nothing'}")
    for one, two in combinations(LOCKS, 2)
    for declared in ("", "npm@11.0.0", "yarn@1.22.22", "pnpm@10.0.0", "bun@1.4.5")
]


def ambiguous(files: Files) -> list[Finding]:
    return list(lockfile_ambiguous.check(project(files), Policy()))


@pytest.mark.parametrize(("one", "two", "declared"), PAIRS)
def test_two_lockfiles_compete_whatever_is_declared(one: str, two: str, declared: str) -> None:
    files = {**declaring(declared), one: LOCKS[one], two: LOCKS[two]}
    manager = declared.partition("@")[0]
    found = ambiguous(files)
    competing = [finding for finding in found if "declares" not in finding.message]
    undeclared = [finding for finding in found if "declares" in finding.message]

    assert len(competing) == 1
    assert {competing[0].path, competing[0].subject} == {one, two}
    assert bool(undeclared) is (bool(manager) and manager not in {OWNER[one], OWNER[two]})
    if OWNER[one] != OWNER[two] and manager in {OWNER[one], OWNER[two]}:
        assert OWNER[competing[0].path] != manager  # the other manager's goes
    assert competing[0].remedy == (f"git rm -f {competing[0].path}",)


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize("declared", ["", "npm@11.0.0", "yarn@1.22.22", "pnpm@10.0.0", "bun@1.4.5"])
def test_one_lockfile_competes_with_nothing_but_a_declaration(name: str, declared: str) -> None:
    found = ambiguous({**declaring(declared), name: LOCKS[name]})
    manager = declared.partition("@")[0]

    assert bool(found) is (bool(manager) and manager != OWNER[name])


def test_of_three_managers_two_are_told_to_go() -> None:
    files = {**declaring("pnpm@10.0.0"), **LOCKS}
    del files["npm-shrinkwrap.json"], files["bun.lockb"]

    assert sorted(finding.path for finding in ambiguous(files)) == [
        "bun.lock",
        "package-lock.json",
        "yarn.lock",
    ]


def test_a_branch_s_lockfile_is_pnpm_s() -> None:
    branch = "pnpm-lock.feature.yaml"
    assert ambiguous({**declaring("pnpm@10.0.0"), branch: PNPM, "pnpm-lock.yaml": PNPM}) == []
    [finding] = ambiguous(
        {**declaring(""), branch: PNPM, "package-lock.json": LOCKS["package-lock.json"]}
    )
    assert {finding.path, finding.subject} == {branch, "package-lock.json"}


def test_folders_of_a_repository_may_use_several_managers() -> None:
    files: Files = {
        "package.json": "{}",
        "package-lock.json": LOCKS["package-lock.json"],
        "site/package.json": json.dumps({"packageManager": "yarn@4.1.0"}),
        "site/yarn.lock": BERRY,
        "old/package.json": "{}",
        "old/yarn.lock": CLASSIC,
        "app/package.json": "{}",
        "app/pnpm-lock.yaml": PNPM,
        "tool/package.json": "{}",
        "tool/bun.lock": LOCKS["bun.lock"],
    }
    repository = Repository(MemoryTree(files), Policy())
    kinds = {root: repository.project(root).manager.kind for root in repository.roots()}

    assert kinds == {
        "": "npm",
        "app": "pnpm",
        "old": "yarn-classic",
        "site": "yarn-berry",
        "tool": "bun",
    }
    assert all(not ambiguous_in(repository, root) for root in kinds)


def ambiguous_in(repository: Repository, root: str) -> list[Finding]:
    return list(lockfile_ambiguous.check(repository.project(root), Policy()))


@pytest.mark.parametrize(
    ("path", "form", "command"),
    [
        pytest.param(
            "package-lock.json", "npm", "npm install --package-lock-only --ignore-scripts", id="npm"
        ),
        pytest.param("yarn.lock", "yarn-classic", "yarn install --ignore-scripts", id="Yarn 1"),
        pytest.param("yarn.lock", "yarn-berry", "yarn install --mode=skip-build", id="Berry"),
        pytest.param(
            "pnpm-lock.yaml", "pnpm", "pnpm install --lockfile-only --ignore-scripts", id="pnpm"
        ),
        pytest.param(
            "a b/bun.lock",
            "bun",
            "(cd 'a b' && bun install --lockfile-only --ignore-scripts)",
            id="bun, in a folder",
        ),
        pytest.param(
            "yarn.lock", "", "yarn install --mode=skip-build", id="by name when it is unreadable"
        ),
    ],
)
def test_what_rewrites_a_lockfile(path: str, form: str, command: str) -> None:
    assert rewrite(path, form) == command
    assert regenerate(path, form)[1] == command


@pytest.mark.parametrize(
    ("beside", "commands"),
    [
        pytest.param(
            (),
            [
                "git checkout HEAD -- app/bun.lockb   (if",
                "(cd app && bun install --save-text-lockfile --lockfile-only",
            ],
            id="what was committed is migrated: a migration keeps an edit",
        ),
        pytest.param(("bun.lock",), ["git rm -f app/bun.lockb"], id="the text lies beside it"),
        pytest.param(
            ("yarn.lock",),
            ["git rm -f app/bun.lockb   (if yarn.lock is", "git checkout HEAD", "(cd app && bun"],
            id="another manager's lies beside it",
        ),
    ],
)
def test_a_binary_lockfile_is_migrated(beside: tuple[str, ...], commands: list[str]) -> None:
    found = migrate("app/bun.lockb", beside)

    assert len(found) == len(commands)
    assert all(one.startswith(start) for one, start in zip(found, commands, strict=True)), found
