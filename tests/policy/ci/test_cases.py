"""Every labelled file under tests/data/ci: the rule speaks on the marked lines, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.rules import ci_npm_install
from tests.support import ci_cases

if TYPE_CHECKING:
    from tests.support.ci_cases import Case


def lines(case: Case) -> set[int]:
    """The lines on which the rule finds something for sure (a warning)."""
    found = ci_npm_install.check(case.path, MemoryTree(case.files), Policy())
    return {
        finding.line
        for finding in found
        if finding.severity == "warning" and finding.path == case.path
    }


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{case.family}: {case.name}") for case in ci_cases.cases()]
)
def test_a_case(case: Case) -> None:
    assert lines(case) - case.free == case.expected


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{case.family}: {case.name}") for case in ci_cases.real()]
)
def test_a_file_of_a_public_repository(case: Case) -> None:
    assert lines(case) - case.free == case.expected
