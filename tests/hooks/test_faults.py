"""Real pushes while something breaks: refused for the reason said, at once, no child left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from lockward_hooks import audit
from tests.support.repos import CLEAN, EVIL, GROWN, Server, remote

RULE = "error[lockfile-integrity]"
GIT = shutil.which("git") or ""


class Broken(Server):
    """A server on which git, as the hook runs it, does something else for one command."""

    def __init__(self, folder: Path, lockward: Path, policy: str = "") -> None:
        super().__init__(folder, lockward)
        self.folder = folder
        self.hangs = f"sleep 97.{zlib.crc32(str(folder).encode())}"  # as no other test's
        self.seed()
        self.wrapper = folder / "wrapped" / "git"
        self.wrapper.parent.mkdir()
        if policy:
            (folder / "server.toml").write_text(policy)
            self.bare.git("config", "lockward.policy", str(folder / "server.toml"))
        hook = self.bare.path / "hooks" / "pre-receive"
        search = f"{self.wrapper.parent}:{os.environ['PATH']}"
        hook.write_text(f"#!/bin/sh\nPATH={search} exec {lockward} pre-receive\n")

    def breaks(self, command: str, how: str) -> None:
        """Let ``git COMMAND`` do something else, once the hook runs it."""
        self.wrapper.write_text(
            f'#!/bin/sh\ncase " $* " in *" {command} "*) {how};; esac\nexec {GIT} "$@"\n'
        )
        self.wrapper.chmod(0o755)

    def children(self) -> list[str]:
        """Processes that have to do with this server, after a moment's grace."""
        found: list[str] = []
        for _ in range(50):
            found = [line for line in map(_command, Path("/proc").glob("[0-9]*")) if self._is(line)]
            if not found:
                break
            time.sleep(0.05)
        return found

    def _is(self, line: str) -> bool:
        return self.hangs in line or (str(self.bare.path) in line and "cat-file" in line)


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


@pytest.fixture
def server(tmp_path: Path, lockward: Path) -> Broken:
    return Broken(tmp_path, lockward)


HELPERS = ("rev-list", "diff-tree", "cat-file", "ls-tree")


@pytest.mark.parametrize("command", HELPERS)
@pytest.mark.parametrize(
    "how",
    [
        pytest.param("kill -9 $$", id="killed"),
        pytest.param("exit 0", id="says nothing and is content"),
        pytest.param("echo rubbish; exit 0", id="says rubbish"),
        pytest.param("exit 1", id="fails without a word"),
    ],
)
def test_a_helper_that_dies_or_lies_is_not_nothing(server: Broken, command: str, how: str) -> None:
    """The naive way takes no output for no change: the evil commit comes in."""
    server.breaks(command, how)
    server.work.commit(EVIL)

    said = server.refuse("main")

    assert "lockward: undecided" in said or (command == "rev-list" and RULE in said)
    assert "Traceback" not in said
    assert server.children() == []


