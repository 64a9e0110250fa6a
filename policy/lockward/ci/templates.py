"""Templates inside shell text: ``${{ }}``, ``<< >>``, ``{{ }}``, ``$[[ ]]``.

A template whose values stand in the same file (a matrix, an input's default)
is replaced by each of them in turn, places kept; any other one by UNKNOWN, one
for each of its characters, so that lines and columns hold.
"""

from __future__ import annotations

from lockward.ci.text import UNKNOWN, Builder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Final

    from lockward.ci.text import Text

    Lookup = Callable[[Text], Sequence[Text]]

MOST_WORLDS: Final = 8
_MOST_TEMPLATES: Final = 2_000  # in one script


def stretches(value: str, opening: str, closing: str) -> list[tuple[int, int]]:
    """Where templates stand in a text."""
    found: list[tuple[int, int]] = []
    start = value.find(opening)
    while start >= 0 and len(found) < _MOST_TEMPLATES:
        end = value.find(closing, start + len(opening))
        if end < 0:
            break
        end += len(closing)
        found.append((start, end))
        start = value.find(opening, end)
    return found


def worlds(text: Text, opening: str, closing: str, lookup: Lookup) -> Iterator[Text]:
    """The text with its templates replaced: once for each set of values, at most eight."""
    places = stretches(text.value, opening, closing)
    if not places:
        yield text
        return
    inside = [text.piece(a + len(opening), b - len(closing)).strip() for a, b in places]
    choices = [tuple(lookup(expression)) for expression in inside]
    width = max(1, *(len(values) for values in choices))
    for world in range(min(width, MOST_WORLDS)):
        yield _spliced(text, places, choices, world)


def _spliced(
    text: Text,
    places: Sequence[tuple[int, int]],
    choices: Sequence[Sequence[Text]],
    world: int,
) -> Text:
    builder = Builder()
    done = 0
    for (start, end), values in zip(places, choices, strict=True):
        builder.append(text.piece(done, start))
        if values:
            builder.append(values[min(world, len(values) - 1)])
        else:
            builder.add(UNKNOWN * (end - start), text.at(start))
        done = end
    builder.append(text.piece(done, len(text.value)))
    return builder.text(text.at())
