"""Whether `npm ci` would install from a lockfile under the live manifests, offline.

Reference: npm's lib/commands/ci.js and @npmcli/arborist, build-ideal-tree.js
(#initTree, #buildDepStep, #problemEdges, #resolveLinks) and edge.js.  npm walks
from the root, and into each workspace and linked folder, but not below those.
A requirement that the lockfile answers wrongly, or not at all, it resolves
anew; whatever that adds or changes it then refuses.  So the pair is in sync
exactly when no requirement that npm looks at needs resolving.
"""

from __future__ import annotations

from lockward import semver, spec
from lockward.bounds import PEERS
from lockward.lockfiles import npm_valid
from lockward.lockfiles.npm_requires import fold
from lockward.sync import SyncProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.lockfiles.npm_nodes import Node
    from lockward.lockfiles.npm_override_sets import OverrideSets
    from lockward.lockfiles.npm_overrides import Rule
    from lockward.lockfiles.npm_tree import Tree
    from lockward.model import Edge
    from lockward.project import Project
    from lockward.sync import Reason


class Settings:
    """The settings in .npmrc that change what `npm ci` makes of a lockfile."""

    __slots__ = ("force", "install_links", "legacy_peer_deps", "strict_peer_deps")

    def __init__(
        self,
        *,
        force: bool = False,
        install_links: bool = False,
        legacy_peer_deps: bool = False,
        strict_peer_deps: bool = False,
    ) -> None:
        self.force: Final = force
        self.install_links: Final = install_links
        self.legacy_peer_deps: Final = legacy_peer_deps
        self.strict_peer_deps: Final = strict_peer_deps


def settings(project: Project) -> Settings:
    """What the project's own .npmrc says of peers and links; the last line counts."""
    said = {
        setting.key: setting.value != "false"
        for setting in project.registries.settings
        if not setting.inert
    }
    return Settings(
        force=said.get("force", False),
        install_links=said.get("install-links", False),
        legacy_peer_deps=said.get("legacy-peer-deps", False),
        strict_peer_deps=said.get("strict-peer-deps", False),
    )


def judged(tree: Tree, settings: Settings) -> tuple[SyncProblem, ...]:
    """The same for a tree that is at hand."""
    twins = [name for name, folders in tree.workspaces.items() if len(folders) > 1]
    if twins:
        return tuple(
            SyncProblem("workspace", "", name, ", ".join(tree.workspaces[name]), "workspace")
            for name in twins
        )
    manifest = tree.root.manifest
    if manifest is None or not manifest.overrides:
        return tuple(Judge(tree, settings).problems())
    from lockward.lockfiles.npm_overrides import OverridesError

    try:
        return tuple(Judge(tree, settings).problems())
    except OverridesError as fault:
        return (SyncProblem("override", "", "overrides", "", "prod", detail=str(fault)),)


