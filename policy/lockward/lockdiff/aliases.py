"""pnpm: packages that stand under another name, where no range says that they should.

An entry names what it depends on by references; that a tarball asks for
``npm:typescript@^6`` under another name is not recorded.  So a new package that
brings an alias must show by something else that it is the tarball's.
"""

from __future__ import annotations

from lockward import spec
from lockward.bounds import COPIES
from lockward.lockdiff.answers import fits
from lockward.lockdiff.formats import NIGHTLY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.lockdiff.scene import Scene
    from lockward.model import Edge, Package


def vouched_for(scene: Scene, edge: Edge, target: Package) -> bool:
    """Whether a dependency may be answered by a package of another name."""
    return (
        NIGHTLY.get(edge.name) == target.name
        or _is_scope_s_nightly(scene, edge, target)
        or _is_suffixed(scene, edge, target)
        or _is_known(scene, edge, target)
        or _is_a_project_s(scene, edge)
        or _is_a_dependant_s(scene, edge)
        or _is_published(scene, edge, target)
        or _in_own_scope(scene, edge, target)
        or _is_scope_s_fork(scene, edge, target)
        or _is_as_another_manager_had_it(scene, edge, target)
    )


def _is_scope_s_nightly(scene: Scene, edge: Edge, target: Package) -> bool:
    """Whether a new package has a scoped one's development releases, in the same scope.

    (@nuxt/ui-edge for @nuxt/ui, nuxt/image 7826abbb98; @nuxtjs/mdc-edge, nuxt/ui 7d8b721bdd.)
    Nobody else can publish there.
    """
    fresh = scene.pair.after.of_key.get(edge.source) in scene.pair.new
    return (
        fresh
        and edge.name[:1] == "@"
        and target.name in (f"{edge.name}-edge", f"{edge.name}-nightly")
    )


def _is_suffixed(scene: Scene, edge: Edge, target: Package) -> bool:
    """Whether a new package calls another one by its name and a suffix: string-width-cjs.

    Unless somebody is called so: ``cross`` does not answer for ``cross-spawn``.
    """
    pair = scene.pair
    return (
        edge.name.startswith(f"{target.name}-")
        and pair.after.of_key.get(edge.source) in pair.new
        and not any(edge.name in side.by_name for side in (pair.before, pair.after))
    )


def _is_known(scene: Scene, edge: Edge, target: Package) -> bool:
    """Whether somebody had this package under this name: who stayed itself, unless it is a peer."""
    if (edge.name, target.name) not in scene.pairs:
        return False
    artifact = scene.pair.after.of_key.get(edge.source, "")
    source, graph = scene.lockfile.by_key.get(edge.source), scene.graph_before
    if artifact in scene.pair.new or (source and edge.name in source.peer_dependencies):
        return True
    copies = scene.pair.before.entries.get(artifact, ())
    asked = [one for copy in copies for one in (graph.edges.get(copy.key, ()) if graph else ())]
    COPIES.spend(len(asked))
    return any(
        (one.name, one.target.name) == (edge.name, target.name)
        for one in asked
        if one.target is not None
    )


def _is_a_project_s(scene: Scene, edge: Edge) -> bool:
    """Whether a peer has what a project asks for under this very name.

    (typescript as npm:@typescript/typescript6 in a catalog: rolldown/tsdown 76144dd2d3.)
    """
    from lockward.lockdiff import peers

    source = scene.lockfile.by_key.get(edge.source)
    return source is not None and peers.follows_project(scene, edge, source)


def is_a_project_s_own(scene: Scene, edge: Edge, target: Package) -> bool:
    """Whether a peer has a package by its real name, which a project asks for by an alias.

    Overrides are about dependencies: typescript may be TypeScript 6 under that name for them,
    and 7 for who has it for a peer, because of ``@typescript/native: npm:typescript@7``
    (payloadcms/payload 3aafa87d33, 4e6581b7c6).
    """
    source = scene.lockfile.by_key.get(edge.source)
    text = None if source is None else source.peer_dependencies.get(edge.name)
    if text is None or not fits(spec.parse(edge.name, text), target):
        return False
    asking = scene.graph.into(target.key)
    COPIES.spend(len(asking))
    return any(
        one.source in scene.lockfile.importers
        and scene.asker.knows_range(one)
        and scene.asker.answered(one)
        and scene.asker.renames(one, target.name)
        for one in asking
    )


