"""Why each new, moved or removed artifact is there, in words."""

from __future__ import annotations

from lockward.bounds import COPIES
from lockward.lockdiff.answers import compare
from lockward.lockdiff.formats import PLATFORM_BOUND
from lockward.lockdiff.records import CLASSES, Item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Final

    from lockward.lockdiff.artifacts import Pair
    from lockward.lockdiff.closure import Closure, Reason
    from lockward.lockdiff.rebound import Rebound
    from lockward.lockdiff.scene import Scene
    from lockward.model import Class, Edge, Package

    Leftover = tuple[Rebound, str, Class | None]

_BELOW: Final = {
    "metadata": "brought",
    "matched": "brought",
    "refresh": "below-refresh",
    "rollback": "below-refresh",
    "unexplained": "below-unexplained",
    "tampered": "below-unexplained",
}


def partners(pair: Pair) -> dict[str, Package]:
    """New artifact -> the vanished one of the same name that it stands for.

    Several of one name are paired in the order of their versions.
    """
    found: dict[str, Package] = {}
    gone: dict[str, list[Package]] = {}
    for artifact in pair.gone:
        package = pair.before.package(artifact)
        gone.setdefault(package.name, []).append(package)
    fresh: dict[str, list[str]] = {}
    for artifact in pair.new:
        fresh.setdefault(pair.after.package(artifact).name, []).append(artifact)
    for name, artifacts in fresh.items():
        olds = _ordered(gone.get(name, []))
        news = _ordered([pair.after.package(artifact) for artifact in artifacts])
        by_package = {id(pair.after.package(artifact)): artifact for artifact in artifacts}
        found.update((by_package[id(new)], old) for new, old in zip(news, olds, strict=False))
    return found


def _ordered(packages: list[Package]) -> list[Package]:
    """By version, ascending; as they stand when there is but one."""
    if len(packages) < 2:  # noqa: PLR2004 - nothing to order
        return packages
    return sorted(packages, key=_ByVersion)


class _ByVersion:
    """A sort key over node-semver's order."""

    __slots__ = ("version",)

    def __init__(self, package: Package) -> None:
        self.version: Final = package.version

    def __lt__(self, other: _ByVersion) -> bool:
        return compare(self.version, other.version) < 0


def items(
    scene: Scene, closure: Closure, leftovers: list[Leftover], mates: dict[str, Package]
) -> Iterator[Item]:
    """One item per artifact or edge that changed, with its cause."""
    told: set[str] = set()
    yield from _of_edges(scene, leftovers, mates, told)
    below = _below(scene, closure, leftovers)
    for artifact in scene.pair.new:
        package = scene.pair.after.package(artifact)
        if artifact in told:
            continue
        reason = closure.explained.get(artifact)
        if reason is not None:
            yield _explained(scene, package, mates, reason)
        elif artifact in below:
            yield _below_one(scene, package, mates, *below[artifact])
        elif scene.era_after.ancient:
            yield Item(
                "requirement" if scene.real else "refresh",
                before=mates.get(artifact),
                after=package,
            )
        elif _by_platform(scene, package):
            yield Item("filled", after=package, cause=_why_not(scene, artifact))
        elif package.source == "workspace":
            continue  # what importers.py judges
        elif any(scene.graph.is_reachable(one.key) for one in scene.pair.after.entries[artifact]):
            yield Item(
                "no-cause",
                before=mates.get(artifact),
                after=package,
                cause=_why_not(scene, artifact),
            )
    yield from _removed(scene, mates)


def _by_platform(scene: Scene, package: Package) -> bool:
    """Whether npm 6 left a package out on a platform that does not install who needs it.

    Then nobody had noted before that any of the dependants requires anything.
    """
    if not scene.era_before.flat or not package.optional:
        return False
    from lockward.lockdiff.platforms import is_by_platform

    edges = scene.graph.into(package.key)
    if package.name in PLATFORM_BOUND:
        # nor did it write that anybody requires it (chokidar of sequelize 2e42d66e16)
        return scene.era_after.exact or all(scene.asker.fits(edge, package) for edge in edges)
    dependants = [scene.lockfile.by_key.get(edge.source) for edge in edges]
    noted = all(
        one is not None
        and one.optional
        and (one.name in PLATFORM_BOUND or _needed_nothing(scene, one))
        for one in dependants
    )
    return bool(dependants) and noted and is_by_platform(scene, package)


def _needed_nothing(scene: Scene, package: Package) -> bool:
    """Whether nobody had noted that a package requires anything."""
    known = scene.pair.before.entries.get(scene.pair.after.of_key[package.key], ())
    return not any(old.dependencies for old in known)


