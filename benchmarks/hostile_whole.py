"""The same shapes as whole processes: ``python -m benchmarks.hostile_whole [MB] [NAME…]``.

Each shape becomes two commits, and ``lockward check --from --to`` judges the second one:
the processor's time, memory at the peak, exit code, and the last line that was told.
Without names: the shapes that stand in every format, and those of policies.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import hostile, hostile_every, hostile_policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.hostile_files import Case, Files


def stream(states: tuple[Files, ...]) -> Iterator[bytes]:
    """What git fast-import makes one commit for each state of."""
    for number, files in enumerate(states):
        yield b"commit refs/heads/main\n"
        yield f"committer A <a@example.org> {1_700_000_000 + number} +0000\ndata 1\nx\n".encode()
        yield b"deleteall\n"
        for path, data in files.items():
            yield f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"


def measure(case: Case, size: int, folder: Path) -> str:
    """One row, without the shape's name."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    made = b"".join(stream((case(size, 0), case(size, 1))))
    subprocess.run(["git", "-C", folder, "fast-import", "--quiet"], input=made, check=True)
    policy = case(size, 1).get(hostile_policy.POLICY)
    words = ["--from", "HEAD~1", "--to", "HEAD"]
    if policy:
        (folder / "policy.toml").write_bytes(policy)
        words += ["--policy", "policy.toml"]
    run = "from lockward_hooks.cli import console; console()"
    command = [sys.executable, "-c", run, "check", "--format", "concise", *words]
    with (folder / "told").open("wb") as told:
        child = subprocess.Popen(command, cwd=folder, stdout=told, stderr=told)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    lines = (folder / "told").read_bytes().splitlines() or [b""]
    last = lines[-1].decode("utf-8", "replace")
    seconds = used.ru_utime + used.ru_stime
    return f"{seconds:6.2f} s {used.ru_maxrss / 1_000:6.0f} MB  {child.returncode}  {last:.80}"


def main(megabytes: str = "5", *names: str) -> None:
    """Print a row for each shape."""
    shapes = {case.__name__: case for case in hostile.EVERY}
    default = [case.__name__ for case in (*hostile_every.CASES, *hostile_policy.CASES)]
    for name in names or default:
        with tempfile.TemporaryDirectory() as folder:
            row = measure(shapes[name], int(float(megabytes) * 1e6), Path(folder))
        print(f"{name:28} {row}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
