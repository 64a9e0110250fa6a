"""A commit with several parents: what they share, and what a bound leaves undecided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import hostile_npm
from lockward import bounds, engine, merges
from lockward.findings import Finding, Report
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import PathSection, Policy, PolicyException
from lockward.rules import lockfile_unreadable
from tests.support import npm

if TYPE_CHECKING:
    import pytest

    from benchmarks.hostile_files import Files

APP = {"name": "app", "dependencies": {"a": "^1.0.0"}}
CLEAN = npm.files(APP, {"a": npm.locked("a")})
FAULTY = npm.files(APP, {"a": npm.locked("a", integrity=None)})
UNREADABLE = lockfile_unreadable.ID
SIZE = 8_000


def judged(parents: list[npm.Json | Files], after: npm.Json | Files) -> Report:
    def against(before: npm.Json | Files) -> Report:
        paths = [path for path, data in after.items() if before.get(path) != data]
        return engine.evaluate(Change(MemoryTree(before), MemoryTree(after), paths), Policy())

    return merges.judged(parents, against)


def test_sixteen_parents_are_compared_and_seventeen_are_not() -> None:
    parents: list[npm.Json | Files] = [CLEAN] * 16
    assert {one.rule for one in judged(parents, FAULTY).findings} >= {"lockfile-integrity"}

    report = judged([*parents, CLEAN], FAULTY)
    assert (report.verdict, report.findings) == ("undecided", ())
    assert report.undecided == ("a merge of 17 parents: more than 16 are not compared",)


def test_the_parents_together_may_take_what_one_change_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each is below the bounds, and so each finds nothing by itself."""
    before: list[npm.Json | Files] = [hostile_npm.peers(SIZE + 400 * n, 0) for n in range(4)]
    after = hostile_npm.peers(SIZE, 1)
    monkeypatch.setattr(bounds.PEERS, "most", _spent(before[-1], after, monkeypatch))

    assert not _beyond(judged(before[:2], after))
    for parent in before:
        assert not _beyond(judged([parent], after))
    report = judged(before, after)
    assert report.verdict == "undecided"
    assert any("more than 3 times what one project may" in one for one in _beyond(report))


def _spent(before: npm.Json | Files, after: npm.Json | Files, patch: pytest.MonkeyPatch) -> int:
    """How much of the bound on peers a change takes at most in one project, a sixteenth exact."""
    most, spend = 0, type(bounds.PEERS).spend
    begin = type(bounds.PEERS).begin
    now = 0

    def note(this: bounds.Bound, steps: int = 1) -> None:
        nonlocal now, most
        if this is bounds.PEERS:
            now += steps
            most = max(most, now)
        spend(this, steps)

    def restart(this: bounds.Bound) -> None:
        nonlocal now
        now = 0 if this is bounds.PEERS else now
        begin(this)

    with patch.context() as patched:
        patched.setattr(type(bounds.PEERS), "spend", note)
        patched.setattr(type(bounds.PEERS), "begin", restart)
        judged([before], after)
    assert most
    return most


def _beyond(report: Report) -> list[str]:
    return [one.message for one in report.findings if one.rule == UNREADABLE]


def test_what_was_not_examined_against_one_parent_is_not_explained_by_another() -> None:
    """The bound may have hidden the very finding that all of them would share."""
    bad = Finding(rule="lockfile-unmatched", severity="error", path="p", message="x")
    whole = Report(findings=(bad,))
    cut = Report(findings=(_cut(),))

    assert [one.rule for one in merges.against_every_parent([whole, cut]).findings] == [UNREADABLE]
    assert merges.against_every_parent([cut, whole]).verdict == "undecided"
    assert merges.against_every_parent([whole, Report(findings=())]).verdict == "pass"


def _cut() -> Finding:
    from lockward.errors import BoundError
    from lockward.project import Project

    project = Project(MemoryTree(CLEAN), "", Policy())
    return lockfile_unreadable.beyond(project, BoundError("takes more than 1 step"))


def test_what_a_policy_was_not_asked_for_any_more_is_not_excused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Thousands of exceptions and sections: beyond the bound a finding counts as an error."""
    no = [_exception(f"b{n}") for n in range(50)]
    yes = _exception("*")
    quiet = PathSection(("package-lock.json",), {"lockfile-integrity": "warning"})

    def severities(policy: Policy) -> list[str]:
        change = Change(None, MemoryTree(FAULTY), [*FAULTY])
        found = engine.evaluate(change, policy, only=("lockfile-integrity",)).findings
        return [one.severity for one in found]

    excused = Policy(exceptions=(*no, yes))
    milder = Policy(paths=(quiet,))
    assert (severities(excused), severities(milder)) == ([], ["warning"])
    monkeypatch.setattr(bounds.GLOBS, "most", 0)
    assert (severities(excused), severities(milder)) == (["error"], ["error"])


def _exception(package: str) -> PolicyException:
    return PolicyException(
        rule="lockfile-integrity",
        package=package,
        path="",
        reason="r",
        owner="o",
        expires="2999-01-01",
    )
