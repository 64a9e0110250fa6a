"""A JSON list of strings with the place of each: exec form, ``args`` of build steps."""

from __future__ import annotations

from lockward.ci.text import Builder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.text import Text

_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def strings(text: Text) -> list[Text] | None:
    """The strings of ``["a", "b"]``; None when the text is no such list."""
    value = text.value.strip()
    offset = len(text.value) - len(text.value.lstrip())
    if value[:1] != "[" or value[-1:] != "]":
        return None
    found: list[Text] = []
    index, end = offset + 1, offset + len(value) - 1
    wants_item = True
    while index < end:
        char = text.value[index]
        if char.isspace():
            index += 1
        elif char == "," and not wants_item:
            wants_item = True
            index += 1
        elif char == '"' and wants_item:
            item, index = _string(text, index + 1, end)
            if item is None:
                return None
            found.append(item)
            wants_item = False
        else:
            return None
    return found


def _string(text: Text, index: int, end: int) -> tuple[Text | None, int]:
    """One string; the index behind its closing quote."""
    builder = Builder()
    start = index
    while index < end:
        char = text.value[index]
        if char == '"':
            builder.append(text.piece(start, index))
            return builder.text(text.at(start)), index + 1
        if char == "\\":
            builder.append(text.piece(start, index))
            escape = text.value[index + 1 : index + 2]
            width = 6 if escape == "u" else 2
            builder.add(_decoded(text.value[index + 1 : index + width]), text.at(index))
            index += width
            start = index
        else:
            index += 1
    return None, index


def _decoded(escape: str) -> str:
    if escape[:1] == "u":
        try:
            return chr(int(escape[1:], 16))
        except ValueError:
            return "_"
    return _ESCAPES.get(escape, escape)
