"""How the integrity of an unchanged artifact may change: compared as decoded hashes."""

from __future__ import annotations

from lockward import integrity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

    from lockward.integrity import Integrity
    from lockward.model import Package

# Formats that carry one sha1 beside the sha512 (yarn's "#sha1" fragment is another).
_MALFORMED: Final = frozenset(
    {"empty", "unknown algorithm", "not base64", "wrong length", "options"}
)
_SHA1: Final = integrity.STRENGTH["sha1"]


def compare(before: Iterable[Package], package: Package) -> str:
    """How an artifact's integrity differs from all it had before: a code, or "" for not at all.

    ``before`` are the entries that held the artifact.  An entry that has no
    integrity by its nature (a bundled one, a link) is the caller's to leave out.
    """
    texts = {old.integrity for old in before} - {None}
    text = package.integrity
    if text in texts:
        return ""
    if text is None:
        return "integrity-lost" if any(texts) else ""
    found = integrity.parse(text)
    olds = [integrity.parse(old) for old in texts if old is not None]
    known = {one for old in olds for one in old.hashes}
    if not known:
        return flaw_of_new(package) or ("" if texts else "integrity-added")
    return _against(olds, known, found)


def _against(olds: list[Integrity], known: set[tuple[str, bytes]], found: Integrity) -> str:
    """The code for an integrity that differs in its text from every one before."""
    strongest = max(old.strength for old in olds)
    if not found.hashes:
        return "integrity-lost"
    if found.strength < strongest:
        return "integrity-weakened" if known >= set(found.hashes) else "integrity-replaced"
    deciding = {digest for old in olds if old.strength == strongest for digest in old.deciding}
    if found.strength == strongest:
        code = _same_strength(deciding, found.deciding)
    else:
        code = _stronger(strongest, found)
    malformed = not _MALFORMED.isdisjoint(found.defects)
    return "integrity-malformed" if malformed and code in ("", "integrity-upgraded") else code


def _same_strength(deciding: set[bytes], found: frozenset[bytes]) -> str:
    if deciding.isdisjoint(found):
        return "integrity-replaced"
    return "" if found <= deciding else "integrity-doubled"


def _stronger(strongest: int, found: Integrity) -> str:
    """From sha1 to sha512; a registry has no stronger hash than the sha512 that it gave."""
    if strongest > _SHA1:
        return "integrity-replaced"
    return "integrity-doubled" if len(found.deciding) > 1 else "integrity-upgraded"


def flaw_of_new(package: Package) -> str:
    """The code of what is wrong with a new artifact's integrity as it is written; "" nothing.

    A weak hash is no flaw here: old packages have no other (lockfile-integrity
    judges it).
    """
    if package.integrity is None:
        return ""
    found = integrity.parse(package.integrity)
    if not _MALFORMED.isdisjoint(found.defects):
        return "integrity-malformed"
    return "integrity-doubled" if len(found.deciding) > 1 else ""
