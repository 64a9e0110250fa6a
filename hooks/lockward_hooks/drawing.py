"""``lockward history --html``: the verdicts gathered, and drawn at the end."""

from __future__ import annotations

from lockward.reports.history_html import SEVERITIES, Moment, render
from lockward_hooks import output
from lockward_hooks.telling import day

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.findings import Report
    from lockward_hooks.arguments import Arguments
    from lockward_hooks.past import Verdict

MESSAGES: Final = 50  # of one commit; the page shows a few


class Page:
    """A Teller (telling.Teller) that writes one page when all is told."""

    def __init__(self, args: Arguments) -> None:
        self._args: Final = args
        self._moments: Final[list[Moment]] = []
        self._sizes: Final[dict[str, int]] = {}

    def tell(self, verdict: Verdict, /) -> None:
        """Keep what matters of a commit."""
        report = verdict.report
        if not (report.lockfiles or report.findings or report.undecided):
            return
        moved = [(len(v.added), len(v.removed), len(v.changed)) for v in report.lockfiles]
        added, removed, changed = (sum(each) for each in zip((0, 0, 0), *moved, strict=True))
        said = [finding.message for finding in report.findings if finding.severity == "error"]
        self._moments.append(
            Moment(
                verdict.commit,
                day(verdict.data),
                classes={each.path: each.classification for each in report.lockfiles},
                sizes=self._sizes_after(report),
                moved=(added, removed, changed),
                findings={
                    severity: sum(finding.severity == severity for finding in report.findings)
                    for severity in SEVERITIES
                },
                messages=tuple([*report.undecided, *said][:MESSAGES]),
            )
        )

    def _sizes_after(self, report: Report) -> dict[str, int]:
        """How many entries the changed lockfiles hold now, as far as that is known.

        A commit that touches one project tells it; of several only the sum is
        told, so what came and went is added to what was known.
        """
        if len(report.lockfiles) == 1 and report.examined.get("lockfiles") == 1:
            self._sizes[report.lockfiles[0].path] = report.examined.get("packages", 0)
        else:
            for each in report.lockfiles:
                if each.path in self._sizes:
                    self._sizes[each.path] += len(each.added) - len(each.removed)
        return {
            each.path: self._sizes[each.path]
            for each in report.lockfiles
            if each.path in self._sizes
        }

    def introduced(self, verdict: Verdict, wanted: str, /) -> None:  # noqa: ARG002 - a Teller's shape
        """The commit, as any other."""
        self.tell(verdict)

    def nowhere(self, wanted: str, number: int, /) -> None:  # noqa: ARG002 - likewise
        """An empty page."""
        self.end(number)

    def end(self, number: int, /) -> None:
        """Write it."""
        output.deliver(render(self._moments, number), self._args)
