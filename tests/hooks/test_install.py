"""`lockward install`: the hooks work, what was there goes on working, and comes back."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lockward_hooks import install, shims
from tests.support.repos import CLEAN, EVIL, GROWN, Repo, Server, environment

HOOKS = Path(__file__).parents[2] / "hooks"
RULE = "error[lockfile-integrity]"


class Command:
    """``lockward`` in a repository, with a home of its own."""

    def __init__(self, lockward: Path, repo: Repo) -> None:
        self.lockward = lockward
        self.repo = repo

    def __call__(self, *words: str, code: int = 0) -> str:
        done = self.repo.run(str(self.lockward), *words)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def command(lockward: Path, repo: Repo, tmp_path: Path) -> Command:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"):
        del repo.env[name]
    repo.env["HOME"] = str(tmp_path)
    return Command(lockward, repo)


def hooks(repo: Repo) -> dict[str, str]:
    folder = repo.path / ".git" / "hooks"
    return {
        path.name: path.read_text()
        for path in sorted(folder.glob("*"))
        if not path.name.endswith(".sample")
    }


def other(path: Path, log: Path) -> None:
    """A hook that somebody has already; it writes down that it ran, and what it read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {path.name} >>{log}\ncat >>{log}\n")
    path.chmod(0o755)


@pytest.mark.parametrize("name", [name for name in shims.HOOKS if name != "pre-merge-commit"])
def test_the_copies_in_the_repository_are_what_is_installed(name: str) -> None:
    assert (HOOKS / name).read_text() == shims.text(name, copied=True)
    assert (HOOKS / name).stat().st_mode & 0o111 == 0o111
    for script in (shims.text(name), shims.text(name, common=True)):
        subprocess.run(["sh", "-n"], input=script, text=True, check=True)


def test_installed_hooks_judge(command: Command) -> None:
    said = command("install", "--command", str(command.lockward))

    assert list(hooks(command.repo)) == sorted(shims.CLIENT)
    assert "now: lockward doctor" in said
    command.repo.stage(EVIL)
    done = command.repo.run("git", "commit", "-m", "x")
    assert (done.returncode, RULE in done.stdout + done.stderr) == (1, True)
    command.repo.stage(CLEAN)
    command.repo.git("commit", "--quiet", "--allow-empty", "-m", "sound")


def test_uninstalled_nothing_is_left(command: Command, tmp_path: Path) -> None:
    repo = command.repo
    other(repo.path / ".git" / "hooks" / "pre-commit", tmp_path / "log")
    before = hooks(repo), (repo.path / ".git" / "config").read_text()

    command("install", "--command", str(command.lockward), "--policy", "x.toml")
    assert "pre-commit.before-lockward" in hooks(repo)
    command("install", "--command", str(command.lockward))
    assert "pre-commit.before-lockward.before-lockward" not in hooks(repo), "twice is once"
    command("install", "--uninstall")

    assert hooks(repo) == before[0]
    assert repo.run("git", "config", "--get-regexp", r"^(lockward|core\.hooks)").stdout == ""


def test_a_hook_that_was_there_goes_on(command: Command, tmp_path: Path) -> None:
    log = tmp_path / "log"
    other(command.repo.path / ".git" / "hooks" / "pre-commit", log)
    command("install", "--command", str(command.lockward))

    command.repo.stage(GROWN)
    command.repo.git("commit", "--quiet", "-m", "grown")

    assert log.read_text().split() == ["pre-commit"]


def test_a_servers_hook_that_was_there_reads_the_same_updates(
    tmp_path: Path, lockward: Path
) -> None:
    server = Server(tmp_path, lockward)
    log = tmp_path / "log"
    server.seed()
    (server.bare.path / "hooks" / "pre-receive").unlink()
    other(server.bare.path / "hooks" / "pre-receive", log)
    command = Command(lockward, server.bare)
    command("install", "--server", "--command", str(lockward))
    head = server.work.git("rev-parse", "HEAD")
    evil = server.work.commit(EVIL)

    assert RULE in server.refuse("main")
    assert not log.exists(), "a push that is refused is nobody else's business"
    server.work.git("reset", "--quiet", "--hard", "HEAD~1")
    grown = server.work.commit(GROWN)
    server.accept("main", "main:refs/heads/odd`$(id)`")
    lines = log.read_bytes().splitlines()
    assert lines[0] == b"pre-receive"
    assert f"{head} {grown} refs/heads/main".encode() in lines
    assert lines[2].endswith(b"refs/heads/odd`$(id)`") or lines[1].endswith(b"`$(id)`")
    assert evil != grown


