"""JSON with a comma behind the last member, as bun and pnpm write it; nothing else of JSONC.

No comments, no single quotes: a package manager writes none, so they are refused
as what they are.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# How a list ends within a line: bun writes `"os": [ "linux", "darwin", ]`.
_INLINE: Final = b", ]"


def without_trailing_commas(data: bytes) -> bytes:
    """The same bytes with each trailing comma blanked, so that every place keeps its line.

    A comma that ends a line before a closing bracket, or ``, ]`` within one.
    A JSON string holds no raw line break, so a line's end is never inside one.
    """
    lines = data.split(b"\n")
    last = -1  # the last line that is not blank
    for number, line in enumerate(lines):
        text = line.strip()
        if not text:
            continue
        if _INLINE in line:
            lines[number] = _without_inline(line)
        if text[:1] in b"}]" and last >= 0:
            lines[last] = _blanked(lines[last])
        last = number
    return b"\n".join(lines)


def _blanked(line: bytes) -> bytes:
    body = line.rstrip()
    return body[:-1] + b" " + line[len(body) :] if body.endswith(b",") else line


def _without_inline(line: bytes) -> bytes:
    """One line with ``, ]`` as ``  ]``, save where that stands in a string."""
    kept = bytearray(line)
    at, comma = 0, line.find(_INLINE)
    while comma >= 0:
        quote = line.find(b'"', at)
        if 0 <= quote < comma:
            at = _behind_string(line, quote)
            if comma < at:
                comma = line.find(_INLINE, at)
            continue
        kept[comma] = ord(" ")
        at = comma + len(_INLINE)
        comma = line.find(_INLINE, at)
    return bytes(kept)


def _behind_string(line: bytes, quote: int) -> int:
    """Where the string that begins at a quote is over."""
    end = line.find(b'"', quote + 1)
    while end >= 0:
        slashes = end
        while line[slashes - 1] == ord("\\"):
            slashes -= 1
        if (end - slashes) % 2 == 0:
            return end + 1
        end = line.find(b'"', end + 1)
    return len(line)
