"""Real pushes from a repository that has the native pre-push hook."""

from __future__ import annotations

import pytest

from tests.support.repos import CLEAN, EVIL, GROWN, Repo, environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

RULE = "error[lockfile-integrity]"
LOCK = "package-lock.json"


class Pair:
    """A bare remote and a clone with the hook, where main is pushed already."""

    def __init__(self, folder: Path, lockward: Path, *options: str) -> None:
        env = environment(folder)
        self.bare = Repo(folder / "server.git", "--bare", *options, env=env)
        self.work = Repo(folder / "work", *options, env=env)
        self.work.git("remote", "add", "origin", str(self.bare.path))
        self.work.commit(CLEAN, "first")
        self.work.git("push", "--quiet", "origin", "main")
        self.work.hook("pre-push", lockward, "--only", "lockfile-integrity")

    def push(self, *refs: str) -> subprocess.CompletedProcess[str]:
        return self.work.run("git", "push", "--quiet", "origin", *refs)

    def accept(self, *refs: str) -> str:
        done = self.push(*refs)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def refuse(self, *refs: str) -> str:
        done = self.push(*refs)
        assert done.returncode == 1, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture(params=["sha1", "sha256"])
def pair(tmp_path: Path, lockward: Path, request: pytest.FixtureRequest) -> Pair:
    return Pair(tmp_path, lockward, f"--object-format={request.param}")


@pytest.fixture
def plain(tmp_path: Path, lockward: Path) -> Pair:
    return Pair(tmp_path, lockward)


def test_a_sound_push_passes_in_silence(pair: Pair) -> None:
    pair.work.commit({"README": "x"})
    pair.work.commit(GROWN)

    assert pair.accept("main") == ""


def test_an_edited_lockfile_is_refused_before_it_leaves(pair: Pair) -> None:
    base = pair.work.git("rev-parse", "HEAD")
    pair.work.commit(EVIL)

    said = pair.refuse("main")

    assert RULE in said
    assert "More: lockward explain lockfile-integrity" in said
    assert pair.bare.git("rev-parse", "main") == base


def test_every_ref_is_judged_and_deletions_pass(pair: Pair) -> None:
    """pre-commit's own stage sees the first ref only."""
    pair.work.git("branch", "a")
    pair.work.git("branch", "b")
    pair.accept("a", "b")
    pair.work.git("checkout", "--quiet", "-b", "evil")
    pair.work.commit(EVIL)

    said = pair.refuse("a:c", ":b", "evil")

    assert "refused: refs/heads/evil" in said
    assert "passed: refs/heads/c" in said
    assert pair.accept(":b") == ""


def test_the_pushed_commit_is_read_and_not_the_working_tree(pair: Pair) -> None:
    pair.work.git("checkout", "--quiet", "-b", "other")
    pair.work.commit(EVIL)
    pair.work.git("checkout", "--quiet", "main")
    pair.work.write({LOCK: "not even JSON"})

    assert RULE in pair.refuse("other")
    pair.work.git("branch", "fine")
    assert pair.accept("fine") == ""


def test_a_new_branch_is_judged_from_where_it_left(plain: Pair) -> None:
    plain.work.git("fetch", "--quiet", "origin")
    plain.work.git("checkout", "--quiet", "-b", "feature")
    plain.work.commit({"README": "x"})
    plain.work.commit(EVIL)
    plain.work.commit(CLEAN, "undo")

    said = plain.refuse("feature")

    assert "commit " in said
    assert RULE in said


def test_a_whole_new_history_is_judged_to_its_root(tmp_path: Path, lockward: Path) -> None:
    plain = Pair(tmp_path, lockward)
    plain.work.git("update-ref", "-d", "refs/remotes/origin/main")
    plain.work.git("checkout", "--quiet", "--orphan", "other")
    plain.work.commit(EVIL)

    assert RULE in plain.refuse("other")


def test_a_forced_push_over_what_was_never_fetched(plain: Pair, tmp_path: Path) -> None:
    """The remote's commit is not here: only what is pushed can be judged."""
    other = Repo(tmp_path / "other", env=plain.work.env)
    other.git("pull", "--quiet", str(plain.bare.path), "main")
    other.commit({"README": "elsewhere"})
    other.git("push", "--quiet", str(plain.bare.path), "HEAD:main")
    plain.work.commit(GROWN)

    assert plain.accept("+main") == ""
    plain.work.commit(EVIL)
    assert RULE in plain.refuse("+main")


def test_a_push_to_a_url_has_no_remote_of_a_name(plain: Pair, tmp_path: Path) -> None:
    empty = Repo(tmp_path / "empty.git", "--bare", env=plain.work.env)
    plain.work.commit(EVIL)

    done = plain.work.run("git", "push", "--quiet", str(empty.path), "main")

    assert (done.returncode, RULE in done.stdout + done.stderr) == (1, True)


def test_tags_are_judged(plain: Pair) -> None:
    plain.work.git("checkout", "--quiet", "--detach")
    plain.work.commit(EVIL)
    plain.work.git("tag", "-a", "-m", "x", "v1")

    assert RULE in plain.refuse("v1")


def test_the_policy_is_that_of_what_is_pushed(plain: Pair) -> None:
    off = '[rules]\nlockfile-integrity = "off"\n'
    plain.work.commit({**EVIL, ".lockward.toml": off})

    assert plain.accept("main") == ""


def test_a_policy_with_a_typo_refuses(plain: Pair) -> None:
    plain.work.commit({**EVIL, ".lockward.toml": '[rule]\nlockfile-integrity = "off"\n'})

    said = plain.refuse("main")

    assert 'did you mean "rules"?' in said
    assert "undecided" in said


def test_a_clone_that_is_shallow_can_push(plain: Pair, tmp_path: Path, lockward: Path) -> None:
    plain.work.commit({"README": "x"})
    plain.accept("main")
    url = f"file://{plain.bare.path}"
    plain.work.git("clone", "--quiet", "--depth=1", url, str(tmp_path / "shallow"))
    shallow = Repo(tmp_path / "shallow", env=plain.work.env)
    shallow.hook("pre-push", lockward, "--only", "lockfile-integrity")
    shallow.commit(GROWN)
    shallow.git("push", "--quiet", "origin", "HEAD:main")
    shallow.commit(EVIL)

    done = shallow.run("git", "push", "--quiet", "origin", "HEAD:main")

    assert (done.returncode, RULE in done.stdout + done.stderr) == (1, True)
