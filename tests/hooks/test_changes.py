"""From git's differences to a change: what is staged, between commits, in a merge."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward_hooks import changes
from lockward_hooks.diff import matters
from lockward_hooks.git import Git, GitError
from lockward_hooks.objects import Objects
from lockward_hooks.staged import differences, merged
from tests.support.repos import CLEAN, GROWN, Repo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lockward.model import Change, Tree


def staged(repo: Repo, env: Mapping[str, str] | None = None) -> tuple[Change, ...]:
    environ = {**repo.env, **(env or {})}
    git = Git(str(repo.path), environ, index=True)
    found = differences(git, environ)
    if found is None:
        return ()
    with Objects(git) as objects:
        made = changes.staged(git, objects, found)
        for change in made:
            for tree in (change.before, change.after):
                if tree is not None:
                    tree.entries()
        return made


def listed(tree: Tree | None) -> dict[str, str] | None:
    return None if tree is None else {path: e.oid for path, e in tree.entries().items()}


def head(repo: Repo, revision: str = "HEAD") -> dict[str, str]:
    rows = repo.git("ls-tree", "-r", "-z", revision).split("\0")[:-1]
    return {row.partition("\t")[2]: row.split()[2] for row in rows}


def test_nothing_staged_is_no_change(repo: Repo) -> None:
    assert staged(repo) == ()


def test_what_matters_to_no_rule_is_no_change(repo: Repo) -> None:
    repo.stage({"README.md": "x", "src/main.py": "y"})

    assert staged(repo) == ()


def test_a_staged_change_leads_from_head_to_the_index(repo: Repo) -> None:
    before = head(repo)
    repo.stage({**GROWN, "README.md": "x"})

    (change,) = staged(repo)

    assert listed(change.before) == before
    assert set(change.paths) == {"package.json", "package-lock.json", "README.md"}
    repo.commit()
    assert listed(change.after) == head(repo)


@pytest.mark.parametrize(
    "do",
    [
        pytest.param(lambda repo: repo.git("rm", "-q", "package-lock.json"), id="deleted"),
        pytest.param(lambda repo: repo.git("mv", "package.json", "other.json"), id="renamed"),
        pytest.param(
            lambda repo: repo.git("update-index", "--chmod=+x", "package.json"), id="another mode"
        ),
    ],
)
def test_a_file_that_goes_or_changes_its_mode_is_a_change(repo: Repo, do: object) -> None:
    assert callable(do)
    do(repo)

    (change,) = staged(repo)

    assert len(change.paths) >= 1


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_the_first_commit_has_nothing_before_it(tmp_path: Path, object_format: str) -> None:
    repo = Repo(tmp_path / "new", f"--object-format={object_format}")
    assert staged(repo) == ()
    repo.stage(CLEAN)

    (change,) = staged(repo)

    assert change.before is None
    assert set(change.paths) == set(CLEAN)
    assert set(change.after.entries()) == set(CLEAN)


def test_a_head_that_is_broken_is_not_taken_for_a_first_commit(repo: Repo) -> None:
    repo.stage(GROWN)
    (repo.path / ".git" / "refs" / "heads" / "main").write_text("1" * 40 + "\n")

    with pytest.raises(GitError, match=r"failed \(exit 128\)"):
        staged(repo)


def test_an_index_that_is_broken_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "new")
    repo.stage(CLEAN)
    (repo.path / ".git" / "index").write_bytes(b"rubbish")

    with pytest.raises(GitError, match=r"diff-index failed \(exit 128\)"):
        staged(repo)


def test_a_submodule_in_a_lockfiles_place_cannot_be_configured_away(repo: Repo) -> None:
    oid = repo.git("rev-parse", "HEAD")
    repo.write({".gitmodules": '[submodule "x"]\npath = sub/package-lock.json\nignore = all\n'})
    repo.git("config", "submodule.x.ignore", "all")
    repo.git("config", "diff.ignoreSubmodules", "all")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{oid},sub/package-lock.json")

    (change,) = staged(repo)

    assert change.paths == ("sub/package-lock.json",)


def test_what_is_only_announced_is_no_change(repo: Repo) -> None:
    repo.write({"sub/package.json": "{}"})
    repo.git("add", "--intent-to-add", "sub/package.json")

    assert staged(repo) == ()


def test_the_index_that_git_names_is_read(repo: Repo) -> None:
    """`git commit -a` and `git commit <path>` prepare an index of their own."""
    repo.git("read-tree", "HEAD", env={"GIT_INDEX_FILE": ".git/next-index-1"})
    repo.stage(GROWN)

    assert staged(repo, {"GIT_INDEX_FILE": str(repo.path / ".git" / "next-index-1")}) == ()
    assert len(staged(repo)) == 1


def branched(repo: Repo, *, clash: bool) -> None:
    """A merge of two branches that both change the project; stopped when they clash."""
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit({"package.json": "side", "side": "x"} if clash else {"sub/package.json": "{}"})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"package.json": "main"} if clash else GROWN)


def test_a_merge_is_held_against_each_parent(repo: Repo) -> None:
    branched(repo, clash=True)
    repo.run("git", "merge", "side")
    repo.stage({"package.json": "resolved"})

    first, second = staged(repo)

    assert listed(first.before) == head(repo, "main")
    assert listed(second.before) == head(repo, "side")
    assert listed(first.after) == listed(second.after)


def test_a_merge_that_equals_a_parent_in_what_matters_introduces_nothing(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit(GROWN)
    repo.git("checkout", "--quiet", "main")
    repo.commit({"README": "x"})
    repo.git("merge", "--quiet", "--no-commit", "side")

    assert staged(repo) == ()


def test_a_clean_merge_tells_its_hook_the_other_parent(repo: Repo, tmp_path: Path) -> None:
    """Git writes MERGE_HEAD only when it stops; the hook pre-merge-commit sees variables."""
    branched(repo, clash=False)
    seen = tmp_path / "seen"
    hook = repo.path / ".git" / "hooks" / "pre-merge-commit"
    hook.write_text(f"#!/bin/sh\nenv -0 >{seen}; test -e .git/MERGE_HEAD && exit 1; exit 0\n")
    hook.chmod(0o755)
    repo.git("merge", "--quiet", "--no-edit", "side")

    environ = dict(row.split("=", 1) for row in seen.read_text().split("\0") if "=" in row)
    found = merged(Git(str(repo.path), repo.env), environ)

    assert found == (repo.git("rev-parse", "side"),)


def test_a_merge_head_that_is_none_is_an_error(repo: Repo) -> None:
    (repo.path / ".git" / "MERGE_HEAD").write_text("rubbish\n")
    repo.stage(GROWN)

    with pytest.raises(GitError, match="MERGE_HEAD: holds 'rubbish'"):
        staged(repo)


def test_between_commits(repo: Repo) -> None:
    first = repo.git("rev-parse", "HEAD")
    second = repo.commit(GROWN)
    git = Git(str(repo.path), repo.env)

    with Objects(git) as objects:
        change = changes.between(git, objects, first, second)
        root = changes.between(git, objects, "", first)
        assert listed(change.before) == head(repo, first)
        assert listed(change.after) == head(repo, second)
        assert root.before is None
        assert set(root.paths) == set(CLEAN)
    assert changes.concerns(change)


@settings(max_examples=300, deadline=None)
@given(st.binary())
def test_whether_any_path_matters_can_be_told(path: bytes) -> None:
    assert matters(path) in {True, False}
    assert matters(path + b"/Package-Lock.json")
