"""The keys that a measured posture adds to the JSON report (docs/report.schema.json)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockward.posture.assess import Posture
    from lockward.posture.facts import Facts
    from lockward.posture.grade import Grade, Result


def document(posture: Posture) -> dict[str, object]:
    """Grade, score, rubric, controls, what to do next, and the numbers behind them."""
    grade = posture.grade
    return {
        "grade": grade.letter or None,
        "score": grade.score if grade.letter else None,
        "rubric": {"name": grade.rubric.name, "version": grade.rubric.version},
        "controls": [_control(result) for result in grade.results],
        **_verdict(grade),
        "packages": _packages(posture.facts),
        "sources": dict(posture.facts.sources),
        "install_scripts": list(posture.facts.scripts),
        "duplicates": {name: list(found) for name, found in posture.facts.duplicates.items()},
        "longest_chains": [list(chain) for chain in posture.facts.longest],
    }


def _verdict(grade: Grade) -> dict[str, object]:
    return {
        "not_graded": grade.reason,
        "capped_by": list(grade.capped_by),
        "danger_zone": grade.danger,
        "next": [
            {
                "control": step.result.control.id,
                "gain": step.gain,
                "grade": step.grade,
                "remedy": list(step.result.remedy),
            }
            for step in grade.steps
        ],
    }


def _control(result: Result) -> dict[str, object]:
    control = result.control
    return {
        "id": control.id,
        "title": control.title,
        "severity": control.severity,
        "status": result.status,
        "count": result.count,
        "delta": result.delta,
        "reason": result.reason,
    }


def _packages(facts: Facts) -> dict[str, object]:
    return {
        "total": facts.total,
        "distinct": facts.distinct,
        "direct": facts.direct,
        "transitive": facts.transitive,
        "dev": facts.dev,
        "optional": facts.optional,
        "unreached": facts.unreached,
        "install_scripts": len(facts.scripts),
        "install_scripts_recorded": facts.scripts_recorded,
        "max_depth": facts.max_depth,
        "by_depth": list(facts.by_depth),
    }
