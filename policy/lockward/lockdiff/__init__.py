"""What a lockfile change may be: the heart of the judgement.

``compare`` takes a project before and after and says, of every locked package
that changed, what caused it, and of the whole, which class it has: metadata,
matched, refresh, rollback, unexplained or tampered.  docs/matching.md explains
the rule and gives the numbers it was measured with.  Steps:

    artifacts     what each lockfile installs, apart from where
    requirements  what changed in the manifests, or was not followed before
    rebound       unchanged requirements with another answer
    closure       what the changed requirements explain
    leftovers     what nobody explained: refresh, rollback, or worse
    entries       each changed entry by itself: bytes, place, name, contents
    importers     what the lockfile says of this repository's own projects
    causes        all of that in words
"""

from __future__ import annotations

from lockward import bounds
from lockward.errors import BoundError
from lockward.findings import LockfileVerdict
from lockward.lockdiff import artifacts, requirements
from lockward.lockdiff.records import CLASSES, Item, LockDiff, worst

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.lockdiff.requirements import Changed
    from lockward.lockdiff.scene import Scene
    from lockward.lockdiff.witness import Witness
    from lockward.model import Class, Lockfile, Package
    from lockward.policy import Policy
    from lockward.project import Project
    from lockward.registries import Pin

__all__ = ["CLASSES", "Item", "LockDiff", "compare", "of"]


# The last comparison: the engine and two rules ask for the same one in turn.
_LAST: Final[list[tuple[Project | None, Project, Policy, LockDiff]]] = []


def of(
    before: Project | None, after: Project, policy: Policy, witness: Witness | None = None
) -> LockDiff:
    """What ``compare`` says; worked out once for each pair of projects.

    Who asks first for a pair decides with which witness it is judged.  A state before
    that is beyond a bound by itself counts as one without a readable lockfile.
    """
    for one, two, rules, found in _LAST:
        if one is before and two is after and rules is policy:
            return found
    try:
        made = compare(before, after, policy, witness)
    except BoundError as fault:
        made = _alone(before, after, policy, witness, fault)
    _LAST[:] = [(before, after, policy, made)]
    return made


def _alone(
    before: Project | None,
    after: Project,
    policy: Policy,
    witness: Witness | None,
    fault: BoundError,
) -> LockDiff:
    """The comparison with nothing, when it was the state before that is beyond a bound.

    Raises the fault when the state before is sound by itself, or the state after is not.
    """
    if before is None:
        raise fault
    bounds.begin()
    made = compare(None, after, policy, witness)
    bounds.begin()
    try:
        compare(None, before, policy)
    except BoundError:
        return made
    raise fault


def compare(
    before: Project | None, after: Project, policy: Policy, witness: Witness | None = None
) -> LockDiff:
    """How the lockfile of a project changed, and whether its manifests explain it.

    ``before`` None, or without a readable lockfile, means a new lockfile: it is
    judged by what must always hold; one of another manager, that new packages are what
    they were there.  The ``witness`` knows earlier revisions and
    other lockfiles (witness.py); without one, nothing was ever seen.
    """
    lockfile = after.lockfile
    changed = requirements.changed(before, after)
    moved_pins = requirements.pins_changed(before, after)
    named = requirements.named_anew(before, after, policy) if moved_pins else ()
    old = artifacts.comparable(before, lockfile)
    keys = [] if lockfile is None else artifacts.changed_keys(old, lockfile)
    if lockfile is None or not (keys or _rest_differs(old, lockfile)):
        return _unchanged(lockfile, changed, bool(changed or moved_pins), named)
    from lockward.lockdiff.scene import Scene

    asked = witness or _nobody()
    scene = Scene(before, after, lockfile, policy, witness=asked, keys=keys, changed=changed)
    found = tuple(_items(scene))
    return _conclude(scene, found, named, requirements_changed=bool(changed or moved_pins))


def _nobody() -> Witness:
    from lockward.lockdiff.witness import Nobody

    return Nobody()


