"""What was said of a file's content, kept for the last files that were asked about.

Several rules ask about the same CI files, and so does the next commit of a history.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

_MOST: Final = 256  # files
_LONGEST: Final = 1 << 16  # bytes of one that is kept


class Remembered:
    """A question about bytes, and its latest answers."""

    __slots__ = ("_answer", "_known")

    def __init__(self, answer: Callable[[bytes], bool]) -> None:
        """``answer`` must depend on the bytes alone."""
        self._answer: Final = answer
        self._known: Final[dict[bytes, bool]] = {}

    def __call__(self, data: bytes) -> bool:
        """The answer for a file's content."""
        known = self._known.get(data)
        if known is None:
            known = self._answer(data)
            if len(data) <= _LONGEST:
                if len(self._known) >= _MOST:
                    self._known.clear()
                self._known[data] = known
        return known


def holds(*words: bytes) -> Remembered:
    """Whether a file holds one of some words."""
    return Remembered(lambda data: any(word in data for word in words))
