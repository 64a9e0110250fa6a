"""Honest changes of bun lockfiles that look bad, each reduced from the commit in its id."""

from __future__ import annotations

from typing import Any, Final

import pytest

from lockward import lockdiff
from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.project import Project
from lockward_hooks.memory import Memory
from tests.support.states import Files, bun_state, judged, refused, told

Json = dict[str, Any]
Row = tuple[str, Json]


def needs(what: str, /, **deps: str) -> Row:
    """An entry with dependencies."""
    return what, {"dependencies": deps} if deps else {}


def plain(*packages: str) -> dict[str, Row]:
    """Packages without dependencies, each at its name's place."""
    return {one.rpartition("@")[0]: (one, {}) for one in packages}


def native(version: str, *platforms: str) -> dict[str, Row]:
    """``esbuild`` with a package for each platform."""
    wanted = {f"esbuild-{one}": version for one in platforms}
    found: dict[str, Row] = {"esbuild": (f"esbuild@{version}", {"optionalDependencies": wanted})}
    for one in platforms:
        found[f"esbuild-{one}"] = (f"esbuild-{one}@{version}", {"os": one, "cpu": "x64"})
    return found


def formed(version: int) -> Files:
    """The same packages under one lockfileVersion."""
    files = bun_state({"a": "^1.0.0"}, {"a": needs("a@1.1.0", b="^1.0.0"), **plain("b@1.2.3")})
    text = str(files["bun.lock"]).replace('"lockfileVersion": 1', f'"lockfileVersion": {version}')
    return {**files, "bun.lock": text}


def unconfigured(lock: Files) -> Files:
    """Without the configVersion that bun 1.3 began to write."""
    text = str(lock["bun.lock"]).replace('  "configVersion": 1,\n', "")
    return {**lock, "bun.lock": text}


ASKS: Final = {"web": "^1.0.0", "api": "^1.0.0"}
SPLIT: Final[dict[str, Row]] = {
    "web": needs("web@1.0.0", util="^1.0.0"),
    "api": needs("api@1.0.0", util="^1.0.0"),
    "util": ("util@1.3.0", {}),
    "web/util": ("util@1.2.0", {}),
}
MERGED: Final = {place: row for place, row in SPLIT.items() if place != "web/util"}
OWN: Final = {"a": "^1.0.0"}

PATTERNS: Final = {
    "a bot moves one range and refreshes the rest (honojs/hono ee52b250)": (
        bun_state({"a": "^1.0.0", "b": "^1.0.0"}, plain("a@1.0.0", "b@1.0.0")),
        bun_state({"a": "^2.0.0", "b": "^1.0.0"}, plain("a@2.0.0", "b@1.0.1")),
        "matched",
    ),
    "the lockfile catches up (onlook-dev/onlook 425e68f795)": (
        bun_state(
            {"css-tree": "^3.1.0"},
            {"css-tree": needs("css-tree@2.3.1", data="2.0.30"), **plain("data@2.0.30")},
            recorded={"css-tree": "^2.3.1"},
        ),
        bun_state(
            {"css-tree": "^3.1.0"},
            {"css-tree": needs("css-tree@3.1.0", data="2.12.2"), **plain("data@2.12.2")},
        ),
        "matched",
    ),
    "a left-over is pruned (onlook-dev/onlook f3b30a46c3)": (
        bun_state(OWN, plain("a@1.0.0", "gone@1.0.0")),
        bun_state(OWN, plain("a@1.0.0")),
        "metadata",
    ),
    "copies are merged alone: a refresh (midday-ai/midday 7725268db7)": (
        bun_state(ASKS, SPLIT),
        bun_state(ASKS, MERGED),
        "refresh",
    ),
    "copies are merged beside a requirement (onlook-dev/onlook 403425bc12)": (
        bun_state({**ASKS, "real": "1.0.0"}, {**SPLIT, **plain("real@1.0.0")}),
        bun_state({**ASKS, "real": "1.1.0"}, {**MERGED, **plain("real@1.1.0")}),
        "matched",
    ),
    "a missing entry is filled (onlook-dev/onlook 35da408bb3)": (
        bun_state(OWN, {"a": ("a@1.0.0", {"peerDependencies": {"tsx": "^4.0.0"}})}),
        bun_state(
            OWN, {"a": ("a@1.0.0", {"peerDependencies": {"tsx": "^4.0.0"}}), **plain("tsx@4.19.3")}
        ),
        "refresh",
    ),
    "platforms join with the release that has them (honojs/hono ee52b250)": (
        bun_state({"esbuild": "^0.25.0"}, native("0.25.5", "linux", "darwin")),
        bun_state({"esbuild": "^0.27.0"}, native("0.27.1", "linux", "darwin", "openharmony")),
        "matched",
    ),
    "lockfileVersion 0 becomes 1 (honojs/hono 0ef206b4)": (formed(0), formed(1), "metadata"),
    "configVersion is written (simstudioai/sim 804a452bbe)": (
        unconfigured(formed(1)),
        formed(1),
        "metadata",
    ),
    "a revert takes a requirement back (onlook-dev/onlook 521704cac)": (
        bun_state({"a": "^2.0.0"}, plain("a@2.0.0")),
        bun_state({"a": "^1.0.0"}, plain("a@1.0.0")),
        "matched",
    ),
}


