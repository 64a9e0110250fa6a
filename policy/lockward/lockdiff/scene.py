"""What every step of the judgement looks at: the two projects, and what differs."""

from __future__ import annotations

from lockward.lockdiff import folders, formats, requirements
from lockward.lockdiff.answers import Asker, compare
from lockward.lockdiff.artifacts import Lines, Pair, comparable, inventory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward.graph import Graph
    from lockward.lockdiff.requirements import Changed, Extended, Extensions
    from lockward.lockdiff.witness import Sighting, Wanted, Witness
    from lockward.model import Edge, Lockfile, Package
    from lockward.policy import Policy
    from lockward.project import Project


class Scene:
    """One comparison of two lockfiles; everything costly is computed when first asked for.

    ``keys`` are the entries that differ; ``changed`` the requirements that differ;
    ``lockfile_before`` None means that there is nothing to compare with.
    """

    __slots__ = (
        "_bins",
        "_declared",
        "_extended",
        "_folders",
        "_highest",
        "_pairs",
        "_peerless",
        "_real",
        "_records",
        "_referred",
        "_rekeyed",
        "_remote",
        "_restored",
        "_seen",
        "after",
        "asker",
        "asker_before",
        "before",
        "changed",
        "era_after",
        "era_before",
        "keys",
        "lines",
        "lockfile",
        "lockfile_before",
        "members",
        "pair",
        "policy",
        "traits",
        "witness",
    )

    def __init__(
        self,
        before: Project | None,
        after: Project,
        lockfile: Lockfile,
        policy: Policy,
        *,
        witness: Witness,
        keys: list[str],
        changed: list[Changed],
    ) -> None:
        self.before: Final = before
        self.after: Final = after
        self.policy: Final = policy
        self.witness: Final = witness
        self.keys: Final = keys
        self.changed: Final = changed
        self.lockfile: Final = lockfile
        self.lockfile_before: Final = comparable(before, lockfile)
        self.pair: Final = Pair(inventory(self.lockfile_before), inventory(lockfile))
        self.traits: Final = formats.TRAITS[lockfile.format]
        self.era_after: Final = formats.era(lockfile)
        self.era_before: Final = formats.era(self.lockfile_before or lockfile)
        # Not by a method of this: a scene that refers to itself stays until garbage is collected.
        self.lines: Final = Lines(self.pair.before).of
        self.asker: Final = Asker(after, self.traits, exact=self.era_after.exact, lines=self.lines)
        self.asker_before: Final = (
            self.asker
            if before is None
            else Asker(before, self.traits, exact=self.era_before.exact, lines=self.lines)
        )
        self.members: Final = requirements.member_names(after)
        self._bins: Mapping[tuple[str, str], list[Package]] | None = None
        self._declared: frozenset[str] | None = None
        self._extended: Extensions | None = None
        self._folders: set[str] | None = None
        self._highest: Final[dict[object, dict[str, str]]] = {}  # artifacts -> name -> version
        self._records: Final[dict[str, bool]] = {}
        self._referred: frozenset[str] | None = None
        self._rekeyed: bool | None = None
        self._pairs: set[tuple[str, str]] | None = None
        self._peerless: bool | None = None
        self._remote: set[tuple[str, str]] | None = None
        self._restored: Final[dict[str, frozenset[str]]] = {}
        self._seen: Mapping[Wanted, tuple[Sighting, ...]] | None = None
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
        return None if self.before is None or self.lockfile_before is None else self.before.graph

    @property
    def declared(self) -> frozenset[str]:
        """See folders.declared_folders; worked out once."""
        if self._declared is None:
            self._declared = folders.declared_folders(self.after, self.asker)
        return self._declared

    @property
    def real(self) -> list[Changed]:
        """The requirements that changed, now or earlier without the lockfile following.

        A folder that nothing declares asks for nothing, whatever its package.json says.
        """
        if self._real is None:
            if self.before is None or self.lockfile_before is None:
                late = requirements.everything(self.after)
            else:
                late = requirements.catch_up(
                    self.before, self.after, self.asker_before, self.changed
                )
            self._real = [
                one
                for one in (*self.changed, *late)
                if not one.folder or one.was or one.folder in self.declared
            ]
        return self._real

    @property
    def crosses_formats(self) -> bool:
        """Whether another manager's format took over the lockfile's name (Yarn 1 to Berry)."""
        before = self.lockfile_before
        return before is not None and before.format != self.lockfile.format

    @property
    def crosses_eras(self) -> bool:
        """Whether the writer changed to one that records more, or less, of each package."""
        return self.era_before.flat != self.era_after.flat or self.crosses_formats

    def entry(self, edge: Edge) -> Package | None:
        """The after entry that an edge finds first: the link where there is one."""
        return self.lockfile.by_key.get(edge.via, edge.target) if edge.via else edge.target

    def asked(self, edge: Edge) -> bool:
        """Whether an edge asks for the kind of source that its answer comes from.

        Any requirement may be answered by the member of the workspace that it names.
        """
        if edge.kind == "workspace" or folders.is_member(self, edge):
            return True
        entry = self.entry(edge)
        if entry is None:
            return not edge.via or self.asker.asks_for_folder(edge)
        if not self.asker.knows_range(edge):
            from lockward.lockdiff import references

            spelled = self.traits.ranges and self.asker.asks_for(edge, entry)  # npm 5
            return spelled or references.may_name(self, edge, entry)
        return (
            self.asker.asks_for(edge, entry)
            or self._as_before(entry)
            or self._shared(entry)
            or (edge.kind in ("peer", "peerOptional") and self._is_project_s(entry))
        )

    def _is_project_s(self, entry: Package) -> bool:
        """Whether a project of the repository asks for the very folder that answers a peer.

        A peer is answered by what the project has (bun: in an entry of its own).
        """
        if entry.source not in ("directory", "link"):
            return False
        if self._folders is None:
            after = self.pair.after
            self._folders = {
                after.answer(edge)
                for folder in self.lockfile.importers
                for edge in self.graph.edges.get(folder, ())
                if self.asker.asks_for_folder(edge)
            }
        return self.pair.after.of_key.get(entry.key) in self._folders

    def _shared(self, entry: Package) -> bool:
        """Whether a checkout is a project's: it answers whoever it fits (parcel 61effd41db)."""
        if not self.traits.shares or entry.source != "git":
            return False
        return any(
            edge.source in self.after.manifests and self.asker.asks_for(edge, entry)
            for edge in self.graph.into(entry.key)
        )

    def _as_before(self, entry: Package) -> bool:
        """Whether a package's tarballs came from that server before: addresses may not tell."""
        if entry.source != "remote":
            return False
        if self._remote is None:
            lockfile = self.lockfile_before
            self._remote = {
                (old.alias, _server(old))
                for old in (() if lockfile is None else lockfile.packages)
                if old.source == "remote"
            }
        return (entry.alias, _server(entry)) in self._remote

    def misnamed(self, edge: Edge, was: Edge | None = None) -> bool:
        """Whether an edge is answered by a package of another name, which it does not ask for.

        Where folders are walked, a project's alias answers everybody: there the entry is judged.
        ``was`` is the same edge before.
        """
        target = edge.target
        if target is None:
            return False
        if target.name == edge.name or self.traits.walks:
            if not self.asker.forces_away(edge, target):
                return self.asker.names_another(edge, target)
            from lockward.lockdiff import forced

            return forced.is_undone(self, edge, target, was)
        if target.source not in ("registry", "bundled") or self.asker.renames(edge, target.name):
            return False
        if self.asker.knows_range(edge):
            return True
        from lockward.lockdiff import aliases

        return not aliases.vouched_for(self, edge, target)

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """pnpm: under which name who depended on which package before, where the two differ."""
        if self._pairs is None:
            graph = self.graph_before
            self._pairs = {
                (one.name, one.target.name)
                for edges in (() if graph is None else graph.edges.values())
                for one in edges
                if one.target is not None and one.target.name != one.name
            }
        return self._pairs

    def extended(self, package: Package) -> Extended:
        """The dependencies of a package that a changed directive adds to it or takes away."""
        if self._extended is None:
            self._extended = requirements.Extensions(self.before, self.after)
        return self._extended.of(package)

    def highest(self, artifacts: frozenset[str], name: str) -> str:
        """The highest version among some artifacts of before that have a name; "" none."""
        key = artifacts if len(artifacts) < 2 else id(artifacts)  # noqa: PLR2004
        found = self._highest.get(key)
        if found is None:
            found = self._highest[key] = {}
            entries = self.pair.before.entries
            for artifact in artifacts:
                package = entries[artifact][0] if artifact in entries else None
                if package is not None:
                    known = found.get(package.name, "")
                    if known == "" or compare(known, package.version) < 0:
                        found[package.name] = package.version
        return found.get(name, "")

    def records(self, field: str) -> bool:
        """Whether both lockfiles record a field of anything, or are of one format version."""
        if field not in self._records:
            one, two = self.lockfile_before, self.lockfile
            self._records[field] = (
                one is None
                or formats.same_layout(one, two)
                or all(
                    any(field in package.raw for package in file.packages) for file in (one, two)
                )
            )
        return self._records[field]

    @property
    def referred(self) -> frozenset[str]:
        """See references.moved; worked out once, and nothing where ranges are recorded."""
        if self._referred is None and not self.traits.ranges:
            from lockward.lockdiff import references

            self._referred = references.moved(self)
        return self._referred or frozenset()

    @property
    def rekeyed(self) -> bool:
        """See cachekeys.moved; worked out once."""
        if self._rekeyed is None:
            from lockward.lockdiff import cachekeys

            self._rekeyed = cachekeys.moved(self)
        return self._rekeyed

    def sightings(self, package: Package, *, deep: bool = False) -> tuple[Sighting, ...]:
        """Where a new package was locked before; asked only when the answer decides.

        All that is new is asked about at once, unless the witness has to look
        far back for one package (``deep``).
        """
        wanted = (package.name, package.version)
        if deep:
            found = self.witness.sightings(self.lockfile.path, (wanted,), deep=True)
            return found.get(wanted, ())
        if not self.witness.thorough:
            return ()
        from lockward.lockdiff.witness import can_be_known

        if not can_be_known(package):
            return ()
        if self._seen is None:
            everything = self.crosses_formats  # no hash compares with that of before
            asked_of = self.pair.after.entries if everything else self.pair.new
            packages = map(self.pair.after.package, asked_of)
            asked = [(p.name, p.version) for p in packages if can_be_known(p)]
            self._seen = self.witness.sightings(self.lockfile.path, asked, deep=False)
        return self._seen.get(wanted, ())

    @property
    def bins(self) -> Mapping[tuple[str, str], list[Package]]:
        """See firstfacts.by_bin; worked out once."""
        if self._bins is None:
            from lockward.lockdiff import firstfacts

            self._bins = firstfacts.by_bin(self.lockfile.packages)
        return self._bins

    def restored(self, package: Package) -> frozenset[str]:
        """See lost.restored; worked out once for each artifact."""
        known = self._restored.get(package.artifact)
        if known is None:
            from lockward.lockdiff import lost

            known = self._restored[package.artifact] = lost.restored(self, package)
        return known

    @property
    def peerless(self) -> bool:
        """See lostpeers.are_lost; worked out once."""
        if self._peerless is None:
            from lockward.lockdiff import lostpeers

            self._peerless = lostpeers.are_lost(self)
        return self._peerless

    def edges_of(self, package: Package) -> tuple[Edge, ...]:
        """What an after entry requires; nothing for a link (its folder is an importer)."""
        return () if package.link else self.graph.edges.get(package.key, ())

    def name_of_source(self, key: str) -> str:
        """Who requires, as a person calls it: a package's name, or a package.json's path."""
        for lockfile in (self.lockfile, self.lockfile_before):
            if lockfile is not None and key not in lockfile.importers and key in lockfile.by_key:
                return lockfile.by_key[key].name
        return f"{key}/package.json" if key else "package.json"

    def sentence(self, edge: Edge) -> str:
        """Who wants what, for people."""
        return f"{self.name_of_source(edge.source)} wants {self.asker.told(edge)}"


def _server(package: Package) -> str:
    return "/".join((package.resolved or "").split("/")[:3])
