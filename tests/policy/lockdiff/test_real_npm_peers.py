"""Commits of real repositories whose lockfile the first versions of npm 7 took over from npm 6.

Such a lockfile has no peers, and they come back one by one.  Reduced by hand; the hundreds of
packages beside them are made up.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.commits import Commit, Files, hashed, judged, npm, told, v3
from tests.support.npm import sri

CROWD = 600  # packages without peers; real ones have 900 to 1,200
ASKS = {"eslint": "^7.25.0", "eslint-plugin-node": "^11.1.0", "crowd": "^1.0.0"}
ESLINT = npm("eslint", "7.25.0", dependencies={"acorn": "^7.4.0"})
ACORN = npm("acorn", "7.4.1")
PEERS = {"eslint": ">=5.16.0"}


def crowd(size: int, having: int = 0) -> dict[str, Any]:
    """So many packages that one asks for; some of them have peers."""
    names = [f"crowd-{number}" for number in range(size)]
    found = npm("crowd", "1.0.0", dependencies=dict.fromkeys(names, "^1.0.0"))
    for number, name in enumerate(names):
        peers = {"peerDependencies": {"eslint": "*"}} if number < having else {}
        found.update(npm(name, "1.0.0", **peers))
    return found


def linting(
    prettier: str,
    size: int = CROWD,
    *,
    having: int = 0,
    more: dict[str, Any] | None = None,
    **plugin: object,
) -> Files:
    """A project with a plugin of eslint, whose entry says more or less."""
    packages = {
        **ESLINT,
        **ACORN,
        **npm("eslint-plugin-node", "11.1.0", **plugin),
        **npm("prettier", prettier),
        **crowd(size, having),
        **(more or {}),
    }
    return v3({**ASKS, "prettier": f"^{prettier}"}, packages)


BEFORE = linting("2.2.0")
RESTORED = Commit(
    BEFORE,
    linting("2.2.1", peerDependencies=PEERS),
    "matched",
    ('"eslint": ">=5.16.0"', '"eslint": ">=5.16.0", "evil": "*"'),
    ('"eslint": ">=5.16.0"', '"eslint": "7.25.0"'),
    ('"eslint": ">=5.16.0"', '"eslint": "7.25.x"'),
    ('"eslint": ">=5.16.0"', '"eslint": ">=8.0.0"'),
    ('"eslint": ">=5.16.0"', '"eslint": "file:evil"'),
    ('"eslint": ">=5.16.0"', '"eslint": "npm:evil@>=5.16.0"'),
    ('"peerDependencies": {', '"dependencies": {"acorn": "*"}, "peerDependencies": {'),
    ('"peerDependencies": {', '"bin": {"node": "x.js"}, "peerDependencies": {'),
    (hashed("eslint-plugin-node", "11.1.0"), f'"integrity": "{sri("evil")}"'),
)


def test_stylelint_82e2507b76_lost_peers_are_written_again() -> None:
    diff = RESTORED.judged()
    assert diff.classification == "matched", told(diff)
    assert "edges-restored" in {one.code for one in diff.items}


def test_clasp_003d422b5b_so_they_are_where_some_have_come_back() -> None:
    diff = judged(linting("2.2.0", having=6), linting("2.2.1", having=6, peerDependencies=PEERS))
    assert diff.classification == "matched", told(diff)


def test_nothing_else_hides_in_it() -> None:
    for (old, new), diff in zip(RESTORED.evil, RESTORED.tampered(), strict=True):
        assert diff.classification in ("unexplained", "tampered"), f"{old} -> {new}: {told(diff)}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            linting("2.2.0", 100),
            linting("2.2.1", 100, peerDependencies=PEERS),
            id="of so few packages it may be chance that none has peers",
        ),
        pytest.param(
            linting("2.2.0", having=12),
            linting("2.2.1", having=12, peerDependencies=PEERS),
            id="the others have their peers",
        ),
        pytest.param(
            BEFORE,
            linting(
                "2.2.1",
                peerDependencies={**PEERS, "evil": "*"},
                more=npm("evil", "1.0.0", peer=True),
            ),
            id="a peer brings a package",
        ),
        pytest.param(
            BEFORE,
            linting("2.2.1", peerDependencies={"acorn": "7.4.0 || >=7.999999.0"}),
            id="a peer whose range holds the end of the caret line, and nothing between",
        ),
        pytest.param(
            linting("2.2.0", peerDependencies=PEERS), linting("2.2.1"), id="a peer that goes"
        ),
        pytest.param(
            BEFORE,
            linting("2.2.1", peerDependencies={"evil": "*"}),
            id="a peer without an answer",
        ),
    ],
)
def test_a_peer_that_was_added(before: Files, after: Files) -> None:
    diff = judged(before, after)
    assert diff.classification in ("unexplained", "tampered"), told(diff)


def test_an_optional_peer_needs_no_answer() -> None:
    meta = {"ts-node": {"optional": True}}
    after = linting("2.2.1", peerDependencies={"ts-node": ">=9.0.0"}, peerDependenciesMeta=meta)
    diff = judged(BEFORE, after)
    assert diff.classification == "matched", told(diff)


@pytest.mark.parametrize(
    ("size", "optional", "wanted"),
    [
        pytest.param(CROWD, {"acorn": "^7.4.0"}, "matched", id="lit/lit 065172fd1d: the same"),
        pytest.param(CROWD, {"acorn": "*"}, "tampered", id="another range"),
        pytest.param(CROWD, {"acorn": "^7.4.0", "prettier": "*"}, "tampered", id="one more"),
        pytest.param(100, {"acorn": "^7.4.0"}, "tampered", id="in a lockfile that lost nothing"),
    ],
)
def test_what_npm_6_did_not_call_optional(size: int, optional: dict[str, str], wanted: str) -> None:
    before = linting("2.2.0", size, dependencies={"acorn": "^7.4.0"})
    diff = judged(before, linting("2.2.1", size, optionalDependencies=optional))
    assert diff.classification == wanted, told(diff)
