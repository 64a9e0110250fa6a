"""Which commands CI runs through scripts of package.json, as those scripts change."""

from __future__ import annotations

import json
from typing import Final

import pytest

from lockward import ci
from lockward.ci import called
from lockward.ci.projects import Projects
from lockward.memory import MemoryTree

WORKFLOW: Final = "on: push\njobs:\n  a:\n    steps:\n      - run: npm run setup\n"
PATH: Final = ".github/workflows/ci.yml"


def _commands(scripts: dict[str, str] | None) -> list[str]:
    files = {PATH: WORKFLOW}
    if scripts is not None:
        files["package.json"] = json.dumps({"scripts": scripts})
    file = ci.read(PATH, WORKFLOW.encode())
    return [one.command.text for one in called.installs(file, Projects(MemoryTree(files)))]


@pytest.mark.parametrize(
    ("scripts", "commands"),
    [
        pytest.param({"setup": "npm install"}, ["npm install"], id="a script that installs"),
        pytest.param({"setup": "npm ci"}, ["npm ci"], id="the same script, otherwise"),
        pytest.param({"presetup": "npm i", "setup": "x"}, ["npm i"], id="one that runs before it"),
        pytest.param({"other": "npm install"}, [], id="one that nobody calls"),
        pytest.param(None, [], id="no manifest"),
        pytest.param(
            {"setup": "npm run deeper", "deeper": "npm install"},
            ["npm run deeper", "npm install"],
            id="a script that calls another",
        ),
    ],
)
def test_scripts_are_followed_anew_when_they_change(
    scripts: dict[str, str] | None, commands: list[str]
) -> None:
    before = _commands({"setup": "pnpm install"})
    assert before == ["pnpm install"]
    assert _commands(scripts) == commands
    assert _commands({"setup": "pnpm install"}) == before
