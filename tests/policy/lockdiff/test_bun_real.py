"""What bun did in real commits, reduced: where it nests, and what it leaves in its records.

Each way taken one step further is refused.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

from lockward import engine
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from lockward.project import Project
from tests.support.npm import sri
from tests.support.states import Files, bun_state, judged, refused, told

Json = dict[str, Any]


def needs(name: str, version: str, **deps: str) -> tuple[str, Json]:
    """An entry with dependencies; ``_`` stands for ``-``."""
    wanted = {key.replace("_", "-"): spec for key, spec in deps.items()}
    return f"{name}@{version}", {"dependencies": wanted} if wanted else {}


HELD: Final = {
    "stream": needs("stream", "2.3.8", util="~1.0.0"),
    "verror": needs("verror", "1.10.1", util="1.0.2"),
    "util": needs("util", "1.0.2"),
}
TOP: Final = {"stream": "^2.0.0", "verror": "^1.0.0"}


def nested(
    what: str = "", *, real: str = "1.0.0", held: str = "1.0.2", at: str = "stream/util"
) -> Files:
    """``stream`` has a util of its own, or shares the one that ``verror`` asks for."""
    packages: dict[str, Any] = {
        **HELD,
        "verror": needs("verror", "1.10.1", util=held),
        "real": needs("real", real),
    }
    if what:
        packages[at] = (what, {})
    return bun_state({**TOP, "real": real}, packages)


def with_lower(lower: str) -> Files:
    """``stream`` could share the higher util; ``old`` has a lower one of its own."""
    own = {"old/util": (lower, {}), "old": needs("old", "1.0.0", util="1.0.0")}
    return bun_state(
        {**TOP, "old": "*", "real": "1.1.0"}, {**HELD, **own, "real": needs("real", "1.1.0")}
    )


def members(web: str = "1.2.13", *, real: str = "1.0.0", name: str = "types") -> Files:
    """Two members that ask for the latest types; web's may lie below its own name."""
    asking: Json = {"devDependencies": {"types": "latest"}}
    packages: dict[str, Any] = {
        "api": ["api@workspace:apps/api"],
        "web": ["web@workspace:apps/web"],
        "real": needs("real", real),
        "types": needs("types", "1.2.13"),
    }
    if web != "1.2.13":
        packages["web/types"] = (f"{name}@{web}", {})
    return bun_state(
        {"real": real},
        packages,
        members={"apps/api": {"name": "api", **asking}, "apps/web": {"name": "web", **asking}},
        manifest={"workspaces": ["apps/*"]},
    )


def kept(version: str, text: str, *, real: str = "1.0.0", more: str = "") -> Files:
    """package.json asks for ``^1.2.20``; the lockfile may record another text."""
    asks = {"types": "^1.2.20", "real": real}
    packages = {"types": needs("types", version), "real": needs("real", real)}
    if more:
        packages["evil"] = needs("evil", "1.0.0")
    recorded = {**asks, "types": text, **({"evil": more} if more else {})}
    return bun_state(asks, packages, recorded=recorded)


def jobs(*, bot: bool, recorded: str = "") -> Files:
    """A member that its sibling's record asks for, and its package.json does not."""
    packages: dict[str, Any] = {"jobs": ["jobs@workspace:packages/jobs"]}
    wanted: dict[str, Json] = {"packages/jobs": {"name": "jobs"}}
    if bot:
        packages["bot"] = ["bot@workspace:packages/bot"]
        wanted["packages/bot"] = {"name": "bot"}
    records = {"packages/jobs": {"name": "jobs", "dependencies": {recorded: "workspace:*"}}}
    return bun_state(
        {},
        packages,
        members=wanted,
        manifest={"workspaces": ["packages/*"]},
        told=records if recorded else None,
    )


def cohere(*, aws: str, recorded: str = "", also: str = "aws") -> Files:
    """``cohere`` needs aws; the root's record may ask for it, too."""
    packages = {"cohere": needs("cohere", "7.17.1", aws="^3.583.0"), "aws": needs("aws", aws)}
    told = {"cohere": "^7.0.0", **({also: recorded} if recorded else {})}
    return bun_state({"cohere": "^7.0.0"}, packages, recorded=told)


