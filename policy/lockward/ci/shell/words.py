"""The words of a bash command: quotes taken off, known variables put in.

What only a run can tell stays in a word as text.UNKNOWN, and the arguments of
a function or script as text.ARGUMENTS.  A variable may hold several values in
one file; ``world`` picks one of each, the n-th of them all together, because
values that are assigned together are used together.
"""

from __future__ import annotations

from lockward.bounds import CI
from lockward.ci.text import ARGUMENTS, UNKNOWN, Builder, Text, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Final

    from tree_sitter import Node

    Values = Mapping[str, Sequence[Text]]

LONGEST: Final = 4096  # of a word; A=$A$A doubles at each line
_PIECES: Final = 16  # of a value, to a step of bounds.CI
_DEEPEST: Final = 6  # ${A:-${B:-${C}}}
_SPREAD: Final = frozenset({"concatenation", "command_name", "translated_string"})
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}
_IN_QUOTES: Final = '\\"$`'
# A variable of such a name that the file does not set holds what it says.
_TELLING: Final = {"NPM": "npm", "YARN": "yarn", "PNPM": "pnpm", "BUN": "bun"}
_TELLING_ENDS: Final = ("", "_BIN", "_CMD", "_EXE", "_COMMAND", "_CLI", "_PATH")


class Fields:
    """The words that one node becomes: unquoted values are split at blanks."""

    __slots__ = ("_builder", "_done", "_open")

    def __init__(self) -> None:
        self._done: list[Text] = []
        self._builder = Builder()
        self._open = False

    def literal(self, text: Text) -> None:
        """Text that is not split; an empty one still makes a word."""
        self._builder.append(text)
        self._open = True

    def split(self, text: Text) -> None:
        """An unquoted value."""
        if text.value[:1].isspace():
            self._close()
        words = text.split()
        for index, word in enumerate(words):
            if index:
                self._close()
            self.literal(word)
        if words and text.value[-1:].isspace():
            self._close()

    def _close(self) -> None:
        if self._open:
            self._done.append(self._builder.text())
        self._builder = Builder()
        self._open = False

    def done(self) -> list[Text]:
        """The words."""
        self._close()
        return self._done


