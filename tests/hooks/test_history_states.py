"""What ``lockward history`` keeps of one state never changes what it says of the next."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Final

import pytest

from lockward import lockfiles
from lockward.policy import Policy
from lockward.repository import Repository
from lockward_hooks import memory
from lockward_hooks.git import Git
from lockward_hooks.memory import Memory
from lockward_hooks.objects import Objects
from lockward_hooks.past import Past, Verdict
from lockward_hooks.trees import CommitTree
from tests.policy.test_states_that_follow import cold
from tests.support import npm
from tests.support.repos import Repo
from tests.support.worlds import Pkg, World, sri

if TYPE_CHECKING:
    from pathlib import Path

    from lockward_hooks.walk import Step
    from tests.support.repos import Files

ONE: Final = World({"a": "^1.0.0"}, Pkg("a", "1.0.0", b="^1.0.0"), Pkg("b", "1.1.0"))
ONE.recorded = {"a": ">=1.0.0"}  # so that the lockfile can stay
WIDER: Final = ONE.replaced(asks={"a": ">=1.0.0"})
TWO: Final = WIDER.replaced(Pkg("a", "2.0.0", b="^1.0.0"))
LOCK: Final = "package-lock.json"


class Cold(Past):
    """A walk that reads every state anew."""

    def _state(self, step: Step, *, moved: bool) -> Repository:  # noqa: ARG002 - the walk's shape
        cold()
        return Repository(CommitTree(self._git, self._objects, step.commit), self._policy)

    def _before(self, parent: str) -> Repository | None:
        if not parent:
            return None
        return Repository(CommitTree(self._git, self._objects, parent), self._policy)


def verdicts(walk: type[Past], *paths: str) -> list[Verdict]:
    cold()
    git = Git(".", os.environ)
    with Objects(git) as objects:
        return list(walk(git, objects, Policy(), selection=("HEAD",), paths=paths).verdicts())


def told(verdict: Verdict) -> object:
    report = verdict.report
    return (
        verdict.judged,
        report.requirements_changed,
        report.undecided,
        [(one.rule, one.severity, one.path, one.line, one.message) for one in report.findings],
        [(one.path, one.classification, one.added, one.changed) for one in report.lockfiles],
    )


def npm_lock(world: World) -> Files:
    return {LOCK: world.files("npm-v3")[LOCK]}


def npm_manifest(world: World) -> Files:
    return {"package.json": world.files("npm-v3")["package.json"]}


PATCHED: Final = {"pnpm": {"patchedDependencies": {"b@1.1.0": "patches/b.patch"}}}


def pnpm(world: World) -> Files:
    files = world.files("pnpm-9")
    manifest = {**json.loads(files["package.json"]), **PATCHED}
    return {**files, "package.json": json.dumps(manifest)}


_X: Final = '{"name": "x", "version": "1.0.0", "dependencies": {"b": "%s"}}'


def linked(world: World) -> Files:
    files = world.files("yarn-classic")
    manifest = json.loads(files["package.json"])
    manifest["dependencies"]["x"] = "link:./node_modules/x"
    return {**files, "package.json": json.dumps(manifest)}


@pytest.mark.parametrize(
    ("paths", "states"),
    [
        pytest.param(
            (LOCK,),
            [{**npm_manifest(ONE), **npm_lock(ONE)}, npm_manifest(WIDER), npm_lock(TWO)],
            id="a manifest changes outside of the paths that are asked about",
        ),
        pytest.param(
            (),
            [
                {**pnpm(WIDER), "patches/b.patch": "one"},
                {"patches/b.patch": "two"},
                {"pnpm-lock.yaml": pnpm(TWO)["pnpm-lock.yaml"]},
            ],
            id="a patch changes, which no rule about files looks at",
        ),
        pytest.param(
            (),
            [
                {**linked(WIDER), "node_modules/x/package.json": _X % "^1.0.0"},
                {"node_modules/x/package.json": _X % ">=1.0.0"},
                {"yarn.lock": linked(TWO)["yarn.lock"]},
            ],
            id="a manifest in node_modules changes, to which the project links",
        ),
    ],
)
def test_a_state_that_was_kept_is_judged_as_one_that_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, paths: tuple[str, ...], states: list[Files]
) -> None:
    repo = Repo(tmp_path / "work")
    for number, files in enumerate(states):
        repo.commit(files, f"state {number}")
    monkeypatch.chdir(repo.path)
    warm = verdicts(Past, *paths)
    assert [told(one) for one in warm] == [told(one) for one in verdicts(Cold, *paths)]
    assert warm[-1].report.lockfiles[0].classification == "refresh"
    assert not warm[-1].report.requirements_changed


def test_the_lockfile_that_npm_hides_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = Repo(tmp_path / "work")
    repo.commit({**npm_manifest(ONE), **npm_lock(ONE)}, "first")
    repo.commit({"node_modules/.package-lock.json": ONE.files("npm-v3")[LOCK]}, "hidden")
    monkeypatch.chdir(repo.path)
    last = verdicts(Past)[-1]
    assert [one.rule for one in last.report.findings] == ["lockfile-ambiguous"]


def test_what_is_remembered_of_one_package_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A history may lock one version with other bytes in each commit."""
    monkeypatch.setattr(memory, "FEW", 3)
    known = Memory()
    last = None
    for number in range(9):
        entry = npm.locked("a", integrity=sri(f"bytes {number}"), dependencies={f"b{number}": "*"})
        state = lockfiles.read(LOCK, npm.lockfile({"name": "app"}, {"a": entry}).encode())
        known.remember(state, last)
        last = state
    wanted = ("a", "1.0.0")
    hashes = [one.hashes for one in known.sightings(LOCK, [wanted], deep=True)[wanted]]
    assert hashes == [sri(f"bytes {number}") for number in (6, 7, 8)]
    assert known.required(LOCK, wanted).keys() == {"b5", "b6", "b7"}