def old_range(version: str, text: str = ">=0.5 0") -> Files:
    """``fstream`` has a mkdirp of its own, by a range that bun before 1.4 reads otherwise."""
    fstream: Json = {"dependencies": {"mkdirp": text}}
    return bun_state(
        {"fstream": "*", "mkdirp": "^9.0.0", "real": version},
        {
            "fstream": ("fstream@1.0.12", fstream),
            "mkdirp": needs("mkdirp", "9.0.0"),
            "real": needs("real", version),
            "fstream/mkdirp": needs("mkdirp", version),
        },
    )


PASSES: Final[dict[str, tuple[Files, Files, str]]] = {
    "a version after another comparator is an alternative (trycompai/comp 701e3d73b0)": (
        old_range("0.5.6"),
        old_range("1.0.4"),
        "matched",
    ),
    "a higher copy beside one that another pins (onlook-dev/onlook 0897527af2)": (
        nested(),
        nested("util@1.0.3", real="1.1.0"),
        "matched",
    ),
    "the same alone is a refresh (onlook-dev/onlook 0897527af2)": (
        nested(),
        nested("util@1.0.3"),
        "refresh",
    ),
    "a lower copy that was locked beside one that another pins (simstudioai/sim 50585273ce)": (
        bun_state(
            {**TOP, "old": "*", "real": "1.0.0"},
            {
                **HELD,
                "old": needs("old", "1.0.0", util="1.0.0"),
                "old/util": needs("util", "1.0.0"),
                "real": needs("real", "1.0.0"),
            },
        ),
        bun_state(
            {**TOP, "old": "*", "real": "1.1.0"},
            {
                **HELD,
                "old": needs("old", "1.0.0", util="1.0.0"),
                "old/util": needs("util", "1.0.0"),
                "stream/util": needs("util", "1.0.0"),
                "real": needs("real", "1.1.0"),
            },
        ),
        "matched",
    ),
    "an update in one member of the workspace (onlook-dev/onlook d2b8e6d979)": (
        members(),
        members("1.2.14", real="1.1.0"),
        "matched",
    ),
    "the same alone is a refresh (onlook-dev/onlook d2b8e6d979)": (
        members(),
        members("1.2.14"),
        "refresh",
    ),
    "a merge takes package.json back, not the record (elysiajs/eden 5bbf6e541e)": (
        kept("1.2.20", "^1.2.20"),
        kept("1.3.4", "^1.3.4", real="1.1.0"),
        "matched",
    ),
    "a record of a new member is left behind (midday-ai/midday 4444cd71af)": (
        jobs(bot=False),
        jobs(bot=True, recorded="bot"),
        "matched",
    ),
    "a record of what another needs is left behind (onlook-dev/onlook df0129301c)": (
        cohere(aws="3.826.0"),
        cohere(aws="3.828.0", recorded="^3.828.0"),
        "refresh",
    ),
}


def form(*peers: str, text: str = "*", optional: bool = True, more: str = "") -> Files:
    """A package with peers; ``more`` is an entry beside it."""
    info: Json = {"peerDependencies": dict.fromkeys(peers, text)} if peers else {}
    if peers and optional:
        info["optionalPeers"] = list(peers)
    packages: dict[str, Any] = {"form": ("form@1.32.0", info)}
    if more:
        packages[more] = needs(more, "1.0.0")
    return bun_state({"form": "^1.0.0"}, packages)


PASSES["an optional peer of any version is recorded (useautumn/autumn 7e0d3d60d8)"] = (
    form(),
    form("start"),
    "metadata",
)
PASSES["an optional peer of any version is not recorded (useautumn/autumn 26647b9ac8)"] = (
    form("start"),
    form(),
    "metadata",
)


@pytest.mark.parametrize(("before", "after", "wanted"), PASSES.values(), ids=PASSES)
def test_what_bun_writes_has_its_class(before: Files, after: Files, wanted: str) -> None:
    diff = judged(before, after)
    assert diff.classification == wanted, told(diff)


