"""A fresh interpreter that sees the code under test, to tell what an import costs."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> str:
    """Standard output of a program in a bare interpreter with this one's path.

    Without ``site``: a .pth file of the environment may import anything.
    """
    program = f"import sys; sys.path[:] = {sys.path!r}\n{code}"
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def loaded(modules: list[str], watched: list[str]) -> list[str]:
    """Which of the watched modules the import of others brings along."""
    output = run(
        f"before = set(sys.modules)\nimport {', '.join(modules)}\n"
        f"print(*sorted(set({watched!r}) & (set(sys.modules) - before)))"
    )
    return output.split()
