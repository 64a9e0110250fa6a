"""lockfile-integrity."""

from __future__ import annotations

import pytest

from lockward.policy import Policy
from lockward.rules import lockfile_integrity
from tests.support import npm

GOOD = npm.sri("good")
EVIL = npm.sri("evil")


def messages(entry: npm.Json, key: str = "a") -> list[str]:
    manifest = {"name": "app", "dependencies": {"a": "^1.0.0"}}
    judged = npm.project(npm.files(manifest, {key: entry}))
    return [finding.message for finding in lockfile_integrity.check(judged, Policy())]


@pytest.mark.parametrize(
    ("integrity", "message"),
    [
        pytest.param(None, "a@1.0.0: no integrity", id="absent"),
        pytest.param("", "a@1.0.0: no integrity", id="empty"),
        pytest.param(
            "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "a@1.0.0: integrity: weaker than sha512", id="sha1"
        ),
        pytest.param(
            f"{GOOD} {EVIL}", "a@1.0.0: integrity: several hashes", id="a second sha512 appended"
        ),
        pytest.param(
            GOOD.replace("sha512", "SHA512"),
            "a@1.0.0: integrity: unknown algorithm",
            id="an algorithm in capitals, which npm does not know",
        ),
        pytest.param("sha512-AAAA", "a@1.0.0: integrity: wrong length", id="a truncated digest"),
        pytest.param("sha512-!!!!", "a@1.0.0: integrity: not base64", id="not base64"),
        pytest.param(
            f"{GOOD[:-3]}B==",
            "a@1.0.0: integrity: not base64",
            id="a last character that holds more than two bits, so that npm never finds it equal",
        ),
        pytest.param(
            GOOD[:50] + "\u00e9" + GOOD[51:], "a@1.0.0: integrity: not base64", id="not ASCII"
        ),
    ],
)
def test_a_hash_that_npm_would_not_verify_is_refused(integrity: str | None, message: str) -> None:
    assert messages(npm.locked("a", integrity=integrity)) == [message]


@pytest.mark.parametrize(
    ("key", "entry"),
    [
        pytest.param("a", npm.locked("a"), id="one sha512"),
        pytest.param(
            "node_modules/b/node_modules/a",
            {"version": "1.0.0", "inBundle": True},
            id="inside its parent's tarball",
        ),
        pytest.param(
            "a",
            {"version": "1.0.0", "resolved": f"git+ssh://git@example.org/a.git#{'a' * 40}"},
            id="a git checkout",
        ),
        pytest.param("a", {"resolved": "packages/a", "link": True}, id="a workspace's link"),
    ],
)
def test_what_carries_a_whole_sha512_or_none_by_design_passes(key: str, entry: npm.Json) -> None:
    assert messages(entry, key) == []


def test_the_finding_stands_on_the_entrys_line_and_restores_before_it_rewrites() -> None:
    manifest = {"name": "app", "dependencies": {"a": "^1.0.0"}}
    judged = npm.project(npm.files(manifest, {"a": npm.locked("a", integrity=None)}))

    [finding] = lockfile_integrity.check(judged, Policy())

    assert (finding.path, finding.line, finding.package) == ("package-lock.json", 12, "a@1.0.0")
    assert finding.remedy == (
        "git checkout HEAD -- package-lock.json",
        "npm install --package-lock-only --ignore-scripts",
    )
