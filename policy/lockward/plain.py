"""The entries of a lockfile that nothing can be wrong with by themselves: nearly all.

Several rules look for entries with something odd about their address, name or hash.
They share one walk, which sets aside what is plain in all three.
"""

from __future__ import annotations

from lockward.integrity import SHA512_LENGTH, are_plain_sha512, is_whole
from lockward.model import PLAIN_LETTERS, is_base

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.model import Lockfile, Package


class Sifted:
    """A lockfile's entries, sifted.

    Plain is what comes from a registry, under its own name, at the address that is
    conventional for name and version (Berry writes none), with one whole sha512.
    ``odd`` are all others, in file order, ``bases`` the registries of the plain ones
    (Package.base).
    """

    __slots__ = ("bases", "lockfile", "odd")

    def __init__(self, lockfile: Lockfile, bases: set[str], odd: list[Package]) -> None:
        self.lockfile: Final = lockfile
        self.bases: Final = bases
        self.odd: Final = odd


def _sifted(lockfile: Lockfile) -> Sifted:
    every = (*lockfile.packages, *lockfile.environment)
    if lockfile.format == _WITHOUT_ADDRESSES:
        told = getattr(lockfile.raw, "odd", None)  # yarn_berry_plain.Document
        return Sifted(lockfile, set(), list(every) if told is None else told())
    # One by one is remembered entry by entry: in a history that is less.
    known = any(one.lockfile.path == lockfile.path for one in _LAST)
    return (None if known else _all_at_once(lockfile, every)) or _one_by_one(lockfile, every)


def _all_at_once(lockfile: Lockfile, every: tuple[Package, ...]) -> Sifted | None:
    """Sifted by what all entries together look like; None when that does not tell.

    What Package.base and is_whole say of each, at C speed: one text of all tails of
    addresses, and one of all hashes.
    """
    likely = [one for one in every if _may_be_plain(one)]
    if not likely:
        return Sifted(lockfile, set(), list(every))
    tails = [f"{one.name}/-/{one.name.rpartition('/')[2]}-{one.version}.tgz" for one in likely]
    if not are_plain_sha512([one.integrity or "" for one in likely]) or not _are_plain_tails(tails):
        return None
    bases: dict[str, bool] = {}  # whether a package's address may begin like this
    plain: set[Package] = set()
    for one, tail in zip(likely, tails, strict=True):
        resolved = one.resolved
        if resolved is not None and resolved.endswith(tail):
            base = resolved[: -len(tail)]
            if base not in bases:
                bases[base] = is_base(base)
            if bases[base]:
                plain.add(one)
    odd = [one for one in every if one not in plain]
    return Sifted(lockfile, {base for base, sound in bases.items() if sound}, odd)


def _may_be_plain(package: Package) -> bool:
    named = package.source == "registry" and package.alias == package.name
    text = package.integrity
    whole = text is not None and len(text) == SHA512_LENGTH
    return named and whole and package.resolved is not None


def _are_plain_tails(tails: list[str]) -> bool:
    """Whether the ends of addresses are all as ``Package.base`` wants them."""
    text = "\n".join(("", *tails))
    if text.count("\n") != len(tails) or text.encode("utf-8", "replace").translate(None, _LINES):
        return False
    return not any(doubt in text for doubt in ("//", "/.", "\n/", "\n."))


_LINES: Final = PLAIN_LETTERS + b"\n"


def _one_by_one(lockfile: Lockfile, every: tuple[Package, ...]) -> Sifted:
    bases: set[str] = set()
    odd: list[Package] = []
    for package in every:
        base = _base(package)
        if base:
            bases.add(base)
        else:
            odd.append(package)
    return Sifted(lockfile, bases, odd)


_WITHOUT_ADDRESSES: Final = "yarn-berry"  # what is plain is told as it is read, or nothing is


def _base(package: Package) -> str:
    """The registry of a plain entry; "" of any other."""
    named = package.source == "registry" and package.alias == package.name
    return package.base if named and is_whole(package.integrity) else ""


def _followed(last: Sifted, lockfile: Lockfile) -> Sifted | None:
    """The same, where nothing odd came or went and no registry did: sifted as the last one was."""
    if lockfile.environment or last.lockfile.environment or last.lockfile.path != lockfile.path:
        return None
    old, new = last.lockfile.by_key, lockfile.by_key
    since = lockfile.since(old)
    came = {_base(new[key]) for key in since.changed}
    went = {_base(old[key]) for key in (*since.changed, *since.gone) if key in old}
    if "" in came or "" in went or not came <= last.bases or went - came:
        return None
    keys = {one.key for one in last.odd}
    # Entries may have changed places: the first of several is the one that is shown.
    odd = last.odd if len(keys) < 2 else [one for key, one in new.items() if key in keys]  # noqa: PLR2004 - nothing to order
    return Sifted(lockfile, last.bases, odd)


# The last two: a state after, and the one before.
_LAST: Final[list[Sifted]] = []


def of(lockfile: Lockfile) -> Sifted:
    """A lockfile's entries, sifted once for all rules."""
    for known in _LAST:
        if known.lockfile is lockfile:
            return known
    made = (_followed(_LAST[0], lockfile) if _LAST else None) or _sifted(lockfile)
    _LAST[:] = [made, *_LAST[:1]]
    return made
