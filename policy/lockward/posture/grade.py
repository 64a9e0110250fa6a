"""From findings and evidence to a score, a grade, and what to do next.

No clock, no network, no order but that of the rubric: the same tree, policy,
rubric and evidence always give the same grade.
"""

from __future__ import annotations

from lockward import rules
from lockward.posture.rubric import LETTERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from typing import Final, Literal

    from lockward.findings import Finding
    from lockward.posture.evidence import Evidence
    from lockward.posture.facts import Facts
    from lockward.posture.rubric import Control, Rubric

    Status = Literal["pass", "fail", "not measured"]

_COUNTS: Final = frozenset({"error", "warning"})
STEPS: Final = 3  # that the reports show


class Result:
    """How one control came out.

    ``count`` is the number of findings; ``delta`` what they cost; ``reason`` says
    why nothing was measured, or which rules were not run; ``remedy`` mends it.
    """

    __slots__ = ("control", "count", "delta", "reason", "remedy", "rule", "status")

    def __init__(
        self,
        control: Control,
        status: Status,
        *,
        count: int = 0,
        reason: str = "",
        rule: str = "",
        remedy: tuple[str, ...] = (),
    ) -> None:
        self.control: Final = control
        self.status: Final[Status] = status
        self.count: Final = count
        times = 0 if status != "fail" else count if control.per == "finding" else 1
        self.delta: Final = control.delta * times
        self.reason: Final = reason
        self.rule: Final = rule
        self.remedy: Final = remedy


class Step:
    """A failed control, and what mending it brings: points, and the grade it leads to."""

    __slots__ = ("gain", "grade", "result")

    def __init__(self, result: Result, gain: int, grade: str) -> None:
        self.result: Final = result
        self.gain: Final = gain
        self.grade: Final = grade


class Grade:
    """``letter`` "" means that nothing could be graded, and ``reason`` says why.

    ``capped_by`` names the failed critical controls, when they hold the grade
    down; ``danger`` is true when all the signs of the danger zone hold.
    """

    __slots__ = ("capped_by", "danger", "letter", "reason", "results", "rubric", "score", "steps")

    def __init__(
        self,
        rubric: Rubric,
        results: tuple[Result, ...],
        *,
        danger: bool = False,
        reason: str = "",
    ) -> None:
        self.rubric: Final = rubric
        self.results: Final = results
        self.danger: Final = danger
        self.reason: Final = reason
        self.score: Final = 0 if reason else _score(rubric, results)
        self.letter: Final = "" if reason else _letter(rubric, results)
        held = self.letter and self.letter != rubric.letter(self.score)
        self.capped_by: Final = tuple(_failed_critical(results)) if held else ()
        self.steps: Final = () if reason else tuple(_steps(rubric, results))

    @property
    def not_measured(self) -> tuple[Result, ...]:
        """The controls that nobody can tell about here."""
        return tuple(result for result in self.results if result.status == "not measured")


def judge(
    rubric: Rubric,
    findings: Iterable[Finding],
    idle: Callable[[str], str],
    evidence: Evidence | None,
) -> tuple[Result, ...]:
    """Every control's result; ``idle`` says why a rule could not tell anything, "" = it could.

    A note counts only of a rule that has nothing else to say.
    """
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity in _COUNTS or rules.module(finding.rule).SEVERITY == "note":
            by_rule.setdefault(finding.rule, []).append(finding)
    return tuple(
        _by_evidence(control, evidence) if control.evidence else _by_rules(control, by_rule, idle)
        for control in rubric.controls
    )


def _by_rules(
    control: Control, by_rule: dict[str, list[Finding]], idle: Callable[[str], str]
) -> Result:
    found = [finding for rule in control.rules for finding in by_rule.get(rule, ())]
    silent = {rule: why for rule in control.rules if (why := idle(rule))}
    reason = "; ".join(f"{rule}: {why}" for rule, why in silent.items())
    if found:
        first = found[0]
        return Result(
            control,
            "fail",
            count=len(found),
            reason=reason,
            rule=first.rule,
            remedy=first.remedy,
        )
    return Result(
        control, "not measured" if len(silent) == len(control.rules) else "pass", reason=reason
    )


_ASK: Final = {
    "vulnerabilities": "npm audit --json >audit.json; lockward scan --evidence audit.json",
    "provenance": "npm audit signatures --json >signatures.json;"
    " lockward scan --evidence signatures.json",
}


def _by_evidence(control: Control, evidence: Evidence | None) -> Result:
    told = None if evidence is None else _told(control, evidence)
    if told is None:
        return Result(
            control,
            "not measured",
            reason="needs the network, or --evidence FILE",
            remedy=(_ASK[control.evidence],),
        )
    if not told:
        return Result(control, "pass")
    shown = ", ".join(told[:STEPS]) + (
        f" and {len(told) - STEPS} more" if len(told) > STEPS else ""
    )
    remedy = ("npm audit fix --package-lock-only --ignore-scripts",)
    return Result(control, "fail", count=len(told), reason=shown, remedy=remedy)


def _told(control: Control, evidence: Evidence) -> tuple[str, ...] | None:
    """What the evidence holds against a control; None when it says nothing about it."""
    if control.evidence == "provenance":
        return evidence.unproven
    if evidence.vulnerabilities is None:
        return None
    return tuple(f"{each.package} ({each.severity}, {each.id})" for each in evidence.severe)


def in_danger(
    rubric: Rubric, facts: Facts, evidence: Evidence | None, failed: Collection[str]
) -> bool:
    """Many packages, many install scripts, a severe vulnerability and a loose install at once."""
    return (
        facts.total >= rubric.packages
        and len(facts.scripts) > rubric.scripts
        and evidence is not None
        and bool(evidence.severe)
        and "ci-npm-install" in failed
    )


def _score(rubric: Rubric, results: Iterable[Result]) -> int:
    return max(0, rubric.start + sum(result.delta for result in results))


def _failed_critical(results: Iterable[Result]) -> list[str]:
    return [
        result.control.id
        for result in results
        if result.status == "fail" and result.control.severity == "critical"
    ]


def _letter(rubric: Rubric, results: tuple[Result, ...]) -> str:
    letter = rubric.letter(_score(rubric, results))
    if not _failed_critical(results):
        return letter
    return max(letter, rubric.cap, key=LETTERS.index)


def _steps(rubric: Rubric, results: tuple[Result, ...]) -> list[Step]:
    """The failed controls, most gain first: the better grade, then points, then severity."""
    score = _score(rubric, results)
    steps = []
    for result in results:
        if result.status == "fail":
            rest = tuple(other for other in results if other is not result)
            steps.append(Step(result, _score(rubric, rest) - score, _letter(rubric, rest)))
    return sorted(steps, key=lambda step: (LETTERS.index(step.grade), -step.gain))
