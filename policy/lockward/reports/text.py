"""The report that people read: blocks of severity[rule], place, evidence, why, fix.

On the path of every refusal, so nothing is imported that costs: no re, no
textwrap.  Everything foreign goes through ``escape``.
"""

from __future__ import annotations

from lockward.errors import LockwardError
from lockward.reports.blocks import Block, blocks, capped, totals
from lockward.reports.escape import LONGEST, clip, escape, pair, sentence, value
from lockward.reports.summary import LONGEST_PATH, Style, counted, judged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.findings import Finding, Report
    from lockward.posture.assess import Posture


REMOTE_WIDTH: Final = 72  # what git leaves of a terminal behind "remote: "
REMOTE_LINES: Final = 40
ROWS: Final = 5
PLACES: Final = 3
REASONS: Final = 10
LONGEST_COMMAND: Final = 1000
LONGEST_LINE: Final = 4096  # bytes of a source line in which a caret is looked for


def render(report: Report, style: Style | None = None) -> str:
    """The whole report, each line ended; "" when a quiet caller has nothing to hear."""
    style = style or Style()
    if style.quiet and not report.findings and not report.undecided:
        return ""
    found = blocks(report.findings)
    shown = capped(found)
    bodies = [_block(block, style, report.posture) for block in shown]
    reasons = _reasons(report.undecided, style)
    hidden = len(shown) < len(found) or any(len(block.findings) > ROWS for block in shown)
    if style.lines:
        hidden |= _fit(shown, bodies, style.lines - len(reasons) - 1)
    lines = [*reasons, *(line for body in bodies for line in body)]
    if report.posture is not None:
        from lockward.reports import posture_text

        lines += posture_text.lines(report.posture, style)
    lines.append(style.paint("bold", _last_line(report, found, style, hidden=hidden)))
    return "\n".join(lines) + "\n"


def _reasons(reasons: tuple[str, ...], style: Style) -> list[str]:
    label = style.paint("error", "error")
    lines = [f"{label}: {sentence(reason)}" for reason in reasons[:REASONS]]
    if len(reasons) > REASONS:
        lines.append(f"{label}: ... {len(reasons) - REASONS} more reasons")
    return lines


# The last line


def summary(report: Report) -> str:
    """The verdict in a word, and the counts: ``lockward: refused, 1 error``."""
    return _verdict(report, blocks(report.findings))


def _verdict(report: Report, found: list[Block]) -> str:
    counts = totals(report, len(found))
    if report.verdict == "undecided":
        return f"lockward: undecided, {_undecided(report, counts)} (exit 2)"
    if report.verdict == "fail":
        return f"lockward: refused, {counts}"
    return f"lockward: passed, {counts or judged(report)}"


def _last_line(report: Report, found: list[Block], style: Style, *, hidden: bool) -> str:
    text = _verdict(report, found)
    if not found or report.verdict == "undecided":
        return text
    if hidden:
        return f"{text}. All: {style.all}"
    return f"{text}. More: lockward explain {escape(found[0].first.rule)}"


def _undecided(report: Report, counts: str) -> str:
    unreadable = {finding.path for finding in report.findings if finding.undecided}
    if unreadable:
        other = len(report.findings) - sum(finding.undecided for finding in report.findings)
        more = f", {counted(other, 'other finding')}" if other else ""
        return f"{counted(len(unreadable), 'file')} unreadable{more}"
    return counts or "nothing was judged"


# Blocks


def _block(block: Block, style: Style, posture: Posture | None = None) -> list[str]:
    """The lines of one block."""
    many = len(block.findings) > 1
    lines = [_headline(block, style), _place(block, style)]
    if many:
        lines += _rows(block.findings, style.width)
    else:
        lines += _evidence(block.first, style)
        way = () if posture is None else posture.way(block.first)
        if len(way) > 1:  # which direct dependency brings it
            lines.append(f"  via: {clip(' > '.join(map(value, way)), max(style.width, LONGEST))}")
    if block.first.why:
        lines += _wrapped("  why: ", sentence(block.first.why), style.width)
    for number, command in enumerate(block.first.remedy):
        lines.append(f"  {'fix: ' if not number else '     '}{_command(command)}")
    return lines


def _command(text: str) -> str:
    return clip(escape(text[: 2 * LONGEST_COMMAND]), LONGEST_COMMAND)


def _headline(block: Block, style: Style) -> str:
    first = block.first
    label = style.paint(first.severity, f"{first.severity}[{escape(first.rule)}]")
    message = first.message
    if len(block.findings) > 1:
        message = first.group.replace("{n}", str(len(block.findings)))
    return f"{label}: {style.paint('bold', sentence(message))}"


def _place(block: Block, style: Style) -> str:
    first = block.first
    path = value(first.path, LONGEST_PATH)
    if len(block.findings) == 1 and first.line:
        path += f":{first.line}"
    elif len({finding.path for finding in block.findings}) > 1:
        path += f" and {len(block.findings) - 1} more"
    elif len(block.findings) > 1 and not any(finding.row for finding in block.findings):
        path += ", ".join(map(_short_place, block.findings[:PLACES]))
        if len(block.findings) > PLACES:
            path += f", {len(block.findings) - PLACES} more"
    return f"  {style.paint('place', '-->')} {path}"


