"""A merge's report: what it introduces against each of its parents."""

from __future__ import annotations

from lockward.findings import Report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Final

    from lockward.findings import Finding, LockfileVerdict


def against_every_parent(reports: Iterable[Report]) -> Report:
    """A merge's report: what it introduces against each of its parents.

    A finding that one parent explains (an entry equal to that parent's, a
    change that its side made with its own manifest) is not the merge's.  Bytes
    are explained only by a parent that has the same package: see ``_is_vouched``.
    """
    all_reports = tuple(reports)
    first = all_reports[0]
    shared = set.intersection(
        *({finding.twin() for finding in report.findings} for report in all_reports)
    )
    return Report(
        findings=tuple(_of_merge(all_reports, shared)),
        lockfiles=_mildest(all_reports),
        examined=first.examined,
        suppressed=first.suppressed,
        undecided=tuple(reason for report in all_reports for reason in report.undecided),
        requirements_changed=any(report.requirements_changed for report in all_reports),
    )


def _of_merge(
    reports: tuple[Report, ...], shared: set[tuple[str, str, str, str]]
) -> Iterator[Finding]:
    """What every parent leaves unexplained, and what one calls tampered and none vouches for."""
    for report in reports:
        for finding in report.findings:
            if finding.twin() in shared:
                if report is reports[0]:
                    yield finding
            elif finding.rule == _TAMPERED and not _is_vouched(finding, reports):
                yield finding


_TAMPERED: Final = "lockfile-tampered"


def _is_vouched(finding: Finding, reports: tuple[Report, ...]) -> bool:
    """Whether a parent has the same package, and so would be told if it were another.

    To a parent that holds another version of it, or none, its bytes are news.
    """
    for report in reports:
        verdicts = [one for one in report.lockfiles if one.path == finding.path]
        news = {label for one in verdicts for label in one.added}
        news.update(f"{name}@{new}" for one in verdicts for name, _, new in one.changed)
        told = any(other.twin() == finding.twin() for other in report.findings)
        if finding.package not in news and not told:
            return True
    return False


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
