"""The hashes in pnpm-lock.yaml of files and settings: sha256 since pnpm 10, md5 before.

Reference: pnpm, crypto/hash (createHexHashFromFile, createHashFromFile),
crypto/object-hasher; pnpm 9, crypto/base32-hash and createObjectChecksum.
The object hash is npm's object-hash 3 (typeHasher) with respectType off, and
objects, arrays and sets unordered.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

_DEEPEST: Final = 128  # as deep as any reader goes


def is_file(recorded: str, data: bytes) -> bool:
    """Whether a text file, whose line ends do not count, is the one with that hash."""
    from base64 import b32encode
    from hashlib import md5, sha256

    text = data.replace(b"\r\n", b"\n")
    if recorded.startswith(_PREFIX):
        return recorded == _sha256(text)
    if len(recorded) == _BASE32_MD5:
        found = b32encode(md5(text, usedforsecurity=False).digest()).decode()
        return recorded == found.rstrip("=").lower()
    return recorded == sha256(text).hexdigest()


def is_value(recorded: str, value: object) -> bool:
    """Whether a value of mappings, lists and texts is the one with that hash."""
    if recorded.startswith(_PREFIX):
        return recorded == _sha256("".join(_parts(value, 0)).encode("utf-8", "surrogatepass"))
    import json
    from hashlib import md5

    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    data = text.encode("utf-8", "surrogatepass")
    return recorded == md5(data, usedforsecurity=False).hexdigest()


_PREFIX: Final = "sha256-"
_BASE32_MD5: Final = 26  # characters


def _sha256(data: bytes) -> str:
    from binascii import b2a_base64
    from hashlib import sha256

    return _PREFIX + b2a_base64(sha256(data).digest(), newline=False).decode()


def _parts(value: object, depth: int) -> Iterator[str]:
    """What object-hash writes for a value.  YAML's true and false are Booleans to pnpm."""
    if isinstance(value, dict) and depth < _DEEPEST:
        yield f"object:{len(value)}:"
        for key in sorted(value, key=_as_javascript_sorts):
            yield from _parts(f"{key}", _TEXT)
            yield ":"
            yield from _parts(value[key], depth + 1)
            yield ","
    elif isinstance(value, list) and depth < _DEEPEST:
        entries = ["".join(_parts(one, depth + 1)) for one in value]
        yield f"array:{len(value)}:"
        if len(entries) > 1:  # unordered: the entries' own text, sorted, is hashed as an array
            yield f"array:{len(value)}:"
            entries = ["".join(_parts(one, _TEXT)) for one in sorted(entries)]
        yield from entries
    elif depth != _TEXT and value in (True, False, "true", "false"):
        yield f"bool:{str(value).lower()}"
    else:
        text = str(value)
        yield f"string:{len(text.encode('utf-16-le')) // 2}:{text}"


_TEXT: Final = 999  # a depth at which everything is a text


def _as_javascript_sorts(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")
