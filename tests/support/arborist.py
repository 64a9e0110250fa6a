"""npm's own arborist and map-workspaces, asked many things in one process (arborist.cjs)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Final

_PROGRAM: Final = Path(__file__).with_suffix(".cjs")

Tree = dict[str, dict[str, Any]]


def _ask(**request: object) -> Any:  # noqa: ANN401 - JSON
    where = subprocess.run(["npm", "root", "-g"], check=True, capture_output=True, text=True)
    text = json.dumps({"npm": f"{where.stdout.strip()}/npm", **request})
    done = subprocess.run(
        ["node", str(_PROGRAM)], input=text, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def load(folders: list[Path]) -> list[Tree]:
    """What loadVirtual makes of each project: location -> node, or ``{"error": …}``."""
    trees: list[Tree] = _ask(trees=[str(folder) for folder in folders])["trees"]
    return trees


def workspaces(cwd: Path, globs: list[list[str]]) -> list[list[str] | dict[str, str]]:
    """The folders that each list of globs declares in a folder; or the error."""
    asked = [{"cwd": str(cwd), "patterns": patterns} for patterns in globs]
    found: list[list[str] | dict[str, str]] = _ask(workspaces=asked)["workspaces"]
    return found
