"""Before a push, on the developer's machine: every ref, from git's own standard input.

The policy is that of what is pushed: here it helps, on the server it guards.
"""

from __future__ import annotations

import sys

from lockward.errors import LockwardError
from lockward_hooks import output
from lockward_hooks.clock import Clock, TimeIsUp
from lockward_hooks.git import Git, GitError, is_oid
from lockward_hooks.objects import Objects
from lockward_hooks.pre_commit import today
from lockward_hooks.push import Push, Rules
from lockward_hooks.refs import RefUpdate, pushed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Final

    from lockward.policy import Policy
    from lockward_hooks.arguments import Arguments


# Seconds: a push that takes longer is not what a person waits for.
LONGEST: Final = 300


def run(args: Arguments, environ: Mapping[str, str]) -> int:
    """The native pre-push hook: ``pre-push REMOTE URL`` and a line for each ref."""
    from lockward_hooks.pre_receive import standard_input

    updates = pushed(standard_input())
    return _judge(args, environ, updates, args.operands[0] if args.operands else "")


def run_under_framework(args: Arguments, environ: Mapping[str, str]) -> int:
    """Under pre-commit at the stage pre-push: the first ref only, the framework tells no more.

    Without PRE_COMMIT_FROM_REF the branch is new to the remote down to its
    first commit.
    """
    git = Git(".", environ)
    new = git.commit(environ.get("PRE_COMMIT_TO_REF") or environ["PRE_COMMIT_LOCAL_BRANCH"])
    if not new:
        branch = environ["PRE_COMMIT_LOCAL_BRANCH"]
        raise GitError(f"there is no commit {branch!r} here, which is being pushed")
    start = environ.get("PRE_COMMIT_FROM_REF", "")
    old = git.commit(start) if start else ""
    ref = environ.get("PRE_COMMIT_REMOTE_BRANCH", "")
    update = RefUpdate(old or "0" * len(new), new, ref or "HEAD")
    return _judge(args, environ, [update], environ.get("PRE_COMMIT_REMOTE_NAME", ""))


def _judge(
    args: Arguments, environ: Mapping[str, str], updates: list[RefUpdate], remote: str
) -> int:
    git = Git(".", environ)
    with Objects(git) as objects:
        here = [_with_known_past(objects, update) for update in updates]
        clock = Clock(LONGEST)
        rules = Rules(
            branch=lambda: _default_branch(git, remote),
            policy=_own(args, git, objects),
            only=args.only,
            today=today(),
            late=clock.late,
        )
        push = Push(git, objects, rules)
        try:
            with clock:
                push.judge(here, ("--not", f"--remotes={_glob(remote)}"))
        except TimeIsUp:
            push.give_up(here)
        if push.skipped:
            objects.close()  # its helper may be in the middle of an answer
        if not (push.judgements or push.skipped):
            return output.PASSED
    from lockward_hooks.verdict import Extra, tell

    told = tell(push, updates, output.style(environ, quiet=True), Extra(seconds=LONGEST))
    output.emit(told.text, sys.stdout)
    return told.code


def _with_known_past(objects: Objects, update: RefUpdate) -> RefUpdate:
    """The update; as of a new ref when the remote's commit was never fetched."""
    if update.creates or update.deletes:
        return update
    try:
        objects.peeled(update.old)
    except LockwardError:
        return RefUpdate("0" * len(update.old), update.new, update.ref)
    return update


def _glob(remote: str) -> str:
    """A remote's name for --remotes; a URL names none, so all of them count."""
    plain = remote and not any(character in remote for character in ":/*?[\\ ")
    return remote if plain else "*"


def _default_branch(git: Git, remote: str) -> tuple[str, str]:
    """The remote's default branch as last fetched: its ref there, and its commit ("" = unknown)."""
    name = remote if _glob(remote) == remote else "origin"
    for branch in ("HEAD", "main", "master"):
        commit = git.commit(f"refs/remotes/{name}/{branch}")
        if is_oid(commit):
            return f"refs/heads/{branch}", commit
    return "", ""


def _own(args: Arguments, git: Git, objects: Objects) -> Callable[[str], Policy]:
    """``--policy``, else the policy that a tip itself holds, read once for each."""
    from lockward_hooks import policies

    found: dict[str, Policy] = {}

    def policy(tip: str) -> Policy:
        if tip not in found:
            path = args.get("policy")
            found[tip] = policies.of_file(path) if path else policies.of_commit(git, objects, tip)
        return found[tip]

    return policy
