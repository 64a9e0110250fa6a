"""How a verdict reaches the caller: its words, its format and its exit code."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Final, TextIO

    from lockward.errors import LockwardError
    from lockward.findings import Report
    from lockward.reports.summary import Style
    from lockward_hooks.arguments import Arguments

PASSED: Final = 0
REFUSED: Final = 1
UNDECIDED: Final = 2  # also wrong usage, an invalid policy, a crash
CODES: Final = {"pass": PASSED, "fail": REFUSED, "undecided": UNDECIDED}
# What a program or a browser reads: there is a document, whatever happened.
DOCUMENTS: Final = frozenset({"json", "sarif", "gitlab", "junit", "html"})
NOTHING: Final = "lockward: passed, nothing to judge\n"


class Told:
    """A push's outcome: what to print, and the exit code."""

    __slots__ = ("code", "text")

    def __init__(self, words: str, code: int) -> None:
        self.text: Final = words
        self.code: Final = code


def emit(text: str, stream: TextIO | None = None) -> None:
    """Write text in one flush.  What a locale cannot show is escaped, never an error."""
    out = sys.stdout if stream is None else stream
    if not text or out is None:
        return  # None: started with that descriptor closed; the exit code still counts
    encoding = getattr(out, "encoding", None) or "utf-8"
    try:
        out.write(text.encode(encoding, "backslashreplace").decode(encoding))
        out.flush()
    except BrokenPipeError:
        # Whoever read us has seen enough.  The interpreter flushes once more at
        # its end, which must not fail either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())


def style(
    environ: Mapping[str, str],
    source: Callable[[str], bytes | None] | None = None,
    *,
    quiet: bool = False,
    again: str = "",
) -> Style:
    """How a person at this terminal, or a pipe, wants the report.

    ``again`` is the command that shows all of it ("" = what is staged).
    """
    from lockward.reports.summary import ALL, Style

    terminal = sys.stdout is not None and sys.stdout.isatty()
    plain = bool(environ.get("NO_COLOR")) or environ.get("TERM", "dumb") == "dumb"
    return Style(
        width=_width(terminal),
        colour=terminal and not plain,
        source=source,
        quiet=quiet,
        all=again or ALL,
    )


def _width(terminal: bool) -> int:  # noqa: FBT001 - a fact, not a switch
    """The columns of the terminal; 80 for a pipe, and where pre-commit's pty says 0."""
    if terminal:
        try:
            return os.get_terminal_size(sys.stdout.fileno()).columns or 80
        except (OSError, ValueError):
            return 80
    return 80


def render(report: Report, form: str, looks: Style) -> str:
    """A report in one of the formats."""
    if form == "text":
        if not (report.findings or report.undecided or report.posture):
            from lockward.reports.summary import passed

            return passed(report, looks)
        from lockward.reports import text

        return text.render(report, looks)
    module = __import__(f"lockward.reports.{form}", fromlist=("render",))
    rendered: str = module.render(report)
    return rendered


def undecided(error: LockwardError, args: Arguments, environ: Mapping[str, str]) -> int:
    """Say why nothing could be judged.

    A hook's words go where all its words go; by hand they are no result, so
    they go to standard error, unless a program asked for a document.
    """
    form = args.get("format", "text")
    if form in DOCUMENTS:
        from lockward.findings import Report

        deliver(render(Report(findings=(), undecided=(str(error),)), form, style(environ)), args)
    else:
        hook = "-" in args.command or args.command in ("update", "vref")
        emit(fault(error, style(environ)), sys.stdout if hook else sys.stderr)
    return UNDECIDED


def fault(error: LockwardError, looks: Style) -> str:
    """What to say when nothing could be judged."""
    from lockward.reports import text
    from lockward_hooks.policies import UnusablePolicyError

    if isinstance(error, UnusablePolicyError):
        return text.fault(error.cause, error.data, looks)
    return text.fault(error, None, looks)


def finish(
    report: Report,
    args: Arguments,
    environ: Mapping[str, str],
    source: Callable[[str], bytes | None],
    *,
    quiet: bool = False,
) -> int:
    """Print a report in the format asked for; its exit code."""
    looks = style(environ, source, quiet=quiet, again=_again(args) if report.findings else "")
    deliver(render(report, args.get("format", "text"), looks), args)
    return CODES[report.verdict]


def _again(args: Arguments) -> str:
    """The command that shows every finding; for a hook, what checks the same by hand."""
    from lockward.remedies import quote

    command = args.command if args.command in {"check", "scan"} else "check"
    options = {**args.values, "format": "concise"}
    words = [
        f"--{name} {quote(value)}" for name, value in options.items() if name not in _NOT_AGAIN
    ]
    return " ".join(("lockward", command, *words, *map(quote, args.operands)))


_NOT_AGAIN: Final = frozenset({"staged", "output"})


def deliver(text: str, args: Arguments) -> None:
    """Write a report to ``--output``, else to standard output."""
    path = args.get("output")
    if not path:
        emit(text)
        return
    from lockward.errors import TreeError

    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TreeError(f"cannot be written: {reason}", path=path) from None


def nothing(args: Arguments, *, quiet: bool) -> int:
    """Say that there was nothing to judge, unless a hook says it."""
    form = args.get("format", "text")
    if form in DOCUMENTS:
        from lockward.findings import Report
        from lockward.reports.summary import Style

        deliver(render(Report(findings=()), form, Style()), args)
    elif form == "text" and not quiet:
        emit(NOTHING)
    return PASSED
