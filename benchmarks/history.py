"""How the judgement does on a real history: every lockfile format, every class.

    python -m benchmarks.history GIT_DIR [--max N] [--name NAME] [--inject K] [--verbose]

Walks the lockfile commits along first parents and prints each refusal with its
reasons, then the classes by kind of commit (requirement, catch-up, lock-only),
the share of requirement commits refused, commits a second and peak memory.
``--max N`` takes the newest two thirds of N commits for each name of lockfile,
and the rest evenly spaced over the older ones.  With ``--inject K`` every K-th
commit with a changed requirement is judged again with each edit of injecting.py
put into its lockfile, and what was caught follows.
"""

from __future__ import annotations

import argparse
import gc
import resource
import time
from collections import Counter
from typing import TYPE_CHECKING, Final

from benchmarks import injecting
from benchmarks.between import Between
from benchmarks.gittree import History, Patched
from lockward import lockdiff
from lockward.paths import folder_of
from lockward.policy import Policy
from lockward.project import Project
from lockward_hooks.past import PERIOD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lockward.lockdiff import LockDiff
    from lockward.model import Lockfile, Package

    Row = tuple[str, str, list[str]]  # commit, parent, paths of lockfiles

NAMES = ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock")
_REFUSED: Final = ("unexplained", "tampered")
_OF_VERSIONS: Final = ("out of range", "a downgrade")  # edits that somebody who asks notices


class Walk:
    """One walk over a history, and what it counted."""

    def __init__(self, history: History, *, verbose: bool, inject: int) -> None:
        self.history = history
        self.verbose = verbose
        self.inject = inject
        self.asked = 0
        self.injected: dict[tuple[str, str], Counter[str]] = {}
        self.policy = Policy()
        self.witness = Between(history)
        self.walked = 0
        self.classes: dict[str, Counter[tuple[str, str]]] = {}
        self.codes: Counter[str] = Counter()
        self.seconds: dict[str, float] = {}
        self.judged: Counter[str] = Counter()

    def commit(self, commit: str, parent: str, paths: Iterable[str]) -> None:
        """Judge every lockfile that one commit changed."""
        self.witness.at(commit)
        self.walked += 1
        if self.walked % PERIOD == 0:
            gc.collect()
        for path in paths:
            before = Project(self.history.tree(parent), folder_of(path), self.policy, None, path)
            after = Project(self.history.tree(commit), folder_of(path), self.policy, None, path)
            started = time.process_time()
            if after.lockfile is None or after.faults or before.faults:
                faults = after.faults or before.faults
                if faults:
                    print(commit[:10], path, "unreadable:", *map(str, faults[:2]))
                    self._count("unreadable", "unreadable", "unreadable")
                continue
            found = lockdiff.compare(before, after, self.policy, self.witness)
            form = form_of(after.lockfile)
            self.seconds[form] = self.seconds.get(form, 0.0) + time.process_time() - started
            self.judged[form] += 1
            self._report(commit, path, form, found)
            if self.inject and kind_of(found) == "requirement":
                self.asked += 1
                if self.asked % self.inject == 0:
                    self._tamper(commit, before, after, path)
            self.witness.remember(before.lockfile)
            self.witness.remember(after.lockfile, before.lockfile)

    def _count(self, form: str, kind: str, name: str) -> None:
        self.classes.setdefault(form, Counter())[kind, name] += 1

    def _report(self, commit: str, path: str, form: str, found: LockDiff) -> None:
        kind = kind_of(found)
        self._count(form, kind, found.classification)
        if found.refresh_alongside:
            self._count(form, kind, "refresh alongside")
        refused = found.of_class(*_REFUSED)
        if not (refused or self.verbose):
            return
        codes = Counter(item.code for item in (found.items if self.verbose else refused))
        print(commit[:10], path, form, kind, found.classification, dict(codes))
        for item in refused[: None if self.verbose else 8]:
            versions = f"{item.version_before} -> {item.version_after}"
            print(f"    {item.code} {item.name} {versions} [{item.pointer}] {item.cause}")
            if item.was or item.now:
                print(f"        was {item.was[:160]}\n        now {item.now[:160]}")

    def _tamper(self, commit: str, before: Project, after: Project, path: str) -> None:
        """Judge the commit again with each edit put into its lockfile."""
        assert before.lockfile is not None
        assert after.lockfile is not None
        data = after.tree.read(path)
        assert data is not None
        victims = unchanged(before.lockfile, after.lockfile)
        graph = after.graph
        assert graph is not None
        for name, edit in injecting.EDITS.items():
            for package in victims:
                if name in _OF_VERSIONS and not graph.into(package.key):
                    continue  # a left-over: nobody is given this version
                text = edit(injecting.Victim(data.decode(), after.lockfile, package))
                if text is not None:
                    tree = Patched(self.history.tree(commit), {path: text.encode()})
                    other = Project(tree, after.root, self.policy, None, path)
                    self._judge_edit(name, package, before, other)
                    break

    def _judge_edit(self, name: str, package: Package, before: Project, after: Project) -> None:
        assert before.lockfile is not None
        counter = self.injected.setdefault((form_of(before.lockfile), name), Counter())
        if after.lockfile is None:
            counter["unreadable"] += 1
            return
        found = lockdiff.compare(before, after, self.policy, self.witness)
        counter[found.classification] += 1
        if found.classification not in _REFUSED:
            print(f"    MISSED {name}: {package.key}")

    def summary(self) -> None:
        """The shares, as docs/matching.md quotes them."""
        for form, classes in sorted(self.classes.items()):
            print(f"== {form}")
            for (kind, name), number in sorted(classes.items()):
                print(f"{kind:12} {name:18} {number}")
            asked = sum(
                n for (k, c), n in classes.items() if k == "requirement" and c in lockdiff.CLASSES
            )
            refused = sum(classes["requirement", name] for name in _REFUSED)
            if asked:
                share = 100 * refused / asked
                print(f"requirement commits refused: {refused} of {asked} = {share:.2f} %")
            if self.judged[form]:
                each = 1000 * self.seconds[form] / self.judged[form]
                print(f"{self.judged[form]} judged, {each:.1f} ms CPU each, both sides parsed")
        for (form, name), counter in sorted(self.injected.items()):
            caught = sum(counter[one] for one in (*_REFUSED, "unreadable"))
            print(f"{form:12} {name:26} {caught}/{sum(counter.values())} {dict(counter)}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak memory {peak:.0f} MB")


