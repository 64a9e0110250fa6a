"""Running git: where it is found, in which environment, and what its failures become."""

from __future__ import annotations

import os

import pytest

from lockward_hooks import git as gits
from lockward_hooks.git import Git, GitError
from tests.support.repos import CLEAN, Repo, environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def opened(repo: Repo, **more: str) -> Git:
    return Git(str(repo.path), {**repo.env, **more})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("0" * 40, True, id="40 hex digits"),
        pytest.param("a" * 64, True, id="64 hex digits"),
        pytest.param("a" * 39, False, id="an abbreviation"),
        pytest.param("A" * 40, False, id="upper case, which git never writes"),
        pytest.param("-" * 40, False, id="an option"),
        pytest.param("a" * 39 + "\n", False, id="a newline"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_is_oid(text: str, *, expected: bool) -> None:
    assert gits.is_oid(text) is expected


def test_git_is_found_by_absolute_entries_of_path_only(tmp_path: Path) -> None:
    evil = tmp_path / "git"
    evil.write_text("#!/bin/sh\nexit 0\n")
    evil.chmod(0o755)
    before = os.getcwd()  # noqa: PTH109 - restored as it was
    os.chdir(tmp_path)
    try:
        found = gits.executable(f".:relative::{os.environ['PATH']}")
        with pytest.raises(GitError, match="git is not on PATH"):
            gits.executable(".:")
    finally:
        os.chdir(before)

    assert found != str(evil)
    assert os.path.isabs(found)  # noqa: PTH117 - text in, text out


def test_a_child_sees_only_what_is_allowed(repo: Repo) -> None:
    hostile = {
        "GIT_EXTERNAL_DIFF": "evil",
        "GIT_TRACE": "1",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_PARAMETERS": "'core.fsmonitor=evil'",
        "GIT_SSH_COMMAND": "evil",
        "GIT_INDEX_FILE": "elsewhere",
        "GIT_REPLACE_REF_BASE": "refs/evil/",
        "GIT_OBJECT_DIRECTORY": str(repo.path / ".git" / "objects"),
        "GIT_QUARANTINE_PATH": "kept",
    }

    env = opened(repo, **hostile).env

    assert set(env) == {
        *gits.FIXED,
        *gits.UNCONFIGURED,
        *("PATH", "HOME", "GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_QUARANTINE_PATH"),
    }
    assert env["GIT_DIR"] == str(repo.path / ".git")


def test_an_index_file_counts_only_where_a_hook_of_commit_asks(repo: Repo) -> None:
    env = {**repo.env, "GIT_INDEX_FILE": "next-index"}

    assert "GIT_INDEX_FILE" not in Git(str(repo.path), env).env
    named = Git(str(repo.path), env, index=True).env["GIT_INDEX_FILE"]
    assert named == os.path.abspath("next-index")  # noqa: PTH100 - text in, text out


def test_a_subfolder_a_worktree_and_a_bare_repository_are_found(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "work")
    repo.commit({**CLEAN, "sub/x": "x"})
    repo.git("worktree", "add", "--quiet", "../linked")
    bare = Repo(tmp_path / "bare.git", "--bare")

    assert gits.directory(str(repo.path / "sub"), {}) == (
        str(repo.path / ".git"),
        str(repo.path),
    )
    assert gits.directory(str(tmp_path / "linked"), {}) == (
        str(repo.path / ".git" / "worktrees" / "linked"),
        str(tmp_path / "linked"),
    )
    assert gits.directory(str(bare.path), {}) == (str(bare.path), "")


def test_no_repository_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()  # an empty folder is none

    with pytest.raises(GitError, match="not in a git repository"):
        gits.directory(str(tmp_path), {})


def test_a_failure_carries_the_exit_code_and_gits_own_words(repo: Repo) -> None:
    with pytest.raises(GitError, match=r"^git ls-tree failed \(exit 128\): not a tree object"):
        opened(repo).output("ls-tree", "-r", "-z", "1" * 40)


@pytest.mark.parametrize(
    "revision",
    [
        pytest.param("--all", id="an option"),
        pytest.param("HEAD\nHEAD", id="two lines"),
        pytest.param("nowhere", id="no such branch"),
        pytest.param("", id="nothing"),
        pytest.param("HEAD:package.json", id="a blob"),
        pytest.param("1" * 40, id="an id of nothing"),
    ],
)
def test_a_revision_that_is_no_commit_gives_nothing(repo: Repo, revision: str) -> None:
    assert opened(repo).commit(revision) == ""


def test_a_revision_gives_its_commit(repo: Repo) -> None:
    repo.git("tag", "-a", "-m", "x", "v1")

    assert opened(repo).commit("v1") == repo.git("rev-parse", "HEAD")


def test_settings_are_the_administrators(repo: Repo, tmp_path: Path) -> None:
    config = tmp_path / "gitconfig"
    config.write_text("[lockward]\n\tpolicy = /etc/lockward.toml\n[core]\n\tpager = x\n")
    env = environment(tmp_path, GIT_CONFIG_GLOBAL=str(config))
    repo.git("config", "lockward.other", "two\nlines")
    del env["GIT_CONFIG_GLOBAL"]  # as git finds it by itself: in the home folder
    config.rename(tmp_path / ".gitconfig")

    found = Git(str(repo.path), env).settings("lockward")

    assert found == {"policy": "/etc/lockward.toml", "other": "two\nlines"}


def test_no_settings(repo: Repo) -> None:
    assert opened(repo).settings("lockward") == {}


def test_a_hostile_repository_runs_nothing(repo: Repo, tmp_path: Path) -> None:
    """Every command we use, in a repository whose settings name a program everywhere."""
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "core.pager", "gpg.program", "core.editor"):
        repo.git("config", key, str(trap))
    repo.git("config", "filter.x.clean", str(trap))
    repo.git("config", "diff.x.textconv", str(trap))
    for hook in ("post-index-change", "fsmonitor-watchman", "reference-transaction"):
        (repo.path / ".git" / "hooks" / hook).write_text(trap.read_text())
        (repo.path / ".git" / "hooks" / hook).chmod(0o755)
    (repo.path / ".gitattributes").write_text("* filter=x diff=x\n")
    (tmp_path / "sprung").unlink(missing_ok=True)  # `git config` may have asked fsmonitor
    git = opened(repo)
    head = git.commit("HEAD")

    git.output("ls-files", "-s", "-z")
    git.output("diff-index", "--cached", *gits.RAW, "HEAD", "--")
    git.output("diff-tree", "--stdin", "-r", "-m", "--root", *gits.RAW, stdin=f"{head}\n".encode())
    git.output("ls-tree", "-r", "-z", "HEAD")
    git.output("rev-list", "--parents", "HEAD")
    git.output("cat-file", "--batch", stdin=f"{head}\n".encode())
    git.merge_base(head, head)
    git.settings("core")

    assert not (tmp_path / "sprung").exists()
