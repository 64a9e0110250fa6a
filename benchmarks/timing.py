"""Whole processes, timed side by side: interleaved in random order, medians."""

from __future__ import annotations

import os
import random
import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Case:
    """A command line to time, in a folder, with a standard input."""

    def __init__(
        self,
        argv: Sequence[str],
        folder: Path,
        env: Mapping[str, str],
        *,
        stdin: Path | None = None,
        expected: int = 0,
    ) -> None:
        self.argv = tuple(argv)
        self.folder = folder
        self.env = dict(env)
        self.stdin = str(stdin) if stdin else os.devnull
        self.expected = expected

    def once(self) -> float:
        """Seconds of one run; an unexpected exit code is an error."""
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, self.stdin, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        ]
        os.chdir(self.folder)
        start = time.perf_counter()
        child = os.posix_spawn(self.argv[0], self.argv, self.env, file_actions=actions)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        seconds = time.perf_counter() - start
        if code != self.expected:
            raise SystemExit(f"{self.argv}: exit {code}, expected {self.expected}")
        return seconds


def medians(cases: Mapping[str, Case], rounds: int) -> dict[str, float]:
    """The median milliseconds of each case, over so many rounds of all of them."""
    before = os.getcwd()  # noqa: PTH109 - given back as it was
    for case in cases.values():
        case.once()  # disk caches and .pyc files
    found: dict[str, list[float]] = {name: [] for name in cases}
    chance = random.Random(1)  # noqa: S311 - an order, not a secret
    for _ in range(rounds):
        for name in chance.sample(list(cases), len(cases)):
            found[name].append(cases[name].once())
    os.chdir(before)
    return {name: statistics.median(values) * 1000 for name, values in found.items()}
