"""Bun: frozen by a flag, by ``--production`` or a setting; it never looks at CI variables."""

from __future__ import annotations

from lockward.ci.managers.arguments import kinds, parse, table
from lockward.ci.managers.verdict import (
    FROZEN,
    GLOBAL,
    LOCAL,
    LOCK_ONLY,
    MAINTENANCE,
    NOT_AN_INSTALL,
    NOTHING_WRITTEN,
    Facts,
    Verdict,
    added,
    pinned,
    without_lockfile,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

    from lockward.ci.command import Environment
    from lockward.ci.managers.arguments import Arguments

_TAKES: Final = table(
    """
    --cwd -c --config --cache-dir --registry --backend --concurrent-scripts --omit
    --network-concurrency --filter -F --cafile --ca --linker --cpu --os --env-file
    """
)
_INSTALLS: Final = frozenset({"install", "i"})
_ADDS: Final = frozenset({"add", "a"})
_MAINTAINS: Final = frozenset({"update", "remove", "rm"})
_REMEDY: Final = ("bun install --frozen-lockfile",)


def judge(  # noqa: PLR0911 - a decision list, its rows in their order
    argv: Sequence[str], environment: Environment, facts: Facts
) -> Verdict:
    """What a bun command line does to the lockfile."""
    del environment
    arguments = parse(argv[1:], _TAKES)
    operands = arguments.operands
    if not operands or arguments.has("--help", "-h"):
        return NOT_AN_INSTALL
    verb = operands[0]
    if verb in _MAINTAINS:
        return MAINTENANCE
    if verb not in _INSTALLS and verb not in _ADDS and verb != "ci":
        return NOT_AN_INSTALL
    if arguments.has("-g", "--global"):
        return GLOBAL
    if arguments.has("--dry-run"):
        return NOTHING_WRITTEN
    named = _named(operands[1:]) if verb != "ci" else None
    if named is not None or verb in _ADDS:
        return named or LOCAL
    return _bare(arguments, facts, always=verb == "ci")


def _named(words: Sequence[str]) -> Verdict | None:
    """The verdict on packages that are named on the command line; None when none is."""
    named = kinds(words)
    if "floating" in named:
        return added(named["floating"], _REMEDY[0])
    if "pinned" in named:
        return pinned(named["pinned"])
    return LOCAL if "local" in named else None


def _bare(arguments: Arguments, facts: Facts, *, always: bool) -> Verdict:
    freezes = always or arguments.has("--frozen-lockfile", "--production", "-p")
    if freezes or facts.frozen.get("bun"):
        return without_lockfile("bun", "bun install") if facts.unlocked else FROZEN
    if arguments.has("--lockfile-only"):
        return LOCK_ONLY
    message = "`{command}` can install what was never locked: bun freezes with a flag only"
    return Verdict("unfrozen", "install", message, _REMEDY)


def directory(argv: Sequence[str]) -> str:
    """The folder of ``--cwd``."""
    return parse(argv[1:], _TAKES).value("--cwd")