class Words:
    """Evaluates the nodes of one parsed text.  ``width``: worlds that were needed so far."""

    def __init__(self, text: Text, values: Values) -> None:
        self.text: Final = text
        self.values: Final = values
        self.width = 1

    def fields(self, node: Node, world: int = 0) -> list[Text]:
        """The words that a node becomes; their places are those of their first letters."""
        if node.type == "word":
            text = self.text.piece(node.start_byte, node.end_byte)
            if "\\" not in text.value:
                return [text]
        fields = Fields()
        self._add(node, fields, world, quoted=False, depth=0)
        return fields.done()

    def single(self, node: Node, world: int = 0) -> Text:
        """A node as one word, as an assignment takes it."""
        fields = Fields()
        self._add(node, fields, world, quoted=node.type != "array", depth=0)
        found = fields.done()
        if not found:
            return Text("", (0,), (self.text.at(node.start_byte),))
        return found[0] if len(found) == 1 else joined(found)

    def _add(self, node: Node, fields: Fields, world: int, *, quoted: bool, depth: int) -> None:
        CI.spend()
        start, end = node.start_byte, node.end_byte
        kind = node.type if depth <= _DEEPEST else ""
        literal = _LITERALS.get(kind)
        if literal is not None:
            fields.literal(literal(self, start, end))
        elif kind == "string":
            fields.literal(Text("", (0,), (self.text.at(start),)))
            self._spread(node, start + 1, end - 1, fields, world, quoted=True, depth=depth)
        elif kind == "array":
            self._array(node, fields, world, depth)
        elif kind in _SPREAD:
            self._spread(node, start, end, fields, world, quoted=quoted, depth=depth)
        elif kind in _VALUES:
            value = _VALUES[kind](self, node, world, depth)
            CI.spend(len(value.starts) // _PIECES)
            whole = quoted and self.text.value[end - 4 : end] != "[@]}"  # "${array[@]}" is split
            (fields.literal if whole else fields.split)(value)
        else:
            fields.literal(self._unknown(start))

    def plain(self, start: int, end: int) -> Text:
        """Unquoted text."""
        return self._unescaped(start, end, quoted=False)

    def raw(self, start: int, end: int) -> Text:
        """The inside of ``'...'``."""
        return self.text.piece(start + 1, end - 1)

    def _array(self, node: Node, fields: Fields, world: int, depth: int) -> None:
        for child in node.named_children:
            self._add(child, fields, world, quoted=False, depth=depth + 1)
            fields.split(Text(" ", (0,), (self.text.at(child.end_byte),)))

    def _spread(
        self,
        node: Node,
        start: int,
        end: int,
        fields: Fields,
        world: int,
        *,
        quoted: bool,
        depth: int,
    ) -> None:
        """Add the text between two offsets: children by what they are, the rest literally."""
        in_string = node.type == "string"
        for child in node.named_children:
            if child.start_byte < start or child.end_byte > end or child.type == "string_content":
                continue
            if child.start_byte > start:
                fields.literal(self._unescaped(start, child.start_byte, quoted=in_string))
            self._add(child, fields, world, quoted=quoted, depth=depth + 1)
            start = child.end_byte
        if start < end:
            fields.literal(self._unescaped(start, end, quoted=in_string))

    def _unknown(self, start: int) -> Text:
        return Text(UNKNOWN, (0,), (self.text.at(start),))

    def _unescaped(self, start: int, end: int, *, quoted: bool) -> Text:
        """Literal text without its backslashes."""
        text = self.text.piece(start, end)
        if "\\" not in text.value:
            return text
        builder = Builder()
        index, value = 0, text.value
        while index < len(value):
            following = value[index + 1 : index + 2]
            if value[index] != "\\" or not following:
                stop = value.find("\\", index + 1)
                stop = len(value) if stop < 0 else stop
            elif following == "\n":
                index += 2
                continue
            else:
                keeps = quoted and following not in _IN_QUOTES
                index += 0 if keeps else 1
                stop = index + (2 if keeps else 1)
            builder.append(text.piece(index, stop))
            index = stop
        return builder.text(text.at())

    def ansi(self, start: int, end: int) -> Text:
        """The inside of ``$'...'``."""
        text = self.text.piece(start + 2, end - 1)
        builder = Builder()
        index = 0
        while index < len(text.value):
            char, width = text.value[index], 1
            if char == "\\":
                char, width = _ansi_escape(text.value[index + 1 : index + 4])
            builder.add(char, text.at(index))
            index += width
        return builder.text(text.at())

    # Values

    def expansion(self, node: Node, world: int, depth: int) -> Text:
        """``$NAME`` and ``${NAME...}``."""
        place = self.text.at(node.start_byte)
        raw = self.text.value[node.start_byte : node.end_byte]
        inside = raw[2:-1] if raw.startswith("${") else raw[1:]
        name = parameter(inside)
        rest = inside[len(name) :].removeprefix("[@]").removeprefix("[*]")
        if not name or inside[:1] in ("#", "!") or rest[:1] in ("%", "#", "/", "^", ",", "@", "["):
            return Text(ARGUMENTS if name in ("@", "*") else UNKNOWN, (0,), (place,))
        choices = list(self.values.get(name, ()))
        default = rest.removeprefix(":")
        if default[:1] in ("-", "=", "+"):
            start = node.end_byte - 1 - len(default) + 1
            choices.append(self._default(node, start, world, depth))
        if not choices:
            return self._unset(name, place)
        self.width = max(self.width, len(choices))
        return choices[min(world, len(choices) - 1)]

    def _default(self, node: Node, start: int, world: int, depth: int) -> Text:
        """The text behind ``:-`` of an expansion."""
        fields = Fields()
        self._spread(node, start, node.end_byte - 1, fields, world, quoted=False, depth=depth + 1)
        return joined(fields.done())

    def _unset(self, name: str, place: int) -> Text:
        if name in ("@", "*") or name.isdigit():
            return Text(ARGUMENTS, (0,), (place,))
        stem = next((end for end in _TELLING_ENDS[1:] if name.endswith(end)), "")
        told = _TELLING.get(name.removesuffix(stem) if stem else name)
        return Text(told or UNKNOWN, (0,), (place,))

    def substitution(self, node: Node, world: int, depth: int) -> Text:
        """What ``$(which npm)`` or ``$(echo npm)`` says; UNKNOWN for all else."""
        if depth > 1:
            return self._unknown(node.start_byte)
        said = list(self._said(node, world, depth))[:8]
        if not said:
            return self._unknown(node.start_byte)
        self.width = max(self.width, len(said))
        return said[min(world, len(said) - 1)]

    def _said(self, node: Node, world: int, depth: int) -> Iterator[Text]:
        pending = [node]
        steps = 0
        while pending and steps < 200:  # noqa: PLR2004 - enough for a chain of tests; bounds the work
            steps += 1
            found = pending.pop()
            if found.type == "command":
                yield from self._answer(found, world, depth)
            elif found.type != "pipeline":
                pending.extend(reversed(found.named_children))

    def _answer(self, command: Node, world: int, depth: int) -> Iterator[Text]:
        fields = Fields()
        for child in command.named_children[:12]:
            self._add(child, fields, world, quoted=False, depth=depth + 2)
            fields.split(Text(" ", (0,), (self.text.at(child.end_byte),)))
        words = fields.done()
        name = words[0].value if words else ""
        rest = [word for word in words[1:] if not word.value.startswith("-")]
        if name in ("echo", "printf"):
            rest = [word for word in rest if "%" not in word.value]
            yield joined(rest)
        elif name in ("which", "type", "hash", "command", "where") and rest:
            yield rest[-1]


def parameter(inside: str) -> str:
    """The parameter's name at the start of what stands between ``${`` and ``}``."""
    if inside[:1] in ("@", "*", "?", "#", "!", "$", "-"):
        return inside[:1]
    end = 0
    while end < len(inside) and (inside[end].isalnum() or inside[end] == "_"):
        end += 1
    return inside[:end]


def _ansi_escape(following: str) -> tuple[str, int]:
    """The character of an escape in ``$'...'`` and the width of its source, backslash included."""
    if following[:1] == "x":
        digits = following[1:3]
        try:
            return chr(int(digits, 16) & 0x7F), 2 + len(digits)
        except ValueError:
            return UNKNOWN, 2
    if following.isdigit() and len(following) == 3 and set(following) <= set("01234567"):  # noqa: PLR2004 - \ooo
        return chr(int(following, 8) & 0x7F), 4
    return _ESCAPES.get(following[:1], following[:1]), 2


_LITERALS: Final[dict[str, Callable[[Words, int, int], Text]]] = {
    **dict.fromkeys(("word", "number", "variable_name", "regex", "extglob_pattern"), Words.plain),
    "raw_string": Words.raw,
    "ansi_c_string": Words.ansi,
}
_VALUES: Final[dict[str, Callable[[Words, Node, int, int], Text]]] = {
    "simple_expansion": Words.expansion,
    "expansion": Words.expansion,
    "command_substitution": Words.substitution,
}
