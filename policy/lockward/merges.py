"""A merge's report: what it introduces against each of its parents."""

from __future__ import annotations

from lockward import bounds
from lockward.findings import Report, distinct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Final, TypeVar

    from lockward.findings import Finding, LockfileVerdict

    T = TypeVar("T")

# Each is a judgement of its own.  The largest merge of 130 public repositories has ten.
MOST_PARENTS: Final = 16


def judged(parents: Sequence[T], judge: Callable[[T], Report]) -> Report:
    """The report on a commit from ``judge``'s on what it changes against each parent.

    The parents together may take what one change may (bounds.py).  Of too many
    none is looked at: the outcome is undecided, and says so.
    """
    if len(parents) == 1:
        return judge(parents[0])
    if len(parents) > MOST_PARENTS:
        reason = f"a merge of {len(parents)} parents: more than {MOST_PARENTS} are not compared"
        return Report(findings=(), undecided=(reason,))
    with bounds.Shared():
        return against_every_parent([judge(parent) for parent in parents])


def against_every_parent(reports: Iterable[Report]) -> Report:
    """A merge's report: what it introduces against each of its parents.

    A finding that one parent explains (an entry equal to that parent's, a
    change that its side made with its own manifest) is not the merge's.  Bytes
    are explained only by a parent that has the same package: see ``_Parent``.
    """
    all_reports = tuple(reports)
    first = all_reports[0]
    shared = set.intersection(
        *({finding.twin() for finding in report.findings} for report in all_reports)
    )
    return Report(
        findings=tuple(distinct(_of_merge(all_reports, shared))),
        lockfiles=_mildest(all_reports),
        examined=first.examined,
        suppressed=first.suppressed,
        undecided=tuple(reason for report in all_reports for reason in report.undecided),
        requirements_changed=any(report.requirements_changed for report in all_reports),
    )


def _of_merge(
    reports: tuple[Report, ...], shared: set[tuple[str, str, str, str]]
) -> Iterator[Finding]:
    """What every parent leaves unexplained, and what one calls tampered and none vouches for.

    And what was not examined against one of them: it may hide what the others would share.
    """
    from lockward.rules.lockfile_unreadable import is_beyond

    parents = [_Parent(report) for report in reports]
    for report in reports:
        for finding in report.findings:
            if finding.twin() in shared:
                if report is reports[0]:
                    yield finding
            elif is_beyond(finding) or (
                finding.rule == _TAMPERED and not any(one.vouches(finding) for one in parents)
            ):
                yield finding


_TAMPERED: Final = "lockfile-tampered"


class _Parent:
    """What the comparison with one parent told, sorted once for every finding."""

    def __init__(self, report: Report) -> None:
        self._told: Final = {finding.twin() for finding in report.findings}
        self._news: Final[dict[str, set[str]]] = {}  # lockfile -> packages that it gives the parent
        for one in report.lockfiles:
            news = self._news.setdefault(one.path, set())
            news.update(one.added)
            news.update(f"{name}@{new}" for name, _, new in one.changed)

    def vouches(self, finding: Finding) -> bool:
        """Whether the parent has the same package, and so would be told if it were another.

        To a parent that holds another version of it, or none, its bytes are news.
        """
        if finding.twin() in self._told:
            return False
        return finding.package not in self._news.get(finding.path, ())


_CLASSES: Final = ("metadata", "matched", "refresh", "rollback", "unexplained", "tampered")


def _mildest(reports: tuple[Report, ...]) -> tuple[LockfileVerdict, ...]:
    """For each lockfile that differs from every parent's, its mildest class."""
    best: dict[str, LockfileVerdict] = {}
    for report in reports:
        for verdict in report.lockfiles:
            known = best.get(verdict.path)
            worse = known is None or (
                _CLASSES.index(verdict.classification) < _CLASSES.index(known.classification)
            )
            if worse:
                best[verdict.path] = verdict
    everywhere = [{verdict.path for verdict in report.lockfiles} for report in reports]
    return tuple(
        verdict for path, verdict in best.items() if all(path in paths for paths in everywhere)
    )
