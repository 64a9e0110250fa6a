"""Commits of real repositories with a lockfile of Yarn 1, reduced by hand: who asks for what.

Each has the class that it deserves, and the edits of it that nothing in it excuses are refused.
"""

from __future__ import annotations

import json

import pytest

from lockward import lockdiff
from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.project import Project
from tests.support.commits import Commit, classic, judged, manifest, told
from tests.support.npm import HOME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockward.lockdiff import LockDiff

PATH = "yarn.lock"


def commit(
    before: tuple[dict[str, str], bytes],
    after: tuple[dict[str, str], bytes],
    wanted: str,
    *evil: tuple[str, str],
) -> Commit:
    """What the root asks for and the lockfile, before and after."""
    files = [{"package.json": manifest(asks), PATH: text} for asks, text in (before, after)]
    return Commit(files[0], files[1], wanted, *evil)


SDK = {"owncloud-sdk": "^1.0.0-523"}
DAV = "https://github.com/owncloud/davclient.js.git"
LOCATED = f"[at=git+{DAV}#1ab200d099a3c2cd2ef919c3a56353ce26865994]"
SPELLED = commit(
    (
        {"owncloud-sdk": "^1.0.0-368"},
        classic(f"""
            owncloud-sdk@^1.0.0-368 = 1.0.0-429 > davclient.js {DAV}
            davclient.js@{DAV} = 0.2.1 {LOCATED}
        """),
    ),
    (
        SDK,
        classic(f"""
            owncloud-sdk@^1.0.0-523 = 1.0.0-523 > davclient.js {DAV}
            davclient.js@git+{DAV} = 0.2.1 {LOCATED}
        """),
    ),
    "matched",
    (f"davclient.js@git+{DAV}", "davclient.js@git+https://github.com/evil/davclient.js.git"),
    (f'resolved "git+{DAV}', 'resolved "git+https://github.com/evil/davclient.js.git'),
)
GYP = "https://github.com/electron/node-gyp#06b29aafb7708acef8b3669835c8a7857ebc92d2"
CHECKOUT = commit(
    ({"@electron/rebuild": "^3.6.0"}, classic("@electron/rebuild@^3.6.0 = 3.6.0")),
    (
        {"@electron/rebuild": "^3.7.0"},
        classic(f"""
            @electron/rebuild@^3.7.0 = 3.7.0 > @electron/node-gyp {GYP}
            @electron/node-gyp@{GYP} = 10.2.0 [at={GYP}]
        """),
    ),
    "matched",
    (f'"@electron/node-gyp" "{GYP}"', '"@electron/node-gyp" "^10.0.0"'),
    (f'resolved "{GYP}', f'resolved "{HOME}/x/node-gyp.tgz'),
)
WEBSQL = (
    "https://codeload.github.com/expo/node-websql/tar.gz/e364fa65146a9e2157a19e5c719e7702c2b6b87a"
)
SHORT = commit(
    ({"expo": "~19.0.0"}, classic("expo@~19.0.0 = 19.0.0")),
    (
        {"expo": "~20.0.1"},
        classic(f"""
            expo@~20.0.1 = 20.0.1 > websql expo/node-websql#18.0.0
            websql@github:expo/node-websql#18.0.0 = 0.4.4 [at={WEBSQL}]
        """),
    ),
    "matched",
    ("websql@github:expo/node-websql", "websql@github:evil/node-websql"),
    ("com/expo/node-websql/tar.gz", "com/evil/node-websql/tar.gz"),
)
PARTS = "@jupyterlab/metapackage@~{0} = {0} > @jupyterlab/css ^{0}\n@jupyterlab/css@^{0} = {0}\n"
BUILD = "webpack@^4.41.0 = 4.41.0\n"


def staging(version: str) -> dict[str, bytes]:
    """Resolutions of what nobody depends on."""
    forced = {"@jupyterlab/metapackage": f"~{version}"}
    return {
        "package.json": manifest({"webpack": "^4.41.0"}, resolutions=forced),
        PATH: classic(BUILD + PARTS.format(version)),
    }


FORCED = Commit(
    staging("2.0.0-alpha.1"),
    staging("2.1.0-a.0"),
    "matched",
    ("metapackage@~2.1.0-a.0", "metapackage@~2.1.0-a.1"),
    ("@jupyterlab/metapackage", "@jupyterlab/evil"),
    ('version "2.1.0-a.0"', 'version "3.0.0"'),
)

