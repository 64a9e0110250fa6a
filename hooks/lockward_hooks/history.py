"""``lockward history [RANGE]``: one verdict for every commit, the oldest first.

Along first parents a merge is judged against the first: as the whole that it
brings.  Else every commit is judged against each of its parents, as a push is.
"""

from __future__ import annotations

import sys

from lockward.errors import LockwardError
from lockward_hooks import output
from lockward_hooks.git import Git, GitError
from lockward_hooks.objects import Objects
from lockward_hooks.past import Past, Verdict
from lockward_hooks.pre_commit import today

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.policy import Policy
    from lockward_hooks.arguments import Arguments
    from lockward_hooks.telling import Teller

_KEPT: Final = 8 << 20  # bytes of CI files, manifests and settings that the next commit has too
_CHANGES: Final = ("lockfile-unmatched", "lockfile-tampered")


def run(args: Arguments, environ: Mapping[str, str]) -> int:
    """Judge a range of commits; the worst of their exit codes.

    With ``--introduced NAME@VERSION``: 0 when a commit brought it, 1 when none did.
    """
    git = Git(".", environ)
    start, end = _range(git, args.operands[0] if args.operands else "HEAD")
    with Objects(git, keep=_KEPT) as objects:
        past = Past(
            git,
            objects,
            _policy(args, git, objects, end),
            selection=_selection(args, start, end),
            paths=_paths(args),
            only=_CHANGES if args.get("introduced") else args.only,
            today=today(),
        )
        teller = _teller(args, environ)
        return _tell(args, past, teller)


def _tell(args: Arguments, past: Past, teller: Teller) -> int:
    if args.get("introduced"):
        return _introduced(args.get("introduced"), past, teller)
    code = output.PASSED
    for verdict in _watched(past):
        teller.tell(verdict)
        code = max(code, output.CODES[verdict.report.verdict])
    teller.end(len(past))
    return code


def _introduced(wanted: str, past: Past, teller: Teller) -> int:
    """The commits that brought a package into a lockfile."""
    if "@" not in wanted[1:]:
        raise GitError(f"--introduced needs NAME@VERSION, not {wanted!r}")
    found = False
    for verdict in _watched(past):
        if verdict.brings(wanted):
            found = True
            teller.introduced(verdict, wanted)
    if not found:
        teller.nowhere(wanted, len(past))
    return output.PASSED if found else output.REFUSED


def _watched(past: Past) -> Iterator[Verdict]:
    """The verdicts, with their number counted up on a terminal."""
    stream = sys.stderr
    if stream is None or not stream.isatty():
        yield from past.verdicts()
        return
    from time import monotonic

    told = monotonic()
    try:
        for number, verdict in enumerate(past.verdicts(), 1):
            if monotonic() - told > _PAUSE:
                told = monotonic()
                output.emit(f"\r{number} of {len(past)} commits", stream)
            yield verdict
    finally:
        output.emit("\r\x1b[K", stream)


_PAUSE: Final = 0.2  # seconds between two numbers


def _range(git: Git, text: str) -> tuple[str, str]:
    """The commits that ``A..B`` or ``B`` names: where to begin ("" = at the first), and to end."""
    if "..." in text:
        raise GitError(f"{text!r} is no range that history walks: write A..B")
    before, dots, after = text.rpartition("..")
    names = (before or "HEAD", after or "HEAD") if dots else ("", text)
    found = tuple(git.commit(name) if name else "" for name in names)
    for name, commit in zip(names, found, strict=True):
        if name and not commit:
            hint = "; this clone is shallow: fetch more history" if git.shallow() else ""
            raise GitError(f"there is no commit {name!r} here{hint}")
    return found[0], found[1]


def _selection(args: Arguments, start: str, end: str) -> tuple[str, ...]:
    """The words for rev-list."""
    words = [end, *([f"^{start}"] if start else [])]
    if args.get("first-parent"):
        words.append("--first-parent")
    if args.get("since"):
        words.append(f"--since={args.get('since')}")
    if args.get("max-count"):
        number = args.get("max-count")
        if not number.isdecimal():
            raise GitError(f"--max-count needs a number, not {number!r}")
        words.append(f"--max-count={number}")
    return tuple(words)


def _paths(args: Arguments) -> tuple[str, ...]:
    return tuple(path.strip("/") for path in args.get("path").split(",") if path.strip("/"))


def _policy(args: Arguments, git: Git, objects: Objects, end: str) -> Policy:
    """``--policy``, else the one that the last commit holds: today's eyes on the past."""
    from lockward_hooks import policies

    path = args.get("policy")
    return policies.of_file(path) if path else policies.of_commit(git, objects, end)


def _teller(args: Arguments, environ: Mapping[str, str]) -> Teller:
    if args.get("html") or args.get("format") == "html":
        from lockward_hooks.drawing import Page

        return Page(args)
    from lockward_hooks import telling

    kind = telling.Lines if args.get("format") == "jsonl" else telling.Text
    return kind(output.style(environ))


__all__ = ["LockwardError", "run"]
