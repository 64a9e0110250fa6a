"""A checkout writes the same lockfile, manifest and settings that were judged.

## What it judges
Every `.gitattributes`: whether it lets another program, another encoding or an
expansion write the files that decide an install.

## Why
What is judged is the file as git stores it; what npm reads is the file as a
checkout writes it. With `filter=...` a program writes it, with
`working-tree-encoding=...` it is converted, with `ident` text is put in.
Two readers of one commit then read two lockfiles.

## Refused
- `filter=...` on a lockfile, a manifest or a settings file, by whatever pattern
- `working-tree-encoding=...` on one of them
- `ident` on one of them, also through a macro

## Passes
- `-diff`, `binary`, `text`, `eol=lf`, `merge=...`, `linguist-generated`: they show and merge
- the same attributes on other files, and taken back (`-filter`) further down

## Fix
Take these files out: `package-lock.json -filter -ident -working-tree-encoding`
as the last line of that `.gitattributes`.
"""

from __future__ import annotations

from lockward import globs, relevant
from lockward.bounds import GLOBS
from lockward.errors import BoundError, LockwardError, TooLargeError
from lockward.findings import Finding
from lockward.paths import folder_of, join
from lockward.remedies import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.model import Severity, Tree
    from lockward.policy import Policy

ID: Final = "lockfile-attributes"
SEVERITY: Final[Severity] = "error"
SUMMARY: Final = ".gitattributes let a checkout write something else than what is judged"

CHANGING: Final = ("filter", "working-tree-encoding", "ident")
LARGEST: Final = 1 << 20  # bytes
MOST_LINES: Final = 10_000
LONGEST: Final = 2048  # bytes of a line; git takes no longer one (attr.h, ATTR_MAX_LINE_LENGTH)
MOST_PATHS: Final = 2_000  # files of ours that are looked at
_OURS: Final = ("lockfile", "manifest", "settings")
_MACRO: Final = "[attr]"
_OFF: Final = " ".join(f"-{name}" for name in CHANGING)


def check(path: str, tree: Tree, policy: Policy) -> Iterator[Finding]:
    """One finding for each attribute that changes files of ours, at the line that sets it."""
    del policy
    try:
        data = tree.read(path, LARGEST) or b""
    except TooLargeError:
        yield _too_long(path, f"is longer than {LARGEST >> 20} MiB")
        return
    except LockwardError:
        return  # git reads no link
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    if len(lines) > MOST_LINES:
        yield _too_long(path, f"has more than {MOST_LINES} lines")
        return
    try:
        yield from _told(path, _state(path, tree, lines))
    except BoundError as fault:
        yield _too_long(path, fault.message)


def _state(path: str, tree: Tree, lines: list[str]) -> dict[tuple[str, str], tuple[int, str]]:
    """File and changing attribute -> the line that sets it last, and its word."""
    macros: dict[str, frozenset[str]] = {"binary": frozenset()}
    state: dict[tuple[str, str], tuple[int, str]] = {}
    ours: list[tuple[str, list[str]]] | None = None
    for number, line in enumerate(lines, 1):
        if not any(name in line for name in (*CHANGING, _MACRO, *list(macros)[1:])):
            continue
        pattern, words = _split(line)
        if pattern.startswith(_MACRO):
            macros[pattern.removeprefix(_MACRO)] = frozenset(_set(words, macros))
            continue
        if ours is None:
            ours = [(one, one.lower().split("/")) for one in _ours(tree, folder_of(path))]
        segments = _segments(pattern)
        for each, parts in ours if segments else ():
            GLOBS.spend(1 + len(segments) * len(parts))
            if _matches(segments, parts):
                _apply(state, each, words, macros, number)
    return state


def _split(line: str) -> tuple[str, list[str]]:
    """Pattern and attributes of a line (gitattributes(5)); "" for a comment."""
    text = line.strip()
    if text.startswith("#") or not text or len(line) > LONGEST:
        return "", []
    if text.startswith('"'):
        return _unquoted(text)
    pattern, *words = text.split()
    return pattern, words


