"""A small npm workspace, good and bad commits, and a push that is rejected.

``make demo`` plays it in a temporary folder with real git and real pre-commit,
without network, and fails when an outcome is not the expected one.
``make demo REPO=/path`` scans that repository instead.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import yaml

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
LOCKWARD = BIN / "lockward"
WORKSPACE = ROOT / "examples" / "mcp-workspace"
LIMIT = 120  # seconds for one command


class Edit(NamedTuple):
    """Text in a file, and what is written in its place."""

    path: str
    old: str
    new: str


class Step(NamedTuple):
    """One scene: what somebody changes, what they type, and what has to come of it."""

    title: str
    edits: tuple[Edit, ...]
    command: str
    refused: bool
    says: tuple[str, ...] = ()


class UnexpectedError(Exception):
    """An outcome that the demo did not expect."""


LOCK = "package-lock.json"
SERVER = "packages/files-server/package.json"
LOGGER = "https://npm.acme.test/@acme/logger/-/logger-{}.tgz"
SHA_231 = "KELY9tHqEg3E9XeWIV7vUSzEnq5JuuK1tNJyH7u1/gNRdzafkLJudKQ0KuFDkormTyLLKGynZc5cPwOGI1QSZg=="
SHA_240 = "V9F57M2GZv8YbT/HDCRru8ldjOYXXZcIRtUZq4zD1x/3j3wsb0GzLZZZ5nV7NP6imwLiiR248JqfPU+81ajhuA=="
OTHER = (
    "sha512-"
    "YQlUpVedr81Cqp/g2YQ8+WZG8/4AZ0WlacTY8C70fYz4YWEnQOo/0IPecsiibzYlnWpYyHwpKa4av9YZR8/T4w=="
)

# What npm 11 writes for `npm install @acme/logger@~2.4.0 -w packages/files-server`.
RAISED = (
    Edit(SERVER, '"@acme/logger": "~2.3.0"', '"@acme/logger": "~2.4.0"'),
    Edit(LOCK, '"@acme/logger": "~2.3.0"', '"@acme/logger": "~2.4.0"'),
    Edit(
        LOCK,
        f'"version": "2.3.1",\n      "resolved": "{LOGGER.format("2.3.1")}"',
        f'"version": "2.4.0",\n      "resolved": "{LOGGER.format("2.4.0")}"',
    ),
    Edit(LOCK, SHA_231, SHA_240),
)
# One entry of the lockfile gets other bytes; nothing else changes.
TAMPERED = (
    Edit(LOCK, f"sha512-{SHA_240}", OTHER),
    Edit("package.json", '"build": "tsc --build"', '"build": "tsc --build --verbose"'),
)
# A locked version moves inside its range, and no requirement asks for it.
MOVED = (
    Edit(
        LOCK,
        f'"version": "2.4.0",\n      "resolved": "{LOGGER.format("2.4.0")}"',
        f'"version": "2.4.1",\n      "resolved": "{LOGGER.format("2.4.1")}"',
    ),
    Edit(LOCK, f"sha512-{SHA_240}", OTHER),
)
# The scope is forgotten, and a public package of that name answers.
UNSCOPED = (
    Edit(SERVER, '"@acme/shared": ', '"acme-metrics": "^9.0.0",\n    "@acme/shared": '),
    Edit(
        LOCK,
        '        "@acme/shared": ',
        '        "acme-metrics": "^9.0.0",\n        "@acme/shared": ',
    ),
    Edit(
        LOCK,
        '    "node_modules/ajv": {',
        '    "node_modules/acme-metrics": {\n'
        '      "version": "9.0.1",\n'
        '      "resolved":'
        ' "https://registry.example.org/acme-metrics/-/acme-metrics-9.0.1.tgz",\n'
        f'      "integrity": "{OTHER}",\n'
        '      "license": "MIT"\n'
        "    },\n"
        '    "node_modules/ajv": {',
    ),
)
UNPINNED = (Edit(".npmrc", "@acme:registry=https://npm.acme.test/\n", ""),)
LOOSE = (Edit(".github/workflows/ci.yml", "npm ci --ignore-scripts", "npm install"),)

STEPS = (
    Step("A good commit: a requirement is raised, and npm locks it", RAISED,
         "git commit -a -m 'Raise @acme/logger to 2.4'", refused=False),
    Step("Other bytes under a locked version, hidden beside an edited script", TAMPERED,
         "git commit -a -m 'Build verbosely'", refused=True, says=("lockfile-tampered",)),
    Step("A locked version moves, but package.json asks for nothing", MOVED,
         "git commit -a -m 'Fix typo'", refused=True, says=("lockfile-unmatched",)),
    Step("An internal package without its scope: anybody can publish that name", UNSCOPED,
         "git commit -a -m 'Add metrics'", refused=True, says=("internal-name-unscoped",)),
    Step("The registry pin of the internal scope goes missing", UNPINNED,
         "git commit -a -m 'Tidy up .npmrc'", refused=True, says=("npmrc-scope-pin",)),
    Step("A workflow that installs what was never locked: a warning, shown although it passes",
         LOOSE, "git commit -a -m 'Simplify CI'", refused=False,
         says=("warning[ci-npm-install]", "lockward: passed, 1 warning")),
    Step("The server takes what is good", (), "git push origin main", refused=False),
    Step("Hooks skipped, and the lockfile smuggled in", TAMPERED,
         "git commit --no-verify -a -m 'Build verbosely' && git push --no-verify origin main",
         refused=True,
         says=("remote: error[lockfile-tampered]", "pre-receive hook declined")),
)  # fmt: skip


class Stage:
    """The temporary folder in which everything happens."""

    def __init__(self, folder: Path) -> None:
        self.repository = folder / "notes"
        self.server = folder / "server.git"
        self.environment = {
            "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "HOME": str(folder),
            "PRE_COMMIT_HOME": str(folder / "pre-commit"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@acme.test",
            "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@acme.test",
            "LC_ALL": "C.UTF-8",
        }

    def run(self, command: str) -> tuple[int, str]:
        """The exit code and the output of a command, typed in the repository."""
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self.repository,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LIMIT,
            check=False,
        )
        return done.returncode, done.stdout.decode("utf-8", "replace")

    def must(self, command: str) -> str:
        """The output of a command that only sets the stage."""
        code, output = self.run(command)
        if code:
            raise UnexpectedError(f"{command}: exit {code}\n{output}")
        return output

    def build(self) -> None:
        """The workspace, its hooks, and a server with a pre-receive hook."""
        shutil.copytree(WORKSPACE, self.repository)
        (self.repository / ".pre-commit-config.yaml").write_text(pre_commit_config())
        self.must("git init -q -b main . && git add . && git commit -q -m 'Begin'")
        self.must(f"git init -q --bare -b main '{self.server}'")
        (self.server / "hooks" / "pre-receive").symlink_to(ROOT / "hooks" / "pre-receive")
        policy = self.server / "lockward.toml"
        shutil.copyfile(WORKSPACE / ".lockward.toml", policy)
        self.must(f"git --git-dir='{self.server}' config lockward.command '{LOCKWARD}'")
        self.must(f"git --git-dir='{self.server}' config lockward.policy '{policy}'")
        self.must(f"git remote add origin '{self.server}'")
        self.must("pre-commit install")

    def compare(self) -> None:
        """The server must hold the last good commit and nothing else."""
        held = self.must(f"git --git-dir='{self.server}' rev-parse main")
        if held != self.must("git rev-parse HEAD"):
            raise UnexpectedError("the server holds another commit than the last good one")

    def edit(self, edits: tuple[Edit, ...]) -> None:
        """Change files; a text that is not there is a fault of the demo."""
        for edit in edits:
            path = self.repository / edit.path
            text = path.read_text()
            if text.count(edit.old) != 1:
                raise UnexpectedError(f"{edit.path} has not one {edit.old!r}")
            path.write_text(text.replace(edit.old, edit.new))


def pre_commit_config() -> str:
    """The hooks of .pre-commit-hooks.yaml as a local repository: nothing is fetched."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    chosen = [hook for hook in hooks if hook["id"] in ("lockward", "no-npm-install-in-ci")]
    for hook in chosen:
        hook["language"] = "system"
    return yaml.safe_dump({"repos": [{"repo": "local", "hooks": chosen}]}, sort_keys=False)


