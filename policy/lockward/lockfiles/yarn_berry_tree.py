"""The edges of a Berry lockfile: each requirement is looked up by its descriptor.

What a requirement's descriptor is: `lockward.lockfiles.yarn_berry_specs`.  A
workspace answers a range by its name where no descriptor does.
"""

from __future__ import annotations

from lockward import semver
from lockward.bounds import EXTENSIONS
from lockward.directives import Directives
from lockward.lockfiles.drawn import Drawn, importer_edges, keep, kept, live, package_edges
from lockward.lockfiles.ondemand import Sparse, are_two
from lockward.lockfiles.yarn_berry_extensions import ROWS
from lockward.lockfiles.yarn_berry_specs import Book, bases, book_of, locator_of, names_of, split
from lockward.model import Edge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from typing import Final

    from lockward.lockfiles.drawn import Answer
    from lockward.lockfiles.yarn_berry_extensions import Row
    from lockward.model import Lockfile, Manifest, Package


def resolve(
    lockfile: Lockfile,
    manifests: Mapping[str, Manifest],
    directives: Callable[[], Directives] = Directives,
) -> BerryTree | Drawn:
    """Every importer's and every entry's edges; a workspace's entry answers for its folder."""
    tree = BerryTree(lockfile, manifests, directives())
    if not are_two(lockfile.path):
        _FIRST.clear()
        return tree.drawn()
    if _FIRST and tree.is_like(_FIRST[0]):
        tree.twin = _FIRST[0]
    _FIRST[:] = [tree]
    return tree


# The tree of the first of two states: the second takes over edges that both have.
_FIRST: Final[list[BerryTree]] = []


class BerryTree(Sparse):
    """See lockward.graph.Resolution; edges are drawn when they are asked for."""

    __slots__ = (
        *("_added", "_book", "_carried", "_context", "_folders", "_members", "_moved"),
        *("roots", "twin"),
    )

    def __init__(
        self, lockfile: Lockfile, manifests: Mapping[str, Manifest], told: Directives
    ) -> None:
        root = manifests.get("")
        forced = None if root is None else root.raw.get("resolutions")
        workspaces = [one for one in lockfile.packages if one.source == "workspace"]
        recorded = {folder: importer.sections for folder, importer in lockfile.importers.items()}
        self._book: Final = book_of(lockfile, root, told)
        self._added: Final = _additions(told.extensions)
        self._members: Final = {one.name: one for one in workspaces}
        self._folders: Final = dict(live(recorded, manifests))
        self._context: Final = (self._book.top, forced, told.catalogs, told.replaced)
        self._carried: dict[str, tuple[str, ...]] | None = None
        self._moved: frozenset[str] | None = None
        self.twin: BerryTree | None = None  # of a state that is like this one
        self.roots: Final = (*self._folders, *(one.key for one in workspaces))
        own = (one.key for one in lockfile.packages if one.source != "workspace")
        super().__init__(lockfile, (*self._folders, *own))

    @property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        """A patched entry comes with the entry that it patches."""
        if self._carried is None:
            self._carried = _carried(self.lockfile, self._book)
        return self._carried

    def draw(self, source: str) -> tuple[Edge, ...]:
        """See Sparse."""
        package = self.lockfile.by_key.get(source)
        if package is None or package.source == "workspace":
            return self._of_folder(source)
        return (*self._of_package(package), *self._more(package))

    def is_like(self, other: BerryTree) -> bool:
        """Whether all but entries and projects is equal, so that equal edges may be shared."""
        return self.lockfile.path == other.lockfile.path and self._context == other._context

    def _shared(self, folder: str) -> tuple[Edge, ...] | None:
        """The edges of a project that the twin drew, where they are the same; None else.

        Its package.json is the same, and no entry changed of a name that it asks for.
        """
        twin = self.twin
        edges = None if twin is None else twin.edges.held(folder)
        sections = self._folders[folder]
        if twin is None or edges is None or twin.place(folder) != self.place(folder):
            return None
        if self._moved is None:
            self._moved = frozenset(_moved(self.lockfile, twin.lockfile))
        apart = self._moved.isdisjoint
        return edges if all(map(apart, sections.values())) else None

    def place(self, folder: str) -> tuple[str, int]:
        """What a project's edges start from: its locator, and which object its sections are."""
        locator = locator_of(self._book.anchors.get(folder or "."))
        return locator, id(self._folders.get(folder))

    def _of_folder(self, folder: str) -> tuple[Edge, ...]:
        shared = self._shared(folder)
        if shared is not None:
            return shared
        locator = locator_of(self._book.anchors.get(folder or "."))
        answer = _answer(self._book, self._members, locator)
        return importer_edges(folder, self._folders[folder], answer, first="devDependencies")

    def _of_package(self, package: Package) -> tuple[Edge, ...]:
        return package_edges(package, _answer(self._book, self._members, locator_of(package)))

    def _more(self, package: Package) -> Iterator[Edge]:
        rows = self._added.get(package.name)
        return _extended(package, rows, self._book) if rows else iter(())

    def drawn(self) -> Drawn:
        """All edges, those of the last state where they hold."""
        lockfile = self.lockfile
        known = kept(lockfile, self._context, names_of)
        edges = {folder: self._of_folder(folder) for folder in self._folders}
        own = [one for one in lockfile.packages if one.source != "workspace"]
        for package in own:
            edges_of_it = known.get(package.key)
            edges[package.key] = self._of_package(package) if edges_of_it is None else edges_of_it
        keep(lockfile, self._context, dict(edges))
        for package in own:
            if package.name in self._added:
                edges[package.key] = (*edges[package.key], *self._more(package))
        return Drawn(edges, self.roots, self.carried)

    def askers(self, names: Iterable[str]) -> Collection[str]:
        """See Sparse; an entry is asked for under any name of its key."""
        wanted = {*names}
        for package in self.lockfile.packages:
            if package.alias in wanted:
                wanted.update(names_of(package.key))
                wanted.add(package.name)
        apart, added = wanted.isdisjoint, self._added
        folders = [
            folder
            for folder, sections in self._folders.items()
            if not all(map(apart, sections.values()))
        ]
        found = [one.key for name in wanted for one in self._book.requiring(name)]
        more = [one.key for one in self.lockfile.packages if one.name in added]
        return [*folders, *found, *more]


