"""The versions of one package that a bun.lock holds, and the highest of them in a range."""

from __future__ import annotations

from bisect import bisect_left
from functools import cmp_to_key

from lockward.bounds import COPIES
from lockward.semver import ranges
from lockward.semver.versions import order, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

    from lockward.semver.versions import Version


class Locked:
    """The valid ones of some versions, in order; there may be thousands.

    ``highest_of_all`` is None when there are none.
    """

    __slots__ = ("_prereleases", "_releases", "_versions", "highest_of_all")

    def __init__(self, versions: Iterable[str]) -> None:
        read = (parse(text, loose=True) for text in versions)
        found = sorted((one for one in read if one is not None), key=cmp_to_key(order))
        self.highest_of_all: Final = found[-1] if found else None
        self._versions: Final = {one.release: one for one in found if not one.prerelease}
        self._releases: Final = list(self._versions)
        self._prereleases: Final = [one for one in found if one.prerelease]

    def highest(self, wanted: str) -> Version | None:
        """The highest version in a range; None when there is none, or no such range."""
        found = ranges.parse(wanted, loose=True, include_prerelease=False)
        if found is None:
            return None
        COPIES.spend(len(found.spans) + len(self._prereleases))
        best = [one for one in self._prereleases if found.test(one)][-1:]
        for low, high in found.spans:
            at = bisect_left(self._releases, high)
            if at and self._releases[at - 1] >= low:
                best.append(self._versions[self._releases[at - 1]])
        return max(best, key=cmp_to_key(order), default=None)
