"""The process that answers as `npm ci` does ends with whoever started it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# Says that its child runs; a sleeper holds the end of stdin that the child waits for.  Of
# the three only the child keeps the parent's stderr.
PARENT = """
import os, subprocess, time
from tests.support import npm_ci
asked = npm_ci.NpmCi()
os.close(2)
rest = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
subprocess.Popen(["sleep", "60"], stdin=asked._process.stdin, **rest)
print("runs", flush=True)
time.sleep(60)
"""
PATIENCE = 20  # seconds
A_MOMENT = 0.5


def is_left(pipe: int, patience: float) -> bool:
    """Whether everybody who held the other end of a pipe has gone, after so many seconds."""
    end = time.monotonic() + patience
    while select.select([pipe], [], [], max(0, end - time.monotonic()))[0]:
        if not os.read(pipe, 1 << 16):
            return True
    return False


@pytest.mark.node
def test_it_ends_when_its_parent_is_killed() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout is not None
    assert parent.stderr is not None
    try:
        assert parent.stdout.readline() == "runs\n"
        assert not is_left(parent.stderr.fileno(), A_MOMENT)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        assert is_left(parent.stderr.fileno(), PATIENCE)
    finally:
        parent.stdout.close()
        parent.stderr.close()
        os.killpg(parent.pid, signal.SIGKILL)  # the sleeper
