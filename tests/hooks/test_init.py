"""``lockward init``: shown before it is written, asked for, whole, and nothing the second time."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.policy.setup.test_plan import MESSY
from tests.support.repos import Repo

if TYPE_CHECKING:
    from pathlib import Path

OWNER = ("--owner", "@acme/sec")


@pytest.fixture
def messy(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "work")
    repo.commit(MESSY)
    return repo


def run(repo: Repo, lockward: Path, *args: str) -> tuple[int, str]:
    done = repo.run(str(lockward), *args)
    return done.returncode, done.stdout + done.stderr


def test_nothing_is_written_before_somebody_says_yes(messy: Repo, lockward: Path) -> None:
    code, out = run(messy, lockward, "init", *OWNER)

    assert code == 1
    assert "+@acme:registry=https://npm.acme.test/" in out
    assert "nothing was written" in out
    assert messy.git("status", "--porcelain") == ""


def test_a_scan_improves_and_a_second_run_changes_nothing(messy: Repo, lockward: Path) -> None:
    before = json.loads(messy.run(str(lockward), "scan", "--format", "json").stdout)

    code, out = run(messy, lockward, "init", "--yes", *OWNER)
    assert (code, "wrote 5 files" in out) == (0, True)
    messy.git("add", "--all")
    messy.commit()
    after = json.loads(messy.run(str(lockward), "scan", "--format", "json").stdout)
    assert after["score"] > before["score"]
    assert len(after["findings"]) < len(before["findings"])

    code, out = run(messy, lockward, "init", "--yes", *OWNER)
    assert (code, out) == (0, "lockward: nothing to write, this repository is set up\n")
    assert messy.git("status", "--porcelain") == ""


def test_the_top_of_the_repository_is_set_up_from_any_folder(messy: Repo, lockward: Path) -> None:
    (messy.path / "deep").mkdir()
    done = subprocess.run(
        [str(lockward), "init", "--yes"], cwd=messy.path / "deep", env=messy.env, check=False
    )

    assert done.returncode == 0
    assert (messy.path / ".lockward.toml").exists()
    assert list((messy.path / "deep").iterdir()) == []


def test_a_folder_without_git_can_be_set_up(tmp_path: Path, lockward: Path, messy: Repo) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    for name, data in MESSY.items():
        (plain / name).write_text(str(data))

    code, _ = run(messy, lockward, "init", "--yes", str(plain))
    assert code == 0
    assert (plain / ".lockward.toml").exists()


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1)])
def test_a_terminal_is_asked(messy: Repo, lockward: Path, answer: str, code: int) -> None:
    primary, secondary = pty.openpty()
    process = subprocess.Popen(
        [str(lockward), "init"],
        cwd=messy.path,
        env=messy.env,
        stdin=secondary,
        stdout=secondary,
        stderr=secondary,
    )
    os.close(secondary)
    os.write(primary, f"{answer}\n".encode())
    shown = b""
    while True:
        try:
            piece = os.read(primary, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(primary)

    assert process.wait() == code
    assert b"Write these 4 files? [y/N]" in shown
    assert (messy.path / ".lockward.toml").exists() is (code == 0)


def test_links_are_left_alone(messy: Repo, lockward: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (messy.path / ".github").symlink_to(outside)
    (messy.path / ".pre-commit-config.yaml").symlink_to(outside / "x.yaml")

    code, out = run(messy, lockward, "init", "--yes", *OWNER)

    assert code == 2
    assert list(outside.iterdir()) == []
    assert ".github/CODEOWNERS: is a link" in out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(("--owner", "nobody"), "--owner must be", id="no owner"),
        pytest.param(("--owner", "@a b"), "--owner must be", id="two words"),
        pytest.param(("--ci", "jenkins"), "unknown value of --ci", id="no such CI"),
        pytest.param(("/no/where",), "there is no such folder", id="no folder"),
    ],
)
def test_wrong_usage(messy: Repo, lockward: Path, args: tuple[str, ...], said: str) -> None:
    code, out = run(messy, lockward, "init", *args)

    assert code == 2
    assert said in out
