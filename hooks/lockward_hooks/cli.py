"""The command line: the one place that picks an exit code.

Whatever happens, the code is 0, 1 or 2, and never by accident: Python's own 1
for an uncaught exception would read as "refused".
"""

from __future__ import annotations

import os
import sys

from lockward.errors import LockwardError
from lockward_hooks import output
from lockward_hooks.arguments import COMMANDS, UsageError, parse, usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Final, NoReturn

    from lockward_hooks.arguments import Arguments


def console() -> NoReturn:
    """The console script: ``main`` without what only a long life needs.

    No garbage is collected, nothing is torn down, and our own modules are not
    looked for: 8 ms of 50.
    """
    import gc

    gc.disable()
    _load_quickly()
    code = main()
    if "coverage" in sys.modules:
        sys.exit(code)  # a measured run has to write down what it saw
    os._exit(code)


def _load_quickly() -> None:
    try:
        from lockward_hooks import loading
    except ImportError:
        return  # an interpreter that imports by other means
    loading.install()


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line (without the program's name); the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    environ = os.environ
    try:
        return _run(words, environ)
    except Exception as error:  # noqa: BLE001 - a crash must say so and be 2
        return _say(error, environ)
    except KeyboardInterrupt:
        return output.UNDECIDED


def _run(words: list[str], environ: Mapping[str, str]) -> int:
    if {"--help", "-h"}.intersection(words) or words[:1] == ["help"]:
        output.emit(usage(words[0] if words[0] in COMMANDS else ""))
        return output.PASSED
    if words[:1] == ["--version"]:
        words = ["version"]
    args = parse(words)
    try:
        return _dispatch(args, environ)
    except UsageError:
        raise
    except LockwardError as error:
        return output.undecided(error, args, environ)


def _dispatch(args: Arguments, environ: Mapping[str, str]) -> int:
    """Import the one module that a command needs, and run it."""
    place, function = _PLACES[args.command]
    if args.command == "check" and args.get("from"):
        place, function = "check", "run_range"
    module = __import__(f"lockward_hooks.{place}", fromlist=(function,))
    code: int = getattr(module, function)(args, environ)
    return code


# Command -> module and function.
_PLACES: Final = {
    "check": ("pre_commit", "run_check"),
    "pre-commit": ("pre_commit", "run"),
    "commit-msg": ("commit_msg", "run"),
    "pre-push": ("pre_push", "run"),
    "pre-receive": ("pre_receive", "run"),
    "update": ("pre_receive", "run_update"),
    "vref": ("pre_receive", "run_vref"),
    "ref-update": ("pre_receive", "run_gerrit"),
    "commit-received": ("pre_receive", "run_gerrit"),
    "audit": ("auditing", "run"),
    "install": ("install", "run"),
    "doctor": ("doctor", "run"),
    "scan": ("check", "run_scan"),
    "diff": ("difference", "run"),
    "init": ("init", "run"),
    "history": ("history", "run"),
    "packages": ("commands", "run_packages"),
    "rules": ("commands", "run_rules"),
    "explain": ("commands", "run_explain"),
    "version": ("commands", "run_version"),
}


def _say(error: Exception, environ: Mapping[str, str]) -> int:
    """Say what went wrong, in one line."""
    if isinstance(error, UsageError):
        text = f"lockward: {error}\n"
    else:
        what = f"{type(error).__name__} {str(error)[:200]!a}"
        text = f"lockward: crashed, nothing was decided: {what}\n"
        text += "  LOCKWARD_DEBUG=1 shows where\n"
        if environ.get("LOCKWARD_DEBUG"):
            from traceback import format_exception

            text += "".join(format_exception(error))
    output.emit(text, sys.stderr)
    return output.UNDECIDED
