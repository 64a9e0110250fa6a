"""Numbers that have a bound, and what a large judgement leaves behind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from benchmarks import hostile_bun, hostile_pnpm, hostile_yarn
from lockward import bounds, engine, semver, spec
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from tests.policy.test_bounds import APP, SIZE, beyond, judged
from tests.support import npm

if TYPE_CHECKING:
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
