"""What the rules about whole trees tell people to type mends the case."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lockward import engine
from lockward.memory import MemoryTree
from lockward.policy import Policy
from tests.support import npm
from tests.support.repos import Repo

if TYPE_CHECKING:
    from pathlib import Path

Files = dict[str, str | bytes]
APP = {"name": "app", "version": "1.0.0", "dependencies": {"a": "^1.0.0"}}
CLEAN = npm.files(APP, {"a": npm.locked("a")})
NAMES = [f"p{n}" for n in range(11)]
SCRIPTS = npm.files(
    {"name": "app", "version": "1.0.0", "dependencies": dict.fromkeys(NAMES, "1.0.0")},
    {name: npm.locked(name, hasInstallScript=True) for name in NAMES},
)
STALE = {**CLEAN, "bom.json": json.dumps({"bomFormat": "CycloneDX", "components": []})}


def judged(rule: str, folder: Path) -> list[tuple[str, ...]]:
    """The remedies of what a rule finds in a folder."""
    files: Files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }
    report = engine.scan(MemoryTree(files), Policy(), only=(rule,))
    return [finding.remedy for finding in report.findings]


@pytest.mark.node
@pytest.mark.parametrize(
    ("rule", "files", "commands"),
    [
        pytest.param("sbom-missing", CLEAN, 2, id="no SBOM"),
        pytest.param("sbom-stale", STALE, 2, id="a stale SBOM"),
        pytest.param("lockfile-review-missing", CLEAN, 1, id="no CODEOWNERS"),
        pytest.param(
            "lockfile-review-missing", {**CLEAN, "CODEOWNERS": "docs/ @d\n"}, 1, id="no entry"
        ),
        pytest.param("install-scripts-many", SCRIPTS, 1, id="many install scripts"),
    ],
)
def test_the_commands_mend_the_case(tmp_path: Path, rule: str, files: Files, commands: int) -> None:
    repo = Repo(tmp_path / "work")
    repo.commit(files)
    [remedy] = judged(rule, repo.path)

    for command in remedy[:commands]:
        done = repo.run("sh", "-c", command)
        assert done.returncode == 0, done.stderr
    assert judged(rule, repo.path) == []


def test_init_mends_what_ci_lacks(tmp_path: Path, lockward_command: Path) -> None:
    repo = Repo(tmp_path / "work")
    repo.commit(CLEAN)
    [remedy] = judged("ci-lockfile-check-missing", repo.path)

    assert "lockward init" in remedy
    done = repo.run(str(lockward_command), "init", "--yes")
    assert done.returncode == 0, done.stderr
    assert judged("ci-lockfile-check-missing", repo.path) == []
    assert judged("ci-audit-missing", repo.path) == []
    assert judged("ci-npm-install", repo.path) == []


@pytest.fixture
def lockward_command(tmp_path: Path) -> Path:
    from tests.support.repos import launcher

    return launcher(tmp_path)
