"""The tables of the page: findings, controls, depth, sources."""

from __future__ import annotations

from lockward.reports.escape import clip, escape, sentence, value
from lockward.reports.page.text import bdi, h

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Final

    from lockward.findings import Finding, Report
    from lockward.posture.facts import Facts
    from lockward.posture.grade import Grade
    from lockward.reports.page.model import Model

DEEPEST: Final = 30  # rows; what lies deeper shares one
GROUPED: Final = 500  # findings from which on each rule folds away
SOURCES: Final = 12
_LONGEST: Final = 1000
MARKS: Final = {
    "error": ("high", "\u25b2"),
    "warning": ("mid", "\u25c6"),
    "note": ("low", "\u25cf"),
}


def findings(report: Report, model: Model | None) -> Iterator[str]:
    """Every finding with its path; over 500 of them under a fold for each rule."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    yield '<section id="findings" aria-labelledby="h-findings"><h2 id="h-findings">Findings</h2>'
    if not report.findings:
        yield "<p>No findings.</p></section>"
        return
    yield from _tools(report, by_rule)
    way = report.posture.way if report.posture is not None else None
    if len(report.findings) <= GROUPED:
        yield from _table(report.findings, model, way)
    else:
        for rule, found in by_rule.items():
            yield f'<details class="group"><summary>{h(rule)}: {len(found)} findings</summary>'
            yield from _table(found, model, way)
            yield "</details>"
    yield '<p id="none" hidden>No finding matches. <button type="button" class="clear">'
    yield "Clear the filters</button></p></section>"


def _tools(report: Report, rules: Iterable[str]) -> Iterator[str]:
    yield '<div class="tools js" role="group" aria-label="Filters">'
    yield '<label>Search <input type="search" id="q"></label>'
    yield '<label>Rule <select id="rule"><option value="">all</option>'
    yield from (f'<option value="{h(rule)}">{h(rule)}</option>' for rule in rules)
    yield "</select></label>"
    for severity, (_, sign) in MARKS.items():
        number = sum(finding.severity == severity for finding in report.findings)
        if number:
            yield f'<label><input type="checkbox" data-sev="{severity}" checked>'
            yield f"{sign} {severity} ({number})</label>"
    yield '<button type="button" class="clear">Clear</button>'
    yield '<span id="count" aria-live="polite"></span></div>'


def _table(
    found: Iterable[Finding],
    model: Model | None,
    way: Callable[[Finding], tuple[str, ...]] | None,
) -> Iterator[str]:
    yield '<div class="scroll" tabindex="0" role="region" aria-label="Findings, a table">'
    yield '<table><thead><tr><th scope="col">Severity</th><th scope="col">Package</th>'
    yield '<th scope="col">What, and what to do</th><th scope="col">Where</th></tr></thead><tbody>'
    for finding in found:
        yield from _row(finding, model, () if way is None else way(finding))
    yield "</tbody></table></div>"


def _row(finding: Finding, model: Model | None, way: tuple[str, ...]) -> Iterator[str]:
    mark, sign = MARKS[finding.severity]
    row = None if model is None else model.row_of(finding)
    node = "" if row is None else f' data-node="{row}"'
    yield f'<tr data-rule="{h(finding.rule)}" data-sev="{finding.severity}"{node}>'
    yield f'<td class="sev {mark}"><i aria-hidden="true">{sign}</i>{finding.severity}</td>'
    name = bdi(value(finding.package or ""))
    if row is not None and row > 0:
        name = f'<button type="button" class="link" data-show="{row}">{name}</button>'
    yield f'<td>{name}</td><td><span class="msg">{h(sentence(finding.message))}</span>'
    yield f' <span class="mute">{h(finding.rule)}</span>'
    if finding.remedy:
        yield f"<br><code>{'<br>'.join(_command(line) for line in finding.remedy)}</code>"
    yield f"</td><td>{bdi(value(finding.path, 200))}:{max(1, finding.line)}"
    if len(way) > 1:
        yield f"<br>{' &rsaquo; '.join(bdi(value(name)) for name in way)}"
    yield "</td></tr>"


def _command(line: str) -> str:
    return h(clip(escape(line), _LONGEST))


_STATUS: Final = {"pass": "passed", "fail": "failed", "not measured": "not measured"}


def controls(grade: Grade) -> Iterator[str]:
    """Every control of the rubric, how it came out, and what it cost."""
    yield '<section aria-labelledby="h-controls"><h2 id="h-controls">'
    yield "What was not checked, and how the score is made</h2>"
    rubric = f"{value(grade.rubric.name)} {value(grade.rubric.version)}"
    yield f"<p>Rubric {h(rubric)}: {grade.rubric.start} points minus what failed. "
    yield f"A failed critical control holds the grade at {h(grade.rubric.cap)}. The grade says how "
    yield "changes to dependencies are guarded, not whether the code in them is good.</p>"
    yield '<div class="scroll" tabindex="0" role="region" aria-label="Controls, a table"><table>'
    yield '<thead><tr><th scope="col">Control</th><th scope="col">Severity</th>'
    yield '<th scope="col">Result</th><th scope="col" class="num">Points</th></tr></thead><tbody>'
    for result in grade.results:
        reason = (
            f'<br><span class="mute">{h(sentence(result.reason))}</span>' if result.reason else ""
        )
        yield f"<tr><td>{h(sentence(result.control.title))}{reason}</td>"
        yield f"<td>{result.control.severity}</td><td>{_STATUS[result.status]}</td>"
        yield f'<td class="num">{result.delta}</td></tr>'
    yield "</tbody></table></div></section>"


def depth(facts: Facts) -> Iterator[str]:
    """How many packages lie how deep."""
    yield '<section aria-labelledby="h-depth"><h2 id="h-depth">How deep the packages are</h2>'
    yield '<table><thead><tr><th scope="col">Depth</th><th scope="col" class="num">Packages</th>'
    yield '<th scope="col"><span class="mute">of all</span></th></tr></thead><tbody>'
    most = max(facts.by_depth, default=1)
    for level, number in enumerate(facts.by_depth[:DEEPEST], 1):
        name = "1 (direct)" if level == 1 else str(level)
        yield f'<tr><td>{name}</td><td class="num">{number}</td><td>{_bar(number, most)}</td></tr>'
    deeper = sum(facts.by_depth[DEEPEST:])
    if deeper:
        yield f'<tr><td>deeper</td><td class="num">{deeper}</td><td></td></tr>'
    yield "</tbody></table></section>"


def sources(facts: Facts) -> Iterator[str]:
    """Where the packages come from; the same colours as in the tree."""
    yield '<section aria-labelledby="h-from"><h2 id="h-from">Where they come from</h2><table>'
    yield '<thead><tr><th scope="col">From</th><th scope="col" class="num">Packages</th>'
    yield '<th scope="col"><span class="mute">of all</span></th></tr></thead><tbody>'
    most = max(facts.sources.values(), default=1)
    for place, (name, number) in enumerate(list(facts.sources.items())[:SOURCES]):
        swatch = f'<span class="swatch s{min(place, 5)}"></span>'
        yield f'<tr><td>{swatch}{bdi(value(name))}</td><td class="num">{number}</td>'
        yield f"<td>{_bar(number, most)}</td></tr>"
    yield "</tbody></table>"
    if len(facts.sources) > SOURCES:
        yield f"<p>{len(facts.sources) - SOURCES} more places</p>"
    yield "</section>"


def _bar(number: int, most: int) -> str:
    wide = max(1, round(200 * number / max(1, most)))
    return (
        '<svg viewBox="0 0 200 16" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="bar" width="{wide}" height="14" y="1"/></svg>'
    )
