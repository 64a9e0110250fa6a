"""Real commits in a repository that has the native pre-commit hook."""

from __future__ import annotations

import pytest

from tests.support.repos import CLEAN, EVIL, GROWN, Repo

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

RULE = "error[lockfile-integrity]"
LOCK = "package-lock.json"


@pytest.fixture
def hooked(repo: Repo, lockward: Path) -> Repo:
    """The sound repository, with the hooks of a commit."""
    for name in ("pre-commit", "pre-merge-commit"):
        repo.hook(name, lockward)
        path = repo.path / ".git" / "hooks" / name
        path.write_text(f"#!/bin/sh\nexec {lockward} pre-commit --only lockfile-integrity\n")
    return repo


def commit(repo: Repo, *args: str) -> subprocess.CompletedProcess[str]:
    return repo.run("git", "commit", "--quiet", "-m", "x", *args)


def accepted(done: subprocess.CompletedProcess[str]) -> bool:
    """Whether git went on, and the hook was silent."""
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr == ""


def refused(done: subprocess.CompletedProcess[str]) -> bool:
    """Whether the hook refused, with the finding that it should have."""
    assert done.returncode == 1, done.stdout + done.stderr
    return RULE in done.stdout + done.stderr


def test_a_sound_commit_passes_in_silence(hooked: Repo) -> None:
    hooked.stage({**GROWN, "README": "x"})

    assert accepted(commit(hooked))


def test_an_edited_lockfile_is_refused_and_mended_passes(hooked: Repo) -> None:
    hooked.stage(EVIL)

    done = commit(hooked)

    assert refused(done)
    command = "git checkout HEAD -- package-lock.json"
    assert f"fix: {command}" in done.stdout + done.stderr
    hooked.git(*command.split()[1:])
    hooked.stage({"README": "x"})
    assert accepted(commit(hooked))


def test_commit_a_is_judged_as_it_will_be_recorded(hooked: Repo) -> None:
    """Git then reads an index of its own; the one on disk is the old one."""
    hooked.write(EVIL)

    assert refused(commit(hooked, "-a"))
    hooked.write(GROWN)
    assert accepted(commit(hooked, "-a"))


def test_commit_of_a_path_is_judged_as_it_will_be_recorded(hooked: Repo) -> None:
    hooked.write({**EVIL, "README": "x"})
    hooked.git("add", "README")

    assert refused(commit(hooked, LOCK))
    hooked.stage(EVIL)
    assert accepted(commit(hooked, "README"))


def test_a_partly_staged_file_is_judged_as_staged(hooked: Repo) -> None:
    hooked.stage(GROWN)
    hooked.write(EVIL)
    assert accepted(commit(hooked))

    hooked.git("reset", "--quiet", "--hard", "HEAD~1")
    hooked.stage(EVIL)
    hooked.write(CLEAN)
    assert refused(commit(hooked))


def test_amending_is_judged(hooked: Repo) -> None:
    hooked.stage(EVIL)

    assert refused(commit(hooked, "--amend"))
    hooked.git("reset", "--quiet", "--hard")
    assert accepted(commit(hooked, "--amend"))


def test_a_linked_worktree_is_judged(hooked: Repo, tmp_path: Path) -> None:
    hooked.git("worktree", "add", "--quiet", "-b", "linked", str(tmp_path / "linked"))
    linked = Repo.__new__(Repo)
    linked.path, linked.env = tmp_path / "linked", hooked.env
    linked.stage(EVIL)

    assert refused(commit(linked))
    assert refused(commit(linked, "-a"))
    linked.stage(GROWN)
    assert accepted(commit(linked))


def test_a_commit_from_a_subfolder_is_judged(hooked: Repo) -> None:
    hooked.stage({**EVIL, "sub/x": "x"})

    done = hooked.run("git", "-C", "sub", "commit", "--quiet", "-m", "x")

    assert refused(done)


def test_the_first_commit_is_judged(hooked: Repo) -> None:
    hooked.git("checkout", "--quiet", "--orphan", "other")
    hooked.stage(EVIL)

    assert refused(commit(hooked))
    hooked.stage(CLEAN)
    assert accepted(commit(hooked))


def test_what_is_only_announced_is_not_judged(hooked: Repo) -> None:
    hooked.stage({"README": "x"})
    hooked.write({"new/package-lock.json": "{}"})
    hooked.git("add", "--intent-to-add", "new/package-lock.json")

    assert accepted(commit(hooked))


def test_a_deleted_or_linked_lockfile_is_seen(hooked: Repo, lockward: Path) -> None:
    """The framework hands neither to a hook that waits for files."""
    hooked.git("rm", "--quiet", LOCK)
    for rule, do in (("missing", None), ("unreadable", "/etc/passwd")):
        if do:
            (hooked.path / LOCK).symlink_to(do)
            hooked.git("add", LOCK)
        done = hooked.run(str(lockward), "check", "--only", f"lockfile-{rule}")
        assert done.returncode in {1, 2}
        assert f"error[lockfile-{rule}]" in done.stdout


def merging(repo: Repo, *, evil: bool, clash: bool) -> None:
    """Two branches: the side's project grew, or its lockfile was edited before the hooks came."""
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit({**(EVIL if evil else GROWN), "README": "side"})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"README" if clash else "other": "main"})


def test_a_clean_merge_is_not_blamed_for_what_a_parent_holds(hooked: Repo) -> None:
    merging(hooked, evil=True, clash=False)

    done = hooked.run("git", "merge", "--quiet", "--no-edit", "side")

    assert accepted(done)


def test_a_merge_is_blamed_for_what_it_brings_itself(hooked: Repo) -> None:
    merging(hooked, evil=False, clash=True)
    assert hooked.run("git", "merge", "side").returncode == 1
    hooked.stage({"README": "resolved", **EVIL})

    assert refused(commit(hooked))
    hooked.stage(GROWN)
    assert accepted(commit(hooked))


def test_a_policy_with_a_typo_is_undecided(hooked: Repo) -> None:
    hooked.stage({".lockward.toml": '[rules]\nlockfile-integrty = "off"\n'})

    done = commit(hooked)

    said = done.stdout + done.stderr
    assert done.returncode == 1, "git's own code for a hook that refused"
    assert ".lockward.toml:2" in said
    assert 'did you mean "lockfile-integrity"?' in said
    assert "lockward: undecided, the policy is not valid" in said


def test_the_staged_policy_counts(hooked: Repo) -> None:
    hooked.stage({**EVIL, ".lockward.toml": '[rules]\nlockfile-integrity = "off"\n'})
    assert accepted(commit(hooked))


def test_a_policy_in_pyproject_counts(hooked: Repo) -> None:
    hooked.stage({**EVIL, "pyproject.toml": '[tool.lockward.rules]\nlockfile-integrity="off"\n'})
    assert accepted(commit(hooked))


def test_every_exit_code_is_the_products(hooked: Repo, lockward: Path) -> None:
    def code(*args: str, **env: str) -> int:
        return hooked.run(str(lockward), "pre-commit", *args, env=env).returncode

    hooked.stage(EVIL)
    assert code("--only", "lockfile-integrity") == 1
    assert code("--only", "lockfile-missing") == 0
    assert code("--only", "nonsense") == 2
    assert code("--policy", "/nonexistent") == 2
    assert code(PATH="/nonexistent") == 2
    assert code(GIT_INDEX_FILE="/etc/hostname") == 2
    assert code(GIT_DIR="/nonexistent") == 2
