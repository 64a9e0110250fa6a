"""What the tests of the hooks share."""

from __future__ import annotations

import pytest

from tests.support.repos import CLEAN, Repo, launcher

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def lockward(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command under test, as an executable file."""
    return launcher(tmp_path_factory.mktemp("bin"))


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository with one commit of a sound npm project."""
    repo = Repo(tmp_path / "work")
    repo.commit(CLEAN, "first")
    return repo
