"""How long it takes to read a lockfile, import included: ours, and general parsers beside it.

    python -m benchmarks.readers FILE... [--rounds N]

Each measurement is a process of its own that imports one reader and reads one
file; the time is the processor's, less that of a process which imports nothing (P).
On a busy machine only the ratio to P means anything: P is 7 ms where it is quiet.
What is not installed is left out: PyYAML's C loader, ryaml and rapidyaml parse
only, they judge nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# What reads a file, as a program that is given its path.
READERS: Final = {
    "bare python": "import sys; open(sys.argv[1], 'rb').read()",
    "lockward": (
        "import sys; data = open(sys.argv[1], 'rb').read(); "
        "from lockward import lockfiles; lockfiles.read(sys.argv[1], data)"
    ),
    "json": "import sys, json; json.loads(open(sys.argv[1], 'rb').read())",
    "PyYAML, C": (
        "import sys, yaml; "
        "list(yaml.load_all(open(sys.argv[1], 'rb').read(), Loader=yaml.CBaseLoader))"
    ),
    "ryaml": "import sys, ryaml; ryaml.loads_all(open(sys.argv[1]).read())",
    "rapidyaml": "import sys, ryml; ryml.parse_in_arena(open(sys.argv[1], 'rb').read())",
}
_GENERAL: Final = {".json": ("json",), ".lock": ("json", "PyYAML, C", "ryaml", "rapidyaml")}
_YAML: Final = ("PyYAML, C", "ryaml", "rapidyaml")


def once(program: str, path: Path) -> float | None:
    """Seconds of the processor for one process; None when it fails."""
    nothing = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
    argv = [sys.executable, "-c", program, str(path)]
    child = os.posix_spawn(sys.executable, argv, os.environ, file_actions=nothing)
    _, status, used = os.wait4(child, 0)
    return used.ru_utime + used.ru_stime if os.waitstatus_to_exitcode(status) == 0 else None


def measured(path: Path, rounds: int) -> dict[str, float]:
    """Reader -> median milliseconds above a bare Python ("P"), of those that can read the file."""
    names = ["bare python", "lockward", *_GENERAL.get(path.suffix, _YAML)]
    names = [name for name in names if once(READERS[name], path) is not None]
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in random.sample(names, len(names)):
            took = once(READERS[name], path)
            assert took is not None
            seconds[name].append(took)
    medians = {name: 1000 * statistics.median(taken) for name, taken in seconds.items()}
    base = medians.pop("bare python")
    return {"P": base, **{name: median - base for name, median in medians.items()}}


def table(paths: Sequence[Path], rounds: int) -> None:
    """The table of docs/benchmarks.md."""
    others = ["json", *_YAML]
    print("| file | kB | P | lockward | P per MB |", " | ".join(others), "|")
    print("|---|---:|---:|---:|---:|" + "---:|" * len(others))
    for path in paths:
        found = measured(path, rounds)
        size = path.stat().st_size
        own = found["lockward"]
        cells = [f"{found[name]:.0f}" if name in found else "" for name in others]
        base = found["P"]
        ours = f"{base:.0f} | {own:.0f} | {own / base / (size / 1e6):.1f}"
        print(f"| {path.name} | {size // 1000} | {ours} |", " | ".join(cells), "|")


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--json", action="store_true", help="milliseconds as JSON")
    options = parser.parse_args()
    if options.json:
        print(json.dumps({str(path): measured(path, options.rounds) for path in options.file}))
    else:
        table(options.file, options.rounds)


if __name__ == "__main__":
    main()
