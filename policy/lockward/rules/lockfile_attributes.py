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

from lockward import patterns, relevant
from lockward.errors import LockwardError
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
MOST_PATHS: Final = 2_000  # files of ours that are looked at
_OURS: Final = ("lockfile", "manifest", "settings")
_MACRO: Final = "[attr]"
_OFF: Final = " ".join(f"-{name}" for name in CHANGING)


def check(path: str, tree: Tree, policy: Policy) -> Iterator[Finding]:
    """One finding for each attribute that changes files of ours, at the line that sets it."""
    del policy
    try:
        data = tree.read(path, LARGEST)
    except LockwardError:
        return  # git reads no link, and nothing this long
    lines = (data or b"").decode("utf-8", "surrogateescape").split("\n")[:MOST_LINES]
    macros: dict[str, frozenset[str]] = {"binary": frozenset()}
    state: dict[tuple[str, str], tuple[int, str]] = {}
    ours: list[str] | None = None
    for number, line in enumerate(lines, 1):
        if not any(name in line for name in (*CHANGING, _MACRO, *list(macros)[1:])):
            continue
        pattern, words = _split(line)
        if pattern.startswith(_MACRO):
            macros[pattern.removeprefix(_MACRO)] = frozenset(_set(words, macros))
            continue
        if ours is None:
            ours = _ours(tree, folder_of(path))
        for each in ours:
            if _matches(pattern, each):
                _apply(state, each, words, macros, number)
    yield from _told(path, state)


def _split(line: str) -> tuple[str, list[str]]:
    """Pattern and attributes of a line (gitattributes(5)); "" for a comment."""
    text = line.strip()
    if text.startswith("#") or not text:
        return "", []
    if text.startswith('"'):
        pattern, _, rest = text[1:].partition('"')
        return pattern, rest.split()
    pattern, *words = text.split()
    return pattern, words


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
        path.removeprefix(inside)
        for path in tree.entries()
        if path.startswith(inside) and relevant.kind(path) in _OURS
    ]
    return found[:MOST_PATHS]


def _matches(pattern: str, path: str) -> bool:
    """Whether a pattern names a file; one that ends in a slash names none (gitattributes(5))."""
    if not pattern or pattern.endswith("/") or pattern.startswith("!"):
        return False
    if patterns.fault(pattern):
        return False
    if patterns.gitignore((pattern,), path):
        # Unlike gitignore's, a pattern that names a folder says nothing of what is in it.
        deeper = "/" in path and patterns.gitignore((pattern,), folder_of(path) + "/x\x01")
        return not deeper or "*" in pattern
    return False


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
