"""Plain commands rewritten in their frozen form: where, and what stands there then.

Only what is sure is touched: a command that the file spells out on one line, of
a project whose lockfile is tracked, that lacks nothing but the frozen verb or
flag.  Whatever was meant to thaw (``--no-immutable``), names packages, or is put
together by a shell or a template stays as it is.
"""

from __future__ import annotations

from lockward import ci
from lockward.ci.managers import judge
from lockward.ci.managers.npm import instead
from lockward.ci.managers.npm_options import parse
from lockward.ci.projects import Projects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from typing import Final

    from lockward.ci.command import Command
    from lockward.ci.managers.verdict import Facts
    from lockward.model import Tree

_MARK: Final = b"\xef\xbb\xbf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
# What may stand behind a command: the end of its line, of its string, or an operator.
_ENDS: Final = b"\r\n\"'`;&|)]},#"
_VERBS: Final = ("install", "i")
_ROUNDS: Final = 1_000  # edits of one file


class Edit:
    """A stretch of a line (from 1; columns from 0, in bytes) and what stands there instead."""

    __slots__ = ("end", "line", "new", "old", "start")

    def __init__(self, line: int, start: int, old: str, new: str) -> None:
        self.line: Final = line
        self.start: Final = start
        self.end: Final = start + len(old)
        self.old: Final = old
        self.new: Final = new


def rewritten(
    path: str, data: bytes, tree: Tree, lines: Collection[int] | None = None
) -> tuple[bytes, list[Edit]]:
    """A CI file with its plain commands frozen, and the edits; the same bytes when none is sure.

    ``lines`` limits the edits to these lines.  The result is judged once more:
    each edit must have mended its command, and nothing else may have changed.
    """
    if data[:2] in _UTF16 or not ci.worth_reading(data):
        return data, []
    before = list(_unfrozen(path, data, tree))
    edits = [
        edit
        for command, facts in before
        if (lines is None or command.line in lines)
        and (edit := _edit(command, facts, data)) is not None
    ][:_ROUNDS]
    changed = _applied(data, edits)
    mended = {(edit.line, edit.start + 1) for edit in edits}
    left = [(c.line, c.argv) for c, _ in before if (c.line, c.column) not in mended]
    if [(c.line, c.argv) for c, _ in _unfrozen(path, changed, tree)] != left:
        return data, []
    return changed, edits


def _unfrozen(path: str, data: bytes, tree: Tree) -> Iterator[tuple[Command, Facts]]:
    projects = Projects(tree)
    for command in ci.read(path, data).commands:
        facts = projects.facts(projects.directory(command), path)
        if judge(command.argv, command.environment, facts).kind == "unfrozen":
            yield command, facts


def _edit(command: Command, facts: Facts, data: bytes) -> Edit | None:
    manager = command.argv[0]
    freeze = _FREEZES.get(manager)
    reason = judge(command.argv, command.environment, facts).reason
    if freeze is None or not facts.known or manager not in facts.locked:
        return None
    new = freeze(command.argv, reason, facts)
    start = command.column - 1
    line = data.removeprefix(_MARK).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line = line.split(b"\n")[command.line - 1]
    old = " ".join(command.argv)
    behind = line[start + len(old) :]
    spelled = line[start:].startswith(old.encode()) and _ends(behind)
    return Edit(command.line, start, old, new) if new and spelled else None


def _ends(behind: bytes) -> bool:
    """Whether a command is over: nothing, an operator, or a comment follows."""
    rest = behind.lstrip(b" \t")
    return not rest or rest[0] in _ENDS[: -1 if rest == behind else len(_ENDS)]


def _npm(argv: tuple[str, ...], reason: str, facts: Facts) -> str:  # noqa: ARG001 - the table's signature
    """``npm install`` -> ``npm ci``, its options kept."""
    operands, _ = parse(argv[1:])
    return instead(argv, operands[0]) if reason in ("install", "no-such-option") else ""


def _yarn(argv: tuple[str, ...], reason: str, facts: Facts) -> str:
    """``yarn`` -> ``yarn install --frozen-lockfile``, or ``--immutable`` where Berry runs."""
    major = facts.major("yarn")
    if reason == "install" and major == 1:
        return _with_flag(argv, "--frozen-lockfile")
    return _with_flag(argv, "--immutable") if reason == "no-ci" and major else ""


def _pnpm(argv: tuple[str, ...], reason: str, facts: Facts) -> str:  # noqa: ARG001 - as above
    return _with_flag(argv, "--frozen-lockfile") if reason == "no-ci" else ""


def _bun(argv: tuple[str, ...], reason: str, facts: Facts) -> str:  # noqa: ARG001 - as above
    return _with_flag(argv, "--frozen-lockfile") if reason == "install" else ""


def _with_flag(argv: tuple[str, ...], flag: str) -> str:
    """The command with a flag behind its verb; a bare ``yarn`` gets the verb too."""
    words = list(argv)
    if not any(word in _VERBS for word in words):
        words.insert(1, "install")
    place = next(index for index, word in enumerate(words) if word in _VERBS)
    return " ".join([*words[: place + 1], flag, *words[place + 1 :]])


_FREEZES: Final[dict[str, Callable[[tuple[str, ...], str, Facts], str]]] = {
    "npm": _npm,
    "yarn": _yarn,
    "pnpm": _pnpm,
    "bun": _bun,
}


def _applied(data: bytes, edits: list[Edit]) -> bytes:
    """The bytes with the edits in place; line ends and the byte order mark as they were."""
    mark = _MARK if data.startswith(_MARK) else b""
    lines = data[len(mark) :].splitlines(keepends=True)
    for edit in sorted(edits, key=lambda edit: (edit.line, edit.start), reverse=True):
        line = lines[edit.line - 1]
        lines[edit.line - 1] = line[: edit.start] + edit.new.encode() + line[edit.end :]
    return mark + b"".join(lines)
