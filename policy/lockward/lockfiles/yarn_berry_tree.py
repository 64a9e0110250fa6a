"""The edges of a Berry lockfile: each requirement is looked up by its descriptor.

What a requirement's descriptor is: `lockward.lockfiles.yarn_berry_specs`.  A
workspace answers a range by its name where no descriptor does.
"""

from __future__ import annotations

from lockward import semver
from lockward.bounds import EXTENSIONS
from lockward.directives import Directives
from lockward.lockfiles.drawn import Drawn, importer_edges, keep, kept, live, package_edges
from lockward.lockfiles.yarn_berry_extensions import ROWS
from lockward.lockfiles.yarn_berry_specs import Book, bases, book_of, locator_of, names_of, split
from lockward.model import Edge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lockward.lockfiles.drawn import Answer
    from lockward.lockfiles.yarn_berry_extensions import Row
    from lockward.model import Lockfile, Manifest, Package


def resolve(
    lockfile: Lockfile,
    manifests: Mapping[str, Manifest],
    directives: Callable[[], Directives] = Directives,
) -> Drawn:
    """Every importer's and every entry's edges; a workspace's entry answers for its folder."""
    told = directives()
    book = book_of(lockfile, manifests.get(""), told)
    added = _additions(told.extensions)
    members = {one.name: one for one in lockfile.packages if one.source == "workspace"}
    recorded = {folder: importer.sections for folder, importer in lockfile.importers.items()}
    root = manifests.get("")
    forced = None if root is None else root.raw.get("resolutions")
    context = (book.top, forced, told.catalogs, told.replaced)
    known = kept(lockfile, context, names_of)
    edges: dict[str, tuple[Edge, ...]] = {}
    for folder, sections in live(recorded, manifests):
        locator = locator_of(book.anchors.get(folder or "."))
        edges[folder] = importer_edges(folder, sections, _answer(book, members, locator))
    roots = list(edges)
    for package in lockfile.packages:
        if package.source == "workspace":
            roots.append(package.key)
        else:
            own = known.get(package.key)
            if own is None:
                own = package_edges(package, _answer(book, members, locator_of(package)))
            edges[package.key] = own
    keep(lockfile, context, dict(edges))
    for package in lockfile.packages:
        more = added.get(package.name)
        if more and package.source != "workspace":
            edges[package.key] = (*edges[package.key], *_extended(package, more, book))
    return Drawn(edges, tuple(roots), _carried(lockfile, book))


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
