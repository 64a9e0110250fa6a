"""A history as one HTML page: lockfile changes by class, packages, findings, over time.

Drawn as static SVG, without any script; the table beneath lists what needed a
look.  What stands behind it came from whoever wrote the commits: all of it is
escaped, and nothing becomes a link.
"""

from __future__ import annotations

from lockward.reports.escape import sentence, value
from lockward.reports.page.text import asset, bdi, h, style_policy
from lockward.reports.summary import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Final

    from lockward.model import Class

WIDTH: Final = 1160
HEIGHT: Final = 140
MOST: Final = 116  # bars; more commits share one
LINES: Final = 3  # lockfiles whose size is drawn
ROWS: Final = 500
MESSAGES: Final = 3  # findings of one commit in the table
CLASSES: Final[tuple[Class, ...]] = (
    *("metadata", "matched", "refresh", "rollback", "unexplained", "tampered"),
)
SEVERITIES: Final = ("note", "warning", "error")
# Class or severity -> its colour in style.css; the words stand beside it, always.
_LOOKS: Final = {
    "metadata": "none",
    "matched": "s5",
    "refresh": "low",
    "rollback": "s3",
    "unexplained": "mid",
    "tampered": "high",
    "note": "low",
    "warning": "mid",
    "error": "high",
}
_LOOKED_AT: Final = frozenset(CLASSES[2:])


class Moment:
    """A commit that changed a lockfile or brought findings.

    ``classes`` and ``sizes`` (entries) are by the lockfile's path; ``moved`` are the
    numbers of packages added, removed and changed; ``findings`` counts by severity.
    """

    __slots__ = ("classes", "commit", "day", "findings", "messages", "moved", "sizes")

    def __init__(
        self,
        commit: str,
        day: str,
        *,
        classes: Mapping[str, Class],
        sizes: Mapping[str, int],
        moved: tuple[int, int, int],
        findings: Mapping[str, int],
        messages: tuple[str, ...] = (),
    ) -> None:
        self.commit: Final = commit
        self.day: Final = day
        self.classes: Final = classes
        self.sizes: Final = sizes
        self.moved: Final = moved
        self.findings: Final = findings
        self.messages: Final = messages

    @property
    def worst(self) -> str:
        """The worst class of its lockfiles; "" when none changed."""
        return max(self.classes.values(), key=CLASSES.index, default="")


def render(moments: Sequence[Moment], commits: int) -> str:
    """The page of so many commits, of which these matter; the oldest first."""
    style = asset("style.css")
    body = "".join(_body(moments, commits))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{style_policy(style)}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Lockfiles over time</title><style>{style}</style></head>\n"
        f"<body>{body}</body></html>\n"
    )


def _body(moments: Sequence[Moment], commits: int) -> Iterator[str]:
    changed = sum(bool(moment.classes) for moment in moments)
    yield '<a class="skip" href="#looked">To the commits that need a look</a>'
    yield "<header><div><h1>Lockfiles over time</h1>"
    yield f"<p>{counted(commits, 'commit')}, {changed} of them changed a lockfile.</p>"
    if moments:
        yield f'<p class="mute">{h(moments[0].day)} to {h(moments[-1].day)}</p>'
    yield "</div></header><main>"
    if moments:
        yield from _classes(moments)
        yield from _packages(moments)
        yield from _findings(moments)
    yield from _table([moment for moment in moments if _needs_a_look(moment)])
    yield "</main><footer><p>Make this page again: "
    yield "<code>lockward history --html --output history.html</code></p></footer>"


def _needs_a_look(moment: Moment) -> bool:
    return moment.worst in _LOOKED_AT or bool(moment.findings.get("error"))


# The drawings


def _classes(moments: Sequence[Moment]) -> Iterator[str]:
    rows = [dict.fromkeys([moment.worst] if moment.worst else [], 1) for moment in moments]
    totals: dict[str, int] = {name: sum(name in row for row in rows) for name in CLASSES}
    yield _head("classes", "Lockfile changes by class")
    yield from _bars(moments, rows, CLASSES, totals)
    yield "</section>"


def _findings(moments: Sequence[Moment]) -> Iterator[str]:
    rows = [moment.findings for moment in moments]
    totals = {name: sum(row.get(name, 0) for row in rows) for name in SEVERITIES}
    yield _head("new", "New findings")
    if not any(totals.values()):
        yield "<p>None.</p></section>"
        return
    yield from _bars(moments, rows, SEVERITIES, totals)
    yield "</section>"


def _head(name: str, title: str) -> str:
    return f'<section aria-labelledby="h-{name}"><h2 id="h-{name}">{title}</h2>'


