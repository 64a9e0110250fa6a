"""The names of the package managers, and the cheap test for any of them in bytes or text."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# Program name -> the manager whose command line it takes.
PROGRAMS: Final = {
    "npm": "npm",
    "npmw": "npm",  # JHipster's wrapper
    "yarn": "yarn",
    "yarnpkg": "yarn",
    "pnpm": "pnpm",
    "pn": "pnpm",  # pnpm 12 ships this name as well
    "bun": "bun",
}
# Programs that run another one out of a package.
LAUNCHERS: Final = frozenset({"npx", "pnpx", "pnx", "bunx", "corepack"})

_ENDINGS: Final = (".cmd", ".exe", ".ps1", ".js", ".cjs")
_SUBSTRINGS: Final = ("npm", "yarn")  # no common word holds these
_WORDS: Final = ("bun", "pn", "corepack", "bunx", "pnx", "npx")
_QUOTING: Final = "\"'\\`^"
_UNQUOTE: Final = str.maketrans("", "", _QUOTING)


def tool_of(word: str, shell: str = "bash") -> str:
    """The manager that a command name means, with ``@version`` if it has one; "" for none.

    ``/usr/local/bin/npm`` and ``npm.cmd`` are npm; ``npm@6`` (what npx is
    given) is ``npm@6``.  Windows shells ignore case.
    """
    name = word.replace("\\", "/").rpartition("/")[2]
    if shell in ("cmd", "powershell"):
        name = name.lower()
    name, at, version = name.partition("@")
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    if name in PROGRAMS:
        return PROGRAMS[name] + at + version
    return ""


def base_of(word: str) -> str:
    """A command's name without folder and Windows ending, in lower case."""
    name = word.replace("\\", "/").rpartition("/")[2].lower()
    return name.removesuffix(".exe").removesuffix(".cmd").removesuffix(".bat")


def mentions(text: str) -> bool:
    """Whether a text may run a manager: names one, quotes and escapes inside it ignored."""
    plain = text.replace("\\\n", "").translate(_UNQUOTE).lower()
    return any(part in plain for part in _SUBSTRINGS) or any(
        _has_word(plain, word) for word in _WORDS
    )


def _has_word(text: str, word: str) -> bool:
    place = text.find(word)
    while place >= 0:
        end = place + len(word)
        before, after = text[place - 1 : place], text[end : end + 1]
        if not (before.isalnum() or after.isalnum()):
            return True
        place = text.find(word, end)
    return False
