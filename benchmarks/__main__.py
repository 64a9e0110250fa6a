"""Every benchmark that has a budget, one after another: ``python -m benchmarks [ROUNDS]``.

docs/benchmarks.md says what they measure, and what came out.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys

from benchmarks import rivals, startup


def machine() -> str:
    """What the figures depend on: cores and versions, and nothing that names the machine."""
    git = subprocess.run(["git", "--version"], check=True, capture_output=True, text=True)
    node = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True)
    npm = subprocess.run(["npm", "--version"], check=True, capture_output=True, text=True)
    return (
        f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, "
        f"{git.stdout.strip()}, node {node.stdout.strip()}, npm {npm.stdout.strip()}, "
        f"load {os.getloadavg()[0]:.1f}"
    )


def main(rounds: int = 21) -> None:
    """Run them and print."""
    print(machine())
    for title, program in (("Start-up and a push", startup.main), ("Others", rivals.main)):
        print(f"\n{title}\n")
        program(rounds)
    print(f"\n{machine()}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
