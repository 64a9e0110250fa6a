"""Annotations of a GitHub workflow run: one workflow command per cause, worst first.

GitHub shows ten of a kind for each step, so findings of one cause share one.
Source: GitHub, "Workflow commands for GitHub Actions", and actions/toolkit,
``packages/core/src/command.ts``, for what must be escaped.
"""

from __future__ import annotations

from lockward.reports.blocks import blocks
from lockward.reports.escape import escape, sentence, value
from lockward.reports.text import summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.findings import Report
    from lockward.reports.blocks import Block

ROWS: Final = 20
_COMMANDS: Final = {"error": "error", "warning": "warning", "note": "notice"}
_LONGEST_PATH: Final = 1000


def render(report: Report) -> str:
    """The commands, then the verdict as a line of the log."""
    lines = [_command("error", "", 0, "undecided", [sentence(why)]) for why in report.undecided]
    lines += map(_annotation, blocks(report.findings))
    if report.posture is not None:
        from lockward.reports import posture_text

        lines.append(f"lockward: {posture_text.headline(report.posture.grade)}")
    lines.append(summary(report))
    return "".join(f"{line}\n" for line in lines)


def _annotation(block: Block) -> str:
    first = block.first
    text = [sentence(first.message)]
    if len(block.findings) > 1:
        text = [sentence(first.group.replace("{n}", str(len(block.findings))))]
        text += [sentence(each.message) for each in block.findings[:ROWS]]
        if len(block.findings) > ROWS:
            text.append(f"... {len(block.findings) - ROWS} more")
    if first.why:
        text.append(f"why: {sentence(first.why)}")
    text += [f"fix: {escape(command)}" for command in first.remedy]
    return _command(_COMMANDS[first.severity], first.path, first.line, first.rule, text)


def _command(name: str, path: str, line: int, title: str, text: list[str]) -> str:
    properties = {"file": value(path, _LONGEST_PATH), "line": str(max(1, line)), "title": title}
    if not path:
        del properties["file"], properties["line"]
    given = ",".join(f"{key}={_property(word)}" for key, word in properties.items())
    return f"::{name} {given}::{_data(chr(10).join(text))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
