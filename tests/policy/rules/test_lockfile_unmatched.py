"""lockfile-unmatched: what it says, and what the policy makes of a refresh."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

import pytest

from lockward import engine, lockdiff
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from lockward.rules import lockfile_unmatched
from tests.support import npm
from tests.support.diffs import Past

if TYPE_CHECKING:
    from lockward.findings import Finding

Refresh = Literal["reject", "trailer", "allow"]
Alongside = Literal["warn", "reject", "trailer", "allow"]
ROOT = {"name": "app", "dependencies": {"a": "^1.0.0"}}
A = npm.locked("a", dependencies={"b": "^1.0.0"})
B = npm.locked("b")
PLAIN = npm.files(ROOT, {"a": A, "b": B})
REFRESHED = npm.files(ROOT, {"a": A, "b": npm.locked("b", "1.2.0")})
BUMP = {"name": "app", "dependencies": {"a": "^2.0.0"}}


def findings(
    before: dict[str, str | bytes],
    after: dict[str, str | bytes],
    policy: Policy | None = None,
    seen: frozenset[str] = frozenset(),
) -> list[Finding]:
    """What the rule says; ``seen`` are versions of b that the lockfile held before."""
    policy = policy or Policy()
    old, new = npm.project(before, policy), npm.project(after, policy)
    lockdiff.of(old, new, policy, Past(lambda _path, _name, version: version in seen))
    return list(lockfile_unmatched.check(old, new, policy))


def test_a_refresh() -> None:
    (finding,) = findings(PLAIN, REFRESHED)
    assert finding.message == (
        "b 1.0.0 -> 1.2.0: in-range refresh, no requirement changed (a wants ^1.0.0)"
    )
    assert (finding.severity, finding.package, finding.path) == (
        "error",
        "b@1.2.0",
        "package-lock.json",
    )
    assert finding.group == "in-range refresh of {n} packages, and no requirement changed"
    assert finding.remedy[0] == "git checkout HEAD -- package-lock.json"


@pytest.mark.parametrize(
    ("refresh", "number", "remedy"),
    [
        pytest.param("reject", 1, "or allow it", id="rejected: the way to allow it"),
        pytest.param("trailer", 1, "git commit --trailer", id="the trailer that allows it"),
        pytest.param("allow", 0, "", id="allowed"),
    ],
)
def test_what_the_policy_makes_of_a_refresh(refresh: Refresh, number: int, remedy: str) -> None:
    found = findings(PLAIN, REFRESHED, Policy(refresh=refresh))
    assert len(found) == number
    assert all(remedy in " ".join(finding.remedy) for finding in found)


def test_a_rollback() -> None:
    newer = npm.files(ROOT, {"a": A, "b": npm.locked("b", "1.5.0")})
    (finding,) = findings(newer, PLAIN, seen=frozenset({"1.0.0"}))
    assert finding.message == (
        "b 1.5.0 -> 1.0.0: back to a version that was locked before (a wants ^1.0.0)"
    )
    assert findings(newer, PLAIN, Policy(refresh="allow"), frozenset({"1.0.0"})) == []


@pytest.mark.parametrize("refresh", ["reject", "trailer", "allow"])
@pytest.mark.parametrize(
    ("packages", "message"),
    [
        pytest.param(
            {"a": A, "b": npm.locked("b", "2.0.0")},
            "b 1.0.0 -> 2.0.0: out of range for who needs it (a wants ^1.0.0)",
            id="out of range",
        ),
        pytest.param(
            {"a": A, "b": B, "evil": npm.locked("evil")},
            "evil@1.0.0: nobody needs it (no package.json leads to it)",
            id="an orphan",
        ),
        pytest.param(
            {"a": A, "b": npm.locked("b", integrity=None)},
            "b@1.0.0: lost its integrity",
            id="a lost integrity",
        ),
        pytest.param(
            {"a": A, "b": {**B, "integrity": f"{B['integrity']} {npm.sri('evil')}"}},
            "b@1.0.0: a second hash beside the first",
            id="a doubled integrity",
        ),
    ],
)
@pytest.mark.parametrize("cosmetic", [{}, {"description": "x"}], ids=["alone", "cosmetic edit"])
def test_what_no_policy_allows(
    refresh: Refresh, packages: npm.Json, message: str, cosmetic: npm.Json
) -> None:
    after = npm.files(ROOT, packages)
    after["package.json"] = json.dumps({**ROOT, **cosmetic})
    found = findings(PLAIN, after, Policy(refresh=refresh))
    assert [(finding.severity, finding.message) for finding in found] == [("error", message)]


def test_a_downgrade() -> None:
    newer = npm.files(ROOT, {"a": A, "b": npm.locked("b", "1.5.0")})
    (finding,) = findings(newer, PLAIN)
    assert finding.message == (
        "b 1.5.0 -> 1.0.0: went down, and nothing asks for it (a wants ^1.0.0)"
    )


# Refreshes beside a requirement that did change

TWO = {"name": "app", "dependencies": {"a": "^1.0.0", "b": "^1.0.0", "c": "^1.0.0"}}
BEFORE = npm.files(TWO, {name: npm.locked(name) for name in ("a", "b", "c")})


def beside(*moved: str) -> dict[str, str | bytes]:
    """A real bump of a, and a refresh of others beside it."""
    manifest = {"name": "app", "dependencies": {**TWO["dependencies"], "a": "^2.0.0"}}  # type: ignore[dict-item]  # a dict
    packages = {
        name: npm.locked(name, "1.7.0" if name in moved else "1.0.0") for name in ("b", "c")
    }
    return npm.files(manifest, {"a": npm.locked("a", "2.0.0"), **packages})


@pytest.mark.parametrize(
    ("alongside", "severity"),
    [
        pytest.param("warn", "warning", id="a warning by default"),
        pytest.param("reject", "error", id="rejected"),
        pytest.param("trailer", "error", id="an error until the trailer allows it"),
    ],
)
def test_beside_a_requirement_they_are_one_finding(alongside: Alongside, severity: str) -> None:
    (finding,) = findings(BEFORE, beside("b", "c"), Policy(alongside=alongside))
    assert (finding.severity, finding.message) == (
        severity,
        "2 packages refreshed beside a requirement change: b 1.0.0 -> 1.7.0, c 1.0.0 -> 1.7.0",
    )


def test_beside_a_requirement_one_and_none() -> None:
    (finding,) = findings(BEFORE, beside("b"))
    assert finding.message.startswith("1 package refreshed beside a requirement change: b ")
    assert findings(BEFORE, beside("b"), Policy(alongside="allow")) == []
    assert findings(BEFORE, beside()) == []


def test_many_are_counted() -> None:
    names = [f"p{number}" for number in range(8)]
    asks = {"a": "^1.0.0", **dict.fromkeys(names, "^1.0.0")}
    before = npm.files({"dependencies": asks}, {name: npm.locked(name) for name in ("a", *names)})
    after = npm.files(
        {"dependencies": {**asks, "a": "^2.0.0"}},
        {"a": npm.locked("a", "2.0.0"), **{name: npm.locked(name, "1.1.0") for name in names}},
    )
    (finding,) = findings(before, after)
    assert finding.message.startswith("8 packages refreshed")
    assert finding.message.endswith(" and 3 more")


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(PLAIN, id="nothing changed"),
        pytest.param(npm.files(BUMP, {"a": npm.locked("a", "2.0.0")}), id="a bump"),
        pytest.param({"package.json": PLAIN["package.json"]}, id="no lockfile"),
        pytest.param(
            {**PLAIN, "package-lock.json": json.dumps(json.loads(PLAIN["package-lock.json"]))},
            id="formatting",
        ),
    ],
)
def test_does_not_fire(after: dict[str, str | bytes]) -> None:
    assert findings(PLAIN, after) == []


def test_an_unanswered_requirement_is_left_to_the_other_rule() -> None:
    manifest = {"dependencies": {"a": "^2.0.0", "x": "1"}}
    after = npm.files(manifest, {"a": npm.locked("a", "2.0.0")})
    assert findings(PLAIN, after) == []
    change = Change(MemoryTree(PLAIN), MemoryTree(after), ("package.json", "package-lock.json"))
    rules = {finding.rule for finding in engine.evaluate(change, Policy()).findings}
    assert rules == {"lockfile-out-of-sync"}