def _short_place(finding: Finding) -> str:
    """``:41 accepts``."""
    return f":{finding.line} {value(finding.package or '')}".rstrip()


def _rows(findings: list[Finding], width: int) -> list[str]:
    """The columns of the first findings, aligned, and a count of the rest."""
    rows = [[value(cell) for cell in finding.row] for finding in findings[:ROWS] if finding.row]
    columns = max(map(len, rows), default=0)
    widths = [
        max((len(row[column]) for row in rows if column < len(row)), default=0)
        for column in range(columns)
    ]
    lines = [
        clip("  " + "  ".join(map(str.ljust, row, widths)).rstrip(), max(width, LONGEST))
        for row in rows
    ]
    if rows and len(findings) > len(rows):
        lines.append(f"  ... {len(findings) - len(rows)} more")
    return lines


def _evidence(finding: Finding, style: Style) -> list[str]:
    """Both values, or else the line itself where the caller can read it."""
    if not finding.was and not finding.now:
        return excerpt(finding, style)
    was, now = pair(finding.was, finding.now)
    lines = []
    if finding.was:
        lines.append(f"  was: {style.paint('was', was)}")
    if finding.now:
        lines.append(f"  now: {style.paint('now', now)}")
    return lines


def excerpt(finding: Finding, style: Style) -> list[str]:
    """The line of a manifest or a CI file, with a caret under the package it names.

    Never of a settings file: its lines hold tokens.
    """
    from lockward.relevant import kind

    if style.source is None or not finding.line or kind(finding.path) not in ("manifest", "ci"):
        return []
    try:
        data = style.source(finding.path)
    except LockwardError:
        return []  # the excerpt only helps; a rule reports what cannot be read
    name = (finding.package or "").rpartition("@")[0] or finding.package or ""
    return quoted(data, finding.line, f'"{name}"' if name else "", "", style)


def quoted(data: bytes | None, line: int, word: str, label: str, style: Style) -> list[str]:
    """A numbered line of a file, and a caret under a word of it with a label."""
    row = _line(data, line)
    if row is None or not row.strip():
        return []
    number = f"{line:>4} | "
    text = value(row, max(style.width - len(number), LONGEST // 2))
    lines = [number + text]
    at = text.find(escape(word)) if word else -1
    if at >= 0:
        caret = "^" * len(escape(word))
        lines.append(f"     | {' ' * at}{style.paint('error', caret)} {label}".rstrip())
    elif label:
        lines.append(f"     | {label}")
    return lines


def _line(data: bytes | None, number: int) -> str | None:
    """A line of a file (from 1), its first bytes; None when there is no such line."""
    if data is None:
        return None
    start = 0
    for _ in range(number - 1):
        start = data.find(b"\n", start) + 1
        if not start:
            return None
    end = data.find(b"\n", start)
    row = data[start : len(data) if end < 0 else end][:LONGEST_LINE]
    return row.decode("utf-8", "surrogateescape").removesuffix("\r").replace("\t", "  ")


def _wrapped(label: str, text: str, width: int) -> Iterator[str]:
    """Words laid out in lines of at most ``width``, below each other behind a label."""
    line = label
    for word in text.split(" "):
        if len(line) + len(word) > width and len(line) > len(label):
            yield line.rstrip()
            line = " " * len(label)
        line += f"{word} "
    yield line.rstrip()


def _fit(shown: list[Block], bodies: list[list[str]], room: int) -> bool:
    """Make the blocks fit into so many lines; true when something had to go.

    From the last block up: first those whose rule has been shown, then all
    but the headline and the place.
    """
    cut = False
    for number in range(len(shown) - 1, 0, -1):
        if sum(map(len, bodies)) <= room:
            return cut
        rule = shown[number].first.rule
        if any(block.first.rule == rule for block in shown[:number]):
            bodies[number] = []
            cut = True
    for number in range(len(shown) - 1, -1, -1):
        if sum(map(len, bodies)) <= room:
            return cut
        bodies[number] = bodies[number][:2]
        cut = True
    return cut


# What could not be judged at all


def fault(error: LockwardError, data: bytes | None = None, style: Style | None = None) -> str:
    """An error with its place, the line itself, a caret and what was probably meant."""
    style = style or Style()
    word, hint = getattr(error, "word", ""), sentence(getattr(error, "hint", ""))
    place = value(error.path, LONGEST_PATH)
    place = f"{place}:{error.line}: " if error.line else f"{place}: " if place else ""
    lines = [f"{style.paint('error', 'error')}: {place}{sentence(error.message)}"]
    shown = quoted(data, error.line, word, hint, style) if error.line else []
    lines += shown or ([f"  {hint}"] if hint else [])
    what = "the policy is not valid; " if type(error).__name__ == "PolicyError" else ""
    lines.append(style.paint("bold", f"lockward: undecided, {what}nothing was judged (exit 2)"))
    return "\n".join(lines) + "\n"
