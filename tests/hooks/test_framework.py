"""The hooks of .pre-commit-hooks.yaml under the real pre-commit framework."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

from tests.support.repos import CLEAN, EVIL, GROWN, Repo

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess

ROOT = Path(__file__).parents[2]
MANIFEST = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
STAGES = ["pre-commit", "pre-merge-commit", "pre-push"]
LOCK = "package-lock.json"
RULE = "error[lockfile-integrity]"
CONFIG = ".pre-commit-config.yaml"
# Of the rules that the hook of this id runs: all, or only what these tests look at.
QUICK = " --only lockfile-integrity,lockfile-missing,lockfile-unreadable"


def config(lockward: Path, *ids: str, quick: bool = True) -> str:
    """The hooks of the manifest as local ones, which need nothing installed."""
    hooks = []
    for hook in MANIFEST:
        if hook["id"] in ids:
            entry = hook["entry"].replace("lockward ", f"{lockward} ", 1)
            entry += QUICK if quick and "--only" not in entry else ""
            hooks.append({**hook, "entry": entry, "language": "system"})
    return yaml.safe_dump(
        {"default_install_hook_types": STAGES, "repos": [{"repo": "local", "hooks": hooks}]}
    )


class Framework:
    """A repository under pre-commit."""

    def __init__(self, repo: Repo, text: str) -> None:
        self.repo = repo
        repo.env["PRE_COMMIT_HOME"] = str(repo.path.parent / "cache")
        repo.commit({CONFIG: text})

    def __call__(self, *args: str) -> subprocess.CompletedProcess[str]:
        return self.repo.run(sys.executable, "-m", "pre_commit", *args)

    def installed(self) -> Repo:
        assert self("install").returncode == 0
        return self.repo


@pytest.fixture
def framework(repo: Repo, lockward: Path) -> Framework:
    return Framework(repo, config(lockward, "lockward"))


def test_the_manifest_is_what_the_framework_reads(repo: Repo) -> None:
    path = str(ROOT / ".pre-commit-hooks.yaml")
    hooks = {hook["id"]: hook for hook in MANIFEST}

    assert repo.run(sys.executable, "-m", "pre_commit", "validate-manifest", path).returncode == 0
    assert {
        "lockward",
        "lockfile-matches-manifest",
        "no-unscoped-internal-names",
        "npmrc-scope-pinned",
        "no-npm-install-in-ci",
    } <= set(hooks)
    for name, hook in hooks.items():
        assert hook["always_run"], "a deleted or linked lockfile reaches no hook that waits for it"
        assert hook["require_serial"]
        if name != "lockward-commit-msg":
            assert hook["pass_filenames"] is False
            assert hook["stages"] == [*STAGES, "manual"]
    assert hooks["no-npm-install-in-ci"]["verbose"], "a warning must be seen in a passing hook"


def test_every_hook_names_rules_that_there_are(lockward: Path, repo: Repo) -> None:
    for hook in MANIFEST:
        done = repo.run(str(lockward), *hook["entry"].split()[1:], "--help")
        assert done.returncode == 0, hook["id"]
        if "--only" in hook["entry"]:
            done = repo.run(str(lockward), *hook["entry"].split()[1:])
            assert (done.returncode, done.stdout + done.stderr) == (0, ""), hook["id"]


def linked(repo: Repo) -> None:
    """Put a symbolic link in the lockfile's place."""
    (repo.path / LOCK).unlink()
    (repo.path / LOCK).symlink_to("/etc/passwd")
    repo.git("add", LOCK)


@pytest.mark.parametrize(
    "do",
    [
        pytest.param(lambda repo: repo.stage(EVIL), id="an edited lockfile"),
        pytest.param(lambda repo: repo.git("rm", "-q", LOCK), id="a deleted lockfile"),
        pytest.param(linked, id="a symbolic link in its place"),
    ],
)
def test_run_refuses(framework: Framework, do: object) -> None:
    assert callable(do)
    do(framework.repo)

    done = framework("run")

    assert done.returncode == 1, done.stdout
    assert "lockward....." in done.stdout
    assert "error[lockfile-" in done.stdout


def test_commit_and_merge_are_judged(framework: Framework) -> None:
    repo = framework.installed()
    repo.stage(EVIL)
    for args in ((), ("-a",), (LOCK,)):
        done = repo.run("git", "commit", "-m", "x", *args)
        assert (done.returncode, RULE in done.stdout + done.stderr) == (1, True), args

    repo.stage(GROWN)
    assert repo.run("git", "commit", "-m", "x").returncode == 0
    repo.git("checkout", "-q", "-b", "side", "HEAD~1")
    repo.commit({"README": "x"})
    done = repo.run("git", "merge", "--no-edit", "main")
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_pushed_is_judged_and_not_the_working_tree(
    framework: Framework, tmp_path: Path
) -> None:
    repo = framework.installed()
    bare = Repo(tmp_path / "server.git", "--bare", env=repo.env)
    repo.git("remote", "add", "origin", str(bare.path))
    repo.git("push", "--no-verify", "-q", "origin", "main")
    repo.git("checkout", "-q", "-b", "other")
    repo.commit(EVIL)
    repo.git("checkout", "-q", "main")

    refused = repo.run("git", "push", "origin", "other")
    repo.git("checkout", "-q", "--orphan", "whole")
    repo.stage(EVIL)
    repo.git("commit", "--no-verify", "-q", "-m", "root")
    repo.git("checkout", "-q", "main")
    to_its_root = repo.run("git", "push", "origin", "whole")
    repo.commit(GROWN)
    accepted = repo.run("git", "push", "origin", "main")

    assert (refused.returncode, RULE in refused.stdout + refused.stderr) == (1, True)
    assert (to_its_root.returncode, RULE in to_its_root.stdout + to_its_root.stderr) == (1, True)
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr


def test_all_files_means_the_whole_tree(framework: Framework) -> None:
    framework.repo.commit(EVIL)

    done = framework("run", "--all-files")

    assert (done.returncode, RULE in done.stdout) == (1, True)
    framework.repo.commit(CLEAN)
    assert framework("run", "--all-files").returncode == 0


def test_a_range_in_ci(framework: Framework) -> None:
    base = framework.repo.git("rev-parse", "HEAD")
    framework.repo.commit(EVIL)
    framework.repo.commit({"README": "x"})

    done = framework("run", "--from-ref", base, "--to-ref", "HEAD")
    rest = framework("run", "--from-ref", "HEAD~1", "--to-ref", "HEAD")

    assert (done.returncode, RULE in done.stdout) == (1, True)
    assert rest.returncode == 0


def test_a_warning_is_seen_although_the_hook_passes(repo: Repo, lockward: Path) -> None:
    framework = Framework(repo, config(lockward, "no-npm-install-in-ci"))
    workflow = "on: push\njobs:\n  b:\n    steps:\n      - run: npm install\n"
    repo.stage({".github/workflows/ci.yml": workflow})

    done = framework("run")

    assert done.returncode == 0
    assert "Passed" in done.stdout
    assert "warning[ci-npm-install]" in done.stdout
