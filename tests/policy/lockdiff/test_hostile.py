"""Lockfiles that want to be slow: the work grows in step with the file.

Counted in calls of functions, not in seconds.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks import hostile_bun, hostile_npm, hostile_pnpm, hostile_yarn
from benchmarks.hostile import CASES, judge

if TYPE_CHECKING:
    from types import FrameType

    from benchmarks.hostile_files import Case

SMALL, FACTOR = 20_000, 3
MOST = 2.4  # more than in step: ranges are cached by size; a square would be 3 times it


def calls(case: Case, size: int) -> int:
    """How many functions of ours a judgement calls."""
    count = 0

    def note(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event == "call"

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


@pytest.mark.parametrize("case", [*CASES, *MENDED], ids=lambda case: case.__name__)
def test_the_work_grows_in_step_with_the_file(case: Case) -> None:
    judge(case, SMALL // 4)  # what is imported is paid for here
    small, large = calls(case, SMALL), calls(case, FACTOR * SMALL)
    assert large <= MOST * FACTOR * small, f"{small} calls became {large}"
