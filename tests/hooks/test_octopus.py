"""Merges of many parents: each is a judgement, so beyond a number they are undecided."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lockward_hooks import pre_push
from lockward_hooks.cli import main
from tests.support.repos import CLEAN, EVIL, Repo

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "a merge of 17 parents: more than 16 are not compared"
# Of something that must not be merged: one judged with its parents is told apart.
LOCK = {"package-lock.json": EVIL["package-lock.json"]}


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository and a remote, where main is pushed."""
    found = Repo(tmp_path / "work")
    bare = Repo(tmp_path / "server.git", "--bare")
    found.git("remote", "add", "origin", str(bare.path))
    found.commit(CLEAN, "first")
    found.git("push", "--quiet", "origin", "main")
    return found


def octopus(repo: Repo, number: int) -> str:
    """A merge that differs from each of its parents in more than they do from one another."""
    base = repo.git("rev-parse", "HEAD")
    tree = repo.git("rev-parse", "HEAD^{tree}")
    parents = [
        repo.git("commit-tree", "-p", base, "-m", f"side {side}", tree) for side in range(number)
    ]
    repo.stage(LOCK)
    tree = repo.git("write-tree")
    return repo.git(
        "commit-tree", *(word for one in parents for word in ("-p", one)), "-m", "all", tree
    )


def told(done: object) -> str:
    return str(getattr(done, "stdout", "")) + str(getattr(done, "stderr", ""))


@pytest.mark.parametrize(("number", "code"), [(16, 1), (17, 2), (40, 2)])
def test_a_push_of_one(repo: Repo, lockward: Path, number: int, code: int) -> None:
    commit = octopus(repo, number)
    zero = "0" * len(commit)
    base = repo.git("rev-parse", "main")
    for command, line in (
        (("pre-push", "origin"), f"refs/heads/x {commit} refs/heads/x {zero}\n"),
        (("pre-receive",), f"{base} {commit} refs/heads/main\n"),
    ):
        done = repo.run(str(lockward), *command, stdin=line.encode())
        assert done.returncode == code, told(done)
        words = WORDS.replace("17", str(number))  # of 24 a line is too long for diff-tree
        assert (words in told(done)) == (number > 16)
        assert (f"commit {commit[:12]}" in told(done)) == (number > 16)  # the tip told the rest


@pytest.mark.parametrize(("number", "code"), [(16, 1), (17, 2)])
def test_a_history_with_one(
    repo: Repo,
    number: int,
    code: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commit = octopus(repo, number)
    repo.git("checkout", "--quiet", "--force", "-B", "side", commit)
    repo.commit({"package-lock.json": CLEAN["package-lock.json"]}, "back")
    monkeypatch.chdir(repo.path)

    assert main(["history", "--format", "jsonl"]) == code
    rows = {row["commit"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert rows[commit]["undecided"] == ([WORDS] if number > 16 else [])
    assert bool(rows[commit]["findings"]) == (number <= 16)


@pytest.mark.parametrize(("number", "code"), [(16, 1), (17, 2)])
def test_a_commit_that_becomes_one(repo: Repo, lockward: Path, number: int, code: int) -> None:
    tree = repo.git("rev-parse", "HEAD^{tree}")
    others = [
        repo.git("commit-tree", "-p", "HEAD", "-m", f"side {side}", tree)
        for side in range(number - 1)
    ]
    (repo.path / ".git" / "MERGE_HEAD").write_text("".join(f"{one}\n" for one in others))
    repo.stage(LOCK)

    done = repo.run(str(lockward), "check", "--staged")
    assert done.returncode == code, told(done)
    assert (WORDS in told(done)) == (number > 16)


def test_a_push_that_takes_too_long_names_what_is_left(
    repo: Repo, lockward: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lockward.exists()
    monkeypatch.setattr(pre_push, "LONGEST", 0.001)
    repo.commit(EVIL, "slow")
    commit = repo.git("rev-parse", "HEAD")
    monkeypatch.chdir(repo.path)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", commit)
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", f"{commit}^")
    monkeypatch.setenv("PRE_COMMIT_LOCAL_BRANCH", "main")
    monkeypatch.setenv("PRE_COMMIT_REMOTE_BRANCH", "refs/heads/main")

    assert main(["pre-commit"]) == 2
    said = capsys.readouterr().out
    assert "deadline of 0.001 s passed" in said
    assert "refs/heads/main" in said
