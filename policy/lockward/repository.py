"""One state of a repository, and the projects in it.

A project is a folder that is installed as a whole: it has a lockfile, or a
package.json that no project above it takes in as a workspace.
"""

from __future__ import annotations

from lockward import relevant
from lockward.errors import LockwardError
from lockward.folders import Folders
from lockward.paths import folder_of, join
from lockward.project import Project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Final

    from lockward.ci.projects import Projects
    from lockward.model import Tree
    from lockward.policy import Policy

_OURS: Final = frozenset({"lockfile", "manifest", "settings", "policy"})
_ENDINGS: Final = (*relevant.LOCKFILES, *relevant.MANIFESTS, *relevant.SETTINGS, ".yaml")


# The last characters that a path of ours can have: cheaper than any look at the whole.
_LASTS: Final = frozenset(
    char for end in (*_ENDINGS, *relevant.DROPPED) for char in (end[-1], end[-1].upper())
)


def _is_ours(path: str) -> bool:
    """Whether a path is a lockfile, a manifest, settings or a policy.

    Endings first: a repository has thousands of other files.
    """
    near = path.lower().endswith(_ENDINGS) or not path.isascii() or path[-1] in relevant.DROPPED
    return near and not relevant.is_installed(path) and relevant.kind(path) in _OURS


def _moved(
    folders: Mapping[str, Sequence[str]], paths: Iterable[str], entries: Collection[str]
) -> dict[str, Sequence[str]]:
    """The folders after some paths came or went."""
    found = dict(folders)
    for path in paths:
        folder = folder_of(path)
        rest = [one for one in found.get(folder, ()) if one != path]
        if path in entries:
            rest = sorted((*rest, path))
        if rest:
            found[folder] = rest
        else:
            found.pop(folder, None)
    return found


def _is_read(path: str) -> bool:
    """Whether a path is among those that make up a project.

    A lockfile may link into node_modules as well, and name a manifest there.
    """
    return _is_ours(path) or path.endswith("/package.json")


# The states that are being judged: a rule about single files may ask for the whole as well.
_JUDGED: Final[list[Repository]] = []


def judge(*states: Repository | None) -> None:
    """Keep these states at hand for ``of``, and no others."""
    _JUDGED[:] = [state for state in states if state is not None]


def of(tree: Tree, policy: Policy) -> Repository:
    """The repository over a tree: the one that is being judged, when it is that one's."""
    for state in _JUDGED:
        if state.tree is tree and state.policy is policy:
            return state
    return Repository(tree, policy)


def _is_judged(path: str) -> bool:
    """Whether a path is of any kind, and outside of node_modules."""
    return not relevant.is_installed(path) and relevant.kind(path) != ""


def _ignored(policy: Policy, path: str) -> bool:
    """See levels.ignored; most policies ignore nothing."""
    if not policy.ignore:
        return False
    from lockward import levels

    return levels.ignored(policy, path)


def _tuples(folders: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[str, ...]]:
    if isinstance(folders, Folders):
        return folders
    return {folder: tuple(paths) for folder, paths in folders.items()}


