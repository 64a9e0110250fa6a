"""Commits of real repositories whose workspaces left, in a package-lock.json of npm 7 and later.

Reduced by hand; beside edits of them that must be refused.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.commits import npm_entry
from tests.support.states import Files, judged, refused, told

NEEDS = {"nextra": "^3.0.0"}
MEMBER: dict[str, Any] = {"name": "@a/docs", "version": "1.0.0", "dependencies": NEEDS}
LINK = {"resolved": "apps/docs", "link": True}
EVIL = {"node_modules/evil": npm_entry("evil", "1.0.0")}


def entry(version: str, of: str = "nextra") -> dict[str, Any]:
    """What nextra is locked as."""
    return {"node_modules/nextra": {**npm_entry(of, version), "name": of}}


def state(*, there: bool, more: dict[str, Any] | None = None, **needs: str) -> Files:
    """A workspace that is there, or whose folder npm found without a package.json."""
    own = {"name": "app", "dependencies": {"ms": "^2.0.0"}, "workspaces": ["apps/*"]}
    left = {**MEMBER, "extraneous": True, "dependencies": {**NEEDS, **needs}}
    members = {"apps/docs": MEMBER if there else left}
    if there:
        members["node_modules/@a/docs"] = LINK
        members.update(entry("3.0.0"))
    packages = {"": own, "node_modules/ms": npm_entry("ms", "2.1.3"), **members, **(more or {})}
    lock = {"name": "app", "lockfileVersion": 3, "requires": True, "packages": packages}
    files: Files = {
        "package.json": json.dumps(own).encode(),
        "package-lock.json": json.dumps(lock, indent=2).encode(),
    }
    return {**files, "apps/docs/package.json": json.dumps(MEMBER).encode()} if there else files


def test_documenso_454f73f2a9_npm_keeps_the_record_of_a_folder_that_is_gone() -> None:
    before, after = state(there=True), state(there=False)
    diff = judged(before, after)
    assert diff.classification == "matched", told(diff)
    assert not refused(before, after)


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(state(there=False, more=EVIL, evil="*"), id="the record asks for more"),
        pytest.param(
            state(there=False, more=entry("3.0.0", "evil"), nextra="npm:evil@*"),
            id="the record asks for another package",
        ),
        pytest.param(state(there=False, more=entry("3.1.0")), id="what it had moves"),
    ],
)
@pytest.mark.parametrize("there", [True, False])
def test_such_a_record_asks_for_nothing(after: Files, *, there: bool) -> None:
    diff = judged(state(there=there), after)
    assert diff.classification == "unexplained", told(diff)
    assert "orphan" in {one.code for one in diff.items}
