"""What a package manager's command line does to the lockfile: one manager, one file.

``judge`` picks the manager by the command's first word.
"""

from __future__ import annotations

from lockward.ci.managers import bun, npm, pnpm, travis, yarn
from lockward.ci.managers.verdict import NOT_AN_INSTALL, Facts, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Final

    from lockward.ci.command import Environment

    Judge = Callable[[Sequence[str], Environment, Facts], Verdict]
    Directory = Callable[[Sequence[str]], str]

_JUDGES: Final[dict[str, tuple[Judge, Directory]]] = {
    "npm": (npm.judge, npm.directory),
    "yarn": (yarn.judge, yarn.directory),
    "pnpm": (pnpm.judge, pnpm.directory),
    "bun": (bun.judge, bun.directory),
    "travis": (travis.judge, travis.directory),
}


def judge(argv: Sequence[str], environment: Environment, facts: Facts) -> Verdict:
    """Whether a command can install something else than the committed lockfile."""
    row = _JUDGES.get(argv[0].partition("@")[0])
    return row[0](argv, environment, facts) if row else NOT_AN_INSTALL


def directory(argv: Sequence[str]) -> str:
    """The folder that the command's own options choose (``--prefix web``); "" when none does."""
    words = tuple(argv)
    known = _DIRECTORIES.get(words)
    if known is None:
        if len(_DIRECTORIES) >= _MOST_DIRECTORIES:
            _DIRECTORIES.clear()
        row = _JUDGES.get(words[0].partition("@")[0])
        known = _DIRECTORIES[words] = row[1](words) if row else ""
    return known


# What was answered last: every rule about CI asks it of the same commands.
_DIRECTORIES: Final[dict[tuple[str, ...], str]] = {}
_MOST_DIRECTORIES: Final = 500


__all__ = ["Facts", "Verdict", "directory", "judge"]
