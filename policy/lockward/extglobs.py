"""Extended globs in one segment of a path: ``!(a|b)``, ``@(a|b)``, ``?(a)``, ``*(a)``, ``+(a)``.

The meaning is minimatch's: ``!(a)`` stands for whatever does not read, with the rest of the
segment, as ``a`` with that rest.  One within another group is taken as text, and so never
met.  No regular expression is built: sets of places in the text are carried through the
pattern, and every step is counted (bounds.GLOBS).
Reference: minimatch, src/ast.ts, which @npmcli/map-workspaces asks (statelyai/xstate declares
``packages/!(xstate-dev)``).
"""

from __future__ import annotations

from lockward import globs
from lockward.bounds import GLOBS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Final

_KINDS: Final = frozenset("!@?*+")
_STEP: Final = 5  # what an item costs beside its places
_DEEPEST: Final = 8  # groups in groups; beyond it they are text


class Group:
    """``kind(one|two)``: each alternative is a sequence of tokens and groups."""

    __slots__ = ("alternatives", "kind")

    def __init__(self, kind: str, alternatives: Sequence[Sequence[globs.Token | Group]]) -> None:
        self.kind: Final = kind
        self.alternatives: Final = alternatives


def has_group(pattern: str) -> bool:
    """Whether a segment holds the beginning of a group."""
    at = pattern.find("(", 1)
    while at > 0:
        if pattern[at - 1] in _KINDS:
            return True
        at = pattern.find("(", at + 1)
    return False


def matches(pattern: str, text: str, *, dot: bool) -> bool:
    """Whether a whole segment matches; a leading dot only with ``dot``."""
    if text in ("", ".", "..") or (text[0] == "." and not dot):
        return False
    return len(text) in _ends(_read(pattern, 0), text, {0})


def _read(pattern: str, depth: int) -> list[globs.Token | Group]:
    """A segment, or an alternative at some depth, taken apart into tokens and groups."""
    found: list[globs.Token | Group] = []
    plain = at = 0
    while at < len(pattern):
        end = _closes(pattern, at) if pattern[at] in _KINDS and depth < _DEEPEST else -1
        if end < 0 or (depth and pattern[at] == "!"):
            at += 2 if pattern[at] == "\\" else 1
            continue
        found += globs.tokens(pattern[plain:at])
        parts = _alternatives(pattern[at + 2 : end])
        found.append(Group(pattern[at], [_read(part, depth + 1) for part in parts]))
        plain = at = end + 1
    return [*found, *globs.tokens(pattern[plain:])]


def _closes(pattern: str, start: int) -> int:
    """Where the group ends that begins here; -1 when none begins, or it never ends."""
    if pattern[start + 1 : start + 2] != "(":
        return -1
    depth = 0
    for at in range(start + 1, len(pattern)):
        depth += (pattern[at] == "(") - (pattern[at] == ")")
        if depth == 0:
            GLOBS.spend(at - start)
            return at
    GLOBS.spend(len(pattern) - start)
    return -1


def _alternatives(inner: str) -> list[str]:
    """What stands between bars, apart from those of groups within."""
    found = [""]
    depth = 0
    for character in inner:
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            found.append("")
        else:
            found[-1] += character
    return found


def _ends(items: Sequence[globs.Token | Group], text: str, starts: set[int]) -> set[int]:
    """The places to which items lead through a text, from any of some places."""
    for at, item in enumerate(items):
        GLOBS.spend(_STEP + len(starts))
        if not starts:
            break
        if isinstance(item, Group):
            starts = _through(item, text, starts, items[at + 1 :])
        elif item == globs.STAR:
            GLOBS.spend(len(text))
            starts = set(range(min(starts), len(text) + 1))
        else:
            starts = {one + 1 for one in starts if one < len(text) and globs.one(item, text[one])}
    return starts


def _through(
    group: Group, text: str, starts: set[int], rest: Sequence[globs.Token | Group]
) -> set[int]:
    """The places to which a group leads; what follows it decides about a negated one only."""
    if group.kind == "!":
        GLOBS.spend(len(starts) * len(text))
        return {
            end
            for start in starts
            if not _reads(group, text, start, rest)
            for end in range(start, len(text) + 1)
        }
    found = _once(group, text, starts)
    if group.kind in "*+":
        fresh = found
        while fresh:
            fresh = _once(group, text, fresh) - found
            found |= fresh
    return found | starts if group.kind in "*?" else found


def _reads(group: Group, text: str, start: int, rest: Sequence[globs.Token | Group]) -> bool:
    """Whether an alternative and what follows the group lead from a place to the end."""
    return any(len(text) in _ends([*items, *rest], text, {start}) for items in group.alternatives)


def _once(group: Group, text: str, starts: Iterable[int]) -> set[int]:
    places = set(starts)
    return {end for items in group.alternatives for end in _ends(items, text, places)}
