"""lockfile-out-of-sync and `pnpm install --frozen-lockfile`, asked about the same edits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from lockward import sync
from lockward.policy import Policy
from lockward.rules import lockfile_integrity, lockfile_untrusted_source, lockfile_wrong_package
from tests.support import pnpm
from tests.support import pnpm_frozen as frozen
from tests.support.pnpm_edits import LOCK
from tests.support.registry import Registry

if TYPE_CHECKING:
    from pathlib import Path

RECORDED: Final[dict[str, Any]] = json.loads(frozen.RECORDED.read_text())
ROWS: Final = [(version, world) for version in RECORDED for world in RECORDED[version]]
# Where we differ on purpose: major versions, how the edit's name begins, and why.
DELIBERATE: Final = (
    ("9", "lockfile .: ", "out of range: pnpm refuses it since 10"),
    ("9", "catalog ", "a catalog that the lockfile has not followed: pnpm refuses it since 10"),
    ("9", "lockfile catalog specifier", "the same"),
    (
        "9 10 12",
        "lockfile catalog version",
        "another version than the catalog's: pnpm 11 refuses it",
    ),
    ("9 10 12", "lockfile packages/app: bbb is ", "the same"),
    ("9 10 12", "lockfile packages/app: @acme/lib is ", "workspace: answered by a registry"),
    ("12", "lockfile .: opt is gone", "the lockfile does not say what would be installed"),
    ("12", "lockfile autoInstallPeers None", "pnpm 12 cannot parse it; we read it"),
    ("12", "lockfile excludeLinksFromLockfile None", "the same"),
)


def reasons(version: str, name: str) -> list[str]:
    """The rows of the table that explain a difference."""
    major = version.partition(".")[0]
    return [
        begin
        for majors, begin, _ in DELIBERATE
        if major in majors.split() and name.startswith(begin)
    ]


def takes(files: dict[str, str]) -> bool:
    project = pnpm.project(files)
    if project.faults:
        return False  # lockfile-unreadable's finding
    return not sync.problems(project)


@pytest.mark.parametrize(("version", "world"), ROWS)
def test_our_verdicts_are_those_that_pnpm_gave(version: str, world: str) -> None:
    row = RECORDED[version][world]
    answers = row["takes"]
    ours = {name: takes(frozen.edited(world, version, row["lockfile"], name)) for name in answers}
    different = [name for name in answers if answers[name] != ours[name]]

    assert answers.keys() == frozen.edits(world, version).keys(), "record them anew"
    assert [name for name in different if not reasons(version, name)] == []


def test_every_deliberate_difference_is_one() -> None:
    used: set[str] = set()
    for version, world in ROWS:
        row = RECORDED[version][world]
        for name, answer in row["takes"].items():
            begins = reasons(version, name)
            if begins and takes(frozen.edited(world, version, row["lockfile"], name)) != answer:
                used.update(begins)

    assert used == {begin for _, begin, _ in DELIBERATE}


def test_enough_was_asked() -> None:
    for version in [version for version, step in frozen.VERSIONS.items() if step == 1]:
        verdicts = [v for world in RECORDED[version].values() for v in world["takes"].values()]
        assert len(verdicts) >= 200
        assert min(verdicts.count(True), verdicts.count(False)) >= 50


@pytest.mark.parametrize(("version", "world"), ROWS)
def test_what_pnpm_wrote_is_read_whole(version: str, world: str) -> None:
    """Nothing is found in it, and every entry is a package of the registry, with its hash."""
    text = RECORDED[version][world]["lockfile"]
    files = {**frozen.texts(frozen.worlds(version)[world], version), LOCK: text}
    project = pnpm.project(files)
    lockfile = project.lockfile
    assert lockfile is not None
    found = {(package.name, package.version) for package in lockfile.packages}

    assert project.faults == ()
    assert found <= {(name, v) for name, versions in frozen.PACKAGES.items() for v in versions}
    assert len(found) >= 6
    assert {package.source for package in lockfile.packages} == {"registry"}
    assert all(package.integrity for package in lockfile.packages)
    assert set(lockfile.importers) == set(project.manifests)
    for rule in (lockfile_integrity, lockfile_untrusted_source, lockfile_wrong_package):
        assert list(rule.check(project, Policy())) == []


LIVE: Final = "12.21.0"


@pytest.mark.node
def test_pnpm_still_says_what_was_recorded(tmp_path: Path) -> None:
    with Registry(frozen.PACKAGES) as registry:
        live = frozen.Pnpm(LIVE, registry, tmp_path)
        for world, row in RECORDED[LIVE].items():
            for name in list(row["takes"])[::7]:
                files = frozen.edited(world, LIVE, row["lockfile"], name)
                assert live.takes(files) == row["takes"][name], name


@pytest.mark.node
def test_pnpm_still_writes_what_was_recorded(tmp_path: Path) -> None:
    with Registry(frozen.PACKAGES) as registry:
        live = frozen.Pnpm(LIVE, registry, tmp_path)
        for world, files in frozen.worlds(LIVE).items():
            assert live.lock(frozen.texts(files, LIVE)) == RECORDED[LIVE][world]["lockfile"]