_ESCAPES: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def _unquoted(text: str) -> tuple[str, list[str]]:
    """Pattern and attributes behind a C-style quoted pattern (git's quote.c, unquote_c_style)."""
    found: list[str] = []
    at = 1
    while at < len(text) and text[at] != '"':
        if text[at] == "\\":
            octal = text[at + 1 : at + 4]
            if len(octal) == 3 and set(octal) <= set("01234567"):  # noqa: PLR2004 - digits of a byte
                found.append(chr(int(octal, 8) & 255))
                at += 4
                continue
            at += 1
            found.append(_ESCAPES.get(text[at : at + 1], text[at : at + 1]))
        else:
            found.append(text[at])
        at += 1
    return "".join(found), text[at + 1 :].split()


def _set(words: list[str], macros: dict[str, frozenset[str]]) -> Iterator[str]:
    """The changing attributes that words set."""
    for word in words:
        name = word.partition("=")[0]
        if name in CHANGING and not word.endswith("=") and word[:1] not in "-!":
            yield name
        yield from macros.get(name, ())


def _apply(
    state: dict[tuple[str, str], tuple[int, str]],
    path: str,
    words: list[str],
    macros: dict[str, frozenset[str]],
    number: int,
) -> None:
    """What a line does to a file's attributes: the last word counts."""
    for word in words:
        name = word.lstrip("-!")
        if word[:1] in ("-", "!"):
            state.pop((path, name), None)
        for attribute in _set([word], macros):
            state[path, attribute] = (number, word)


def _ours(tree: Tree, folder: str) -> list[str]:
    """Files below a folder that decide an install, as seen from there."""
    inside = join(folder, "")
    found = [
        (relevant.kind(path) != "lockfile", path.removeprefix(inside))
        for path in tree.entries()
        if path.startswith(inside) and relevant.kind(path) in _OURS
    ]
    return [path for _, path in sorted(found)[:MOST_PATHS]]


def _segments(pattern: str) -> list[str]:
    """A pattern's parts between slashes; [] for one that names no file (gitattributes(5)).

    In doubt it names some: brackets stand for any character, and case is ignored, as
    git ignores it where the disk does.
    """
    if not pattern or pattern.endswith("/") or pattern.startswith("!"):
        return []
    return _without_brackets(pattern).lower().split("/")


def _matches(segments: list[str], parts: list[str]) -> bool:
    """Whether a pattern may name a file."""
    if len(segments) == 1:
        parts = parts[-1:]
    elif not segments[0]:
        segments = segments[1:]
    return globs.parts_match(segments, parts, dot=True)


def _without_brackets(pattern: str) -> str:
    """The pattern with ``?`` for each bracket expression, classes such as ``[[:alpha:]]`` too."""
    found: list[str] = []
    at = 0
    while at < len(pattern):
        end = _bracket_end(pattern, at) if pattern[at] == "[" else -1
        if end > 0:
            found.append("?")
            at = end
        elif pattern[at] == "\\":
            found.append(pattern[at : at + 2])
            at += 1
        else:
            found.append(pattern[at])
        at += 1
    return "".join(found)


def _bracket_end(pattern: str, start: int) -> int:
    """Where a bracket expression closes; -1 when it never does."""
    first = start + (2 if pattern[start + 1 : start + 2] in ("!", "^") else 1)
    end = pattern.find("]", first + 1)
    while end > 0 and pattern.count("[:", first, end + 1) > pattern.count(":]", first, end + 1):
        end = pattern.find("]", end + 1)
    if end > 0 and pattern[end - 1] == ":" and pattern[end + 1 : end + 2] == "]":
        end += 1
    return end


def _too_long(path: str, fact: str) -> Finding:
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=path,
        subject="too long",
        message=f"{path} {fact}, so what it does to lockfiles cannot be judged",
        why="git reads it all; nobody writes so many attributes by hand",
        remedy=(f"git checkout HEAD -- {quote(path)}",),
        undecided=True,
    )


def _told(path: str, state: dict[tuple[str, str], tuple[int, str]]) -> Iterator[Finding]:
    told: set[tuple[int, str]] = set()
    for (file, attribute), (number, word) in state.items():
        if (number, attribute) in told:
            continue
        told.add((number, attribute))
        yield Finding(
            rule=ID,
            severity=SEVERITY,
            path=path,
            line=number,
            package=None,
            subject=f"{attribute} {file}",
            message=f"{word} changes {file} on its way to disk",
            why="npm then reads a file that nobody has judged",
            remedy=(f"echo {quote(f'{file} {_OFF}')} >>{quote(path)}", f"git add {quote(path)}"),
        )
