"""The gate on a server: whatever hook calls it, one judgement, fail closed.

The policy is the server's, or what the default branch held before the push;
never what is pushed.  How to judge (deadline, namespaces, who may skip what)
comes from a file of the server alone.
"""

from __future__ import annotations

import os
import sys

from lockward_hooks import output, process, servers
from lockward_hooks.clock import Clock, Ended, TimeIsUp, end_on_signals, today
from lockward_hooks.git import Git
from lockward_hooks.namespaces import Namespaces
from lockward_hooks.objects import Objects
from lockward_hooks.push import Push, Rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Final

    from lockward.policy import Policy
    from lockward.reports.summary import Style
    from lockward.serverpolicy import ServerPolicy
    from lockward_hooks.arguments import Arguments
    from lockward_hooks.refs import RefUpdate
    from lockward_hooks.servers import Server
    from lockward_hooks.skips import SkipRequest


class Caller:
    """Who asks: the hook's arguments and environment, and what the server told of the pusher."""

    __slots__ = ("args", "environ", "server", "uploader")

    def __init__(
        self,
        args: Arguments,
        environ: Mapping[str, str],
        server: Server | None = None,
        uploader: str = "",
    ) -> None:
        self.args: Final = args
        self.environ: Final = environ
        self.server: Final = servers.of(environ) if server is None else server
        self.uploader: Final = uploader

    @property
    def identities(self) -> tuple[str, ...]:
        """Who pushes, as a policy names them."""
        return servers.identities(self.server, self.environ, self.uploader)


def judge(caller: Caller, updates: Sequence[RefUpdate]) -> output.Told:
    """Judge a push: what to say, and the exit code."""
    end_on_signals()
    try:
        return _judge(caller, updates)
    except Ended as end:
        words = f"lockward: undecided, ended by signal {end.args[0]}: nothing is accepted (exit 2)"
        return output.Told(f"{words}\n", output.UNDECIDED)
    finally:
        process.end_all()


def run(caller: Caller, updates: Sequence[RefUpdate]) -> int:
    """Judge a push and say what came out; the exit code."""
    told = judge(caller, updates)
    output.emit(told.text, sys.stdout)
    return told.code


def _judge(caller: Caller, updates: Sequence[RefUpdate]) -> output.Told:
    request = _asked(caller.environ)
    git = Git(".", caller.environ)
    with Objects(git) as objects:
        trusted = Trusted(caller.args, git, objects)
        spaces = Namespaces(trusted.server.refs if trusted.server else None)
        clock = Clock(trusted.deadline() or caller.server.deadline)
        rules = Rules(
            branch=lambda: default_branch(git),
            policy=lambda _tip: trusted.policy,
            only=caller.args.only,
            today=today(),
            late=clock.late,
            treatment=spaces.treatment,
        )
        push = Push(git, objects, rules)
        try:
            with clock:
                push.judge(updates, spaces.known())
        except TimeIsUp:
            push.give_up(updates)
        if push.skipped:
            objects.close()  # its helper may be in the middle of an answer
        if not (push.judgements or push.skipped or push.refused):
            return output.Told("", output.PASSED)
        from lockward_hooks import outcome

        return outcome.of(push, updates, caller, trusted, request)


def _asked(environ: Mapping[str, str]) -> SkipRequest | None:
    """What the push options ask for, where there are any."""
    if environ.get("GIT_PUSH_OPTION_COUNT", "0") == "0":
        return None
    from lockward_hooks import skips

    return skips.asked(environ)


def default_branch(git: Git) -> tuple[str, str]:
    """The ref that HEAD names, and its commit ("" before the first push)."""
    ref = git.start("symbolic-ref", "--quiet", "HEAD").output(1).strip()
    return ref.decode("utf-8", "surrogateescape"), git.commit("HEAD")


class Trusted:
    """The policy that counts, read when it is first needed.

    ``--policy``, else git's setting lockward.policy, else what the default
    branch holds before the push, else the default.  ``server`` is its table of
    that name, of a file only.
    """

    def __init__(self, args: Arguments, git: Git, objects: Objects) -> None:
        self._args: Final = args
        self._git: Final = git
        self._objects: Final = objects
        self._path: str | None = None
        self._policy: Policy | None = None

    @property
    def path(self) -> str:
        """The server's policy file; "" when it has none."""
        if self._path is None:
            given = self._args.get("policy") or self._git.settings("lockward").get("policy", "")
            self._path = os.path.join(self._git.directory, given) if given else ""
        return self._path

    @property
    def policy(self) -> Policy:
        """The policy; PolicyError when it is not valid."""
        if self._policy is None:
            from lockward.policy import Policy
            from lockward_hooks import policies

            if self.path:
                self._policy = policies.of_server(self.path)
            elif default := self._git.commit("HEAD"):
                self._policy = policies.of_commit(self._git, self._objects, default)
            else:
                self._policy = Policy()
        return self._policy

    @property
    def server(self) -> ServerPolicy | None:
        """How to judge, as the server's own file says.

        A file that does not hold the word is not read for that: most pushes
        bring nothing that needs a policy.
        """
        if not self.path:
            return None
        from lockward_hooks import policies

        if self._policy is None and not policies.mentions(self.path, b"server"):
            return None
        return self.policy.server

    def deadline(self) -> float:
        """The deadline of the server's policy, in seconds; 0 = it names none."""
        server = self.server
        return server.deadline if server else 0


def style() -> Style:
    """How the words of a server's hook look behind git's "remote: "."""
    from lockward.reports.summary import Style
    from lockward.reports.text import REMOTE_LINES, REMOTE_WIDTH

    return Style(width=REMOTE_WIDTH, lines=REMOTE_LINES, quiet=True)
