"""Real commits whose message must give the reason for a refresh."""

from __future__ import annotations

import pytest

from tests.support import npm
from tests.support.repos import APP, GROWN, Repo

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

LOCK = "package-lock.json"
# What `npm update` writes: a newer version in the same range.
REFRESHED = {LOCK: npm.lockfile(APP, {"a": npm.locked("a", "1.0.1")})}
POLICY = '[lockfile]\nrefresh = "trailer"\n'
RULE = "error[lockfile-unmatched]"


@pytest.fixture
def hooked(repo: Repo, lockward: Path) -> Repo:
    """A repository whose policy wants a trailer, with both hooks of a commit."""
    repo.commit({".lockward.toml": POLICY})
    repo.hook("pre-commit", lockward)
    repo.hook("commit-msg", lockward)
    return repo


def commit(repo: Repo, *args: str) -> subprocess.CompletedProcess[str]:
    return repo.run("git", "commit", "--quiet", *args)


def test_a_refresh_needs_its_reason(hooked: Repo) -> None:
    hooked.stage(REFRESHED)

    refused = commit(hooked, "-m", "Update")
    accepted = commit(hooked, "-m", "Update", "--trailer", "Lockfile-Refresh: monthly")

    assert refused.returncode == 1
    assert RULE in refused.stdout + refused.stderr
    assert accepted.returncode == 0
    assert RULE not in accepted.stdout + accepted.stderr


def test_a_reason_in_a_comment_does_not_count(hooked: Repo, tmp_path: Path) -> None:
    hooked.stage(REFRESHED)
    hooked.git("config", "core.commentChar", ";")
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf 's\\n\\n; Lockfile-Refresh: x\\n' >\"$1\"\n")
    editor.chmod(0o755)

    done = hooked.run("git", "commit", "--quiet", env={"GIT_EDITOR": str(editor)})

    assert (done.returncode, RULE in done.stdout + done.stderr) == (1, True)


def test_a_real_requirement_change_needs_none(hooked: Repo) -> None:
    hooked.stage(GROWN)

    assert commit(hooked, "-m", "Add b").returncode == 0


def test_without_such_a_policy_the_message_is_not_asked(hooked: Repo, lockward: Path) -> None:
    hooked.git("rm", "--quiet", ".lockward.toml")
    (hooked.path / ".git" / "hooks" / "pre-commit").unlink()
    hooked.stage(REFRESHED)

    assert commit(hooked, "-m", "x").returncode == 0
    assert hooked.run(str(lockward), "commit-msg", "nowhere").returncode == 0


def test_a_message_that_cannot_be_read_is_undecided(hooked: Repo, lockward: Path) -> None:
    hooked.stage(REFRESHED)

    done = hooked.run(str(lockward), "commit-msg", "nowhere")

    assert done.returncode == 2
    assert "nowhere: cannot be read" in done.stdout


def test_the_commit_itself_only_announces_what_its_message_will_be_asked_for(
    hooked: Repo, lockward: Path
) -> None:
    hooked.stage(REFRESHED)
    done = hooked.run(str(lockward), "pre-commit")
    assert done.returncode == 0
    assert "note[lockfile-unmatched]" in done.stdout
    assert "needs a reason" in done.stdout
    assert "Lockfile-Refresh: <reason>" in done.stdout
