"""On the server: judge every ref of a push, and fail closed.

git-receive-pack(1): one line per ref on standard input; a non-zero exit
refuses the whole push.
"""

from __future__ import annotations

import os
import sys

from lockward_hooks import output
from lockward_hooks.git import Git, GitError
from lockward_hooks.objects import Objects
from lockward_hooks.pre_commit import today
from lockward_hooks.push import Push, Rules
from lockward_hooks.refs import RefUpdate, received

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Final

    from lockward.policy import Policy
    from lockward.reports.text import Style
    from lockward_hooks.arguments import Arguments

LARGEST: Final = 64 << 20  # bytes of standard input: 500,000 refs
# Everything that the repository holds was judged under this same policy.
KNOWN: Final = ("--not", "--all")
# GitHub Enterprise Server ends all hooks of a push after 5 s and then refuses it.
DEADLINE: Final = 30.0
DEADLINE_GITHUB: Final = 4.0


def run(args: Arguments, environ: Mapping[str, str]) -> int:
    """The pre-receive hook: the updates come on standard input."""
    return _judge(args, environ, received(standard_input()))


def run_update(args: Arguments, environ: Mapping[str, str]) -> int:
    """The update hook: ``update REF OLD NEW``, once for each ref."""
    if len(args.operands) != 3:  # noqa: PLR2004 - githooks(5), update
        raise GitError("update takes REF OLD NEW")
    ref, old, new = args.operands
    return _judge(args, environ, [RefUpdate(old, new, ref)])


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


def _judge(args: Arguments, environ: Mapping[str, str], updates: list[RefUpdate]) -> int:
    git = Git(".", environ)
    with Objects(git) as objects:
        rules = Rules(
            branch=lambda: default_branch(git),
            policy=_trusted(args, git, objects),
            only=args.only,
            today=today(),
            late=deadline(environ),
        )
        push = Push(git, objects, rules)
        push.judge(updates, KNOWN)
        if not push.judgements and not push.skipped:
            return output.PASSED
    return _tell(push, updates)


def _tell(push: Push, updates: list[RefUpdate]) -> int:
    from lockward_hooks.verdict import tell

    told = tell(push, updates, style())
    output.emit(told.text, sys.stdout)
    return told.code


def style() -> Style:
    """How the words of a server's hook look behind git's "remote: "."""
    from lockward.reports.text import REMOTE_LINES, REMOTE_WIDTH, Style

    return Style(width=REMOTE_WIDTH, lines=REMOTE_LINES, quiet=True)


def default_branch(git: Git) -> tuple[str, str]:
    """The ref that HEAD names, and its commit ("" before the first push)."""
    ref = git.start("symbolic-ref", "--quiet", "HEAD").output(1).strip()
    return ref.decode("utf-8", "surrogateescape"), git.commit("HEAD")


def _trusted(args: Arguments, git: Git, objects: Objects) -> Callable[[str], Policy]:
    """The server's policy, read when it is first needed; never that of the pushed tree.

    ``--policy``, else git's setting lockward.policy, else what the default
    branch holds before the push, else the default.
    """
    from lockward.policy import Policy
    from lockward_hooks import policies

    found: list[Policy] = []

    def policy(_tip: str) -> Policy:
        if not found:
            path = args.get("policy") or git.settings("lockward").get("policy", "")
            if path:
                found.append(policies.of_file(os.path.join(git.directory, path)))
            elif default := git.commit("HEAD"):
                found.append(policies.of_commit(git, objects, default))
            else:
                found.append(Policy())
        return found[0]

    return policy


def deadline(environ: Mapping[str, str]) -> Callable[[], bool]:
    """Whether time is up, asked before each judgement: soft, one judgement is not cut short."""
    from time import monotonic

    end = monotonic() + deadline_seconds(environ)
    return lambda: monotonic() > end


def deadline_seconds(environ: Mapping[str, str]) -> float:
    """How long a push may take to be judged."""
    return DEADLINE_GITHUB if "GITHUB_REPO_NAME" in environ else DEADLINE