BUFFER = {"buffer": "mischnic/buffer#b8a4fa94", "crypto": "^3.0.0"}
CRYPTO = "crypto@^3.0.0 = 3.0.0 > buffer ^5.5.0||^6.0.0\n"
FORK = "https://codeload.github.com/mischnic/buffer/tar.gz/b8a4fa94"
FORK += "b8a4fa9496e8cf61b4ad12d9b2bd0a3d"
REUSED = commit(
    (
        {**BUFFER, "buffer": "^6.0.3"},
        classic(CRYPTO + "buffer@^5.5.0||^6.0.0, buffer@^6.0.3 = 6.0.3"),
    ),
    (
        BUFFER,
        classic(
            CRYPTO + f"buffer@^5.5.0||^6.0.0, buffer@mischnic/buffer#b8a4fa94 = 6.0.3 [at={FORK}]"
        ),
    ),
    "matched",
    ("com/mischnic/buffer/", "com/evil/buffer/"),
    ('version "6.0.3"', 'version "7.0.0"'),
)
UNASKED = commit(
    ({"crypto": "^3.0.0"}, classic(CRYPTO + "buffer@^5.5.0||^6.0.0 = 6.0.3")),
    ({"crypto": "^3.0.0"}, classic(CRYPTO + f"buffer@^5.5.0||^6.0.0 = 6.0.3 [at={FORK}]")),
    "tampered",
)

WATCHED = """
            babel-preset@{0} = {1}
            watchpack@^1.6.1 = 1.7.5 > {2}graceful-fs ^4.1.2
            graceful-fs@^4.1.2 = 4.2.6
            chokidar@^3.4.1 = 3.5.1
"""
OPTIONAL = b'    "graceful-fs" "^4.1.2"\n  optionalDependencies:\n    "chokidar" "^3.4.1"\n'


def watched(asks: str, version: str, repeated: str = "") -> dict[str, bytes]:
    """It has chokidar as an optional dependency, and a dependency as well where it is repeated."""
    text = classic(WATCHED.format(asks, version, repeated))
    mark = b'    "graceful-fs" "^4.1.2"\n'
    assert mark in text
    requires = {"babel-preset": asks, "watchpack": "^1.6.1"}
    return {"package.json": manifest(requires), PATH: text.replace(mark, OPTIONAL)}


REPEATED = Commit(
    watched("^1.0.0", "1.0.0"),
    watched("^2.0.0", "2.0.0", "chokidar ^3.4.1, "),
    "matched",
    ('    "chokidar" "^3.4.1"\n    "graceful-fs"', '    "chokidar" "^3.4.0"\n    "graceful-fs"'),
    ('    "chokidar" "^3.4.1"\n    "graceful-fs"', '    "evil" "^3.4.1"\n    "graceful-fs"'),
    ('optionalDependencies:\n    "chokidar"', 'optionalDependencies:\n    "evil"'),
)

COMMITS = [
    pytest.param(
        REPEATED, id="callstack/react-native-paper 415494b8c1: optional ones are repeated"
    ),
    pytest.param(
        REUSED, id="parcel-bundler/parcel 61effd41db: a project's checkout answers a range"
    ),
    pytest.param(UNASKED, id="parcel-bundler/parcel 61effd41db, if no project asked for it"),
    pytest.param(
        SPELLED, id="owncloud/web 7a30b109fd: the registry spells a git address git+https"
    ),
    pytest.param(CHECKOUT, id="electron/forge d6187adcb5: a repository's address without .git"),
    pytest.param(SHORT, id="callstack/react-native-paper 5b797a9ea5: owner/repo under github:"),
    pytest.param(
        FORCED, id="jupyterlab/jupyterlab d5da9c2e5f: resolutions of what nobody asks for"
    ),
]


@pytest.mark.parametrize("one", COMMITS)
def test_a_commit_has_its_class(one: Commit) -> None:
    diff = one.judged()
    assert diff.classification == one.wanted, told(diff)


@pytest.mark.parametrize("one", COMMITS)
def test_nothing_else_hides_in_it(one: Commit) -> None:
    for (old, new), diff in zip(one.evil, one.tampered(), strict=True):
        assert diff.classification in ("unexplained", "tampered"), f"{old} -> {new}: {told(diff)}"


