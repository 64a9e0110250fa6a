"""Lockfiles that want to be slow: the work grows in step with the file.

Counted in calls of functions, not in seconds.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks import hostile_bun, hostile_npm, hostile_places, hostile_pnpm, hostile_yarn
from benchmarks.hostile import CASES, judge

if TYPE_CHECKING:
    from types import FrameType

    from benchmarks.hostile_files import Case

SMALL, FACTOR = 20_000, 3
MOST = 2.4  # more than in step: ranges are cached by size; a square would be 3 times it


def calls(case: Case, size: int) -> int:
    """How many functions a judgement calls, those of Python itself included."""
    count = 0

    def note(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        judge(case, size)
    finally:
        sys.setprofile(None)
    return count


# Each was slow in the square of its size once.
MENDED = (
    *(hostile_npm.one_requirement, hostile_npm.members, hostile_npm.lockfiles),
    *(hostile_npm.renamed, hostile_npm.shadows, hostile_pnpm.pnpm_extensions),
    *(hostile_yarn.classic_links, hostile_bun.bun_shadows, hostile_bun.bun_members),
)


# Likewise, where a square shows in larger ones only.
LARGE = (hostile_places.one_folder, hostile_places.twins, hostile_places.one_key)


@pytest.mark.parametrize(
    ("case", "size"),
    [
        *(pytest.param(case, SMALL, id=case.__name__) for case in (*CASES, *MENDED)),
        *(pytest.param(case, 5 * SMALL, id=f"{case.__name__}, larger") for case in LARGE),
    ],
)
def test_the_work_grows_in_step_with_the_file(case: Case, size: int) -> None:
    judge(case, size // 4)  # what is imported is paid for here
    small, large = calls(case, size), calls(case, FACTOR * size)
    assert large <= MOST * FACTOR * small, f"{small} calls became {large}"
