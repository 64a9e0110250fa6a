"""Commits of real repositories with a package-lock.json, reduced by hand: what packages move.

Each has the class that it deserves, and the edits of it that nothing in it excuses are refused.
"""

from __future__ import annotations

from typing import Any

import pytest

from lockward import engine, merges
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from tests.support.commits import (
    Commit,
    Files,
    hashed,
    judged,
    manifest,
    npm,
    npm_entry,
    told,
    v1,
    v3,
)
from tests.support.npm import sri

PATH = "package-lock.json"
Entries = dict[str, Any]

NAPI = npm("@napi-rs/wasm-runtime", "0.2.4", dependencies={"@emnapi/core": "^1.1.0"})


def nx(version: str, core: str, **deps: str) -> Entries:
    needs = {"@napi-rs/wasm-runtime": "0.2.4", **deps}
    return {**npm("nx", version, dependencies=needs), **NAPI, **npm("@emnapi/core", core)}


LERNA = npm("lerna", "9.0.0", dependencies={"nx": ">=21.5.3 < 23.0.0"})
PINNED = Commit(
    v3({"lerna": "^9.0.0"}, {**LERNA, **nx("22.6.3", "1.9.1")}),
    v3(
        {"lerna": "^9.0.0", "less": "^3.13.1"},
        {
            **LERNA,
            **nx("22.7.1", "1.4.5", **{"@emnapi/core": "1.4.5"}),
            **npm("less", "3.13.1"),
        },
    ),
    "matched",
    ('"@emnapi/core": "1.4.5"', '"@emnapi/core": "^1.4.0"'),
    (hashed("lerna", "9.0.0"), f'"integrity": "{sri("evil")}"'),
)
MORGAN = Commit(
    v3(
        {"morgan": "^1.10.0"},
        {
            **npm("morgan", "1.10.1", dependencies={"on-finished": "~2.3.0"}),
            **npm("on-finished", "2.3.0"),
        },
    ),
    v3(
        {"morgan": "^1.10.0"},
        {
            **npm("morgan", "1.11.0", dependencies={"on-finished": "~2.4.1"}),
            **npm("on-finished", "2.4.1"),
        },
    ),
    "refresh",
    ("/morgan-1.11.0.tgz", "/morgan-1.12.0.tgz"),
    ('"version": "2.4.1"', '"version": "2.5.0"'),
)
TUF = {"tuf-js": "^2.2.0", "@tufjs/repo-mock": "^2.0.0"}


def tuf(mock: str, nested: str) -> Entries:
    models = {"dependencies": {"@tufjs/models": mock}}
    found = {
        **npm("tuf-js", "2.2.0", dependencies={"@tufjs/models": "2.0.1"}),
        **npm("@tufjs/repo-mock", mock, **models),
        **npm("@tufjs/models", mock),
    }
    if nested:
        key = "node_modules/tuf-js/node_modules/@tufjs/models"
        found[key] = npm_entry("@tufjs/models", nested)
    return found


DEDUPED = Commit(
    v3(TUF, tuf("2.0.0", "2.0.1")),
    v3(TUF, tuf("2.0.1", "")),
    "refresh",
    ("/models-2.0.1.tgz", "/models-2.0.0.tgz"),
    ('"@tufjs/models": "2.0.1"', '"@tufjs/models": "2.0.1", "evil": "*"'),
)
PROXY = {"dependencies": {"degenerator": "^7.0.0"}}
PRUNED = Commit(
    v3(
        {"undici": "^6.0.0"},
        {
            **npm("undici", "6.21.1"),
            **npm("pac-resolver", "9.0.1", optional=True, peer=True, **PROXY),
            **npm("degenerator", "7.0.1", optional=True, peer=True),
        },
    ),
    v3({"undici": "^6.0.0"}, npm("undici", "6.21.1")),
    "metadata",
    (hashed("undici", "6.21.1"), f'"integrity": "{sri("evil")}"'),
)
DTS = Commit(
    v3(
        {"@vscode/python-extension": "^1.0.4", "@vscode/dts": "^0.4.0"},
        {**npm("@vscode/python-extension", "1.0.4"), **npm("@vscode/dts", "0.4.0")},
    ),
    v3({"vscode-dts": "^0.3.2"}, npm("vscode-dts", "0.3.3")),
    "matched",
    ('"version": "0.3.3"', '"version": "0.3.1"'),
    ("vscode-dts/-/vscode-dts-0.3.3.tgz", "evil/-/evil-0.3.3.tgz"),
)
VERCEL = {"@theia/ai-vercel-ai": "1.63.0"}
MEMBERS = {
    "examples/browser/package.json": manifest(VERCEL, name="browser"),
    "packages/ai/package.json": manifest({}, name="@theia/ai-vercel-ai", version="1.63.0"),
}


