"""After the message is written: a refresh needs its reason, where the policy wants one."""

from __future__ import annotations

from lockward_hooks import output, staged
from lockward_hooks.arguments import UsageError
from lockward_hooks.git import Git
from lockward_hooks.pre_commit import of_parents, today, witness

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward_hooks.arguments import Arguments

RULE: Final = "lockfile-unmatched"
LARGEST: Final = 1 << 20  # bytes of a message, with the diff below its scissors


def run(args: Arguments, environ: Mapping[str, str]) -> int:
    """The commit-msg hook: ``commit-msg FILE``."""
    if not args.operands:
        raise UsageError("lockward commit-msg needs the FILE that holds the message")
    git = Git(".", environ, index=True)
    found = staged.differences(git, environ)
    if found is None:
        return output.PASSED
    from lockward_hooks import changes, policies
    from lockward_hooks.objects import Objects

    with Objects(git) as objects:
        made = changes.staged(git, objects, found)
        after = made[0].after
        path = args.get("policy")
        policy = policies.of_file(path) if path else policies.of_tree(after)
        if not policies.asks_reason(policy) or _reason(git, args.operands[0]):
            return output.PASSED
        from lockward import engine

        report = of_parents(
            made,
            lambda each: engine.evaluate(
                each,
                policy,
                only=(RULE,),
                today=today(),
                witness=witness(git, objects, each),
            ),
        )
        objects.sound()
        return output.finish(report, args, environ, after.read, quiet=True)


def _reason(git: Git, path: str) -> str:
    """The reason that the message file gives for a refresh; "" = none."""
    from lockward_hooks import trailers
    from lockward_hooks.files import beginning

    message = beginning(path, LARGEST).decode("utf-8", "backslashreplace")
    core = git.settings("core")
    comment = core.get("commentstring") or core.get("commentchar") or "#"
    return trailers.reason(trailers.cleaned(message, comment))
