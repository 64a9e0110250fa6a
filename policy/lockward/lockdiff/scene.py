"""What every step of the judgement looks at: the two projects, and what differs."""

from __future__ import annotations

from lockward.directives import bare
from lockward.lockdiff import formats, requirements
from lockward.lockdiff.answers import asks_for, asks_for_folder
from lockward.lockdiff.artifacts import Inventory, Pair
from lockward.paths import relative_to

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

    from lockward.graph import Graph
    from lockward.lockdiff.requirements import Changed
    from lockward.model import Edge, Lockfile, Package
    from lockward.policy import Policy
    from lockward.project import Project

    Seen = Callable[[str, str, str], bool]


class Scene:
    """One comparison of two lockfiles; everything costly is computed when first asked for.

    ``keys`` are the entries that differ; ``changed`` the requirements that differ;
    ``lockfile_before`` None means that there is nothing to compare with.
    """

    __slots__ = (
        "_declared",
        "_overridden",
        "_real",
        "after",
        "before",
        "changed",
        "era_after",
        "era_before",
        "keys",
        "lockfile",
        "lockfile_before",
        "members",
        "pair",
        "policy",
        "seen",
        "traits",
    )

    def __init__(
        self,
        before: Project | None,
        after: Project,
        lockfile: Lockfile,
        policy: Policy,
        *,
        seen: Seen,
        keys: list[str],
        changed: list[Changed],
    ) -> None:
        self.before: Final = before
        self.after: Final = after
        self.policy: Final = policy
        self.seen: Final = seen
        self.keys: Final = keys
        self.changed: Final = changed
        self.lockfile: Final = lockfile
        self.lockfile_before: Final = None if before is None else before.lockfile
        self.pair: Final = Pair(Inventory(self.lockfile_before), Inventory(lockfile))
        self.traits: Final = formats.TRAITS[lockfile.format]
        self.era_after: Final = formats.era(lockfile)
        self.era_before: Final = formats.era(self.lockfile_before or lockfile)
        self.members: Final = member_folders(after)
        self._declared: frozenset[str] | None = None
        self._overridden: frozenset[str] | None = None
        self._real: list[Changed] | None = None

    @property
    def fresh(self) -> bool:
        """Whether there is no lockfile to compare with: everything is new."""
        return self.lockfile_before is None

    @property
    def graph(self) -> Graph:
        """Who requires what now."""
        graph = self.after.graph
        assert graph is not None  # there is a lockfile
        return graph

    @property
    def graph_before(self) -> Graph | None:
        """Who required what before; None without a lockfile."""
        return None if self.before is None else self.before.graph

    @property
    def declared(self) -> frozenset[str]:
        """The folders that the manifests themselves make importers; see declared_folders."""
        if self._declared is None:
            self._declared = declared_folders(self.after)
        return self._declared

    @property
    def real(self) -> list[Changed]:
        """The requirements that changed, now or earlier without the lockfile following.

        A folder that nothing declares asks for nothing, whatever its package.json says.
        """
        if self._real is None:
            late = []
            if self.before is None or self.lockfile_before is None:
                late = requirements.everything(self.after)
            else:
                late = requirements.catch_up(self.before, self.after, self.changed)
            self._real = [
                one
                for one in (*self.changed, *late)
                if not one.folder or one.was or one.folder in self.declared
            ]
        return self._real

    @property
    def crosses_eras(self) -> bool:
        """Whether the writer changed to one that records more, or less, of each package."""
        return self.era_before.flat != self.era_after.flat

    @property
    def judges_ranges(self) -> bool:
        """Whether the after lockfile says which versions each dependant allows."""
        return self.traits.ranges and not self.era_after.exact

    def overridden(self, name: str) -> bool:
        """Whether an override of the after state touches a name."""
        if self._overridden is None:
            overrides = self.after.directives.overrides
            self._overridden = frozenset(bare(path[-1]) for path in overrides)
        return name in self._overridden

    def entry(self, edge: Edge) -> Package | None:
        """The after entry that an edge finds first: the link where there is one."""
        return self.lockfile.by_key.get(edge.via, edge.target) if edge.via else edge.target

    def asked(self, edge: Edge) -> bool:
        """Whether an edge asks for the kind of source that its answer comes from.

        Any requirement may be answered by a member of the workspace.
        """
        entry = self.entry(edge)
        if entry is None or edge.kind == "workspace" or asks_for(edge, entry):
            return True
        return entry.link and edge.target is not None and edge.target.key in self.members

    def edges_of(self, package: Package) -> tuple[Edge, ...]:
        """What an after entry requires; nothing for a link (its folder is an importer)."""
        return () if package.link else self.graph.edges.get(package.key, ())

    def name_of_source(self, key: str) -> str:
        """Who requires, as a person calls it: a package's name, or a package.json's path."""
        lockfiles = (self.lockfile, self.lockfile_before)
        for lockfile in lockfiles:
            if lockfile is not None and key not in lockfile.importers and key in lockfile.by_key:
                return lockfile.by_key[key].name
        return f"{key}/package.json" if key else "package.json"


def member_folders(project: Project) -> frozenset[str]:
    """The folders of the workspace's members, from the project's root."""
    return frozenset(relative_to(project.root, member) for member in project.member_folders)


def declared_folders(project: Project) -> frozenset[str]:
    """The importers that the manifests themselves name: members, and folders asked for.

    A folder that only the lockfile knows is no importer, whatever lies in it.
    """
    folders = set(member_folders(project))
    graph, lockfile = project.graph, project.lockfile
    if graph is not None and lockfile is not None:
        for folder in lockfile.importers:
            if folder and folder not in folders and any(map(asks_for_folder, graph.into(folder))):
                folders.add(folder)
    return frozenset(folders)
