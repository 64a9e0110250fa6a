"""``lockward diff --format markdown``: the same for a comment on a pull request."""

from __future__ import annotations

from lockward.reports import review_text
from lockward.reports.escape import value
from lockward.reports.markdown import code, inline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Final

    from lockward.lockdiff import Item
    from lockward.review import Review

OPEN: Final = 12  # rows of a list that does not fold
MOST: Final = 100  # rows of one list: a comment holds 65,536 characters
LARGEST: Final = 60_000
_CUT: Final = "\nCut here: the comment would be too long. `lockward diff` shows all.\n"


def render(reviews: Iterable[Review]) -> str:
    """Every changed lockfile under a heading, short enough for a comment."""
    text = "".join("\n".join(_lockfile(review)) + "\n" for review in reviews)
    if len(text) > LARGEST:
        text = text[: text.rindex("\n", 0, LARGEST)]
        if text.count("<details>") > text.count("</details>"):
            text += "\n\n</details>\n"
        text += _CUT
    return text or "No lockfile changed.\n"


def _lockfile(review: Review) -> Iterator[str]:
    yield f"### {code(value(review.lockfile.path, 200))}"
    yield ""
    yield inline(review_text.headline(review))
    yield ""
    if review.flags:
        yield "**Look first**"
        yield ""
        for flag in review.flags[:MOST]:
            yield f"- {flag.what}: {code(value(flag.item.name))} {code(review_text.told(flag))}"
        yield ""
    for group in review.groups:
        if group.items or group.changed.was != group.changed.spec:
            yield from _list(inline(review_text.requirement(group)), group.items)
    for title, items in (
        (review_text.OTHERS, review.others),
        (review_text.FREE, review.free),
    ):
        yield from _list(inline(title), items)
    if review.unexplained:
        yield from _list(f"**{inline(review_text.UNEXPLAINED)}**", review.unexplained, fold=False)


def _list(title: str, items: list[Item], *, fold: bool = True) -> Iterator[str]:
    """A list under its title; a long one folds away."""
    if not items and title in (inline(review_text.OTHERS), inline(review_text.FREE)):
        return
    folds = fold and len(items) > OPEN
    yield title
    yield ""
    if folds:
        yield f"<details><summary>{len(items)} packages</summary>"
        yield ""
    for item in items[:MOST]:
        yield f"- {_row(item)}"
    if len(items) > MOST:
        yield f"- {len(items) - MOST} more"
    yield ""
    if folds:
        yield "</details>"
        yield ""


_WORDS: Final = {"+": "new", "-": "gone", "~": "moved"}


def _row(item: Item) -> str:
    cause = f": {inline(value(item.cause, 120))}" if item.cause else ""
    word = _WORDS[review_text.sign(item)]
    return f"{word} {code(value(item.name))} {code(review_text.versions(item))}{cause}"
