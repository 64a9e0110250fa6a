"""A push, judged: every ref's new state, and every new commit on the way to it.

- The tip of a ref is judged against what the ref held.  Where that refuses,
  and the ref is not the default branch, it is judged against the point where
  it left the default branch too: what came from there was judged there.
- A new ref is judged against that point only.
- Every commit that is new to the judged refs is judged against each of its
  parents, and its errors count even when a later commit undoes them: whoever
  checks it out, or takes it over, gets it as it is.  All of those refs are under
  one policy, so a commit that they hold was judged when it came in.
- When time is up, what is left is named, never passed over.
"""

from __future__ import annotations

from lockward.errors import LockwardError
from lockward_hooks.clock import TimeIsUp
from lockward_hooks.survey import survey

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import Final

    from lockward.findings import Report
    from lockward.policy import Policy
    from lockward.serverpolicy import Treatment
    from lockward_hooks.git import Git
    from lockward_hooks.objects import Objects
    from lockward_hooks.refs import RefUpdate
    from lockward_hooks.survey import Survey

    Parents = Mapping[str, tuple[str, ...]]

# Above that, a commit's refs are not looked for: the refusal names the commit.
NAMED_REFS: Final = 64
COUNTED_COMMITS: Final = 50_000


class Tip:
    """A ref update that leads to a commit: which, and the commit that it leads from.

    ``old`` "" = the ref is new, or what it held is not here.
    """

    __slots__ = ("new", "old", "update")

    def __init__(self, update: RefUpdate, new: str, old: str) -> None:
        self.update: Final = update
        self.new: Final = new
        self.old: Final = old


class Judgement:
    """The report on one state, judged from ``base`` ("" = from nothing).

    A ref's new state ``after``, or a ``commit`` on the way there.  ``refs`` are
    those of the push that bring it; () = more than anybody wants to read.
    """

    __slots__ = ("after", "base", "commit", "refs", "report")

    def __init__(
        self,
        report: Report,
        refs: tuple[str, ...],
        base: str = "",
        commit: str = "",
        after: str = "",
    ) -> None:
        self.report: Final = report
        self.refs: Final = refs
        self.base: Final = base
        self.commit: Final = commit
        self.after: Final = after

    def with_report(self, report: Report) -> Judgement:
        """The same judgement with another outcome."""
        return Judgement(report, self.refs, self.base, self.commit, self.after)


class Rules:
    """By what a push is judged.

    ``branch`` finds the default branch, its ref and its commit ("" = none yet),
    and is asked once, when it matters; ``policy`` gives the policy for a tip's
    commit; ``treatment`` says what becomes of a push to a ref; ``late`` that
    time is up.
    """

    def __init__(
        self,
        *,
        branch: Callable[[], tuple[str, str]],
        policy: Callable[[str], Policy],
        only: Collection[str] = (),
        today: str = "",
        late: Callable[[], bool] = lambda: False,
        treatment: Callable[[str], Treatment] = lambda _: "judge",
    ) -> None:
        self.policy: Final = policy
        self.only: Final = only
        self.today: Final = today
        self.late: Final = late
        self.treatment: Final = treatment
        self._branch: Final = branch
        self._found: tuple[str, str] | None = None

    @property
    def branch(self) -> tuple[str, str]:
        """The default branch's ref and commit."""
        if self._found is None:
            self._found = self._branch()
        return self._found

    @property
    def default(self) -> str:
        """The default branch's commit, "" while there is none."""
        return self.branch[1]


