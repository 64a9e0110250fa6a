"""The report as JSON: the contract that scripts rely on (docs/report.schema.json)."""

from __future__ import annotations

from json import dumps

from lockward.reports.escape import storable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

    from lockward.findings import Finding, LockfileVerdict, Report

VERSION: Final = 1  # raised when a key changes its meaning or goes; new keys do not count


def render(report: Report) -> str:
    """One JSON document, ASCII only, ended by a newline."""
    document: dict[str, Any] = {
        "version": VERSION,
        "verdict": report.verdict,
        "lockfiles": [_lockfile(verdict) for verdict in report.lockfiles],
        "findings": [finding_row(finding) for finding in report.findings],
        "examined": dict(report.examined),
        "suppressed": [finding_row(finding) for finding in report.suppressed],
        "undecided": list(report.undecided),
        "requirements_changed": report.requirements_changed,
    }
    posture = report.posture
    if posture is not None:
        from lockward.reports import posture_json

        document.update(posture_json.document(posture))
        for row, finding in zip(document["findings"], report.findings, strict=True):
            way = posture.way(finding)
            if len(way) > 1:
                row["way"] = list(way)
    return dumps(storable(document), indent=2) + "\n"


def _lockfile(verdict: LockfileVerdict) -> dict[str, object]:
    return {
        "path": verdict.path,
        "classification": verdict.classification,
        "added": list(verdict.added),
        "removed": list(verdict.removed),
        "changed": [
            {"name": name, "before": before, "after": after}
            for name, before, after in verdict.changed
        ],
    }


def finding_row(finding: Finding) -> dict[str, object]:
    """A finding as every machine format gives it."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "path": finding.path,
        "line": finding.line,
        "pointer": _short(finding.pointer),
        "package": finding.package,
        "message": finding.message,
        "was": finding.was,
        "now": finding.now,
        "why": finding.why,
        "remedy": list(finding.remedy),
        "fingerprint": finding.fingerprint,
        "undecided": finding.undecided,
    }


def _short(pointer: str) -> str:
    """Its beginning, where it is a key that names thousands of ranges: each finding repeats it."""
    return pointer if len(pointer) <= _LONGEST else f"{pointer[:_LONGEST]}..."


_LONGEST: Final = 1_000  # characters
