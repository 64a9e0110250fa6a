"""At commit: judge what is staged, never the working tree.

``lockward pre-commit`` is also what the pre-commit framework runs at its other
stages; the variables that it sets tell which.
"""

from __future__ import annotations

from lockward_hooks import output, staged
from lockward_hooks.git import RAW, Git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lockward.findings import Report
    from lockward.model import Change, Tree
    from lockward.policy import Policy
    from lockward_hooks.arguments import Arguments
    from lockward_hooks.objects import Objects
    from lockward_hooks.staged import Differences
    from lockward_hooks.witness import GitWitness


def run(args: Arguments, environ: Mapping[str, str]) -> int:
    """The hook: silent when it passes without a word to say."""
    if environ.get("PRE_COMMIT_LOCAL_BRANCH"):
        from lockward_hooks import pre_push

        return pre_push.run_under_framework(args, environ)
    if environ.get("PRE_COMMIT_FROM_REF") and environ.get("PRE_COMMIT_TO_REF"):
        from lockward_hooks import check

        pair = (environ["PRE_COMMIT_FROM_REF"], environ["PRE_COMMIT_TO_REF"])
        return check.judge_range(args, environ, *pair, quiet=True)
    return judge_staged(args, environ, quiet=True)


def run_check(args: Arguments, environ: Mapping[str, str]) -> int:
    """``lockward check [--staged]``: the same by hand, and never silent."""
    return judge_staged(args, environ, quiet=False)


def judge_staged(args: Arguments, environ: Mapping[str, str], *, quiet: bool) -> int:
    """Judge what the next commit will change; the exit code."""
    git = Git(".", environ, index=True)
    found = staged.differences(git, environ)
    if found is not None:
        return _judge(args, environ, git, found, quiet=quiet)
    if quiet and _by_hand(environ) and _nothing_staged(git):
        from lockward_hooks import check

        return check.judge_index(args, environ, git)
    return output.nothing(args, quiet=quiet)


def _judge(
    args: Arguments, environ: Mapping[str, str], git: Git, found: Differences, *, quiet: bool
) -> int:
    from lockward_hooks import changes
    from lockward_hooks.objects import Objects

    with Objects(git) as objects:
        made = changes.staged(git, objects, found)
        after = made[0].after
        from lockward import engine

        policy = chosen_policy(args, after)
        day = today() if policy.exceptions else ""  # nothing else expires
        report = of_parents(
            made,
            lambda each: engine.evaluate(
                each, policy, only=args.only, today=day, witness=witness(git, objects, each)
            ),
        )
        objects.sound()
        code = output.finish(report, args, environ, after.read, quiet=quiet)
        if args.get("fix"):
            from lockward_hooks import fixing

            fixing.apply(report, args, git.top, after)
        return code


def of_parents(made: tuple[Change, ...], judge: Callable[[Change], Report]) -> Report:
    """The report on a commit from those on what it changes against each parent."""
    if len(made) == 1:
        return judge(made[0])  # nearly always: then nothing about merges is imported
    from lockward import merges

    return merges.judged(made, judge)


def witness(git: Git, objects: Objects, change: Change) -> GitWitness:
    """The history before a commit; looked into only for a version that went down."""
    from lockward_hooks.witness import GitWitness

    return GitWitness(git, objects, "HEAD", change.before, thorough=False)


def chosen_policy(args: Arguments, tree: Tree) -> Policy:
    """The policy of ``--policy``, else the tree's own.

    A refresh that needs a trailer is only announced here: the message is not
    written yet, and the hook commit-msg will ask for it.
    """
    from lockward_hooks import policies

    policy = policies.of_file(args.get("policy")) if args.get("policy") else policies.of_tree(tree)
    if args.get("refresh"):
        return policies.changed(policy, refresh=args.get("refresh"))
    return policies.announcing(policy)


def today() -> str:
    """The ISO day by this machine's clock."""
    from lockward_hooks import clock

    return clock.today()


def _by_hand(environ: Mapping[str, str]) -> bool:
    """Whether ``pre-commit run`` was typed, or runs in CI: ``git commit`` names the index."""
    return environ.get("PRE_COMMIT") == "1" and "GIT_INDEX_FILE" not in environ


def _nothing_staged(git: Git) -> bool:
    """Whether the index is HEAD: ``pre-commit run --all-files`` then means the whole tree."""
    return git.succeeds("diff-index", "--cached", "--quiet", *RAW, "HEAD", "--")
