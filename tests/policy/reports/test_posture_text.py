"""A posture in lines: the grade, its cap, the danger zone, what to do next."""

from __future__ import annotations

import pytest

from lockward.findings import Finding
from lockward.posture import evidence, grade, rubric
from lockward.posture.assess import Posture
from lockward.posture.facts import Facts
from lockward.reports import html, markdown, posture_text
from lockward.reports.summary import Style
from tests.policy.reports.findings import report

FACTS = Facts(
    total=620,
    distinct=600,
    direct=20,
    dev=300,
    optional=5,
    by_depth=(20, 400, 200),
    scripts=("esbuild@1.0.0", "sharp@2.0.0"),
    scripts_recorded=False,
    sources={"registry.example.org": 600, "a": 9, "b": 5, "c": 3, "git": 2, "d": 1},
    duplicates={"b": ("1.0.0", "2.0.0")},
    longest=(("x", "y", "z"),),
)


def posture(*rules: str, danger: bool = False, told: evidence.Evidence | None = None) -> Posture:
    found = [
        Finding(rule=rule, severity="error", path="x", message="m", remedy=(f"mend {rule}",))
        for rule in rules
    ]
    results = grade.judge(rubric.SHIPPED, found, lambda _: "", told)
    return Posture({}, FACTS, grade.Grade(rubric.SHIPPED, results, danger=danger), told, "app")


def lines(given: Posture) -> dict[str, str]:
    """The labelled lines."""
    head, *rows = posture_text.lines(given, Style())
    return {"posture": head, **{row[2:12].strip(): row[13:] for row in rows if row[2] != " "}}


def test_every_fact_has_its_line() -> None:
    said = lines(posture())

    assert said["posture"] == "posture: grade A, 100 of 100 (rubric lockward 1)"
    assert said["packages"] == (
        "620: 20 direct, 600 transitive, 3 deep; 300 for development only, 5 optional"
    )
    assert said["scripts"] == ("2 packages run install scripts; not every lockfile here records it")
    assert said["sources"] == "600 registry.example.org, 9 a, 5 b, 3 c and 2 more"
    assert said["duplicates"] == "1 name in several versions; b in 2"
    assert said["longest"] == "x > y > z"
    assert "failed" not in said
    assert "next" not in said


def test_a_cap_and_the_next_step() -> None:
    said = lines(posture("lockfile-missing", "sbom-missing"))

    assert said["posture"].endswith("(rubric lockward 1); no better than D while lockfile fails")
    assert said["failed"] == "lockfile -20, sbom -5"
    assert said["next"].startswith("+20 (grade A)")


@pytest.mark.parametrize("danger", [True, False])
def test_the_danger_zone_is_told_everywhere(danger: bool) -> None:  # noqa: FBT001 - a table
    given = posture("ci-npm-install", danger=danger)
    whole = report().with_posture(given)

    assert ("DANGER" in lines(given)) is danger
    assert ("**Danger zone:**" in markdown.render(whole)) is danger
    assert ('class="danger"' in html.render(whole)) is danger


def test_evidence_names_what_it_found() -> None:
    severe = evidence.Evidence((evidence.Vulnerability("GHSA-1", "a", "high", "t"),))
    [step] = posture(told=severe).grade.steps

    assert step.result.reason == "a (high, GHSA-1)"
    assert step.gain == 15
