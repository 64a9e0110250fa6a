"""pnpm: frozen by a flag or a setting, and by default where it sees CI and a lockfile."""

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
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

    from lockward.ci.command import Environment
    from lockward.ci.managers.arguments import Arguments

_TAKES: Final = table(
    """
    -C --dir -F --filter --filter-prod --reporter --loglevel --store-dir --lockfile-dir
    --workspace-concurrency --network-concurrency --child-concurrency --registry --prefix
    --virtual-store-dir --modules-dir --node-linker --package-import-method --fetch-retries
    --fetch-timeout --hoist-pattern --public-hoist-pattern --changed-files-ignore-pattern
    --test-pattern --resume-from --global-dir --use-node-version --resolution-mode --cpu
    --os --libc
    """
)
_INSTALLS: Final = frozenset({"install", "i", "install-test", "it"})
_CI: Final = frozenset({"ci", "clean-install", "ic", "install-clean"})
_ADDS: Final = frozenset({"add", "a"})
_MAINTAINS: Final = frozenset(
    {"update", "up", "upgrade", "dedupe", "remove", "rm", "uninstall", "un", "import"}
)
_RUST: Final = 12  # the major version that judges --prefer-frozen-lockfile and .npmrc anew
_MESSAGE: Final = "`{command}` can install what was never locked"
_REMEDY: Final = ("pnpm install --frozen-lockfile",)


def judge(argv: Sequence[str], environment: Environment, facts: Facts) -> Verdict:
    """What a pnpm command line does to the lockfile."""
    arguments = parse(argv[1:], _TAKES)
    operands = arguments.operands
    if operands[:1] in (["recursive"], ["m"], ["multi"]):
        operands = operands[1:]
    if not operands or arguments.has("--help", "-h", "--version", "-v"):
        return NOT_AN_INSTALL
    verb = operands[0]
    if verb in _CI:
        return FROZEN  # before version 11 it is an error
    if verb in _INSTALLS or verb in _ADDS:
        if arguments.has("-g", "--global"):
            return GLOBAL
        return _install(argv, arguments, operands, environment, facts)
    if verb in _MAINTAINS and not arguments.has("--check", "-g", "--global"):
        return MAINTENANCE
    return NOT_AN_INSTALL


def directory(argv: Sequence[str]) -> str:
    """The folder of ``-C``."""
    return parse(argv[1:], _TAKES).value("-C", "--dir", "--prefix")


def _install(
    argv: Sequence[str],
    arguments: Arguments,
    operands: Sequence[str],
    environment: Environment,
    facts: Facts,
) -> Verdict:
    named = kinds(operands[1:])
    if "floating" in named:
        return added(named["floating"], _REMEDY[0])
    if "pinned" in named:
        return pinned(named["pinned"])
    if "local" in named or operands[0] in _ADDS:
        return LOCAL
    return _bare(arguments, environment, facts, facts.major("pnpm", argv[0]))


def _bare(  # noqa: PLR0911 - a decision list, its rows in their order
    arguments: Arguments, environment: Environment, facts: Facts, major: int | None
) -> Verdict:
    if arguments.has("--no-lockfile") or arguments.options.get("--lockfile") == "false":
        return Verdict(
            "unfrozen", "lockfile-off", "`{command}` does not read the lockfile", _REMEDY
        )
    chosen = _chosen(arguments, environment, facts, major)
    if chosen:
        return FROZEN
    if arguments.has("--lockfile-only"):
        return LOCK_ONLY
    if chosen is False:
        message = f"{_MESSAGE}: the frozen lockfile is switched off"
        return Verdict("unfrozen", "switched-off", message, _REMEDY)
    sees_ci = environment.is_ci()
    if sees_ci and facts.lacks("pnpm"):
        message = f"{_MESSAGE}: no lockfile of pnpm is tracked"
        return Verdict("unfrozen", "no-lockfile", message, _REMEDY)
    if sees_ci is None:
        return CALLER
    if sees_ci:
        return FROZEN
    return Verdict("unfrozen", "no-ci", f"{_MESSAGE}: pnpm sees no CI variable here", _REMEDY)


def _chosen(
    arguments: Arguments, environment: Environment, facts: Facts, major: int | None
) -> bool | None:
    """What flags, variables and settings say, in this order; None when nothing does."""
    rust = major is not None and major >= _RUST
    found = None
    for name, value in arguments.options.items():
        if name in ("--frozen-lockfile", "--config.frozen-lockfile"):
            found = None if value is not None and is_unknown(value) else value != "false"
        elif name in ("--no-frozen-lockfile", "--fix-lockfile") or (
            name in ("--prefer-frozen-lockfile", "--no-prefer-frozen-lockfile") and not rust
        ):
            found = False if found is None or "prefer" not in name else found
    if found is None:
        prefix = "pnpm_config_" if rust else "npm_config_"
        for name, value in environment.variables.items():
            if name.lower() == f"{prefix}frozen_lockfile":
                found = truth(value)
    return facts.frozen.get("pnpm") if found is None else found
