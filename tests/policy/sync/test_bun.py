"""Out of sync as bun decides: its own answers to more than a thousand edits, and how we differ."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from lockward import engine, sync
from lockward.memory import MemoryTree
from lockward.policy import Policy
from tests.support import bun, bun_edits, bun_frozen
from tests.support.bun_cli import VERSION, Bun
from tests.support.bun_worlds import PACKAGES, WORLDS
from tests.support.npm import project
from tests.support.registry import Registry

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.bun_edits import Files

RECORDED: Final[dict[str, Any]] = json.loads(bun_frozen.RECORDED.read_text())

# Edits to which our answer differs from bun's, on purpose: the end of their names, and why.
DIFFERENT: Final = {
    " = latest": "what a tag names is known to the registry alone: a new one passes",
    "optional v": "a registry that has the optional package would have it locked",
    "optional w": "likewise",
    "optional unheard-of": "likewise",
    "override of a below": "a lockfile below version 3 may be of a bun that ignores such rules",
    "override by range": "likewise",
    "lock: root d gone": "only another package's optional peer leads there: an unclear pair",
    "dependencies w = file:./fold": "a folder under a workspace's name, which bun links anyway",
}


def ours(files: Files) -> bool:
    """Whether we take a project to be in sync; what we cannot read bun would not install."""
    judged = project(bun_frozen.texts(files))
    return judged.lockfile is not None and not sync.problems(judged)


@pytest.mark.parametrize("world", RECORDED["worlds"])
def test_we_decide_as_bun_did(world: str) -> None:
    answers = RECORDED["worlds"][world]
    files: Files = {**WORLDS[world], "bun.lock": answers["lockfile"]}
    installs = set(answers["installs"])
    edits = dict(bun_edits.edits(files))
    assert set(edits) == installs | set(answers["refuses"])
    different = {
        name
        for name, edit in edits.items()
        if ours(bun_edits.apply(files, edit)) is not (name in installs)
    }

    assert len(edits) > 200
    assert {name for name in different if not name.endswith(tuple(DIFFERENT))} == set()


def test_every_difference_is_one_that_happens() -> None:
    happened = set()
    for world, answers in RECORDED["worlds"].items():
        files: Files = {**WORLDS[world], "bun.lock": answers["lockfile"]}
        for name, edit in bun_edits.edits(files):
            if ours(bun_edits.apply(files, edit)) is not (name in answers["installs"]):
                happened |= {end for end in DIFFERENT if name.endswith(end)}

    assert happened == set(DIFFERENT)


@pytest.mark.node
@pytest.mark.parametrize("world", WORLDS)
def test_bun_still_answers_as_recorded(world: str, tmp_path: Path) -> None:
    recorded = RECORDED["worlds"][world]
    with Registry(PACKAGES) as registry:
        itself = Bun(tmp_path, registry)
        files = bun_frozen.locked(itself, WORLDS[world])
        edits = list(bun_edits.edits(files))
        for name, edit in edits[::17]:
            answer = bun_frozen.installs(itself, bun_edits.apply(files, edit))
            assert answer is (name in recorded["installs"]), name
    assert RECORDED["bun"] == VERSION
    assert len(edits[::17]) > 10


MANIFEST: Final[bun.Json] = {"name": "app", "dependencies": {"a": "^1.0.0", "b": "*"}}
PACKAGES_LOCKED: Final = {"a": bun.locked("a"), "b": bun.locked("b")}


def told(**fields: object) -> list[str]:
    """The findings of lockfile-out-of-sync for MANIFEST locked, and then with other fields."""
    files = bun.files(MANIFEST, PACKAGES_LOCKED)
    files["package.json"] = json.dumps({**MANIFEST, **fields})
    found = engine.scan(MemoryTree(files), Policy(), only=("lockfile-out-of-sync",)).findings
    assert all("bun install --frozen-lockfile" in finding.why for finding in found)
    assert all("bun install --lockfile-only" in finding.remedy[0] for finding in found)
    return [finding.message for finding in found]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param(
            {"dependencies": {"a": "^2.0.0", "b": "*"}},
            "a: wanted ^2.0.0, locked 1.0.0 (bun.lock:14)",
            id="out of range",
        ),
        pytest.param(
            {"dependencies": {"a": "^1.0.0", "b": "*", "c": "1"}},
            "c: wanted 1, nothing is locked",
            id="new",
        ),
        pytest.param(
            {"dependencies": {"a": "^1.0.0"}},
            "b: is locked, but package.json does not ask for it any more",
            id="gone",
        ),
        pytest.param(
            {"overrides": {"b": "1.0.0"}},
            "b: the override in package.json says 1.0.0, the lockfile nothing",
            id="an override",
        ),
    ],
)
def test_what_a_finding_says(fields: dict[str, Any], message: str) -> None:
    assert told(**fields) == [message]


def test_nothing_is_said_of_a_pair_in_sync() -> None:
    assert told(description="other", scripts={"x": "y"}) == []
