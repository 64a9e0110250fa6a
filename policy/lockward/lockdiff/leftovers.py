"""Edges that no requirement change explains: step D of the judgement.

Each gets the first code that fits, worst doubts first.  What remains is what a
package manager could have chosen by itself: a refresh.
"""

from __future__ import annotations

from lockward import spec
from lockward.bounds import COPIES
from lockward.lockdiff.answers import compare, fits
from lockward.lockdiff.closure import is_lower, same_line
from lockward.lockdiff.folders import asked_anew, is_outside
from lockward.lockdiff.formats import is_asked_for_as_any, is_stub_of
from lockward.lockdiff.records import Item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lockward.lockdiff.closure import Closure
    from lockward.lockdiff.rebound import Rebound
    from lockward.lockdiff.scene import Scene
    from lockward.model import Class, Edge, Package

_PEERS = ("peer", "peerOptional")


def judge(
    scene: Scene, closure: Closure, rebounds: Iterable[Rebound]
) -> list[tuple[Rebound, str, Class | None]]:
    """Every rebound edge that needs a word: with its code, and a class if not the code's own."""
    found: list[tuple[Rebound, str, Class | None]] = []
    for rebound in rebounds:
        settled = closure.settled.get(rebound)
        if settled is None:
            code, verdict = _code(scene, closure, rebound)
            found.append((rebound, code, verdict))
        elif scene.misnamed(rebound.edge, rebound.old_edge):
            found.append((rebound, "laundered", None))
        elif not scene.asked(rebound.edge):
            found.append((rebound, "source-switched", None))
        elif settled == "pulled" and not _fits(scene, rebound):
            found.append((rebound, _unfit(scene, closure, rebound), None))
    if found and not scene.traits.ranges:
        from lockward.lockdiff import lowered

        return lowered.beside_repaired(scene, found)
    return found


def _code(scene: Scene, closure: Closure, rebound: Rebound) -> tuple[str, Class | None]:
    """The code of an edge that nothing settled."""
    if not rebound.new:
        return _missing(scene, rebound), None
    if scene.misnamed(rebound.edge, rebound.old_edge):
        return "laundered", None
    if not scene.asked(rebound.edge):
        return "source-switched", None
    if rebound.shadows:
        return "shadowed", None
    if not _fits(scene, rebound):
        return _unfit(scene, closure, rebound), None
    return _chosen(scene, rebound)


def _missing(scene: Scene, rebound: Rebound) -> str:
    """An edge that had an answer and has none.

    Optional packages of npm 6 come and go with the author's platform; npm before
    5 leaves out what is for development; peers need no answer where they are not
    installed by themselves; what lies in a tarball npm lists only when it has unpacked it.
    """
    if scene.era_after.ancient and rebound.edge.kind == "dev":
        return "absent"
    target = rebound.old_edge.target if rebound.old_edge is not None else None
    by_platform = scene.era_after.flat and target is not None and target.optional
    source = scene.lockfile.by_key.get(rebound.edge.source)
    if source is not None and rebound.edge.name in source.bundle_dependencies:
        return "absent"
    if by_platform or rebound.edge.kind in _PEERS:
        return "absent"
    return "missing-optional" if rebound.edge.kind == "optional" else "missing"


def _fits(scene: Scene, rebound: Rebound) -> bool:
    """Whether the new answer is in range, as far as the lockfile tells."""
    edge = rebound.edge
    if edge.kind in _PEERS or edge.target is None:
        return True
    if not scene.asker.knows_range(edge):
        return not _is_left_behind(scene, rebound) and scene.asker.heeds(edge, surely=True)
    return scene.asker.fits(edge, edge.target) or _is_overruled(scene, edge)


def _is_left_behind(scene: Scene, rebound: Rebound) -> bool:
    """Whether another major version answers where npm 5 wrote the version that it chose.

    The text moves with the answer, though not always by a patch (owncloud/web 04f2f422bd).
    """
    old, edge = rebound.old_edge, rebound.edge
    if not scene.traits.ranges or old is None or old.target is None or edge.target is None:
        return False
    if not edge.spec[:1].isdigit():
        return False  # a project's range
    stayed = old.spec == edge.spec and scene.asker.fits(old, old.target)
    return stayed and _major(edge.spec) != _major(edge.target.version) != ""


