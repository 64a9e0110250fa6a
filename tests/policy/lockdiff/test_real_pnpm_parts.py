"""pnpm, commits about runtimes, parts for single platforms and peers that nobody met.

Each beside what one step further must refuse.
"""

from __future__ import annotations

from typing import Any, Final

import pytest
import yaml

from lockward import engine
from lockward.memory import MemoryTree
from lockward.policy import Policy
from tests.policy.lockdiff.test_pnpm_real import tree
from tests.support import pnpm
from tests.support.states import Files, judged, pnpm_state, refused, told

Json = dict[str, Any]
MAKER: Final = "https://nodejs.org/download/release"


def runtime(version: str, letter: str) -> Files:
    """A runtime, whose entry has a version that is none, as some pnpm 10 write it."""
    integrity = f"sha256-{letter * 42}A="
    archive = {"type": "binary", "url": f"{MAKER}/v{version}/node.tar.gz", "integrity": integrity}
    resolution = {"type": "variations", "variants": [{"resolution": archive}]}
    entry: Json = {"resolution": resolution, "version": "0.0.0", "hasBin": True}
    lock = pnpm.lockfile({"a": ("^1.0.0", "1.0.0")}, {"a@1.0.0": {}})
    asked = {"node": {"specifier": "runtime:^24.5.1", "version": f"runtime:{version}"}}
    document = yaml.safe_load(lock)
    document["importers"]["."]["devDependencies"] = asked
    document["packages"][f"node@runtime:{version}"] = entry
    document["snapshots"][f"node@runtime:{version}"] = {}
    engines = {"runtime": {"name": "node", "version": "^24.5.1", "onFail": "download"}}
    manifest = {"name": "app", "dependencies": {"a": "^1.0.0"}, "devEngines": engines}
    return pnpm.files(manifest, pnpm.dump(document))


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        pytest.param(runtime("24.9.0", "B"), "refresh", id="wevm/wagmi b584f6e731"),
        pytest.param(runtime("24.8.0", "C"), "tampered", id="other bytes of a version"),
        pytest.param(runtime("24.7.0", "B"), "unexplained", id="down"),
        pytest.param(runtime("25.0.0", "B"), "unexplained", id="out of range"),
    ],
)
def test_a_runtime_whose_entry_has_no_version(after: Files, wanted: str) -> None:
    before = runtime("24.8.0", "A")
    diff = judged(before, after)
    assert diff.classification == wanted, told(diff)
    change = [one.rule for one in engine.scan(MemoryTree(after), Policy()).findings]
    assert "lockfile-wrong-package" not in change


PLATFORM: Final[Json] = {"optional": True, "os": ["android"]}


def rolldown(
    *more: str,
    known: int = 3,
    entry: Json = PLATFORM,
    field: str = "optionalDependencies",
    brings: str = "",
) -> Files:
    """A package with a part for each platform, and more of them, which may bring another."""
    if brings:
        entry = {**entry, "dependencies": dict([brings.rsplit("@", 1)])}
    parts = [f"@rolldown/binding-{number}@1.2.2" for number in range(known)]
    sections: dict[str, Json] = {"optionalDependencies": dict(one.rsplit("@", 1) for one in parts)}
    sections.setdefault(field, {}).update(dict(one.rsplit("@", 1) for one in more))
    packages: dict[str, Json] = {
        "rolldown@1.2.2": dict(sections),
        **{one: {"optional": True, "os": ["linux"]} for one in parts},
        **dict.fromkeys(more, entry),
        **({brings: {"optional": True}} if brings else {}),
    }
    return pnpm_state({"rolldown": "*"}, packages)


ANDROID: Final = "@rolldown/binding-android@1.2.2"


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        pytest.param(
            rolldown(), rolldown(ANDROID), "refresh", id="of its scope (oxc-project/oxc cc01bd7f0f)"
        ),
        pytest.param(
            rolldown(), rolldown("@evil/binding-android@1.2.2"), "tampered", id="of another scope"
        ),
        pytest.param(rolldown(), rolldown("binding-android@1.2.2"), "tampered", id="of no scope"),
        pytest.param(
            rolldown(),
            rolldown("@rolldown/binding-android@1.2.3"),
            "tampered",
            id="of another version",
        ),
        pytest.param(
            rolldown(known=2),
            rolldown(ANDROID, known=2),
            "tampered",
            id="of a scope with few of them",
        ),
        pytest.param(
            rolldown(), rolldown(ANDROID, field="dependencies"), "tampered", id="that is required"
        ),
        pytest.param(
            rolldown(),
            rolldown(ANDROID, entry={"optional": True}),
            "tampered",
            id="for every platform",
        ),
        pytest.param(
            rolldown(),
            rolldown(ANDROID, brings="evil@1.0.0"),
            "tampered",
            id="that brings what is new",
        ),
    ],
)
def test_one_more_part_for_a_platform(before: Files, after: Files, wanted: str) -> None:
    diff = judged(before, after)
    assert diff.classification == wanted, told(diff)
    assert refused(before, after) or wanted == "refresh"


def fetching(encoding: str, *, real: str) -> Files:
    """A package with an optional peer, which pnpm may install by itself."""
    return tree(
        {"encoding": encoding} if encoding else {},
        *([f"encoding@{encoding}"] if encoding else []),
        of="node-fetch@2.7.0",
        real=real,
        entry={
            "peerDependencies": {"encoding": "^0.1.0"},
            "peerDependenciesMeta": {"encoding": {"optional": True}},
        },
    )


@pytest.mark.parametrize(
    ("version", "wanted"),
    [
        pytest.param("0.1.13", "matched", id="in range (TanStack/router 645de2353a)"),
        pytest.param("9.0.0", "unexplained", id="out of range"),
    ],
)
def test_a_new_package_for_a_peer_that_nobody_met(version: str, wanted: str) -> None:
    before, after = fetching("", real="1.0.0"), fetching(version, real="1.1.0")
    diff = judged(before, after)
    assert diff.classification == wanted, told(diff)
    assert bool(refused(before, after)) is (wanted == "unexplained")
