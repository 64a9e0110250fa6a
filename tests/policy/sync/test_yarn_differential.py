"""Yarn's own frozen install and lockfile-out-of-sync agree on edits of real projects."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from lockward import sync
from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.project import Project
from tests.support import yarn_frozen, yarn_worlds
from tests.support.registry import Registry

if TYPE_CHECKING:
    from pathlib import Path

    from lockward.sync import SyncProblem
    from tests.support.yarn_worlds import Files

WORLDS = [
    (kind, world) for kind in yarn_frozen.PROGRAMS for world in sorted(yarn_worlds.worlds(kind))
]
# How Yarn says that the lockfile is the reason; what else it stops at (a hash, a platform) is
# for other rules.
OUT_OF_SYNC = {
    "yarn-classic": ("needs to be updated",),
    "yarn-berry": ("YN0028", "explicitly forbidden"),
}
FEWEST = 100  # edits on which both agree, for each manager
LIVE = ("single", 6)  # the world that is asked anew, and about how many of its edits


@cache
def recorded(kind: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((yarn_frozen.DATA / f"{kind}.json").read_text())
    return document


@cache
def edits(kind: str, world: str) -> dict[str, Files]:
    files = yarn_worlds.worlds(kind)[world]
    return dict(
        yarn_worlds.mutations(kind, {**files, "yarn.lock": recorded(kind)[world]["lockfile"]})
    )


def problems(files: Files) -> tuple[SyncProblem, ...] | None:
    """What we say; None when the lockfile cannot be read."""
    project = Project(MemoryTree(files), "", Policy())
    return sync.problems(project) if project.lockfile is not None else None


def is_refusal(kind: str, said: str) -> bool:
    return any(words in said for words in OUT_OF_SYNC[kind])


def below_the_root(found: tuple[SyncProblem, ...] | None) -> bool:
    """Where Yarn 1 looks at nothing: below the root, in workspaces, and at odd entries."""
    return found is None or all(problem.source for problem in found)


def judged(kind: str, world: str) -> list[tuple[str, bool, tuple[SyncProblem, ...] | None]]:
    """(edit, whether Yarn refuses, what we say) of each edit that nothing else stops."""
    refusals = recorded(kind)[world]["refusals"]
    return [
        (name, is_refusal(kind, refusals[name]), problems(files))
        for name, files in edits(kind, world).items()
        if not refusals[name] or is_refusal(kind, refusals[name])
    ]


@pytest.mark.parametrize(("kind", "world"), WORLDS)
def test_what_yarn_refuses_is_refused(kind: str, world: str) -> None:
    missed = [name for name, refused, found in judged(kind, world) if refused and found == ()]

    assert missed == []


@pytest.mark.parametrize("world", sorted(yarn_worlds.worlds("yarn-classic")))
def test_what_yarn_1_installs_is_refused_below_the_root_only(world: str) -> None:
    stricter = [
        (name, found)
        for name, refused, found in judged("yarn-classic", world)
        if not refused and found != () and not below_the_root(found)
    ]

    assert stricter == []


@pytest.mark.parametrize("world", sorted(yarn_worlds.worlds("yarn-berry")))
def test_what_berry_installs_is_refused_for_its_range_only(world: str) -> None:
    stricter = [
        (name, found)
        for name, refused, found in judged("yarn-berry", world)
        if not refused
        and found != ()
        and (found is not None and any(problem.reason != "invalid" for problem in found))
    ]

    assert stricter == []


@pytest.mark.parametrize("kind", sorted(yarn_frozen.PROGRAMS))
def test_there_are_enough_edits_of_both_verdicts(kind: str) -> None:
    agreed = [
        refused
        for one, world in WORLDS
        if one == kind
        for _, refused, found in judged(kind, world)
        if refused == (found != ())
    ]

    assert len(agreed) >= FEWEST
    assert agreed.count(True) >= FEWEST // 4
    assert agreed.count(False) >= FEWEST // 4


@pytest.mark.parametrize("kind", sorted(yarn_frozen.PROGRAMS))
def test_yarn_still_writes_and_says_what_is_recorded(kind: str, tmp_path: Path) -> None:
    with Registry(yarn_worlds.PACKAGES) as registry:
        yarn = yarn_frozen.Yarn(kind, registry, tmp_path)
        world, number = LIVE
        assert yarn.lock(yarn_worlds.worlds(kind)[world]) == recorded(kind)[world]["lockfile"]
        names = list(edits(kind, world))[1 :: len(edits(kind, world)) // number]
        said = {name: is_refusal(kind, yarn.refuses(edits(kind, world)[name])) for name in names}

    refusals = recorded(kind)[world]["refusals"]
    assert said == {name: is_refusal(kind, refusals[name]) for name in names}
