"""The posture of one tree: facts about its packages, the way to each finding, a grade."""

from __future__ import annotations

from lockward import ci, levels, rules
from lockward.posture import facts, grade
from lockward.posture.rubric import SHIPPED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Final

    from lockward.findings import Finding, Report
    from lockward.posture.chains import Chains
    from lockward.posture.evidence import Evidence
    from lockward.posture.facts import Facts
    from lockward.posture.grade import Grade
    from lockward.posture.rubric import Rubric
    from lockward.repository import Repository

    Measure = Callable[[Repository, Report, Collection[str]], Report]


class Posture:
    """Where a repository stands.

    ``trees`` maps the path of each lockfile in use to its shortest-path tree,
    ``facts`` adds them up, ``evidence`` is what the caller brought along; ``name``
    is what the first package.json calls itself.
    """

    __slots__ = ("evidence", "facts", "grade", "name", "trees")

    def __init__(
        self,
        trees: Mapping[str, Chains],
        facts: Facts,
        grade: Grade,
        evidence: Evidence | None = None,
        name: str = "",
    ) -> None:
        self.name: Final = name
        self.trees: Final = trees
        self.facts: Final = facts
        self.grade: Final = grade
        self.evidence: Final = evidence

    def way(self, finding: Finding) -> tuple[str, ...]:
        """The names from the direct dependency to a finding's package; () when it has none.

        ``("schema-validator", "string-utils", "fast-str")``
        """
        tree = self.trees.get(finding.path)
        return () if tree is None or not finding.pointer else tree.names(finding.pointer)


def measure(rubric: Rubric = SHIPPED, evidence: Evidence | None = None) -> Measure:
    """What engine.scan wants: a function that adds a posture to a report."""

    def assess(repository: Repository, report: Report, only: Collection[str]) -> Report:
        trees = dict(_trees(repository))
        counted = facts.joined(facts.of(tree) for tree in trees.values())
        idle = _idle(repository, only)
        results = grade.judge(rubric, report.findings, idle, evidence)
        failed = {result.rule for result in results}
        given = grade.Grade(
            rubric,
            results,
            danger=grade.in_danger(rubric, counted, evidence, failed),
            reason=_ungradable(report, counted),
        )
        return report.with_posture(Posture(trees, counted, given, evidence, _name(repository)))

    return assess


def _trees(repository: Repository) -> list[tuple[str, Chains]]:
    found = []
    for project in repository.projects():
        tree = facts.chains(project)
        if tree is not None:
            found.append((tree.lockfile.path, tree))
    return found


def _name(repository: Repository) -> str:
    for project in repository.projects():
        if project.manifest is not None and project.manifest.name:
            return project.manifest.name
    return ""


def _idle(repository: Repository, only: Collection[str]) -> Callable[[str], str]:
    """Why a rule could tell nothing here: not asked for, switched off, or nothing to look at."""
    policy = repository.policy
    judged = {path for path in repository.paths("ci") if ci.family(path) in ci.SYSTEMS}

    def idle(rule: str) -> str:
        if rule not in rules.IDS:
            return "there is no such rule"
        if only and rule not in only:
            return "not asked for"
        if levels.level(policy, rule, rules.default(rule), "") == "off":
            return "switched off"
        return "there is no CI file" if rule.startswith("ci-") and not judged else ""

    return idle


def _ungradable(report: Report, counted: Facts) -> str:
    if report.verdict == "undecided":
        return "not graded: a file could not be read (ignore = [...] leaves out what tests need)"
    if not report.examined.get("manifests") and not report.examined.get("lockfiles"):
        return "not graded: there is no JavaScript project here"
    if not counted.total and not any(f.rule == "lockfile-missing" for f in report.findings):
        return "not graded: nothing here depends on anybody"
    return ""
