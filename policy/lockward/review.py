"""A lockfile's change as a reviewer wants it: what to look at first, then what moved and why.

Every changed package stands once: below the changed requirement that brought it
(``groups``), among what the change explains otherwise, among what moved inside its
range unasked, or among what nothing explains.
"""

from __future__ import annotations

from lockward import lockdiff
from lockward.lockdiff.answers import compare
from lockward.posture.chains import is_third_party
from lockward.posture.facts import source_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Final

    from lockward.graph import Graph
    from lockward.lockdiff import Item, LockDiff
    from lockward.lockdiff.requirements import Changed
    from lockward.model import Lockfile, Package
    from lockward.policy import Policy
    from lockward.project import Project

_FREE: Final = frozenset({"refresh", "rollback"})
_UNEXPLAINED: Final = frozenset({"unexplained", "tampered"})


class Flag:
    """Something to look at first: what it is, and the package."""

    __slots__ = ("item", "text", "what")

    def __init__(self, what: str, item: Item, text: str = "") -> None:
        self.what: Final = what
        self.item: Final = item
        self.text: Final = text


class Group:
    """A changed requirement, the projects that changed it alike, and what it brought."""

    __slots__ = ("changed", "folders", "items")

    def __init__(self, changed: Changed, folders: tuple[str, ...]) -> None:
        self.changed: Final = changed
        self.folders: Final = folders
        self.items: Final[list[Item]] = []


class Review:
    """What happened to one lockfile.

    ``sizes`` are its third parties' entries before and after; ``metadata`` counts
    the changes that are not about artifacts.
    """

    __slots__ = (
        "diff",
        "flags",
        "free",
        "groups",
        "lockfile",
        "metadata",
        "others",
        "sizes",
        "unexplained",
    )

    def __init__(self, before: Project | None, after: Project, policy: Policy) -> None:
        lockfile, graph = after.lockfile, after.graph
        assert lockfile is not None
        assert graph is not None
        self.lockfile: Final[Lockfile] = lockfile
        self.diff: Final[LockDiff] = lockdiff.of(before, after, policy)
        old = None if before is None else before.lockfile
        self.sizes: Final = (_size(old), _size(lockfile))
        items = [item for item in self.diff.items if item.classification != "metadata"]
        self.metadata: Final = len(self.diff.items) - len(items)
        self.unexplained: Final = [i for i in items if i.classification in _UNEXPLAINED]
        self.free: Final = [i for i in items if i.classification in _FREE]
        matched = [item for item in items if item.classification == "matched"]
        self.groups: Final = _groups(self.diff.matched_by, matched, graph)
        told = {id(item) for group in self.groups for item in group.items}
        self.others: Final = [item for item in matched if id(item) not in told]
        self.flags: Final = tuple(_flags(items, old))


def _size(lockfile: Lockfile | None) -> int:
    return 0 if lockfile is None else sum(map(is_third_party, lockfile.packages))


def _groups(
    requirements: Iterable[Changed], matched: Iterable[Item], graph: Graph
) -> tuple[Group, ...]:
    """Each changed requirement with what hangs below it and changed, each item once."""
    alike: dict[tuple[str, str, str, str], list[Changed]] = {}
    for one in requirements:
        alike.setdefault((one.why, one.name, one.was, one.spec), []).append(one)
    items = {item.pointer: item for item in matched if item.after is not None}
    told: set[str] = set()
    groups = []
    for ones in alike.values():
        folders = tuple(one.folder for one in ones if one.folder is not None)
        group = Group(ones[0], folders)
        for key in _below(folders, ones[0].name, graph, items.keys()):
            if key not in told:
                told.add(key)
                group.items.append(items[key])
        groups.append(group)
    return tuple(groups)


def _below(
    folders: Iterable[str], name: str, graph: Graph, changed: Iterable[str]
) -> Iterator[str]:
    """The keys of changed entries that a requirement leads to, over changed entries only."""
    candidates = set(changed)
    waiting = [
        edge.target.key
        for folder in folders
        for edge in graph.edges.get(folder, ())
        if edge.name == name and edge.target is not None
    ]
    for key in waiting:  # grows while it is walked
        if key in candidates:
            candidates.discard(key)
            yield key
            waiting.extend(
                edge.target.key for edge in graph.edges.get(key, ()) if edge.target is not None
            )


def _flags(items: Iterable[Item], old: Lockfile | None) -> Iterator[Flag]:
    """Install scripts, sources and downgrades that were not there before."""
    known: dict[str, str] = {}
    places = {source_of(package, known) for package in (() if old is None else old.packages)}
    told: set[tuple[str, str]] = set()
    for item in items:
        for flag in _of(item, places if old is not None else None, known):
            key = (flag.what, f"{item.name} {item.version_after}")
            if key not in told:
                told.add(key)
                yield flag


def _of(item: Item, places: set[str] | None, known: dict[str, str]) -> Iterator[Flag]:
    before, after = item.before, item.after
    if after is None or not is_third_party(after):
        return
    if after.has_install_script and not (before is not None and before.has_install_script):
        yield Flag("new install script", item)
    source = source_of(after, known)
    if places is not None and source not in places:
        yield Flag("new source", item, source)
    if before is not None and _went_down(before, after):
        yield Flag("downgrade", item, f"{before.version} -> {after.version}")


def _went_down(before: Package, after: Package) -> bool:
    return (
        before.name == after.name
        and before.version != after.version
        and compare(after.version, before.version) < 0
    )