def _is_a_dependant_s(scene: Scene, edge: Edge) -> bool:
    """Whether a peer has what every dependant of its entry has under this very name, by right.

    (vite of @vitejs/plugin-vue below vitepress, for which an override says
    ``npm:rolldown-vite@latest``: vueuse/vueuse bcba583140.)
    """
    source = scene.lockfile.by_key.get(edge.source)
    if source is None or edge.name not in source.peer_dependencies:
        return False
    answer = scene.pair.after.answer(edge)
    asking = scene.graph.into(edge.source)
    COPIES.spend(len(asking))
    return bool(asking) and all(
        any(
            own.name == edge.name
            and scene.pair.after.answer(own) == answer
            and own.target is not None
            and scene.asker.renames(own, own.target.name)
            for own in scene.graph.edges.get(one.source, ())
        )
        for one in asking
    )


def _is_published(scene: Scene, edge: Edge, target: Package) -> bool:
    """Whether the dependant is known for this very alias (prisma/prisma 29e65f0808)."""
    from lockward.lockdiff import published

    source = scene.lockfile.by_key.get(edge.source)
    return source is not None and published.renames(source, edge.name, target.name)


def _in_own_scope(scene: Scene, edge: Edge, target: Package) -> bool:
    """Whether a new package calls one that was locked already by a name of its own scope.

    (@typescript/typescript6 has typescript 6 as @typescript/old: typescript-eslint 3b155bb134.)
    Nobody's name is taken, not the scope's either, and nothing comes in that was not judged.
    """
    pair, scope = scene.pair, _scope(scene, edge)
    return (
        scope != ""
        and edge.name.startswith(f"{scope}/")
        and pair.after.of_key.get(edge.source) in pair.new
        and pair.after.of_key.get(target.key) in pair.before.entries
        and not any(edge.name in side.by_name for side in (pair.before, pair.after))
    )


def _is_scope_s_fork(scene: Scene, edge: Edge, target: Package) -> bool:
    """Whether a scope's packages take their own copy of a package for it.

    (@docusaurus/core has @docusaurus/react-loadable as react-loadable, and so has what it
    takes along, for a peer: trpc/trpc 18a2757a99.)  Others' own dependencies stay theirs.
    """
    scope, slash, name = target.name.partition("/")
    if not slash or name != edge.name:
        return False
    source = scene.lockfile.by_key.get(edge.source)
    own = _scope(scene, edge) == scope
    if not own and (source is None or name not in source.peer_dependencies):
        return False
    copies = scene.pair.after.entries.get(scene.pair.after.answer(edge), ())
    asking = [other for copy in copies for other in scene.graph.into(copy.key)]
    COPIES.spend(len(asking))
    return any(
        other.name == name and _scope(scene, other) == scope and other.kind not in _PEERS
        for other in asking
    )


def _is_as_another_manager_had_it(scene: Scene, edge: Edge, target: Package) -> bool:
    """Whether the lockfile whose place a new one takes records that the dependant asks for this.

    Other managers write the alias of a published package out (firebase-tools has
    ``pglite-2: npm:@electric-sql/pglite@0.2.17``: honojs/middleware 5e32c001cf), and its range.
    """
    source = scene.lockfile.by_key.get(edge.source)
    before = None if scene.before is None else scene.before.lockfile
    if source is None or before is None or scene.lockfile_before is not None:
        return False
    COPIES.spend(len(before.packages) // _LOOKED_AT)
    asked = (
        one.dependencies.get(edge.name) or one.optional_dependencies.get(edge.name) or ""
        for one in before.packages
        if (one.source, one.name) == ("registry", source.name)
    )
    return any(
        text.startswith(f"npm:{target.name}@") and fits(spec.parse(edge.name, text), target)
        for text in asked
    )


_LOOKED_AT: Final = 16  # packages whose names are compared in one step


def _scope(scene: Scene, edge: Edge) -> str:
    """The scope of who asks; "" when that is no package of a registry with one."""
    source = scene.lockfile.by_key.get(edge.source)
    if source is None or source.source != "registry" or "/" not in source.name:
        return ""
    return source.name.partition("/")[0]


_PEERS: Final = ("peer", "peerOptional")
