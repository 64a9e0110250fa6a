"""A bun.lockb in real repositories: what is said of it, and that the commands lead out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from tests.support.repos import Repo
from tests.support.states import bun_state

if TYPE_CHECKING:
    from pathlib import Path

BINARY: Final = "bun.lockb"
OLD, NEW = (f"#!/usr/bin/env bun\nbun-lockfile-format-v0\n{one}" for one in "12")
ASKS: Final = {"ms": "^2.0.0"}
STATE: Final = bun_state(ASKS, {"ms": ("ms@2.1.0", {})})
ALONE: Final = {name: data for name, data in STATE.items() if name != "bun.lock"}


def refused(repo: Repo, lockward: Path, path: str) -> tuple[str, list[str]]:
    """The message about a file that is undecided, and the commands that mend it."""
    done = repo.run(str(lockward), "check", "--format", "json")
    findings = [one for one in json.loads(done.stdout)["findings"] if one["path"] == path]
    assert done.returncode == 2, done.stdout
    return findings[0]["message"], [one.partition("   (")[0] for one in findings[0]["remedy"]]


@pytest.mark.parametrize(
    ("before", "staged"),
    [
        pytest.param({**STATE, BINARY: OLD}, {BINARY: NEW}, id="beside its text it changes"),
        pytest.param(STATE, {BINARY: NEW}, id="beside its text it comes"),
        pytest.param(
            {**STATE, "packages/a/package.json": "{}", f"packages/a/{BINARY}": OLD},
            {f"packages/a/{BINARY}": NEW, "packages/a/bun.lock": STATE["bun.lock"]},
            id="in a folder, where the text comes as well",
        ),
    ],
)
def test_beside_its_text_it_is_removed(
    tmp_path: Path, lockward: Path, before: dict[str, str | bytes], staged: dict[str, str | bytes]
) -> None:
    """`bun install` leaves it where bun.lock is: its own migration would not lead out."""
    repo = Repo(tmp_path / "work")
    repo.commit(before, "first")
    repo.stage(staged)

    path = next(one for one in staged if one.endswith(BINARY))
    message, [command] = refused(repo, lockward, path)
    assert "what bun 1.2 and later read" in message
    assert repo.run("sh", "-c", command).returncode == 0, command

    assert BINARY not in repo.run(str(lockward), "check").stdout


def test_an_edited_one_is_restored_before_it_is_migrated(tmp_path: Path, lockward: Path) -> None:
    """A migration keeps what was put into the binary file, and its text is new to everybody."""
    repo = Repo(tmp_path / "work")
    repo.commit({**ALONE, BINARY: OLD}, "first")
    repo.stage({BINARY: NEW})

    _, [restore, migrate] = refused(repo, lockward, BINARY)

    assert repo.run("sh", "-c", restore).returncode == 0
    assert (repo.path / BINARY).read_text() == OLD
    assert migrate.startswith("bun install --save-text-lockfile --lockfile-only --ignore-scripts")
    assert "npm" not in repo.run(str(lockward), "scan").stdout


def test_the_text_in_its_place_passes(tmp_path: Path, lockward: Path) -> None:
    repo = Repo(tmp_path / "work")
    repo.commit({**ALONE, BINARY: OLD}, "first")
    repo.git("rm", "-q", BINARY)
    repo.stage({"bun.lock": STATE["bun.lock"]})

    assert repo.run(str(lockward), "check").returncode == 0


def test_a_name_of_another_case_is_moved(tmp_path: Path, lockward: Path) -> None:
    repo = Repo(tmp_path / "work")
    repo.commit(ALONE, "first")
    repo.stage({"BUN.lock": STATE["bun.lock"]})

    _, [move] = refused(repo, lockward, "BUN.lock")
    assert repo.run("sh", "-c", move).returncode == 0
    assert repo.run(str(lockward), "check").returncode == 0
