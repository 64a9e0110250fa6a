"""How much work the judgement of one project may take: every bound, in one table.

A file may come from somebody who wants the judgement to be slow.  Most of it takes
time in step with the size of the files; for what does not, a row here says how many
steps are allowed, some hundred times what real repositories need.  Beyond it
BoundError is raised, which the engine makes a finding of lockfile-unreadable: what
was not examined is never passed over.  docs/lockfiles.md explains the rows.

Outside of a judgement (``from lockward.semver import satisfies``) nothing is counted.
"""

from __future__ import annotations

from lockward.errors import BoundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final


class Bound:
    """At most ``most`` of ``what`` in the judgement of one project."""

    __slots__ = ("_left", "most", "what")

    def __init__(self, most: int, what: str) -> None:
        self.most: Final = most
        self.what: Final = what
        self._left: float = _UNCOUNTED

    def spend(self, steps: int = 1) -> None:
        """Take steps of what is allowed; BoundError when there are no more."""
        self._left -= steps
        if self._left < 0:
            raise BoundError(f"takes more than {self.most:,} {self.what}")

    @property
    def counts(self) -> bool:
        """Whether a judgement goes on."""
        return self._left != _UNCOUNTED

    def begin(self) -> None:
        """All is allowed again, and is counted from now on."""
        self._left = self.most

    def end(self) -> None:
        """Nothing is counted any more."""
        self._left = _UNCOUNTED


_UNCOUNTED: Final = float("inf")

RANGES: Final = Bound(1_000_000, "characters of version ranges to read")
COMPARISONS: Final = Bound(1_000_000, "comparisons of one range with another")
GLOBS: Final = Bound(2_000_000, "steps to compare globs with names and folders")
OVERRIDES: Final = Bound(600_000, "steps to work out its overrides")
PEERS: Final = Bound(400_000, "steps to work out its peer conflicts")
BUNDLES: Final = Bound(1_000_000, "steps to work out who bundles what")
COPIES: Final = Bound(500_000, "comparisons of copies of one package")
EXTENSIONS: Final = Bound(500_000, "steps to work out its packageExtensions")

BOUNDS: Final = (*(RANGES, COMPARISONS, GLOBS, OVERRIDES, PEERS, BUNDLES, COPIES, EXTENSIONS),)


def begin() -> None:
    """The judgement of a project begins."""
    for bound in BOUNDS:
        bound.begin()


def end() -> None:
    """Nobody judges any more."""
    for bound in BOUNDS:
        bound.end()
