"""A history, judged commit by commit, with what was read of one state kept for the next.

Only one line of states is held, and what the past locked is remembered within a
bound: memory does not grow with the number of commits.
"""

from __future__ import annotations

import gc

from lockward.errors import LockwardError
from lockward.model import Change
from lockward.relevant import HIDDEN, is_installed, kind
from lockward.repository import Repository
from lockward_hooks import walk
from lockward_hooks.diff import ABSENT
from lockward_hooks.memory import Memory
from lockward_hooks.trees import CommitTree, LaterTree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import Final

    from lockward.findings import Report
    from lockward.policy import Policy
    from lockward_hooks.diff import Row
    from lockward_hooks.git import Git
    from lockward_hooks.objects import Objects
    from lockward_hooks.walk import Step

STATES: Final = 2  # commits whose files are kept: the next one mostly follows
GARBAGE: Final = 24_000  # containers that were made and not freed: then it is collected
PERIOD: Final = 32  # judged commits, after which it is whatever an interpreter counts


class Verdict:
    """What a commit came to; ``number`` counts from 1, ``judged`` whether anything mattered."""

    __slots__ = ("commit", "data", "judged", "number", "report")

    def __init__(
        self, commit: str, number: int, report: Report, data: bytes, *, judged: bool
    ) -> None:
        self.commit: Final = commit
        self.number: Final = number
        self.report: Final = report
        self.data: Final = data  # the commit object, of judged ones
        self.judged: Final = judged

    def brings(self, wanted: str) -> bool:
        """Whether the commit put ``name@version`` into a lockfile."""
        return any(
            wanted in lockfile.added
            or any(f"{name}@{new}" == wanted for name, _, new in lockfile.changed)
            for lockfile in self.report.lockfiles
        )


class Past:
    """The commits of a selection (rev-list's words), to be judged once, in order."""

    def __init__(
        self,
        git: Git,
        objects: Objects,
        policy: Policy,
        *,
        selection: tuple[str, ...],
        paths: tuple[str, ...] = (),
        only: Collection[str] = (),
        today: str = "",
    ) -> None:
        self._git: Final = git
        self._objects: Final = objects
        self._policy: Final = policy
        self._paths: Final = paths
        self._only: Final = only
        self._today: Final = today
        self._commits: Final = walk.commits(git, *selection)
        self._memory: Final = Memory()
        self._counted = 0
        self._states: Final[dict[str, Repository]] = {}
        self._children: Final[dict[str, int]] = {}
        for _, *parents in self._commits:
            for parent in parents:
                self._children[parent] = self._children.get(parent, 0) + 1

    def __len__(self) -> int:
        return len(self._commits)

    def verdicts(self) -> Iterator[Verdict]:
        """One for every commit."""
        waiting: list[Step] = []
        number = 0
        for step in walk.steps(self._git, self._commits):
            waiting.append(step)
            if step.last:
                number += 1
                verdict = self._verdict(number, waiting)
                if verdict.judged:
                    self._collect()
                yield verdict
                waiting = []

    def _collect(self) -> None:
        """Give back what only refers to itself: the console runs without that otherwise."""
        self._counted += 1
        if gc.get_count()[0] > GARBAGE or self._counted % PERIOD == 0:
            gc.collect()

    def _verdict(self, number: int, steps: list[Step]) -> Verdict:
        commit = steps[0].commit
        matters = [step for step in steps if any(map(self._concerns, step.rows))]
        # A merge that differs in nothing from one of its parents introduces nothing.
        judged = len(matters) == len(steps)
        state = self._state(steps[0], moved=bool(matters))
        if judged:
            report, data = self._judged(commit, steps, state)
        else:
            report, data = _nothing(), b""
        self._keep(commit, state)
        return Verdict(commit, number, report, data, judged=judged)

    def _concerns(self, row: Row) -> bool:
        path = row.path
        if not kind(path) or (is_installed(path) and not path.endswith(HIDDEN)):
            return False
        return not self._paths or any(
            path == wanted or path.startswith(f"{wanted}/") for wanted in self._paths
        )

    # States

    def _state(self, step: Step, *, moved: bool) -> Repository:
        """The commit's files: the parent's, turned on by what differs."""
        parent = self._states.get(step.parent)
        if parent is None:
            return Repository(CommitTree(self._git, self._objects, step.commit), self._policy)
        tree = parent.tree
        assert isinstance(tree, (CommitTree, LaterTree))
        paths = [row.path for row in step.rows]
        if not moved and self._children.get(step.parent, 0) <= 1:
            tree.entries().turn_on(step.rows)  # nobody needs the parent's own any more
            names = [row.path for row in step.rows if ABSENT in (row.old_mode, row.new_mode)]
            parent.look_again(paths, names)
            return parent
        return parent.followed_by(LaterTree(tree, step.rows), paths)

    def _keep(self, commit: str, state: Repository) -> None:
        self._states.pop(commit, None)
        self._states[commit] = state
        while len(self._states) > STATES:
            left = self._states.pop(next(iter(self._states)))
            if all(left is not one for one in self._states.values()):
                left.forget()

    def _before(self, parent: str) -> Repository | None:
        if not parent:
            return None
        known = self._states.get(parent)
        if known is None:
            known = Repository(CommitTree(self._git, self._objects, parent), self._policy)
            self._keep(parent, known)
        return known

    # Judging

    def _judged(self, commit: str, steps: list[Step], state: Repository) -> tuple[Report, bytes]:
        from lockward import merges

        data = self._objects.read(commit, "commit")
        policy = self._policy_for(data)
        reports: list[Report] = []

        def against(step: Step) -> Report:
            try:
                report = self._evaluate(self._before(step.parent), state, step, policy)
            except LockwardError as error:
                report = _undecided(str(error))
            reports.append(report)
            return report

        one = merges.judged(steps, against)
        self._remember(commit, steps, state, reports[0] if reports else one)
        return one, data

    def _evaluate(
        self, before: Repository | None, after: Repository, step: Step, policy: Policy
    ) -> Report:
        from lockward import engine

        paths = [row.path for row in step.rows if self._concerns(row)]
        change = Change(None if before is None else before.tree, after.tree, paths)
        return engine.evaluate(
            change,
            policy,
            only=self._only,
            today=self._today,
            witness=self._memory,
            states=(before, after),
        )

    def _policy_for(self, data: bytes) -> Policy:
        from lockward_hooks import policies, trailers

        if policies.asks_reason(self._policy) and trailers.reason(trailers.message_of(data)):
            return policies.with_reason(self._policy)
        return self._policy

    def _remember(self, commit: str, steps: list[Step], state: Repository, report: Report) -> None:
        """Take note of what the commit's lockfiles hold."""
        before = self._states.get(steps[0].parent)
        for verdict in report.lockfiles:
            root = verdict.path.rpartition("/")[0]
            old = None if before is None else before.project(root, verdict.path).lockfile
            if old is not None and old.path not in self._memory.paths:
                self._memory.remember(old, None, f"before {commit[:12]}")
            new = state.project(root, verdict.path).lockfile
            self._memory.remember(new, old, f"in {commit[:12]}")


def _nothing() -> Report:
    from lockward.findings import Report

    return Report(findings=())


def _undecided(reason: str) -> Report:
    from lockward.findings import Report

    return Report(findings=(), undecided=(reason,))


__all__ = ["Past", "Verdict"]
