"""Every edit that no package manager makes, in real lockfiles, through the whole engine.

Each is refused by itself, and beside a cosmetic edit of package.json.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from lockward import engine, lockfiles
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from tests.support import tampering

DATA: Final = Path(__file__).parents[2] / "data" / "npm_ci"
# One project for each way of writing a lockfile down.
PROJECTS: Final = ("web-v1", "monorepo-v2", "web-v3")
LOCK: Final = "package-lock.json"
REFUSING: Final = frozenset({"lockfile-tampered", "lockfile-unmatched", "lockfile-unreadable"})
Files = dict[str, bytes]


def files_of(name: str) -> Files:
    folder = DATA / name
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def cosmetic(files: Files) -> Files:
    manifest = json.loads(files["package.json"])
    manifest["description"] = "Nothing that anybody requires"
    return {**files, "package.json": json.dumps(manifest, indent=2).encode()}


def tampered(files: Files, edit: tampering.Edit, pick: float) -> tuple[Files, str]:
    """The files with the edit made, and the name of its victim ("" = there is none)."""
    document: dict[str, Any] = json.loads(files[LOCK])
    keys = frozenset(lockfiles.read(LOCK, files[LOCK]).by_key)
    victim = edit(tampering.Victim(document, keys, pick))
    return {**files, LOCK: json.dumps(document, indent=2).encode()}, victim


def refusals(before: Files, after: Files) -> set[str]:
    """The rules that refuse a change."""
    paths = [path for path in after if before.get(path) != after[path]]
    change = Change(MemoryTree(before), MemoryTree(after), paths)
    found = engine.evaluate(change, Policy()).findings
    return {finding.rule for finding in found if finding.severity == "error"}


def edits_of(project: str) -> dict[str, tampering.Edit]:
    """The edits that can be made in a project: what its format carries."""
    edits = {**tampering.EVERYWHERE, **tampering.MODERN}
    if project.endswith("v1"):
        edits = {name: edit for name, edit in edits.items() if name not in tampering.MODERN}
        del edits["link instead of registry"]
    if not project.endswith("v2"):
        edits.pop("older tree edited", None)
    return edits


@pytest.mark.parametrize(
    ("project", "edit"),
    [
        pytest.param(project, edit, id=f"{project}, {name}")
        for project in PROJECTS
        for name, edit in edits_of(project).items()
    ],
)
def test_it_is_refused_alone_and_beside_a_cosmetic_edit(project: str, edit: tampering.Edit) -> None:
    before = files_of(project)
    victims = {}
    for pick in (0.2, 0.8):
        after, victim = tampered(before, edit, pick)
        victims[victim] = after
    assert "" not in victims, "nothing in the lockfile to try it on"
    for victim, after in victims.items():
        assert refusals(before, after) & REFUSING, victim
    last = list(victims.values())[-1]
    hidden = refusals(before, last) - refusals(before, cosmetic(last))
    assert not hidden, "a cosmetic edit of package.json hides it"


@pytest.mark.parametrize("project", PROJECTS)
def test_the_untouched_project_and_a_cosmetic_edit_pass(project: str) -> None:
    before = files_of(project)
    assert refusals(before, cosmetic(before)) == set()
    rewritten = {**before, LOCK: json.dumps(json.loads(before[LOCK]), indent=4).encode()}
    assert refusals(before, rewritten) == set()
