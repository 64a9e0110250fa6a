"""The edges of a pnpm lockfile: references are exact, so each names its entry."""

from __future__ import annotations

from lockward.lockfiles.drawn import KINDS, Drawn
from lockward.lockfiles.ondemand import Sparse, are_two
from lockward.lockfiles.pnpm_engines import runtimes
from lockward.lockfiles.pnpm_keys import key_of
from lockward.model import Edge
from lockward.paths import resolve as resolve_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, KeysView, Mapping
    from typing import Final

    from lockward.model import EdgeKind, Lockfile, Manifest, Package


def resolve(
    lockfile: Lockfile, manifests: Mapping[str, Manifest], _directives: object = None
) -> PnpmTree | Drawn:
    """Every importer's edges (specs live, targets as recorded) and every entry's.

    Of two states that are compared few edges are asked for; from the third on all are
    there, for they stay from state to state.
    """
    tree = PnpmTree(lockfile, manifests)
    return tree if are_two(lockfile.path) else Drawn(tree.drawn(), tree.roots)


class PnpmTree(Sparse):
    """See lockward.graph.Resolution; edges are drawn when they are asked for.

    ``carried`` is for bundled entries, which pnpm's lockfile lacks.
    """

    __slots__ = (
        *("_asked_names", "_by_name", "_entries", "_major", "_others"),
        *("manifests", "roots"),
    )

    carried: Final[Mapping[str, tuple[str, ...]]] = {}

    def __init__(self, lockfile: Lockfile, manifests: Mapping[str, Manifest]) -> None:
        self.manifests: Final = manifests
        self._major: Final = major_of(lockfile)
        self._entries: Final = dict(recorded(lockfile))
        self._asked_names = 0
        self._by_name: dict[str, list[str]] | None = None
        self._others: Final[list[str]] = []  # who asks under other names
        self.roots: Final = tuple({**self._entries, **manifests})
        super().__init__(lockfile, (*self.roots, *lockfile.by_key))

    def draw(self, source: str) -> tuple[Edge, ...]:
        """See Sparse."""
        package = self.lockfile.by_key.get(source)
        return self._of_importer(source) if package is None else self._of_package(package)

    def _of_importer(self, folder: str) -> tuple[Edge, ...]:
        entry, manifest = self._entries.get(folder), self.manifests.get(folder)
        known = _kept(self.lockfile, folder, entry, manifest)
        if known is not None:
            return known
        edges = tuple(_importer_edges(self.lockfile, folder, entry, manifest))
        return _keep(folder, entry, manifest, edges)

    def _of_package(self, package: Package) -> tuple[Edge, ...]:
        lockfile, major = self.lockfile, self._major
        known = _kept(lockfile, package.key, package, major)
        if known is not None:
            return known
        return _keep(package.key, package, major, _package_edges(lockfile, package, major))

    def drawn(self) -> dict[str, tuple[Edge, ...]]:
        """All edges."""
        edges = {folder: self._of_importer(folder) for folder in self.roots}
        edges.update((one.key, self._of_package(one)) for one in self.lockfile.packages)
        return edges

    def askers(self, names: Iterable[str]) -> Collection[str]:
        """See Sparse."""
        wanted = {*names}
        self._asked_names += 1
        if self._asked_names > _OFTEN:
            return self._indexed(wanted)
        apart, named = wanted.isdisjoint, self.lockfile.by_key.keys()
        found = [
            one.key
            for one in self.lockfile.packages
            if not (apart(one.dependencies) and apart(one.optional_dependencies))
            or _names_others(one, named)
        ]
        return [*self.roots, *found]

    def _indexed(self, names: set[str]) -> Collection[str]:
        """The same of an index: of hundreds of projects few ask for a name."""
        if self._by_name is None:
            self._by_name = {}
            for root in self.roots:
                for edge in self.edges[root]:
                    alias = edge.name if edge.target is None else edge.target.alias
                    for name in (edge.name, alias):
                        self._by_name.setdefault(name, []).append(root)
            named = self.lockfile.by_key.keys()
            for one in self.lockfile.packages:
                for name in (*one.dependencies, *one.optional_dependencies):
                    self._by_name.setdefault(name, []).append(one.key)
                if _names_others(one, named):
                    self._others.append(one.key)
        return [*self._others, *(key for name in names for key in self._by_name.get(name, ()))]


_OFTEN: Final = 2  # times that names are looked for one by one; then an index is cheaper


def _names_others(package: Package, named: KeysView[str]) -> bool:
    """Whether a package asks under another name: a reference is the whole key then, see key_of."""
    return not (
        named.isdisjoint(package.dependencies.values())
        and named.isdisjoint(package.optional_dependencies.values())
    )


