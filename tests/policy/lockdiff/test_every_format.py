"""The same changes in every lockfile format: what passes, what is named, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lockward import engine, lockdiff
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from lockward.project import Project
from tests.support.worlds import FORMS, LOCKFILES, Pkg, World

if TYPE_CHECKING:
    from lockward.lockdiff import LockDiff

ASKS = {"a": "^1.0.0", "d": "^1.0.0"}
# a needs b and c; b needs c; d stands for what the commit really changes.
WORLD = World(
    ASKS,
    Pkg("a", "1.1.0", b="^1.0.0", c="^1.0.0"),
    Pkg("b", "1.2.3", c="^1.0.0"),
    Pkg("c", "1.3.0"),
    Pkg("d", "1.0.0"),
)


def judged(before: World, after: World, form: str, later: str = "") -> LockDiff:
    """The judgement of a change; ``later`` is the format after it, when it is another."""
    policy = Policy()
    old = Project(MemoryTree(before.files(form)), "", policy)
    new = Project(MemoryTree(after.files(later or form)), "", policy)
    assert not old.faults, [str(fault) for fault in old.faults]
    assert not new.faults, [str(fault) for fault in new.faults]
    return lockdiff.compare(old, new, policy)


def refused(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    """The rules that refuse a change of files."""
    paths = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    change = Change(MemoryTree(before), MemoryTree(after), paths)
    found = engine.evaluate(change, Policy()).findings
    return {finding.rule for finding in found if finding.severity == "error"}


def classes(diff: LockDiff) -> str:
    """For messages: the class and every item."""
    rows = [f"{item.classification} {item.code} {item.name} {item.cause}" for item in diff.items]
    return "\n".join([diff.classification, *rows])


BUMPED = WORLD.replaced(Pkg("d", "2.0.0", e="^1.0.0"), Pkg("e", "1.0.0"), asks={"d": "^2.0.0"})
REFRESHED = WORLD.replaced(Pkg("b", "1.2.4", c="^1.0.0"))
LOWERED = WORLD.replaced(Pkg("b", "1.2.2", c="^1.0.0"))
ASKED_LESS = WORLD.without("d")
OLD_AND_NEW = [
    pytest.param(WORLD, BUMPED, "matched", id="a requirement moves and brings a package"),
    pytest.param(BUMPED, WORLD, "matched", id="a requirement goes back"),
    pytest.param(WORLD, ASKED_LESS, "matched", id="a requirement is dropped"),
    pytest.param(ASKED_LESS, WORLD, "matched", id="a requirement is new"),
    pytest.param(WORLD, REFRESHED, "refresh", id="a package moves in its range"),
    pytest.param(WORLD, LOWERED, "unexplained", id="a package goes down"),
    pytest.param(
        WORLD,
        REFRESHED.replaced(Pkg("d", "2.0.0"), asks={"d": "^2.0.0"}),
        "matched",
        id="a refresh beside a requirement",
    ),
    pytest.param(
        WORLD,
        LOWERED.replaced(Pkg("d", "2.0.0"), asks={"d": "^2.0.0"}),
        "unexplained",
        id="a downgrade beside a requirement",
    ),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("before", "after", "wanted"), OLD_AND_NEW)
def test_a_change_has_its_class(before: World, after: World, wanted: str, form: str) -> None:
    diff = judged(before, after, form)
    assert diff.classification == wanted, classes(diff)
    if wanted == "matched" and "c" not in {item.name for item in diff.refresh_alongside}:
        assert {item.name for item in diff.refresh_alongside} <= {"b"}


@pytest.mark.parametrize("form", FORMS)
def test_nothing_but_formatting_is_metadata(form: str) -> None:
    assert judged(WORLD, WORLD, form).classification == "metadata"
    assert not refused(WORLD.files(form), WORLD.files(form, description="cosmetic"))
    assert LOCKFILES[form] in WORLD.files(form)


@pytest.mark.parametrize("form", FORMS)
def test_a_lockfile_catches_up_with_an_earlier_change(form: str) -> None:
    late = WORLD.copy()
    late.asks = {**late.asks, "d": "^2.0.0"}
    late.recorded = dict(ASKS)
    diff = judged(late, BUMPED, form)
    assert diff.classification == "matched", classes(diff)
    assert not diff.requirements_changed
    assert [one.why for one in diff.matched_by] == ["catch-up"]


MIGRATIONS = [
    ("npm-v1", "npm-v2"),
    ("npm-v1", "npm-v3"),
    ("npm-v2", "npm-v3"),
    ("npm-v3", "npm-v2"),
    ("berry-6", "berry-8"),
    ("yarn-classic", "berry-8"),
    ("pnpm-5", "pnpm-6"),
    ("pnpm-5", "pnpm-9"),
    ("pnpm-6", "pnpm-9"),
]


@pytest.mark.parametrize(("old", "new"), MIGRATIONS)
def test_another_version_of_the_format_is_metadata(old: str, new: str) -> None:
    diff = judged(WORLD, WORLD, old, new)
    assert diff.classification == "metadata", classes(diff)


def of_workspace(name: str, version: str) -> dict[str, bytes]:
    """A Berry project whose member ``tool`` answers what b, a registry's package, asks for."""
    world = WORLD.replaced(Pkg("b", version, c="^1.0.0", tool="^7.0.0"))
    world.manifest = {"workspaces": ["packages/*"]}
    files = world.files("berry-8")
    entry = (
        f'"{name}@npm:^7.0.0, {name}@workspace:packages/tool":\n  version: 0.0.0-use.local\n'
        f'  resolution: "{name}@workspace:packages/tool"\n'
        "  languageName: unknown\n  linkType: soft\n\n"
    )
    member = b'{"name": "tool", "version": "7.1.0"}'
    lock = files["yarn.lock"] + b"\n" + entry.encode()
    return {**files, "yarn.lock": lock, "packages/tool/package.json": member}


def test_a_member_of_the_workspace_answers_a_range_by_its_name() -> None:
    before, after = of_workspace("tool", "1.2.3"), of_workspace("tool", "1.2.4")
    policy = Policy()
    old, new = (Project(MemoryTree(files), "", policy) for files in (before, after))
    assert lockdiff.compare(old, new, policy).classification == "refresh"


def of_plugin(spec: str) -> dict[str, bytes]:
    """A Berry project whose plugin makes the package that ``spec`` asks for."""
    entry = (
        '"x@condition:MODERN ? ^2.0.0 : ^1.0.0":\n  version: 0.0.0-condition-abc\n'
        '  resolution: "x@condition:MODERN ? ^2.0.0 : ^1.0.0#abc"\n'
        "  languageName: node\n  linkType: hard\n\n"
    )
    world = WORLD.copy()
    world.asks = {**world.asks, "x": spec}
    files = world.files("berry-8")
    return {**files, "yarn.lock": files["yarn.lock"] + b"\n" + entry.encode()}


def test_what_a_plugin_makes_is_asked_for_by_the_plugins_protocol() -> None:
    before = WORLD.files("berry-8")
    policy = Policy()
    for spec, wanted in (
        ("condition:MODERN ? ^2.0.0 : ^1.0.0", "matched"),
        ("^1.0.0", "unexplained"),
    ):
        old, new = (Project(MemoryTree(files), "", policy) for files in (before, of_plugin(spec)))
        diff = lockdiff.compare(old, new, policy)
        assert diff.classification == wanted, classes(diff)
