"""The process that answers as `npm ci` does ends with whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# Tells its child's id; a sleeper holds the end of stdin that the child waits for.
PARENT = """
import subprocess, sys, time
from tests.support import npm_ci
asked = npm_ci.NpmCi()
subprocess.Popen(["sleep", "60"], stdin=asked._process.stdin)
print(asked._process.pid, flush=True)
time.sleep(60)
"""
PATIENCE = 20  # seconds


def alive(pid: int) -> bool:
    """Whether a process runs still; one that nobody waits for has ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.node
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux's /proc")
def test_it_ends_when_its_parent_is_killed() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    try:
        assert alive(child)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        end = time.monotonic() + PATIENCE
        while alive(child) and time.monotonic() < end:
            time.sleep(0.1)
        assert not alive(child)
    finally:
        parent.stdout.close()
        os.killpg(parent.pid, signal.SIGKILL)  # the sleeper
