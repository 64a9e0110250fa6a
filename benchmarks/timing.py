"""Whole processes, timed side by side: interleaved in random order, medians.

Both the time on the clock and that of the processors: on a machine that is busy
otherwise only the second one can be compared.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
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

    def once(self) -> tuple[float, float]:
        """Seconds of one run, on the clock and of the processors; the exit code must be right."""
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, self.stdin, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        ]
        os.chdir(self.folder)
        start = time.perf_counter()
        child = os.posix_spawn(self.argv[0], self.argv, self.env, file_actions=actions)
        _, status, used = os.wait4(child, 0)
        seconds = time.perf_counter() - start
        code = os.waitstatus_to_exitcode(status)
        if code != self.expected:
            raise SystemExit(f"{self.argv}: exit {code}, expected {self.expected}")
        return seconds, used.ru_utime + used.ru_stime  # of what it waited for, too


class Timed:
    """The median milliseconds of every case, on the clock and of the processors."""

    def __init__(self, clock: Mapping[str, float], processor: Mapping[str, float]) -> None:
        self.clock = dict(clock)
        self.processor = dict(processor)

    def table(self) -> list[str]:
        """One line for each case."""
        return [
            f"{name:34} {clock:7.1f} ms {self.processor[name]:7.1f} ms of processor"
            for name, clock in self.clock.items()
        ]

    def both(self, ratio: Callable[[Mapping[str, float]], float]) -> tuple[float, float]:
        """A ratio of medians, by the clock and by the processors."""
        return ratio(self.clock), ratio(self.processor)


def medians(cases: Mapping[str, Case], rounds: int) -> Timed:
    """The median of each case, over so many rounds of all of them."""
    before = os.getcwd()  # noqa: PTH109 - given back as it was
    for case in cases.values():
        case.once()  # disk caches and .pyc files
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in cases}
    chance = random.Random(1)  # noqa: S311 - an order, not a secret
    for _ in range(rounds):
        for name in chance.sample(list(cases), len(cases)):
            found[name].append(cases[name].once())
    os.chdir(before)
    clock, processor = (
        {name: statistics.median(pair[at] for pair in runs) * 1000 for name, runs in found.items()}
        for at in (0, 1)
    )
    return Timed(clock, processor)
