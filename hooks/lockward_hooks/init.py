"""``lockward init``: write what guards a repository, after showing it and asking."""

from __future__ import annotations

import os
import sys

from lockward.errors import TreeError
from lockward_hooks import output, policies
from lockward_hooks.arguments import UsageError
from lockward_hooks.folder import FolderTree
from lockward_hooks.git import GitError, directory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.model import Tree
    from lockward.setup import Advice, Planned
    from lockward.setup.scene import Ci
    from lockward_hooks.arguments import Arguments

_OWNER: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@/._+-")
CIS: Final[tuple[Ci, ...]] = ("github", "gitlab", "none")
WAITING: Final = 1  # there is something to write, and nobody said yes


def run(args: Arguments, environ: Mapping[str, str]) -> int:
    """0: written, or nothing to write; 1: nothing was written; 2: it cannot be."""
    from lockward import setup
    from lockward.repository import Repository
    from lockward.setup.scene import Scene

    top = _top(args, environ)
    tree = FolderTree(top, environ)
    scene = Scene(
        Repository(tree, policies.of_tree(tree)),
        ci=_ci(args, tree),
        owner=_owner(args),
        version=_version(),
    )
    planned, advice = setup.plan(scene)
    output.emit("".join(_shown(planned)) + "".join(_said(advice)))
    if not planned:
        output.emit("lockward: nothing to write, this repository is set up\n")
        return output.PASSED
    if not _agreed(args, len(planned)):
        output.emit("lockward: nothing was written; `lockward init --yes` writes it\n")
        return WAITING
    for each in planned:
        _write(top, each)
    names = " ".join(_quoted(each.path) for each in planned)
    output.emit(f"lockward: wrote {len(planned)} files\n  git add {names}\n")
    return output.PASSED


def _top(args: Arguments, environ: Mapping[str, str]) -> str:
    """The folder to set up: the one named, else the top of this working tree, else this one."""
    if args.operands:
        return args.operands[0]
    try:
        return directory(".", {**environ, "GIT_DIR": ""})[1] or "."
    except GitError:
        return "."


def _ci(args: Arguments, tree: Tree) -> Ci:
    for known in CIS:
        if args.get("ci") == known:
            return known
    from lockward.rules.lockfile_review_missing import host

    return host(tree)


def _owner(args: Arguments) -> str:
    owner = args.get("owner")
    if owner and (not _OWNER.issuperset(owner) or "@" not in owner):
        raise UsageError(f"--owner must be like @org/team or an address, not {owner!r}")
    return owner


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("lockward")
    except PackageNotFoundError:
        return ""


def _quoted(path: str) -> str:
    from lockward.remedies import quote
    from lockward.reports.escape import escape

    return escape(quote(path))


def _shown(planned: tuple[Planned, ...]) -> Iterator[str]:
    """Each file as a unified diff; foreign lines escaped."""
    from difflib import unified_diff

    from lockward.reports.escape import escape

    for each in planned:
        yield f"{escape(each.path)}: {each.why}\n"
        before = [] if each.before is None else each.before.decode("utf-8", "replace").splitlines()
        after = each.after.decode("utf-8", "replace").splitlines()
        old = "/dev/null" if each.before is None else f"a/{each.path}"
        for line in unified_diff(before, after, old, f"b/{each.path}", lineterm=""):
            yield f"  {escape(line)}\n"
        yield "\n"


def _said(advice: tuple[Advice, ...]) -> Iterator[str]:
    from lockward.reports.escape import escape, sentence

    for each in advice:
        yield f"by hand: {sentence(each.text)}\n"
        for command in each.commands:
            yield from (f"  {escape(line)}\n" for line in command.split("\n"))


def _agreed(args: Arguments, number: int) -> bool:
    if args.get("yes"):
        return True
    if args.get("dry-run") or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    output.emit(f"Write these {number} files? [y/N] ")
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _write(top: str, each: Planned) -> None:
    """Put the file in place whole; never through a link, never over what changed meanwhile."""
    path = os.path.join(os.path.realpath(top), *each.path.split("/"))
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, exist_ok=True)
        if os.path.realpath(folder) != folder or os.path.islink(path):
            raise TreeError("is a link", path=each.path)
        if _content(path) != each.before:
            raise TreeError("changed while it was shown; nothing was written", path=each.path)
        mode = os.stat(path).st_mode & 0o777 if each.before is not None else 0o644
        part = f"{path}.lockward-new"
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(each.after)
        os.replace(part, path)
    except OSError as error:
        raise TreeError(f"cannot be written: {error.strerror}", path=each.path) from None


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
