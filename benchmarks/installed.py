"""The product as a user has it: built, installed into an environment of its own, compiled.

Start-up is measured on that and nothing else: a source tree has no .pyc files
for what another user runs, and the environment of a developer loads more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def environment(folder: Path, *more: str) -> Path:
    """Build the wheel, install it alone, or with more, into a new environment; its bin folder.

    An environment as pre-commit makes it: the console script that an old pip
    writes loads ``re``, for 4 ms more.
    """
    home = folder / "venv"
    subprocess.run([sys.executable, "-m", "virtualenv", "--quiet", str(home)], check=True)
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir"]
    subprocess.run([*build, str(folder / "dist"), str(ROOT)], check=True, capture_output=True)
    (wheel,) = (folder / "dist").glob("*.whl")
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, str(wheel), *more], check=True, env=compiling())
    return home / "bin"


def compiling() -> dict[str, str]:
    """The environment in which Python writes .pyc files."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
