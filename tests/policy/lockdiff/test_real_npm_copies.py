"""Commits of real repositories whose package-lock.json has several copies of a package.

Of npm 7 and later; reduced by hand, beside edits of them that must be refused.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.commits import Commit, Files, hashed, judged, npm, npm_entry, told, v1, v3
from tests.support.diffs import Past
from tests.support.npm import sri

PATH = "package-lock.json"
BARE = {"resolved": None, "integrity": None}


def globbing(version: str, **flags: object) -> Files:
    """Two copies of picomatch, one of which npm has left without a hash for long."""
    packages = {
        **npm("micromatch", version, dependencies={"picomatch": "^4.0.0"}),
        **npm("tinyglobby", "0.2.14", dependencies={"picomatch": "^4.0.0"}),
        "node_modules/micromatch/node_modules/picomatch": npm_entry(
            "picomatch", "4.0.2", **BARE, **flags
        ),
        "node_modules/tinyglobby/node_modules/picomatch": npm_entry("picomatch", "4.0.2"),
        **npm("picomatch", "2.3.1"),
    }
    asks = {"micromatch": f"^{version}", "tinyglobby": "^0.2.0", "picomatch": "^2.0.0"}
    return v3(asks, packages)


STILL_BARE = Commit(
    globbing("4.0.7"),
    globbing("4.0.8", peer=True),
    "matched",
    (hashed("picomatch", "4.0.2") + "\n", '"license": "MIT"\n'),
    (hashed("picomatch", "4.0.2"), f'"integrity": "{sri("evil")}"'),
    (hashed("picomatch", "2.3.1") + "\n", '"license": "MIT"\n'),
    ('"peer": true', '"peer": true, "resolved": "https://registry.example.net/p-4.0.2.tgz"'),
    ('"peer": true', f'"peer": true, "integrity": "{sri("evil")}"'),
)

GATEWAY = "packages/gateway-interface"
NESTED = "node_modules/@apollo/gateway/node_modules/@apollo/server-gateway-interface"


def releasing(version: str, wanted: str, nested: str = "") -> Files:
    """A member of the workspace for which a package from the registry asks as well."""
    name = "@apollo/server-gateway-interface"
    member = {"name": name, "version": version}
    server = {"name": "server", "version": "1.0.0", "dependencies": {name: wanted}}
    packages: dict[str, Any] = {
        **npm("@apollo/gateway", "2.11.2", dependencies={name: "^1.1.0"}),
        f"node_modules/{name}": {"resolved": GATEWAY, "link": True},
        "node_modules/server": {"resolved": "packages/server", "link": True},
        GATEWAY: member,
        "packages/server": server,
    }
    if nested:
        packages[NESTED] = npm_entry(name, nested)
    more = {
        f"{GATEWAY}/package.json": json.dumps(member).encode(),
        "packages/server/package.json": json.dumps(server).encode(),
    }
    return v3({"@apollo/gateway": "^2.11.0"}, packages, more, workspaces=["packages/*"])


RELEASED = Commit(
    releasing("1.1.1", "^1.1.1"),
    releasing("2.0.0-rc.0", "^2.0.0-rc.0", "1.1.1"),
    "matched",
    ("@apollo/server-gateway-interface/-/server-gateway-interface-1.1.1", "evil/-/evil-1.1.1"),
    ('"version": "1.1.1"', '"version": "0.9.0"'),
    (hashed("@apollo/gateway", "2.11.2"), f'"integrity": "{sri("evil")}"'),
)

CONTENTS = {"resolve": "^1.10.0"}
ASKS = {"npm": "^6.14.0", "resolve": "^1.0.0"}


def unpacked(inner: str, **flags: object) -> Files:
    """What npm 7 lists of npm's own tarball; npm 6 had left it out."""
    packages = {
        **npm("npm", "6.14.13", dependencies=CONTENTS, bundleDependencies=["resolve"]),
        "node_modules/npm/node_modules/resolve": {
            **npm_entry("resolve", "1.10.0", dependencies={"path-parse": "^1.0.6"}, **BARE),
            "inBundle": True,
        },
        "node_modules/npm/node_modules/path-parse": npm_entry("path-parse", inner, **flags),
        **npm("resolve", "1.20.0", dependencies={"path-parse": "^1.0.6"}),
        **npm("path-parse", "1.0.7"),
        **npm("ms", "2.1.3"),
    }
    return v3({**ASKS, "ms": "^2.0.0"}, packages)


BUNDLED = {**BARE, "inBundle": True}
PACKED = {"version": "1.10.0", "bundled": True, "requires": {"path-parse": "^1.0.6"}}
LISTED = v1(
    ASKS,
    {
        "npm": {
            **npm_entry("npm", "6.14.13", requires=CONTENTS),
            "dependencies": {"resolve": PACKED},
        },
        **npm("resolve", "1.20.0", requires={"path-parse": "^1.0.6"}),
        **npm("path-parse", "1.0.7"),
    },
)
UNPACKED = Commit(
    LISTED,
    unpacked("1.0.6", **BUNDLED),
    "matched",
    (hashed("path-parse", "1.0.7"), f'"integrity": "{sri("evil")}"'),
    ('"version": "1.0.6"', '"version": "0.0.1"'),
)

# What npm had before: npm itself in an earlier version brought this copy.
SEEN = Past(lambda _path, name, version: (name, version) == ("path-parse", "1.0.6"))

COMMITS = [
    pytest.param(STILL_BARE, id="apollo-server d25a5bdc37: a copy never had a hash"),
    pytest.param(RELEASED, id="apollo-server 16b1288ee5: a release takes a member out of range"),
    pytest.param(UNPACKED, id="mozilla/pdf.js 700eaecddd: npm 7 lists what npm 6 had not"),
]


@pytest.mark.parametrize("commit", COMMITS)
def test_a_commit_has_its_class(commit: Commit) -> None:
    diff = commit.judged(SEEN)
    assert diff.classification == commit.wanted, told(diff)


@pytest.mark.parametrize("commit", COMMITS)
def test_nothing_else_hides_in_it(commit: Commit) -> None:
    for (old, new), evil in zip(commit.evil, commit.tampered(SEEN), strict=True):
        assert evil.classification in ("unexplained", "tampered"), f"{old} -> {new}: {told(evil)}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            releasing("1.1.1", "^1.1.1"),
            releasing("1.2.0", "^1.2.0", "1.1.1"),
            id="a member whose new version still fits",
        ),
        pytest.param(LISTED, unpacked("1.0.6"), id="npm 7 lists no fetched copy below a tarball"),
        pytest.param(
            unpacked("1.0.7", **BUNDLED),
            unpacked("1.0.6", **BUNDLED),
            id="the next commit lowers what a tarball holds",
        ),
    ],
)
def test_a_nested_copy_is_refused(before: Files, after: Files) -> None:
    diff = judged(before, after)
    assert diff.classification in ("unexplained", "tampered"), told(diff)