# Source -> what its edges were drawn from, and they: two states of a lockfile share
# nearly all.  Edges hold as long as every answer is still the same entry.
_DRAWN: Final[dict[str, tuple[object, object, tuple[Edge, ...]]]] = {}
_MOST_DRAWN: Final = 20_000


def _kept(lockfile: Lockfile, source: str, one: object, other: object) -> tuple[Edge, ...] | None:
    known = _DRAWN.get(source)
    if known is None or known[0] is not one or known[1] is not other:
        return None
    by_key = lockfile.by_key
    for edge in known[2]:
        target = edge.target
        if by_key.get(target.key) is not target if target is not None else not edge.via:
            return None
    return known[2]


def _keep(source: str, one: object, other: object, edges: tuple[Edge, ...]) -> tuple[Edge, ...]:
    if len(_DRAWN) > _MOST_DRAWN:
        _DRAWN.clear()
    _DRAWN[source] = (one, other, edges)
    return edges


def _importer_edges(
    lockfile: Lockfile, folder: str, entry: object, manifest: Manifest | None
) -> Iterator[Edge]:
    named = dict(references(entry))
    specs = dict(_specs(lockfile, folder, manifest, named))
    for name, (section, spec) in specs.items():
        yield _importer_edge(lockfile, folder, (name, spec, KINDS[section]), named.get(name))


def recorded(lockfile: Lockfile) -> Iterator[tuple[str, object]]:
    """Each importer's folder, and what the lockfile has of it."""
    listed = lockfile.raw.get("importers")
    whole = {".": lockfile.raw} if not isinstance(listed, dict) else listed
    for folder, entry in whole.items():
        yield ("" if folder == "." else folder.removeprefix("./")), entry


def references(entry: object) -> Iterator[tuple[str, str]]:
    """Name -> reference in any of an importer's sections."""
    for section in KINDS:
        values = entry.get(section) if isinstance(entry, dict) else None
        for name, value in values.items() if isinstance(values, dict) else ():
            reference = value.get("version") if isinstance(value, dict) else value
            if isinstance(reference, str):
                yield name, reference


def _specs(
    lockfile: Lockfile, folder: str, manifest: Manifest | None, named: Mapping[str, str]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Name -> (section, spec): the live manifest's, else what the lockfile records.

    A peer counts when pnpm recorded it (autoInstallPeers).
    """
    importer = lockfile.importers.get(folder)
    sections = {} if importer is None else importer.sections
    if manifest is not None:
        sections = manifest.sections
        for section, name, spec in runtimes(manifest):
            yield name, (section, spec)
    for section in KINDS:
        for name, spec in sections.get(section, {}).items():
            if section != "peerDependencies" or name in named:
                yield name, (section, spec)


def _importer_edge(
    lockfile: Lockfile, folder: str, asked: tuple[str, str, EdgeKind], reference: str | None
) -> Edge:
    """One requirement; a ``link:`` reference is answered by a folder, the edge's ``via``."""
    name, spec, kind = asked
    if reference is None:
        return Edge(folder, name, spec, kind, None)
    key = key_of(name, reference, major_of(lockfile))
    if key is None:
        return Edge(folder, name, spec, kind, None, via=_linked(folder, reference))
    return Edge(folder, name, spec, kind, lockfile.by_key.get(key))


def major_of(lockfile: Lockfile) -> int:
    """The first number of lockfileVersion."""
    return int(lockfile.version.partition(".")[0])


def _linked(folder: str, reference: str) -> str:
    """The folder of a ``link:``; the reference itself when that is the root or outside."""
    return resolve_path(folder, reference.removeprefix("link:")) or reference


def _package_edges(lockfile: Lockfile, package: Package, major: int) -> tuple[Edge, ...]:
    """A package's dependencies; resolved peers are among them, as pnpm writes them."""
    found: list[Edge] = []
    optional = package.optional_dependencies
    plain = not optional and not package.peer_dependencies
    asked = {**package.dependencies, **optional} if optional else package.dependencies
    by_key, source, modern = lockfile.by_key, package.key, major >= 9  # noqa: PLR2004 - lockfileVersion
    for name, reference in asked.items():
        if modern and "@" not in reference and reference[:5] != "link:":
            target, via = by_key.get(f"{name}@{reference}"), ""  # as key_of says of nearly all
        else:
            key = key_of(name, reference, major)
            target = None if key is None else by_key.get(key)
            via = "" if key is not None else _linked("", reference)  # seen from the root
        kind = "prod" if plain else _kind(package, name)
        found.append(Edge(source, name, reference, kind, target, via=via))
    return tuple(found)


def _kind(package: Package, name: str) -> EdgeKind:
    """Optional packages and peers are told by the package's own record."""
    if name in package.optional_dependencies:
        return "optional"
    if name not in package.peer_dependencies:
        return "prod"
    return "peerOptional" if name in package.peer_optional else "peer"