def test_a_shared_folder_leaves_each_repository_its_own_hooks(
    command: Command, tmp_path: Path
) -> None:
    repo, log = command.repo, tmp_path / "log"
    for name in ("pre-commit", "post-commit"):
        other(repo.path / ".git" / "hooks" / name, log)
    shared = tmp_path / "shared"
    repo.git("config", "--global", "core.hooksPath", "/somewhere/else")

    command("install", "--global", "--hooks-path", str(shared), "--command", str(command.lockward))

    repo.stage(EVIL)
    assert repo.run("git", "commit", "-m", "x").returncode == 1
    repo.stage(GROWN)
    repo.git("commit", "--quiet", "-m", "grown")
    assert log.read_text().split() == ["pre-commit", "pre-commit", "post-commit"]
    said = command("install", "--global", "--hooks-path", str(shared), "--uninstall")
    assert "core.hooksPath: /somewhere/else" in said
    assert repo.git("config", "core.hooksPath") == "/somewhere/else"
    assert list(shared.iterdir()) == []


def test_a_template_reaches_what_is_cloned_from_now_on(command: Command, tmp_path: Path) -> None:
    template = tmp_path / "template"
    command("install", "--template", str(template), "--command", str(command.lockward))
    command.repo.git("init", "--quiet", str(tmp_path / "new"))
    new = Repo(tmp_path / "new", env=command.repo.env)

    new.stage(EVIL)

    assert new.run("git", "commit", "-m", "x").returncode == 1
    command("install", "--template", str(template), "--uninstall")
    assert new.run("git", "config", "init.templateDir").stdout == ""


@pytest.mark.parametrize(
    ("hooks_path", "said"),
    [
        pytest.param(".husky/_", "husky manages the hooks here", id="husky"),
        pytest.param("/etc/hooks", "--hooks-path /etc/hooks installs there", id="shared"),
    ],
)
def test_hooks_that_git_would_ignore_are_not_installed(
    command: Command, hooks_path: str, said: str
) -> None:
    command.repo.git("config", "core.hooksPath", hooks_path)

    assert said in command("install", code=2)
    assert hooks(command.repo) == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("--hooks", "pre-comit"), 'did you mean "pre-commit"', id="a typo"),
        pytest.param(("/nonexistent",), "there is no such folder", id="no folder"),
        pytest.param(("--git-config", "--template", "x"), "exclude each other", id="two ways"),
        pytest.param(("--global",), "--global needs --hooks-path", id="global, but where"),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    command: Command, words: tuple[str, ...], said: str
) -> None:
    assert said in command("install", *words, code=2)
    assert hooks(command.repo) == {}


def test_a_bare_repository_gets_no_clients_hooks(tmp_path: Path, lockward: Path) -> None:
    bare = Repo(tmp_path / "bare.git", "--bare", env=environment(tmp_path))

    assert "--server installs pre-receive" in Command(lockward, bare)("install", code=2)


def test_gits_own_settings_hold_hooks_from_2_54_on(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """git-config(1): hook.<name>.command and hook.<name>.event."""
    said = command("install", "--git-config", "--command", "/opt/lockward", code=2)
    assert "2.54 does" in said
    monkeypatch.setattr(install, "_CONFIGURED", (2, 0))
    monkeypatch.chdir(command.repo.path)
    for name, text in command.repo.env.items():
        monkeypatch.setenv(name, text)
    from lockward_hooks import cli

    words = ["install", "--git-config", "--hooks", "pre-push", "--command", "/opt/lock ward"]
    assert cli.main(words) == 0
    assert command.repo.git("config", "hook.lockward-pre-push.event") == "pre-push"
    shown = command.repo.git("config", "hook.lockward-pre-push.command")
    assert shown == "'/opt/lock ward' pre-push"
    assert cli.main([*words, "--uninstall"]) == 0
    assert command.repo.run("git", "config", "--get-regexp", "^hook").stdout == ""
