"""A sighting in a few bytes: a history remembers sixty thousand packages.

``packed`` and ``unpacked`` are exact for any text.  What most lockfiles write takes little:
a sha512 its 64 bytes, a registry's own address two, "tarball" one.
"""

from __future__ import annotations

from binascii import Error, a2b_base64, b2a_base64

from lockward.lockdiff.witness import Sighting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_PLAIN: Final = 0
# Algorithm -> the tag of its hash, and how many bytes it has.
_HASHES: Final = {"sha512": (1, 64), "sha1": (2, 20)}
_LENGTHS: Final = {tag: (f"{name}-", length) for name, (tag, length) in _HASHES.items()}
_CHECKSUM: Final = 3  # Berry's: a cacheKey, a slash and 128 hexadecimal digits
_DIGITS: Final = 128
_PLAIN_ADDRESS: Final = bytes((_PLAIN,))
_ADDRESS: Final = 1  # of the registry with a number, for this very name and version
_SHORT: Final = 255  # a field that is longer has its length in four bytes more
_MOST_BASES: Final = 255
_LONGEST_BASE: Final = 512  # characters
_TARBALL: Final = "tarball"


class Packer:
    """Makes sightings small, and whole again; it knows the registries that it has met."""

    __slots__ = ("_addresses", "_bases")

    def __init__(self) -> None:
        self._bases: Final[list[str]] = []
        self._addresses: Final[dict[str, bytes]] = {}  # base -> what is written for it

    def packed(self, head: bytes, hashes: str, resolved: str, base: str, tail: str) -> bytes:
        """A sighting of a package: ``head`` is that of its lockfile.

        ``tail`` is what follows ``base`` in the registry's own address of the package.
        """
        address = self._address(base) if base and resolved == base + tail else None
        if address is None:
            address = _PLAIN_ADDRESS + _bytes(resolved)
        return head + _field(_hashes(hashes)) + address

    @staticmethod
    def what(record: bytes) -> bytes:
        """What of a sighting is the same in all that differ in nothing but where."""
        return record[_read(record, 0)[1] :]

    def unpacked(self, record: bytes, tail: str, own: int) -> Sighting:
        """The sighting again; ``own`` is the number of the lockfile that asks."""
        where, at = _read(record, 0)
        place = int.from_bytes(record[at : at + 3], "little")
        kind, at = _read(record, at + 3)
        hashes, at = _read(record, at)
        plain = record[at] == _PLAIN
        return Sighting(
            own=place == own,
            kind=_text(kind) or _TARBALL,
            hashes=_unhashed(hashes),
            resolved=_text(record[at + 1 :]) if plain else self._bases[record[at + 1]] + tail,
            where=_text(where),
        )

    def _address(self, base: str) -> bytes | None:
        """What is written for an address below a base; None where it has to be written out."""
        known = self._addresses.get(base)
        if known is None and len(base) < _LONGEST_BASE and len(self._bases) < _MOST_BASES:
            known = self._addresses[base] = bytes((_ADDRESS, len(self._bases)))
            self._bases.append(base)
        return known


def head_of(place: int, kind: str, where: str) -> bytes:
    """What all sightings in one revision of the lockfile of a number begin with."""
    named = "" if kind == _TARBALL else kind
    return _field(_bytes(where)) + place.to_bytes(3, "little") + _field(_bytes(named))


def tail_of(name: str, version: str) -> str:
    """What follows a registry's base in its own address of a package."""
    return f"{name}/-/{name.rpartition('/')[2]}-{version}.tgz"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def _field(data: bytes) -> bytes:
    length = len(data)
    if length < _SHORT:
        return bytes((length,)) + data
    return bytes((_SHORT,)) + length.to_bytes(4, "little") + data


def _read(data: bytes, at: int) -> tuple[bytes, int]:
    """A field, and where the next one begins."""
    length = data[at]
    at += 1
    if length == _SHORT:
        length = int.from_bytes(data[at : at + 4], "little")
        at += 4
    return data[at : at + length], at + length


def _hashes(text: str) -> bytes:
    """An SRI word by word, or a checksum."""
    if " " not in text:
        return _hash(text) if text else b""
    return b"".join(map(_hash, text.split(" ")))


def _hash(word: str) -> bytes:
    if word[-_DIGITS - 1 : -_DIGITS] == "/":
        return _checksum(word)
    name, dash, encoded = word.partition("-")
    tag, length = _HASHES.get(name, (_PLAIN, 0))
    if dash and tag:
        try:
            digest = a2b_base64(encoded)
        except (Error, ValueError):
            digest = b""
        if len(digest) == length and b2a_base64(digest, newline=False).decode() == encoded:
            return bytes((tag,)) + digest
    return bytes((_PLAIN,)) + _field(_bytes(word))


def _checksum(word: str) -> bytes:
    digits = word[-_DIGITS:]
    try:
        digest = bytes.fromhex(digits)
    except ValueError:
        digest = b""
    if digest.hex() != digits:
        return bytes((_PLAIN,)) + _field(_bytes(word))
    return bytes((_CHECKSUM,)) + digest + _field(_bytes(word[: -_DIGITS - 1]))


def _unhashed(data: bytes) -> str:
    words: list[str] = []
    at = 0
    while at < len(data):
        tag = data[at]
        at += 1
        if tag in _LENGTHS:
            name, length = _LENGTHS[tag]
            words.append(name + b2a_base64(data[at : at + length], newline=False).decode())
            at += length
        elif tag == _CHECKSUM:
            digits = data[at : at + _DIGITS // 2].hex()
            key, at = _read(data, at + _DIGITS // 2)
            words.append(f"{_text(key)}/{digits}")
        else:
            word, at = _read(data, at)
            words.append(_text(word))
    return " ".join(words)
