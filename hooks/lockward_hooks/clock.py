"""How long a hook may take, and its end by a signal: no judgement outlives either.

An alarm interrupts whatever runs, so that one slow file cannot use up the time
that the server gives.  Both ends are BaseException: nothing that forgives an
error may forgive them.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Final, Self


class TimeIsUp(BaseException):
    """The deadline has passed."""


class Ended(BaseException):
    """Somebody asks us to end; ``args`` is the number of the signal."""


class Clock:
    """A deadline, so many ``seconds`` from now.

    Use it in a ``with`` block: outside of that nothing is interrupted.
    """

    def __init__(self, seconds: float) -> None:
        from time import monotonic

        self._now: Final = monotonic
        self.seconds: Final = seconds
        self._end: Final = monotonic() + seconds

    def __enter__(self) -> Self:
        """Have an alarm ring; without one (Windows) time is asked for between judgements only."""
        if os.name == "posix":
            # `signal` would take 3 ms, for its enums.
            from _signal import (  # type: ignore[import-not-found]  # typeshed: signal
                ITIMER_REAL,
                SIGALRM,
                setitimer,
                signal,
            )

            signal(SIGALRM, _ring)
            setitimer(ITIMER_REAL, self.seconds)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def late(self) -> bool:
        """Whether time is up."""
        return self._now() > self._end

    def stop(self) -> None:
        """Let nothing be interrupted any more."""
        if os.name == "posix":
            from _signal import ITIMER_REAL, setitimer

            setitimer(ITIMER_REAL, 0)


def _ring(_number: int, _frame: FrameType | None) -> None:
    raise TimeIsUp


def today() -> str:
    """The ISO day by this machine's clock."""
    from time import strftime

    return strftime("%Y-%m-%d")


def end_on_signals() -> None:
    """Turn SIGTERM and SIGHUP into an exception, so that children are ended and words said."""
    if os.name == "posix":
        from _signal import SIGHUP, SIGTERM, signal

        def end(number: int, _frame: FrameType | None) -> None:
            raise Ended(number)

        signal(SIGTERM, end)
        signal(SIGHUP, end)