def browser(recorded: dict[str, str]) -> Files:
    """A workspace of which the lockfile records one member's requirements."""
    packages = {
        "node_modules/browser": {"resolved": "examples/browser", "link": True},
        "node_modules/@theia/ai-vercel-ai": {"resolved": "packages/ai", "link": True},
        "examples/browser": {"name": "browser", "version": "1.63.0", "dependencies": recorded},
        "packages/ai": {"name": "@theia/ai-vercel-ai", "version": "1.63.0"},
    }
    return v3({}, packages, MEMBERS, workspaces=["examples/*", "packages/*"])


LATE = Commit(
    browser({}),
    browser(VERCEL),
    "matched",
    ('"@theia/ai-vercel-ai": "1.63.0"', '"@theia/ai-vercel-ai": "1.63.0", "evil": "1.0.0"'),
)
BARE = {"bare-events": "^2.2.0"}
FILLED = Commit(
    v3({"streamx": "^2.15.0"}, npm("streamx", "2.15.6", optionalDependencies=BARE)),
    v3(
        {"streamx": "^2.15.0"},
        {
            **npm("streamx", "2.15.6", optionalDependencies=BARE),
            **npm("bare-events", "2.2.0", optional=True),
        },
    ),
    "refresh",
    ('"bare-events": "^2.2.0"', '"bare-evil": "^2.2.0"'),
    ('"version": "2.2.0"', '"version": "3.0.0"'),
)
BINDINGS = npm("jest-haste-map", "24.9.0", requires={"fsevents": "^1.2.7"})


def by_platform(**requires: str) -> Files:
    inner = {**npm("bindings", "1.5.0", optional=True)} if "bindings" in requires else {}
    return v1(
        {"jest-haste-map": "^24.9.0"},
        {
            **BINDINGS,
            **npm("fsevents", "1.2.12", optional=True, requires={"nan": "^2.12.1", **requires}),
            **npm("nan", "2.14.0", optional=True),
            **inner,
        },
    )


PLATFORM = Commit(
    by_platform(),
    by_platform(bindings="^1.5.0"),
    "refresh",
    (hashed("fsevents", "1.2.12"), f'"integrity": "{sri("evil")}"'),
    ('"fsevents": "^1.2.7"', '"fsevents": "^1.2.7", "evil": "*"'),
)

COMMITS = [
    pytest.param(PINNED, id="eclipse-theia/theia e265a1df8c: a new package pins a lower version"),
    pytest.param(MORGAN, id="microsoft/vscode-jupyter b3184399d1: a bot's update in range"),
    pytest.param(DEDUPED, id="npm/cli 1cdc662bd2: a nested copy becomes the shared one"),
    pytest.param(PRUNED, id="eclipse-theia/theia 6c8a997feb: leftovers go"),
    pytest.param(DTS, id="microsoft/vscode-jupyter a77da558b: a revert"),
    pytest.param(LATE, id="eclipse-theia/theia 003c86a671: a member's record catches up"),
    pytest.param(FILLED, id="npm/cli d6bc6840ed: a missing optional package comes"),
    pytest.param(PLATFORM, id="excalidraw/excalidraw d4ff5cb926: npm 6 on another platform"),
]


@pytest.mark.parametrize("commit", COMMITS)
def test_a_commit_has_its_class(commit: Commit) -> None:
    diff = commit.judged()
    assert diff.classification == commit.wanted, told(diff)


