"""The nearest known word to one that is not known: what a "did you mean" says."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

LONGEST: Final = 64  # nobody misspells more; keeps the work bounded for hostile words
SHORTEST: Final = 3  # letters that can stand for a word that they begin
LISTED: Final = 8  # known words that a message lists at most


def distance(left: str, right: str) -> int:
    """Edits between two words: insert, delete, replace, or swap two neighbours.

    The optimal string alignment distance (restricted Damerau-Levenshtein).
    """
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that somebody who wrote ``word`` meant; "" when none is near.

    Near is a third of the word's length, at least two edits, or the beginning
    of one known word only; case and ``_`` for ``-`` count as nothing.
    """
    plain = word[:LONGEST].lower().replace("_", "-")
    known = tuple(known)
    begun = [candidate for candidate in known if candidate.startswith(plain)]
    if len(begun) == 1 and len(plain) >= SHORTEST:
        return begun[0]
    best, least = "", max(2, len(plain) // 3) + 1
    for candidate in known:
        edits = distance(plain, candidate[:LONGEST].lower().replace("_", "-"))
        if edits < least and edits < max(len(candidate), 2):
            best, least = candidate, edits
    return best


def hint(word: str, known: Iterable[str]) -> str:
    """``did you mean "x"?``, or else the known words, at most eight of them."""
    names = sorted(known)
    found = nearest(word, names)
    if found:
        return f'did you mean "{found}"?'
    more = f", {len(names) - LISTED} more" if len(names) > LISTED else ""
    return f"known: {', '.join(names[:LISTED])}{more}"
