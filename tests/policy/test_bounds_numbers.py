"""Numbers that have a bound, and what a large judgement leaves behind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from benchmarks import hostile_bun, hostile_pnpm, hostile_yarn
from lockward import bounds, engine, repository, semver, spec
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from tests.policy.test_bounds import APP, SIZE, beyond, judged
from tests.support import npm

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.hostile_files import Case, Files


@pytest.mark.parametrize("place", ["pnpm-workspace.yaml", ".yarnrc.yml", "package.json"])
def test_extensions_have_a_number(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_EXTENSIONS", 20)
    made: dict[str, Case] = {
        "pnpm-workspace.yaml": hostile_pnpm.pnpm_dense,
        ".yarnrc.yml": hostile_yarn.berry_dense,
        "package.json": hostile_bun.bun_dense,
    }

    def files(number: int) -> Files:
        found = made[place](SIZE, 0)
        added = {f"q{n}@*": {"dependencies": {"z": "*"}} for n in range(number)}
        document = json.loads(found[place]) if place == "package.json" else {}
        return {**found, place: json.dumps({**document, "packageExtensions": added}).encode()}

    assert not beyond(judged(None, files(20)))
    told = beyond(judged(None, files(21)))
    assert any(one.endswith("has more than 20 packageExtensions") for one in told)


def test_a_large_judgement_leaves_no_large_cache() -> None:
    judged(None, npm.files(APP, {"a": npm.locked("a")}))
    for number in range(20_000):
        semver.satisfies(f"1.0.{number}", "^1.0.0")
        spec.parse("a", f"npm:a@^1.0.{number}")
    assert max(map(len, bounds._CACHES)) > 10_000

    judged(None, npm.files(APP, {"a": npm.locked("a")}))
    assert max(map(len, bounds._CACHES)) < 10_000


def test_what_is_not_judged_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of lockfiles beyond the number of projects take no time and no memory."""
    read: list[str] = []

    class Noted(MemoryTree):
        def read(self, path: str, limit: int | None = None) -> bytes | None:
            read.append(path)
            return super().read(path, limit)

    monkeypatch.setattr(bounds, "MOST_PROJECTS", 3)
    after = Noted({f"f{n}/package-lock.json": b"{" for n in range(9)})
    report = engine.evaluate(Change(None, after, [*after.entries()]), Policy())
    assert len(report.findings) == 9
    assert {path.partition("/")[0] for path in read} == {"f0", "f1", "f2"}


def test_a_project_may_not_lie_in_thousands_of_folders() -> None:
    """Settings are looked for in each folder above, for each project anew."""

    def files(depth: int, state: int) -> Files:
        made = hostile_yarn.berry([], {"name": "app", "version": f"{state}"})
        return {f"{'d/' * depth}{path}": data for path, data in made.items()}

    most = bounds.MOST_FOLDERS
    assert not beyond(judged(files(most, 0), files(most, 1)))
    for before in (None, files(most + 1, 0)):
        (told,) = beyond(judged(before, files(most + 1, 1)))
        assert told.endswith(": is not judged: it lies in more than 128 folders")


@pytest.mark.parametrize(
    ("shape", "most"),
    [
        pytest.param(
            lambda state: {
                f"{'d/' * 100}m{n}/package.json": b'{"version": "%d"}' % state for n in range(100)
            },
            2_500,
            id="a hundred projects below a hundred folders",
        ),
        pytest.param(
            lambda state: {
                f"{'d/' * n}package.json": b'{"version": "%d", "workspaces": ["*"]}' % state
                for n in range(100)
            },
            4_500,
            id="a hundred workspaces in one another",
        ),
    ],
)
def test_folders_above_are_looked_at_once(
    shape: Callable[[int], Files], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []
    look = repository.Repository.has_manifest

    def noted(this: repository.Repository, folder: str) -> bool:
        looks.append(folder)
        return look(this, folder)

    monkeypatch.setattr(repository.Repository, "has_manifest", noted)
    judged(shape(0), shape(1))
    assert 100 <= len(looks) <= most
