"""Lockfiles that npm itself writes after a change of package.json: they must pass.

npm's own arborist resolves against a registry made up for the test, from the
lockfile before, as `npm install` does (tests/support/npm_ci.py).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from lockward import engine
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from tests.support import npm
from tests.support.npm_ci import NpmCi
from tests.support.packuments import packument

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lockward.findings import Report

LOCK: Final = "package-lock.json"
VERSIONS: Final[dict[str, dict[str, dict[str, Any]]]] = {
    "web": {
        "1.0.0": {"dependencies": {"body": "^1.0.0", "util": "^1.0.0"}},
        "1.1.0": {"dependencies": {"body": "^1.1.0", "util": "^1.0.0"}},
        "2.0.0": {"dependencies": {"body": "^2.0.0", "util": "^2.0.0", "new": "^1.0.0"}},
    },
    "body": {
        "1.0.0": {"dependencies": {"util": "^1.0.0"}},
        "1.1.0": {"dependencies": {"util": "^1.1.0"}},
        "2.0.0": {"dependencies": {"util": "1.x || 2.x"}},
    },
    "util": {"1.0.0": {}, "1.1.0": {}, "2.0.0": {}},
    "new": {"1.0.0": {"optionalDependencies": {"native": "^1.0.0"}}},
    "native": {"1.0.0": {"os": ["darwin"]}},
    "tool": {"1.0.0": {"dependencies": {"util": "^1.0.0"}}, "2.0.0": {}},
    "plugin": {
        "1.0.0": {"peerDependencies": {"web": "^1.0.0"}},
        "2.0.0": {"peerDependencies": {"web": "^2.0.0"}},
    },
}
NEWER: Final[dict[str, dict[str, dict[str, Any]]]] = {
    **VERSIONS,
    "body": {**VERSIONS["body"], "1.2.0": {"dependencies": {"util": "^1.0.0"}}},
    "util": {**VERSIONS["util"], "1.3.0": {}},
}
BEFORE: Final[dict[str, Any]] = {
    "name": "app",
    "version": "1.0.0",
    "dependencies": {"web": "^1.0.0"},
    "devDependencies": {"tool": "^1.0.0"},
}


@pytest.fixture(scope="module")
def asked() -> Iterator[NpmCi]:
    """npm, with two registries: one as it was, one a week later."""
    with NpmCi() as process:
        for name, versions in (("now", VERSIONS), ("later", NEWER)):
            process.serve(name, {one: packument(one, every) for one, every in versions.items()})
        yield process


def installed(
    asked: NpmCi, manifest: dict[str, Any], lock: str = "", universe: str = "now", **members: object
) -> dict[str, str | bytes]:
    """A project as npm leaves it, from an earlier lockfile or from none."""
    files = {"package.json": json.dumps(manifest, indent=2), ".npmrc": npm.PINNED}
    files.update(
        (f"packages/{name}/package.json", json.dumps(member)) for name, member in members.items()
    )
    if lock:
        files[LOCK] = lock
    written = asked.lock(universe, files)
    assert written is not None
    return {**files, LOCK: written}


def judged(before: dict[str, str | bytes], after: dict[str, str | bytes]) -> Report:
    paths = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    change = Change(MemoryTree(before), MemoryTree(after), paths)
    return engine.evaluate(change, Policy())


CHANGES: Final[dict[str, dict[str, Any]]] = {
    "a major bump": {"dependencies": {"web": "^2.0.0"}},
    "a minor bump": {"dependencies": {"web": "^1.1.0"}},
    "a version pinned": {"dependencies": {"web": "1.0.0"}},
    "a new dependency": {"dependencies": {"web": "^1.0.0", "new": "^1.0.0"}},
    "a peer and its plugin": {"dependencies": {"web": "^1.0.0", "plugin": "^1.0.0"}},
    "a plugin that needs the bump": {"dependencies": {"web": "^2.0.0", "plugin": "^2.0.0"}},
    "a tool's major": {"devDependencies": {"tool": "^2.0.0"}},
    "a dependency removed": {"devDependencies": {}},
    "a tool that becomes a dependency": {
        "dependencies": {"web": "^1.0.0", "tool": "^1.0.0"},
        "devDependencies": {},
    },
    "an alias": {"dependencies": {"web": "^1.0.0", "old-util": "npm:util@1.0.0"}},
    "an override": {"overrides": {"util": "1.0.0"}},
    "an override further down": {"overrides": {"body": {"util": "2.0.0"}}},
    "an optional dependency": {"optionalDependencies": {"native": "^1.0.0"}},
    "the project's own version": {"version": "2.0.0"},
}
NO_ARTIFACT: Final = ("a tool that becomes a dependency", "the project's own version")


@pytest.mark.node
@pytest.mark.parametrize("change", CHANGES)
def test_what_npm_writes_for_a_changed_manifest_passes(asked: NpmCi, change: str) -> None:
    before = installed(asked, BEFORE)
    after = installed(asked, {**BEFORE, **CHANGES[change]}, str(before[LOCK]))
    report = judged(before, after)
    assert [finding.message for finding in report.findings if finding.severity == "error"] == []
    (verdict,) = report.lockfiles
    assert verdict.classification == ("metadata" if change in NO_ARTIFACT else "matched")


@pytest.mark.node
def test_a_workspace_that_joins_passes(asked: NpmCi) -> None:
    before = installed(asked, BEFORE)
    member = {"name": "ui", "version": "1.0.0", "dependencies": {"util": "^2.0.0"}}
    manifest = {**BEFORE, "workspaces": ["packages/*"]}
    after = installed(asked, manifest, str(before[LOCK]), ui=member)
    report = judged(before, after)
    assert [finding.message for finding in report.findings] == []
    assert report.lockfiles[0].classification == "matched"


@pytest.mark.node
def test_an_update_is_a_refresh(asked: NpmCi) -> None:
    """`npm update`, or a lockfile deleted and written anew a week later."""
    before = installed(asked, BEFORE)
    after = installed(asked, BEFORE, universe="later")
    report = judged(before, after)
    assert [verdict.classification for verdict in report.lockfiles] == ["refresh"]
    assert {finding.rule for finding in report.findings} == {"lockfile-unmatched"}
    assert {finding.package for finding in report.findings} == {"body@1.2.0", "util@1.3.0"}
    cosmetic = {**after, "package.json": json.dumps({**BEFORE, "description": "x"}, indent=2)}
    assert [verdict.classification for verdict in judged(before, cosmetic).lockfiles] == ["refresh"]


@pytest.mark.node
def test_an_update_beside_a_bump_is_a_warning(asked: NpmCi) -> None:
    before = installed(asked, BEFORE)
    after = installed(asked, {**BEFORE, "devDependencies": {"tool": "^2.0.0"}}, universe="later")
    report = judged(before, after)
    assert [verdict.classification for verdict in report.lockfiles] == ["matched"]
    assert [finding.severity for finding in report.findings] == ["warning"]
    assert report.verdict == "pass"


@pytest.mark.node
def test_going_back_is_refused_unless_the_manifest_asks(asked: NpmCi) -> None:
    newer = installed(asked, BEFORE, universe="later")
    older = installed(asked, BEFORE)
    assert judged(newer, older).verdict == "fail"
    asks = {**BEFORE, "dependencies": {"web": "^1.0.0", "util": "~1.1.0", "body": "~1.1.0"}}
    report = judged(newer, installed(asked, asks, str(newer[LOCK])))
    assert [finding.message for finding in report.findings if finding.severity == "error"] == []
