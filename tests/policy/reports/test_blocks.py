"""Findings put together: what shares a cause is one block."""

from __future__ import annotations

import pytest

from lockward.findings import Finding
from lockward.reports.blocks import blocks
from lockward.reports.text import render
from tests.policy.reports.findings import report


def missing(path: str, number: int, *, across: bool = True) -> Finding:
    return Finding(
        rule="lockfile-missing",
        severity="error",
        path=path,
        message=f"{number} dependencies, but no lockfile is committed",
        group="{n} projects have no lockfile",
        row=(path, f"{number} dependencies"),
        across=across,
    )


@pytest.mark.parametrize(
    ("across", "number"),
    [
        pytest.param(True, 1, id="one block for all files"),
        pytest.param(False, 2, id="one block for each file"),
    ],
)
def test_a_cause_that_files_share(*, across: bool, number: int) -> None:
    found = [missing("a/package.json", 2, across=across), missing("b/package.json", 3)]
    found.append(missing("a/package.json", 4, across=across))

    assert len(blocks(found)) == number


def test_the_rows_of_a_shared_cause_name_their_files() -> None:
    text = render(report(missing("a/package.json", 2), missing("b/package.json", 3)))

    assert (
        text
        == """\
error[lockfile-missing]: 2 projects have no lockfile
  --> a/package.json and 1 more
  a/package.json  2 dependencies
  b/package.json  3 dependencies
lockward: refused, 2 errors of 1 cause. More: lockward explain lockfile-missing
"""
    )
