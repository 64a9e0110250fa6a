"""The edges of a Berry lockfile: each requirement is looked up by its descriptor.

What a requirement's descriptor is: `lockward.lockfiles.yarn_berry_specs`.  A
workspace answers a range by its name where no descriptor does.
"""

from __future__ import annotations

from lockward.lockfiles.drawn import Drawn, importer_edges, live, package_edges
from lockward.lockfiles.yarn_berry_specs import Book, bases, locator_of, split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lockward.lockfiles.drawn import Answer
    from lockward.model import Edge, Lockfile, Manifest, Package


def resolve(lockfile: Lockfile, manifests: Mapping[str, Manifest]) -> Drawn:
    """Every importer's and every entry's edges; a workspace's entry answers for its folder."""
    book = Book(lockfile, manifests.get(""))
    fallback = _Fallback(lockfile)
    recorded = {folder: importer.sections for folder, importer in lockfile.importers.items()}
    edges: dict[str, tuple[Edge, ...]] = {}
    for folder, sections in live(recorded, manifests):
        locator = locator_of(book.anchors.get(folder or "."))
        edges[folder] = importer_edges(folder, sections, _answer(book, fallback, locator))
    roots = list(edges)
    for package in lockfile.packages:
        if package.source == "workspace":
            roots.append(package.key)
        else:
            edges[package.key] = package_edges(
                package, _answer(book, fallback, locator_of(package))
            )
    return Drawn(edges, tuple(roots), _carried(lockfile, book))


class _Fallback:
    """Answers by the name alone, where the descriptor is not known."""

    def __init__(self, lockfile: Lockfile) -> None:
        self.members = {
            package.name: package for package in lockfile.packages if package.source == "workspace"
        }
        self.named: dict[str, Package] = {}
        for package in lockfile.packages:
            for descriptor in package.key.split(", "):
                self.named.setdefault(split(descriptor)[0], package)

    def answer(self, name: str, spec: str) -> Package | None:
        """A workspace; for ``catalog:``, whose range stands in .yarnrc.yml, any of the name."""
        if spec.startswith("catalog:"):
            return self.named.get(name)
        return self.members.get(name)


def _answer(book: Book, fallback: _Fallback, locator: str) -> Answer:
    def answer(name: str, spec: str) -> Package | None:
        return book.answer(locator, name, spec) or fallback.answer(name, spec)

    return answer


def _carried(lockfile: Lockfile, book: Book) -> dict[str, tuple[str, ...]]:
    """A patched entry comes with the entry that it patches."""
    carried: dict[str, tuple[str, ...]] = {}
    for package in lockfile.packages:
        found = [book.entries[base].key for base in bases(package) if base in book.entries]
        if found:
            carried[package.key] = tuple(dict.fromkeys(found))
    return carried