@pytest.mark.parametrize(("before", "after", "wanted"), PATTERNS.values(), ids=PATTERNS)
def test_an_honest_change_has_its_class(before: Files, after: Files, wanted: str) -> None:
    diff = judged(before, after)
    assert diff.classification == wanted, told(diff)
    assert bool(refused(before, after)) == (wanted == "refresh")


def lower(version: str, real: str = "1.0.0") -> Files:
    """``web`` needs iconv, at a version that may go down."""
    packages = {"web": needs("web@1.0.0", iconv="^0.7.0"), **plain(f"iconv@{version}")}
    return bun_state({"web": "^1.0.0", "real": real}, {**packages, **plain(f"real@{real}")})


@pytest.mark.parametrize(
    ("seen", "real", "wanted"),
    [
        pytest.param(
            "0.7.0", "1.1.0", "matched", id="beside a requirement (midday-ai/midday cedf98ad8)"
        ),
        pytest.param("0.7.0", "1.0.0", "rollback", id="alone (midday-ai/midday 4a2c57d8fe)"),
        pytest.param("0.7.1", "1.1.0", "unexplained", id="to what was never locked"),
    ],
)
def test_a_version_that_comes_back_is_a_rollback(seen: str, real: str, wanted: str) -> None:
    witness = Memory()
    policy = Policy()
    old, before, after = (
        Project(MemoryTree(files), "", policy)
        for files in (lower(seen), lower("0.7.2"), lower("0.7.0", real))
    )
    for project in (old, before):
        witness.remember(project.lockfile)
    diff = lockdiff.compare(before, after, policy, witness)
    assert diff.classification == wanted, told(diff)


def branch(*names: str, lost: str = "") -> Files:
    """A project with the requirements of one branch, or of both."""
    asks = dict.fromkeys(("base", *names), "^1.0.0")
    return bun_state(asks, plain(*(f"{name}@1.0.0" for name in asks if name != lost)))


def test_a_union_of_two_branches_is_nobody_s_tampering() -> None:
    """honojs/hono 0d739b62: ``next`` is merged; the merge is held against each parent."""
    for parent in (branch("ours"), branch("theirs")):
        assert judged(parent, branch("ours", "theirs")).classification == "matched"
        assert not refused(parent, branch("ours", "theirs"))
        assert refused(parent, branch("ours", "theirs", lost="base")), "an entry lost in the text"


EVIL: Final = [
    pytest.param("sha512-", "sha512-AAAA", id="another hash"),
    pytest.param('"b": "^1.0.0"', '"b": "^1.0.0", "evil": "*"', id="an edge"),
    pytest.param('"b@1.2.3"', '"evil@1.2.3"', id="another package"),
]


@pytest.mark.parametrize(("old", "new"), EVIL)
def test_another_version_of_the_format_excuses_nothing(old: str, new: str) -> None:
    after = formed(1)
    text = str(after["bun.lock"])
    assert old in text
    edited: Files = {**after, "bun.lock": text.replace(old, new, 1)}
    assert refused(formed(0), edited)


def placed(shared: str, own: str) -> Files:
    """``stripe`` lies twice, each beside a types of its own."""
    stripe = {"peerDependencies": {"types": ">=12"}, "optionalPeers": ["types"]}
    packages: dict[str, Any] = {
        "web": ["web@workspace:web"],
        "types": (f"types@{shared}", {}),
        "stripe": ("stripe@18.5.0", stripe),
        "web/stripe": ("stripe@18.5.0", stripe),
        "web/types": (f"types@{own}", {}),
    }
    web = {"name": "web", "dependencies": {"stripe": "^18.0.0", "types": "^22.0.0"}}
    asks = {"stripe": "^18.0.0", "types": "^24.0.0"}
    return bun_state(asks, packages, members={"web": web}, manifest={"workspaces": ["web"]})


@pytest.mark.parametrize(
    ("shared", "own", "wanted"),
    [
        pytest.param(
            "24.8.1", "22.18.11", "refresh", id="up in both (useautumn/autumn 54aafa5734)"
        ),
        pytest.param("24.8.1", "22.18.9", "unexplained", id="down in one"),
        pytest.param("24.7.0", "22.18.11", "unexplained", id="down in the other"),
    ],
)
def test_up_and_down_are_told_at_each_place(shared: str, own: str, wanted: str) -> None:
    diff = judged(placed("24.8.0", "22.18.10"), placed(shared, own))
    assert diff.classification == wanted, told(diff)
