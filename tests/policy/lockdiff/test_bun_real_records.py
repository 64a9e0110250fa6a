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


def noted(record: str, *, real: str = "1.1.0", asks: str = "^3.0.0", odd: str = "3.0.1") -> Files:
    """A requirement of which the lockfile records another text."""
    packages: dict[str, Any] = {"real": (f"real@{real}", {}), "odd": (f"odd@{odd}", {})}
    wanted = {"real": real, "odd": asks}
    return bun_state(wanted, packages, recorded={**wanted, "odd": record})


KEPT: Final = noted("^3.0.0", real="1.0.0")


def moved(vite: str, *nested: str, more: str = "") -> Files:
    """A project whose ``vite`` is rolldown, and what lies below those who ask for vite.

    ``nested`` are pairs of a dependant and the package in its place for vite.
    """
    wrap: Json = {"dependencies": {"vite": "^6.0.0 || ^7.0.0"}}
    asks = {"vite": f"npm:rolldown@^{vite}", "wrap": "1.0.0", "other": "npm:fork@6.0.0"}
    packages: dict[str, Any] = {
        "vite": (f"rolldown@{vite}", {}),
        "wrap": ("wrap@1.0.0", wrap),
        "other": ("fork@6.0.0", {}),
    }
    if more:
        asks[more] = "1.0.0"
        packages[more] = (f"{more}@1.0.0", wrap)
    for at in nested:
        dependant, _, package = at.partition(" ")
        packages[f"{dependant}/vite"] = (package, {})
    return bun_state(asks, packages)


PASSES: Final = {
    "latest, which bun update --latest records (Cap-go/capgo 63502c0578)": (KEPT, noted("latest")),
    "the range from before an update (Cap-go/capgo 4cd2c458d7)": (
        noted("^3.0.1", real="1.0.0", asks="^3.0.1"),
        noted("^3.0.0", asks="^3.0.1"),
    ),
    "an alias moves on, and who had it keeps it (Cap-go/capgo 43364a579f)": (
        moved("6.3.19"),
        moved("7.1.1", "wrap rolldown@6.3.19"),
    ),
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
    "a record of another package": (KEPT, noted("npm:evil@^3.0.0")),
    "a record of a folder": (KEPT, noted("file:latest")),
    "a record of any version": (KEPT, noted("*")),
    "a record of another tag": (KEPT, noted("next")),
    "a record of what package.json was raised from, and does not take": (
        KEPT,
        noted("^2.0.0"),
    ),
    "a record of a repository": (KEPT, noted("github:evil/odd")),
    "a record that what answers is out of": (KEPT, noted("^4.0.0")),
    "no record of what is asked for": (KEPT, noted("")),
    "a record that what answers is in, as package.json is not": (
        KEPT,
        noted("^4.0.0", odd="4.0.0"),
    ),
    "another version in the place of what was had": (
        moved("6.3.19"),
        moved("7.1.1", "wrap rolldown@6.3.20"),
    ),
    "another package in the place of what was had": (
        moved("6.3.19"),
        moved("7.1.1", "wrap fork@6.0.0"),
    ),
    "what one had, for somebody who did not": (
        moved("6.3.19"),
        moved("7.1.1", "wrap rolldown@6.3.19", "late rolldown@6.3.19", more="late"),
    ),
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