def monorepo(firebase: str, member: dict[str, str]) -> dict[str, bytes]:
    """A root of one workspace, which asks for a package that nobody locks."""
    asks = {"left-pad": "*"}
    root = manifest({"firebase": firebase}, private=True, workspaces=["excalidraw-app"])
    return {
        "package.json": root,
        "excalidraw-app/package.json": json.dumps({**member, "dependencies": asks}).encode(),
        PATH: classic(f"firebase@{firebase} = {firebase}"),
    }


@pytest.mark.parametrize(
    ("member", "wanted"),
    [
        pytest.param({"name": "excalidraw-app"}, "matched", id="without a version"),
        pytest.param({"version": "1.0.0"}, "matched", id="without a name"),
        pytest.param({"name": "excalidraw-app", "version": "1.0.0"}, "unexplained", id="whole"),
    ],
)
def test_excalidraw_d6cd8b78f1_yarn_passes_over_workspaces_without_name_or_version(
    member: dict[str, str], wanted: str
) -> None:
    plain = {
        "package.json": manifest({"firebase": "8.3.2"}),
        PATH: classic("firebase@8.3.2 = 8.3.2"),
    }
    diff = judged(plain, monorepo("8.3.3", member))
    assert diff.classification == wanted, told(diff)
    evil = monorepo("8.3.3", member)
    evil[PATH] += classic("left-pad@* = 1.3.0").partition(b"\n\n")[2]
    diff = judged(plain, evil)
    assert diff.classification == ("matched" if wanted == "unexplained" else "unexplained"), told(
        diff
    )


PARSER = "windows-argv-parser@file:../vendor/parser"


def vendored(needs: dict[str, str], locked: str) -> dict[str, bytes]:
    """An application that installs a folder beside its own."""
    asks = {"windows-argv-parser": "file:../vendor/parser", "nan": "^2.0.0"}
    text = classic(f"{locked}\nnan@^2.0.0 = 2.20.0")
    return {
        "app/package.json": manifest(asks),
        "vendor/parser/package.json": json.dumps({"name": "p", "dependencies": needs}).encode(),
        f"app/{PATH}": text.replace(b'  resolved ""\n', b""),
    }


def in_app(before: dict[str, bytes], after: dict[str, bytes]) -> LockDiff:
    policy = Policy()
    old, new = (Project(MemoryTree(files), "app", policy) for files in (before, after))
    assert not [*old.faults, *new.faults]
    return lockdiff.compare(old, new, policy)


def test_desktop_5fac5061e8_a_folder_beside_the_project_asks_for_more() -> None:
    before = vendored({}, f"{PARSER} = 0.0.1 [at=]")
    addon = "node-addon-api@^7.0.0 = 7.1.1"
    locked = f"{PARSER} = 0.0.1 [at=] > node-addon-api ^7.0.0\n{addon}"
    asks = {"node-addon-api": "^7.0.0"}
    diff = in_app(before, vendored(asks, locked))
    assert diff.classification == "matched", told(diff)
    for needs, text in (
        ({}, locked),
        ({"node-addon-api": "^6.0.0"}, locked),
        (asks, locked.replace("7.1.1", "6.0.0")),
        (asks, f"{locked}\nevil@* = 1.0.0"),
    ):
        diff = in_app(before, vendored(needs, text))
        assert diff.classification in ("unexplained", "tampered"), f"{text}: {told(diff)}"


@pytest.mark.parametrize(
    ("asks", "wanted"),
    [
        pytest.param("link:./", "matched", id="vercel/swr 1cd8b7b178: the root links itself"),
        pytest.param("link:.", "matched", id="without a slash"),
        pytest.param("link:./other", "unexplained", id="another folder"),
        pytest.param("^1.0.0", "unexplained", id="a range"),
    ],
)
def test_yarn_writes_the_root_as_a_dot(asks: str, wanted: str) -> None:
    nan = "nan@^2.0.0 = 2.20.0"
    before = {"package.json": manifest({"nan": "^2.0.0"}), PATH: classic(nan)}
    text = classic(f"{nan}\nswr@link:. = 0.0.0 [at=]").replace(b'  resolved ""\n', b"")
    after = {"package.json": manifest({"nan": "^2.0.0", "swr": asks}), PATH: text}
    diff = judged(before, after)
    assert diff.classification == wanted, told(diff)
