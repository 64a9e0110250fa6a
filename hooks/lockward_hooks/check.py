"""By hand and in CI: ``lockward check --from … --to …`` and ``lockward scan``."""

from __future__ import annotations

from lockward_hooks import changes, output, policies, trailers
from lockward_hooks.git import Git, GitError
from lockward_hooks.objects import Objects
from lockward_hooks.pre_commit import chosen_policy, today
from lockward_hooks.trees import CommitTree, IndexTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lockward.model import Tree
    from lockward.policy import Policy
    from lockward.posture.assess import Measure
    from lockward_hooks.arguments import Arguments


def run_range(args: Arguments, environ: Mapping[str, str]) -> int:
    """``lockward check --from REV --to REV``: what leads from one revision to another."""
    return judge_range(args, environ, args.get("from"), args.get("to"), quiet=False)


def judge_range(
    args: Arguments, environ: Mapping[str, str], start: str, end: str, *, quiet: bool
) -> int:
    """Judge what ``end`` changes since it left ``start``'s history; the exit code.

    From the merge base, so that what others did to ``start`` meanwhile does not
    look like a change back; from ``start`` itself when ``end`` is its ancestor
    (a branch that was reset) or shares nothing with it.
    """
    git = Git(".", environ)
    before, after = _resolved(git, start), _resolved(git, end)
    base = git.merge_base(before, after)
    if not base and git.shallow():
        raise GitError(
            f"this clone is shallow and hides where {start} and {end} parted: fetch more history"
            " (git fetch --unshallow)"
        )
    if not base or base == after:
        base = before
    with Objects(git) as objects:
        change = changes.between(git, objects, base, after)
        if not changes.concerns(change):
            return output.nothing(args, quiet=quiet)
        policy = _range_policy(args, git, objects, (before, base, after))
        from lockward import engine
        from lockward_hooks.witness import GitWitness

        witness = GitWitness(git, objects, base, change.before, thorough=True)
        report = engine.evaluate(change, policy, only=args.only, today=today(), witness=witness)
        objects.sound()
        return output.finish(report, args, environ, change.after.read, quiet=quiet)


def _resolved(git: Git, revision: str) -> str:
    commit = git.commit(revision)
    if commit:
        return commit
    hint = "; this clone is shallow: fetch more history" if git.shallow() else ""
    raise GitError(f"there is no commit {revision!r} here{hint}")


def _range_policy(
    args: Arguments, git: Git, objects: Objects, commits: tuple[str, str, str]
) -> Policy:
    """The policy as it stands at the start: a change cannot bring its own permission."""
    before, base, after = commits
    if args.get("policy"):
        policy = policies.of_file(args.get("policy"))
    else:
        policy = policies.of_commit(git, objects, before)
    if args.get("refresh"):
        return policies.changed(policy, refresh=args.get("refresh"))
    if policies.asks_reason(policy) and trailers.any_reason(git, objects, base, after):
        return policies.with_reason(policy)
    return policy


def judge_index(args: Arguments, environ: Mapping[str, str], git: Git) -> int:
    """Judge everything in the index: ``pre-commit run --all-files``.

    Without the rules about whole trees: what a repository lacks is no hook's business.
    """
    from lockward import rules

    with Objects(git) as objects:
        tree = IndexTree(git, objects)
        policy = chosen_policy(args, tree)
        from lockward import engine

        only = args.only or tuple(
            row.id for row in rules.RULES if row.judges != "tree" and rules.asked(row, policy, ())
        )
        report = engine.scan(tree, policy, only=only, today=today())
        objects.sound()
        return output.finish(report, args, environ, tree.read, quiet=True)


def run_scan(args: Arguments, environ: Mapping[str, str]) -> int:
    """``lockward scan``: a folder as it lies there, or the tree of a revision."""
    if not args.get("rev"):
        from lockward_hooks.folder import FolderTree

        return _scan(args, environ, FolderTree(args.operands[0] if args.operands else ".", environ))
    if args.operands:
        raise GitError("scan takes a PATH or --rev, not both")
    git = Git(".", environ)
    commit = _resolved(git, args.get("rev"))
    with Objects(git) as objects:
        return _scan(args, environ, CommitTree(git, objects, commit), objects)


def _scan(
    args: Arguments, environ: Mapping[str, str], tree: Tree, objects: Objects | None = None
) -> int:
    policy = chosen_policy(args, tree)
    from lockward import engine
    from lockward_hooks.progress import Progress

    measure = measuring(args)
    with Progress("projects") as progress:
        report = engine.scan(
            tree, policy, only=args.only, today=today(), measure=measure, progress=progress
        )
    if objects is not None:
        objects.sound()
    code = output.finish(report, args, environ, tree.read)
    if args.get("fix"):
        from lockward_hooks import fixing

        fixing.apply(report, args, args.operands[0] if args.operands else ".", tree)
    return code


def measuring(args: Arguments) -> Measure:
    """How a scan is graded: by ``--rubric`` and ``--evidence``, else as shipped."""
    from lockward.posture import assess, evidence, rubric
    from lockward_hooks.files import content

    graded_by = rubric.SHIPPED
    if args.get("rubric"):
        graded_by = rubric.read(args.get("rubric"), content(args.get("rubric"), evidence.LARGEST))
    paths = [path for path in args.get("evidence").split(",") if path]
    told = [evidence.read(path, content(path, evidence.LARGEST)) for path in paths]
    return assess.measure(graded_by, evidence.joined(told) if told else None)
