"""What a pusher reads: the verdict on each ref, and each finding once."""

from __future__ import annotations

from lockward.reports import text
from lockward.reports.blocks import counted
from lockward.reports.escape import value
from lockward_hooks import output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Final

    from lockward.findings import Finding, Report
    from lockward.reports.text import Style
    from lockward_hooks.push import Judgement, Push
    from lockward_hooks.refs import RefUpdate

    Twin = tuple[str, str, str, str]

REFS: Final = 10  # verdicts of single refs that are listed
RESERVED: Final = REFS + 4  # lines for those and for the last line
LEAST: Final = 6  # lines: one block
_RESTORE: Final = "git checkout HEAD -- "


class Told:
    """A push's outcome: what to print, and the exit code."""

    __slots__ = ("code", "text")

    def __init__(self, words: str, code: int) -> None:
        self.text: Final = words
        self.code: Final = code


def tell(push: Push, updates: Sequence[RefUpdate], style: Style) -> Told:
    """The report on a whole push.

    At the tip of a ref everything counts.  Of a commit on the way only errors
    count, and only those that its refs' tips have not told already are shown.
    """
    told: set[Twin | str] = set()
    parts = [(judgement, _new(judgement, told)) for judgement in push.judgements]
    shown = [part for part in parts if part[1].findings or part[1].undecided]
    whole = _joined([report for _, report in shown], push.skipped)
    if not (whole.findings or whole.undecided):
        return Told("", output.PASSED)
    lines = _sections(shown, style, headed=len(updates) > 1 or len(shown) > 1)
    if push.skipped:
        lines += _unjudged(push.skipped)
    lines.append(_last(whole))
    lines += _refs(push, updates) if len(updates) > 1 else ()
    return Told("".join(f"{line}\n" for line in lines), output.CODES[whole.verdict])


def _sections(shown: list[tuple[Judgement, Report]], style: Style, *, headed: bool) -> list[str]:
    """Each judgement's blocks under its heading, as far as ``style.lines`` reaches."""
    lines: list[str] = []
    for number, (judgement, report) in enumerate(shown):
        room = style.lines - len(lines) - RESERVED
        if style.lines and number and room < LEAST:
            more = counted(len(shown) - number, "commit or ref", "commits or refs")
            lines.append(f"... and {more} with findings")
            break
        if headed or judgement.commit:
            lines.append(_heading(judgement))
        lines += _body(report, style, max(room, LEAST) if style.lines else 0)
    return lines


def _new(judgement: Judgement, told: set[Twin | str]) -> Report:
    """A judgement's report without what was told before, its remedies from its own base."""
    findings = [
        finding
        for finding in judgement.report.findings
        if finding.twin() not in told and (not judgement.commit or finding.severity == "error")
    ]
    reasons = [reason for reason in judgement.report.undecided if reason not in told]
    told.update(finding.twin() for finding in findings)
    told.update(reasons)
    return _report(tuple(_mended(finding, judgement) for finding in findings), tuple(reasons))


def _report(findings: tuple[Finding, ...], undecided: tuple[str, ...]) -> Report:
    from lockward.findings import Report

    return Report(findings=findings, undecided=undecided)


def _mended(finding: Finding, judgement: Judgement) -> Finding:
    """The finding with commands that mend a commit: HEAD holds the fault already."""
    remedy = tuple(
        f"git checkout {judgement.base[:12]} -- {line.removeprefix(_RESTORE)}"
        if line.startswith(_RESTORE) and judgement.base
        else line
        for line in finding.remedy
    )
    if judgement.commit and judgement.base:
        remedy = (
            f"git rebase -i {judgement.base[:12]}",
            f"change {judgement.commit[:12]}, or squash it into the commit that mends it",
        )
    if remedy == finding.remedy:
        return finding
    members = {name: getattr(finding, name) for name in type(finding).__slots__}
    return type(finding)(**{**members, "remedy": remedy})


def _heading(judgement: Judgement) -> str:
    names = ", ".join(map(value, judgement.refs[:3]))
    more = f" and {len(judgement.refs) - 3} more" if len(judgement.refs) > 3 else ""  # noqa: PLR2004
    if judgement.commit:
        return f"commit {judgement.commit[:12]}{names and ' on '}{names}{more}:"
    return f"{names}:"


def _body(report: Report, style: Style, lines: int) -> list[str]:
    """The blocks of a report, without its last line."""
    looks = text.Style(width=style.width, colour=style.colour, lines=lines, all=style.all)
    return text.render(report, looks).splitlines()[:-1]


def _joined(reports: list[Report], skipped: list[str]) -> Report:
    """One report, for the verdict and the counts of the last line."""
    findings = tuple(finding for report in reports for finding in report.findings)
    reasons = [reason for report in reports for reason in report.undecided]
    if skipped:
        reasons.append("time is up")
    return _report(findings, tuple(reasons))


def _unjudged(skipped: list[str]) -> Iterator[str]:
    yield "error: time is up; not judged:"
    yield f"  {', '.join(map(value, skipped[:REFS]))}"
    if len(skipped) > REFS:
        yield f"  and {len(skipped) - REFS} more"


def _last(whole: Report) -> str:
    line = text.summary(whole)
    if whole.verdict == "fail":
        line += f". More: lockward explain {whole.findings[0].rule}"
    return line


def _refs(push: Push, updates: Sequence[RefUpdate]) -> Iterator[str]:
    """Each ref's own verdict, the worst first."""
    verdicts = {update.ref: "passed" for update in updates}
    for judgement in push.judgements:
        word = {"fail": "refused", "undecided": "undecided"}.get(judgement.report.verdict)
        for ref in judgement.refs if word else ():
            verdicts[ref] = "refused" if "refused" in (word, verdicts[ref]) else "undecided"
    ordered = sorted(verdicts.items(), key=lambda row: (row[1] == "passed", row[0]))
    for ref, word in ordered[:REFS]:
        yield f"  {word}: {value(ref)}"
    if len(ordered) > REFS:
        yield f"  and {len(ordered) - REFS} more refs"