class Judge:
    """What npm makes of the edges of one tree."""

    def __init__(self, tree: Tree, settings: Settings) -> None:
        self.tree: Final = tree
        self.settings: Final = settings
        self._nodes: Final = tree.nodes
        self.sets: Final = _override_sets(tree)
        self._errors: Final[dict[Edge, Reason | None]] = {}
        self._into: dict[str, list[Edge]] | None = None
        self._bundlers: Mapping[str, Node] | None = None
        # Sources without a problem stay so while their edges do, unless something else has a say.
        free = self.sets is None and not (settings.legacy_peer_deps or settings.install_links)
        self._settled: Final = tree.settled if free else set()

    def problems(self) -> Iterator[SyncProblem]:
        """Every problem that npm would meet, in the order of its walk."""
        if self._all_settled():
            return
        yield from self._contradicted()
        walked = self._walk()
        links: list[Node] = []
        root = self.tree.root
        for node in walked:
            found = [] if node.key in self._settled else list(self._problems_of(node))
            yield from found
            if found or node is root:
                links += self._links_of(node)
        seen = set(walked)
        while links:
            link = links.pop()
            target = link.target
            if target is None or target in seen or target.key.startswith(".."):
                continue  # what lies outside of the project is not npm's business
            seen.add(target)
            if self.sets is not None:
                self.sets.forward(link)
            if target.key not in self._settled:
                yield from self._problems_of(target)
            links += self._links_of(target)

    def _all_settled(self) -> bool:
        """Whether nobody at all has a problem, reached or not: then npm meets none on its walk."""
        if self.sets is not None:
            return False
        nodes = self.tree.nodes
        rest = self.tree.edges.keys() - self._settled
        return not any(next(self._problems_of(nodes[key]), None) for key in rest)

    def _contradicted(self) -> Iterator[SyncProblem]:
        """Overrides that change a requirement of the root itself (EOVERRIDE)."""
        if self.sets is None:
            return
        for edge in self.edges_of(self.tree.root):
            rule = self.sets.of(edge)
            wanted = edge.spec if rule is None else self.sets.spec(edge, rule)
            if wanted != edge.spec and not wanted.startswith("$"):
                yield SyncProblem(
                    "override",
                    "",
                    edge.name,
                    edge.spec,
                    edge.kind,
                    found=edge.target,
                    detail=f"wanted {edge.spec}, but an override sets {wanted}",
                )

    def _walk(self) -> list[Node]:
        """The nodes that npm reaches from the root without following a link."""
        walked = [self.tree.root]
        seen = {""}
        nodes = self.tree.nodes
        for node in walked:  # grows while it is walked
            for edge in self.edges_of(node):
                found = edge.target
                if found is not None and not edge.via and found.key not in seen:
                    seen.add(found.key)
                    walked.append(nodes[found.key])
        return walked

    def _links_of(self, node: Node) -> list[Node]:
        found = (self.tree.found(edge) for edge in self.edges_of(node))
        return [node for node in found if node is not None and node.link]

    def _problems_of(self, node: Node) -> Iterator[SyncProblem]:
        if node.package is not None and node.package.has_shrinkwrap:
            return  # npm takes what that shrinkwrap says
        bundled = frozenset() if self.is_mine(node) else node.bundled
        plain = self.sets is None and not _accepts_more(node)
        settled = plain
        for edge in self.edges_of(node):
            if plain and self._fits(edge):
                continue
            if edge.kind == "peerOptional" or edge.name in bundled:
                continue
            reason = self.error(edge)
            if reason is None:
                continue
            settled = False
            if self._lives_with(edge, reason):
                continue
            yield SyncProblem(
                reason, edge.source, edge.name, self.spec(edge), edge.kind, found=edge.target
            )
        if settled:
            self._settled.add(node.key)

    def _fits(self, edge: Edge) -> bool:
        """By far the commonest edge, made short: a plain range that takes the version."""
        target = edge.target
        if target is None or edge.via or edge.kind not in _PLAIN_KINDS:
            return False
        found = self._nodes[target.key]
        if found.manifest is not None or found.name != edge.name:
            return False
        asked = (edge.spec, target.version)
        return asked in _FITTING or (semver.is_plain(edge.spec) and _takes(*asked))

    def _lives_with(self, edge: Edge, reason: Reason) -> bool:
        found = self.tree.found(edge)
        if found is not None and found.in_shrinkwrap:
            return True
        if reason == "missing":
            return False
        if edge.kind == "peer":
            from lockward.lockfiles import npm_peers

            return npm_peers.stays(self, edge)
        return found is not None and self._stays_bundled(edge, found)

    def _stays_bundled(self, edge: Edge, found: Node) -> bool:
        """Whether npm leaves a bundled package that does not fit another one of its bundle.

        It finds one that fits, and puts that as far up as it may: above the
        bundler, where the bundled one hides it, so that npm drops it again.  It
        gets no further than the bundle when others of the bundle need what is
        there, or when a package of that name stands above.
        """
        bundler = self.bundler_of(found)
        if bundler is None or bundler is self.tree.root or found.parent is not bundler:
            return False
        if found.name != edge.name:
            return False  # differs by case
        wanted = self.spec(edge)
        newer = not semver.is_range(wanted) or semver.intersects(
            wanted, f">={found.version}", include_prerelease=True
        )
        name = fold(edge.name)
        at = bundler.parent or bundler.around
        while at is not None:
            if name in at.children:
                return False
            at = at.parent or at.around
        from lockward.lockfiles import npm_peers

        if not newer:
            return False
        PEERS.spend(npm_peers.FOR_RANGES * len(self.into(found)))
        return all(
            npm_peers.meet(spec.parse(edge.name, wanted), spec.parse(one.name, self.spec(one)))
            for one in self.into(found)
        )

    def is_mine(self, node: Node) -> bool:
        """Whether a node is the project's own: the root, or a workspace."""
        if node is self.tree.root:
            return True
        return node.is_top and any(node.key in folders for folders in self.tree.workspaces.values())

    def edges_of(self, node: Node) -> tuple[Edge, ...]:
        """A node's edges; legacy-peer-deps leaves out the peers."""
        edges = self.tree.edges.get(node.key, ())
        if not self.settings.legacy_peer_deps:
            return edges
        return tuple(edge for edge in edges if edge.kind not in ("peer", "peerOptional"))

    def into(self, node: Node) -> list[Edge]:
        """The edges that find a node under their name."""
        if self._into is None:
            self._into = {}
            for source in self.tree.nodes.values():
                for edge in self.edges_of(source):
                    found = self.tree.found(edge)
                    if found is not None:
                        self._into.setdefault(found.key, []).append(edge)
        return self._into.get(node.key, [])

    def error(self, edge: Edge) -> Reason | None:
        """What is wrong with an edge; None when nothing is (arborist, edge.error)."""
        if edge not in self._errors:
            self._errors[edge] = self._error(edge)
        return self._errors[edge]

    def _error(self, edge: Edge) -> Reason | None:
        found = self.tree.found(edge)
        if found is None:
            return None if edge.kind == "peerOptional" else "missing"
        source = self.tree.nodes[edge.source]
        peer = edge.kind in ("peer", "peerOptional")
        if peer and found.parent is source and not source.is_top:
            return "peer-local"
        return None if self._satisfied(edge, found, source) else "invalid"

    def _satisfied(self, edge: Edge, found: Node, source: Node) -> bool:
        if found.name != edge.name:
            return False  # a folder that differs by case
        rule = None if self.sets is None else self.sets.of(edge)
        if (rule is None or rule.parent is None) and semver.is_plain(edge.spec):
            # no override but the root's, which sets nothing by itself
            accepted = _accepted(source, edge.name)
            if accepted is None:  # by far the commonest case, made short
                return edge.spec == "*" or _takes(edge.spec, found.version)
        return self._answers(edge, found, source, rule)

    def _answers(self, edge: Edge, found: Node, source: Node, rule: Rule | None) -> bool:
        # npm takes the paths of an override from the root's folder.  For "*", which leaves
        # the requirement's own path, it then resolves anew, and finds what is locked.
        overridden = rule is not None and rule.name == edge.name and rule.value not in ("", "*")
        asked = npm_valid.Asked(
            source,
            edge.name,
            "" if overridden else npm_valid.base_of(source),
            _accepted(source, edge.name),
            install_links=self.settings.install_links,
        )
        if rule is None or self.sets is None or rule.parent is None or self._is_fixed(found):
            return npm_valid.answers(found, edge.spec, asked)
        if self.sets.conflict(rule, found):
            return False
        if npm_valid.answers(found, self.sets.spec(edge, rule), asked):
            return True
        return npm_valid.answers(found, edge.spec, asked) and not npm_valid.answers(
            found, rule.wanted, asked
        )

    def _is_fixed(self, found: Node) -> bool:
        """Whether overrides do not reach a node: it came in somebody's tarball."""
        if found.in_shrinkwrap or (found.package is not None and found.package.has_shrinkwrap):
            return True
        return self.bundler_of(found) is not None

    def bundler_of(self, node: Node) -> Node | None:
        """The package in whose tarball a node comes; None for what is fetched by itself."""
        if self._bundlers is None:
            from lockward.lockfiles import npm_bundles

            self._bundlers = npm_bundles.bundlers(self.tree)
        return self._bundlers.get(node.key)

    def spec(self, edge: Edge) -> str:
        """What an edge asks for once overrides are applied."""
        rule = None if self.sets is None else self.sets.of(edge)
        return edge.spec if rule is None or self.sets is None else self.sets.spec(edge, rule)


