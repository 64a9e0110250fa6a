"""From two states of a repository to a report.

The engine finds the projects that a change touches, runs every rule on each,
and reports what the change introduces: a finding whose twin already stood in
``before`` is not new, so no baseline file is needed.
"""

from __future__ import annotations

from lockward import bounds, relevant, repository, rules
from lockward.errors import BoundError
from lockward.findings import Report, distinct, new
from lockward.paths import folder_of
from lockward.repository import Repository

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from typing import Final

    from lockward.findings import Finding, LockfileVerdict
    from lockward.levels import Exceptions
    from lockward.lockdiff.witness import Witness
    from lockward.model import Change, Level, Tree
    from lockward.policy import Policy
    from lockward.posture.assess import Measure
    from lockward.project import Project
    from lockward.rules import Row

    States = tuple[Repository | None, Repository]  # before and after
    Progress = Callable[[int, int], None]

_OURS: Final = frozenset({"lockfile", "manifest", "settings"})


def evaluate(
    change: Change,
    policy: Policy,
    *,
    only: Collection[str] = (),
    today: str = "",
    witness: Witness | None = None,
    states: States | None = None,
) -> Report:
    """Judge a change: what is wrong in ``after`` that was not so in ``before``.

    ``only`` limits the rules to these ids; ``today`` is an ISO day that decides
    which exceptions have expired ("" = none has); the ``witness`` knows what
    earlier revisions and other lockfiles held (lockdiff/witness.py).  ``states``
    are the two trees' repositories, when the caller has read in them before.
    """
    run = _Evaluation(change, policy, only, witness, states)
    run.judge_touched()
    run.judge_files(change.paths)
    run.judge_taken()
    return run.report(today)


def scan(
    tree: Tree,
    policy: Policy,
    *,
    only: Collection[str] = (),
    today: str = "",
    measure: Measure | None = None,
    progress: Progress | None = None,
) -> Report:
    """Judge a whole tree as it stands; the rules about changes have nothing to say.

    ``measure`` (lockward.posture.assess.Measure) asks for the report's posture as
    well: facts about the packages, and a grade.  ``progress(done, of)`` hears of
    every project that has been judged.
    """
    from lockward.model import Change

    run = _Evaluation(Change(None, tree, ()), policy, only)
    run.judge_all(progress)
    run.judge_files(tree.entries())
    run.judge_tree()
    report = run.report(today)
    return report if measure is None else measure(run.after, report, only)


