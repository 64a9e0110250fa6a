"""lockfile-tampered: what it says; which changes it fires on is in tests/policy/lockdiff."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lockward.policy import Policy
from lockward.rules import lockfile_tampered
from tests.support import npm

if TYPE_CHECKING:
    from lockward.findings import Finding

ROOT = {"name": "app", "dependencies": {"a": "^1.0.0"}}
A = npm.locked("a")
EVIL = "https://evil.example.net"
MOVED = npm.locked("a", resolved=f"{EVIL}/a/-/a-1.0.0.tgz")


def findings(entry: npm.Json, **manifest: object) -> list[Finding]:
    """What the rule says of an edited entry, beside an edit of package.json."""
    before = npm.project(npm.files(ROOT, {"a": A}))
    after = npm.files(ROOT, {"a": entry})
    after["package.json"] = json.dumps({**ROOT, **manifest})
    return list(lockfile_tampered.check(before, npm.project(after), Policy()))


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        pytest.param(
            {**A, "integrity": npm.sri("evil")},
            "a@1.0.0: other integrity, and nothing explains it",
            id="other bytes",
        ),
        pytest.param(
            MOVED,
            "a@1.0.0: other address, and nothing explains it (another host, evil.example.net)",
            id="another host",
        ),
        pytest.param(
            npm.locked("a", resolved=f"{npm.HOME}/evil/-/evil-1.0.0.tgz"),
            "a@1.0.0: other address, and nothing explains it (another package)",
            id="another package's tarball",
        ),
        pytest.param(
            {**A, "dependencies": {"evil": "1"}},
            "a@1.0.0: other dependencies under the same version (evil)",
            id="a new dependency",
        ),
        pytest.param(
            {**A, "bin": {"node": "x.js"}, "hasInstallScript": True},
            "a@1.0.0: other contents under the same version (bin, hasInstallScript)",
            id="a bin and an install script",
        ),
    ],
)
@pytest.mark.parametrize("cosmetic", [{}, {"description": "x"}], ids=["alone", "cosmetic edit"])
def test_fires(entry: npm.Json, message: str, cosmetic: npm.Json) -> None:
    assert [finding.message for finding in findings(entry, **cosmetic)] == [message]


def test_a_finding_carries_the_evidence_and_the_way_back() -> None:
    (finding,) = findings(MOVED)
    assert (finding.was, finding.now) == (A["resolved"], MOVED["resolved"])
    assert (finding.severity, finding.package) == ("error", "a@1.0.0")
    assert (finding.path, finding.pointer) == ("package-lock.json", "node_modules/a")
    assert (
        npm.lockfile(ROOT, {"a": MOVED})
        .split("\n")[finding.line - 1]
        .strip()
        .startswith('"node_modules/a"')
    )
    assert finding.remedy[0] == "git checkout HEAD -- package-lock.json"
    assert "--ignore-scripts" in finding.remedy[1]


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(A, id="nothing changed"),
        pytest.param({**A, "license": "MIT"}, id="a licence"),
        pytest.param({**A, "dev": True}, id="a flag"),
        pytest.param(npm.locked("a", "1.1.0"), id="another version is lockfile-unmatched's"),
        pytest.param(npm.locked("a", integrity=None), id="a lost integrity is too"),
    ],
)
def test_does_not_fire(entry: npm.Json) -> None:
    assert findings(entry) == []


def test_without_a_lockfile_nothing_is_said() -> None:
    before = npm.project(npm.files(ROOT, {"a": A}))
    after = npm.project({"package.json": json.dumps(ROOT)})
    assert list(lockfile_tampered.check(before, after, Policy())) == []
