"""lockward.semver against the node-semver that npm brings along, over generated questions."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from lockward import semver
from tests.support import node, semver_cases

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = 6_000  # of each seed
SEEDS = (20_240_917, 20_261_125)  # two tests, for two workers

Answer = list[object]


def attempt(question: Callable[[], object]) -> object:
    try:
        return question()
    except ValueError:
        return "throws"


def ours(case: semver_cases.Case) -> Answer:
    """As semver_reference.cjs, but False for what throws: that is our contract."""
    a, b, wanted, other, loose, pre = case
    return [
        semver.satisfies(a, wanted, loose=loose, include_prerelease=pre),
        semver.valid_range(wanted, loose=loose, include_prerelease=pre),
        attempt(lambda: semver.compare(a, b, loose=loose)),
        semver.valid(a, loose=loose),
        semver.intersects(wanted, other, loose=loose, include_prerelease=pre),
    ]


def no_throw(answer: Answer) -> Answer:
    """node-semver's answer, False where satisfies or intersects throws."""
    return [
        False if value == "throws" and at in (0, 4) else value for at, value in enumerate(answer)
    ]


@pytest.mark.node
@pytest.mark.parametrize("seed", SEEDS)
def test_every_answer_is_node_semvers(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - the same questions on every run
    cases = [semver_cases.case(rng) for _ in range(CASES)]

    theirs = [no_throw(answer) for answer in node.ask("semver_reference.cjs", "semver", cases)]
    wrong = [
        (case, mine, answer)
        for case, answer in zip(cases, theirs, strict=True)
        if (mine := ours(case)) != answer
    ]

    assert wrong[:5] == []
    # The questions are worth asking: each answer is often given.
    for at, value in ((0, True), (1, None), (2, 0), (2, -1), (3, None), (4, True)):
        assert sum(answer[at] == value for answer in theirs) > CASES // 20
