"""Glob patterns on names and on paths, in time linear in pattern times text.

The syntax and meaning of minimatch, as @npmcli/map-workspaces uses it: ``*``,
``?``, ``[a-z]``, ``[!a]``, ``{a,b}``, ``**`` between slashes, a leading dot only
where the pattern writes it.  No regular expression is built: a pattern may come
from an attacker.
"""

from __future__ import annotations

from lockward.bounds import MOST_CACHED, cached
from lockward.errors import BoundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

    # a character; a class of characters (and whether it is negated); ANY; STAR
    Token = str | tuple[bool, tuple[tuple[str, str], ...]] | int

ANY: Final = 1
STAR: Final = 2
GLOBSTAR: Final = "**"
MOST_BRANCHES: Final = 256  # of one pattern's braces
LONGEST: Final = 4096  # characters of a pattern: no file system takes a longer path
_SHOWN: Final = 80  # characters of it in a message
WILD: Final = frozenset("*?[{\\")


def match(pattern: str, text: str) -> bool:
    """Whether the whole text matches; ``*`` crosses slashes and dots: for names."""
    return any(_tokens_match(tokens(branch), text) for branch in expand(pattern))


def match_path(pattern: str, path: str, *, dot: bool = False, extended: bool = False) -> bool:
    """Whether a path matches, segment by segment; ``**`` stands for any number of them.

    With ``dot``, wildcards match a leading dot too; ``extended`` is for extglobs.py.
    """
    parts = path.split("/")
    return any(
        parts_match(branch.split("/"), parts, dot=dot, extended=extended)
        for branch in expand(pattern)
    )


def expand(pattern: str) -> list[str]:
    """The alternatives that a pattern's braces stand for.

    BoundError when they are more than MOST_BRANCHES, or the pattern is longer than LONGEST.
    """
    if "{" not in pattern and len(pattern) <= LONGEST:
        return [pattern]
    if len(pattern) > LONGEST:
        raise BoundError(f"has a glob of more than {LONGEST:,} characters: {pattern[:_SHOWN]}…")
    done: list[str] = []
    todo = [pattern]
    while todo:
        if len(done) + len(todo) > MOST_BRANCHES:
            raise BoundError(
                f"has a glob whose braces stand for more than {MOST_BRANCHES} alternatives: "
                f"{pattern[:_SHOWN]}"
            )
        branch = todo.pop()
        inner = _innermost(branch)
        if inner is None:
            done.append(branch)
            continue
        start, end = inner
        todo.extend(
            f"{branch[:start]}{choice}{branch[end + 1 :]}"
            for choice in reversed(branch[start + 1 : end].split(","))
        )
    return done


def _innermost(pattern: str) -> tuple[int, int] | None:
    """Where the first brace pair with a comma and without braces inside stands."""
    start = -1
    for at, character in enumerate(pattern):
        if character == "{":
            start = at
        elif character == "}" and start >= 0:
            if "," in pattern[start:at]:
                return start, at
            start = -1
    return None


def tokens(pattern: str) -> Sequence[Token]:
    """A pattern without slashes, taken apart; the last thousands are kept."""
    known = _TOKENS.get(pattern)
    if known is None:
        if len(_TOKENS) >= MOST_CACHED:
            _TOKENS.clear()
        known = _TOKENS[pattern] = _read_tokens(pattern)
    return known


_TOKENS: Final[dict[str, Sequence[Token]]] = cached({})


def _read_tokens(pattern: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        end = _class_end(pattern, at) if character == "[" else -1
        if end > 0:
            found.append(_class(pattern[at + 1 : end]))
            at = end
        elif character == "*":
            if found[-1:] != [STAR]:
                found.append(STAR)
        elif character == "\\" and at + 1 < len(pattern):
            at += 1
            found.append(pattern[at])
        else:
            found.append(ANY if character == "?" else character)
        at += 1
    return found


def _class_end(pattern: str, start: int) -> int:
    """Where the bracket closes; -1 when it never does. ``]`` first is a member."""
    first = start + 1
    if pattern[first : first + 1] in ("!", "^"):
        first += 1
    return pattern.find("]", first + 1)


def _class(body: str) -> Token:
    negated = body[:1] in ("!", "^")
    if negated:
        body = body[1:]
    ranges: list[tuple[str, str]] = []
    at = 0
    while at < len(body):
        if body[at + 1 : at + 2] == "-" and at + 2 < len(body):
            ranges.append((body[at], body[at + 2]))
            at += 3
        else:
            ranges.append((body[at], body[at]))
            at += 1
    return (negated, tuple(ranges))


def one(token: Token, character: str) -> bool:
    """Whether one character fits a token that stands for one."""
    if token == ANY:
        return True
    if isinstance(token, tuple):
        negated, ranges = token
        return negated != any(low <= character <= high for low, high in ranges)
    return token == character


def _tokens_match(pattern: Sequence[Token], text: str) -> bool:
    """Two pointers and one place to return to: the last star may take more."""
    at = here = 0
    star = back = -1
    while at < len(text):
        token = pattern[here] if here < len(pattern) else None
        if token == STAR:
            star, back = here, at
            here += 1
        elif token is not None and one(token, text[at]):
            at, here = at + 1, here + 1
        elif star >= 0:
            back += 1
            at, here = back, star + 1
        else:
            return False
    return all(token == STAR for token in pattern[here:])


def _segment_matches(pattern: str, text: str, *, dot: bool, extended: bool) -> bool:
    if pattern == "*":  # by far the commonest
        return bool(text) and (dot or text[0] != ".") and text not in (".", "..")
    if extended and "(" in pattern:
        from lockward import extglobs  # hardly any pattern needs it

        if extglobs.has_group(pattern):
            return extglobs.matches(pattern, text, dot=dot)
    if WILD.isdisjoint(pattern):
        return pattern == text
    if text.startswith(".") and not pattern.startswith(".") and not dot:
        return False
    return text not in ("", ".", "..") and _tokens_match(tokens(pattern), text)


def parts_match(
    pattern: Sequence[str], parts: Sequence[str], *, dot: bool = False, extended: bool = False
) -> bool:
    """Whether the segments of a pattern without braces match those of a path."""
    at = here = 0
    star = back = -1
    while at < len(parts):
        if here < len(pattern) and pattern[here] == GLOBSTAR:
            star, back = here, at
            here += 1
        elif here < len(pattern) and _segment_matches(
            pattern[here], parts[at], dot=dot, extended=extended
        ):
            at, here = at + 1, here + 1
        elif star >= 0 and (dot or not parts[back].startswith(".")):
            back += 1
            at, here = back, star + 1
        else:
            return False
    return all(segment == GLOBSTAR for segment in pattern[here:])
