"""The pre-receive hook where something is broken, hostile, late or misconfigured: closed."""

from __future__ import annotations

import os

import pytest

from lockward.policy import Policy
from lockward_hooks import gate, servers
from lockward_hooks.git import Git
from lockward_hooks.objects import Objects
from lockward_hooks.push import Push, Rules
from lockward_hooks.refs import RefUpdate
from lockward_hooks.verdict import tell
from tests.support.repos import CLEAN, EVIL, GROWN, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from lockward_hooks.output import Told

RULE = "error[lockfile-integrity]"
ONLY = "--only lockfile-integrity"


@pytest.fixture
def server(tmp_path: Path, lockward: Path) -> Server:
    server = Server(tmp_path, lockward, args=ONLY)
    server.seed()
    return server


def hook(server: Server, stdin: str, **env: str) -> tuple[int, str]:
    """The hook by itself, as receive-pack runs it."""
    folder = {"GIT_DIR": ".", **env}
    done = server.bare.run("hooks/pre-receive", stdin=stdin.encode(), env=folder)
    return done.returncode, done.stdout + done.stderr


# Which policy judges

OFF = '[rules]\nlockfile-integrity = "off"\n'


def test_the_pushed_policy_does_not_count(server: Server) -> None:
    server.work.commit({**EVIL, ".lockward.toml": OFF})

    assert RULE in server.refuse("main")


def test_the_policy_of_the_default_branch_counts_once_it_is_there(server: Server) -> None:
    server.work.commit({".lockward.toml": OFF})
    server.accept("main")
    server.work.commit(EVIL)

    server.accept("main")


def test_the_servers_setting_beats_the_repositorys_policy(server: Server, tmp_path: Path) -> None:
    server.work.commit({".lockward.toml": OFF})
    server.accept("main")
    policy = tmp_path / "server.toml"
    policy.write_text('[rules]\nlockfile-integrity = "error"\n')
    server.bare.git("config", "lockward.policy", str(policy))
    server.work.commit(EVIL)

    assert RULE in server.refuse("main")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(None, "cannot be read: No such file", id="missing"),
        pytest.param(
            "[rules]\nlockfile-integrty = 1\n", 'did you mean "lockfile-integrity"', id="typo"
        ),
        pytest.param("\0", "is not valid TOML", id="rubbish"),
    ],
)
def test_a_policy_that_cannot_be_used_refuses(
    server: Server, tmp_path: Path, text: str | None, said: str
) -> None:
    policy = tmp_path / "server.toml"
    if text is not None:
        policy.write_text(text)
    server.bare.git("config", "lockward.policy", str(policy))
    server.work.commit(GROWN)

    told = server.refuse("main")

    assert said in told
    assert "lockward: undecided" in told


# Input


@pytest.mark.parametrize(
    "stdin",
    [
        pytest.param("rubbish\n", id="no update"),
        pytest.param(f"{'0' * 40} {'1' * 40} refs/heads/x\n", id="an object that is not there"),
        pytest.param(f"{'0' * 40} {'1' * 40} refs/tags/x\n", id="a tag that is not there"),
        pytest.param(f"{'1' * 40} {'2' * 40} refs/heads/main\n", id="an old object that is not"),
        pytest.param(f"{'0' * 64} {'1' * 64} refs/heads/x\n", id="ids of another format"),
    ],
)
def test_input_that_cannot_be_judged_is_refused(server: Server, stdin: str) -> None:
    code, said = hook(server, stdin)

    assert code == 2
    assert "lockward: undecided" in said
    assert "Traceback" not in said


def test_no_input_is_nothing_to_refuse(server: Server) -> None:
    assert hook(server, "") == (0, "")


def test_git_not_on_path_is_refused(server: Server) -> None:
    code, said = hook(server, f"{'0' * 40} {'1' * 40} refs/heads/x\n", PATH="/nonexistent:.")

    assert (code, "git is not on PATH" in said) == (2, True)


def test_without_the_quarantine_nothing_is_guessed(server: Server) -> None:
    """What was never pushed is not there: undecided, not empty."""
    commit = server.work.commit(EVIL)
    old = server.work.git("rev-parse", "HEAD~1")

    code, said = hook(server, f"{old} {commit} refs/heads/main\n")

    assert code == 2, said


def test_an_alternate_object_store_is_read(server: Server) -> None:
    commit = server.work.commit(EVIL)
    old = server.work.git("rev-parse", "HEAD~1")
    store = str(server.work.path / ".git" / "objects")

    code, said = hook(
        server,
        f"{old} {commit} refs/heads/main\n",
        GIT_OBJECT_DIRECTORY=store,
        GIT_ALTERNATE_OBJECT_DIRECTORIES=str(server.bare.path / "objects"),
    )

    assert (code, RULE in said) == (1, True)


# A repository that is hostile or broken


def test_settings_of_the_repository_run_nothing(server: Server, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "diff.external", "core.pager", "core.sshCommand"):
        server.bare.git("config", key, str(trap))
    server.bare.git("config", "core.bare", "true")
    server.work.commit(EVIL)

    assert RULE in server.refuse("main")
    assert not (tmp_path / "sprung").exists()


