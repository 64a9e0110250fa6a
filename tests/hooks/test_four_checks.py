"""The four promises of the README, through every door: same verdict, same words.

A lockfile that nothing asks for, an internal name without its scope, a scope
without its pin, and a workflow that runs `npm install`: with all rules on, in
real commits, under pre-commit, in real pushes and on the command line.
"""

from __future__ import annotations

import re
import sys
from typing import Final

import pytest

from tests.hooks.test_framework import CONFIG, config
from tests.support import npm
from tests.support.repos import APP, CLEAN, Repo, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.repos import Files

POLICY: Final = '[internal]\nscopes = ["@acme"]\n'
BASE: Final[Files] = {**CLEAN, ".lockward.toml": POLICY}
A: Final = npm.locked("a")
WORKFLOW: Final = "on: push\njobs:\n  b:\n    steps:\n      - run: npm install\n"


def grown(name: str) -> Files:
    """The project with one more requirement, and the lockfile that npm writes for it."""
    manifest = {"name": "app", "dependencies": {"a": "^1.0.0", name: "^1.0.0"}}
    return npm.files(manifest, {"a": A, name: npm.locked(name)})


# What is done -> the files it leaves, and which rule says what of it.
CHECKS: Final[dict[str, tuple[Files, str, bool]]] = {
    "a lockfile change that nothing asks for": (
        {"package-lock.json": npm.lockfile(APP, {"a": npm.locked("a", "1.4.0")})},
        "error[lockfile-unmatched]",
        False,
    ),
    "an internal name without its scope": (
        grown("acme-ui"),
        "error[internal-name-unscoped]",
        False,
    ),
    "an internal scope without its pin": (grown("@acme/ui"), "error[npmrc-scope-pin]", False),
    "a workflow that runs npm install": (
        {".github/workflows/ci.yml": WORKFLOW},
        "warning[ci-npm-install]",
        True,
    ),
}


class Door:
    """A place where a change is judged: what was said, and whether it went through."""

    def __init__(self, folder: Path, lockward: Path, *options: str) -> None:
        self.folder = folder
        self.lockward = lockward
        self.options = options

    def repo(self) -> Repo:
        repo = Repo(self.folder / "work", *self.options)
        repo.commit(BASE, "first")
        return repo


def native_commit(door: Door, files: Files) -> tuple[bool, str]:
    """`git commit` with the native hook."""
    repo = door.repo()
    repo.hook("pre-commit", door.lockward)
    repo.stage(files)
    done = repo.run("git", "commit", "--quiet", "-m", "x")
    return done.returncode == 0, done.stdout + done.stderr


def framework_commit(door: Door, files: Files) -> tuple[bool, str]:
    """`git commit` with pre-commit's hook."""
    repo = framework(door)
    repo.stage(files)
    done = repo.run("git", "commit", "--quiet", "-m", "x")
    return done.returncode == 0, done.stdout + done.stderr


def framework_run(door: Door, files: Files) -> tuple[bool, str]:
    """`pre-commit run`."""
    repo = framework(door)
    repo.stage(files)
    done = repo.run(sys.executable, "-m", "pre_commit", "run")
    return done.returncode == 0, done.stdout + done.stderr


def framework(door: Door) -> Repo:
    """A repository under pre-commit, with the hooks that the README recommends."""
    repo = door.repo()
    repo.env["PRE_COMMIT_HOME"] = str(door.folder / "cache")
    ids = ("lockward", "no-npm-install-in-ci")  # the second shows its warnings although it passes
    repo.commit({CONFIG: config(door.lockward, *ids, quick=False)})
    assert repo.run(sys.executable, "-m", "pre_commit", "install").returncode == 0
    return repo


def native_push(door: Door, files: Files) -> tuple[bool, str]:
    """`git push` with the native pre-push hook."""
    repo = door.repo()
    bare = Repo(door.folder / "bare.git", "--bare", *door.options, env=repo.env)
    repo.git("remote", "add", "origin", str(bare.path))
    repo.git("push", "--quiet", "origin", "main")
    repo.hook("pre-push", door.lockward)
    repo.commit(files)
    done = repo.run("git", "push", "--quiet", "origin", "main")
    return done.returncode == 0, done.stdout + done.stderr


def server_push(door: Door, files: Files) -> tuple[bool, str]:
    """`git push` to a bare repository with the pre-receive hook."""
    server = Server(door.folder, door.lockward, *door.options)
    server.seed(BASE)
    server.work.commit(files)
    done = server.push("main")
    return done.returncode == 0, done.stderr


def command_line(door: Door, files: Files) -> tuple[bool, str]:
    """`lockward check --from --to`."""
    repo = door.repo()
    repo.commit(files)
    done = repo.run(str(door.lockward), "check", "--from", "HEAD~1", "--to", "HEAD")
    return done.returncode == 0, done.stdout + done.stderr


DOORS: Final[tuple[Callable[[Door, Files], tuple[bool, str]], ...]] = (
    native_commit,
    framework_commit,
    framework_run,
    native_push,
    server_push,
    command_line,
)


def words(text: str) -> set[str]:
    """The headlines of findings: severity, rule and what it says."""
    plain = (line.removeprefix("remote:").strip() for line in text.splitlines())
    return {line for line in plain if re.match(r"(error|warning|note)\[", line)}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, lockward: Path) -> dict[str, set[str]]:
    """What the command line says of each check."""
    return {
        check: words(command_line(Door(tmp_path_factory.mktemp("told"), lockward), files)[1])
        for check, (files, _, _) in CHECKS.items()
    }


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("pass_through", DOORS, ids=lambda door: door.__name__)
def test_a_check_at_a_door(
    tmp_path: Path,
    lockward: Path,
    told: dict[str, set[str]],
    check: str,
    pass_through: Callable[[Door, Files], tuple[bool, str]],
) -> None:
    files, headline, passes = CHECKS[check]
    went, said = pass_through(Door(tmp_path, lockward), files)

    assert went == passes, said
    assert any(line.startswith(headline) for line in words(said)), said
    assert words(said) == told[check]


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("pass_through", [native_commit, native_push, server_push])
def test_a_check_in_a_sha_256_repository(
    tmp_path: Path,
    lockward: Path,
    check: str,
    pass_through: Callable[[Door, Files], tuple[bool, str]],
) -> None:
    files, headline, passes = CHECKS[check]
    went, said = pass_through(Door(tmp_path, lockward, "--object-format=sha256"), files)
    assert (went, any(line.startswith(headline) for line in words(said))) == (passes, True), said


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_four_refs_in_one_push(tmp_path: Path, lockward: Path, object_format: str) -> None:
    server = Server(tmp_path, lockward, f"--object-format={object_format}")
    server.seed(BASE)
    for number, (files, _, _) in enumerate(CHECKS.values()):
        server.work.git("checkout", "--quiet", "-b", f"b{number}", "main")
        server.work.commit(files)

    said = server.refuse("b0", "b1", "b2", "b3")

    for _, headline, passes in CHECKS.values():
        assert passes or headline in said
    assert "refused, 3 errors, 1 warning" in said
    assert server.bare.git("for-each-ref", "--format=%(refname)") == "refs/heads/main"
    assert "warning[ci-npm-install]" in server.accept("b3")


def test_a_good_change_passes_every_door(tmp_path: Path, lockward: Path) -> None:
    for number, pass_through in enumerate(DOORS):
        went, said = pass_through(Door(tmp_path / str(number), lockward), grown("b"))
        assert (went, words(said)) == (True, set()), said
