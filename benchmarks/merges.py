"""How real merges fare: ``python -m benchmarks.merges GIT_DIR [MAX]``.

Each merge whose lockfile differs from all of its parents is judged against the
first parent alone, and against every parent as the hooks do it.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.gittree import History
from benchmarks.history import NAMES
from lockward import engine
from lockward.merges import against_every_parent
from lockward.model import Change
from lockward.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = ("lockfile-unmatched", "lockfile-tampered")


def merges(history: History) -> Iterator[tuple[str, list[str]]]:
    """Merges that touch a lockfile against the first parent, the newest first, with parents."""
    globs = [f":(glob)**/{name}" for name in NAMES]
    args = ("log", "--merges", "-m", "--full-history", "--format=%H %P", "HEAD", "--", *globs)
    for line in dict.fromkeys(history.output(*args).decode().split("\n")):
        commit, *parents = line.split()[:3] or ("",)
        if commit and len(parents) > 1:
            yield commit, parents


def changed(history: History, parent: str, commit: str) -> set[str]:
    """The paths in which a commit differs from a parent."""
    told = history.output("diff-tree", "-r", "-z", "--name-only", parent, commit)
    return set(told.decode("utf-8", "surrogateescape").split("\0")) - {""}


def main(git_dir: str, most: int = 200) -> None:
    """Judge, count, print."""
    history, policy = History(git_dir), Policy()
    counts: Counter[tuple[str, str]] = Counter()
    classes: Counter[tuple[str, str]] = Counter()
    for commit, parents in merges(history):
        paths = [changed(history, parent, commit) for parent in parents]
        shared = set.intersection(*paths)
        if not any(path.rpartition("/")[2] in NAMES for path in shared):
            continue
        reports = [
            engine.evaluate(
                Change(history.tree(parent), history.tree(commit), sorted(each)),
                policy,
                only=RULES,
            )
            for parent, each in zip(parents, paths, strict=True)
        ]
        whole = against_every_parent(reports)
        counts[reports[0].verdict, whole.verdict] += 1
        for one in whole.lockfiles:
            alone = [each for each in reports[0].lockfiles if each.path == one.path]
            classes[alone[0].classification if alone else "-", one.classification] += 1
        if whole.verdict != "pass":
            print(commit[:10], *(f"\n    {one.message[:150]}" for one in whole.findings[:4]))
        if sum(counts.values()) >= most:
            break
    for (first, every), number in sorted(counts.items()):
        print(f"first parent {first:10} every parent {every:10} {number}")
    for (before, after), number in sorted(classes.items()):
        print(f"class {before:12} -> {after:12} {number}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
