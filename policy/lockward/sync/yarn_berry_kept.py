"""What the judgement of one state of a Berry lockfile leaves for that of the next."""

from __future__ import annotations

from lockward.lockfiles.yarn_berry_specs import names_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward.model import Package
    from lockward.sync.yarn_berry import Judge

    # the package, the names that it asks for, and the descriptors that answer
    _Asked = tuple[Package, Mapping[str, str], tuple[str, ...]]

# Path of a lockfile -> its last state, what else was looked at, and what each package asked for.
_LAST: Final[dict[str, tuple[Mapping[str, Package], object, dict[str, _Asked]]]] = {}
_MOST_PATHS: Final = 4


class Kept:
    """What packages ask for that are as they were in the last state of the lockfile.

    Kept is only what nothing was wrong with, and what no workspace answers; it
    holds as long as no entry changed of a name that the package asks for.
    """

    def __init__(self, judge: Judge) -> None:
        # Not the judge, who refers to this: together they would stay until garbage is collected.
        self._lockfile: Final = judge.lockfile
        self._answers: Final = judge.book.entries
        self._unfit: Final = judge.unfit
        self._context: Final = judge.context()
        self._asked: Final[dict[str, _Asked]] = {}
        self._before: dict[str, _Asked] = {}
        last = _LAST.get(judge.lockfile.path)
        if last is not None and last[1] == self._context:
            old, new = last[0], judge.lockfile.by_key
            moved = [key for key, package in new.items() if old.get(key) is not package]
            names = {name for key in (*moved, *(old.keys() - new.keys())) for name in names_of(key)}
            self._before = {
                key: one
                for key, one in last[2].items()
                if new.get(key) is one[0] and names.isdisjoint(one[1])
            }

    def of(self, package: Package) -> tuple[str, ...] | None:
        """The descriptors that a package asks for; None when they are to be found."""
        known = self._before.get(package.key)
        if known is None:
            return None
        self._asked[package.key] = known
        return known[2]

    def add(
        self, package: Package, required: Mapping[str, str], descriptors: tuple[str, ...]
    ) -> None:
        """Take note of what a package asks for, if all of it can be kept."""
        for descriptor in descriptors:
            found = self._answers.get(descriptor)
            if found is None or found.source == "workspace" or descriptor in self._unfit:
                return
        self._asked[package.key] = (package, required, descriptors)

    def keep(self) -> None:
        """Remember it for the next state."""
        _LAST.pop(self._lockfile.path, None)
        _LAST[self._lockfile.path] = (self._lockfile.by_key, self._context, self._asked)
        while len(_LAST) > _MOST_PATHS:
            del _LAST[next(iter(_LAST))]
