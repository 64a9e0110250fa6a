"""How long a hook may take, and its end by a signal: no judgement outlives either.

An alarm interrupts whatever runs, so that one slow file cannot use up the time
that the server gives.  Both ends are BaseException: nothing that forgives an
error may forgive them.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Final, Self


class TimeIsUp(BaseException):
    """The deadline has passed."""


class Ended(BaseException):
    """Somebody asks us to end; ``args`` is the number of the signal."""


class Clock:
    """A deadline, from now.  Use it in a ``with`` block: outside of that nothing interrupts.

    ``seconds`` is asked when the shipped time has passed for the first time,
    so that a push without JavaScript need not read a policy; ``first`` is
    the time after which it is asked.
    """

    def __init__(self, first: float, seconds: Callable[[], float]) -> None:
        from time import monotonic

        self._now: Final = monotonic
        self._start: Final = monotonic()
        self._first: Final = first
        self._seconds: Final = seconds
        self._limit = 0.0

    def __enter__(self) -> Self:
        self._arm(self._first)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def limit(self) -> float:
        """The whole time, in seconds."""
        if not self._limit:
            self._limit = self._seconds() or self._first
            self._arm(self._start + self._limit - self._now())
        return self._limit

    def late(self) -> bool:
        """Whether time is up."""
        return self._now() > self._start + self.limit

    def stop(self) -> None:
        """Let nothing be interrupted any more."""
        if os.name == "posix":
            from _signal import ITIMER_REAL, setitimer  # type: ignore[import-not-found]

            setitimer(ITIMER_REAL, 0)

    def _arm(self, seconds: float) -> None:
        """Have the alarm ring; without one (Windows) time is only asked for between judgements."""
        if os.name == "posix":
            # `signal` would take 3 ms, for its enums.
            from _signal import ITIMER_REAL, SIGALRM, setitimer, signal

            signal(SIGALRM, self._ring)
            setitimer(ITIMER_REAL, max(seconds, 0.001))

    def _ring(self, _number: int, _frame: FrameType | None) -> None:
        if self.late():
            raise TimeIsUp
        self._arm(self._start + self.limit - self._now() + 0.001)


def end_on_signals() -> None:
    """Turn SIGTERM and SIGHUP into an exception, so that children are ended and words said."""
    if os.name == "posix":
        from _signal import SIGHUP, SIGTERM, signal

        def end(number: int, _frame: FrameType | None) -> None:
            raise Ended(number)

        signal(SIGTERM, end)
        signal(SIGHUP, end)
