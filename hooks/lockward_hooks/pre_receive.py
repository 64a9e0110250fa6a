"""The hooks of Git servers: each reads its own arguments, and all ask the same gate.

githooks(5) for pre-receive and update; gitolite's "virtual refs"; the hooks
plugin of Gerrit.  A non-zero exit refuses.
"""

from __future__ import annotations

import os
import sys

from lockward_hooks import gate, output
from lockward_hooks.git import GitError
from lockward_hooks.refs import RefUpdate, received

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward_hooks.arguments import Arguments

LARGEST: Final = 64 << 20  # bytes of standard input: 500,000 refs
_REFEX: Final = 6  # where gitolite puts the refex, counted from 0


def run(args: Arguments, environ: Mapping[str, str]) -> int:
    """The pre-receive hook: the updates come on standard input."""
    return gate.run(gate.Caller(args, environ), received(standard_input()))


def run_update(args: Arguments, environ: Mapping[str, str]) -> int:
    """The update hook: ``update REF OLD NEW``, once for each ref."""
    if len(args.operands) != 3:  # noqa: PLR2004 - githooks(5), update
        raise GitError("update takes REF OLD NEW")
    ref, old, new = args.operands
    return gate.run(gate.Caller(args, environ), [RefUpdate(old, new, ref)])


def run_vref(args: Arguments, environ: Mapping[str, str]) -> int:
    """A gitolite VREF: ``REF OLD NEW OLDTREE NEWTREE ACCESS REFEX [PARAMETER...]``.

    It denies by printing the refex, and the exit code must be 0.  What cannot
    be decided is denied by an exit code, whatever the rule in gitolite.conf says.
    """
    if len(args.operands) <= _REFEX:
        raise GitError("vref takes REF OLD NEW OLDTREE NEWTREE ACCESS REFEX")
    ref, old, new = args.operands[:3]
    told = gate.judge(gate.Caller(args, environ), [RefUpdate(old, new, ref)])
    words = told.text
    if told.code == output.REFUSED:
        words += f"{args.operands[_REFEX]} refused by lockward: see above\n"
    output.emit(words, sys.stdout)
    return output.PASSED if told.code == output.REFUSED else told.code


def run_gerrit(args: Arguments, environ: Mapping[str, str]) -> int:
    """Gerrit's synchronous hooks ref-update and commit-received: flags, not standard input."""
    from lockward_hooks import servers

    values = {name: args.get(name) for name in ("refname", "oldrev", "newrev")}
    missing = [f"--{name}" for name, value in values.items() if not value]
    if missing:
        raise GitError(f"{args.command} needs {' '.join(missing)}")
    ref = values["refname"]
    ref = ref if ref.startswith("refs/") else f"refs/heads/{ref}"
    uploader = args.get("uploader-username") or args.get("uploader")
    caller = gate.Caller(args, environ, servers.GERRIT, uploader)
    return gate.run(caller, [RefUpdate(values["oldrev"], values["newrev"], ref)])


def standard_input() -> bytes:
    """Everything on standard input."""
    data = b""
    parts = []
    size = 0
    while data := os.read(0, 1 << 16):
        parts.append(data)
        size += len(data)
        if size > LARGEST:
            raise GitError(f"standard input is longer than {LARGEST} bytes")
    return b"".join(parts)
