"""Commits of real repositories with a package-lock.json, reduced by hand: hashes, sources, folders.

Each has the class that it deserves, and the edits of it that nothing in it excuses are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.commits import (
    Commit,
    Files,
    hashed,
    manifest,
    npm,
    npm_entry,
    sha1,
    told,
    v1,
    v3,
)
from tests.support.npm import HOME, sri

if TYPE_CHECKING:
    from collections.abc import Mapping

Entries = dict[str, Any]
COMMIT = "06b29aafb7708acef8b3669835c8a7857ebc92d2"
OTHER = "572d4bafe08a8a231137e1f9daeb0f8a23f197d2"

# The format

PAD = {"string-width": "^4.2.0"}
MIGRATED = Commit(
    v1(
        PAD,
        {
            **npm("string-width", "4.2.3", requires={"emoji-regex": "^8.0.0"}),
            **npm("emoji-regex", "8.0.0"),
        },
    ),
    v3(
        PAD,
        {
            **npm(
                "string-width",
                "4.2.3",
                dependencies={"emoji-regex": "^8.0.0"},
                engines={"node": ">=8"},
            ),
            **npm("emoji-regex", "8.0.0"),
        },
    ),
    "metadata",
    (hashed("emoji-regex", "8.0.0"), f'"integrity": "{sri("evil")}"'),
    ('"emoji-regex": "^8.0.0"', '"emoji-regex": "^8.0.0", "evil": "*"'),
    (f"{HOME}/emoji-regex/", "https://registry.example.net/emoji-regex/"),
)
STRONGER = Commit(
    v1(PAD, npm("string-width", "4.2.3", integrity=sha1("string-width", "4.2.3"))),
    v1(PAD, npm("string-width", "4.2.3")),
    "metadata",
    (hashed("string-width", "4.2.3"), f'"integrity": "{sri("a")} {sri("b")}"'),
    (hashed("string-width", "4.2.3"), '"integrity": ""'),
)

PLAIN = f"http{HOME[5:]}/dotenv/-/dotenv-5.0.1.tgz"
ENCRYPTED = Commit(
    v1({"dotenv": "5.0.1"}, npm("dotenv", "5.0.1", resolved=PLAIN)),
    v1({"dotenv": "5.0.1"}, npm("dotenv", "5.0.1")),
    "metadata",
    (f"{HOME}/dotenv", "https://registry.example.net/dotenv"),
    (hashed("dotenv", "5.0.1"), f'"integrity": "{sri("evil")}"'),
)

# Tarballs within tarballs


def fsevents(**flags: object) -> Entries:
    """Of npm 6: a package that bundles inherits, which the project has too."""
    inner = {"inherits": {"version": "2.0.3", "bundled": True, **flags}}
    entry = npm_entry("fsevents", "1.2.7", optional=True, dependencies=inner)
    return {"fsevents": entry, **npm("inherits", "2.0.3")}


WATCHED = {"fsevents": "^1.2.7", "inherits": "^2.0.3"}
FLAGGED = Commit(
    v1(WATCHED, fsevents(optional=True)),
    v1({**WATCHED, "http-errors": "^1.6.0"}, {**fsevents(), **npm("http-errors", "1.6.3")}),
    "matched",
    (f"    {hashed('inherits', '2.0.3')}", '    "bundled": true'),
    ('"version": "2.0.3",\n          "bundled": true', '"version": "2.0.3"'),
)
WITHIN = {"version": "4.3.4", "inBundle": True}
BUNDLED = Commit(
    v3(
        {"node-gyp": "^10.0.0", "tool": "^1.0.0"},
        {
            **npm("node-gyp", "10.0.0", bundleDependencies=["debug"], dependencies={"debug": "4"}),
            "node_modules/node-gyp/node_modules/debug": WITHIN,
            **npm("tool", "1.0.0", dependencies={"debug": "^4.0.0"}),
            **npm("debug", "4.3.4"),
        },
    ),
    v3(
        {"node-gyp": "^10.0.0"},
        {
            **npm("node-gyp", "10.0.0", bundleDependencies=["debug"], dependencies={"debug": "4"}),
            "node_modules/node-gyp/node_modules/debug": WITHIN,
        },
    ),
    "matched",
    ('"bundleDependencies": [', '"bundleDependencies": ["evil", '),
)

# Git

NODE_GYP = f"git+ssh://git@github.com/electron/node-gyp.git#{COMMIT}"


def rebuild(packed: str) -> Files:
    spec = f"git+https://github.com/electron/node-gyp.git#{COMMIT}"
    checkout = {"version": "10.2.0", "resolved": NODE_GYP, "integrity": sri(packed)}
    return v3(
        {"@electron/rebuild": "^3.7.0"},
        {
            **npm("@electron/rebuild", "3.7.0", dependencies={"@electron/node-gyp": spec}),
            "@electron/node-gyp": checkout,
        },
    )


PACKED = Commit(
    rebuild("by npm 10"),
    rebuild("by npm 11"),
    "metadata",
    (f'node-gyp.git#{COMMIT}",\n      "integrity', f'evil.git#{COMMIT}",\n      "integrity'),
    (f'gyp.git#{COMMIT}",\n      "integrity', f'gyp.git#{OTHER}",\n      "integrity'),
    (hashed("@electron/rebuild", "3.7.0"), f'"integrity": "{sri("evil")}"'),
)
TRACKER = f"git+https://github.com/metamask/eth-block-tracker.git#{COMMIT}"
ENGINE = npm("web3-provider-engine", "14.0.5", requires={"eth-block-tracker": "^3.0.0"})
ASKED = {"web3-provider-engine": "^14.0.5"}
SHARED = Commit(
    v1({**ASKED, "eth-block-tracker": "^3.0.1"}, {**ENGINE, **npm("eth-block-tracker", "3.0.1")}),
    v1(
        {**ASKED, "eth-block-tracker": "github:metamask/eth-block-tracker#patch"},
        {
            **ENGINE,
            "eth-block-tracker": {
                "version": TRACKER,
                "from": "github:metamask/eth-block-tracker#patch",
            },
        },
    ),
    "matched",
    (f'"version": "{TRACKER}"', f'"version": "{TRACKER.replace("metamask", "evil")}"'),
)
UNSHARED = Commit(
    SHARED.before,
    {**SHARED.before, "package-lock.json": SHARED.after["package-lock.json"]},
    "unexplained",
)
ABI = "git+https://github.com/ethereumjs/ethereumjs-abi.git"


def signing(spec: str, asks: Mapping[str, str]) -> Files:
    return v1(
        {"eth-sig-util": "^1.4.2", **asks},
        {
            **npm("eth-sig-util", "1.4.2", requires={"ethereumjs-abi": spec}),
            "ethereumjs-abi": {"version": f"{ABI}#{OTHER}", "from": ABI},
            **(npm("uuid", "3.3.2") if asks else {}),
        },
    )


CHOSEN = Commit(
    signing(ABI, {}),
    signing(f"{ABI}#{OTHER}", {"uuid": "^3.3.2"}),
    "matched",
    (f'"ethereumjs-abi": "{ABI}', '"ethereumjs-abi": "git+https://github.com/evil/abi.git'),
    (f'"version": "{ABI}', '"version": "git+https://github.com/evil/abi.git'),
    (f'"ethereumjs-abi": "{ABI}#{OTHER}"', '"ethereumjs-abi": "^0.6.0"'),
)

# Folders


def linking(nested: Entries, spec: str) -> Files:
    provider = {"version": "file:packages/provider", "dependencies": nested}
    member = manifest({"isarray": "^1.0.0"}, devDependencies={"eslint": spec}, name="provider")
    return v1(
        {"provider": "file:packages/provider", "isarray": "^1.0.0"},
        {"provider": provider, **npm("isarray", "1.0.0")},
        {"packages/provider/package.json": member},
    )


FOLDER = Commit(
    linking(npm("isarray", "1.0.0"), "^4.0.0"),
    linking({"isarray": {"version": "1.0.0", "bundled": True}}, "^4.19.1"),
    "matched",
    (hashed("isarray", "1.0.0"), f'"integrity": "{sri("evil")}"'),
    (f"      {hashed('isarray', '1.0.0')}", '      "bundled": true'),
)

COMMITS = [
    pytest.param(MIGRATED, id="npm/cli fff3e8eae2: version 1 to 3, engines appear"),
    pytest.param(STRONGER, id="owncloud/web a85c1ba0d8: sha1 to sha512"),
    pytest.param(ENCRYPTED, id="microsoft/vscode-jupyter c4074b9976: from http to https"),
    pytest.param(FLAGGED, id="microsoft/vscode-jupyter d987489c17: flags of a bundled copy"),
    pytest.param(BUNDLED, id="npm/cli 941d0d7b59: of two copies the bundled one stays"),
    pytest.param(PACKED, id="eclipse-theia/theia 65d0d2b3ac: npm packs a checkout another way"),
    pytest.param(SHARED, id="MetaMask/core 26a8b6afae: a project's own checkout serves others"),
    pytest.param(UNSHARED, id="MetaMask/core 26a8b6afae, if the project did not ask for it"),
    pytest.param(CHOSEN, id="MetaMask/core 001d5338f3: npm 6 adds the commit to a requirement"),
    pytest.param(FOLDER, id="aws-amplify/amplify-cli 37a50f1392: what lies in a linked folder"),
]


@pytest.mark.parametrize("commit", COMMITS)
def test_a_commit_has_its_class(commit: Commit) -> None:
    diff = commit.judged()
    assert diff.classification == commit.wanted, told(diff)


@pytest.mark.parametrize("commit", COMMITS)
def test_nothing_else_hides_in_it(commit: Commit) -> None:
    for (old, new), diff in zip(commit.evil, commit.tampered(), strict=True):
        assert diff.classification in ("unexplained", "tampered"), f"{old} -> {new}: {told(diff)}"
