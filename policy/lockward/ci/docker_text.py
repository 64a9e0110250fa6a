"""Cutting a Dockerfile into instructions: directives, comments, continuations, heredocs."""

from __future__ import annotations

from lockward.ci.text import Builder, Text, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.ci.text import Source

_WITH_HEREDOCS: Final = frozenset({"RUN", "COPY", "ADD", "ONBUILD"})
_MOST_HEREDOCS: Final = 32  # of one instruction


class Instruction:
    """One instruction: its keyword in capitals, its text without continuations, its heredocs.

    ``heredocs`` are the bodies; ``tail`` is the text of all of them as written,
    delimiters included, as a shell would read them behind the first line.
    """

    __slots__ = ("escape", "heredocs", "keyword", "tail", "text")

    def __init__(
        self,
        keyword: str,
        text: Text,
        heredocs: tuple[Text, ...] = (),
        tail: Text | None = None,
        escape: str = "\\",
    ) -> None:
        self.keyword: Final = keyword
        self.text: Final = text
        self.heredocs: Final = heredocs
        self.tail: Final = tail
        self.escape: Final = escape

    def inner(self) -> Instruction:
        """What stands behind ONBUILD."""
        keyword, text = _keyword(self.text)
        return Instruction(keyword, text, self.heredocs, self.tail, self.escape)

    def called(self, keyword: str) -> Instruction:
        """The same instruction under another keyword, with blanks around its ``=`` taken off."""
        name, equals, _ = self.text.value.partition("=")
        text = self.text
        if equals:
            value = text.piece(len(name) + 1, len(text.value)).strip()
            text = joined((text.piece(0, len(name.rstrip())), value), "=")
        return Instruction(keyword, text, self.heredocs, self.tail, self.escape)

    def with_text(self, text: Text) -> Instruction:
        """The same instruction about another text."""
        return Instruction(self.keyword, text, self.heredocs, self.tail, self.escape)

    def whole(self, text: Text) -> Text:
        """A command's text with the heredocs that belong to it: ``RUN bash <<EOF``."""
        if self.tail is None:
            return text
        builder = Builder()
        builder.append(text)
        builder.add("\n", text.at(len(text.value)))
        builder.append(self.tail)
        return builder.text()


def instructions(source: Source) -> Iterator[Instruction]:
    """The instructions of a file, in their order."""
    lines = _lines(source)
    escape = _escape(lines)
    index = 0
    while index < len(lines):
        text, index = _logical(lines, index, escape)
        text = text.strip()
        keyword, rest = _keyword(text)
        if not keyword or keyword.startswith("#"):
            continue
        bodies: list[Text] = []
        start = index
        if keyword in _WITH_HEREDOCS:
            for delimiter, tabs in _delimiters(rest.value):
                body, index = _body(source, lines, index, delimiter, tabs=tabs)
                bodies.append(body)
        tail = _stretch(source, lines, start, index) if bodies else None
        yield Instruction(keyword, rest, tuple(bodies), tail, escape)


def _lines(source: Source) -> list[Text]:
    found = []
    start = 0
    for line in source.text.split("\n"):
        found.append(Text(line, (0,), (start,)))
        start += len(line) + 1
    return found


def _escape(lines: list[Text]) -> str:
    """The escape character: a parser directive at the top may make it a backtick."""
    for line in lines:
        name, equals, value = line.value.lstrip("# \t").partition("=")
        if not line.value.lstrip().startswith("#") or not equals:
            break
        if name.strip().lower() == "escape":
            return "`" if value.strip() == "`" else "\\"
    return "\\"


def _logical(lines: list[Text], index: int, escape: str) -> tuple[Text, int]:
    """One instruction's lines as one text; the index of the line behind it.

    Comment lines and empty lines inside a continuation belong to nothing.
    """
    builder = Builder()
    going = False
    while index < len(lines):
        line = lines[index]
        bare = line.value.strip()
        index += 1
        if bare.startswith("#") or (going and not bare):
            if not going:
                break
            continue
        stripped = line.value.rstrip()
        going = stripped.endswith(escape)
        if not going:
            builder.append(line)
            break
        builder.append(line.piece(0, len(stripped) - 1))
        builder.add(" ", line.at(len(stripped) - 1))
    return builder.text(lines[min(index, len(lines)) - 1].at()), index


def _keyword(text: Text) -> tuple[str, Text]:
    word = text.value.split(None, 1)[0] if text.value.strip() else ""
    return word.upper(), text.piece(len(word), len(text.value)).strip()


def _delimiters(value: str) -> list[tuple[str, bool]]:
    """The heredocs that an instruction opens: delimiter, and whether tabs are taken off."""
    found: list[tuple[str, bool]] = []
    start = value.find("<<")
    while start >= 0 and len(found) < _MOST_HEREDOCS:
        index = start + 2
        if value[index : index + 1] == "<":  # a here-string
            start = value.find("<<", index + 1)
            continue
        tabs = value[index : index + 1] == "-"
        word = value[index + tabs :].split(None, 1)[:1]
        name = word[0].strip("\"'") if word and not value[index + tabs].isspace() else ""
        name = name.split(";")[0].split(")")[0].split("|")[0].split(">")[0].split("&")[0]
        name = name.strip("\"'")
        if name and name.replace("_", "a").replace("-", "a").replace(".", "a").isalnum():
            found.append((name, tabs))
        start = value.find("<<", index)
    return found


def _body(
    source: Source, lines: list[Text], index: int, delimiter: str, *, tabs: bool
) -> tuple[Text, int]:
    """A heredoc's body, and the index of the line behind its end.  Without an end there is none."""
    start = index
    while index < len(lines):
        line = lines[index].value.lstrip("\t") if tabs else lines[index].value
        if line == delimiter:
            return _stretch(source, lines, start, index), index + 1
        index += 1
    return Text("", (0,), (0,)), start


def _stretch(source: Source, lines: list[Text], start: int, end: int) -> Text:
    if start >= end:
        return Text("", (0,), (0,))
    last = lines[end - 1]
    return source.piece(lines[start].at(), last.at() + len(last.value))