SHARED: Final = nested(held="^1.0.0")
FURTHER: Final = {
    "a version that neither alternative takes": (
        old_range("1.0.6", ">=1 <2 0"),
        old_range("3.0.4", ">=1 <2 0"),
    ),
    "a version behind an operator of its own": (
        old_range("1.0.6", ">= 1 <2"),
        old_range("3.0.4", ">= 1 <2"),
    ),
    "a range with a hyphen": (old_range("1.0.6", "1 - 2"), old_range("3.0.4", "1 - 2")),
    "an optional peer that brings its answer": (form(), form("evil", more="evil")),
    "an optional peer of one version": (form(), form("evil", text="^1.0.0")),
    "a peer that is not optional": (form(), form("evil", optional=False)),
    "a peer that becomes any": (form("start", text="^1.0.0"), form("start")),
    "a nested copy where nobody holds the shared place": (
        SHARED,
        nested("util@1.0.3", held="^1.0.0", real="1.1.0"),
    ),
    "an old version that was never locked, nested": (nested(), nested("util@1.0.1", real="1.1.0")),
    "a nested copy out of range": (nested(), nested("util@1.1.0", real="1.1.0")),
    "another package in a nested place": (nested(), nested("evil@1.0.3", real="1.1.0")),
    "a nested copy below what nobody asks": (
        nested(),
        nested("stream@2.4.0", at="verror/stream", real="1.1.0"),
    ),
    "an old version in one member": (members(), members("1.2.12", real="1.1.0")),
    "another package in one member": (members(), members("1.2.14", real="1.1.0", name="evil")),
    "a record of another text alone": (kept("1.2.20", "^1.2.20"), kept("1.2.20", "*")),
    "a record that the answer does not keep": (
        kept("1.2.20", "^1.2.20"),
        kept("1.2.21", "^1.3.0", real="1.1.0"),
    ),
    "a record of another package under the name": (
        kept("1.2.20", "^1.2.20"),
        kept("1.2.21", "npm:evil@^2.0.0", real="1.1.0"),
    ),
    "a record of what only the record needs": (
        kept("1.2.20", "^1.2.20"),
        kept("1.2.21", "^1.2.20", real="1.1.0", more="^1.0.0"),
    ),
    "a record of a member that is none": (jobs(bot=False), jobs(bot=True, recorded="evil")),
    "a record of what was locked before": (
        cohere(aws="3.826.0"),
        cohere(aws="3.826.0", recorded="^3.826.0"),
    ),
    "a record of something else than what came": (
        cohere(aws="3.826.0"),
        cohere(aws="3.828.0", recorded="^1.0.0", also="evil"),
    ),
}


@pytest.mark.parametrize(("before", "after"), FURTHER.values(), ids=FURTHER)
def test_one_step_further_is_refused(before: Files, after: Files) -> None:
    diff = judged(before, after)
    assert diff.classification in ("unexplained", "tampered"), told(diff)
    assert refused(before, after)


def test_a_nested_copy_of_known_version_with_another_hash_is_tampered() -> None:
    before = with_lower("util@1.0.0")
    packages: dict[str, Any] = {
        **HELD,
        "old": needs("old", "1.0.0", util="1.0.0"),
        "old/util": needs("util", "1.0.0"),
        "stream/util": ["util@1.0.0", "", {}, sri("evil")],
        "real": needs("real", "1.1.0"),
    }
    after = bun_state({**TOP, "old": "*", "real": "1.1.0"}, packages)
    assert judged(before, after).classification == "tampered"


def peered(wanted: str, folder: str = "file:../..") -> Files:
    """``plugin`` has a peer that a folder answers, in an entry of its own; a new lockfile."""
    packages: dict[str, Any] = {
        "lib": ["lib@file:../..", {}],
        "plugin": ("plugin@1.4.11", {"peerDependencies": {"lib": ">=1.4.0"}}),
        "plugin/lib": [f"lib@{folder}", {}],
    }
    files = bun_state({"lib": wanted, "plugin": "^1.0.0"}, packages)
    return {
        **{f"test/cf/{path}": text for path, text in files.items()},
        "package.json": '{"name": "lib"}',
        "evil/package.json": '{"name": "lib"}',
    }


