"""What a pusher reads: the verdict on each ref, and each finding once."""

from __future__ import annotations

from lockward.reports import text
from lockward.reports.escape import escape, value
from lockward.reports.summary import Style, counted
from lockward_hooks import output
from lockward_hooks.output import Told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Final

    from lockward.findings import Finding, Report
    from lockward_hooks.push import Judgement, Push
    from lockward_hooks.refs import RefUpdate

    Twin = tuple[str, str, str, str]

REFS: Final = 10  # verdicts of single refs that are listed
RESERVED: Final = REFS + 4  # lines for those and for the last line
LEAST: Final = 6  # lines: one block
_RESTORE: Final = "git checkout HEAD -- "
# GitLab's web pages show the lines that begin so, and drop the rest (server_hooks.md).
MARK: Final = "GL-HOOK-ERR: "
MARKED: Final = 5
# What a ref is made of that may stand in a command to paste.
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./")


class Extra:
    """What a server has to add to a push's report.

    ``notes`` are lines for the pusher (receipts, a policy that gets weaker);
    ``open``: what was not judged in time is accepted, as the server's policy
    says; ``seconds`` is the deadline; ``marked``: also say it in lines that
    GitLab's web pages show.
    """

    __slots__ = ("marked", "notes", "open", "seconds")

    def __init__(
        self,
        *,
        notes: Sequence[str] = (),
        open_late: bool = False,
        seconds: float = 0,
        marked: bool = False,
    ) -> None:
        self.notes: Final = notes
        self.open: Final = open_late
        self.seconds: Final = seconds
        self.marked: Final = marked


def tell(
    push: Push, updates: Sequence[RefUpdate], style: Style, extra: Extra | None = None
) -> Told:
    """The report on a whole push.

    At the tip of a ref everything counts.  Of a commit on the way only errors
    count, and only those that its refs' tips have not told already are shown.
    """
    extra = extra or Extra()
    told: set[Twin | str] = set()
    parts = [(judgement, _new(judgement, told)) for judgement in push.judgements]
    shown = [part for part in parts if part[1].findings or part[1].undecided]
    whole = _joined([report for _, report in shown], late=bool(push.skipped) and not extra.open)
    notes = list(map(escape, extra.notes))
    if not (whole.findings or whole.undecided or push.refused or push.skipped):
        return Told("".join(f"{line}\n" for line in notes), output.PASSED)
    lines = _sections(shown, style, headed=len(updates) > 1 or len(shown) > 1)
    lines += _forbidden(push.refused)
    lines += _unjudged(push, updates, extra) if push.skipped else ()
    lines += notes
    lines += _refs(push, updates, open_late=extra.open) if len(updates) > 1 else ()
    lines.append(_last(whole, push.refused))
    lines += _marked(lines) if extra.marked else ()
    code = output.CODES[whole.verdict]
    code = max(code, output.REFUSED) if push.refused else code
    return Told("".join(f"{line}\n" for line in lines), code)


def _marked(lines: list[str]) -> list[str]:
    """The headlines and the last line once more, behind GitLab's mark."""
    heads = [line for line in lines[:-1] if line.startswith(("error", "lockward:"))]
    return [f"{MARK}{line}" for line in (*heads[:MARKED], lines[-1])]


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
    return finding if remedy == finding.remedy else finding.with_remedy(remedy)


def _heading(judgement: Judgement) -> str:
    names = ", ".join(map(value, judgement.refs[:3]))
    more = f" and {len(judgement.refs) - 3} more" if len(judgement.refs) > 3 else ""  # noqa: PLR2004
    if judgement.commit:
        return f"commit {judgement.commit[:12]}{names and ' on '}{names}{more}:"
    return f"{names}:"


def _body(report: Report, style: Style, lines: int) -> list[str]:
    """The blocks of a report, without its last line."""
    looks = Style(width=style.width, colour=style.colour, lines=lines, all=style.all)
    return text.render(report, looks).splitlines()[:-1]


def _joined(reports: list[Report], *, late: bool) -> Report:
    """One report, for the verdict and the counts of the last line."""
    findings = tuple(finding for report in reports for finding in report.findings)
    reasons = [reason for report in reports for reason in report.undecided]
    return _report(findings, (*reasons, *(("time is up",) if late else ())))


def _forbidden(refs: list[str]) -> Iterator[str]:
    """Refs that nobody may push to, whatever they hold."""
    for ref in refs[:REFS]:
        yield f"error: {value(ref)}: this server takes no push to it"
        replaces = ref.startswith("refs/replace/")
        reason = "it shows another object in a judged one's place" if replaces else "its policy"
        yield f"  why: {reason}"
    if len(refs) > REFS:
        yield f"error: ... and {counted(len(refs) - REFS, 'more such ref')}"


def _unjudged(push: Push, updates: Sequence[RefUpdate], extra: Extra) -> Iterator[str]:
    skipped, done = push.skipped, len(push.judgements)
    label = "warning" if extra.open else "error"
    limit = f"deadline of {extra.seconds:g} s" if extra.seconds else "deadline"
    yield f"{label}: {limit} passed: {done} of {done + len(skipped)} judged"
    yield f"  not judged: {', '.join(map(value, skipped[:REFS]))}"
    if len(skipped) > REFS:
        yield f"  and {len(skipped) - REFS} more"
    if extra.open:
        yield "  the server's policy accepts what was not judged in time"
    elif len(updates) == 1 and len(push.commits) > 1 and _PLAIN.issuperset(updates[0].ref):
        middle = push.commits[len(push.commits) // 2]
        yield f"  fix: git push <remote> {middle[:12]}:{updates[0].ref}    (then the rest)"


def _last(whole: Report, refused: list[str]) -> str:
    if refused and whole.verdict == "pass":
        return f"lockward: refused, {counted(len(refused), 'ref')} that cannot be pushed to"
    line = text.summary(whole)
    if whole.verdict == "fail":
        line += f". More: lockward explain {whole.findings[0].rule}"
    return line


def _refs(push: Push, updates: Sequence[RefUpdate], *, open_late: bool) -> Iterator[str]:
    """Each ref's own verdict, the worst first."""
    verdicts = {update.ref: "passed" for update in updates}
    for judgement in push.judgements:
        word = {"fail": "refused", "undecided": "undecided"}.get(judgement.report.verdict)
        for ref in judgement.refs if word else ():
            verdicts[ref] = "refused" if "refused" in (word, verdicts[ref]) else "undecided"
    # A commit that was not judged may be any ref's.
    every = any(what.startswith("commit ") for what in push.skipped)
    for ref, word in verdicts.items():
        if word == "passed" and (every or f"ref {ref}" in push.skipped):
            verdicts[ref] = "not judged" if open_late else "undecided"
    verdicts.update(dict.fromkeys(push.refused, "refused"))
    ordered = sorted(verdicts.items(), key=lambda row: (row[1] == "passed", row[0]))
    for ref, word in ordered[:REFS]:
        yield f"  {word}: {value(ref)}"
    if len(ordered) > REFS:
        yield f"  and {len(ordered) - REFS} more refs"
