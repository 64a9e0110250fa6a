"""Real git repositories, driven by real git, with the hooks of this tree in them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.support import npm

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Files = dict[str, str | bytes]
    Written = Mapping[str, str | bytes]

APP: npm.Json = {"name": "app", "dependencies": {"a": "^1.0.0"}}
CLEAN: Files = npm.files(APP, {"a": npm.locked("a")})
# What a smuggler does: the entry loses its hash, package.json says nothing.
EVIL_LOCK = npm.lockfile(APP, {"a": npm.locked("a", integrity=None)})
EVIL: Files = {**CLEAN, "package-lock.json": EVIL_LOCK}
# A real requirement change with the lockfile that npm writes for it.
GROWN_APP: npm.Json = {"name": "app", "dependencies": {"a": "^1.0.0", "b": "^2.0.0"}}
GROWN: Files = npm.files(GROWN_APP, {"a": npm.locked("a"), "b": npm.locked("b", "2.1.0")})


def environment(home: Path, **more: str) -> dict[str, str]:
    """What git and the hooks see: nothing of whoever runs the tests but PATH and coverage."""
    kept = {name: os.environ[name] for name in os.environ if name.startswith("COVERAGE")}
    person = {
        f"GIT_{role}_{field}": value
        for role in ("AUTHOR", "COMMITTER")
        for field, value in (("NAME", "A Person"), ("EMAIL", "person@example.org"))
    }
    return {
        **kept,
        **person,
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TEST_FSYNC": "0",  # nobody needs what a test wrote after the power fails
        "LC_ALL": "C",
        **more,
    }


def launcher(folder: Path) -> Path:
    """An executable ``lockward`` that runs the code under test, as the console script does."""
    path = folder / "lockward"
    program = (
        f"import sys; sys.path[:] = {sys.path!r}; from lockward_hooks.cli import console; console()"
    )
    quoted = program.replace("'", "'\"'\"'")
    path.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{quoted}' \"$@\"\n")
    path.chmod(0o755)
    return path


class Repo:
    """A repository in a folder.  ``git`` runs git in it and fails the test when git fails."""

    def __init__(self, path: Path, *options: str, env: dict[str, str] | None = None) -> None:
        self.path = path
        self.env = env or environment(path.parent)
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main", *options)

    def run(
        self, *argv: str, stdin: bytes = b"", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Any program in the folder; its output as text, other bytes as surrogates."""
        return subprocess.run(
            argv,
            cwd=self.path,
            env={**self.env, **(env or {})},
            input=stdin.decode("utf-8", "surrogateescape"),
            check=False,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=60,
        )

    def git(self, *args: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> str:
        """What git prints, without the last newline."""
        done = self.run("git", *args, stdin=stdin, env=env)
        assert done.returncode == 0, f"git {args}: {done.stdout}{done.stderr}"
        return done.stdout.removesuffix("\n")

    def write(self, files: Written) -> None:
        """Put files into the working tree."""
        for name, data in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())

    def stage(self, files: Written) -> None:
        """Put files into the working tree and the index."""
        self.write(files)
        self.git("add", "--all", "--", *files)

    def commit(self, files: Written | None = None, message: str = "change") -> str:
        """Commit files, with no hook asked; the commit's id."""
        if files:
            self.stage(files)
        self.git("commit", "--quiet", "--no-verify", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def hook(self, name: str, lockward: Path, *args: str) -> None:
        """Make ``lockward NAME`` a hook."""
        folder = self.path / self.git("rev-parse", "--git-path", "hooks")
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_text(f'#!/bin/sh\nexec {lockward} {name} {" ".join(args)} "$@"\n')
        path.chmod(0o755)


class Server:
    """A bare repository with the pre-receive hook, and a clone of it to push from."""

    def __init__(self, folder: Path, lockward: Path, *options: str, args: str = "") -> None:
        env = environment(folder)
        self.bare = Repo(folder / "server.git", "--bare", *options, env=env)
        self.work = Repo(folder / "work", *options, env=env)
        self.work.git("remote", "add", "origin", str(self.bare.path))
        self.bare.hook("pre-receive", lockward, *args.split())
        self.lockward = lockward

    def seed(self, files: Files | None = None) -> str:
        """A first commit that the server holds already, as its default branch."""
        commit = self.work.commit(files or CLEAN, "first")
        self.accept("main")
        self.work.git("fetch", "--quiet", "origin")
        return commit

    def push(self, *refs: str) -> subprocess.CompletedProcess[str]:
        """Try to push."""
        return self.work.run("git", "push", "--quiet", "origin", *refs)

    def accept(self, *refs: str) -> str:
        """Push; the test fails when that is refused.  What the hook said."""
        done = self.push(*refs)
        assert done.returncode == 0, done.stderr
        return remote(done.stderr)

    def refuse(self, *refs: str) -> str:
        """Push; the test fails when that is accepted.  What the hook said."""
        done = self.push(*refs)
        assert done.returncode == 1, f"accepted: {done.stderr}"
        assert "pre-receive hook declined" in done.stderr
        return remote(done.stderr)


def remote(stderr: str) -> str:
    """The lines that came from the server's hook."""
    lines = (line.removeprefix("remote:").strip() for line in stderr.splitlines())
    return "\n".join(
        line
        for line, raw in zip(lines, stderr.splitlines(), strict=True)
        if raw.startswith("remote:")
    )
