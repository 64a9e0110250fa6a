"""Ten ways in which hooks were found to miss a change: the naive one does, ours does not.

Every test shows both: what the usual command or library makes of the push, and
that the gate refuses it.  (``n`` in a name is the number of the finding.)
"""

from __future__ import annotations

import sys

import pytest
from git import Repo as OtherRepo

from lockward_hooks import survey
from lockward_hooks.git import Git, GitError
from tests.support.repos import CLEAN, EVIL, GROWN, Repo, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

LOCK = "package-lock.json"
RULE = "error[lockfile-integrity]"


@pytest.fixture
def server(tmp_path: Path, lockward: Path) -> Server:
    server = Server(tmp_path, lockward)
    server.seed()
    return server


def add(repo: Repo, name: bytes, data: str = "x") -> None:
    """Stage a file of any name."""
    blob = repo.git("hash-object", "-w", "--stdin", stdin=data.encode())
    row = b"100644 " + blob.encode() + b"\t" + name + b"\0"
    repo.git("update-index", "-z", "--add", "--index-info", stdin=row)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"aa\xff.txt", id="no UTF-8"),
        pytest.param(b"a\n:000000 100644 0000000 1111111 A\tx", id="a newline and a header"),
    ],
)
def test_1_a_name_that_cuts_a_list_of_changes_short(server: Server, name: bytes) -> None:
    server.work.stage(EVIL)
    add(server.work, name)
    server.work.git("commit", "--quiet", "-m", "x")
    commit = OtherRepo(str(server.work.path)).head.commit
    try:
        naive = [diff.b_path for diff in commit.parents[0].diff(commit)]
    except (ValueError, RuntimeError):
        naive = []
    assert LOCK not in naive

    assert RULE in server.refuse("main")


def test_2_the_index_that_git_means(server: Server, lockward: Path, tmp_path: Path) -> None:
    """In a hook of `git commit <path>` the index is another file than .git/index."""
    repo = server.work
    told = tmp_path / "naive"
    hook = repo.path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    naive = f"import git; print(git.Repo('.').index.entries['{LOCK}', 0].hexsha)"
    hook.write_text(
        f'#!/bin/sh\n{sys.executable} -c "{naive}" >{told}\nexec {lockward} pre-commit\n'
    )
    hook.chmod(0o755)
    repo.write(EVIL)

    done = repo.run("git", "commit", "-m", "x", "--", LOCK)

    assert told.read_text().strip() == repo.git("rev-parse", f"HEAD:{LOCK}"), "the old content"
    assert (done.returncode, RULE in done.stdout + done.stderr) == (1, True)


def test_3_the_second_line_of_standard_input(server: Server) -> None:
    server.work.git("branch", "a-clean")
    server.work.commit(EVIL)
    server.work.git("branch", "z-evil")
    order = server.work.git("push", "--dry-run", "--porcelain", "origin", "a-clean", "z-evil")
    first = next(line for line in order.splitlines() if "refs/heads/" in line)
    assert "a-clean" in first, "a hook that reads one line sees this"

    assert "refused: refs/heads/z-evil" in server.refuse("a-clean", "z-evil")


def test_4_the_sixtieth_commit(server: Server) -> None:
    evil = server.work.commit(EVIL)
    server.work.commit(CLEAN, "undo")
    for number in range(60):
        server.work.commit(message=f"empty {number}")
    last = server.work.git("rev-list", "--max-count=50", "HEAD").split()
    assert evil not in last

    assert f"commit {evil[:12]}" in server.refuse("main")


def test_5_attributes_that_blind_whoever_reads_patches(server: Server) -> None:
    server.work.commit({**EVIL, ".gitattributes": "* binary\n"})
    patch = server.work.git("log", "-p", "-U0", "-1")
    assert "integrity" not in patch
    assert f"Binary files a/{LOCK}" in patch

    assert RULE in server.refuse("main")


