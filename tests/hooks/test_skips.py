"""The way through in an emergency: who, for which rules, why, and written down; else refused."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from lockward_hooks import audit, skips
from tests.support.repos import EVIL, GROWN, Server, remote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

RULE = "error[lockfile-integrity]"
SKIP = "lockward.skip=lockfile-integrity;reason=registry outage;ticket=OPS-7"
POLICY = """
[server]
audit = "{audit}"
[[server.skip]]
who = ["http:alice", "gitlab:alice", "gerrit:alice"]
rules = ["lockfile-integrity", "lockfile-missing"]
"""


class Gate(Server):
    """A server with a policy that lets alice skip, which says who pushes as http does."""

    def __init__(self, folder: Path, lockward: Path, policy: str = POLICY) -> None:
        super().__init__(folder, lockward, args="--only lockfile-integrity")
        self.audit = folder / "audit.jsonl"
        path = folder / "server.toml"
        path.write_text(policy.format(audit=self.audit))
        self.bare.git("config", "lockward.policy", str(path))
        self.bare.git("config", "receive.advertisePushOptions", "true")
        self.seed()

    def option(
        self, option: str, *refs: str, user: str = "alice", **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Push with a push option, as a user of git-http-backend."""
        env = {"GIT_PROJECT_ROOT": "/srv", "REMOTE_USER": user, **more}
        push = ("git", "push", "--quiet", "-o", option, "origin", *(refs or ("main",)))
        return self.work.run(*push, env=env)

    def entries(self) -> list[dict[str, object]]:
        text = self.audit.read_text() if self.audit.exists() else ""
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def server(tmp_path: Path, lockward: Path) -> Gate:
    gate = Gate(tmp_path, lockward)
    gate.work.commit(EVIL)
    return gate


def test_a_listed_person_with_a_reason_gets_through_and_it_is_written_down(server: Gate) -> None:
    assert RULE in server.refuse("main"), "without the option"

    done = server.option(SKIP)

    said = remote(done.stderr)
    assert done.returncode == 0, said
    assert "lockward: skipped lockfile-integrity for http:alice: registry outage" in said
    (entry,) = server.entries()
    head = server.work.git("rev-parse", "HEAD")
    assert (entry["event"], entry["who"], entry["reason"], entry["ticket"]) == (
        "skip",
        "http:alice",
        "registry outage",
        "OPS-7",
    )
    assert entry["rules"] == ["lockfile-integrity"]
    assert [ref["new"] for ref in entry["refs"]] == [head]  # type: ignore[attr-defined]
    receipt = next(line for line in said.splitlines() if "receipt" in line).split()[-1]
    assert [line.digest[:16] for line in audit.lines(str(server.audit))] == [receipt]
    assert list(audit.faults(str(server.audit))) == []


@pytest.mark.parametrize(
    ("option", "user", "said"),
    [
        pytest.param(SKIP, "mallory", "http:mallory is not listed", id="somebody else"),
        pytest.param(SKIP, "", "does not say who pushes", id="nobody"),
        pytest.param(
            "lockward.skip=lockfile-integrity", "alice", "needs a reason", id="without a reason"
        ),
        pytest.param(
            "lockward.skip=lockfile-integrity;reason= - ", "alice", "needs a reason", id="a dash"
        ),
        pytest.param(
            "lockward.skip=lockfile-tampered;reason=outage",
            "alice",
            "not listed for lockfile-tampered",
            id="a rule that is not theirs",
        ),
        pytest.param(
            "lockward.skip=lockfile-integrity,lockfile-tampered;reason=outage",
            "alice",
            "not listed for",
            id="more rules than are theirs",
        ),
        pytest.param(
            "lockward.skip=lockfile-missing;reason=outage", "alice", RULE, id="another rule"
        ),
        pytest.param("lockward.skip=all;reason=outage", "alice", "unknown rule 'all'", id="all"),
        pytest.param("lockward.skip=;reason=outage", "alice", "names no rule", id="no rule"),
        pytest.param("lockward.skp=x;reason=y", "alice", "did you mean 'lockward.skip'", id="typo"),
        pytest.param(f"{SKIP};until=never", "alice", "unknown 'until'", id="an unknown field"),
        pytest.param("ci.skip", "alice", RULE, id="somebody else's option"),
    ],
)
def test_nobody_else_gets_through(server: Gate, option: str, user: str, said: str) -> None:
    done = server.option(option, user=user)

    assert done.returncode == 1
    assert said in remote(done.stderr)
    assert server.entries() == []


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        pytest.param("[rules]\n", "lets nobody skip a rule", id="no [server]"),
        pytest.param(
            POLICY.replace('audit = "{audit}"', ""), "names no audit file", id="no audit file"
        ),
        pytest.param(
            POLICY.replace("{audit}", "/nonexistent/audit"), "cannot be opened", id="no such folder"
        ),
    ],
)
def test_what_cannot_be_written_down_is_not_let_through(
    tmp_path: Path, lockward: Path, policy: str, said: str
) -> None:
    server = Gate(tmp_path, lockward, policy)
    server.work.commit(EVIL)

    done = server.option(SKIP)

    assert done.returncode == 1
    assert said in remote(done.stderr)


def test_a_trailer_grants_nothing(server: Gate) -> None:
    server.work.commit(EVIL, "x\n\nLockward-Skip: lockfile-integrity\nLockfile-Refresh: outage")

    assert RULE in server.refuse("main")


