"""The report as Markdown, for a comment on a pull request.

Foreign words stand in code spans: there they are no link, no mention of anybody
and no markup.  Source: GitHub Flavored Markdown, 6.1 (code spans), 4.5 (fences).
"""

from __future__ import annotations

import re

from lockward.reports.blocks import BLOCKS, blocks, capped
from lockward.reports.escape import escape, sentence, value
from lockward.reports.summary import counted
from lockward.reports.text import summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.findings import Report
    from lockward.posture.assess import Posture
    from lockward.reports.blocks import Block

ROWS: Final = 10
_PIECES: Final = re.compile(r"`[^`]+`|[^\s`]+|`+|\s+")
# Words of a sentence that mean nothing to Markdown, whatever stands around them.
_PLAIN: Final = re.compile(r"(?!www\.)[A-Za-z(][A-Za-z0-9'(),;:.-]*\Z|[-+]?[0-9]+[,;:)]*\Z|->\Z")
_END: Final = ".,:;)"
_SIGNS: Final = {"error": "**error**", "warning": "warning", "note": "note"}


def render(report: Report) -> str:
    """A heading with the verdict, the grade, one section per cause, what was left out."""
    found = blocks(report.findings)
    shown = capped(found, BLOCKS)
    lines = [f"### {inline(summary(report))}", ""]
    lines += [f"- {inline(sentence(reason))}" for reason in report.undecided]
    if report.posture is not None:
        lines += _posture(report.posture)
    for block in shown:
        lines += _section(block)
    if len(shown) < len(found):
        lines += [f"{len(found) - len(shown)} more causes: `lockward check --format concise`", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def inline(text: str) -> str:
    """A sentence in which each word that could be markup, a link or a mention is code."""
    parts = []
    for piece in _PIECES.findall(escape(text)):
        if piece.isspace():
            parts.append(" ")
        elif len(piece) > 2 and piece[0] == piece[-1] == "`":  # noqa: PLR2004 - a span of our own
            parts.append(code(piece[1:-1]))
        else:
            parts += [piece] if _PLAIN.match(piece) else _coded(piece)
    return "".join(_apart(parts))


def _coded(word: str) -> list[str]:
    """A word as code, and what stands behind it without being part of it."""
    bare = word.rstrip(_END)
    return [code(bare), word[len(bare) :]] if bare else [code(word)]


def _apart(parts: list[str]) -> Iterator[str]:
    """The parts, with a blank between two code spans: their fences must not touch."""
    before = ""
    for part in filter(None, parts):
        if before.endswith("`") and part.startswith("`"):
            yield " "
        yield part
        before = part


def code(text: str) -> str:
    """A code span that nothing inside can end."""
    text = escape(text)
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if text[:1] in ("`", " ", "") or text[-1:] in ("`", " ", "") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def fenced(lines: list[str], language: str = "sh") -> list[str]:
    """A code block that nothing inside can end."""
    text = [escape(line) for line in lines]
    fence = "`" * max(3, max(map(_longest_run, text), default=0) + 1)
    return [f"{fence}{language}", *text, fence]


def _longest_run(text: str) -> int:
    return max(map(len, re.findall(r"`+", text)), default=0)


def _section(block: Block) -> Iterator[str]:
    first = block.first
    headline = first.message
    if len(block.findings) > 1:
        headline = first.group.replace("{n}", str(len(block.findings)))
    place = f"{value(first.path, 200)}:{max(1, first.line)}"
    what = f"{_SIGNS[first.severity]} {code(first.rule)}"
    yield f"{what} {inline(sentence(headline))} ({code(place)})"
    yield ""
    if len(block.findings) > 1:
        for finding in block.findings[:ROWS]:
            yield f"- {inline(sentence(finding.message))}"
        if len(block.findings) > ROWS:
            yield f"- {len(block.findings) - ROWS} more"
        yield ""
    for label, text in (("was", first.was), ("now", first.now)):
        if text and len(block.findings) == 1:
            yield f"- {label} {code(value(text))}"
    if first.why:
        yield f"- {inline(sentence(first.why))}"
    yield ""
    if first.remedy:
        yield from fenced(list(first.remedy))
        yield ""


def _posture(posture: Posture) -> Iterator[str]:
    from lockward.reports import posture_text

    grade, facts = posture.grade, posture.facts
    yield f"**Posture:** {inline(posture_text.headline(grade))}"
    yield ""
    if facts.total:
        yield f"- packages {inline(posture_text.packages(facts))}"
        yield f"- {inline(posture_text.scripts(facts))}"
    if grade.danger:
        yield f"- **Danger zone:** {inline(posture_text.DANGER)}"
    for result in grade.not_measured:
        yield f"- not measured: {inline(sentence(result.control.title))}"
    for step in grade.steps[:3]:
        title = inline(sentence(step.result.control.title))
        yield f"- next, {counted(step.gain, 'point')} (grade {step.grade}): {title}"
    yield ""
