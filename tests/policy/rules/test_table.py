"""The table of rules: each row leads to a module that is what the row says."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lockward import relevant, rules
from lockward.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(inspect.getfile(rules)).parent
HEADINGS = ("## What it judges", "## Why", "## Refused", "## Passes", "## Fix")
SHAPES = {
    "project": ("project", "policy"),
    "change": ("before", "after", "policy"),
    "file": ("path", "tree", "policy"),
    "tree": ("repository", "policy"),
}
KINDS = inspect.getsource(relevant)  # Kind, a type, is not there at run time
ROWS = [pytest.param(row, id=row.id) for row in rules.RULES]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_leads_to_its_module(row: rules.Row) -> None:
    module = rules.module(row.id)
    assert row.id == module.ID
    assert module.SEVERITY in ("error", "warning", "note")
    assert module.SUMMARY
    assert "\n" not in module.SUMMARY
    assert not module.SUMMARY.endswith(".")


@pytest.mark.parametrize("row", ROWS)
def test_a_rule_judges_what_its_row_says(row: rules.Row) -> None:
    assert tuple(inspect.signature(_check(row)).parameters) == SHAPES[row.judges]


def _check(row: rules.Row) -> Callable[..., object]:
    if row.judges == "project":
        return rules.project_rule(row).check
    if row.judges == "tree":
        return rules.tree_rule(row).check
    return rules.change_rule(row).check if row.judges == "change" else rules.file_rule(row).check


@pytest.mark.parametrize("row", ROWS)
def test_a_rule_documents_itself(row: rules.Row) -> None:
    text = inspect.getdoc(rules.module(row.id)) or ""
    places = [text.find(heading) for heading in HEADINGS]
    assert all(place > 0 for place in places), "a heading is missing"
    assert places == sorted(places), "the headings stand in another order"
    assert text.split("\n", 1)[0].endswith("."), "the first line is one sentence"


@pytest.mark.parametrize("row", ROWS)
def test_kinds_belong_to_rules_about_files_and_are_known(row: rules.Row) -> None:
    assert bool(row.kinds) == (row.judges == "file") or row.judges == "tree"
    assert all(f'"{kind}"' in KINDS for kind in row.kinds)


def test_every_module_has_its_row_and_ids_are_unique() -> None:
    modules = {path.stem for path in FOLDER.glob("[!_]*.py")}
    assert modules == {row.id.replace("-", "_") for row in rules.RULES}
    assert len(set(rules.IDS)) == len(rules.IDS)


def test_a_policy_knows_every_rule() -> None:
    assert set(Policy().levels) <= set(rules.IDS)
