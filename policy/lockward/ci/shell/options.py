"""How command lines of wrappers are cut: options, operands, the command that is wrapped."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

    from lockward.ci.text import Text

    Words = Sequence[Text]


class Shape:
    """The options of a program that runs another one.

    ``takes``: options whose value is the next word; ``operands``: words before
    the command; ``assigns``: ``NAME=value`` words may stand before it;
    ``script``: options whose value is shell text; ``fresh``: the command sees
    nothing of the environment.
    """

    __slots__ = ("assigns", "fresh", "operands", "script", "takes")

    def __init__(
        self,
        takes: str = "",
        *,
        operands: int = 0,
        assigns: bool = False,
        script: str = "",
        fresh: bool = False,
    ) -> None:
        self.takes: Final = frozenset(takes.split())
        self.operands: Final = operands
        self.assigns: Final = assigns
        self.script: Final = frozenset(script.split())
        self.fresh: Final = fresh


class Cut:
    """A wrapper's words, told apart."""

    __slots__ = ("assigned", "flags", "options", "rest", "scripts")

    def __init__(self) -> None:
        self.flags: Final[list[str]] = []  # options without value, as written
        self.options: Final[list[tuple[str, Text]]] = []  # options with their values
        self.assigned: Final[dict[str, str]] = {}
        self.scripts: Final[list[Text]] = []  # values that are shell text
        self.rest: Words = ()  # the operands that were skipped, then the command

    def value(self, *names: str) -> Text | None:
        """The value of the first of these options that is there."""
        return next((value for name, value in self.options if name in names), None)


def cut(words: Words, shape: Shape) -> Cut:
    """Cut the words after a wrapper's name."""
    found = Cut()
    index = 0
    while index < len(words):
        word = words[index].value
        if word == "--":
            index += 1
            break
        if len(word) > 1 and word[0] == "-":
            index = _option(words, index, shape, found)
        elif shape.assigns and is_assignment(word):
            name, _, value = word.partition("=")
            found.assigned[name] = value
            index += 1
        else:
            break
    found.rest = words[index:]
    return found


def _option(words: Words, index: int, shape: Shape, found: Cut) -> int:
    """Take one option; the index after it."""
    word = words[index]
    name, equals, _ = word.value.partition("=")
    if equals and name.startswith("--"):
        value = word.piece(len(name) + 1, len(word.value))
        found.options.append((name, value))
        if name in shape.script:
            found.scripts.append(value)
        return index + 1
    asks = word.value in shape.takes or word.value in shape.script
    if not asks and not name.startswith("--"):
        asks = f"-{word.value[-1]}" in shape.script  # combined: -lc, -exc
        name = f"-{word.value[-1]}" if asks else name
    if asks and index + 1 < len(words):
        found.options.append((name, words[index + 1]))
        if name in shape.script:
            found.scripts.append(words[index + 1])
        return index + 2
    found.flags.append(word.value)
    return index + 1


def is_assignment(word: str) -> bool:
    """Whether a word is ``NAME=value``."""
    name, equals, _ = word.partition("=")
    return bool(equals) and name.replace("_", "a").isalnum() and not name[0].isdigit()