def unchanged(before: Lockfile, after: Lockfile) -> list[Package]:
    """Registry packages that the commit left alone, from different parts of the file."""
    known = {key: (one.version, one.integrity) for key, one in before.by_key.items()}
    found = [
        one
        for one in after.packages
        if one.source == "registry"
        and one.integrity
        and not one.integrity.startswith("sha1")  # no other hash can contradict it
        and one.name == one.alias
        and not (one.optional or one.in_bundle or "@patch:" in one.key)
        and known.get(one.key) == (one.version, one.integrity)
    ]
    step = max(1, len(found) // 9)
    return found[step // 2 :: step]


def form_of(lockfile: Lockfile) -> str:
    """The format; of npm, whether it is that of npm 5 and 6 or a later one."""
    if lockfile.format != "npm":
        return lockfile.format
    return "npm 7+" if "packages" in lockfile.raw else "npm 5-6"


def kind_of(found: LockDiff) -> str:
    """What moved beside the lockfile: nothing before it, a requirement, an earlier one, nothing."""
    if found.new_lockfile:
        return "new"
    if found.requirements_changed:
        return "requirement"
    return "catch-up" if found.matched_by else "lock-only"


def sample(
    commits: list[tuple[str, str, list[str]]], most: int
) -> list[tuple[str, str, list[str]]]:
    """The newest two thirds of ``most`` commits, and older ones evenly spaced; oldest first."""
    if not most or len(commits) <= most:
        return commits
    newest = most * 2 // 3
    old, new = commits[:-newest], commits[-newest:]
    step = len(old) / (most - newest)
    return [old[int(at * step)] for at in range(most - newest)] + new


def main() -> None:
    """Read the arguments, walk, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("git_dir")
    parser.add_argument("--max", type=int, default=0, help="commits for each name of lockfile")
    parser.add_argument("--name", default="", help="one name of lockfile only")
    parser.add_argument("--only", default="", help="commits that begin so only, comma-separated")
    parser.add_argument("--inject", type=int, default=0, help="tamper with every K-th commit")
    parser.add_argument("--verbose", action="store_true", help="every commit, every reason")
    options = parser.parse_args()
    gc.disable()
    history = History(options.git_dir)
    walk = Walk(history, verbose=options.verbose, inject=options.inject)
    only = tuple(options.only.split(",")) if options.only else ("",)
    for name in (options.name,) if options.name else NAMES:
        rows = list(history.changes(name))
        walk.witness.follow(rows)
        for row in sample(rows, options.max):
            if row[0].startswith(only):
                walk.commit(*row)
    walk.summary()


if __name__ == "__main__":
    main()