class Repository:
    """The folders of a tree in which something of ours lies, and their projects."""

    def __init__(self, tree: Tree, policy: Policy) -> None:
        self.tree: Final = tree
        self.policy: Final = policy
        self._folders: Mapping[str, Sequence[str]] | None = None
        self._siblings: Mapping[str, tuple[str, ...]] | None = None
        self._kinds: list[tuple[str, str]] | None = None
        self._projects: dict[tuple[str, str], Project] = {}
        self._systems: tuple[str, ...] | None = None
        self._installed: Projects | None = None
        self._above: Final[dict[str, str | None]] = {}  # folder -> the workspace above

    @property
    def folders(self) -> Mapping[str, Sequence[str]]:
        """Folder -> paths in it that are lockfiles, manifests or settings."""
        if self._folders is None:
            self.list_folders()
        assert self._folders is not None
        return self._folders

    def list_folders(self) -> None:
        """Find out which folders hold what; ``folders`` does it when it is asked.

        A tree that can tell what lies in one folder is asked for one at a time.
        """
        within = getattr(self.tree.entries(), "within", None)
        if within is None:
            self._folders = self._listed()
        else:
            self._folders = Folders(within, _is_ours, self._listed)

    def _listed(self) -> dict[str, list[str]]:
        folders: dict[str, list[str]] = {}
        lasts = _LASTS
        near = [p for p in self.tree.entries() if p[-1] in lasts or not p.isascii()]
        for path in near:
            if _is_ours(path):
                folders.setdefault(folder_of(path), []).append(path)
        return folders

    def followed_by(self, tree: Tree, paths: Iterable[str]) -> Repository:
        """Another state, which differs from this one in these paths.

        Which folders hold what is taken over, when only contents differ.
        """
        after = Repository(tree, self.policy)
        entries, stood = tree.entries(), self.tree.entries()
        paths = tuple(paths)
        after._projects = self._moved_projects(tree, paths)
        moved = [path for path in paths if (path in entries) != (path in stood)]
        ours = [path for path in moved if _is_ours(path)]
        if not ours:
            after._folders = self._folders
            after._siblings = self._siblings
        elif isinstance(self._folders, dict):
            after._folders = _moved(self._folders, ours, entries)
        if not any(map(_is_judged, moved)):
            after._kinds, after._systems = self._kinds, self._systems
        return after

    def _moved_projects(self, tree: Tree, paths: Iterable[str]) -> dict[tuple[str, str], Project]:
        """The projects in a tree that differs in these paths; none if they read one of them."""
        if any(map(_is_read, paths)):
            return {}
        return {key: one.moved(tree) for key, one in self._projects.items()}

    def look_again(self, paths: Collection[str], names: Collection[str]) -> None:
        """The tree itself was changed in these paths; of them these names came or went."""
        self._projects = self._moved_projects(self.tree, paths)
        if any(map(_is_ours, names)):
            self._folders = self._siblings = None
        if any(map(_is_judged, names)):
            self._kinds = self._systems = None
        self._installed = None
        self._above.clear()

    def forget(self) -> None:
        """Let go of what was read, where it refers in circles: nobody will ask any more."""
        for project in self._projects.values():
            project.forget()
        self._projects.clear()
        self._above.clear()
        self._installed = None

    def project(self, root: str, lockfile_path: str = "") -> Project:
        """The project at root, seen with one of its lockfiles ("" = the one in use)."""
        found = self._projects.get((root, lockfile_path))
        if found is None:
            if self._siblings is None:
                self._siblings = _tuples(self.folders)
            found = Project(self.tree, root, self.policy, self._siblings, lockfile_path)
            self._projects[root, lockfile_path] = found
        return found

    @property
    def installed(self) -> Projects:
        """What the tree tells of the projects that CI installs."""
        if self._installed is None:
            from lockward.ci.projects import Projects

            self._installed = Projects(self.tree)
        return self._installed

    @property
    def ci_systems(self) -> tuple[str, ...]:
        """The paths of CI systems' own files (lockward.ci.SYSTEMS) that rules may judge."""
        if self._systems is None:
            from lockward import ci

            self._systems = tuple(p for p in self.paths("ci") if ci.family(p) in ci.SYSTEMS)
        return self._systems

    def has_lockfile(self, folder: str) -> bool:
        """Whether a lockfile of any manager lies in the folder itself."""
        return any(relevant.kind(path) == "lockfile" for path in self.folders.get(folder, ()))

    def has_manifest(self, folder: str) -> bool:
        """Whether a package.json lies in the folder itself."""
        wanted = f"{folder}/package.json" if folder else "package.json"
        return any(path.lower() == wanted.lower() for path in self.folders.get(folder, ()))

    def root_of(self, folder: str) -> str | None:
        """The project to which a folder's manifest and settings belong; None = no project.

        A folder with a lockfile is its own; else the nearest folder above that
        takes it in as a workspace; else itself, when it has a package.json.
        """
        if self.has_lockfile(folder):
            return folder
        above = self._workspace_above(folder)
        while above is not None:
            if folder in self.project(above).member_folders:
                return above
            above = self._workspace_above(above)
        return folder if self.has_manifest(folder) else None

    def _workspace_above(self, folder: str) -> str | None:
        """The nearest folder above that takes in any; each is looked at once for all below it."""
        at, found, walked = folder, None, []
        while at and found is None:
            if at in self._above:
                found = self._above[at]
                break
            walked.append(at)
            at = folder_of(at)
            found = at if self._takes_in_any(at) else None
        self._above.update(dict.fromkeys(walked, found))
        return found

    def _takes_in_any(self, root: str) -> bool:
        if not (self.has_manifest(root) or self.has_lockfile(root)):
            return False
        try:
            return bool(self.project(root).member_folders)
        except LockwardError:
            return False  # an unreadable root is its own project's finding

    def roots(self) -> Iterator[str]:
        """Every project's root, in path order; node_modules hold none of ours."""
        for folder in sorted(self.folders):
            if not relevant.is_installed(f"{folder}/") and self.root_of(folder) == folder:
                yield folder

    def projects(self) -> Iterator[Project]:
        """The project of every root that the policy does not ignore."""
        for root in self.roots():
            if not _ignored(self.policy, join(root, "package.json")):
                project = self.project(root)
                paths = project.lockfile_paths
                # The one that the engine judges: it has been read already.
                yield self.project(root, paths[0]) if len(paths) == 1 else project

    def paths(self, *kinds: str) -> Iterator[str]:
        """The paths of some kinds (relevant.kind) that rules may judge, in their order."""
        for path, kind in self._judged_paths():
            if kind in kinds and not _ignored(self.policy, path):
                yield path

    def _judged_paths(self) -> list[tuple[str, str]]:
        """Every path of any kind outside of node_modules, with its kind, in path order."""
        if self._kinds is None:
            pairs = ((path, relevant.kind(path)) for path in self.tree.entries())
            self._kinds = sorted(
                (path, kind) for path, kind in pairs if kind and not relevant.is_installed(path)
            )
        return self._kinds
