"""JSON with comments as YAML nodes: comments and tabs are blanked, the rest is flow style."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from lockward.ci.reading import Reading
    from lockward.ci.text import Source
    from lockward.ci.yamlnodes import Document


def documents(source: Source, reading: Reading) -> Iterator[Document]:
    """The one document of a file; a syntax error is told to the reading."""
    from lockward.ci import yamlnodes

    yield from yamlnodes.documents(source, reading, _blanked(source.text))


def _blanked(text: str) -> str:
    """The same text without comments and tabs, every other character in its place."""
    parts: list[str] = []
    index = start = 0
    while index < len(text):
        char = text[index]
        if char == '"':
            index = _string_end(text, index)
        elif char == "\t" or text.startswith(("//", "/*"), index):
            end = _comment_end(text, index)
            parts += (text[start:index], _spaces(text[index:end]))
            index = start = end
        else:
            index += 1
    return "".join(parts) + text[start:]


def _string_end(text: str, index: int) -> int:
    """The index behind a string; a line's end closes one that is broken."""
    index += 1
    while index < len(text) and text[index] not in '"\n':
        index += 2 if text[index] == "\\" else 1
    return index + 1


def _comment_end(text: str, index: int) -> int:
    if text[index] == "\t":
        return index + 1
    closing = "*/" if text[index + 1] == "*" else "\n"
    end = text.find(closing, index + 2)
    if end < 0:
        return len(text)
    return end + 2 if closing == "*/" else end


def _spaces(text: str) -> str:
    return "".join("\n" if char == "\n" else " " for char in text)