def test_grafts_and_replacements_of_the_server_change_nothing(server: Server) -> None:
    server.work.commit(EVIL)
    good = server.work.git("rev-parse", "HEAD~1")
    (server.bare.path / "info").mkdir(exist_ok=True)
    (server.bare.path / "info" / "grafts").write_text(f"{good}\n")

    assert RULE in server.refuse("main")


def test_a_shallow_server_judges_what_it_has(server: Server, tmp_path: Path) -> None:
    server.work.commit({"README": "x"})
    server.accept("main")
    url = f"file://{server.bare.path}"
    server.work.git("clone", "--quiet", "--bare", "--depth=1", url, str(tmp_path / "shallow.git"))
    hooks = tmp_path / "shallow.git" / "hooks"
    hooks.mkdir(exist_ok=True)
    (server.bare.path / "hooks" / "pre-receive").rename(hooks / "pre-receive")
    server.work.git("remote", "set-url", "origin", str(tmp_path / "shallow.git"))
    server.work.commit(GROWN)
    server.accept("main")
    server.work.commit(EVIL)

    assert RULE in server.refuse("main")


def test_a_corrupt_lockfile_object_is_undecided(server: Server) -> None:
    server.work.commit(GROWN)
    blob = server.work.git("rev-parse", "HEAD~1:package-lock.json")
    path = server.bare.path / "objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(b"rubbish")

    assert server.push("main").returncode == 1


# Time


def judged(server: Server, *, late: bool) -> Told:
    """The push of the branch main, by hand, with all objects in place."""
    work = server.work
    git = Git(str(work.path), work.env)
    old, new = work.git("rev-parse", "origin/main"), work.git("rev-parse", "main")
    updates = [RefUpdate(old, new, "refs/heads/main")]
    with Objects(git) as objects:
        rules = Rules(
            branch=lambda: ("refs/heads/main", old),
            policy=lambda _: Policy(),
            only=("lockfile-integrity",),
            late=lambda: late,
        )
        push = Push(git, objects, rules)
        push.judge(updates, ("--not", old))
        return tell(push, updates, gate.style())


def test_what_was_not_judged_in_time_is_named_and_refused(server: Server) -> None:
    server.work.commit(GROWN)

    told = judged(server, late=True)

    assert told.code == 2
    assert "deadline passed: 0 of 2 judged" in told.text
    assert "not judged: ref refs/heads/main, commit " in told.text
    assert judged(server, late=False).code == 0


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        pytest.param({}, 30.0, id="a server of one's own"),
        pytest.param({"GITHUB_REPO_NAME": "shop"}, 4.0, id="GitHub ends all hooks after 5 s"),
    ],
)
def test_the_deadline(environ: dict[str, str], seconds: float) -> None:
    assert servers.of(environ).deadline == seconds


def test_a_report_on_many_commits_is_at_most_forty_lines(server: Server) -> None:
    for number in range(30):
        lock = str(EVIL["package-lock.json"])
        folder = f"p{number}"
        server.work.commit({f"{folder}/{name}": data for name, data in CLEAN.items()})
        server.work.commit({f"{folder}/package-lock.json": lock})

    said = server.refuse("main")

    assert len(said.splitlines()) <= 40
    assert "30 errors" in said or "60 errors" in said


def test_refs_are_counted_where_there_are_many(server: Server) -> None:
    for number in range(70):
        server.work.git("branch", f"b{number}")
    server.work.git("checkout", "--quiet", "-b", "evil")
    server.work.commit(EVIL)
    server.work.git("branch", "evil2")
    names = [f"b{number}" for number in range(70)]

    said = server.refuse("evil", "evil2", *names)

    assert "refused: refs/heads/evil" in said
    assert len(said.splitlines()) <= 40


def test_nothing_is_left_running(server: Server) -> None:
    before = set(os.listdir("/proc"))  # noqa: PTH208 - names are enough
    server.work.commit(EVIL)
    server.refuse("main")

    born = [pid for pid in os.listdir("/proc") if pid.isdigit() and pid not in before]  # noqa: PTH208
    names = [_command(pid) for pid in born]
    assert not [name for name in names if str(server.bare.path) in name]


def _command(pid: str) -> str:
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            return file.read()
    except OSError:
        return ""


def test_a_repository_without_a_default_branch(tmp_path: Path, lockward: Path) -> None:
    """HEAD of the server names a branch that nobody has pushed."""
    server = Server(tmp_path, lockward, args=ONLY)
    server.bare.git("symbolic-ref", "HEAD", "refs/heads/elsewhere")
    server.work.commit(CLEAN)
    server.accept("main")
    server.work.commit(EVIL)

    assert RULE in server.refuse("main")


def test_the_same_commits_get_the_same_words_wherever_they_are_judged(server: Server) -> None:
    server.work.commit(EVIL)
    said = server.refuse("main")

    told = judged(server, late=False)

    assert [line.strip() for line in told.text.splitlines()] == said.splitlines()
