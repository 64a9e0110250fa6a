"""How far a long command is, on a terminal and nowhere else.

One line on standard error that is written over and wiped out in the end; nothing
in the first half second, and nothing where nobody looks.
"""

from __future__ import annotations

import sys
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Self, TextIO

PATIENCE: Final = 0.5  # seconds without a word
PACE: Final = 0.1  # seconds between two words
_WIPE: Final = "\r\x1b[K"


class Progress:
    """``lockward: 34 of 101 projects``; leave the block to wipe it out."""

    def __init__(self, what: str, stream: TextIO | None = None) -> None:
        self._what: Final = what
        self._stream: Final = sys.stderr if stream is None else stream
        self._next = monotonic() + PATIENCE
        self._shown = False
        self._silent: Final = self._stream is None or not self._stream.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            self._write(_WIPE)

    def __call__(self, done: int, of: int = 0) -> None:
        """So many are done, of so many (0 = nobody knows)."""
        if self._silent or monotonic() < self._next:
            return
        self._next = monotonic() + PACE
        self._shown = True
        total = f" of {of}" if of else ""
        self._write(f"{_WIPE}lockward: {done}{total} {self._what}")

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            self._shown = False  # the terminal is gone; the command goes on
