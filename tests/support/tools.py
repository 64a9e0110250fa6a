"""Package managers of exact versions, installed once into .cache/tools."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

_CACHE: Final = Path(__file__).parents[2] / ".cache" / "tools"


def program(package: str, name: str) -> Path:
    """The program ``name`` of a package such as ``bun@1.4.5``, installed when it is not there."""
    return file(package, f".bin/{name}")


@cache
def file(package: str, path: str) -> Path:
    """A file in node_modules, after the install of a package such as ``axe-core@4.14.1``."""
    folder = _CACHE / package.replace("/", "_")
    found = folder / "node_modules" / path
    if not found.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n')
        subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--foreground-scripts", package],
            cwd=folder,
            check=True,
            env={**os.environ, "npm_config_ignore_scripts": "false"},
        )
    return found
