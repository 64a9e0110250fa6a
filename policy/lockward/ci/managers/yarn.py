"""Yarn: classic is frozen by a flag only, Berry by a flag or wherever it sees CI.

Which of the two runs is told by packageManager, .yarnrc.yml or the lockfile's
header; where nothing tells, a bare ``yarn`` is taken for classic.
"""

from __future__ import annotations

from lockward.ci.managers.arguments import is_unknown, kinds, parse, table, truth
from lockward.ci.managers.verdict import (
    CALLER,
    FROZEN,
    GLOBAL,
    LOCAL,
    LOCK_ONLY,
    MAINTENANCE,
    NOT_AN_INSTALL,
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
    --cwd --modules-folder --cache-folder --mutex --registry --network-timeout
    --network-concurrency --use-yarnrc --global-folder --preferred-cache-folder
    --link-folder --proxy --https-proxy --otp --prefix --mode --link-duplicates
    --scripts-prepend-node-path --child-concurrency
    """
)
_MAINTAINS: Final = frozenset(
    {"up", "upgrade", "upgrade-interactive", "dedupe", "remove", "import", "unplug"}
)
_NEVER_LOCKED: Final = ("--pure-lockfile", "--no-lockfile")
_BERRY: Final = 2  # the first major version that is Berry
_FALSE_IS_CI: Final = (2, 3)  # these take CI=false for CI


def judge(  # noqa: PLR0911 - a decision list, its rows in their order
    argv: Sequence[str], environment: Environment, facts: Facts
) -> Verdict:
    """What a yarn command line does to the lockfile."""
    arguments = parse(argv[1:], _TAKES)
    operands = arguments.operands
    if arguments.has("--help", "-h", "--version", "-v"):
        return NOT_AN_INSTALL
    while operands[:1] == ["workspace"] and len(operands) > 2:  # noqa: PLR2004 - workspace NAME command
        operands = operands[2:]
    verb = operands[0] if operands else "install"
    if verb == "install" and not any(is_unknown(word) for word in operands):
        return _install(argv, arguments, environment, facts)
    if verb == "global":
        return GLOBAL
    if verb == "add":
        return _add(operands[1:])
    if operands[:2] == ["workspaces", "focus"]:
        message = "`{command}` can install what was never locked: focus never checks the lockfile"
        return Verdict("unfrozen", "focus", message, ("yarn install --immutable",))
    if verb in _MAINTAINS and not arguments.has("--check"):
        return MAINTENANCE
    return NOT_AN_INSTALL


def directory(argv: Sequence[str]) -> str:
    """The folder of ``--cwd``."""
    return parse(argv[1:], _TAKES).value("--cwd")


def _add(names: Sequence[str]) -> Verdict:
    named = kinds(names)
    if "floating" in named:
        return added(named["floating"], "yarn install --immutable")
    return pinned(named["pinned"]) if "pinned" in named else LOCAL


def _install(
    argv: Sequence[str], arguments: Arguments, environment: Environment, facts: Facts
) -> Verdict:
    major = facts.major("yarn", argv[0])
    if major is None and (
        arguments.has("--immutable", "--immutable-cache") or _speaks_berry(arguments)
    ):
        major = _BERRY  # nobody gives these to classic
    if major is not None and major >= _BERRY:
        return _berry(arguments, environment, facts, major)
    return _classic(arguments, facts, known=major is not None)


def _speaks_berry(arguments: Arguments) -> bool:
    return any(
        name in arguments.options
        for name in ("--mode", "--no-immutable", "--check-cache", "--inline-builds")
    )


def _classic(arguments: Arguments, facts: Facts, *, known: bool) -> Verdict:
    remedy = ("yarn install --frozen-lockfile",)
    if arguments.has(*_NEVER_LOCKED):
        message = "`{command}` can install what was never locked, and does not say so"
        return Verdict("unfrozen", "lockfile-off", message, remedy)
    frozen = arguments.has("--frozen-lockfile") or facts.frozen.get("yarn", False)
    if frozen and not arguments.has("--no-frozen-lockfile"):
        return without_lockfile("yarn 1", "yarn install") if facts.lacks("yarn") else FROZEN
    which = "yarn 1" if known else "yarn"
    if arguments.has("--immutable"):
        message = f"`{{command}}` can install what was never locked: {which} has no --immutable"
        return Verdict("unfrozen", "no-such-option", message, remedy)
    message = f"`{{command}}` can install what was never locked: {which} freezes with a flag only"
    return Verdict("unfrozen", "install", message, remedy)


def _berry(arguments: Arguments, environment: Environment, facts: Facts, major: int) -> Verdict:
    remedy = ("yarn install --immutable",)
    if arguments.value("--mode") == "update-lockfile":
        return LOCK_ONLY
    chosen = _chosen(arguments)
    if chosen is None:
        chosen = truth(environment.get("YARN_ENABLE_IMMUTABLE_INSTALLS"))
    if chosen is None:
        chosen = facts.frozen.get("yarn")
    if chosen is False:
        message = (
            "`{command}` can install what was never locked: immutable installs are switched off"
        )
        return Verdict("unfrozen", "switched-off", message, remedy)
    sees_ci = environment.is_ci(false_counts=major in _FALSE_IS_CI)
    if chosen or sees_ci:
        return FROZEN
    if sees_ci is None:
        return CALLER
    message = "`{command}` can install what was never locked: yarn sees no CI variable here"
    return Verdict("unfrozen", "no-ci", message, remedy)


def _chosen(arguments: Arguments) -> bool | None:
    """What the flags say; the last one wins."""
    found = None
    for name, value in arguments.options.items():
        if name in ("--immutable", "--frozen-lockfile"):
            found = value != "false"
        elif name in ("--no-immutable", "--no-frozen-lockfile"):
            found = False
    return found
