"""How a caller wants its text, and the one line that a report with nothing to tell is.

All that a commit without findings loads of the text report (text.py).
"""

from __future__ import annotations

from lockward.reports.escape import escape, value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

    from lockward.findings import LockfileVerdict, Report

    Source = Callable[[str], bytes | None]

WIDTH: Final = 80  # where the caller knows no better
LONGEST_PATH: Final = 200
ALL: Final = "lockward check --format concise"

_COLOURS: Final = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "note": "\x1b[1;36m",
    "place": "\x1b[34m",
    "was": "\x1b[31m",
    "now": "\x1b[32m",
    "bold": "\x1b[1m",
}
_EXAMINED: Final = {
    "lockfiles": ("lockfile", ""),
    "packages": ("package", ""),
    "manifests": ("manifest", ""),
    "settings": ("settings file", ""),
    "ci": ("CI file", ""),
    "commits": ("commit", ""),
}


class Style:
    """How the caller wants the text.

    ``width`` in columns; ``colour`` only when the caller knows that a terminal
    reads it; ``lines`` caps the whole report (0 = no cap); ``quiet`` is a
    hook's silence on a pass; ``source`` reads a file for its excerpt; ``all``
    is the command that shows everything.
    """

    __slots__ = ("all", "colour", "lines", "quiet", "source", "width")

    def __init__(
        self,
        *,
        width: int = WIDTH,
        colour: bool = False,
        lines: int = 0,
        quiet: bool = False,
        source: Source | None = None,
        all: str = ALL,  # noqa: A002 - the word of the line it ends up in
    ) -> None:
        self.width: Final = width
        self.colour: Final = colour
        self.lines: Final = lines
        self.quiet: Final = quiet
        self.source: Final = source
        self.all: Final = all

    def paint(self, colour: str, text: str) -> str:
        """The text in a colour, where colours are wanted."""
        return f"{_COLOURS[colour]}{text}\x1b[0m" if self.colour else text


def passed(report: Report, style: Style) -> str:
    """What text.render says of a report without anything to tell; a quiet caller hears nothing."""
    if style.quiet:
        return ""
    return style.paint("bold", f"lockward: passed, {judged(report)}") + "\n"


def judged(report: Report) -> str:
    """What was looked at: a pass never means that nothing was."""
    excepted = f", {len(report.suppressed)} excepted" if report.suppressed else ""
    if len(report.lockfiles) == 1:
        return _lockfile(report.lockfiles[0]) + excepted
    parts = [
        counted(number, *_EXAMINED.get(what, (escape(what), escape(what))))
        for what, number in report.examined.items()
        if number
    ]
    return (", ".join(parts) or "nothing to judge") + excepted


def _lockfile(verdict: LockfileVerdict) -> str:
    changed = len(verdict.added) + len(verdict.removed) + len(verdict.changed)
    path = value(verdict.path, LONGEST_PATH)
    return f"{path} {verdict.classification} ({counted(changed, 'package')} changed)"


def counted(number: int, one: str, many: str = "") -> str:
    """``1 error``, ``2 errors``."""
    return f"{number} {one if number == 1 else many or one + 's'}"