class _Evaluation:
    """One run: what it found so far, and what it looked at."""

    def __init__(
        self,
        change: Change,
        policy: Policy,
        only: Collection[str],
        witness: Witness | None = None,
        states: States | None = None,
    ) -> None:
        self.change: Final = change
        self.policy: Final = policy
        self.before, self.after = states or _states(change, policy)
        repository.judge(self.before, self.after)
        bounds.begin_change()
        self.rows: Final = tuple(row for row in rules.RULES if rules.asked(row, policy, only))
        self.only: Final = only
        self.witness: Final = witness
        self.findings: Final[list[Finding]] = []
        self.verdicts: Final[list[LockfileVerdict]] = []
        self.examined: Final[dict[str, int]] = {}
        self.requirements_changed = False
        self._levels: Final[dict[tuple[str, str, str], Level]] = {}
        self._exceptions: Exceptions | None = None

    # Which projects

    def judge_touched(self) -> None:
        """Every project that a changed lockfile, manifest or settings file belongs to."""
        for root in sorted(self._touched_roots()):
            self._judge_root(root, changed=True)

    def judge_all(self, progress: Progress | None = None) -> None:
        """Every project of the after state."""
        roots = tuple(self.after.roots())
        for number, root in enumerate(roots):
            if progress is not None:
                progress(number, len(roots))
            if not self._ignored(f"{root}/package.json".lstrip("/")):
                self._judge_root(root, changed=False)

    def _touched_roots(self) -> set[str]:
        roots: set[str] = set()
        for path in self.change.paths:
            folder = folder_of(path)
            if relevant.is_installed(path) and path.endswith(relevant.HIDDEN):
                folder = path[: -len(relevant.HIDDEN)].rstrip("/")
            elif relevant.kind(path) not in _OURS or self._ignored(path):
                continue
            for state in (self.after, self.before):
                root = None if state is None else state.root_of(folder)
                if root is not None:
                    roots.add(root)
        return roots

    def _ignored(self, path: str) -> bool:
        if relevant.is_installed(path) or not self.policy.ignore:
            return relevant.is_installed(path)
        from lockward import levels

        return levels.ignored(self.policy, path)

    # One project

    def _judge_root(self, root: str, *, changed: bool) -> None:
        lockfile_paths = self.after.project(root).lockfile_paths or ("",)
        for path in lockfile_paths:
            after = self.after.project(root, path)
            before = None if self.before is None else self.before.project(root, path)
            bounds.begin()
            try:
                bounds.check(root)
            except BoundError as fault:
                at = path or f"{root}/package.json".lstrip("/")
                self._exceeded(after, BoundError(fault.message, path=at))
                continue
            self._judge_states(before, after, changed=changed)

    def _judge_states(self, before: Project | None, after: Project, *, changed: bool) -> None:
        # The state first: the graph of the one before takes over what was built of it.
        for row in self.rows:
            if row.judges == "project":
                self._judge_state(row, before, after)
        if changed:
            self._judge_change(before, after)
        self._exceeded(after, *after.beyond)
        self._count(after)

    def _exceeded(self, after: Project, *faults: BoundError) -> None:
        """What was beyond a bound has not been judged: said whatever rules were asked for."""
        if faults:
            from lockward.rules import lockfile_unreadable

            self.findings.extend(lockfile_unreadable.beyond(after, fault) for fault in faults)

    def _taken(self, found: Iterable[Finding], after: Project | None) -> list[Finding]:
        """The findings up to a bound; of a state before it says nothing that it was hit."""
        kept: list[Finding] = []
        try:
            for finding in found:
                bounds.FINDINGS.spend()
                kept.append(finding)
        except BoundError as fault:
            if after is not None:
                self._exceeded(after, fault)
        return kept

    def _judge_change(self, before: Project | None, after: Project) -> None:
        if before is not None and before.lockfile is None:
            from lockward import predecessors

            before = predecessors.of(self.before, after, self.change) or before
        try:
            doubtful = self._classify(before, after)
        except BoundError as fault:
            self._exceeded(after, fault)
            return
        if not doubtful:
            return
        for row in self.rows:
            if row.judges == "change":
                check = rules.change_rule(row).check
                self.findings.extend(self._taken(check(before, after, self.policy), after))

    def _judge_state(self, row: Row, before: Project | None, after: Project) -> None:
        if before is not None and row.id not in after.said and rules.stays(row, before, after):
            return
        found = self._said(row, after, reporting=after)
        if found and before is not None:
            found = new(found, self._said(row, before, reporting=None))
        self.findings.extend(found)

    def _said(self, row: Row, project: Project, *, reporting: Project | None) -> list[Finding]:
        """What a rule says of a state; a history asks it of each state twice."""
        known = project.said.get(row.id)
        if known is None or known[0] is not self.policy:
            beyond = len(self.findings)
            check = rules.project_rule(row).check
            found = self._taken(check(project, self.policy), reporting)
            if reporting is None or len(self.findings) > beyond:
                return found  # up to a bound, perhaps: the next to ask counts anew
            known = project.said[row.id] = (self.policy, found)
        return known[1]

    def _classify(self, before: Project | None, after: Project) -> bool:
        """Note what class the lockfile's change has; whether it leaves anything to judge."""
        from lockward import lockdiff

        if after.lockfile is None:
            return False
        diff = lockdiff.of(before, after, self.policy, self.witness)
        self.requirements_changed |= diff.requirements_changed
        if after.lockfile.path in self.change.paths:
            self.verdicts.append(diff.verdict)
        return diff.doubtful

    def _count(self, after: Project) -> None:
        self._add("lockfiles", 0 if after.lockfile is None else 1)
        self._add("packages", 0 if after.lockfile is None else len(after.lockfile.packages))
        self._add("manifests", len(after.manifests))

    def _add(self, what: str, number: int) -> None:
        self.examined[what] = self.examined.get(what, 0) + number

    # Single files

    def judge_files(self, paths: Iterable[str]) -> None:
        """Every path that a rule about single files is concerned with."""
        rows = [row for row in self.rows if row.judges == "file"]
        kinds = {kind for row in rows for kind in row.kinds}
        if not kinds:
            return
        entries = self.change.after.entries()
        bounds.begin()
        for path in paths:
            kind = relevant.kind(path)
            if kind in kinds and path in entries and not self._ignored(path):
                if kind != "manifest":  # counted with its project
                    self._add("ci" if kind == "ci" else "settings", 1)
                for row in rows:
                    if kind in row.kinds:
                        self._judge_file(row, path)

    def _judge_file(self, row: Row, path: str) -> None:
        check = rules.file_rule(row).check
        found = list(check(path, self.change.after, self.policy))
        before = self.change.before
        if found and before is not None and path in before.entries():
            found = new(found, check(path, before, self.policy))
        self.findings.extend(found)

    # The whole tree

    def judge_tree(self) -> None:
        """What the rules about whole trees say of the after state."""
        for row in self.rows:
            if row.judges == "tree":
                bounds.begin()
                self.findings.extend(rules.tree_rule(row).check(self.after, self.policy))

    def judge_taken(self) -> None:
        """What a change took away: it touches what stood before, and now the thing is missing."""
        before = self.before
        if before is None:
            return
        stood = before.tree.entries()
        kinds = {relevant.kind(path) for path in self.change.paths if path in stood}
        for row in self.rows:
            if row.judges == "tree" and kinds.intersection(row.kinds):
                bounds.begin()
                check = rules.tree_rule(row).check
                found = list(check(self.after, self.policy))
                if found:
                    found = new(found, check(before, self.policy))
                self.findings.extend(found)

    # The outcome

    def report(self, today: str) -> Report:
        """Apply the policy's levels and exceptions, drop twins, order worst first."""
        bounds.begin()
        kept: list[Finding] = []
        suppressed: list[Finding] = []
        for finding in distinct(self.findings):
            leveled = self._leveled(finding)
            if leveled is None:
                continue
            (suppressed if self._excepted(leveled, today) else kept).append(leveled)
        bounds.end()
        kept.sort(key=_order)
        return Report(
            findings=tuple(kept),
            lockfiles=tuple(self.verdicts),
            examined=self.examined,
            suppressed=tuple(suppressed),
            requirements_changed=self.requirements_changed,
        )

    def _leveled(self, finding: Finding) -> Finding | None:
        if not (self.policy.levels or self.policy.paths):
            return finding
        key = (finding.rule, finding.path, finding.severity)
        if key not in self._levels:
            self._levels[key] = self._level(finding)
        level = self._levels[key]
        if level == "off":
            return None
        return finding if level == finding.severity else finding.with_severity(level)

    def _level(self, finding: Finding) -> Level:
        """What the policy says of a rule at a path."""
        from lockward import levels

        optional = finding.rule in rules.OPTIONAL and finding.rule not in self.only
        shipped: Level = "off" if optional else finding.severity
        try:
            return levels.level(self.policy, finding.rule, shipped, finding.path)
        except BoundError:
            return "error"  # what was not looked up is not made milder

    def _excepted(self, finding: Finding, today: str) -> bool:
        if not self.policy.exceptions:
            return False
        from lockward import levels

        if self._exceptions is None:
            self._exceptions = levels.Exceptions(self.policy, today)
        try:
            return self._exceptions.covering(finding) is not None
        except BoundError:
            return False


def _states(change: Change, policy: Policy) -> States:
    after = Repository(change.after, policy)
    if change.before is None:
        return None, after
    after.list_folders()
    return after.followed_by(change.before, change.paths), after


_RANK: Final = {"error": 0, "warning": 1, "note": 2}


def _order(finding: Finding) -> tuple[int, int, str, int, str]:
    """Most serious first, then in the rules' own order, then by place."""
    rule = rules.IDS.index(finding.rule)
    return (_RANK[finding.severity], rule, finding.path, finding.line, finding.package or "")
