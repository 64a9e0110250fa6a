"""Findings put together for people: one block per cause, worst first, capped."""

from __future__ import annotations

from lockward.reports.summary import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

    from lockward.findings import Finding, Report

BLOCKS: Final = 10  # shown at most, but at least one of each rule
SEVERITIES: Final = ("error", "warning", "note")


class Block:
    """The findings of one cause: one rule, one file (or across files), one group; in order."""

    __slots__ = ("findings",)

    def __init__(self, first: Finding) -> None:
        self.findings: Final = [first]

    @property
    def first(self) -> Finding:
        """The finding that speaks for all where there is room for one."""
        return self.findings[0]


def blocks(findings: Iterable[Finding]) -> list[Block]:
    """Every finding in its block, the blocks most serious first."""
    grouped: dict[tuple[str, str, str, str], Block] = {}
    found: list[Block] = []
    for finding in findings:
        path = "" if finding.across else finding.path
        key = (finding.severity, finding.rule, path, finding.group)
        known = grouped.get(key) if finding.group else None
        if known is not None:
            known.findings.append(finding)
            continue
        block = Block(finding)
        found.append(block)
        grouped[key] = block
    found.sort(key=lambda block: SEVERITIES.index(block.first.severity))
    return found


def capped(found: list[Block], limit: int = BLOCKS) -> list[Block]:
    """The first of every rule, and as many others as ``limit`` leaves room for, in order."""
    rules: set[str] = set()
    firsts: set[int] = set()
    for number, block in enumerate(found):
        if block.first.rule not in rules:
            rules.add(block.first.rule)
            firsts.add(number)
    others = max(0, limit - len(firsts))
    kept: list[Block] = []
    for number, block in enumerate(found):
        if number in firsts:
            kept.append(block)
        elif others:
            others -= 1
            kept.append(block)
    return kept


def totals(report: Report, causes: int) -> str:
    """``3 errors, 1 warning of 2 causes``: never capped."""
    parts = []
    for severity in SEVERITIES:
        number = sum(finding.severity == severity for finding in report.findings)
        if number:
            parts.append(counted(number, severity))
    text = ", ".join(parts)
    if causes < len(report.findings):
        text += f" of {counted(causes, 'cause')}"
    if report.suppressed:
        text += f", {len(report.suppressed)} excepted" if text else ""
    return text
