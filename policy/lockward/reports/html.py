"""The report as one HTML page that needs nothing else: no network, no other file.

A strict content security policy allows our own style and script by their hashes
and nothing else; foreign text is escaped, and the script never makes markup of
text.  The same report always gives the same bytes.
"""

from __future__ import annotations

from lockward.posture.grade import STEPS
from lockward.reports import posture_text
from lockward.reports.escape import clip, escape, sentence, value
from lockward.reports.page import picture, tables
from lockward.reports.page.model import Model
from lockward.reports.page.text import allowed, asset, bdi, block, h, style_policy
from lockward.reports.summary import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.findings import Report
    from lockward.posture.assess import Posture
    from lockward.posture.grade import Grade, Step

AGAIN: Final = "lockward scan --format html --output posture.html"
_VERDICTS: Final = {"pass": "passed", "fail": "refused", "undecided": "undecided"}
_LONGEST: Final = 1000


def render(report: Report) -> str:
    """The page of a scan; of a check the findings alone."""
    posture = report.posture
    model = None if posture is None or not posture.trees else Model(report, posture)
    style, script = asset("style.css"), asset("script.js")
    data = {} if model is None else model.columns()
    body = "".join(_body(report, model))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{h(_title(posture))}</title><style>{style}</style></head>\n"
        f'<body>{body}<script type="application/json" id="data">{block(data)}</script>'
        f"<script>{script}</script></body></html>\n"
    )


def _policy(style: str, script: str) -> str:
    return (
        f"{style_policy(style)}; script-src {allowed(script)};"
        " require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _title(posture: Posture | None) -> str:
    name = posture.name if posture is not None else ""
    return f"{value(name)}: supply-chain posture" if name else "Supply-chain posture"


def _body(report: Report, model: Model | None) -> Iterator[str]:
    posture = report.posture
    yield '<a class="skip" href="#findings">To the findings</a>'
    yield from _header(report)
    yield "<main>"
    if posture is not None:
        yield from _next(posture.grade)
    if model is not None:
        yield from _tree(model)
    yield from tables.findings(report, model)
    if posture is not None:
        if posture.facts.total:
            yield '<div class="two">'
            yield from tables.depth(posture.facts)
            yield from tables.sources(posture.facts)
            yield "</div>"
        yield from tables.controls(posture.grade)
    yield f"</main><footer><p>Make this page again: <code>{h(AGAIN)}</code></p></footer>"


def _header(report: Report) -> Iterator[str]:
    posture = report.posture
    counts = ", ".join(
        counted(sum(finding.severity == severity for finding in report.findings), severity)
        for severity in tables.MARKS
    )
    said = f"{counted(len(report.findings), 'finding')}: {counts}"
    yield "<header>"
    if posture is not None and posture.grade.letter:
        grade = posture.grade
        score = f"{grade.score} of {grade.rubric.start}"
        yield f'<div class="grade" role="img" aria-label="Grade {grade.letter}, {score}">'
        yield f"<b>{grade.letter}</b>{score}</div>"
    yield "<div>"
    if posture is None:
        yield f"<h1>Lockward: {_VERDICTS[report.verdict]}</h1><p>{said}.</p>"
    else:
        yield f"<h1>{bdi(value(posture.name or 'Supply-chain posture'))}</h1>"
        yield f"<p>{counted(posture.facts.total, 'package')}, {said}.</p>"
        yield from _about(posture)
    yield from (f"<p>Undecided: {h(sentence(reason))}</p>" for reason in report.undecided)
    yield "</div></header>"


def _about(posture: Posture) -> Iterator[str]:
    grade, facts = posture.grade, posture.facts
    if grade.reason:
        yield f"<p>{h(grade.reason)}</p>"
    if grade.capped_by:
        names = ", ".join(map(value, grade.capped_by))
        yield f"<p>No better than {h(grade.rubric.cap)} while {h(names)} fails.</p>"
    if facts.total:
        yield f'<p class="mute">{facts.direct} direct, {facts.transitive} transitive, '
        yield f"{facts.max_depth} deep; {facts.dev} for development only; "
        yield f"{posture_text.scripts(facts)}.</p>"
    paths = list(posture.trees)
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""  # noqa: PLR2004 - room for three
    rubric = f"{value(grade.rubric.name)} {value(grade.rubric.version)}"
    yield f'<p class="mute">{", ".join(bdi(value(path)) for path in paths[:3])}{more}; '
    yield f"rubric {h(rubric)}</p>"


def _next(grade: Grade) -> Iterator[str]:
    yield '<section aria-labelledby="h-next"><h2 id="h-next">What to do next</h2>'
    if grade.danger:
        yield '<p class="danger">Danger zone: many packages, many install scripts, a severe '
        yield "vulnerability and <code>npm install</code> in CI, all at once.</p>"
    if not grade.steps:
        yield "<p>Nothing that would raise the score.</p></section>"
        return
    yield '<ol class="steps">'
    for step in grade.steps[:STEPS]:
        yield from _step(step)
    yield "</ol></section>"


def _step(step: Step) -> Iterator[str]:
    result = step.result
    yield f"<li><b>{h(sentence(result.control.title))}</b>: +{step.gain} points, then grade "
    yield f"{h(step.grade)}. {counted(result.count, 'finding')}."
    if result.rule:
        only = f'data-only="{h(result.rule)}"'
        yield f' <button type="button" class="link js" {only}>See them</button>'
    if result.remedy:
        commands = "\n".join(clip(escape(line), _LONGEST) for line in result.remedy)
        yield f"<pre><code>{chr(10).join(map(h, commands.split(chr(10))))}</code></pre>"
    yield "</li>"


def _tree(model: Model) -> Iterator[str]:
    found = any(row.own for row in model.rows)
    yield '<section id="picture" aria-labelledby="h-tree"><h2 id="h-tree">The dependency tree</h2>'
    yield "<p>Each box is a package, drawn once, under the package that brings it in by the "
    yield "shortest way. Left is your repository. Height is the number of end packages behind it. "
    yield "A coloured edge means: a finding further right.</p>"
    if not found:
        yield "<p>No findings about packages. The whole tree is shown.</p>"
    yield '<div class="tools js">'
    if found:
        checked = " checked" if picture.narrowed(model) else ""
        yield f'<label><input type="checkbox" id="narrow"{checked}>'
        yield "only branches with findings</label>"
    yield '<label>Colour by <select id="colour"><option value="findings">findings</option>'
    yield '<option value="source">where it comes from</option></select></label>'
    yield '<nav id="crumbs" aria-label="The branch that is shown"></nav></div>'
    yield picture.svg(model)
    yield '<p id="key-findings" class="mute"><span class="swatch high"></span>error '
    yield '<span class="swatch mid"></span>warning <span class="swatch low"></span>note '
    yield '<span class="swatch none"></span>no finding of its own</p>'
    yield '<p id="key-source" class="mute" hidden>'
    yield "The colours are those of &quot;Where they come from&quot;.</p>"
    yield '<p id="detail" class="js" role="status" aria-live="polite"></p></section>'
