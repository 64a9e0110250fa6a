"""``--fix``: plain installs in CI files rewritten in the working tree, and shown as a diff.

What is staged stays as it was: whoever reads the diff decides with ``git add``.
Links are not followed, neither a file nor a folder on the way to it, and a file
is replaced as a whole or not at all.
"""

from __future__ import annotations

import os
import stat
import sys

from lockward_hooks import output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, TextIO

    from lockward.ci.edits import Edit
    from lockward.findings import Report
    from lockward.model import Tree
    from lockward_hooks.arguments import Arguments

RULE: Final = "ci-npm-install"


def apply(report: Report, args: Arguments, top: str, tree: Tree) -> None:
    """Rewrite what the report found, where it is sure, and print the diff.

    ``top`` is the folder of the working tree; ``tree`` tells which lockfiles there
    are.  Only lines that still read as they were judged are touched.
    """
    wanted: dict[str, list[str]] = {}
    for finding in report.findings:
        if finding.rule == RULE and finding.now:
            wanted.setdefault(finding.path, []).append(finding.now)
    stream = sys.stderr if args.get("format") in output.DOCUMENTS else sys.stdout
    edited, files = 0, 0
    for path, lines in wanted.items():
        edits = _rewrite(top, path, lines, tree, stream)
        edited += len(edits)
        files += bool(edits)
    found = sum(map(len, wanted.values()))
    output.emit(_summary(edited, files, found), stream)


def _summary(edited: int, files: int, found: int) -> str:
    if not found:
        return ""
    if not edited:
        return "lockward: no command was rewritten: none is plain enough to be sure\n"
    left = f"; {found - edited} left to you" if found > edited else ""
    what = f"{edited} command{'s' * (edited > 1)} in {files} file{'s' * (files > 1)}"
    return f"lockward: {what} rewritten{left}; see the diff, then `git add`\n"


def _rewrite(top: str, path: str, lines: list[str], tree: Tree, stream: TextIO) -> list[Edit]:
    from lockward.ci import edits

    place = os.path.join(os.path.realpath(top), path)
    data = _read(place)
    if data is None:
        return []
    numbers = {
        number
        for number, line in enumerate(data.splitlines(), 1)
        if line.decode("utf-8", "replace").removeprefix("\ufeff").strip() in lines
    }
    changed, found = edits.rewritten(path, data, tree, numbers)
    if found and _replace(place, data, changed):
        output.emit(_diff(path, data, changed), stream)
        return found
    return []


def _read(place: str) -> bytes | None:
    """A regular file that no link leads to; None for all else."""
    folder = os.path.dirname(place)
    if os.path.realpath(folder) != os.path.normpath(folder):
        return None
    try:
        number = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(number, "rb") as file:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                return None
            return file.read()
    except OSError:
        return None


def _replace(place: str, data: bytes, changed: bytes) -> bool:
    """Put the new content in the file's place, unless it changed meanwhile."""
    if _read(place) != data:
        return False
    beside = f"{place}.lockward-{os.getpid()}"
    try:
        mode = stat.S_IMODE(os.lstat(place).st_mode)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with open(os.open(beside, flags, mode), "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(changed)
        os.replace(beside, place)
    except OSError as error:
        output.emit(f"lockward: {os.path.basename(place)}: {error.strerror}\n", sys.stderr)
        if os.path.lexists(beside):
            os.unlink(beside)
        return False
    return True


def _diff(path: str, before: bytes, after: bytes) -> str:
    """A unified diff for people: what a terminal could obey is escaped."""
    from difflib import unified_diff

    from lockward.reports.escape import escape

    old, new = (
        [line.decode("utf-8", "replace") for line in data.splitlines()] for data in (before, after)
    )
    shown = unified_diff(old, new, f"a/{path}", f"b/{path}", lineterm="")
    return "".join(f"{escape(line)}\n" for line in shown)