def test_a_folder_that_a_project_asks_for_answers_a_peer() -> None:
    """elysiajs/elysia 6a0ed3463f: bun writes the folder's entry a second time."""
    for wanted, folder, passes in (
        ("../../", "file:../..", True),
        ("../../", "file:../../evil", False),
        ("^1.4.0", "file:../..", False),
    ):
        after = peered(wanted, folder)
        change = Change(MemoryTree({}), MemoryTree(after), list(after))
        report = engine.evaluate(change, Policy())
        rules = {one.rule for one in report.findings if one.severity == "error"}
        odd = rules & {"lockfile-unmatched", "lockfile-untrusted-source", "lockfile-tampered"}
        assert bool(odd) is not passes, (wanted, folder, odd)


def folder_vite(version: str, *, asks: str = "^5.0.0", edit: str = "") -> Files:
    """A member in the folder ``vite``, and the package vite beside it."""
    packages: dict[str, Any] = {
        "@app/vite": ["@app/vite@workspace:vite"],
        "query": needs("query", version, core="*"),
        "core": needs("core", version),
        "vite": needs("vite", "7.0.0", postcss="^8.0.0"),
        "postcss": needs("postcss", "8.0.0"),
    }
    if edit:
        packages["vite"] = ["vite@7.0.0", "", {"dependencies": {"postcss": "^8.0.0"}}, sri(edit)]
    member = {"name": "@app/vite", "dependencies": {"query": asks, "vite": "^7.0.0"}}
    return bun_state({}, packages, members={"vite": member}, manifest={"workspaces": ["vite"]})


def test_a_folder_called_like_a_package_is_not_the_package() -> None:
    """useautumn/autumn 7a55277d3f: neither the folder's requirements nor the package are lost."""
    before = folder_vite("5.0.0")
    after = folder_vite("6.0.0", asks="^6.0.0")
    assert judged(before, after).classification == "matched", told(judged(before, after))
    assert judged(before, folder_vite("5.1.0")).classification == "refresh"
    evil = judged(before, folder_vite("5.0.0", edit="evil"))
    assert [item.code for item in evil.items] == ["integrity-replaced"], told(evil)
    assert refused(before, folder_vite("6.0.0", asks="^6.0.0", edit="evil")), "beside a requirement"
    lockfile = Project(MemoryTree(before), "", Policy()).lockfile
    assert lockfile is not None
    places = {package.name: lockfile.line_of(package.key) for package in lockfile.packages}
    lines = str(before["bun.lock"]).split("\n")
    assert '"vite": [' in lines[places["vite"] - 1]


@pytest.mark.parametrize(
    ("version", "wanted"),
    [
        pytest.param(
            "1.2.17", "matched", id="1.2 installs it (supermemoryai/supermemory 9036516c7d)"
        ),
        pytest.param("1.3.5", "unexplained", id="1.3 leaves it out"),
    ],
)
def test_bun_before_1_3_passes_over_negated_workspaces(version: str, wanted: str) -> None:
    told_so: Json = {
        "workspaces": ["apps/*", "!apps/ext"],
        "packageManager": f"bun@{version}",
    }
    web, ext = {"name": "web"}, {"name": "ext", "dependencies": {"api": "^1.0.0"}}
    before = bun_state(
        {}, {"web": ["web@workspace:apps/web"]}, members={"apps/web": web}, manifest=told_so
    )
    packages: dict[str, Any] = {
        "web": ["web@workspace:apps/web"],
        "ext": ["ext@workspace:apps/ext"],
        "api": needs("api", "1.0.0"),
    }
    after = bun_state({}, packages, members={"apps/web": web, "apps/ext": ext}, manifest=told_so)
    diff = judged(before, after)
    assert diff.classification == wanted, told(diff)
