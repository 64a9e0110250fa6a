"""Whether ``lockward history`` stays flat: ``python -m benchmarks.flat [COMMITS [GIT_DIR]]``.

Without a GIT_DIR a history is made in which every commit brings nothing but packages that
were never seen, the worst there is for what is remembered of the past.  Printed: the
process's own memory as the commits go by, and the most of all; then the most of each git beside it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.hostile_files import entry, npm

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES: Final = 200  # of one state
ROWS: Final = 12  # printed


def stream(commits: int) -> Iterator[bytes]:
    """What git fast-import makes the history of."""
    for state in range(commits):
        names = [f"package-{state}-{n}" for n in range(PACKAGES)]
        packages = {
            f"node_modules/{name}": entry(name, f"1.{n}.{state}", state * PACKAGES + n)
            for n, name in enumerate(names)
        }
        yield b"commit refs/heads/main\n"
        yield f"committer A <a@example.org> {1_700_000_000 + state} +0000\ndata 1\nx\n".encode()
        for path, data in npm(packages, dict.fromkeys(names, "^1.0.0")).items():
            yield f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"


def make(folder: Path, commits: int) -> Path:
    """A repository with such a history."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    git = ["git", "-C", str(folder), "fast-import", "--quiet"]
    process = subprocess.Popen(git, stdin=subprocess.PIPE)
    assert process.stdin is not None
    for piece in stream(commits):
        process.stdin.write(piece)
    process.stdin.close()
    if process.wait():
        raise SystemExit("git fast-import failed")
    return folder


def _memory(pid: int, what: str) -> float:
    """A figure of the process's status, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1_000
    return 0.0


def _gits(pid: int) -> dict[str, float]:
    """The most memory so far of each git that a process runs, by subcommand."""
    found: dict[str, float] = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        words = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
        name = next((word for word in words if word in _GITS), "")
        if name:
            found[name] = _memory(int(child), "VmHWM")
    return found


_GITS: Final = ("cat-file", "diff-tree")  # those that live as long as the walk


def watch(folder: Path, commits: int) -> None:
    """Walk the history and print the memory as it goes."""
    command = [
        *(sys.executable, "-c", "from lockward_hooks.cli import console; console()"),
        *("history", "HEAD", "--format", "jsonl"),
        *("--first-parent", f"--max-count={commits}"),
    ]
    started = time.monotonic()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        number, judged, most = 0, 0, 0.0
        gits: dict[str, float] = {}
        for number, line in enumerate(process.stdout, 1):
            judged += bool(json.loads(line)["lockfiles"])
            if number % max(1, commits // ROWS) == 0:
                most = max(most, _memory(process.pid, "VmHWM"))
                now = _memory(process.pid, "VmRSS")
                print(f"{number:6} commits  {now:6.1f} MB, {most:.1f} at most", flush=True)
                gits |= _gits(process.pid)
    took = time.monotonic() - started
    print(f"{number} commits, {judged} of them change a lockfile, {took:.1f} s")
    print(*(f"git {name} {size:.1f} MB at most" for name, size in gits.items()), sep=", ")


def main(commits: str = "3000", repository: str = "") -> None:
    """Measure one history."""
    if repository:
        watch(Path(repository), int(commits))
        return
    with tempfile.TemporaryDirectory() as folder:
        watch(make(Path(folder) / "r", int(commits)), int(commits))


if __name__ == "__main__":
    main(*sys.argv[1:])
