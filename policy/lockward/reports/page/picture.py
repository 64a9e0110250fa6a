"""The first drawing of the tree, as SVG: what is seen without the script, and in print.

An icicle from left to right: a column per depth, the height of a box is the number
of ends behind it.  script.js draws the same at the real width of the window.
"""

from __future__ import annotations

from lockward.reports.page.text import h

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.reports.page.model import Model, Row

WIDTH: Final = 1160
COLUMNS: Final = 6
ROW: Final = 18  # pixels of an end, where there is room
TALLEST: Final = 560
LEAST: Final = 2.2  # pixels of a box that is drawn
LEAST_FOUND: Final = 2.5  # of one with a finding: always
LABEL: Final = 14  # pixels of a box that has room for its name
LETTER: Final = 6.7  # pixels, of the 12 px font
LARGE: Final = 400  # packages from which on only the branches with findings are drawn
MARKS: Final = ("", "low", "mid", "high")


def narrowed(model: Model) -> bool:
    """Whether the first drawing shows the branches with findings only."""
    return len(model.rows) > LARGE and any(row.own for row in model.rows)


def below(rows: list[Row]) -> list[int]:
    """The weight of the worst finding further right of each row."""
    worst = [0] * len(rows)
    for number in range(len(rows) - 1, 0, -1):
        parent = rows[number].parent
        worst[parent] = max(worst[parent], worst[number], rows[number].own)
    return worst


def svg(model: Model) -> str:
    """The drawing of the whole tree, or of its branches with findings."""
    rows = model.rows
    worst = below(rows)
    narrow = narrowed(model)
    keep = [not narrow or row.own or worst[n] for n, row in enumerate(rows)]
    ends = [0] * len(rows)
    for number in range(len(rows) - 1, -1, -1):
        if keep[number]:
            ends[number] = ends[number] or 1
            if number:
                ends[rows[number].parent] += ends[number]
    height = min(max(ends[0] * ROW, 60), TALLEST)
    unit = height / ends[0]
    deepest = max((row.depth for n, row in enumerate(rows) if keep[n]), default=0)
    width = WIDTH / min(COLUMNS, deepest + 1)
    boxes: list[str] = []
    labels: list[str] = []
    start = [0.0] * len(rows)
    cursor = [0.0] * len(rows)
    for number, row in enumerate(rows):
        if not keep[number] or row.depth >= COLUMNS:
            continue
        start[number] = cursor[row.parent] if number else 0.0
        cursor[number] = start[number]
        tall = ends[number] * unit
        if number:
            cursor[row.parent] += tall
        least = LEAST_FOUND if row.own or worst[number] else LEAST
        if tall >= LEAST or least == LEAST_FOUND:
            box = (row.depth * width, start[number], width, max(tall, least))
            boxes.append(_box(row, worst[number], box))
            if tall >= LABEL:
                labels.append(_label(row, box))
    label = f"The dependency tree: {len(rows) - 1} boxes; the table below lists every finding"
    return (
        f'<svg id="tree" viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{h(label)}">'
        f'{"".join(boxes)}<g aria-hidden="true">{"".join(labels)}</g></svg>'
    )


def _box(row: Row, worst: int, box: tuple[float, float, float, float]) -> str:
    x, y, width, height = box
    shape = f'x="{x:.1f}" y="{y:.1f}" width="{width - 1:.1f}" height="{height:.1f}"'
    drawn = f'<rect class="{f"b {MARKS[row.own]}".rstrip()}" {shape}/>'
    if worst:
        edge = f'x="{x + width - 5:.1f}" y="{y:.1f}" width="4" height="{height:.1f}"'
        drawn += f'<rect class="e {MARKS[worst]}" {edge}/>'
    return drawn


def _label(row: Row, box: tuple[float, float, float, float]) -> str:
    x, y, width, height = box
    room = int((width - 14) / LETTER)
    text = ("! " if row.own else "") + row.name
    text = text if len(text) <= room else f"{text[: max(0, room - 1)]}\u2026"
    middle = y + min(height, 40) / 2 + 4
    mark = f"t {MARKS[row.own]}".rstrip()
    return f'<text class="{mark}" x="{x + 5:.1f}" y="{middle:.1f}">{h(text)}</text>'
