"""What a lockfile installs, apart from where it puts it.

An artifact is a package at one version from one source; model.Package.artifact
names it.  Several entries may hold one artifact; moving, hoisting and nesting
change no artifact.  Projects of this repository (the root, workspaces) are importers,
not artifacts;
a link to one is an artifact, because it answers to a name.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward.model import Edge, Lockfile, Package
    from lockward.project import Project


class Inventory:
    """The artifacts of one lockfile.

    ``of_key`` is each entry's artifact, ``entries`` each artifact's entries in
    file order, ``by_name`` the artifacts of each package name.
    """

    __slots__ = ("_by_name", "entries", "lockfile", "of_key")

    def __init__(self, lockfile: Lockfile | None) -> None:
        self.lockfile: Final = lockfile
        self.of_key: Final[dict[str, str]] = {}
        self.entries: Final[dict[str, list[Package]]] = {}
        self._by_name: dict[str, list[str]] | None = None
        if lockfile is not None:
            of_key, entries, importers = self.of_key, self.entries, lockfile.importers
            for package in lockfile.packages:
                key = package.key
                if key not in importers:
                    artifact = of_key[key] = package.artifact
                    held = entries.get(artifact)
                    if held is None:
                        entries[artifact] = [package]
                    else:
                        held.append(package)

    @property
    def by_name(self) -> Mapping[str, list[str]]:
        """Package name (its own, and that of each alias) -> artifacts."""
        if self._by_name is None:
            self._by_name = {}
            for artifact, packages in self.entries.items():
                for name in {name for p in packages for name in (p.name, p.alias)}:
                    self._by_name.setdefault(name, []).append(artifact)
        return self._by_name

    def package(self, artifact: str) -> Package:
        """The first entry that holds an artifact."""
        return self.entries[artifact][0]

    def answer(self, edge: Edge) -> str:
        """The artifact that answers an edge; "" when nothing does.

        A project of this repository counts as its folder's own artifact.
        """
        if edge.via and edge.via in self.of_key:
            return self.of_key[edge.via]
        if edge.target is None:
            return f"{edge.name}@folder:{edge.via}" if edge.via else ""
        return self.of_key.get(edge.target.key) or f"{edge.name}@folder:{edge.target.key}"


# The last two that were made: what one comparison calls after, the next calls before.
_LAST: Final[list[Inventory]] = []


def inventory(lockfile: Lockfile | None) -> Inventory:
    """The inventory of a lockfile, made once for each state of a history."""
    for known in _LAST:
        if known.lockfile is lockfile:
            return known
    made = Inventory(lockfile)
    _LAST[:] = [*_LAST[-1:], made]
    return made


class Lines:
    """Where the copies of a name stood before."""

    __slots__ = ("_before", "_known")

    def __init__(self, before: Inventory) -> None:
        self._before: Final = before
        self._known: Final[dict[str, set[str]]] = {}

    def of(self, name: str) -> set[str]:
        """The caret lines of a name's copies before, and prereleases as they are."""
        if name not in self._known:
            before = self._before
            found = [before.package(one).version for one in before.by_name.get(name, ())]
            self._known[name] = {*map(line, found), *(one for one in found if "-" in one)}
        return self._known[name]


def line(version: str) -> str:
    """The caret line of a version: the major, or 0.minor."""
    major, _, rest = version.partition(".")
    return f"0.{rest.partition('.')[0]}" if major == "0" else major


class Pair:
    """Two lockfiles side by side: which artifacts came, went and stayed."""

    __slots__ = ("after", "before", "gone", "new")

    def __init__(self, before: Inventory, after: Inventory) -> None:
        self.before: Final = before
        self.after: Final = after
        self.new: Final = {key: None for key in after.entries if key not in before.entries}
        self.gone: Final = {key: None for key in before.entries if key not in after.entries}


# Formats that take over a file, entries and all: they are compared as one.
_KIN: Final = frozenset({"yarn-classic", "yarn-berry"})


def comparable(before: Project | None, after: Lockfile | None) -> Lockfile | None:
    """The lockfile before that a lockfile is compared with; None when it is another manager's."""
    old = None if before is None else before.lockfile
    if old is None or after is None or old.format == after.format:
        return old
    return old if {old.format, after.format} <= _KIN else None


def changed_keys(before: Lockfile | None, after: Lockfile) -> list[str]:
    """The keys of entries that differ in any field, or are new; then those that are gone."""
    old = _NOTHING if before is None else before.by_key
    # npm 6: an entry holds those below it
    nested = after.format == "npm" and "packages" not in after.raw
    keys = []
    since = after.since(old)
    for key in since.changed:
        package, was = after.by_key[key], old.get(key)
        if was is None or (
            _differ(was, package)
            if nested
            else was.raw != package.raw
            or was.integrity != package.integrity
            # bun: a tuple's place and name stand beside its description
            or was.resolved != package.resolved
            or was.version != package.version
            or was.name != package.name
        ):
            keys.append(key)
    return [*keys, *since.gone]


_NOTHING: Final[Mapping[str, Package]] = {}


def _differ(one: Package, two: Package) -> bool:
    """Whether two entries differ, apart from what is nested in them: that has keys of its own."""
    if one.raw.keys() != two.raw.keys():
        return True
    return any(one.raw[field] != two.raw[field] for field in one.raw if field != "dependencies")
