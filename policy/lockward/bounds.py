"""How much work the judgement of one project may take: every bound, in one table.

A file may come from somebody who wants the judgement to be slow.  Most of it takes
time in step with the size of the files; for what does not, a row here says how many
steps are allowed, some hundred times what real repositories need.  Beyond it
BoundError is raised, which the engine makes a finding of lockfile-unreadable: what
was not examined is never passed over.  docs/lockfiles.md explains the rows.

A change may have many projects, and a merge many parents: all of that together may
take no more than a few whole bounds, whichever they are (IN_ALL).

Outside of a judgement (``from lockward.semver import satisfies``) nothing is counted.
"""

from __future__ import annotations

from lockward.errors import BoundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final, TypeVar

    K = TypeVar("K")
    V = TypeVar("V")

IN_ALL: Final = 3  # whole bounds, of any kinds, in one change
_PARTS: Final = 16  # of a bound, taken one by one: a power of two, so that they add up


# Caches of small values: a judgement may fill each so far, and leave that much to the next.
MOST_CACHED: Final = 65_536
_LEFT_CACHED: Final = 8_192
_CACHES: Final[list[dict[Any, Any]]] = []


def cached(cache: dict[K, V]) -> dict[K, V]:
    """The cache itself, which is emptied when a change begins and it has too many entries.

    A project of thousands of aliases asks for each of them a dozen times, in turn.
    """
    _CACHES.append(cache)
    return cache


class _Change:
    """What all projects of one change may take together, in parts of bounds."""

    def __init__(self) -> None:
        self.left: float = 0
        self.projects = 0
        self.shared = False  # with the next that begins


_CHANGE: Final = _Change()


class Bound:
    """At most ``most`` of ``what`` in the judgement of one project."""

    __slots__ = ("_left", "_taken", "most", "what")

    def __init__(self, most: int, what: str) -> None:
        self.most: Final = most
        self.what: Final = what
        self._left: float = _UNCOUNTED
        self._taken = 0  # parts

    def spend(self, steps: int = 1) -> None:
        """Take steps of what is allowed; BoundError when there are no more."""
        self._left -= steps
        if self._left < 0:
            self._take()

    def _take(self) -> None:
        """Take more parts, of the project's own and of the whole change's."""
        while self._left < 0:
            if self._taken == _PARTS:
                raise BoundError(self.refusal)
            if _CHANGE.left < 1:
                raise BoundError(f"{_TOGETHER}; here: {self.what}")
            self._taken += 1
            _CHANGE.left -= 1
            self._left += self.most / _PARTS

    @property
    def refusal(self) -> str:
        """What is said beyond the bound."""
        return f"takes more than {self.most:,} {self.what}"

    @property
    def counts(self) -> bool:
        """Whether a judgement goes on."""
        return self._left != _UNCOUNTED

    @property
    def spent(self) -> bool:
        """Whether somebody was refused."""
        return self._left < 0

    def begin(self) -> None:
        """All is allowed again, and is counted from now on."""
        if 0 < self._left < _UNCOUNTED:
            _CHANGE.left += self._left * _PARTS / self.most
        self._left = self._taken = 0

    def end(self) -> None:
        """Nothing is counted any more."""
        self.begin()
        self._left = _UNCOUNTED


_TOGETHER: Final = f"its change takes more than {IN_ALL} times what one project may"
_UNCOUNTED: Final = float("inf")

RANGES: Final = Bound(250_000, "characters of version ranges to read")
COMPARISONS: Final = Bound(300_000, "comparisons of version ranges")
GLOBS: Final = Bound(2_000_000, "steps to compare globs with names and folders")
OVERRIDES: Final = Bound(600_000, "steps to work out its overrides")
PEERS: Final = Bound(400_000, "steps to work out its peer conflicts")
BUNDLES: Final = Bound(1_000_000, "steps to work out who bundles what")
COPIES: Final = Bound(200_000, "comparisons of copies of one package")
EXTENSIONS: Final = Bound(500_000, "steps to work out its packageExtensions")
FINDINGS: Final = Bound(50_000, "findings to tell")
# Of a change, not of a project: beyond it a CI file is not read to its end, and a note says so.
CI: Final = Bound(1_500_000, "steps to read CI files")

BOUNDS: Final = (
    *(RANGES, COMPARISONS, GLOBS, OVERRIDES, PEERS, BUNDLES, COPIES, EXTENSIONS),
    *(FINDINGS, CI),
)

MOST_OVERRIDES: Final = 20_000  # of one project
MOST_EXTENSIONS: Final = 5_000  # likewise; Yarn's own list has 120
MOST_FOLDERS: Final = 128  # around a project: settings are looked for in each of them
MOST_PROJECTS: Final = 5_000  # of one change; a scan of the largest repositories finds hundreds


def check_overrides(number: int) -> None:
    """BoundError when a project has more overrides than one may have."""
    if number > MOST_OVERRIDES:
        raise BoundError(f"has more than {MOST_OVERRIDES:,} overrides")


def check_extensions(number: int) -> None:
    """BoundError when a project has more packageExtensions than one may have."""
    if number > MOST_EXTENSIONS:
        raise BoundError(f"has more than {MOST_EXTENSIONS:,} packageExtensions")


def begin_change() -> None:
    """The judgement of a change begins, and that of its first project."""
    begin()
    _CHANGE.projects = 0
    for cache in _CACHES:
        if len(cache) > _LEFT_CACHED:
            cache.clear()
    if not _CHANGE.shared:
        _CHANGE.left = IN_ALL * _PARTS


def begin() -> None:
    """The judgement of a project begins."""
    for bound in BOUNDS:
        bound.begin()


def check(root: str) -> None:
    """BoundError when the change has taken all that it may; before each of its projects.

    Also when the project's root lies too deep.
    """
    if root.count("/") >= MOST_FOLDERS:
        raise BoundError(f"is not judged: it lies in more than {MOST_FOLDERS} folders")
    _CHANGE.projects += 1
    if _CHANGE.projects > MOST_PROJECTS:
        raise BoundError(f"is not judged: its change has more than {MOST_PROJECTS:,} projects")
    if _CHANGE.left < 1:
        raise BoundError(f"is not judged: {_TOGETHER}")


def end() -> None:
    """Nobody judges any more."""
    for bound in BOUNDS:
        bound.end()


class Shared:
    """While this is entered, every change that begins is a part of one: a merge's."""

    def __enter__(self) -> None:
        begin_change()
        _CHANGE.shared = True

    def __exit__(self, *_: object) -> None:
        _CHANGE.shared = False
        end()
