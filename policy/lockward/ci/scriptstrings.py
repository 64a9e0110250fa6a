"""Cutting Groovy and Kotlin into words, brackets, and strings with their places."""

from __future__ import annotations

from lockward.ci.text import Builder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final, Literal

    from lockward.ci.text import Text

    Kind = Literal["word", "string", "sign"]

_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "\n": ""}
_MOST_TOKENS: Final = 200_000


class Token:
    """A word, a sign, or a string: ``text`` is its inside; ``live`` when ``$`` means something."""

    __slots__ = ("kind", "live", "text")

    def __init__(self, kind: Kind, text: Text, *, live: bool = False) -> None:
        self.kind: Final = kind
        self.text: Final = text
        self.live: Final = live

    def is_sign(self, signs: str) -> bool:
        """Whether this is one of some signs."""
        return self.kind == "sign" and self.text.value in signs


def tokens(text: Text, *, groovy: bool) -> Iterator[Token]:
    """The tokens of a program, comments left out.  Groovy has ``'...'`` and ``/.../`` too."""
    value = text.value
    index = count = 0
    operand = True  # whether a slash would start a string, not divide
    while index < len(value) and count < _MOST_TOKENS:
        char = value[index]
        if char.isspace():
            index += 1
            continue
        if value.startswith(("//", "/*"), index):
            index = _comment_end(value, index)
            continue
        count += 1
        fence = _fence(value, index, operand=operand, groovy=groovy)
        if fence:
            start, end = index + len(fence), _string_end(value, index + len(fence), fence)
            piece = text.piece(start, end)
            raw = fence in ("/", "$/") or (fence == '"""' and not groovy)
            yield Token("string", piece if raw else _decoded(piece), live="'" not in fence)
            index = end + len(_closing(fence))
            operand = False
        elif char.isalnum() or char in "_$":
            end = index
            while end < len(value) and (value[end].isalnum() or value[end] in "_$"):
                end += 1
            yield Token("word", text.piece(index, end))
            operand = value[index:end] in ("return", "sh", "bat", "echo")
            index = end
        else:
            yield Token("sign", text.piece(index, index + 1))
            operand = char not in ")]}"
            index += 1


def _comment_end(value: str, index: int) -> int:
    closing = "*/" if value[index + 1] == "*" else "\n"
    end = value.find(closing, index + 2)
    return len(value) if end < 0 else end + len(closing)


def _fence(value: str, index: int, *, operand: bool, groovy: bool) -> str:
    """What opens a string at an index; "" when nothing does."""
    for fence in ('"""', "'''", '"', "'"):
        if value.startswith(fence, index):
            return fence if groovy or fence[0] == '"' or len(fence) == 1 else ""
    if groovy and operand and value.startswith("$/", index):
        return "$/"
    return "/" if groovy and operand and value[index] == "/" else ""


def _closing(fence: str) -> str:
    return "/$" if fence == "$/" else fence


def _string_end(value: str, index: int, fence: str) -> int:
    closing = _closing(fence)
    while index < len(value) and not value.startswith(closing, index):
        if value[index] == "\n" and len(fence) == 1:
            return index  # a broken string ends with its line
        index += 2 if value[index] == "\\" and fence != "$/" else 1
    return min(index, len(value))


def _decoded(text: Text) -> Text:
    """A string without its escapes."""
    if "\\" not in text.value:
        return text
    builder = Builder()
    value = text.value
    index = start = 0
    while index < len(value):
        if value[index] != "\\":
            index += 1
            continue
        builder.append(text.piece(start, index))
        escape = value[index + 1 : index + 2]
        builder.add(_ESCAPES.get(escape, escape), text.at(index + 1 if escape else index))
        index += 2
        start = index
    builder.append(text.piece(start, len(value)))
    return builder.text(text.at())
