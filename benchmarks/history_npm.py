"""How the judgement does on a real history of npm lockfiles.

    python -m benchmarks.history_npm GIT_DIR [--max N] [--verbose] [--inject EVERY]

Prints one line per commit and lockfile (class, whether a requirement changed,
what was refused and why), then the shares.  With ``--inject N`` every N-th
commit with a changed requirement is judged again with each tampering of
tests/support/tampering.py put into its lockfile, and the detection rates follow.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, deque
from typing import TYPE_CHECKING, Final

from benchmarks.gittree import History, Patched
from lockward import lockdiff
from lockward.paths import folder_of
from lockward.policy import Policy
from lockward.project import Project
from tests.support import tampering

if TYPE_CHECKING:
    from lockward.lockdiff import LockDiff
    from lockward.model import Tree

NAMES = ("package-lock.json", "npm-shrinkwrap.json")
REVISIONS = 200  # how far back a rollback is recognised
_REFUSED: Final = ("unexplained", "tampered")


class Witness:
    """Which versions each lockfile held within its last revisions."""

    def __init__(self) -> None:
        self._held: dict[str, deque[frozenset[str]]] = {}

    def remember(self, project: Project) -> None:
        """Take note of a revision."""
        lockfile = project.lockfile
        if lockfile is not None:
            held = self._held.setdefault(lockfile.path, deque(maxlen=REVISIONS))
            held.append(frozenset(f"{one.name}@{one.version}" for one in lockfile.packages))

    def seen(self, path: str, name: str, version: str) -> bool:
        """Whether a lockfile held a version, as lockdiff asks it."""
        return any(f"{name}@{version}" in held for held in self._held.get(path, ()))


class Walk:
    """One walk over a history, and what it counted."""

    def __init__(self, history: History, *, verbose: bool, inject: int) -> None:
        self.history = history
        self.verbose = verbose
        self.inject = inject
        self.policy = Policy()
        self.witness = Witness()
        self.classes: Counter[tuple[str, str]] = Counter()
        self.injected: dict[str, Counter[str]] = {}
        self.seconds = 0.0
        self.judged = 0
        self.requirement_commits = 0

    def commit(self, commit: str, parent: str, paths: list[str]) -> None:
        """Judge every lockfile that one commit changed."""
        for path in paths:
            before = Project(self.history.tree(parent), folder_of(path), self.policy, None, path)
            after = Project(self.history.tree(commit), folder_of(path), self.policy, None, path)
            if after.lockfile is None:
                print(commit[:10], path, "unreadable:", *(str(fault) for fault in after.faults))
                continue
            started = time.perf_counter()
            found = lockdiff.compare(before, after, self.policy, self.witness.seen)
            self.seconds += time.perf_counter() - started
            self.judged += 1
            self._report(commit, path, found, new=before.lockfile is None)
            if self.inject and found.requirements_changed and before.lockfile is not None:
                self.requirement_commits += 1
                if self.requirement_commits % self.inject == 0:
                    self._tamper(before, after, commit, path)
            self.witness.remember(after)

    def _report(self, commit: str, path: str, found: LockDiff, *, new: bool) -> None:
        kind = "new" if new else "requirement" if found.requirements_changed else "lock-only"
        self.classes[kind, found.classification] += 1
        if found.refresh_alongside:
            self.classes[kind, "refresh alongside"] += 1
        refused = found.of_class(*_REFUSED)
        if not (refused or self.verbose):
            return
        codes = Counter(item.code for item in found.items)
        print(commit[:10], path, found.classification, kind, dict(codes))
        for item in refused[: None if self.verbose else 8]:
            versions = f"{item.version_before} -> {item.version_after}"
            print(f"    {item.code} {item.name} {versions} [{item.pointer}] {item.cause}")
            if item.was or item.now:
                print(f"        was {item.was[:100]}\n        now {item.now[:100]}")

    def _tamper(self, before: Project, after: Project, commit: str, path: str) -> None:
        """Judge the same commit again with each edit put into its lockfile."""
        assert before.lockfile is not None
        assert after.lockfile is not None
        old = before.lockfile.by_key
        same = frozenset(
            key
            for key, package in after.lockfile.by_key.items()
            if key in old and old[key].raw == package.raw
        )
        data = after.tree.read(path)
        assert data is not None
        for name, edit in {**tampering.EVERYWHERE, **tampering.MODERN, **tampering.NEW}.items():
            document = json.loads(data)
            if name in tampering.MODERN and "packages" not in document:
                continue
            victim = edit(tampering.Victim(document, same))
            if victim:
                tree: Tree = Patched(
                    self.history.tree(commit), {path: json.dumps(document, indent=2).encode()}
                )
                self._judge_edit(
                    name, victim, before, Project(tree, after.root, self.policy, None, path)
                )

    def _judge_edit(self, name: str, victim: str, before: Project, after: Project) -> None:
        counter = self.injected.setdefault(name, Counter())
        if after.lockfile is None:
            counter["unreadable"] += 1
            return
        found = lockdiff.compare(before, after, self.policy, self.witness.seen)
        counter[found.classification] += 1
        if found.classification not in _REFUSED:
            print(f"    MISSED {name}: {victim} in {after.lockfile.path}")

    def summary(self) -> None:
        """The shares, as docs/matching.md quotes them."""
        for (kind, name), number in sorted(self.classes.items()):
            print(f"{kind:12} {name:18} {number}")
        asked = sum(
            n
            for (kind, name), n in self.classes.items()
            if kind == "requirement" and name != "refresh alongside"
        )
        refused = sum(self.classes["requirement", name] for name in _REFUSED)
        if asked:
            print(
                f"requirement commits refused: {refused} of {asked} = {100 * refused / asked:.2f} %"
            )
        print(
            f"{self.judged} judged, {1000 * self.seconds / max(self.judged, 1):.1f} ms each, parsed"
        )
        for name, counter in self.injected.items():
            total = sum(counter.values())
            caught = sum(counter[one] for one in (*_REFUSED, "unreadable"))
            print(f"{name:34} {caught}/{total} {dict(counter)}")


def main() -> None:
    """Read the arguments, walk, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("git_dir")
    parser.add_argument("--max", type=int, default=0, help="the newest N commits only")
    parser.add_argument("--verbose", action="store_true", help="every commit, every reason")
    parser.add_argument("--inject", type=int, default=0, help="tamper with every N-th commit")
    options = parser.parse_args()
    history = History(options.git_dir)
    walk = Walk(history, verbose=options.verbose, inject=options.inject)
    for name in NAMES:
        for commit, parent, paths in history.changes(name, options.max):
            walk.commit(commit, parent, paths)
    walk.summary()


if __name__ == "__main__":
    main()
