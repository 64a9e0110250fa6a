"""``lockward diff [A] [B]``: a lockfile's change as a reviewer wants it."""

from __future__ import annotations

from lockward import relevant
from lockward.errors import LockwardError
from lockward.model import Change
from lockward_hooks import changes, output, policies
from lockward_hooks.folder import FolderTree
from lockward_hooks.git import Git, GitError
from lockward_hooks.objects import Objects
from lockward_hooks.trees import CommitTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.model import Tree
    from lockward.policy import Policy
    from lockward.review import Review
    from lockward_hooks.arguments import Arguments

LARGEST: Final = 64 << 20  # bytes of a file that is compared


def run(args: Arguments, environ: Mapping[str, str]) -> int:
    """Print what changed: 0 whatever it is; 2 when it cannot be read.

    Without operands from HEAD to the working tree, with one from there; with two
    from where B left A's history, so that what others did to A is not shown.
    """
    git = Git(".", environ)
    names = args.operands or ("HEAD",)
    start = _resolved(git, names[0])
    with Objects(git) as objects:
        if len(names) > 1:
            end = _resolved(git, names[1])
            base = git.merge_base(start, end) or start
            change = changes.between(git, objects, start if base == end else base, end)
        else:
            change = _to_folder(CommitTree(git, objects, start), FolderTree(_top(git), environ))
        policy = policies.of_tree(change.before or change.after)
        _print(args, environ, list(_reviews(change, policy)))
    return output.PASSED


def _resolved(git: Git, revision: str) -> str:
    commit = git.commit(revision)
    if not commit:
        raise GitError(f"there is no commit {revision!r} here")
    return commit


def _top(git: Git) -> str:
    from lockward_hooks.git import directory

    top = directory(".", {**git.env, "GIT_DIR": ""})[1]
    if not top:
        raise GitError("there is no working tree here: name two revisions")
    return top


def _to_folder(before: Tree, after: Tree) -> Change:
    """What differs in the files that matter; of others nobody asks."""
    paths = {
        path
        for path in {**before.entries(), **after.entries()}
        if relevant.kind(path) in ("lockfile", "manifest", "settings")
    }
    return Change(
        before, after, sorted(p for p in paths if _content(before, p) != _content(after, p))
    )


def _content(tree: Tree, path: str) -> bytes | str | None:
    try:
        return tree.read(path, LARGEST)
    except LockwardError as error:
        return str(error)


def _reviews(change: Change, policy: Policy) -> Iterator[Review]:
    from lockward.repository import Repository
    from lockward.review import Review

    after = Repository(change.after, policy)
    before = None if change.before is None else Repository(change.before, policy)
    for root in after.roots():
        for path in after.project(root).lockfile_paths:
            if path not in change.paths:
                continue
            project = after.project(root, path)
            if project.lockfile is None:
                raise next(iter(project.faults))
            yield Review(None if before is None else before.project(root, path), project, policy)


def _print(args: Arguments, environ: Mapping[str, str], reviews: list[Review]) -> None:
    if args.get("format") == "markdown":
        from lockward.reports import review_markdown

        output.deliver(review_markdown.render(reviews), args)
        return
    from lockward.reports import review_text

    output.deliver(review_text.render(reviews, output.style(environ)), args)
