"""A measured posture in a few lines: what `lockward scan` says before its last one."""

from __future__ import annotations

from lockward.posture.grade import STEPS
from lockward.reports.escape import clip, escape, sentence, value
from lockward.reports.summary import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.posture.assess import Posture
    from lockward.posture.facts import Facts
    from lockward.posture.grade import Grade
    from lockward.reports.summary import Style

SOURCES: Final = 4
LONGEST: Final = 100  # columns of a command or a chain
DANGER: Final = (
    "many packages, many install scripts, a severe vulnerability and `npm install` in CI at once"
)


def lines(posture: Posture, style: Style) -> list[str]:
    """The summary; the grade first, what to do next last."""
    grade = posture.grade
    head = f"posture: {headline(grade)}"
    rows = [*_facts(posture.facts), *_controls(grade), *_next(grade)]
    return [style.paint("bold", head), *(f"  {label:<10} {text}" for label, text in rows)]


def headline(grade: Grade) -> str:
    """``grade D, 85 of 100 (rubric lockward 1); lockfile caps it at D``."""
    if not grade.letter:
        return grade.reason
    rubric = f"rubric {value(grade.rubric.name)} {value(grade.rubric.version)}"
    text = f"grade {grade.letter}, {grade.score} of {grade.rubric.start} ({rubric})"
    if grade.capped_by:
        names = ", ".join(map(value, grade.capped_by))
        text += f"; no better than {grade.rubric.cap} while {names} fails"
    return text


def packages(facts: Facts) -> str:
    """``294: 21 direct, 273 transitive, 8 deep; 156 for development, 33 optional``."""
    return (
        f"{facts.total}: {facts.direct} direct, {facts.transitive} transitive,"
        f" {facts.max_depth} deep; {facts.dev} for development only, {facts.optional} optional"
    )


def scripts(facts: Facts) -> str:
    """How many run install scripts, as far as the lockfiles say so."""
    text = f"{counted(len(facts.scripts), 'package runs', 'packages run')} install scripts"
    return text if facts.scripts_recorded else f"{text}; not every lockfile here records it"


def _facts(facts: Facts) -> Iterator[tuple[str, str]]:
    if not facts.total:
        return
    yield "packages", packages(facts)
    yield "scripts", scripts(facts)
    shown = [f"{number} {value(name)}" for name, number in list(facts.sources.items())[:SOURCES]]
    more = len(facts.sources) - len(shown)
    yield "sources", ", ".join(shown) + (f" and {more} more" if more else "")
    if facts.duplicates:
        name, versions = next(iter(facts.duplicates.items()))
        number = counted(len(facts.duplicates), "name")
        yield "duplicates", f"{number} in several versions; {value(name)} in {len(versions)}"
    for chain in facts.longest[:1]:
        yield "longest", clip(" > ".join(map(escape, chain)), LONGEST)


def _controls(grade: Grade) -> Iterator[tuple[str, str]]:
    failed = [result for result in grade.results if result.status == "fail"]
    if failed and grade.letter:
        yield (
            "failed",
            ", ".join(f"{value(result.control.id)} {result.delta}" for result in failed),
        )
    if grade.not_measured:
        names = ", ".join(value(result.control.id) for result in grade.not_measured)
        yield "unmeasured", names
    if grade.danger:
        yield "DANGER", DANGER


def _next(grade: Grade) -> Iterator[tuple[str, str]]:
    label = "next"
    for step in grade.steps[:STEPS]:
        yield label, f"+{step.gain} (grade {step.grade})  {sentence(step.result.control.title)}"
        for command in step.result.remedy[:2]:
            yield "", f"  {clip(escape(command), LONGEST)}"
        label = ""
