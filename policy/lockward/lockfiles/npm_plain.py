"""The commonest npm lockfile, asked without its folders being built: see npm_tree for the others.

Plain is a lockfile of one project whose packages all lie in ``node_modules``, of
the project or of a package that is locked: no workspaces, links, folders or
shrinkwraps, and no two names that differ by their case alone.  There a folder's
name is looked for by keys alone, and who asks for a name is found by looking at all.
"""

from __future__ import annotations

from lockward.lockfiles import npm_requires
from lockward.lockfiles.npm_keys import name_of
from lockward.lockfiles.npm_requires import fold, order
from lockward.lockfiles.ondemand import Sparse
from lockward.model import Edge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Final

    from lockward.lockfiles.npm_requires import Requirements
    from lockward.lockfiles.npm_tree import Tree
    from lockward.model import Lockfile, Manifest, Package

_TOP: Final = "node_modules/"
_BELOW: Final = "/node_modules/"
_FEW: Final = 8  # names that are looked for one by one; then an index is cheaper


def of(lockfile: Lockfile, manifests: Mapping[str, Manifest]) -> PlainTree | None:
    """The tree of a plain lockfile; None of any other."""
    manifest = manifests.get("")
    if manifest is None or manifest.workspaces:
        return None
    packages = lockfile.by_key
    keys = "\n".join(packages)
    capitals = _capitals(packages, keys)
    if capitals is None or not lockfile.importers.keys() <= _ROOT:
        return None
    names = len(packages) - ("" in packages) + 2 * keys.count(_BELOW) + _scopes(keys)
    if keys.count("/") != names:
        return None  # folders inside of packages
    nested: set[str] = set()
    for key, package in packages.items():
        if package.link or package.has_shrinkwrap or not key.startswith(_TOP):
            if key:
                return None
        elif _BELOW in key:
            above, _, name = key.rpartition(_BELOW)
            if above not in packages:
                return None
            nested.update((name, fold(name)) if capitals else (name,))
    return PlainTree(lockfile, manifests, nested, capitals)


def _capitals(packages: Mapping[str, Package], keys: str) -> dict[str, str] | None:
    """Folded name -> the name with capitals that folders have; None where that is not all.

    (JSONStream is in every fourth lockfile.)
    """
    if not keys.isascii():
        return None
    if keys == keys.lower():
        return {}
    names = {name_of(key) for key in packages}
    capitals = {name.lower(): name for name in names if name != name.lower()}
    alone = len({name.lower() for name in names}) == len(names)
    return capitals if alone else None


_ROOT: Final = frozenset({""})


def _scopes(keys: str) -> int:
    """How many names in some lines of keys have a scope, and so one slash more."""
    return f"\n{keys}".count(f"\n{_TOP}@") + keys.count(f"{_BELOW}@")


class PlainTree(Sparse):
    """The edges of a plain lockfile; lockward.graph.Resolution, and what npm's own rules need.

    ``nested`` are the names, as they are and folded, that lie somewhere else than in the
    project's own ``node_modules``, too; ``capitals`` gives the folders' names with capitals
    by what they fold to.
    """

    __slots__ = (
        "_capitals",
        "_carried",
        "_folders",
        "_sought",
        "_tree",
        "manifest",
        "manifests",
        "nested",
    )

    def __init__(
        self,
        lockfile: Lockfile,
        manifests: Mapping[str, Manifest],
        nested: Collection[str],
        capitals: Mapping[str, str],
    ) -> None:
        super().__init__(lockfile, order(lockfile))
        self.manifests: Final = manifests
        self.manifest: Final = manifests[""]
        self.nested: Final = nested
        self._folders: Final = capitals
        self._sought = 0  # names, some at a time
        self._capitals: tuple[str, ...] | None = None  # names asked for that are not their folds
        self._carried: dict[str, tuple[str, ...]] | None = None
        self._tree: Tree | None = None

    @property
    def tree(self) -> Tree:
        """The same lockfile with its folders, for what cannot be told without them."""
        if self._tree is None:
            from lockward.lockfiles.npm_tree import Tree

            self._tree = Tree(self.lockfile, self.manifests)
        return self._tree

    @property
    def roots(self) -> tuple[str, ...]:
        """See lockward.graph.Resolution."""
        return ("",)

    @property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        """What a tarball holds beside its package."""
        if self._carried is None:
            carried: dict[str, list[str]] = {}
            for package in self.lockfile.packages:
                if package.in_bundle and package.key:
                    above = package.key.rpartition(_BELOW)[0]
                    carried.setdefault(above, []).append(package.key)
            self._carried = {key: tuple(keys) for key, keys in carried.items()}
        return self._carried

    def find(self, key: str, name: str) -> Package | None:
        """What a folder finds under a folded name: the nearest of that name, upwards."""
        packages = self.lockfile.by_key
        name = self._folders.get(name, name)
        if name in self.nested:
            at = key
            while at:
                found = packages.get(f"{at}{_BELOW}{name}")
                if found is not None:
                    return found
                at = at.rpartition(_BELOW)[0]
        return packages.get(_TOP + name)

    def draw(self, source: str) -> tuple[Edge, ...]:
        """What a folder requires, and finds."""
        asked: Requirements = {}
        if not source:
            npm_requires.add_manifest(asked, self.manifest)
        else:
            npm_requires.add_package(asked, self.lockfile.by_key[source], top=False)
        return tuple(
            Edge(source, name, spec, kind, self.find(source, fold(name)))
            for name, (spec, kind) in asked.items()
        )

    def askers(self, names: Iterable[str]) -> Collection[str]:
        """The source keys that ask for one of some names."""
        self._sought += 1
        if self._sought > _FEW or self._tree is not None:
            return self.tree.askers(names)
        wanted = self._written({*map(fold, names)})
        live = {name for section in self.manifest.sections.values() for name in section}
        found = [
            one.key
            for one in self.lockfile.packages
            if not (
                wanted.isdisjoint(one.dependencies)
                and wanted.isdisjoint(one.optional_dependencies)
                and wanted.isdisjoint(one.peer_dependencies)
            )
        ]
        return found if wanted.isdisjoint(live) else ["", *found]

    def _written(self, names: set[str]) -> set[str]:
        """Folded names, and whatever of what anybody asks for folds to one of them."""
        if self._capitals is None:
            asked = {name for section in self.manifest.sections.values() for name in section}
            for one in self.lockfile.packages:
                asked.update(one.dependencies, one.optional_dependencies, one.peer_dependencies)
            every = "".join(asked)
            lower = every.isascii() and every == every.lower()
            self._capitals = () if lower else tuple(name for name in asked if name != fold(name))
        return names.union(name for name in self._capitals if fold(name) in names)

    def forget(self) -> None:
        """Take apart what refers in circles."""
        if self._tree is not None:
            self._tree.forget()
