"""lockfile-untrusted-source."""

from __future__ import annotations

import pytest

from lockward.policy import Policy
from lockward.rules import lockfile_untrusted_source
from tests.support import npm

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PLAIN = {"name": "app", "dependencies": {"a": "^1.0.0"}}
GIT = {"name": "app", "dependencies": {"a": "git+ssh://git@example.org/a.git"}}
EVIL = "https://evil.example.net"


def findings(
    manifest: npm.Json, packages: npm.Json, policy: Policy | None = None, npmrc: str = npm.PINNED
) -> list[tuple[str, str]]:
    judged = npm.project(npm.files(manifest, packages, {".npmrc": npmrc}))
    policy = policy or Policy()
    return [
        (finding.severity, finding.message)
        for finding in lockfile_untrusted_source.check(judged, policy)
    ]


@pytest.mark.parametrize(
    ("manifest", "entry", "words"),
    [
        pytest.param(
            PLAIN,
            npm.locked("a", resolved=f"{EVIL}/a/-/a-1.0.0.tgz"),
            EVIL[8:],
            id="a strange host",
        ),
        pytest.param(
            PLAIN,
            npm.locked("a", resolved="http://registry.example.org/a/-/a-1.0.0.tgz"),
            "http",
            id="a known host over http",
        ),
        pytest.param(
            PLAIN,
            npm.locked(
                "a", resolved="https://registry.example.org@evil.example.net/a/-/a-1.0.0.tgz"
            ),
            "user name",
            id="a known host as a user name",
        ),
        pytest.param(
            PLAIN,
            npm.locked("a", resolved="https:\\\\evil.example.net\\a.tgz"),
            "odd address",
            id="backslashes",
        ),
        pytest.param(
            PLAIN,
            npm.locked("a", resolved=f"{npm.HOME}/a/../evil/-/evil-1.0.0.tgz"),
            "dot segment",
            id="dot segments",
        ),
        pytest.param(
            PLAIN, npm.locked("a", resolved=f"a@{EVIL}/a.tgz"), "odd address", id="name@https"
        ),
        pytest.param(PLAIN, npm.locked("a", resolved="2.0.0"), "odd address", id="a bare version"),
        pytest.param(
            PLAIN,
            {"version": "1.0.0", "resolved": f"git+ssh://git@example.org/a.git#{COMMIT}"},
            "a git checkout, but package.json wants ^1.0.0",
            id="git where a range asked for the registry",
        ),
        pytest.param(
            GIT,
            {"version": "1.0.0", "resolved": "git+ssh://git@example.org/a.git#main"},
            "no commit pins",
            id="a git branch",
        ),
        pytest.param(
            GIT,
            {"version": "1.0.0", "resolved": f"git://example.org/a.git#{COMMIT}"},
            "without encryption",
            id="git without encryption",
        ),
        pytest.param(
            PLAIN,
            {"version": "1.0.0", "resolved": "file:vendor/a.tgz", "integrity": npm.sri("x")},
            "a tarball file, but package.json wants ^1.0.0",
            id="a tarball in the repository",
        ),
        pytest.param(
            PLAIN, {"resolved": "vendor/a", "link": True}, "a link to vendor/a", id="a link"
        ),
        pytest.param(
            {"name": "app", "dependencies": {"a": "file:../../a"}},
            {"resolved": "../../a", "link": True},
            "outside the repository",
            id="a link out of the repository",
        ),
    ],
)
def test_a_source_that_nothing_vouches_for_is_refused(
    manifest: npm.Json, entry: npm.Json, words: str
) -> None:
    target = {str(entry["resolved"]): {"name": "a", "version": "1.0.0"}} if "link" in entry else {}
    found = findings(manifest, {"a": entry, "b": npm.locked("b"), **target})

    assert [severity for severity, _ in found] == ["error"]
    assert words in found[0][1]


@pytest.mark.parametrize(
    ("manifest", "entry", "policy", "npmrc"),
    [
        pytest.param(PLAIN, npm.locked("a"), Policy(), npm.PINNED, id="the pinned registry"),
        pytest.param(
            PLAIN,
            npm.locked("a"),
            Policy(hosts=("registry.example.org",)),
            "",
            id="a policy's host",
        ),
        pytest.param(
            {"name": "app", "dependencies": {"@s/a": "1"}},
            npm.locked("a", resolved="https://npm.example.net/@s/a/-/a-1.0.0.tgz"),
            Policy(),
            npm.PINNED + "@s:registry=https://npm.example.net/\n",
            id="a scope's registry",
        ),
        pytest.param(
            PLAIN,
            npm.locked("a", resolved="https://registry.example.org:8443/a/-/a-1.0.0.tgz"),
            Policy(),
            "registry=https://registry.example.org:8443/\n",
            id="a port",
        ),
        pytest.param(
            GIT,
            {"version": "1.0.0", "resolved": f"git+ssh://git@example.org/a.git#{COMMIT}"},
            Policy(),
            npm.PINNED,
            id="git that the manifest asks for",
        ),
        pytest.param(
            {"name": "app", "dependencies": {"a": "file:vendor/a"}},
            {"resolved": "vendor/a", "link": True},
            Policy(),
            npm.PINNED,
            id="a folder that the manifest asks for",
        ),
        pytest.param(
            {**PLAIN, "overrides": {"a": f"git+ssh://git@example.org/a.git#{COMMIT}"}},
            {"version": "1.0.0", "resolved": f"git+ssh://git@example.org/a.git#{COMMIT}"},
            Policy(),
            npm.PINNED,
            id="git that an override asks for",
        ),
        pytest.param(
            {"name": "app", "dependencies": {"a": f"{EVIL}/dist/a.tgz"}},
            npm.locked("a", resolved=f"{EVIL}/dist/a.tgz"),
            Policy(remote=(f"{EVIL}/dist/",)),
            npm.PINNED,
            id="a tarball that manifest and policy name",
        ),
    ],
)
def test_a_source_that_somebody_vouches_for_passes(
    manifest: npm.Json, entry: npm.Json, policy: Policy, npmrc: str
) -> None:
    target = {str(entry["resolved"]): {"name": "a", "version": "1.0.0"}} if "link" in entry else {}

    assert findings(manifest, {"a": entry, **target}, policy, npmrc) == []


def test_a_lockfile_that_comes_whole_from_one_undeclared_host_is_a_note() -> None:
    [(severity, message)] = findings(PLAIN, {"a": npm.locked("a"), "b": npm.locked("b")}, npmrc="")

    assert severity == "note"
    assert message == "2 packages come from registry.example.org, which no setting names"


def test_one_package_from_a_strange_host_among_others_is_an_error() -> None:
    evil = npm.locked("a", resolved=f"{EVIL}/a/-/a-1.0.0.tgz")

    found = findings(PLAIN, {"a": evil, "b": npm.locked("b")}, npmrc="")

    assert {severity for severity, _ in found} == {"error"}


def test_a_policy_that_lists_git_repositories_admits_no_other() -> None:
    entry = {"version": "1.0.0", "resolved": f"git+ssh://git@example.org/a.git#{COMMIT}"}

    assert findings(GIT, {"a": entry}, Policy(git=("example.org/*",))) == []
    [(_, message)] = findings(GIT, {"a": entry}, Policy(git=("github.com/acme/*",)))
    assert "outside the policy's sources.git" in message
