"""Options and operands of a manager's command line, and kinds of named packages."""

from __future__ import annotations

from lockward.ci.text import ARGUMENTS, QUOTED, UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Final, Literal

    Package = Literal["none", "local", "pinned", "floating"]

_TARBALLS: Final = (".tgz", ".tar.gz", ".tar")
_LOCAL: Final = ("./", "../", "/", "~/", "file:", "link:", "portal:", "workspace:")


def table(words: str) -> frozenset[str]:
    """A set of words, written with blanks between them."""
    return frozenset(words.split())


class Arguments:
    """Options by name (the last value wins; None = given without one) and operands."""

    __slots__ = ("operands", "options")

    def __init__(self, operands: list[str], options: dict[str, str | None]) -> None:
        self.operands: Final = operands
        self.options: Final = options

    def has(self, *names: str) -> bool:
        """Whether one of these options is switched on: given, and not as ``=false``."""
        return any(name in self.options and self.options[name] != "false" for name in names)

    def value(self, *names: str) -> str:
        """The value of the first of these options that has one; ""."""
        return next((value for name in names if (value := self.options.get(name))), "")


def parse(words: Sequence[str], takes: Iterable[str]) -> Arguments:
    """Tell options from operands; ``takes`` are options whose value is the next word."""
    wants = frozenset(takes)
    operands: list[str] = []
    options: dict[str, str | None] = {}
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        if word == "--":
            operands += words[index:]
            break
        if len(word) < 2 or word[0] != "-":  # noqa: PLR2004 - "-" alone is an operand
            operands.append(word)
            continue
        name, equals, value = word.partition("=")
        if not equals and name in wants and index < len(words):
            value, equals = words[index], "="
            index += 1
        options.pop(name, None)
        options[name] = value if equals else None
    return Arguments(operands, options)


def is_unknown(word: str) -> bool:
    """Whether only a run can tell what a word is."""
    return word.startswith((UNKNOWN, ARGUMENTS))


def package_kind(word: str) -> Package:
    """What a named package is: local files, an exact version, or whatever is current."""
    if word.endswith(QUOTED):
        return "local"  # mostly what was packed just before
    if is_unknown(word) or word == ".":
        return "none"
    if word.startswith(_LOCAL) or word.endswith(_TARBALLS) or word == "..":
        return "local" if "://" not in word else "floating"
    version = word[1:].partition("@")[2].rpartition("@")[2]
    if UNKNOWN in version or ARGUMENTS in version:
        return "pinned"  # a matrix or a variable chooses it: on purpose
    return "pinned" if is_exact(version) else "floating"


def is_exact(version: str) -> bool:
    """Whether a version is exact: 1.2.3, 1.2.3-rc.1."""
    parts = version.removeprefix("v").removeprefix("=").split("+")[0].split("-")[0].split(".")
    return len(parts) == 3 and all(part.isdigit() for part in parts)  # noqa: PLR2004 - major.minor.patch


def kinds(words: Iterable[str]) -> dict[Package, str]:
    """The kinds of the named packages, each with the first package of that kind."""
    found: dict[Package, str] = {}
    for word in words:
        found.setdefault(package_kind(word), word)
    return found


def truth(value: str | None) -> bool | None:
    """A setting's value as a boolean; None when it is not set or cannot be told."""
    if value is None or is_unknown(value):
        return None
    return value.strip().lower() in ("true", "1", "yes", "on")