def _unfit(scene: Scene, closure: Closure, rebound: Rebound) -> str:
    """Out of range: npm's own mistake, or nobody's.

    npm hoists a package over an unchanged dependant that it does not fit (below
    workspaces it does not look): then the package is the requirement's own, or
    was there before.  lockfile-out-of-sync reports such an edge.
    """
    if not scene.real or not scene.traits.breaks:
        return "out-of-range"
    reason = closure.explained.get(rebound.new)
    asked = reason is not None and reason.code in ("requirement", "catch-up")
    return "broken-edge" if asked or rebound.new in scene.pair.before.entries else "out-of-range"


def _chosen(scene: Scene, rebound: Rebound) -> tuple[str, Class | None]:
    """In range, from where it should come: how a manager could have come to it."""
    beside: Class = "matched" if scene.real else "refresh"
    if rebound.new not in scene.pair.after.entries:
        return "deduplicated", beside  # a member of the workspace took over
    from lockward.lockdiff import downs

    lower = is_lower(scene, rebound)
    if rebound.new in scene.pair.before.entries:
        return downs.to_copy(scene, rebound.new) if lower else ("deduplicated", beside)
    if not rebound.old:
        from lockward.lockdiff import optionalpeers

        return optionalpeers.code(scene, rebound), None
    if _upgrades_another(scene, rebound) and not (lower and downs.suits_higher(scene, rebound)):
        return "deduplicated", beside
    if _repairs(scene, rebound):
        return "repaired", "refresh" if lower and not scene.traits.ranges else beside
    return (downs.code_of(scene, rebound) if lower else _higher(scene, rebound)), None


def _higher(scene: Scene, rebound: Rebound) -> str:
    unknown = not scene.asker.knows_range(rebound.edge) and not scene.era_after.exact
    if not unknown or same_line(scene, rebound) or _in_known_range(scene, rebound):
        return "refresh"
    return "major-jump"


def _in_known_range(scene: Scene, rebound: Rebound) -> bool:
    """pnpm: whether an answer is in range though the lockfile records none, and kept it out before.

    A peer's range is recorded, some packages' are published.py's; declarations of types are
    asked for with ``*``, packages of one release by its version; and where an override's
    other package stood, the versions of the package itself cannot be compared with it.
    """
    edge = rebound.edge
    source, target = scene.lockfile.by_key.get(edge.source), edge.target
    if source is None or target is None:
        return False
    if is_asked_for_as_any(target) or is_stub_of(source, target):
        return True
    if any(fits(one, target) for one in scene.asker.alternatives(edge) if one.kind == "range"):
        return True
    from lockward.lockdiff import peers, published

    if _is_of_one_release(source, target) or peers.follows_project(scene, edge, source):
        return True
    texts = [one.peer_dependencies.get(edge.name) for one in (source, *_before(scene, source))]
    if texts[0] is None:
        texts = [published.requirement(source, edge.name)]
    if texts[0] is not None:
        return all(one is not None and fits(spec.parse(edge.name, one), target) for one in texts)
    entries = scene.pair.before.entries
    olds = [entries[one][0].name for one in rebound.old if one in entries]
    return target.name == edge.name and bool(olds) and edge.name not in olds


def _before(scene: Scene, package: Package) -> list[Package]:
    """An entry that held the same package before, if one did."""
    return scene.pair.before.entries.get(scene.pair.after.of_key.get(package.key, ""), [])[:1]


def _is_of_one_release(source: Package, target: Package) -> bool:
    """Whether two packages share scope and version."""
    scope, slash, _ = source.name.partition("/")
    same = bool(slash) and target.name.startswith(f"{scope}/")
    return same and source.version == target.version


