"""Subresource integrity (W3C SRI), as npm's ``ssri`` reads it, defects named.

npm accepts a tarball that matches *any* hash of the strongest algorithm in the
string, and treats an algorithm that it does not know as absent.  So a second
hash, or ``SHA512-…``, is not a curiosity but a hole: each gets a name here.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Literal

    Defect = Literal[
        "empty",  # the field is there and says nothing
        "unknown algorithm",  # npm ignores the hash
        "not base64",
        "wrong length",  # no digest of that algorithm
        "several hashes",  # npm accepts whichever matches
        "options",  # ssri carries "?x" along; no registry writes it
    ]

# Digest lengths in bytes; the order is the strength, weakest first.
LENGTHS: Final = {"md5": 16, "sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}
STRENGTH: Final = {algorithm: rank for rank, algorithm in enumerate(LENGTHS, 1)}


class Integrity:
    """The hashes of an integrity string, and what is wrong with how it is written.

    ``hashes`` holds ``(algorithm, digest)`` for every well-formed hash, in the
    order of the file, repetitions dropped.
    """

    __slots__ = ("defects", "hashes", "text")

    def __init__(
        self, text: str, hashes: tuple[tuple[str, bytes], ...], defects: tuple[Defect, ...]
    ) -> None:
        self.text: Final = text
        self.hashes: Final = hashes
        self.defects: Final = defects

    @property
    def strongest(self) -> str:
        """The algorithm that npm verifies with; "" when there is none."""
        return max((name for name, _ in self.hashes), key=STRENGTH.__getitem__, default="")

    @property
    def strength(self) -> int:
        """The rank of the strongest algorithm; 0 when nothing would be verified."""
        return STRENGTH.get(self.strongest, 0)

    @property
    def deciding(self) -> frozenset[bytes]:
        """The digests of the strongest algorithm: any one of them opens the door."""
        strongest = self.strongest
        return frozenset(digest for name, digest in self.hashes if name == strongest)


def is_plain_sha512(text: str) -> bool:
    """Whether a text is one whole sha512 by its looks: spares the decoding of nearly every entry.

    The last character holds two bits of the digest: four characters can stand there.
    """
    return (
        len(text) == SHA512_LENGTH
        and text.startswith("sha512-")
        and text.endswith(("A==", "Q==", "g==", "w=="))
        and text[7:93].replace("+", "").replace("/", "").isalnum()
        and text.isascii()
    )


def are_plain_sha512(texts: list[str]) -> bool:
    """Whether ``is_plain_sha512`` says so of every text; they are looked at together."""
    count, every = len(texts), "".join(texts)
    if not texts or {*map(len, texts)} != {SHA512_LENGTH} or not every.isascii():
        return False
    columns = [every[place::SHA512_LENGTH] for place in (*range(7), 92, 93, 94)]
    begun = all(
        column == letter * count for column, letter in zip(columns, "sha512-", strict=False)
    )
    ended = columns[8] == columns[9] == "=" * count and not columns[7].strip("AQgw")
    signs = every.count("-") == count and every.count("=") == 2 * count
    return begun and ended and signs and not every.encode().translate(None, _BASE64)


SHA512_LENGTH: Final = 95  # "sha512-" and 88 characters of base64
_BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-="


def is_whole(text: str | None) -> bool:
    """Whether a text is one whole sha512 by its looks; remembered, as two states share most."""
    if text is None or text in _WHOLE:
        return text is not None
    if not is_plain_sha512(text):
        return False
    if len(_WHOLE) >= _MOST_WHOLE:
        _WHOLE.clear()
    _WHOLE.add(text)
    return True


_WHOLE: Final[set[str]] = set()
_MOST_WHOLE: Final = 20_000


def parse(text: str) -> Integrity:
    """Any string into its hashes and its defects."""
    hashes: dict[tuple[str, bytes], None] = {}
    defects: dict[Defect, None] = {}
    for token in text.split():
        found = _hash(token, defects)
        if found is not None:
            hashes[found] = None
    if not text.strip():
        defects["empty"] = None
    if len({digest for _, digest in hashes}) > 1:
        defects["several hashes"] = None
    return Integrity(text, tuple(hashes), tuple(defects))


def _hash(token: str, defects: dict[Defect, None]) -> tuple[str, bytes] | None:
    """One ``algorithm-base64[?options]``; names in defects what is wrong with it."""
    algorithm, _, rest = token.partition("-")
    encoded, question, _ = rest.partition("?")
    if question:
        defects["options"] = None
    length = LENGTHS.get(algorithm)
    if length is None:
        defects["unknown algorithm"] = None
        return None
    from binascii import Error as Base64Error
    from binascii import a2b_base64, b2a_base64

    try:
        digest = a2b_base64(encoded, strict_mode=True)
    except (Base64Error, ValueError):  # ValueError: not ASCII
        defects["not base64"] = None
        return None
    if b2a_base64(digest, newline=False) != encoded.encode():
        defects["not base64"] = None  # ssri compares texts: another spelling never matches
        return None
    if len(digest) != length:
        defects["wrong length"] = None
        return None
    return algorithm, digest