def _of_edges(
    scene: Scene, leftovers: Iterable[Leftover], mates: dict[str, Package], told: set[str]
) -> Iterator[Item]:
    """What unexplained edges found, each new answer once per code."""
    done: set[tuple[str, str]] = set()
    for rebound, code, verdict in leftovers:
        where = rebound.new or f"{rebound.edge.source} {rebound.edge.name}"
        if (code, where) in done:
            continue
        done.add((code, where))
        told.add(rebound.new)
        entries = scene.pair.after.entries.get(rebound.new)
        old = None if rebound.old_edge is None else rebound.old_edge.target
        yield Item(
            code,
            before=mates.get(rebound.new) or old,
            after=entries[0] if entries else None,
            classification=verdict,
            cause=scene.sentence(rebound.edge),
            name=rebound.edge.name if not entries else "",
        )


def _below(
    scene: Scene, closure: Closure, leftovers: Iterable[Leftover]
) -> dict[str, tuple[str, Edge]]:
    """New artifacts that came along with an unexplained edge's answer: code, and who wants them."""
    found: dict[str, tuple[str, Edge]] = {}
    visited: set[str] = set()
    ordered = sorted(leftovers, key=lambda one: CLASSES.index(_class(one)))
    for leftover in ordered:
        code = _BELOW[_class(leftover)]
        waiting = [leftover[0].new]
        while waiting:
            artifact = waiting.pop()
            if artifact not in scene.pair.new or artifact in visited:
                continue
            visited.add(artifact)
            for package in scene.pair.after.entries[artifact]:
                answers = [
                    (scene.pair.after.answer(edge), edge) for edge in scene.edges_of(package)
                ]
                carried = scene.graph.carried.get(package.key, ())
                answers += [
                    (scene.pair.after.of_key.get(key, ""), leftover[0].edge) for key in carried
                ]
                for answer, edge in answers:
                    if answer not in found and answer not in closure.explained:
                        found[answer] = (code, edge)
                        waiting.append(answer)
    return found


def _class(leftover: Leftover) -> Class:
    from lockward.lockdiff.codes import CODES

    return leftover[2] or CODES[leftover[1]].classification


def _below_one(
    scene: Scene, package: Package, mates: dict[str, Package], code: str, edge: Edge
) -> Item:
    mate = mates.get(package.artifact)
    found = (_lowered(scene, package, mate, mates) if code == "below-refresh" else "") or code
    return Item(found, before=mate, after=package, cause=scene.sentence(edge))


def _explained(scene: Scene, package: Package, mates: dict[str, Package], reason: Reason) -> Item:
    mate = mates.get(package.artifact)
    code = _lowered(scene, package, mate, mates) if reason.code == "brought" else ""
    return Item(
        code or reason.code, before=mate, after=package, cause=lambda: _words(scene, reason)
    )


def _lowered(
    scene: Scene, package: Package, mate: Package | None, mates: dict[str, Package]
) -> str:
    """See brought.code_of; "" of what did not go down."""
    if mate is None or compare(package.version, mate.version) >= 0:
        return ""
    from lockward.lockdiff import brought

    return brought.code_of(scene, package, mates)


def _words(scene: Scene, reason: Reason) -> str:
    """A reason as a person says it."""
    changed = reason.changed
    if changed is None:
        return "" if reason.edge is None else scene.sentence(reason.edge)
    if changed.folder is None:
        return _DIRECTIVES[changed.why].format(name=changed.name, spec=changed.spec or "nothing")
    place = f"{changed.folder}/package.json" if changed.folder else "package.json"
    late = " since an earlier change" if changed.why == "catch-up" else ""
    return f"{place} wants {changed.spec}{late}"


_DIRECTIVES: Final = {
    "override": "an override sets {name} to {spec}",
    "patch": "the patch of {name} changed",
    "extension": "an extension adds {name}",
    "hook": "{name} rewrites what packages ask for",
}


def _why_not(scene: Scene, artifact: str) -> str:
    """What was found instead of a cause."""
    for package in scene.pair.after.entries[artifact]:
        for edge in scene.graph.into(package.key):
            return f"{scene.sentence(edge)}, {_since(scene, edge)}"
    return "nobody wants it"


def _since(scene: Scene, edge: Edge) -> str:
    """What is odd about who wants something that nothing explains."""
    if edge.source in scene.lockfile.importers and edge.source not in {"", *scene.declared}:
        return "and git holds no package.json that says so"
    artifact, graph = scene.pair.after.of_key.get(edge.source, ""), scene.graph_before
    copies = scene.pair.before.entries.get(artifact, ())
    if artifact and not copies:
        return "and is new itself"
    COPIES.spend(len(copies))
    keys = {edge.source, *(one.key for one in copies)}
    asked = (one for key in keys for one in (graph.edges.get(key, ()) if graph else ()))
    return "as before" if any(one.name == edge.name for one in asked) else "and did not before"


def _removed(scene: Scene, mates: dict[str, Package]) -> Iterator[Item]:
    stand_ins = {id(package) for package in mates.values()}
    code = "removed" if scene.real else "pruned"
    for artifact in scene.pair.gone:
        package = scene.pair.before.package(artifact)
        if id(package) not in stand_ins:
            yield Item(code, before=package, cause="nobody wants it any more")
