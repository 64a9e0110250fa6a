"""What the tests on whole servers share."""

from __future__ import annotations

import pytest

from tests.support.repos import launcher

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def lockward(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command under test, as an executable file."""
    return launcher(tmp_path_factory.mktemp("bin"))