def test_a_policy_of_the_repository_grants_nothing(tmp_path: Path, lockward: Path) -> None:
    server = Gate(tmp_path, lockward)
    server.bare.git("config", "--unset", "lockward.policy")
    policy = POLICY.format(audit=server.audit)
    server.work.commit({".lockward.toml": policy})
    server.accept("main")
    server.work.commit(EVIL)

    done = server.option(SKIP)

    assert done.returncode == 1
    assert "lets nobody skip a rule" in remote(done.stderr)


def test_a_link_in_the_audit_files_place_is_not_followed(server: Gate, tmp_path: Path) -> None:
    server.audit.symlink_to(tmp_path / "elsewhere")

    assert "cannot be opened" in server.option(SKIP).stderr
    assert not (tmp_path / "elsewhere").exists()


def test_a_dry_run_gets_the_same_verdict_and_leaves_no_trace(server: Gate) -> None:
    policy = server.bare.path.parent / "server.toml"
    policy.write_text(policy.read_text().replace("http:alice", "bitbucket:alice"))
    env = {"BB_REPO_SLUG": "shop", "BB_USER_NAME": "alice", "BB_IS_DRY_RUN": "true"}

    done = server.option(SKIP, GIT_PROJECT_ROOT="", **env)

    assert done.returncode == 0, done.stderr
    assert "a dry run" in done.stderr
    assert server.entries() == []


def test_a_skip_that_was_not_needed_leaves_no_trace(server: Gate) -> None:
    server.work.git("reset", "--quiet", "--hard", "HEAD~1")
    server.work.commit(GROWN)

    done = server.option(SKIP)

    assert (done.returncode, server.entries()) == (0, [])


def test_options_that_are_none(server: Gate) -> None:
    """A count that is missing or rubbish is none; too many are refused."""
    assert list(skips.options({})) == []
    assert list(skips.options({"GIT_PUSH_OPTION_COUNT": "-1"})) == []
    assert list(skips.options({"GIT_PUSH_OPTION_COUNT": "1"})) == [""]
    with pytest.raises(skips.SkipError):
        list(skips.options({"GIT_PUSH_OPTION_COUNT": "99999"}))
    assert server.entries() == []


# The file


def entry(number: int) -> dict[str, object]:
    return {"who": f"http:user{number}", "reason": "r" * number}


def written(path: Path, count: int) -> None:
    for number in range(count):
        audit.append(str(path), entry(number))


def test_a_file_as_it_was_written_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "audit"
    written(path, 5)

    assert list(audit.faults(str(path))) == []
    assert [line.entry and line.entry["who"] for line in audit.lines(str(path))][4] == "http:user4"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        pytest.param(lambda rows: [*rows[:2], *rows[3:]], 3, id="a line is gone"),
        pytest.param(lambda rows: rows[1:], 1, id="the first line is gone"),
        pytest.param(lambda rows: [*rows[:2], rows[3], rows[2], rows[4]], 3, id="two swapped"),
        pytest.param(
            lambda rows: [rows[0], rows[1].replace(b"user1", b"user9"), *rows[2:]],
            3,
            id="one says something else",
        ),
        pytest.param(lambda rows: [*rows[:2], b"rubbish", *rows[3:]], 4, id="one is rubbish"),
        pytest.param(lambda rows: [*rows, b"{}"], 6, id="one was added by hand"),
        pytest.param(lambda rows: [*rows, b"[1]"], 6, id="one is no entry"),
    ],
)
def test_a_change_shows(tmp_path: Path, change: object, fault: int) -> None:
    path = tmp_path / "audit"
    written(path, 5)
    assert callable(change)
    rows = change(path.read_bytes().splitlines())
    path.write_bytes(b"".join(row + b"\n" for row in rows))

    assert [number for number, _ in audit.faults(str(path))][:1] == [fault]


def test_what_a_crash_left_of_a_line_is_told_and_chained(tmp_path: Path) -> None:
    path = tmp_path / "audit"
    written(path, 2)
    with path.open("ab") as file:
        file.write(b'{"version":1,"who":"htt')
    assert list(audit.faults(str(path))) == []

    audit.append(str(path), entry(3))

    assert list(audit.faults(str(path))) == []
    assert [line.entry is None for line in audit.lines(str(path))] == [False, False, True, False]


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "audit"
    program = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from lockward_hooks import audit\n"
        f"for n in range(20): audit.append({str(path)!r}, {{'n': n}})"
    )
    running = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(4)]

    assert [each.wait(60) for each in running] == [0] * 4
    assert list(audit.faults(str(path))) == []
    assert len(list(audit.lines(str(path)))) == 80


def test_the_command_lists_and_verifies(tmp_path: Path, lockward: Path) -> None:
    path = tmp_path / "audit"
    receipt = audit.append(str(path), {**entry(1), "reason": "\x1b[2Jall is well", "rules": ["a"]})

    def run(*words: str) -> tuple[int, str]:
        argv = [str(lockward), "audit", *words]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    assert run("verify", str(path), "--receipt", receipt[:16])[0] == 0
    assert run("verify", str(path), "--receipt", "0" * 16)[0] == 1
    code, said = run("list", str(path))
    assert (code, said.split()[0]) == (0, receipt[:16])
    assert "\x1b" not in said
    path.write_bytes(path.read_bytes().replace(b"user1", b"user2") + b"{}\n")
    code, said = run("verify", str(path))
    assert (code, "2: does not follow the line before it" in said) == (1, True)
    assert run("verify")[0] == 2
    assert run("verify", str(tmp_path / "none"))[0] == 2
