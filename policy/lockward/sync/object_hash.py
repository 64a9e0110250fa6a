"""npm's object-hash, as pnpm uses it for packageExtensionsChecksum: sha256 in base64.

Reference: object-hash 3 (index.js, typeHasher) with respectType off, and
objects, arrays and sets unordered.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST = 32


def sha256(value: object) -> str:
    """``sha256-…`` of a value of mappings, lists and texts."""
    from binascii import b2a_base64
    from hashlib import sha256 as digest

    found = digest("".join(_parts(value, 0)).encode("utf-8", "surrogatepass")).digest()
    return f"sha256-{b2a_base64(found, newline=False).decode()}"


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


_TEXT = 99  # a depth at which everything is a text


def _as_javascript_sorts(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")
