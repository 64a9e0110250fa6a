"""How the integrity of an unchanged artifact may change: compared as decoded hashes."""

from __future__ import annotations

from lockward import integrity
from lockward.lockdiff.formats import is_patched, is_unpinned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Final

    from lockward.integrity import Integrity
    from lockward.lockdiff.scene import Scene
    from lockward.model import Lockfile, Package

_MALFORMED: Final = frozenset(
    {"empty", "unknown algorithm", "not base64", "wrong length", "options"}
)
_SHA1: Final = integrity.STRENGTH["sha1"]


def read(lockfile: Lockfile, package: Package) -> Integrity | None:
    """The hashes of an entry, as its format writes them; None when it has none."""
    return _READERS.get(lockfile.format, _sri)(package)


def text(lockfile: Lockfile, package: Package) -> str:
    """The text of what ``read`` gives; "" when an entry has no hashes."""
    if lockfile.format != "yarn-classic":  # it alone writes hashes in another field too
        return package.integrity or ""
    found = read(lockfile, package)
    return "" if found is None else found.text


def carries(lockfile: Lockfile, package: Package) -> bool:
    """Whether an entry has hashes at all."""
    if lockfile.format in _READERS:
        return read(lockfile, package) is not None
    return package.integrity is not None


def _sri(package: Package) -> Integrity | None:
    return None if package.integrity is None else integrity.parse(package.integrity)


def _with_fragment(package: Package) -> Integrity | None:
    """Yarn 1: the sha1 behind ``#`` in an address is one more hash of the same bytes."""
    from lockward.lockfiles.yarn_classic import fragment

    sha1 = fragment(package)
    if sha1 is None:
        return _sri(package)
    from binascii import b2a_base64

    try:
        encoded = b2a_base64(bytes.fromhex(sha1), newline=False).decode()
    except ValueError:
        return _sri(package)
    return integrity.parse(f"{package.integrity or ''} sha1-{encoded}".strip())


def _checksum(package: Package) -> Integrity | None:
    """Berry: ``cacheKey/hex``, the sha512 of Yarn's own archive."""
    text = package.integrity
    if text is None:
        return None
    try:
        digest = bytes.fromhex(text.rpartition("/")[2])
    except ValueError:
        return integrity.Integrity(text, (), ("not base64",))
    if len(digest) != integrity.LENGTHS["sha512"]:
        return integrity.Integrity(text, (), ("wrong length",))
    return integrity.Integrity(text, (("sha512", digest),), ())


# lockfile.format -> how its hashes are written; the others write an SRI.
_READERS: Final[Mapping[str, Callable[[Package], Integrity | None]]] = {
    "yarn-classic": _with_fragment,
    "yarn-berry": _checksum,
}


def compare(scene: Scene, before: Iterable[Package], package: Package) -> str:
    """How an artifact's integrity differs from all it had before: a code, or "" for not at all.

    ``before`` are the entries that held the artifact.  An entry that has no
    integrity by its nature (a bundled one, a link) is the caller's to leave out.
    """
    earlier = scene.lockfile_before or scene.lockfile
    olds = [old for old in (read(earlier, one) for one in before) if old is not None]
    found = read(scene.lockfile, package)
    if found is None:
        by_design = is_unpinned(package) and (scene.crosses_formats or _unpatched(scene, package))
        return "integrity-lost" if any(old.text for old in olds) and not by_design else ""
    if any(old.text == found.text for old in olds):
        return ""
    stale = _stale(scene.lockfile, package)
    if stale:
        return stale
    known = {one for old in olds for one in old.hashes}
    if not known:
        return flaw_of_new(scene.lockfile, package) or ("" if olds else "integrity-added")
    code = _against(olds, known, found)
    if code != "integrity-replaced" or not scene.rekeyed:
        return code
    return flaw_of_new(scene.lockfile, package) or "integrity-rekeyed"


def _unpatched(scene: Scene, package: Package) -> bool:
    """Berry: whether a package for some platforms only was fetched because it was patched.

    Then its archive had a checksum, which goes with the patch (fsevents, where a plugin of
    the repository's own stands in for plugin-compat: fluentui-react-native 801d8b14f3).
    """
    before = scene.lockfile_before
    return before is not None and _has_patched(before, package) > _has_patched(
        scene.lockfile, package
    )


def _has_patched(lockfile: Lockfile, package: Package) -> bool:
    return any(
        is_patched(one) and (one.name, one.version) == (package.name, package.version)
        for one in lockfile.packages
    )


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
        code = _stronger(strongest, found, deciding)
    malformed = not _MALFORMED.isdisjoint(found.defects)
    return "integrity-malformed" if malformed and code in ("", "integrity-upgraded") else code


def _same_strength(deciding: set[bytes], found: frozenset[bytes]) -> str:
    if deciding.isdisjoint(found):
        return "integrity-replaced"
    return "" if found <= deciding else "integrity-doubled"


def _stronger(strongest: int, found: Integrity, deciding: set[bytes]) -> str:
    """From sha1 to sha512; a registry has no stronger hash than the sha512 that it gave.

    A sha1 that stays beside the new hash is still that of the same bytes.
    """
    stayed = {digest for name, digest in found.hashes if integrity.STRENGTH[name] == strongest}
    if strongest > _SHA1 or (stayed and stayed.isdisjoint(deciding)):
        return "integrity-replaced"
    return "integrity-doubled" if len(found.deciding) > 1 else "integrity-upgraded"


def flaw_of_new(lockfile: Lockfile, package: Package) -> str:
    """The code of what is wrong with a new artifact's integrity as it is written; "" nothing.

    A weak hash is no flaw here: old packages have no other (lockfile-integrity
    judges it).
    """
    if lockfile.format not in _READERS and integrity.is_plain_sha512(package.integrity or ""):
        return ""
    found = read(lockfile, package)
    if found is None:
        return ""
    if not _MALFORMED.isdisjoint(found.defects):
        return "integrity-malformed"
    return "integrity-doubled" if len(found.deciding) > 1 else _stale(lockfile, package)


def _stale(lockfile: Lockfile, package: Package) -> str:
    """See cachekeys.stale; only Berry has cache keys."""
    if lockfile.format != "yarn-berry":
        return ""
    from lockward.lockdiff import cachekeys

    return cachekeys.stale(lockfile, package)
