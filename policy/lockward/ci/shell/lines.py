"""Text whose structure did not parse: read line by line, with care.

Each line loses its comment and what marks it as an item, a key or an
instruction; what is left is cut at operators, and each part into words.  Names
and messages (``name: npm install``) are no commands.
"""

from __future__ import annotations

from lockward.ci.names import mentions
from lockward.ci.shell.options import is_assignment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.ci.text import Text

# Keys and instructions whose value is a command.
_COMMAND_KEYS: Final = frozenset(
    {
        *("run", "script", "before_script", "after_script", "command", "commands", "cmd", "bash"),
        *("sh", "install", "before_install", "build", "pwsh", "powershell", "entrypoint"),
    }
)
_LEADS: Final = ("then ", "else ", "do ", "if ", "elif ", "while ", "until ", "! ", "{ ", "( ")
_DATA: Final = frozenset({"cat", "tee"})
_LONGEST: Final = 16_384  # of a line: more is no line that somebody wrote


def commands(text: Text) -> Iterator[list[Text]]:
    """The argument lists that the lines of a text may run; ``cd folder`` among them."""
    start = 0
    delimiter = ""
    while start < len(text.value):
        end = _line_end(text.value, start)
        line = text.piece(start, min(end, start + _LONGEST))
        start = end + 1
        if delimiter:  # inside a heredoc that is data
            delimiter = "" if line.value.strip() == delimiter else delimiter
            continue
        delimiter = _data(line.value)
        if mentions(line.value) or "cd " in line.value:
            yield from _line(_without_lead(line))


def _line_end(value: str, start: int) -> int:
    """Where a line ends that a backslash at its end may carry on."""
    end = value.find("\n", start)
    while end > start and value[end - 1] == "\\" and end - start < _LONGEST:
        end = value.find("\n", end + 1)
    return len(value) if end < 0 else end


def _data(line: str) -> str:
    """The delimiter of a heredoc that a line opens, unless something runs what stands in it."""
    before, opens, behind = line.partition("<<")
    if not opens or behind[:1] == "<" or not _DATA.intersection(before.replace("|", " ").split()):
        return ""
    word = behind.lstrip("-~ ").split(" ", 1)[0]
    runs = "|" in behind or (
        "|" in before and not _DATA.intersection(before.split("|")[-1].split())
    )
    return "" if runs else word.strip("\"'\\")


def _without_lead(line: Text) -> Text:
    """A line without ``- `` and ``run: ``; empty where its key says that it is no command."""
    line = line.strip()
    while line.value.startswith("- "):
        line = line.piece(2, len(line.value)).strip()
    first = line.value.split(" ", 1)[0]
    if first.upper() in ("RUN", "CMD", "ENTRYPOINT", "ONBUILD"):
        return _without_lead(line.piece(len(first), len(line.value)))
    key = first.rstrip(":").strip("{[\"'")
    if not first.endswith(":") or not key.replace("-", "a").replace("_", "a").isalnum():
        return _unquoted(line)
    if key.lower() not in _COMMAND_KEYS and not key.lower().endswith("command"):
        return line.piece(0, 0)
    return _unquoted(line.piece(len(first), len(line.value)).strip())


def _unquoted(line: Text) -> Text:
    """The inside of a string that starts the line; a string of one word stays as it is."""
    quote = line.value[:1]
    end = line.value.find(quote, 1) if quote in ("'", '"') else -1
    inside = line.piece(1, max(end, 1))
    return (
        inside if " " in inside.value and not line.value[end + 1 :].lstrip()[:1].isalnum() else line
    )


def _line(line: Text) -> Iterator[list[Text]]:
    words: list[Text] = []
    target = False  # whether the next word is a redirection's
    for word in _words(line):
        if word is None:
            if words:
                yield words
            words = []
            target = False
        elif target or not (words or not is_assignment(word.value)):
            target = False  # NAME=value before a command is none of its words
        elif word.value.lstrip("0123456789")[:1] in (">", "<"):
            target = word.value.lstrip("0123456789").strip("<>&|") == ""
        else:
            words.append(word)
    if words:
        yield words


def _words(line: Text) -> Iterator[Text | None]:
    """The words of a line, quotes taken off; None between commands."""
    value = line.value
    index = 0
    while index < len(value):
        char = value[index]
        if char.isspace():
            index += 1
        elif value.startswith("\\\n", index):
            index += 2
        elif char == "#" and (index == 0 or value[index - 1].isspace()):
            return
        elif char in ";&|(){}`":
            index += 1
            yield None
        else:
            end, word = _word(line, index)
            index = end
            if word.value in _KEYWORDS:
                yield None
            else:
                yield word


_KEYWORDS: Final = frozenset(lead.strip() for lead in _LEADS)


def _word(line: Text, start: int) -> tuple[int, Text]:
    value = line.value
    if value[start] in "\"'":
        end = value.find(value[start], start + 1)
        end = len(value) if end < 0 else end
        return end + 1, line.piece(start + 1, end)
    end = start
    while end < len(value) and not value[end].isspace() and value[end] not in ";&|()`\"'":
        end += 1
    return max(end, start + 1), line.piece(start, max(end, start + 1))
