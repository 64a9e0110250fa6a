"""What the judgement must know about each format: the one place for differences.

A row per lockfile format, and per lockfile the ``Era`` of who wrote it.  No other
module of the judgement asks for a format's name.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.model import Lockfile


class Traits:
    """How a format's manager resolves, and what its lockfile carries.

    ``displaces``  an unchanged requirement may be answered anew because another
                   package took its place (a node_modules folder holds one copy)
    ``walks``      who answers a requirement follows from the entries' places, so a
                   nested copy shadows the shared one
    ``ranges``     an entry records the ranges of its dependencies (pnpm: exact refs)
    ``caret``      ranges are not recorded, so a jump is judged by the caret line
    ``sri``        the integrity is the registry's hash of the tarball (Berry: its own archive's)
    """

    __slots__ = ("caret", "displaces", "ranges", "sri", "walks")

    def __init__(
        self,
        *,
        displaces: bool,
        walks: bool = False,
        ranges: bool = True,
        caret: bool = False,
        sri: bool = True,
    ) -> None:
        self.displaces: Final = displaces
        self.walks: Final = walks
        self.ranges: Final = ranges
        self.caret: Final = caret
        self.sri: Final = sri


TRAITS: Final = {
    "npm": Traits(displaces=True, walks=True),
    "yarn-classic": Traits(displaces=False),
    "yarn-berry": Traits(displaces=False, sri=False),
    "pnpm": Traits(displaces=True, ranges=False, caret=True),
    "bun": Traits(displaces=True, walks=True),
}


class Era:
    """What the writer of one lockfile left out.

    ``flat``    lockfileVersion 1 (or none): no peers, bins, engines, os, cpu; root requirements
                are in package.json only
    ``ancient`` no entry says what it requires (npm before 5.1): nothing can be reached
    ``exact``   requirements are recorded as the exact versions that answered them (npm 5),
                so they are not ranges and change without the package changing
    """

    __slots__ = ("ancient", "exact", "flat")

    def __init__(self, *, flat: bool, ancient: bool, exact: bool) -> None:
        self.flat: Final = flat
        self.ancient: Final = ancient
        self.exact: Final = exact


_MODERN: Final = Era(flat=False, ancient=False, exact=False)


def era(lockfile: Lockfile) -> Era:
    """Which era wrote a lockfile; anything but npm's first formats is modern."""
    if lockfile.format != "npm" or isinstance(lockfile.raw.get("packages"), dict):
        return _MODERN
    specs = [
        text
        for package in lockfile.packages
        for text in (*package.dependencies.values(), *package.optional_dependencies.values())
    ]
    exact = sum(1 for text in specs if text[:1].isdigit() and " " not in text)
    return Era(
        flat=True,
        ancient=not specs and not any("requires" in p.raw for p in lockfile.packages),
        exact=exact * 2 > len(specs),
    )