def _bars(
    moments: Sequence[Moment],
    rows: Sequence[Mapping[str, int]],
    names: Sequence[str],
    totals: Mapping[str, int],
) -> Iterator[str]:
    """Stacked bars, a bar for each commit or for as many as must share one; and their key."""
    share = -(-len(rows) // MOST)
    groups = [rows[at : at + share] for at in range(0, len(rows), share)]
    sums = [{name: sum(row.get(name, 0) for row in group) for name in names} for group in groups]
    most = max(1, *(sum(each.values()) for each in sums))
    width = min(WIDTH / len(groups), 40)
    boxes = []
    for number, each in enumerate(sums):
        top = float(HEIGHT)
        for name in names:
            if each[name]:
                tall = each[name] * HEIGHT / most
                top -= tall
                boxes.append(
                    f'<rect class="b {_LOOKS[name]}" x="{number * width:.1f}" y="{top:.1f}"'
                    f' width="{max(width - 1, 1):.1f}" height="{tall:.1f}"/>'
                )
    said = ", ".join(f"{totals[name]} {name}" for name in names if totals[name])
    yield _svg(said, "".join(boxes))
    yield _days(moments)
    shared = "" if share == 1 else f", {share} commits to a bar"
    yield '<p class="mute">'
    for name in names:
        if totals[name]:
            swatch = f'<span class="swatch {_LOOKS[name]}"></span>'
            yield f"{swatch}{name} {totals[name]} "
    yield f"{shared.lstrip(', ')}</p>"


def _svg(label: str, inner: str) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{h(label)}"'
        f' preserveAspectRatio="none">{inner}</svg>'
    )


def _days(moments: Sequence[Moment]) -> str:
    first, last = moments[0].day, moments[-1].day
    return f'<p class="mute ends"><span>{h(first)}</span> <span>{h(last)}</span></p>'


def _packages(moments: Sequence[Moment]) -> Iterator[str]:
    """A line for each of the lockfiles that changed most often."""
    seen: dict[str, list[tuple[int, int]]] = {}
    for number, moment in enumerate(moments):
        for path, size in moment.sizes.items():
            seen.setdefault(path, []).append((number, size))
    chosen = sorted(seen.items(), key=lambda row: (-len(row[1]), row[0]))[:LINES]
    if not chosen:
        return
    most = max(size for _, points in chosen for _, size in points) or 1
    lines = []
    for look, (_, points) in enumerate(chosen, 1):
        lines.append(f'<path class="l l{look}" d="{_steps(points, len(moments), most)}"/>')
    yield _head("packages", "Packages")
    said = "; ".join(f"{path}: {points[0][1]} to {points[-1][1]}" for path, points in chosen)
    yield _svg(f"at most {most} entries; {said}", "".join(lines))
    yield _days(moments)
    yield "<ul>"
    for look, (path, points) in enumerate(chosen, 1):
        sizes = [size for _, size in points]
        yield f'<li><span class="swatch w{look}"></span>{bdi(value(path, 200))}: '
        yield f"{sizes[0]} entries at first, {sizes[-1]} at last, "
        yield f"{min(sizes)} at least, {max(sizes)} at most</li>"
    yield "</ul></section>"


def _steps(points: Iterable[tuple[int, int]], count: int, most: int) -> str:
    """An SVG path that keeps its height until the next change."""
    path = ""
    for number, size in points:
        x = number * WIDTH / max(1, count - 1)
        y = 4 + (HEIGHT - 8) * (1 - size / most)
        path += f"H{x:.1f}V{y:.1f}" if path else f"M{x:.1f} {y:.1f}"
    return f"{path}H{WIDTH}"


# The table


def _table(moments: Sequence[Moment]) -> Iterator[str]:
    yield '<section id="looked" aria-labelledby="h-looked"><h2 id="h-looked">'
    yield "Commits that need a look</h2>"
    if not moments:
        yield "<p>None: every change of a lockfile was matched by a requirement.</p></section>"
        return
    yield '<div class="scroll" tabindex="0" role="region" aria-label="Commits, a table"><table>'
    yield '<thead><tr><th scope="col">Commit</th><th scope="col">Day</th>'
    yield '<th scope="col">Class</th><th scope="col">What</th></tr></thead><tbody>'
    for moment in list(reversed(moments))[:ROWS]:
        yield from _row(moment)
    yield "</tbody></table></div>"
    if len(moments) > ROWS:
        yield f"<p>{len(moments) - ROWS} older ones: lockward history --format jsonl</p>"
    yield "</section>"


def _row(moment: Moment) -> Iterator[str]:
    worst = moment.worst or "-"
    yield f'<tr><td class="sev"><code>{h(moment.commit[:12])}</code></td>'
    yield f'<td class="sev">{h(moment.day)}</td><td class="sev">'
    yield f'<span class="swatch {_LOOKS.get(worst, "none")}"></span>{h(worst)}</td><td>'
    added, removed, changed = moment.moved
    paths = ", ".join(bdi(value(path, 200)) for path in list(moment.classes)[:LINES])
    if paths:
        yield f"{paths}: {changed} changed, {added} added, {removed} removed"
    for message in moment.messages[:MESSAGES]:
        yield f"<br>{h(sentence(message))}"
    more = len(moment.messages) - MESSAGES
    yield f"<br>and {counted(more, 'more finding')}</td></tr>" if more > 0 else "</td></tr>"
