"""``lockward history --html``: the same verdicts, drawn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.repos import CLEAN, EVIL, GROWN, Repo

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def past(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "work")
    repo.commit(CLEAN, "first")
    repo.commit({"README.md": "x"}, "second")
    repo.commit(GROWN, "third")
    repo.commit({**GROWN, "package-lock.json": EVIL["package-lock.json"]}, "fourth")
    return repo


@pytest.mark.parametrize("asked", [("--html",), ("--format", "html")])
def test_the_page_tells_what_the_lines_tell(
    past: Repo, lockward: Path, asked: tuple[str, ...]
) -> None:
    plain = past.run(str(lockward), "history")
    done = past.run(str(lockward), "history", *asked)
    text = re.sub(r"<[^>]*>", " ", done.stdout)

    assert done.returncode == plain.returncode == 1
    assert "4 commits, 3 of them changed a lockfile." in text
    assert "matched 2" in text
    assert past.git("rev-parse", "HEAD")[:12] in text
    assert past.git("rev-parse", "HEAD~1")[:12] not in text


def test_it_is_written_into_a_file(past: Repo, lockward: Path) -> None:
    done = past.run(str(lockward), "history", "--html", "--output", "h.html")

    assert (done.returncode, done.stdout) == (1, "")
    assert (past.path / "h.html").read_text().startswith("<!DOCTYPE html>")
