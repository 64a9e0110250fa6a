"""Whom an override, a patch or an extension is about: the part of its key before the answer.

``{"nobody": {"lodash": "npm:other@1"}}`` excuses nothing that anybody else is answered,
``lodash@0.0.1`` nothing that asks for ``^4``.  Where a key cannot be held against what is
known (a tag, a descriptor of Yarn's), it counts: lockfile-out-of-sync judges how the
manager in use reads it.
"""

from __future__ import annotations

from lockward import semver
from lockward.bounds import OVERRIDES
from lockward.directives import bare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import Final

    from lockward.model import Package
    from lockward.project import Project


class Dependants:
    """The dependants of one state: what a path of names in an override leads to.

    ``below`` tells that it leads to everything below them, too (formats.Traits).
    """

    __slots__ = ("_below", "_by_name", "_folders", "_known", "_project")

    def __init__(self, project: Project, *, below: bool) -> None:
        self._project: Final = project
        self._below: Final = below
        self._known: Final[dict[tuple[str, ...], frozenset[str]]] = {}
        self._by_name: dict[str, list[Package]] | None = None
        self._folders: Final[dict[str, list[str]]] = {}

    def include(self, path: tuple[str, ...], source: str) -> bool:
        """Whether a path of names leads to a dependant, by its key."""
        return not path or source in self._led_to(path)

    def _led_to(self, path: tuple[str, ...]) -> frozenset[str]:
        found = self._known.get(path)
        if found is None:
            start = self._named(path[-1])
            if len(path) > 1:
                start &= self._led_to(path[:-1])
            found = self._known[path] = self._reach(start) if self._below else frozenset(start)
        return found

    def _named(self, key: str) -> set[str]:
        """The sources of a name, those of the version that the key wants."""
        name = bare(key)
        wanted = key[len(name) + 1 :]
        packages = self._of_names().get(name, ())
        OVERRIDES.spend(1 + len(packages))
        found = {package.key for package in packages if is_of(package, wanted)}
        return found.union(self._folders.get(name, ()))

    def _of_names(self) -> dict[str, list[Package]]:
        """The entries of each name, their own or an alias; once for all paths."""
        if self._by_name is None:
            project = self._project
            self._by_name = {}
            for folder, manifest in project.manifests.items():
                name = manifest.name or folder.rpartition("/")[2]
                self._folders.setdefault(name, []).append(folder)
            for package in () if project.lockfile is None else project.lockfile.packages:
                for name in {package.name, package.alias}:
                    self._by_name.setdefault(name, []).append(package)
        return self._by_name

    def _reach(self, start: Iterable[str]) -> frozenset[str]:
        graph = self._project.graph
        reached = set(start)
        waiting = list(reached)
        while waiting and graph is not None:
            edges = graph.edges.get(waiting.pop(), ())
            OVERRIDES.spend(1 + len(edges) // 8)
            for edge in edges:
                for key in (edge.via, "" if edge.target is None else edge.target.key):
                    if key and key not in reached:
                        reached.add(key)
                        waiting.append(key)
        return frozenset(reached)


def is_of(package: Package, wanted: str) -> bool:
    """Whether a package is of the versions that a key names; a key that names none means all."""
    if not wanted or package.source not in ("registry", "bundled"):
        return True
    text = wanted.removeprefix("npm:")
    if not semver.is_range(text, loose=True) or not package.version:
        return True
    return semver.satisfies(package.version, text, loose=True, include_prerelease=True)


def covers(key: str, asked: str, lines: Collection[str]) -> bool:
    """Whether a key's own range is about a requirement of this text.

    Without a range ("": pnpm records none of a package's) the caret lines of the copies
    that were locked, and prereleases, stand for it: ``^1.3.0`` is not what ``0.0.1`` is about.
    """
    wanted = key[len(bare(key)) + 1 :].removeprefix("npm:")
    if not wanted or not semver.is_range(wanted, loose=True):
        return True
    if not asked and wanted in lines:
        return True  # the very prerelease that was locked
    texts = [asked.removeprefix("npm:")] if asked else [f"^{line}" for line in lines]
    if not texts or any(not semver.is_range(text, loose=True) for text in texts):
        return True
    return any(semver.intersects(wanted, text, loose=True) for text in texts)