@pytest.mark.parametrize("command", HELPERS)
def test_the_deadline_holds_whatever_hangs(tmp_path: Path, lockward: Path, command: str) -> None:
    server = Broken(tmp_path, lockward, "[server]\ndeadline = 1.5\n")
    server.breaks(command, f"exec {server.hangs}")
    server.work.commit(GROWN)
    start = time.monotonic()

    said = server.refuse("main")

    assert time.monotonic() - start < 30
    assert "error: deadline of 1.5 s passed" in said
    assert "not judged: ref refs/heads/main" in said
    assert server.children() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_nothing_is_accepted(server: Broken, number: int) -> None:
    told = server.folder / "pid"
    server.breaks("cat-file", f"echo $PPID >{told}.new; mv {told}.new {told}; exec {server.hangs}")
    server.work.commit(GROWN)
    push = subprocess.Popen(
        [GIT, "push", "--quiet", "origin", "main"],
        cwd=server.work.path,
        env=server.work.env,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(400):
        if told.exists():
            break
        time.sleep(0.05)

    os.kill(int(told.read_text()), number)

    _, stderr = push.communicate(timeout=30)
    assert push.returncode == 1
    assert f"ended by signal {int(number)}" in remote(stderr)
    assert server.children() == []


def test_a_hook_that_is_killed_leaves_no_child(server: Broken) -> None:
    told = server.folder / "pid"
    wait = f'echo $PPID >{told}; exec {GIT} "$@"'
    server.breaks("cat-file", wait)
    server.breaks("ls-tree", f"kill -9 $PPID; {wait}")
    server.work.commit(GROWN)

    assert server.push("main").returncode == 1
    assert server.children() == []


# The audit file

SKIP = "lockward.skip=lockfile-integrity,lockfile-unmatched;reason=registry outage"
POLICY = """
[server]
audit = "{audit}"
[[server.skip]]
who = ["gitea:alice"]
rules = ["lockfile-integrity", "lockfile-unmatched"]
"""


@pytest.mark.parametrize(
    ("place", "said"),
    [
        pytest.param("/dev/full", "cannot be written: No space left on device", id="disk full"),
        pytest.param("/", "cannot be opened: Is a directory", id="a folder"),
    ],
)
def test_a_skip_that_cannot_be_written_down_is_refused(
    tmp_path: Path, lockward: Path, place: str, said: str
) -> None:
    server = Broken(tmp_path, lockward, POLICY.format(audit=place))
    server.bare.git("config", "receive.advertisePushOptions", "true")
    server.work.commit(EVIL)
    env = {"GITEA_REPO_NAME": "shop", "GITEA_PUSHER_NAME": "alice"}

    done = server.work.run("git", "push", "-o", SKIP, "origin", "main", env=env)

    assert (done.returncode, said in done.stderr) == (1, True), done.stderr


def test_a_disk_that_is_full_in_the_middle_of_an_entry_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "audit"
    audit.append(str(path), {"who": "a"})
    before = path.read_bytes()
    program = (
        f"import resource, sys; sys.path[:] = {sys.path!r}\n"
        "from lockward_hooks import audit\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({len(before) + 20},) * 2)\n"
        "try:\n"
        f"    audit.append({str(path)!r}, {{'who': 'b'}})\n"
        "except audit.AuditError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert "cannot be written" in done.stdout
    assert path.read_bytes() == before
    assert list(audit.faults(str(path))) == []


def test_an_audit_file_that_somebody_holds_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    monkeypatch.setattr(audit, "PATIENCE", 0.1)
    path = tmp_path / "audit"
    with path.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(audit.AuditError, match="is locked by another process"):
            audit.append(str(path), {})


# Objects and settings of the server


@pytest.mark.parametrize("kind", ["blob", "tree", "commit"])
def test_an_object_that_is_corrupt_is_undecided(server: Broken, kind: str) -> None:
    server.work.commit(EVIL)
    names = {"blob": "main:package-lock.json", "tree": "main^{tree}", "commit": "main"}
    oid = server.bare.git("rev-parse", names[kind])
    path = server.bare.path / "objects" / oid[:2] / oid[2:]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-7] + b"rubbish")

    done = server.push("main")

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "corrupt" in done.stderr or "lockward: undecided" in done.stderr


def test_no_setting_of_the_repository_runs_a_program_or_hides_a_change(server: Broken) -> None:
    trap = server.folder / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {server.folder}/sprung\ncat\n")
    trap.chmod(0o755)
    git = server.bare.git
    for key in ("core.fsmonitor", "diff.external", "diff.x.textconv", "diff.x.command"):
        git("config", key, str(trap))
    for key in ("filter.x.smudge", "filter.x.clean", "core.sshCommand", "gpg.program"):
        git("config", key, str(trap))
    git("config", "log.showSignature", "true")
    git("config", "diff.ignoreSubmodules", "all")
    git("config", "protocol.ext.allow", "always")
    git("config", "remote.evil.url", f"ext::{trap}")
    git("config", "remote.evil.promisor", "true")
    git("config", "core.attributesFile", str(server.folder / "attributes"))
    (server.folder / "attributes").write_text("* binary filter=x diff=x\n")
    (server.bare.path / "info").mkdir(exist_ok=True)
    (server.bare.path / "info" / "attributes").write_text("* -diff filter=x\n")
    server.work.commit({**EVIL, ".gitattributes": "* binary -text\n"})

    assert RULE in server.refuse("main")
    assert not (server.folder / "sprung").exists()


def test_a_missing_object_of_a_partial_server_is_not_fetched(server: Broken) -> None:
    trap = server.folder / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {server.folder}/sprung\n")
    trap.chmod(0o755)
    blob = server.bare.git("rev-parse", "main:package-lock.json")
    server.work.commit(GROWN)
    git = server.bare.git
    git("config", "core.repositoryFormatVersion", "1")
    git("config", "extensions.partialClone", "evil")
    git("config", "protocol.ext.allow", "always")
    git("config", "remote.evil.url", f"ext::{trap}")
    git("config", "remote.evil.promisor", "true")
    (server.bare.path / "objects" / blob[:2] / blob[2:]).unlink()

    done = server.work.run("git", "push", "--no-thin", "origin", "main")

    assert (done.returncode, "lockward: undecided" in done.stderr) == (1, True), done.stderr
    assert not (server.folder / "sprung").exists()


def test_objects_of_an_alternate_store_are_seen(server: Broken) -> None:
    """A push may lean on objects that the server only borrows."""
    evil = server.work.commit(EVIL)
    server.work.commit(CLEAN, "undo")
    store = server.folder / "store.git"
    server.work.git("clone", "--quiet", "--bare", str(server.work.path), str(store))
    (server.bare.path / "objects" / "info").mkdir(exist_ok=True)
    alternates = server.bare.path / "objects" / "info" / "alternates"
    alternates.write_text(f"{store}/objects\n")

    assert f"commit {evil[:12]}" in server.refuse("main")
