"""The report as SARIF 2.1.0, within the limits of GitHub's code scanning.

Source: the OASIS standard, and "SARIF support for code scanning": at most
25,000 results per run, relative percent-encoded URIs, one location each, and
only ``partialFingerprints.primaryLocationLineHash`` tells alerts apart.
"""

from __future__ import annotations

from json import dumps
from urllib.parse import quote

from lockward import rules
from lockward.reports.escape import escape, sentence, storable, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

    from lockward.findings import Finding, Report
    from lockward.model import Severity

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
RESULTS: Final = 25_000
LONGEST_DESCRIPTION: Final = 1024
LONGEST_VALUE: Final = 200
# What GitHub calls high, medium and low.
_SECURITY_SEVERITY: Final[dict[Severity, str]] = {"error": "8.0", "warning": "5.0", "note": "3.0"}


def render(report: Report, *, version: str = "", category: str = "lockward/") -> str:
    """One SARIF log, ended by a newline.

    ``version`` is the tool's; ``category`` tells several analyses of one commit
    apart (``automationDetails.id``).
    """
    run = {
        "tool": {"driver": _driver(report.findings, version)},
        "automationDetails": {"id": category},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": _results(report.findings[:RESULTS]),
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return dumps(storable(log), indent=2) + "\n"


def _driver(findings: Iterable[Finding], version: str) -> dict[str, object]:
    ids = {finding.rule for finding in findings}
    driver: dict[str, object] = {"name": "lockward"}
    if version:
        driver["version"] = version
    driver["rules"] = [_rule(rule) for rule in rules.IDS if rule in ids]
    return driver


def _rule(rule_id: str) -> dict[str, object]:
    """A rule's own documentation, as reportingDescriptor."""
    module = rules.module(rule_id)
    doc = (module.__doc__ or module.SUMMARY).strip()
    plain = doc.partition("\n## ")[0].strip()
    return {
        "id": rule_id,
        "shortDescription": {"text": module.SUMMARY},
        "fullDescription": {"text": plain[:LONGEST_DESCRIPTION]},
        "help": {"text": doc, "markdown": doc},
        "defaultConfiguration": {"level": module.SEVERITY},
        "properties": {
            "tags": ["security", "supply-chain"],
            "precision": "high",
            "security-severity": _SECURITY_SEVERITY[module.SEVERITY],
        },
    }


def _invocation(report: Report) -> dict[str, object]:
    """Whether a verdict was reached, and what stood in the way."""
    reasons = [sentence(reason) for reason in report.undecided]
    if len(report.findings) > RESULTS:
        reasons.append(f"{len(report.findings) - RESULTS} more findings are not in this file")
    notes = [{"level": "error", "message": {"text": reason}} for reason in reasons]
    return {
        "executionSuccessful": report.verdict != "undecided",
        "toolExecutionNotifications": notes,
    }


def _results(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """The findings; the nth of equal fingerprints ends in ``:n``, as GitHub's own do."""
    seen: dict[str, int] = {}
    results = []
    for finding in findings:
        fingerprint = finding.fingerprint
        seen[fingerprint] = number = seen.get(fingerprint, 0) + 1
        results.append(_result(finding, f"{fingerprint}:{number}"))
    return results


def _result(finding: Finding, fingerprint: str) -> dict[str, object]:
    location = {
        "artifactLocation": {"uri": uri(finding.path), "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": max(1, finding.line)},
    }
    return {
        "ruleId": finding.rule,
        "level": finding.severity,
        "message": {"text": _message(finding)},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }


def uri(path: str) -> str:
    """A path of the repository as a relative URI reference."""
    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = path.encode("utf-8", "surrogatepass")  # half a pair: no tree holds such a path
    return quote(data, safe="/")


def _message(finding: Finding) -> str:
    """All that the finding has to say; foreign text cannot make a link of it."""
    lines = [sentence(finding.message)]
    for label, text in (("was", finding.was), ("now", finding.now)):
        if text:
            lines.append(f"{label}: {value(text, LONGEST_VALUE)}")
    if finding.why:
        lines.append(f"why: {sentence(finding.why)}")
    lines += [f"fix: {escape(command)}" for command in finding.remedy]
    return "\n".join(lines).replace("](", "] (")
