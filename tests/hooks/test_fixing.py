"""``lockward check --fix`` and ``scan --fix``: the working tree is rewritten and shown."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

FLOW = ".github/workflows/ci.yml"
BEFORE = "jobs:\n  a:\n    steps:\n    - run: npm install\n    - run: npm i lodash\n"
AFTER = BEFORE.replace("npm install", "npm ci")
PLAIN = {"package.json": "{}", "package-lock.json": "{}", FLOW: BEFORE}


def run(command: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(command), *words],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    write(folder, PLAIN)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "add", "."], cwd=folder, check=True)
    return folder


def test_check_rewrites_what_is_staged_in_the_working_tree(
    repository: Path, lockward: Path
) -> None:
    done = run(lockward, repository, "check", "--fix", "--only", "ci-npm-install")

    assert done.returncode == 0, done.stderr
    assert (repository / FLOW).read_text() == AFTER
    assert "-    - run: npm install\n+    - run: npm ci\n" in done.stdout
    assert "1 command in 1 file rewritten; 1 left to you" in done.stdout
    staged = subprocess.run(
        ["git", "show", f":{FLOW}"], cwd=repository, capture_output=True, text=True, check=True
    )
    assert staged.stdout == BEFORE


def test_once_added_the_mended_line_passes(repository: Path, lockward: Path) -> None:
    run(lockward, repository, "check", "--fix", "--only", "ci-npm-install")
    subprocess.run(["git", "add", "."], cwd=repository, check=True)
    done = run(lockward, repository, "check", "--only", "ci-npm-install", "--format", "concise")

    assert "npm install" not in done.stdout
    assert "npm i lodash" in done.stdout


def test_a_line_that_has_changed_since_is_left_alone(repository: Path, lockward: Path) -> None:
    changed = BEFORE.replace("npm install\n", "npm install --omit=dev\n")
    (repository / FLOW).write_text(changed)
    done = run(lockward, repository, "check", "--fix", "--only", "ci-npm-install")

    assert (repository / FLOW).read_text() == changed
    assert "no command was rewritten" in done.stdout


def test_a_document_on_stdout_stays_one(repository: Path, lockward: Path) -> None:
    import json

    done = run(
        lockward, repository, "check", "--fix", "--only", "ci-npm-install", "--format", "json"
    )

    assert json.loads(done.stdout)["verdict"] == "pass"
    assert "+    - run: npm ci" in done.stderr


def test_scan_rewrites_a_plain_folder(tmp_path: Path, lockward: Path) -> None:
    write(tmp_path, PLAIN)
    (tmp_path / FLOW).chmod(0o755)
    done = run(lockward, tmp_path, "scan", ".", "--fix", "--only", "ci-npm-install")

    assert (tmp_path / FLOW).read_text() == AFTER, done.stderr
    assert (tmp_path / FLOW).stat().st_mode & 0o777 == 0o755
    assert sorted(path.name for path in (tmp_path / FLOW).parent.iterdir()) == ["ci.yml"]


def test_no_link_is_followed(repository: Path, tmp_path: Path, lockward: Path) -> None:
    outside = tmp_path / "outside.yml"
    outside.write_text(BEFORE)
    (repository / FLOW).unlink()
    (repository / FLOW).symlink_to(outside)
    run(lockward, repository, "check", "--fix", "--only", "ci-npm-install")
    assert outside.read_text() == BEFORE

    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "ci.yml").write_text(BEFORE)
    (repository / FLOW).unlink()
    (repository / FLOW).parent.rmdir()
    (repository / FLOW).parent.symlink_to(folder)
    run(lockward, repository, "check", "--fix", "--only", "ci-npm-install")
    assert (folder / "ci.yml").read_text() == BEFORE


@pytest.mark.parametrize(
    "words",
    [("check", "--fix", "--from", "HEAD", "--to", "HEAD"), ("scan", "--fix", "--rev", "HEAD")],
)
def test_revisions_are_not_rewritten(
    repository: Path, lockward: Path, words: tuple[str, ...]
) -> None:
    done = run(lockward, repository, *words)

    assert done.returncode == 2
    assert "--fix rewrites the working tree" in done.stderr


def test_what_a_terminal_could_obey_is_escaped(repository: Path, lockward: Path) -> None:
    (repository / FLOW).write_text(BEFORE.replace("jobs:", "# \x1b[2J\njobs:"))
    subprocess.run(["git", "add", "."], cwd=repository, check=True)
    done = run(lockward, repository, "check", "--fix", "--only", "ci-npm-install")

    assert "+    - run: npm ci" in done.stdout
    assert "\x1b" not in done.stdout
