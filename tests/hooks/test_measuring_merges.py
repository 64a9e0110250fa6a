"""The program that measures merges (docs/benchmarks.md), on a real one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support import npm
from tests.support.repos import Repo

ROOT = Path(__file__).parents[2]


def _state(*names: str) -> dict[str, str | bytes]:
    manifest = {"name": "app", "dependencies": dict.fromkeys(names, "^1.0.0")}
    return npm.files(manifest, {name: npm.locked(name) for name in names}, {"é.txt": "x"})


def test_a_merge_of_two_honest_branches_passes(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.commit(_state("a"))
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit({**_state("a", "b"), "ü.txt": "of the side"})
    repo.git("checkout", "--quiet", "-")
    repo.commit({**_state("a", "c"), "é.txt": "of the trunk"})
    repo.git("merge", "--quiet", "--no-commit", "--strategy=ours", "side")
    repo.commit({**_state("a", "b", "c"), "ü.txt": "of the side"}, "merge")

    program = [sys.executable, "-m", "benchmarks.merges", str(tmp_path / "repo" / ".git")]
    said = subprocess.run(program, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert "every parent pass       1" in said
    assert "class matched      -> matched      1" in said