def _upgrades_another(scene: Scene, rebound: Rebound) -> bool:
    """Whether another copy of that name and major version vanished, a lower one.

    A manager that merges copies takes the version that suits all of them.
    """
    new = scene.pair.after.package(rebound.new)
    copies = scene.pair.before.by_name.get(new.name, ())
    COPIES.spend(len(copies))
    return any(
        artifact in scene.pair.gone
        and artifact not in rebound.old
        and _major(old.version) == _major(new.version)
        and compare(old.version, new.version) < 0
        for artifact in copies
        for old in (scene.pair.before.package(artifact),)
    )


def _repairs(scene: Scene, rebound: Rebound) -> bool:
    """Whether the old answer was out of range."""
    old = rebound.old_edge
    if old is None:
        return False
    if not scene.asker_before.knows_range(old):
        from lockward.lockdiff import lowered

        return lowered.repairs_peer(scene, rebound, old) or lowered.follows_override(scene, rebound)
    return not scene.asker_before.answered(old)


def _major(version: str) -> str:
    return version.partition(".")[0]


def new_edges(scene: Scene) -> Iterator[Item]:
    """Requirements of new packages, and changed ones, that what is locked does not answer."""
    yield from _changed_edges(scene)
    for edge in asked_anew(scene):
        code = _defect(scene, edge, "missing", "out-of-range")
        if code and not scene.fresh:
            yield _item(code, scene, edge)
    for artifact in scene.pair.new:
        for package in scene.pair.after.entries[artifact]:
            if package.in_bundle or package.has_shrinkwrap:
                continue
            for edge in scene.edges_of(package):
                if edge.name in package.bundle_dependencies:
                    from lockward.lockdiff import bundles

                    if bundles.bring(scene, edge):
                        continue
                code = _defect(scene, edge, "missing", "out-of-range")
                # of a new lockfile lockfile-out-of-sync says the rest
                if code and not (scene.fresh and code in ("missing", "out-of-range")):
                    yield _item(code, scene, edge)


def _changed_edges(scene: Scene) -> Iterator[Item]:
    """The same of requirements that changed; npm 6 records of a linked folder what lies in it."""
    for folder, names in _changed_names(scene).items():
        if (folder and scene.era_after.flat) or is_outside(scene, folder):
            continue
        if folder not in scene.after.manifests:
            continue  # gone, and so is what it asked for (documenso/documenso 454f73f2a9)
        for edge in scene.graph.edges.get(folder, ()):
            if edge.name in names:
                code = _defect(scene, edge, "unanswered", "unanswered")
                unanswered = code == "unanswered"
                if code and not (unanswered and (scene.fresh or _stood(scene, edge))):
                    yield _item(code, scene, edge)


def _stood(scene: Scene, edge: Edge) -> bool:
    """Whether the same requirement of an importer had no sound answer before either."""
    before = scene.graph_before
    return before is not None and any(
        old.name == edge.name and old.spec == edge.spec and not scene.asker_before.answered(old)
        for old in before.edges.get(edge.source, ())
    )


def _changed_names(scene: Scene) -> dict[str, set[str]]:
    """Importer's folder -> names of its changed requirements."""
    found: dict[str, set[str]] = {}
    for one in scene.real:
        if one.folder is not None:
            found.setdefault(one.folder, set()).add(one.name)
    return found


def _defect(scene: Scene, edge: Edge, missing: str, unfit: str) -> str:
    """The code of an edge without an answer in range, or with another package's; "" sound.

    Peers may stay unmet, optional packages be left out by platform, and what
    comes in a tarball is that tarball's business.
    """
    if scene.misnamed(edge):
        return "laundered"
    if not scene.asked(edge):
        return "source-switched"
    if edge.kind in _PEERS:
        return ""
    if edge.target is None:
        return "" if edge.via or edge.kind == "optional" else missing
    if edge.target.in_bundle or not scene.asker.knows_range(edge):
        return ""
    return "" if scene.asker.answered(edge) or _is_overruled(scene, edge) else unfit


def _is_overruled(scene: Scene, edge: Edge) -> bool:
    from lockward.lockdiff import resolutions

    return resolutions.overrule(scene, edge)


def _item(code: str, scene: Scene, edge: Edge) -> Item:
    return Item(
        code,
        after=edge.target,
        name=edge.name,
        cause=scene.sentence(edge),
        pointer=edge.source if edge.target is None else "",
    )
