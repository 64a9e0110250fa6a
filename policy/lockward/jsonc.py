"""JSON with a comma behind the last member, as bun and pnpm write it; nothing else of JSONC."""

from __future__ import annotations


def without_trailing_commas(data: bytes) -> bytes:
    """The same bytes with each comma that ends a line before a closing bracket blanked.

    A JSON string holds no raw line break, so a line's end is never inside one:
    the rule is exact, and every place keeps its line and column.  A comma
    behind the last member *within* a line stays, and is refused as JSON.
    """
    lines = data.split(b"\n")
    last = -1  # the last line that is not blank
    for number, line in enumerate(lines):
        text = line.strip()
        if not text:
            continue
        if text[:1] in b"}]" and last >= 0:
            lines[last] = _blanked(lines[last])
        last = number
    return b"\n".join(lines)


def _blanked(line: bytes) -> bytes:
    body = line.rstrip()
    return body[:-1] + b" " + line[len(body) :] if body.endswith(b",") else line
