"""What the values of a policy may be: one checker per kind of value.

A checker takes what TOML gave and returns the value, or raises Wrong; the
caller (policyfile) knows the file, the key and the line.
"""

from __future__ import annotations

from lockward import patterns
from lockward.nearest import hint, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Final, TypeVar

    from lockward.model import Level
    from lockward.policy import Alongside, Refresh

    T = TypeVar("T")
    Word = TypeVar("Word", bound=str)

LEVELS: Final[tuple[Level, ...]] = ("off", "note", "warning", "error")
REFRESH: Final[tuple[Refresh, ...]] = ("reject", "trailer", "allow")
ALONGSIDE: Final[tuple[Alongside, ...]] = ("warn", "reject", "trailer", "allow")
LARGEST: Final = 1 << 40
_NAME: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~")
_HOST: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")


class Wrong(Exception):  # noqa: N818 - a signal to the caller, which makes the error
    """A value that a policy may not hold: ``must be …``, the text at fault, and a hint."""

    def __init__(self, must: str, word: str = "", hint: str = "") -> None:
        super().__init__(must)
        self.must: Final = must
        self.word: Final = word
        self.hint: Final = hint


def shown(value: object) -> str:
    """A TOML value as a message shows it."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    names = {"list": "an array", "dict": "a table"}
    return names.get(type(value).__name__, f"a {type(value).__name__}")


def text(value: object) -> str:
    """Any text that is not blank."""
    if not isinstance(value, str):
        raise Wrong(f"must be text, not {shown(value)}")
    if not value.strip():
        raise Wrong("must not be empty")
    return value


def array(each: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    """A checker for an array of what ``each`` checks."""

    def check(value: object) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise Wrong(f"must be an array, not {shown(value)}", hint=_bracketed(value))
        return tuple(each(item) for item in value)

    return check


def _bracketed(value: object) -> str:
    return f'did you mean ["{value}"]?' if isinstance(value, str) else ""


def choice(options: Collection[Word]) -> Callable[[object], Word]:
    """A checker for one of a few words."""

    def check(value: object) -> Word:
        for option in options:
            if option == value:
                return option
        words = ", ".join(f'"{option}"' for option in options)
        word = value if isinstance(value, str) else ""
        near = nearest(word, options)
        near = f'did you mean "{near}"?' if near else ""
        raise Wrong(f"must be one of {words}, not {shown(value)}", word, near)

    return check


def size(value: object) -> int:
    """A number of bytes, at least 1."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Wrong(f"must be a number of bytes, not {shown(value)}")
    if not 1 <= value <= LARGEST:
        raise Wrong(f"must be between 1 and {LARGEST}, not {value}")
    return value


def scope(value: object) -> str:
    """An npm scope: ``@acme``."""
    word = text(value)
    if word.startswith("@") and _is_name(word[1:]):
        return word
    bare = word.strip("@/*")
    right = f'did you mean "@{bare}"?' if _is_name(bare) else ""
    raise Wrong(f'must be a scope like "@acme", not {shown(word)}', word, right)


def _is_name(word: str) -> bool:
    """Whether a word is a part of a package name (validate-npm-package-name, old names too)."""
    return bool(word) and word[0] not in "._" and _NAME.issuperset(word)


def unscoped_glob(value: object) -> str:
    """A glob of unscoped package names: ``acme-*``."""
    word = text(value)
    if word.startswith("@"):
        raise Wrong("must be an unscoped name", word, "scopes belong in internal.scopes")
    if not word.strip("*?"):
        raise Wrong("must not match every name", word)
    if not _is_name(word.replace("*", "x").replace("?", "x")):
        raise Wrong(f'must be a package name or a glob like "acme-*", not {shown(word)}', word)
    return word


def package_glob(value: object) -> str:
    """A package, with a version or not: ``esbuild``, ``sharp@0.33.*``, ``@acme/*``."""
    word = text(value)
    name = word[1:].partition("@")[0] if word.startswith("@") else word.partition("@")[0]
    parts = name.split("/")
    if len(parts) == (2 if word.startswith("@") else 1) and all(map(_is_globbed, parts)):
        return word
    raise Wrong(f'must be a package like "esbuild" or "@acme/*", not {shown(word)}', word)


def _is_globbed(part: str) -> bool:
    return _is_name(part.replace("*", "x").replace("?", "x"))


def host(value: object) -> str:
    """A host, with a port or not: ``npm.acme.test``, ``npm.acme.test:4873``."""
    word = text(value)
    name, colon, port = word.partition(":")
    if _is_host(name) and (port.isascii() and port.isdigit() if colon else True):
        return word
    bare = word.partition("://")[2].partition("/")[0].lower() or word.lower()
    right = f'did you mean "{bare}"?' if bare != word and _is_host(bare) else ""
    raise Wrong(f"must be a host name without scheme and path, not {shown(word)}", word, right)


def _is_host(word: str) -> bool:
    return _HOST.issuperset(word) and all(word.split(".")) and not word.startswith("-")


def https_url(value: object) -> str:
    """An https URL without user, query and fragment."""
    word = text(value)
    rest = word.removeprefix("https://")
    authority = rest.partition("/")[0]
    name, colon, port = authority.lower().partition(":")
    if rest == word:
        near = f"https://{word.partition('://')[2]}" if "://" in word else f"https://{word}"
        raise Wrong(f"must be an https URL, not {shown(word)}", word, f'did you mean "{near}"?')
    if "@" in authority:
        raise Wrong("must not hold a user name or password", "", "credentials go into ~/.npmrc")
    if not _is_host(name) or (colon and not (port.isascii() and port.isdigit())):
        raise Wrong(f"must name a host, not {shown(word)}", word)
    if any(character <= " " or character in "?#\\\x7f" for character in rest):
        raise Wrong("must be an https URL without query, fragment, spaces", word)
    return word


def git_glob(value: object) -> str:
    """A git repository without scheme, or a glob of them: ``github.com/acme/*``."""
    word = text(value)
    name, slash, rest = word.partition("/")
    if slash and rest and _is_host(name) and ":" not in word and " " not in word:
        return word
    bare = word.partition("://")[2].rpartition("@")[2].removesuffix(".git")
    right = f'did you mean "{bare}"?' if "/" in bare and _is_host(bare.partition("/")[0]) else ""
    raise Wrong(f'must be like "github.com/acme/*", not {shown(word)}', word, right)


def ignore_pattern(value: object) -> str:
    """A gitignore pattern."""
    word = text(value)
    fault = patterns.fault(word)
    if fault:
        raise Wrong(f"must be a gitignore pattern; {shown(word)} {fault}", word)
    return word


def day(value: object) -> str:
    """A TOML date, as an ISO day."""
    if type(value).__name__ == "date":
        return str(value)
    near = ""
    if isinstance(value, str) and [len(part) for part in value.split("-")] == [4, 2, 2]:
        near = f"a date has no quotes: {value}"
    must = f"must be a date like 2027-01-31, not {shown(value)}"
    raise Wrong(must, value if isinstance(value, str) else "", near)


def one_of(noun: str, known: Collection[str]) -> Callable[[object], str]:
    """A checker for a word of a longer list (rule ids)."""

    def check(value: object) -> str:
        word = text(value)
        if word in known:
            return word
        raise Wrong(f"must be {noun}, not {shown(word)}", word, hint(word, known))

    return check
