"""The tree of the page: every package once, in preorder, as columns.

Row 0 is the repository.  Below it, where there are several lockfiles, one row
for each; then the repository's own projects and the packages under what brings
them in by the shortest way.  Branches with most ends come first, ties by key.
"""

from __future__ import annotations

from lockward.posture import facts
from lockward.posture.dominators import only_because_of
from lockward.reports.escape import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Final

    from lockward.findings import Finding, Report
    from lockward.posture.assess import Posture
    from lockward.posture.chains import Chains

    Key = tuple[str, str]  # lockfile, key of the entry; ("", "") the repository

DEV: Final = 1
OPTIONAL: Final = 2
SCRIPT: Final = 4
OURS: Final = 8
WEIGHT: Final = {"error": 3, "warning": 2, "note": 1}
_TOP: Final = ("", "")


class Row:
    """A box: what it shows, and its place."""

    __slots__ = ("depth", "drop", "flags", "key", "name", "own", "parent", "source", "users")

    def __init__(self, key: Key, name: str, parent: int, depth: int) -> None:
        self.key: Final = key
        self.name: Final = name  # with its version, escaped
        self.parent: Final = parent
        self.depth: Final = depth
        self.flags = 0
        self.source = -1
        self.users = 0
        self.drop = 0
        self.own = 0  # the weight of its worst finding


class Model:
    """Rows in preorder; ``sources`` are the names of places, most common first."""

    __slots__ = ("index", "rows", "sources")

    def __init__(self, report: Report, posture: Posture) -> None:
        self.sources: Final = tuple(posture.facts.sources)
        self.rows: Final = _rows(posture)
        self.index: Final = {row.key: number for number, row in enumerate(self.rows)}
        places = {name: number for number, name in enumerate(self.sources)}
        for path, tree in posture.trees.items():
            self._describe(path, tree, places)
        for finding in report.findings:
            row = self.row_of(finding)
            if row is not None:
                self.rows[row].own = max(self.rows[row].own, WEIGHT[finding.severity])

    def row_of(self, finding: Finding) -> int | None:
        """The row of a finding's package; None when it is about none."""
        return self.index.get((finding.path, finding.pointer)) if finding.pointer else None

    def _describe(self, path: str, tree: Chains, places: Mapping[str, int]) -> None:
        drops = only_because_of(tree.links, tree.owners)
        known: dict[str, str] = {}
        for key in tree.depths:
            package = tree.lockfile.by_key[key]
            row = self.rows[self.index[path, key]]
            row.flags = (
                DEV * (key in tree.dev)
                + OPTIONAL * (key in tree.optional)
                + SCRIPT * package.has_install_script
            )
            row.source = places.get(facts.source_of(package, known), -1)
            row.users = tree.dependants.get(key, 0)
            row.drop = drops.get(key, 0)

    def columns(self) -> dict[str, object]:
        """What the script reads: one list per column."""
        rows = self.rows
        return {
            "name": [row.name for row in rows],
            "parent": [row.parent for row in rows],
            "flags": [row.flags for row in rows],
            "source": [row.source for row in rows],
            "users": [row.users for row in rows],
            "drop": [row.drop for row in rows],
            "own": [row.own for row in rows],
            "sources": [escape(name) for name in self.sources],
        }


def _rows(posture: Posture) -> list[Row]:
    """Preorder without recursion: children are stacked in reverse."""
    children, names = _children(posture)
    ends = _ends(children)
    rows: list[Row] = []
    waiting: list[tuple[Key, int, int]] = [(_TOP, -1, 0)]
    while waiting:
        key, parent, depth = waiting.pop()
        number = len(rows)
        row = Row(key, names[key], parent, depth)
        row.flags = OURS
        rows.append(row)
        below = sorted(children.get(key, ()), key=lambda child: (-ends[child], child))
        waiting.extend((child, number, depth + 1) for child in reversed(below))
    return rows


def _children(posture: Posture) -> tuple[dict[Key, list[Key]], dict[Key, str]]:
    """Key -> the keys that hang below it, and every key's words."""
    children: dict[Key, list[Key]] = {}
    names: dict[Key, str] = {_TOP: escape(posture.name) or "this repository"}
    several = len(posture.trees) > 1
    for path, tree in posture.trees.items():
        top = (path, "\0") if several else _TOP
        if several:
            names[top] = escape(path)
            children.setdefault(_TOP, []).append(top)
        for key, parent in tree.parents.items():
            package = tree.lockfile.by_key[key]
            names[path, key] = escape(f"{package.alias} {package.version}".rstrip())
            children.setdefault(_place(path, parent, top), []).append((path, key))
        for owner in tree.owners:
            if (path, owner) in children and owner:
                names[path, owner] = escape(owner)
                children.setdefault(top, []).append((path, owner))
    return children, names


def _place(path: str, parent: str, top: Key) -> Key:
    return (path, parent) if parent else top


def _ends(children: Mapping[Key, Iterable[Key]]) -> dict[Key, int]:
    """The number of ends behind each key: the height of its box."""
    order: list[Key] = [_TOP]
    for key in order:
        order.extend(children.get(key, ()))
    ends: dict[Key, int] = {}
    for key in reversed(order):
        ends[key] = sum(ends[child] for child in children.get(key, ())) or 1
    return ends
