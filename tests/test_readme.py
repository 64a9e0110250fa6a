"""What README.md shows is what the program prints: the demo's stage, played once more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from examples import demo

README = Path(__file__).parents[1] / "README.md"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> demo.Stage:
    """The demo's repository and server, with the tampered lockfile committed past its hooks."""
    made = demo.Stage(tmp_path_factory.mktemp("readme"))
    made.build()
    made.edit(demo.RAISED)
    made.must("git commit -q -a -m 'Raise @acme/logger to 2.4' && git push -q origin main")
    made.edit(demo.TAMPERED)
    return made


def shown(block: int) -> str:
    """A ``text`` block of the README."""
    blocks: list[str] = re.findall(r"```text\n(.*?)```", README.read_text(), re.DOTALL)
    return blocks[block]


def test_the_refused_commit(stage: demo.Stage) -> None:
    code, output = stage.run("git add --all && lockward check")

    assert code == 1
    assert output == shown(0)


def test_the_rejected_push(stage: demo.Stage) -> None:
    stage.must("git commit -q --no-verify -a -m 'Build verbosely'")
    code, output = stage.run("git push --no-verify origin main")
    output = re.sub(r"checkout [0-9a-f]{12} ", "checkout 3d7af8052f36 ", output)
    lines = [line.rstrip() for line in output.splitlines() if line.startswith(("remote:", " !"))]

    assert code != 0
    assert lines == shown(1).splitlines()
