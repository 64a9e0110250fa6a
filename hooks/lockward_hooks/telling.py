"""How ``lockward history`` tells its verdicts: lines for people, or one JSON object each."""

from __future__ import annotations

from lockward.reports.escape import storable, value
from lockward.reports.summary import counted
from lockward_hooks import output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Protocol

    from lockward.findings import Finding, LockfileVerdict, Report
    from lockward.reports.summary import Style
    from lockward_hooks.past import Verdict

    class Teller(Protocol):
        """What tells, in one of the formats."""

        def tell(self, verdict: Verdict, /) -> None:
            """One commit."""

        def introduced(self, verdict: Verdict, wanted: str, /) -> None:
            """A commit that brought a package."""

        def nowhere(self, wanted: str, number: int, /) -> None:
            """No commit of so many did."""

        def end(self, number: int, /) -> None:
            """That was all."""


SHOWN: Final = 5  # findings of one commit
_SHORT: Final = 10  # digits of a commit id
_WORST: Final = ("metadata", "matched", "refresh", "rollback", "unexplained", "tampered")
_WORDS: Final = {"pass": "passed", "fail": "refused", "undecided": "undecided"}


class Text:
    """A line for each commit that changed a lockfile or has findings, and a summary at the end."""

    def __init__(self, style: Style) -> None:
        self._style: Final = style
        self._classes: Final[dict[str, int]] = {}
        self._verdicts: Final[dict[str, int]] = {}
        self._judged = 0

    def tell(self, verdict: Verdict, /) -> None:
        """``commit day class path``, then its errors, a line each."""
        report = verdict.report
        self._judged += verdict.judged
        if not (report.lockfiles or report.findings or report.undecided):
            return
        self._verdicts[report.verdict] = self._verdicts.get(report.verdict, 0) + 1
        worst = _worst(report)
        if worst:
            self._classes[worst] = self._classes.get(worst, 0) + 1
        places = " ".join(value(one.path) for one in report.lockfiles)
        words = [verdict.commit[:_SHORT], day(verdict.data), _WORDS[report.verdict]]
        line = " ".join([*words, worst.ljust(len(_WORST[4])) if worst else "-", places])
        output.emit("".join(f"{each}\n" for each in (line.rstrip(), *_details(report))))

    def introduced(self, verdict: Verdict, wanted: str, /) -> None:
        """The commit, its class, and how the package came."""
        for lockfile in verdict.report.lockfiles:
            how = _how(lockfile, wanted)
            if how:
                words = (verdict.commit[:_SHORT], day(verdict.data), lockfile.classification)
                output.emit(f"{' '.join(words)} {value(lockfile.path)}: {how}\n")
        output.emit("".join(f"{each}\n" for each in _details(verdict.report)))

    def nowhere(self, wanted: str, number: int, /) -> None:
        """Say so."""
        output.emit(f"lockward: none of {counted(number, 'commit')} introduced {value(wanted)}\n")

    def end(self, number: int, /) -> None:
        """The numbers."""
        said = ", ".join(f"{self._classes[one]} {one}" for one in _WORST if one in self._classes)
        matter = f"{counted(number, 'commit')}, {self._judged} with files that matter"
        lines = [f"{matter}; lockfiles: {said or 'none changed'}"]
        bad = self._verdicts.get("fail", 0), self._verdicts.get("undecided", 0)
        word = "undecided" if bad[1] else "refused" if bad[0] else "passed"
        lines.append(f"lockward: {word}, {bad[0]} refused, {bad[1]} undecided")
        output.emit("".join(f"{line}\n" for line in lines))


class Lines:
    """JSON Lines: one object for every commit of the range, whether anything mattered or not."""

    def __init__(self, _style: Style) -> None:
        pass

    def tell(self, verdict: Verdict, /) -> None:
        """See docs/output.md."""
        report = verdict.report
        self._emit(
            {
                "commit": verdict.commit,
                "lockfiles": [
                    {"path": one.path, "classification": one.classification}
                    for one in report.lockfiles
                ],
                "manifest_changed": report.requirements_changed,
                "findings": [_finding(finding) for finding in report.findings],
                "undecided": list(report.undecided),
            }
        )

    def introduced(self, verdict: Verdict, wanted: str, /) -> None:
        """The same, with the package."""
        self._emit(
            {
                "commit": verdict.commit,
                "introduced": wanted,
                "lockfiles": [
                    {"path": one.path, "classification": one.classification}
                    for one in verdict.report.lockfiles
                    if _how(one, wanted)
                ],
            }
        )

    def nowhere(self, wanted: str, number: int, /) -> None:
        """Nothing: no object, no commit."""

    def end(self, number: int, /) -> None:
        """Nothing more."""

    def _emit(self, row: dict[str, object]) -> None:
        from json import dumps

        output.emit(dumps(storable(row)) + "\n")


def _finding(finding: Finding) -> object:
    from lockward.reports.json import finding_row

    return finding_row(finding)


def _worst(report: Report) -> str:
    classes = [one.classification for one in report.lockfiles]
    return max(classes, key=_WORST.index, default="")


def _details(report: Report) -> list[str]:
    """The errors of a commit, and why it is undecided."""
    errors = [finding for finding in report.findings if finding.severity == "error"]
    lines = [f"  {one.rule}: {value(one.message, _LONGEST)}" for one in errors[:SHOWN]]
    if len(errors) > SHOWN:
        lines.append(f"  and {len(errors) - SHOWN} more")
    return [*lines, *(f"  undecided: {value(reason, _LONGEST)}" for reason in report.undecided)]


_LONGEST: Final = 160


def _how(lockfile: LockfileVerdict, wanted: str) -> str:
    """How a package came into a lockfile; "" when it did not."""
    for name, old, new in lockfile.changed:
        if f"{name}@{new}" == wanted:
            return f"{value(name)} {value(old)} -> {value(new)}"
    return f"{value(wanted)} added" if wanted in lockfile.added else ""


def day(commit: bytes) -> str:
    """The committer's day, in UTC, of a commit object."""
    head = commit.partition(b"\n\n")[0]
    line = next((row for row in head.split(b"\n") if row.startswith(b"committer ")), b"")
    seconds = line.rpartition(b"> ")[2].partition(b" ")[0]
    if not seconds.isdigit() or len(seconds) > 11:  # noqa: PLR2004 - until the year 5138
        return "----------"
    from time import gmtime, strftime

    return strftime("%Y-%m-%d", gmtime(int(seconds)))