@pytest.mark.parametrize("commit", COMMITS)
def test_nothing_else_hides_in_it(commit: Commit) -> None:
    for (old, new), diff in zip(commit.evil, commit.tampered(), strict=True):
        assert diff.classification in ("unexplained", "tampered"), f"{old} -> {new}: {told(diff)}"


STRINGS = {
    **npm("node-libs-browser", "2.2.1", dependencies={"string_decoder": "^1.0.0", "stream": "^2"}),
    "node_modules/node-libs-browser/node_modules/stream": npm_entry(
        "stream", "2.3.7", dependencies={"string_decoder": "~1.1.1"}
    ),
    **npm("string_decoder", "1.3.0"),
}
NESTED = "node_modules/node-libs-browser/node_modules/"


def strings(place: str, **more: dict[str, Any]) -> Files:
    """string_decoder 1.1.1, which only the nested stream needs, somewhere."""
    packages = {**STRINGS, place: npm_entry("string_decoder", "1.1.1"), **more}
    asks = {"node-libs-browser": "^2.2.1", **({"ms": "^2.0.0"} if more else {})}
    return v3(asks, packages)


def test_redux_9efd8b0d81_a_nested_copy_answers_on_its_way_whoever_it_fits() -> None:
    deep = strings(f"{NESTED}stream/node_modules/string_decoder")
    up = strings(f"{NESTED}string_decoder", **npm("ms", "2.1.3"))
    assert judged(deep, up).classification == "matched"
    fits = up[PATH].replace(b'"string_decoder": "~1.1.1"', b'"string_decoder": "^1.0.1"')
    assert judged(deep, {**up, PATH: fits}).classification == "tampered"
    alone = {**STRINGS, f"{NESTED}string_decoder": npm_entry("string_decoder", "1.1.1")}
    del alone["node_modules/node-libs-browser/node_modules/stream"]
    before = {key: entry for key, entry in alone.items() if not key.startswith(NESTED)}
    asks = {"node-libs-browser": "^2.2.1"}
    assert judged(v3(asks, before), v3(asks, alone)).classification == "unexplained"


def test_vscode_jupyter_1cacd1d652_a_merge_takes_what_each_parent_brought() -> None:
    """Each side has a requirement of its own, and the merge both."""
    sides = (
        ({"@nteract/messaging": "^7.0.4"}, npm("@nteract/messaging", "7.0.4")),
        ({"@jupyter-widgets/base": "^2.0.1"}, npm("@jupyter-widgets/base", "2.0.2")),
    )
    ours, theirs = (v3(asks, packages) for asks, packages in sides)
    merged = v3({**sides[0][0], **sides[1][0]}, {**sides[0][1], **sides[1][1]})

    def verdict(after: Files) -> str:
        paths = ["package.json", PATH]
        reports = [
            engine.evaluate(Change(MemoryTree(side), MemoryTree(after), paths), Policy())
            for side in (ours, theirs)
        ]
        return merges.against_every_parent(reports).verdict

    assert verdict(merged) == "pass"
    for name in ("@nteract/messaging@7.0.4", "@jupyter-widgets/base@2.0.2"):
        evil = merged[PATH].replace(sri(name).encode(), sri("evil").encode())
        assert verdict({**merged, PATH: evil}) == "fail", name


def test_aws_amplify_lockfiles_of_npm_5_hold_the_version_that_was_chosen() -> None:
    """A patch may move away from the text (owncloud/web 04f2f422bd), a major version not."""

    def parsed(version: str) -> Files:
        return v1(
            {"parse5": "^3.0.3"},
            {
                **npm("parse5", "3.0.3", requires={"@types/node": "10.11.3"}),
                **npm("@types/node", version),
            },
        )

    before = parsed("10.11.3")
    assert judged(before, parsed("10.11.6")).classification == "refresh"
    whole = judged(before, {**before, PATH: before[PATH].replace(b"3.0.3", b"3.0.4")})
    assert whole.classification == "refresh", "package.json keeps its range"
    assert judged(before, parsed("11.0.0")).classification == "unexplained"