def test_6_a_merge_that_shows_nothing(server: Server) -> None:
    """Its tree takes each half from another side; together they fit no longer."""
    work = server.work
    work.git("checkout", "--quiet", "-b", "side")
    work.commit({LOCK: EVIL[LOCK]})
    work.git("checkout", "--quiet", "main")
    work.commit({"package.json": GROWN["package.json"]})
    work.git("merge", "--quiet", "--no-edit", "side")
    merge = work.git("rev-parse", "HEAD")
    for naive in ((), ("-c",), ("--cc",)):
        assert work.git("diff-tree", "--no-commit-id", "-r", *naive, merge) == ""

    assert RULE in server.refuse("main")


def test_7_a_replacement_that_shows_another_object(server: Server) -> None:
    good = server.work.git("rev-parse", f"HEAD:{LOCK}")
    server.work.commit(EVIL)
    evil = server.work.git("rev-parse", f"HEAD:{LOCK}")
    server.bare.run("git", "fetch", "--quiet", str(server.work.path), "main:refs/x/tmp")
    server.bare.git("update-ref", f"refs/replace/{evil}", good)
    assert server.bare.git("cat-file", "blob", evil) == server.bare.git("cat-file", "blob", good)
    server.bare.git("update-ref", "-d", "refs/x/tmp")

    assert RULE in server.refuse("main")


def twice(repo: Repo) -> str:
    """A commit whose tree holds the lockfile twice: the good one first."""
    raw = b""
    evil = repo.git("hash-object", "-w", "--stdin", stdin=str(EVIL[LOCK]).encode())
    for row in repo.git("ls-tree", "-z", "HEAD").split("\0")[:-1]:
        place, _, name = row.partition("\t")
        raw += f"100644 {name}\0".encode() + bytes.fromhex(place.split()[2])
        if name == LOCK:
            raw += f"100644 {name}\0".encode() + bytes.fromhex(evil)
    tree = repo.git("hash-object", "-t", "tree", "--literally", "-w", "--stdin", stdin=raw)
    return repo.git("commit-tree", "-p", "HEAD", "-m", "x", tree)


def test_8_a_tree_that_holds_a_file_twice(server: Server) -> None:
    commit = twice(server.work)
    naive = server.work.git("cat-file", "blob", f"{commit}:{LOCK}")
    assert naive == str(CLEAN[LOCK]).removesuffix("\n"), "the first one is shown"
    server.work.git("reset", "--quiet", "--hard", commit)
    assert (server.work.path / LOCK).read_text() == EVIL[LOCK], "the last one is checked out"

    assert "is in the tree twice" in server.refuse("main")


def test_9_a_commit_that_is_not_new_to_the_repository(server: Server) -> None:
    (server.bare.path.parent / "server.toml").write_text(
        '[server.refs]\n"refs/heads/wip/" = "accept"\n'
    )
    server.bare.git("config", "lockward.policy", str(server.bare.path.parent / "server.toml"))
    evil = server.work.commit(EVIL)
    server.work.commit(CLEAN, "undo")
    server.accept("main:refs/heads/wip/x")
    assert server.bare.git("rev-list", evil, "--not", "--all") == ""

    assert f"commit {evil[:12]}" in server.refuse("main")


def test_10_a_commit_that_is_not_there_and_no_word_about_it(repo: Repo) -> None:
    gone = "1" * 40
    naive = repo.run("git", "diff-tree", "--stdin", "-r", stdin=f"{gone}\n".encode())
    assert (naive.returncode, naive.stdout) == (0, "")
    missing = repo.run("git", "cat-file", "--batch-check", stdin=f"{gone}\n".encode())
    assert (missing.returncode, missing.stdout.strip()) == (0, f"{gone} missing")

    with pytest.raises(GitError):
        survey.survey(Git(str(repo.path), repo.env), (gone,), (), ())
    head = repo.git("rev-parse", "HEAD")
    with pytest.raises(GitError):
        survey.survey(Git(str(repo.path), repo.env), (head,), (), ((head, gone),))


def test_the_gate_answers_for_the_repository_at_hand(server: Server) -> None:
    """None of the ten refuses a sound push."""
    server.work.commit({**GROWN, ".gitattributes": "* binary\n"})
    add(server.work, b"aa\xff.txt")
    server.work.git("commit", "--quiet", "-m", "an odd name")

    assert server.accept("main", "main:refs/heads/other") == ""