def play(stage: Stage, number: int, step: Step) -> None:
    """One scene on the terminal; UnexpectedError when it ends otherwise than it should."""
    print(f"\n{bold(f'{number}. {step.title}')}\n")
    head = stage.must("git rev-parse HEAD").strip()
    stage.edit(step.edits)
    if step.edits:
        print(stage.must("git diff --stat --color=never"), end="")
    print(bold(f"$ {step.command}"))
    code, output = stage.run(step.command)
    print(output, end="")
    judge(step, code, output)
    if step.refused:
        stage.must(f"git reset -q --hard {head}")


def judge(step: Step, code: int, output: str) -> None:
    """Compare an outcome with what the step says."""
    if bool(code) is not step.refused:
        wanted = "to be refused" if step.refused else "to pass"
        raise UnexpectedError(f"{step.command}: expected {wanted}, exit {code}")
    for text in step.says:
        if text not in output:
            raise UnexpectedError(f"{step.command}: expected {text!r} in its output")


def bold(text: str) -> str:
    """The text in bold on a terminal."""
    plain = not sys.stdout.isatty() or os.environ.get("NO_COLOR")
    return text if plain else f"\x1b[1m{text}\x1b[0m"


def demo() -> int:
    """All steps; 0 when every outcome was the expected one."""
    folder = Path(tempfile.mkdtemp(prefix="lockward-demo-"))
    try:
        stage = Stage(folder)
        stage.build()
        print(bold("A workspace with a Model Context Protocol server, hooks and a Git server"))
        print(stage.must("git ls-files"), end="")
        for number, step in enumerate(STEPS, 1):
            play(stage, number, step)
        stage.compare()
    except (UnexpectedError, subprocess.TimeoutExpired) as error:
        print(f"\ndemo: NOT as expected: {error}")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"\ndemo: {len(STEPS)} steps, all as expected")
    return 0


def scan(path: str) -> int:
    """Scan somebody's repository; 0 when there is a verdict, whichever."""
    print(bold(f"$ lockward scan {path}"), flush=True)
    code = subprocess.run([LOCKWARD, "scan", path], check=False).returncode
    return 0 if code in (0, 1) else code


if __name__ == "__main__":
    sys.exit(scan(sys.argv[1]) if len(sys.argv) > 1 else demo())