def _unchanged(
    lockfile: Lockfile | None,
    changed: list[Changed],
    requirements_changed: bool,  # noqa: FBT001 - one caller
    named: tuple[Pin, ...],
) -> LockDiff:
    path = "" if lockfile is None else lockfile.path
    return LockDiff(
        classification="metadata",
        items=(),
        requirements_changed=requirements_changed,
        refresh_alongside=(),
        verdict=LockfileVerdict(path, "metadata", (), (), ()),
        new_lockfile=False,
        form="" if lockfile is None else lockfile.format,
        matched_by=tuple(changed),
        named=named,
    )


def _rest_differs(old: Lockfile | None, new: Lockfile) -> bool:
    """Whether anything beside the entries changed: importers, the format, npm 6's tree."""
    return (
        old is None
        or old.version != new.version
        or old.importers.keys() != new.importers.keys()
        or any(one.sections != new.importers[key].sections for key, one in old.importers.items())
        or ("packages" in new.raw and old.raw.get("dependencies") != new.raw.get("dependencies"))
        or (new.format == "pnpm" and _references_differ(old, new))
        or _environments_differ(old, new)
    )


def _references_differ(old: Lockfile, new: Lockfile) -> bool:
    from lockward.lockdiff import references

    return references.differ(old, new)


def _environments_differ(old: Lockfile | None, new: Lockfile) -> bool:
    if not new.environment:
        return False
    from lockward.lockdiff import environment

    return old is None or environment.differs(old, new)


def _items(scene: Scene) -> Iterator[Item]:
    from lockward.lockdiff import importers

    if _environments_differ(scene.lockfile_before, scene.lockfile):
        from lockward.lockdiff import environment

        yield from environment.judge(scene)
    if _may_mirror(scene):
        from lockward.lockdiff import mirror

        yield from mirror.judge(scene)
    yield from importers.judge(scene)
    before, after = scene.pair.before.of_key, scene.pair.after.of_key
    artifacts_differ = any(key in after or key in before for key in scene.keys)
    if not (artifacts_differ or scene.referred):
        return
    from lockward.lockdiff import causes, entries, leftovers, rebound
    from lockward.lockdiff.closure import Closure

    yield from entries.judge(scene)
    rebounds = rebound.find(scene)
    closure = Closure(scene, rebounds)
    closure.spread()
    left = leftovers.judge(scene, closure, rebounds)
    yield from causes.items(scene, closure, left, causes.partners(scene.pair))
    yield from leftovers.new_edges(scene)


def _may_mirror(scene: Scene) -> bool:
    """Whether the format's version moved, or npm 6's tree stands beside the other."""
    before = scene.lockfile_before
    moved = before is not None and before.version != scene.lockfile.version
    return moved or "dependencies" in scene.lockfile.raw


def _conclude(
    scene: Scene, found: tuple[Item, ...], named: tuple[Pin, ...], *, requirements_changed: bool
) -> LockDiff:
    """The class of the whole, and the summary of what came and went."""
    alongside: tuple[Item, ...] = ()
    classes = [item.classification for item in found]
    if scene.real:
        alongside = tuple(one for one in found if one.classification in ("refresh", "rollback"))
        classes = [one for one in classes if one not in ("refresh", "rollback")]
        classes.append("matched")
    elif scene.fresh:
        classes.append("matched")
    classification = worst(tuple(classes))
    return LockDiff(
        classification=classification,
        items=found,
        requirements_changed=requirements_changed,
        refresh_alongside=alongside,
        verdict=_verdict(scene, classification),
        new_lockfile=scene.fresh,
        form=scene.lockfile.format,
        matched_by=tuple(scene.real),
        named=named,
    )


def _verdict(scene: Scene, classification: Class) -> LockfileVerdict:
    from lockward.lockdiff.causes import partners

    pair = scene.pair
    mates = partners(pair)
    stand_ins = {id(package) for package in mates.values()}
    changed = tuple(
        (old.name, old.version, pair.after.package(new).version) for new, old in mates.items()
    )
    return LockfileVerdict(
        scene.lockfile.path,
        classification,
        tuple(_label(pair.after.package(one)) for one in pair.new if one not in mates),
        tuple(
            _label(pair.before.package(one))
            for one in pair.gone
            if id(pair.before.package(one)) not in stand_ins
        ),
        changed,
    )


def _label(package: Package) -> str:
    return f"{package.name}@{package.version}"