def _moved(one: Lockfile, two: Lockfile) -> Iterator[str]:
    """The names of entries that differ between two states."""
    since = one.since(two.by_key)
    for by_key in (one.by_key, two.by_key):
        for key in (*since.changed, *since.gone):
            if key in by_key:
                yield by_key[key].name
                yield from names_of(key)


def _answer(book: Book, members: Mapping[str, Package], locator: str) -> Answer:
    """Answers by the descriptor, else a workspace by its name alone."""

    def answer(name: str, spec: str) -> Package | None:
        return book.answer(locator, name, spec) or members.get(name)

    return answer


def _additions(extensions: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[Row, ...]]:
    """Package -> what packageExtensions add, those of .yarnrc.yml and Yarn's own."""
    own: dict[str, list[Row]] = {}
    for key, specs in extensions.items():
        package, versions = split(key)
        rows = ((versions or "*", name, spec) for name, spec in specs.items())
        own.setdefault(package, []).extend(rows)
    return {**ROWS, **{name: (*ROWS.get(name, ()), *rows) for name, rows in own.items()}}


def _extended(package: Package, rows: tuple[Row, ...], book: Book) -> Iterator[Edge]:
    """Edges that an extension adds and the lockfile does not record: where a key answers them.

    Which of Yarn's own there are depends on its version: without an answer there is no edge.
    """
    known = {*package.dependencies, *package.optional_dependencies}
    EXTENSIONS.spend(len(rows))
    for versions, name, spec in rows:
        if name in known or not semver.satisfies(
            package.version, versions, include_prerelease=True
        ):
            continue
        target = book.answer(locator_of(package), name, spec)
        if target is not None:
            known.add(name)
            yield Edge(package.key, name, spec, "prod", target)


def _carried(lockfile: Lockfile, book: Book) -> dict[str, tuple[str, ...]]:
    """A patched entry comes with the entry that it patches."""
    carried: dict[str, tuple[str, ...]] = {}
    for package in lockfile.packages:
        found = [book.entries[base].key for base in bases(package) if base in book.entries]
        if found:
            carried[package.key] = tuple(dict.fromkeys(found))
    return carried
