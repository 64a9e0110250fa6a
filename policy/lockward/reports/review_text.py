"""``lockward diff`` for a terminal: per lockfile, look first, then what moved and why."""

from __future__ import annotations

from lockward.reports.escape import clip, value
from lockward.reports.summary import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Final

    from lockward.lockdiff import Item
    from lockward.reports.summary import Style
    from lockward.review import Flag, Group, Review

_LONGEST_PATH: Final = 200
_LEAST: Final = 40  # columns of a row, whatever the terminal
FREE: Final = "moved inside their ranges, and no requirement asks for it"
OTHERS: Final = "explained otherwise: displaced, deduplicated, or gone with what they hung below"
UNEXPLAINED: Final = "without a cause"


def render(reviews: Iterable[Review], style: Style) -> str:
    """Every changed lockfile, each line ended; a sentence when there is none."""
    parts = ["\n".join(_lockfile(review, style)) + "\n" for review in reviews]
    return "\n".join(parts) or "no lockfile changed\n"


def headline(review: Review) -> str:
    """``matched, 3 changed, 1 added, 0 removed (71 -> 72 packages)``."""
    verdict = review.diff.verdict
    counts = f"{len(verdict.changed)} changed, {len(verdict.added)} added"
    before, after = review.sizes
    size = f"{before} -> {after} packages" if before else f"new, {counted(after, 'package')}"
    loud = verdict.classification in ("unexplained", "tampered")
    word = verdict.classification.upper() if loud else verdict.classification
    return f"{word}, {counts}, {len(verdict.removed)} removed ({size})"


def requirement(group: Group) -> str:
    """``express ^4.18.0 -> ^4.19.0 in package.json: 3 packages changed below it``."""
    one = group.changed
    number = counted(len(group.items), "package") if group.items else "nothing"
    moved = f"{value(one.was) or '(new)'} -> {value(one.spec) or '(gone)'}"
    return f"{value(one.name)} {moved} {where(group)}: {number} changed below it"


def where(group: Group) -> str:
    """Which files ask for it, or what kind of directive does."""
    if not group.folders:
        return f"by an {value(group.changed.why)}"
    files = [f"{folder}/package.json".lstrip("/") for folder in group.folders]
    late = " since an earlier change" if group.changed.why == "catch-up" else ""
    more = f" and {len(files) - 2} more" if len(files) > 2 else ""  # noqa: PLR2004 - two are shown
    return f"in {', '.join(value(each) for each in files[:2])}{more}{late}"


def told(flag: Flag) -> str:
    """What a flag says beside its name: the new source, the versions."""
    return value(flag.text) if flag.text else versions(flag.item)


def sign(item: Item) -> str:
    """``+`` new, ``-`` gone, ``~`` moved."""
    return "+" if item.before is None else "-" if item.after is None else "~"


def versions(item: Item) -> str:
    """``1.0.0 -> 1.1.0``, or the one version there is."""
    old, new = item.version_before, item.version_after
    return f"{value(old)} -> {value(new)}" if old and new and old != new else value(new or old)


def _lockfile(review: Review, style: Style) -> Iterator[str]:
    path = value(review.lockfile.path, _LONGEST_PATH)
    yield style.paint("bold", f"{path}: {headline(review)}")
    if review.flags:
        yield style.paint("error", "look first")
        rows = [
            (flag.what, value(flag.item.name), told(flag), _line(review, flag.item))
            for flag in review.flags
        ]
        yield from _aligned([("!", *map(value, row)) for row in rows], style)
    for group in review.groups:
        if group.items or group.changed.was != group.changed.spec:
            yield requirement(group)
            yield from _rows(review, group.items, style)
    for title, items in (
        (OTHERS, review.others),
        (FREE, review.free),
        (UNEXPLAINED, review.unexplained),
    ):
        if items:
            colour = "error" if title == UNEXPLAINED else "bold"
            yield style.paint(colour, title)
            yield from _rows(review, items, style)
    if review.metadata:
        yield f"{counted(review.metadata, 'entry', 'entries')} changed in form only"


def _rows(review: Review, items: Iterable[Item], style: Style) -> Iterator[str]:
    rows = [
        (sign(item), value(item.name), versions(item), _line(review, item), value(item.cause, 120))
        for item in items
    ]
    return _aligned(rows, style)


def _line(review: Review, item: Item) -> str:
    return f"line {review.lockfile.line_of(item.pointer)}" if item.after is not None else ""


def _aligned(rows: Sequence[tuple[str, ...]], style: Style) -> Iterator[str]:
    columns = max(map(len, rows), default=0)
    widths = [max(len(row[n]) for row in rows if n < len(row)) for n in range(columns)]
    for row in rows:
        text = "  ".join(map(str.ljust, row, widths)).rstrip()
        yield clip(f"  {text}", max(style.width, _LEAST) if style.colour else 240)
