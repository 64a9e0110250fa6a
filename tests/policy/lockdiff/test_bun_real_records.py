"""What bun records in real commits, reduced: of members, of folders' copies, of a migration.

Each way taken one step further is refused.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

from lockward import engine
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from tests.support.npm import sri
from tests.support.states import Files, bun_state, judged, refused, told

Json = dict[str, Any]
CRYPTO: Final = {"name": "crypto", "version": "1.0.0-beta.20"}


def example(
    record: str, *, real: str = "1.0.0", asks: str = "workspace:*", answer: str = ""
) -> Files:
    """A member that asks for its sibling; the lockfile may record another text of it."""
    wanted: Json = {"name": "example", "dependencies": {"crypto": asks}}
    packages: dict[str, Any] = {
        "crypto": ["crypto@workspace:packages/crypto"],
        "example": ["example@workspace:packages/example"],
        "real": (f"real@{real}", {}),
    }
    if answer:
        packages["example/crypto"] = (answer, {})
    return bun_state(
        {"real": real},
        packages,
        members={"packages/crypto": CRYPTO, "packages/example": wanted},
        manifest={"workspaces": ["packages/*"]},
        told={"packages/example": {**wanted, "dependencies": {"crypto": record} if record else {}}},
    )


def described(*, whole: bool, real: str = "1.0.0", **info: object) -> Files:
    """A package as bun writes it, or as a version of bun that lost the hash and more."""
    entry: Json = {"peerDependencies": {"jiti": "*", "ts": "^5.0.0"}, **info}
    return bun_state(
        {"eslint": "9.24.0", "real": real},
        {
            "eslint": ["eslint@9.24.0", "", entry, sri("eslint@9.24.0") if whole else ""],
            "real": (f"real@{real}", {}),
        },
    )


LOST: Final = described(whole=False, bin="bin/eslint.js")


def copied(*, nested: bool, at: str = "redis", member: bool = True, real: str = "1.0.0") -> Files:
    """An app that asks for its sibling's folder; the copy's own sibling may be a copy, too."""
    queue: Json = {"name": "queue", "dependencies": {"redis": "*"}}
    app: Json = {"name": "api", "dependencies": {"queue": "../../packages/queue"}}
    packages: dict[str, Any] = {
        "api": ["api@workspace:apps/api"],
        "queue": ["queue@workspace:packages/queue"],
        "real": (f"real@{real}", {}),
    }
    members: dict[str, Json] = {"apps/api": app, "packages/queue": queue}
    if member:
        packages["redis"] = ["redis@workspace:packages/redis"]
        members["packages/redis"] = {"name": "redis"}
    if nested:
        packages["api/queue"] = ["queue@file:packages/queue", {"dependencies": {"redis": "*"}}]
        packages["api/queue/redis"] = [f"redis@file:packages/{at}", {}]
    return bun_state(
        {"real": real}, packages, members=members, manifest={"workspaces": ["apps/*", "packages/*"]}
    )


PASSES: Final = {
    "a member's version for workspace:* (margelo/react-native-quick-crypto 36b915ebc6)": (
        example("workspace:*"),
        example("1.0.0-beta.20", real="1.1.0"),
    ),
    "the hash comes back, optional peers and a bin's name (the same, 1d64bd7907)": (
        LOST,
        described(
            whole=True, real="1.1.0", optionalPeers=["jiti"], bin={"eslint": "bin/eslint.js"}
        ),
    ),
    "a copy of a folder has a copy of its sibling (databuddy-analytics/Databuddy c5a0de151d)": (
        copied(nested=False),
        copied(nested=True, real="1.1.0"),
    ),
}
FURTHER: Final = {
    "another version than the member's": (
        example("workspace:*"),
        example("1.0.0-beta.19", real="1.1.0"),
    ),
    "a member's version for a requirement that a package answers": (
        example("workspace:*"),
        example("1.0.0-beta.20", real="1.1.0", answer="crypto@1.0.0-beta.20"),
    ),
    "no record": (example("workspace:*"), example("", real="1.1.0")),
    "a record of another name": (
        example("workspace:*"),
        example("npm:evil@1.0.0-beta.20", real="1.1.0"),
    ),
    "another file as the bin": (
        LOST,
        described(whole=True, real="1.1.0", optionalPeers=["jiti"], bin={"eslint": "bin/evil.js"}),
    ),
    "another name of the bin": (
        LOST,
        described(whole=True, real="1.1.0", optionalPeers=["jiti"], bin={"node": "bin/eslint.js"}),
    ),
    "one bin more": (
        LOST,
        described(
            whole=True, real="1.1.0", bin={"eslint": "bin/eslint.js", "node": "bin/eslint.js"}
        ),
    ),
    "an optional peer beside a hash that was there": (
        described(whole=True, bin="bin/eslint.js"),
        described(whole=True, real="1.1.0", optionalPeers=["jiti"], bin="bin/eslint.js"),
    ),
    "a peer that must be there now": (
        described(whole=False, bin="bin/eslint.js", optionalPeers=["jiti"]),
        described(whole=True, real="1.1.0", bin="bin/eslint.js"),
    ),
    "a copy of another folder": (
        copied(nested=False),
        copied(nested=True, real="1.1.0", at="queue"),
    ),
    "a copy of a folder that is no member": (
        copied(nested=False, member=False),
        copied(nested=True, real="1.1.0", member=False),
    ),
}


def errors(before: Files, after: Files) -> set[str]:
    """What any rule says of the change."""
    change = Change(MemoryTree(before), MemoryTree(after), [*after])
    found = engine.evaluate(change, Policy()).findings
    return {f"{one.rule}: {one.message}" for one in found if one.severity == "error"}


@pytest.mark.parametrize(("before", "after"), PASSES.values(), ids=PASSES)
def test_what_bun_writes_is_matched(before: Files, after: Files) -> None:
    diff = judged(before, after)
    assert diff.classification == "matched", told(diff)
    assert errors(before, after) == set()


@pytest.mark.parametrize(("before", "after"), FURTHER.values(), ids=FURTHER)
def test_one_step_further_is_refused(before: Files, after: Files) -> None:
    diff = judged(before, after)
    assert diff.classification in ("unexplained", "tampered"), told(diff)
    assert refused(before, after)