class Push:
    """A push and what came out about it.

    ``judgements``; what was ``skipped`` because time was up; refs that are
    ``refused`` whatever they hold; the ``commits`` to judge, newest first.
    """

    def __init__(self, git: Git, objects: Objects, rules: Rules) -> None:
        self.git: Final = git
        self.objects: Final = objects
        self.rules: Final = rules
        self.judgements: Final[list[Judgement]] = []
        self.skipped: Final[list[str]] = []
        self.refused: Final[list[str]] = []
        self.commits: tuple[str, ...] = ()
        self._left: dict[str, None] | None = None
        self._partings: Final[dict[str, str]] = {}
        self._reports: Final[dict[tuple[tuple[str, ...], str, Policy], Report]] = {}

    def judge(self, updates: Sequence[RefUpdate], known: Sequence[str]) -> None:
        """Judge the updates; ``known`` are rev-list's words for what is here already."""
        try:
            self._judge(self._treated(updates), known)
        except TimeIsUp:
            self.give_up(updates)

    def give_up(self, updates: Sequence[RefUpdate]) -> None:
        """Note what was not judged: an alarm may ring at any place, also before the first."""
        left = self._left
        if left is None:
            left = {f"ref {update.ref}": None for update in updates if not update.deletes}
        self.skipped[:] = left

    def _treated(self, updates: Sequence[RefUpdate]) -> list[RefUpdate]:
        """The updates to be judged; what may not be pushed at all is noted.

        A ref may always go: that is how somebody mends what is refused.
        """
        wanted = []
        for update in updates:
            treatment = "accept" if update.deletes else self.rules.treatment(update.ref)
            if treatment == "refuse":
                self.refused.append(update.ref)
            elif treatment == "judge":
                wanted.append(update)
        self._left = dict.fromkeys(f"ref {update.ref}" for update in wanted)
        return wanted

    def _judge(self, updates: list[RefUpdate], known: Sequence[str]) -> None:
        tips: list[Tip] = []
        for update in updates:
            kind, new = self._behind(update.ref, update.new)
            if kind == "commit":
                tips.append(Tip(update, new, self._before(update)))
            elif kind == "tree":
                self._judge_bare(update, new)
            # A tag of a blob has no path: no rule has anything to say about it.
        if tips:
            # What a ref held was judged when the ref got it.
            held = [f"^{tip.old}" for tip in tips if tip.old]
            asked = [*(tip.new for tip in tips), *held]
            found = survey(self.git, asked, known, self._pairs(tips))
            if found.hits or found.tips:
                self._judge_found(tips, found)
        self._left = {}

    def _pairs(self, tips: list[Tip]) -> tuple[tuple[str, str], ...]:
        """What to compare: each tip with what its ref held, or with the default branch."""
        pairs = [(tip.new, tip.old or self.rules.default) for tip in tips]
        return tuple(dict.fromkeys((new, old) for new, old in pairs if old not in ("", new)))

    def _judge_found(self, tips: list[Tip], found: Survey) -> None:
        """Tips first, then commits, newest first."""
        parents = found.parents()
        commits = self.commits = tuple(found.judged())
        concerned = [tip for tip in tips if self._concerns(tip, found, parents)]
        names = [f"ref {tip.update.ref}" for tip in concerned]
        self._left = dict.fromkeys((*names, *(f"commit {commit[:12]}" for commit in commits)))
        for tip in concerned:
            self._next(f"ref {tip.update.ref}", self._judge_tip, tip)
        reach = _Reach(tips, parents)
        for commit in commits:
            refs = reach.of(commit)
            policy = self.rules.policy((refs or tips)[0].new)
            names = [tip.update.ref for tip in refs]
            task = (commit, parents[commit], policy, tuple(names))
            self._next(f"commit {commit[:12]}", self._judge_commit, *task)

    def _next(self, what: str, judge: Callable[..., None], *task: object) -> None:
        """Do the next judgement, and take it off the list of what is left."""
        if self.rules.late():
            raise TimeIsUp
        judge(*task)
        assert self._left is not None
        self._left.pop(what, None)

    # Refs

    def _behind(self, ref: str, oid: str) -> tuple[str, str]:
        """Kind and id of what a ref points to; git lets branches point to commits only."""
        return ("commit", oid) if ref.startswith("refs/heads/") else self.objects.peeled(oid)

    def _before(self, update: RefUpdate) -> str:
        if update.creates:
            return ""
        kind, old = self._behind(update.ref, update.old)
        return old if kind == "commit" else ""

    def _concerns(self, tip: Tip, found: Survey, parents: Parents) -> bool:
        """Whether a ref's new state can hold anything that was not judged when it came in."""
        if not tip.old and tip.new not in parents:
            return False  # the ref is new, its commit is not
        base = tip.old or self.rules.default
        return not base or (tip.new, base) in found.tips

    def _judge_tip(self, tip: Tip) -> None:
        from lockward_hooks import policies

        # Each commit on the way gives its own reasons for a refresh.
        policy = policies.with_reason(self.rules.policy(tip.new))
        base = tip.old or self._parting(tip.new)
        report = self._report((base,), tip.new, policy)
        if tip.old and report.verdict == "fail" and tip.update.ref != self.rules.branch[0]:
            parting = self._parting(tip.new)
            if parting not in ("", base):
                from lockward.merges import against_every_parent

                other = self._report((parting,), tip.new, policy)
                report = against_every_parent((report, other))
        self.judgements.append(Judgement(report, (tip.update.ref,), base, after=tip.new))

    def _parting(self, commit: str) -> str:
        """Where a commit's history left the default branch; "" when it shares nothing with it."""
        default = self.rules.default
        if default and commit not in self._partings:
            self._partings[commit] = self.git.merge_base(default, commit)
        return self._partings.get(commit, "")

    def _judge_bare(self, update: RefUpdate, tree: str) -> None:
        """A tag of a tree: as if everything in it were new."""
        if self.rules.late():
            raise TimeIsUp
        report = self._report(("",), tree, self.rules.policy(tree))
        self.judgements.append(Judgement(report, (update.ref,)))

    # Commits

    def _judge_commit(
        self, commit: str, parents: tuple[str, ...], policy: Policy, refs: tuple[str, ...]
    ) -> None:
        from lockward_hooks import policies, trailers

        if policies.asks_reason(policy):
            message = trailers.message_of(self.objects.read(commit, "commit"))
            if trailers.reason(message):
                policy = policies.with_reason(policy)
        before = parents or ("",)
        report = self._report(before, commit, policy)
        self.judgements.append(Judgement(report, refs, before[0], commit))

    def _report(self, before: tuple[str, ...], after: str, policy: Policy) -> Report:
        """What leads from these states ("" = nothing) to another, judged once.

        What cannot be read is "undecided" here, so that the rest of the push
        is still told about.
        """
        key = (before, after, policy)
        if key not in self._reports:
            try:
                self._reports[key] = self._evaluated(before, after, policy)
            except LockwardError as error:
                from lockward.findings import Report

                self._reports[key] = Report(findings=(), undecided=(str(error),))
        return self._reports[key]

    def _evaluated(self, before: tuple[str, ...], after: str, policy: Policy) -> Report:
        from lockward import merges

        report = merges.judged(before, lambda each: self._between(each, after, policy))
        self.objects.sound()
        return report

    def _between(self, before: str, after: str, policy: Policy) -> Report:
        """What leads from one state to another."""
        from lockward import engine
        from lockward_hooks import changes
        from lockward_hooks.witness import GitWitness

        only, today = self.rules.only, self.rules.today
        change = changes.between(self.git, self.objects, before, after)
        witness = GitWitness(self.git, self.objects, before, change.before, thorough=True)
        return engine.evaluate(change, policy, only=only, today=today, witness=witness)


class _Reach:
    """Which tips' histories hold a new commit."""

    def __init__(self, tips: list[Tip], parents: Parents) -> None:
        self._tips: Final = tips
        small = len(tips) <= NAMED_REFS and len(parents) <= COUNTED_COMMITS
        several = len(tips) > 1 and small
        self._histories: Final = [_history(tip.new, parents) for tip in tips] if several else []

    def of(self, commit: str) -> list[Tip]:
        """The tips; [] when the push is too large to look."""
        if len(self._tips) == 1:
            return self._tips
        return [
            tip
            for tip, history in zip(self._tips, self._histories, strict=False)
            if commit in history
        ]


def _history(tip: str, parents: Parents) -> set[str]:
    """The new commits that a tip reaches."""
    seen: set[str] = set()
    waiting = [tip]
    while waiting:
        commit = waiting.pop()
        if commit in parents and commit not in seen:
            seen.add(commit)
            waiting.extend(parents[commit])
    return seen
