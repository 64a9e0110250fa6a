"""Windows command scripts, by the rules of cmd: ``^`` escapes, ``%NAME%``, ``if`` and ``for``."""

from __future__ import annotations

from lockward.ci.command import Context
from lockward.ci.names import mentions
from lockward.ci.shell.scope import moved
from lockward.ci.text import UNKNOWN, Builder, Text, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.ci.reading import Reading

_ENDS: Final = "&|()\n"
_BLANK: Final = " \t,;="
_COMPARISONS: Final = frozenset({"equ", "neq", "lss", "leq", "gtr", "geq"})
_ONE_OPERAND: Final = frozenset({"exist", "defined", "errorlevel", "cmdextversion"})
_MOST_VARIABLES: Final = 256


def read(text: Text, context: Context, reading: Reading, depth: int) -> None:
    """Give every command of a cmd text to the reading."""
    environment, directory = context.environment, context.directory
    values: dict[str, Text] = {name.lower(): texts[-1] for name, texts in context.variables.items()}
    for command in commands(text):
        words = _unwrapped(_expanded(command, values, reading))
        name = words[0].value.lower() if words else ""
        if name == "set" and len(words) > 1:
            _set(command, values)
            spelled, _, value = joined(command[1:]).value.strip('"').partition("=")
            environment = environment.having({spelled: value})
        elif name in ("cd", "chdir", "pushd") and len(words) > 1:
            target = words[-1].value.replace("\\", "/")
            directory = moved(directory, target) if ":" not in target else None
        elif words:
            inner = Context("cmd", environment, directory, context.variables)
            reading.argv(words, inner, depth)


def commands(text: Text) -> Iterator[list[Text]]:
    """The commands of a text as words; quotes stay where they are no word's hull."""
    words: list[Text] = []
    value = text.value
    index = 0
    while index < len(value):
        char = value[index]
        if char in _ENDS:
            if words:
                yield words
            words = []
            index += 1
        elif char in _BLANK:
            index += 1
        elif value.startswith("^\n", index):
            index += 2  # the next line goes on
        elif not words and (
            value.startswith("::", index) or value[index : index + 4].lower() == "rem "
        ):
            index = _line_end(value, index)
        elif char == "@" and not words:
            index += 1
        else:
            word, index = _word(text, index)
            words.append(word)
    if words:
        yield words


def _line_end(value: str, index: int) -> int:
    end = value.find("\n", index)
    return len(value) if end < 0 else end


def _word(text: Text, index: int) -> tuple[Text, int]:
    """One word: quotes are taken off, ``^`` takes the meaning from what follows it."""
    builder = Builder()
    value = text.value
    quoted = False
    start = index
    while index < len(value):
        char = value[index]
        if char == "\n" or (not quoted and (char in _ENDS or char in _BLANK)):
            break
        if char in '"^' and not (quoted and char == "^"):
            builder.append(text.piece(start, index))
            quoted = quoted != (char == '"')
            index += 1
            start = index
            if char == "^":
                start += value.startswith("\n", index)  # ^ at the end of a line joins it
                index = start + 1 if start == index else start
            continue
        index += 1
    builder.append(text.piece(start, min(index, len(value))))
    return builder.text(text.at(start)), max(index, start)


def _expanded(words: list[Text], values: dict[str, Text], reading: Reading) -> list[Text]:
    """``%NAME%`` and ``!NAME!`` replaced where the script has set them."""
    found: list[Text] = []
    for word in words:
        name = word.value.strip("%!").lower()
        if len(word.value) > 2 and word.value[0] in "%!" and word.value[-1] == word.value[0]:  # noqa: PLR2004 - %x%
            if name in values:
                reading.value(values[name])
                found += values[name].split()
            else:
                found.append(Text(UNKNOWN, (0,), (word.at(),)))
        else:
            found.append(word)
    return found


def _set(words: list[Text], values: dict[str, Text]) -> None:
    """``set NAME=text`` or ``set "NAME=text"``; ``=`` has cut the words already."""
    names = [word for word in words[1:] if not word.value.startswith("/")]
    if not names or len(values) > _MOST_VARIABLES:
        return
    name, equals, _ = names[0].value.partition("=")
    first = names[0].piece(len(name) + 1, len(names[0].value)) if equals else None
    rest = [*([first] if first else []), *names[1:]]
    if mentions(" ".join(word.value for word in rest)):
        values[name.lower()] = joined(rest)


def _unwrapped(words: list[Text]) -> list[Text]:
    """What ``if ...`` and ``for ... do`` run."""
    steps = 0
    while words and steps < 8:  # noqa: PLR2004 - if inside if inside for; bounds the work
        steps += 1
        name = words[0].value.lower()
        if name in ("else", "do"):
            words = words[1:]
        elif name == "if":
            words = _behind_condition(words[1:])
        elif name == "for":
            lower = [word.value.lower() for word in words]
            words = words[lower.index("do") + 1 :] if "do" in lower else []
        else:
            break
    return words


def _behind_condition(words: list[Text]) -> list[Text]:
    while words and words[0].value.lower() in ("not", "/i"):
        words = words[1:]
    if words and words[0].value.lower() in _ONE_OPERAND:
        return words[2:]
    if len(words) > 1 and words[1].value.lower() in _COMPARISONS:
        return words[3:]
    return words[2:]  # a==b: "=" has cut the words
