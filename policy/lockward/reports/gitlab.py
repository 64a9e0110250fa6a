"""GitLab's Code Quality report: a list of issues, each with a fingerprint of its own.

Source: GitLab, "Code Quality", implementing a custom tool.
"""

from __future__ import annotations

from json import dumps

from lockward.reports.escape import escape, sentence, storable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.findings import Finding, Report

_SEVERITY: Final = {"error": "critical", "warning": "major", "note": "info"}


def render(report: Report) -> str:
    """One JSON array, ended by a newline; an undecided verdict is a blocker."""
    seen: dict[str, int] = {}
    issues = []
    for number, reason in enumerate(report.undecided):
        description = f"undecided: {sentence(reason)}"
        issues.append(_issue(description, "undecided", f"undecided-{number}", "blocker", ".", 1))
    for finding in report.findings:
        fingerprint = finding.fingerprint
        seen[fingerprint] = number = seen.get(fingerprint, 0) + 1
        unique = fingerprint if number == 1 else f"{fingerprint}-{number}"
        severity = "blocker" if finding.undecided else _SEVERITY[finding.severity]
        issues.append(
            _issue(_said(finding), finding.rule, unique, severity, finding.path, finding.line)
        )
    return dumps(storable(issues), indent=2) + "\n"


def _issue(  # noqa: PLR0917 - the members of GitLab's own record, in its order
    description: str, check: str, fingerprint: str, severity: str, path: str, line: int
) -> dict[str, object]:
    return {
        "description": description,
        "check_name": check,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path, "lines": {"begin": max(1, line)}},
    }


def _said(finding: Finding) -> str:
    """The message and the commands: GitLab shows one line."""
    fix = "; ".join(map(escape, finding.remedy))
    return sentence(finding.message) + (f". Fix: {fix}" if fix else "")