# (range, version) that were seen to fit: two states of a lockfile share nearly all of them.
_FITTING: Final[set[tuple[str, str]]] = set()
_MOST_FITTING: Final = 20_000
_PLAIN_KINDS: Final = frozenset({"prod", "dev", "optional"})


def _takes(spec: str, version: str) -> bool:
    """Whether a plain range takes a version."""
    fits = semver.satisfies(version, spec, loose=True)
    if fits:
        if len(_FITTING) >= _MOST_FITTING:
            _FITTING.clear()
        _FITTING.add((spec, version))
    return fits


def _accepts_more(source: Node) -> bool:
    """Whether a dependant has second specs (acceptDependencies)."""
    holder = source.manifest if source.manifest is not None else source.package
    return holder is not None and "acceptDependencies" in holder.raw


def _accepted(source: Node, name: str) -> str | None:
    """The second spec with which a dependant is content (acceptDependencies)."""
    holder = source.manifest if source.manifest is not None else source.package
    accepted = None if holder is None else holder.raw.get("acceptDependencies")
    found = accepted.get(name) if isinstance(accepted, dict) else None
    return found if isinstance(found, str) else None


def _override_sets(tree: Tree) -> OverrideSets | None:
    manifest = tree.root.manifest
    if manifest is None or not manifest.overrides:
        return None
    from lockward.lockfiles import npm_override_sets, npm_overrides

    return npm_override_sets.OverrideSets(tree, npm_overrides.read(manifest.overrides))
