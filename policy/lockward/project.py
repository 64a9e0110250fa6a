"""One project in one state of a repository: a folder that is installed as a whole.

Everything is read and computed when it is first asked for, once.  A file that
cannot be read becomes a fault, reported by the rule lockfile-unreadable; to
every other rule it is absent.
"""

from __future__ import annotations

from lockward import managers, relevant
from lockward.errors import BoundError, LockfileError, LockwardError
from lockward.folders import Folders, folders_of
from lockward.paths import join, name_of, relative_to, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Final, TypeVar

    from lockward.directives import Directives
    from lockward.findings import Finding
    from lockward.graph import Graph
    from lockward.managers import Manager
    from lockward.model import Lockfile, Manifest, Tree
    from lockward.policy import Policy
    from lockward.registries import Registries
    from lockward.workspaces import Declared

    T = TypeVar("T")

_UNREAD: Final = object()
# What depends on lockfiles, manifests and settings alone.
_OURS_ALONE: Final = (
    *("manifest", "lockfiles", "manager", "member_folders", "workspace_file"),
    *("workspaces", "manifests", "graph"),
)
_AT_A_TIME: Final = 16  # manifests that a tree hears of before they are read
# Root, globs and how they select -> the folders they were asked of, those below, the members.
_MEMBERS: Final[
    dict[
        tuple[str, tuple[str, ...], object], tuple[object, list[str], tuple[str, ...] | BoundError]
    ]
] = {}
_MOST_MEMBERS: Final = 64
# The folders of one tree, and which of them a disk that ignores case takes for one.
_ALIKE: Final[list[tuple[object, Mapping[str, list[str]]]]] = []


