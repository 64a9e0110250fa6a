"""One line per finding, for editors and grep: ``path:line: severity[rule]: message``."""

from __future__ import annotations

from lockward.reports.escape import sentence, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockward.findings import Finding, Report

_LONGEST_PATH = 1000  # a path that an editor cannot open is of no use here


def render(report: Report) -> str:
    """Every finding on a line of its own, then every reason for an undecided verdict."""
    lines = [_line(finding) for finding in report.findings]
    lines += [f"lockward: undecided: {sentence(reason)}" for reason in report.undecided]
    return "".join(f"{line}\n" for line in lines)


def _line(finding: Finding) -> str:
    place = f"{value(finding.path, _LONGEST_PATH)}:{finding.line or 1}"
    return f"{place}: {finding.severity}[{finding.rule}]: {sentence(finding.message)}"