class Project:
    """The manifest, workspaces, lockfiles and registry settings of one root.

    ``root`` is the folder, "" for the top of the repository; ``siblings`` maps
    each folder of the tree to the paths of ours in it; ``lockfile_path``
    chooses one of several lockfiles ("" = the one that the manager in use
    reads).  Faults gather as files are read: ask for ``faults`` last.
    """

    def __init__(
        self,
        tree: Tree,
        root: str,
        policy: Policy,
        siblings: Mapping[str, tuple[str, ...]] | None = None,
        lockfile_path: str = "",
    ) -> None:
        self.tree: Final = tree
        self.root: Final = root
        self.policy: Final = policy
        self._siblings: Final = folders_of(tree) if siblings is None else siblings
        self._wanted: Final = lockfile_path
        self._cache: Final[dict[str, object]] = {}
        # Rule -> what it says of this state under a policy; the engine's notes.
        self.said: Final[dict[str, tuple[Policy, list[Finding]]]] = {}
        self._faults: Final[dict[str, LockwardError]] = {}
        self._shared = False  # whether a later state has the same graph

    def _once(self, name: str, make: Callable[[], T]) -> T:
        value = self._cache.get(name, _UNREAD)
        if value is _UNREAD:
            value = self._cache[name] = make()
        return value  # type: ignore[return-value]  # what `make` gave under this name

    def _attempt(self, path: str, read: Callable[[str], T | None]) -> T | None:
        """Read a file; a fault is kept and the file counts as absent."""
        try:
            return read(path)
        except LockwardError as fault:
            self._faults.setdefault(path, fault)
            return None

    @property
    def faults(self) -> tuple[LockwardError, ...]:
        """Why files could not be read; complete, because it reads all of them."""
        _ = self.manifest, self.lockfiles, self.workspaces
        return tuple(self._faults.values())

    @property
    def beyond(self) -> tuple[BoundError, ...]:
        """Those of the faults so far for which a bound was hit."""
        return tuple(one for one in self._faults.values() if isinstance(one, BoundError))

    # Files

    @property
    def manifest(self) -> Manifest | None:
        """The package.json beside the lockfile."""
        return self._once("manifest", lambda: self._manifest_in(self.root))

    def _manifest_in(self, folder: str) -> Manifest | None:
        return self._attempt(join(folder, "package.json"), self._read_manifest)

    def _read_manifest(self, path: str) -> Manifest | None:
        from lockward import manifest

        return manifest.inside(self.tree, path, self.policy.max_bytes)

    @property
    def sibling_paths(self) -> tuple[str, ...]:
        """Every lockfile, manifest and settings file in the root itself."""
        return self._siblings.get(self.root, ())

    @property
    def twin_paths(self) -> tuple[str, ...]:
        """Such files in other folders that are the root's own on a disk that ignores case."""
        if isinstance(self._siblings, Folders) and self._siblings.alone(self.root):
            return ()
        twins = _alike(self._siblings).get(relevant.folded(self.root), ())
        return tuple(
            path for folder in twins if folder != self.root for path in self._siblings[folder]
        )

    @property
    def lockfile_paths(self) -> tuple[str, ...]:
        """Every lockfile in the root, by precedence, readable or not, names of any case."""
        found = [path for path in self.sibling_paths if relevant.kind(path) == "lockfile"]
        return tuple(sorted(found, key=managers.rank))

    @property
    def lockfiles(self) -> Mapping[str, Lockfile]:
        """Every readable lockfile in the root, by path."""
        return self._once("lockfiles", self._read_lockfiles)

    def _read_lockfiles(self) -> Mapping[str, Lockfile]:
        wanted = (self._wanted,) if self._wanted else self.lockfile_paths
        read = {path: self._attempt(path, self._read_lockfile) for path in wanted}
        return {path: lockfile for path, lockfile in read.items() if lockfile is not None}

    def _read_lockfile(self, path: str) -> Lockfile | None:
        from lockward import lockfiles

        data = self.tree.read(path, self.policy.max_bytes)
        if data is None:
            return None
        if name_of(path) != name_of(path).lower():
            raise LockfileError("differs from a lockfile's name by its case only", path=path)
        return lockfiles.read(path, data)

    @property
    def lockfile(self) -> Lockfile | None:
        """The lockfile that the manager in use reads."""
        found = self.lockfiles
        if len(found) < 2:  # noqa: PLR2004 - nothing to choose
            return next(iter(found.values()), None)
        return found[min(found, key=self._preference)]

    def _preference(self, path: str) -> tuple[bool, int]:
        name, _ = managers.declared(self.manifest)
        return (bool(name) and managers.lockfile_owner(path) != name, managers.rank(path))

    @property
    def manager(self) -> Manager:
        """The package manager in use: the lockfile's, else the declared one, else npm."""
        return self._once("manager", self._find_manager)

    def _find_manager(self) -> Manager:
        lockfile = self.lockfile
        written = "" if lockfile is None else lockfile.format
        beside = {name_of(path) for path in self.sibling_paths}
        return managers.in_use(self.manifest, written, beside)

    # Workspaces

    @property
    def member_folders(self) -> frozenset[str]:
        """The folders (from the top of the repository) that the root declares as workspaces.

        Every folder below, where working that out is beyond a bound: the root is judged for
        them, and its judgement says so.
        """
        return self._once("member_folders", self._find_members)

    def _find_members(self) -> frozenset[str]:
        from lockward import workspaces

        declared = workspaces.declared(self)
        if not declared:
            return frozenset()
        try:
            return self._select(declared)
        except BoundError as fault:
            path = fault.path or join(self.root, declared.file)
            self._faults.setdefault(path, BoundError(fault.message, path=path, line=fault.line))
            return frozenset(join(self.root, folder) for folder in self._folders_below())

    def _select(self, declared: Declared) -> frozenset[str]:
        from lockward import workspaces

        key = (self.root, declared.patterns, declared.chooses)
        known = _MEMBERS.get(key)
        if known is None or known[0] is not self._siblings:
            if len(_MEMBERS) > _MOST_MEMBERS:
                _MEMBERS.clear()
            below = self._folders_below()
            known = _MEMBERS[key] = (self._siblings, below, _selected(declared, below))
        _, below, members = known
        if isinstance(members, BoundError):
            raise members
        if workspaces.may_nest(self):
            members = workspaces.with_nested(members, below, self._globs_in)
        return frozenset(join(self.root, member) for member in members)

    def _folders_below(self) -> list[str]:
        """Every folder below the root, seen from there, that holds a package.json."""
        start = f"{self.root}/" if self.root else ""
        return [
            folder[len(start) :]
            for folder, paths in self._siblings.items()
            if folder.startswith(start) and folder and join(folder, "package.json") in paths
        ]

    def _globs_in(self, folder: str) -> tuple[str, ...]:
        """The workspaces that the manifest of a folder (from the root) declares."""
        manifest = self._manifest_in(join(self.root, folder))
        return () if manifest is None else manifest.workspaces

    @property
    def workspace_file(self) -> Mapping[str, object]:
        """What pnpm-workspace.yaml holds; empty when it is not there, or not readable."""
        return self._once("workspace_file", self._find_workspace_file)

    def _find_workspace_file(self) -> Mapping[str, object]:
        from lockward import pnpm_settings

        path = pnpm_settings.file_of(self.root)
        return self._attempt(path, self._read_workspace_file) or {}

    def _read_workspace_file(self, path: str) -> Mapping[str, object] | None:
        from lockward import pnpm_settings

        data = self.tree.read(path, self.policy.max_bytes) if path in self.sibling_paths else None
        return None if data is None else pnpm_settings.read(path, data)

    @property
    def workspaces(self) -> Mapping[str, Manifest]:
        """Folder (from the root) -> manifest: declared members, and what the lockfile links to.

        A link out of the repository has none: the rule on sources reports it.
        """
        return self._once("workspaces", self._read_workspaces)

    def _read_workspaces(self) -> Mapping[str, Manifest]:
        folders = {relative_to(self.root, folder) for folder in self.member_folders}
        lockfile = self.lockfile
        if lockfile is not None:
            folders.update(folder for folder in lockfile.importers if folder)
        from lockward import manifest as manifests

        read: dict[str, Manifest] = {}
        places = [(folder, resolve(self.root, folder)) for folder in sorted(folders)]
        for number, (folder, place) in enumerate(places):
            if number % _AT_A_TIME == 0:
                near = [one for _, one in places[number : number + _AT_A_TIME]]
                manifests.ahead(self.tree, near)
            manifest = None if place is None else self._manifest_in(place)
            if manifest is not None:
                read[folder] = manifest
        if self.manager.kind == "yarn-classic":
            # Yarn 1 ignores a workspace without a name or a version, and says so
            read = {one: it for one, it in read.items() if it.name and it.version}
            self._read_linked(read)
        return read

    def _read_linked(self, read: dict[str, Manifest]) -> None:
        """Yarn 1 locks what linked folders depend on, and records the folders nowhere."""
        root = self.manifest
        waiting = [*read.items(), *(() if root is None else (("", root),))]
        while waiting:
            folder, manifest = waiting.pop()
            for section in manifest.sections.values():
                for spec in section.values():
                    found = self._linked(folder, spec)
                    if found is not None and found not in read:
                        place = resolve(self.root, found)
                        linked = None if place is None else self._manifest_in(place)
                        if linked is not None:
                            read[found] = linked
                            waiting.append((found, linked))

    def _linked(self, folder: str, spec: str) -> str | None:
        """The folder that a ``link:`` or ``file:`` requirement names; None for any other."""
        protocol, colon, path = spec.partition(":")
        if not colon or protocol not in ("link", "file") or path.endswith((".tgz", ".tar.gz")):
            return None
        return resolve(folder, path) or None

    @property
    def manifests(self) -> Mapping[str, Manifest]:
        """The workspaces' manifests and, under "", the root's."""
        return self._once("manifests", self._all_manifests)

    def _all_manifests(self) -> Mapping[str, Manifest]:
        root = self.manifest
        return self.workspaces if root is None else {"": root, **self.workspaces}

    # What follows from them

    @property
    def graph(self) -> Graph | None:
        """The dependency graph of the lockfile under the live manifests."""
        return self._once("graph", self._build_graph)

    def moved(self, tree: Tree) -> Project:
        """The same project in a tree in which nothing of ours differs from this one's.

        What was read of its files is taken over; what other files may have a say in is not.
        """
        later = Project(tree, self.root, self.policy, self._siblings, self._wanted)
        later._cache.update(
            (name, self._cache[name]) for name in _OURS_ALONE if name in self._cache
        )
        later._faults.update(self._faults)
        self._shared = True
        return later

    def forget(self) -> None:
        """Let go of everything that was read and computed."""
        graph = self._cache.pop("graph", None)
        if graph is not None and not self._shared:
            graph.forget()  # type: ignore[attr-defined]  # what `graph` made
        self._cache.clear()
        self.said.clear()

    def _build_graph(self) -> Graph | None:
        lockfile = self.lockfile
        if lockfile is None:
            return None
        from lockward import graph

        return graph.build(lockfile, self.manifests, lambda: self.directives)

    @property
    def registries(self) -> Registries:
        """Which registry serves which scope, by the settings that the manager reads."""
        return self._once("registries", self._read_registries)

    def _read_registries(self) -> Registries:
        from lockward import registries

        return registries.read(self.tree, self.root, self.manager)

    @property
    def directives(self) -> Directives:
        """What the root says about resolution beside requirements: overrides, catalogs, patches."""
        return self._once("directives", self._read_directives)

    def _read_directives(self) -> Directives:
        from lockward import directives

        return directives.read(self)


def _selected(declared: Declared, folders: list[str]) -> tuple[str, ...] | BoundError:
    """The members among some folders, or the bound that was hit: it costs as much each time."""
    try:
        return declared.select(folders)
    except BoundError as fault:
        return fault


def _alike(folders: Mapping[str, tuple[str, ...]]) -> Mapping[str, list[str]]:
    """Folded name -> the folders that have it; worked out once for the projects of a tree."""
    for known, found in _ALIKE:
        if known is folders:
            return found
    by_name: dict[str, list[str]] = {}
    for folder in folders:
        by_name.setdefault(relevant.folded(folder), []).append(folder)
    _ALIKE[:] = [(folders, by_name), *_ALIKE[:1]]  # the states before and after
    return by_name
