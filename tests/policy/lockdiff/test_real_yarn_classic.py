"""Commits of real repositories with a lockfile of Yarn 1, reduced by hand.

Each has the class that it deserves, and the edits of it that nothing in it excuses are refused.
"""

from __future__ import annotations

from base64 import b64encode

import pytest

from lockward import engine, lockfiles, merges
from lockward.lockdiff import witness
from lockward.lockdiff.witness import Sighting
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from tests.support.commits import (
    ALIAS,
    DEFAULT,
    Commit,
    Files,
    classic,
    manifest,
    sha1_of,
    told,
)
from tests.support.diffs import Past
from tests.support.npm import sri

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


def hashless(name: str, version: str) -> tuple[str, str]:
    """The edit that takes both hashes of an entry away."""
    return f'#{sha1_of(name, version)}"\n  integrity {sri(f"{name}@{version}")}', '"'


TWO = "abab@^2.0.6 = 2.0.6\nacorn@^8.0.0 = 8.8.1"
ASKS = {"abab": "^2.0.6", "acorn": "^8.0.0"}
MOVED = commit(
    (ASKS, classic(TWO, DEFAULT)),
    (ASKS, classic(TWO, ALIAS)),
    "metadata",
    (ALIAS, "https://registry.example.net"),
    (ALIAS, ALIAS.replace("https:", "http:")),
    (sri("abab@2.0.6"), sri("evil")),
    ("/abab-2.0.6.tgz", "/abab-2.0.5.tgz"),
)
OLD = "\n".join(f"{row} [sha1]" for row in TWO.split("\n"))
ONLY_SHA1 = commit(
    (ASKS, classic(OLD, DEFAULT)),
    (ASKS, classic(OLD, ALIAS)),
    "metadata",
    (sha1_of("abab", "2.0.6"), "0" * 40),
    (f"#{sha1_of('abab', '2.0.6')}", ""),
    (ALIAS, "https://registry.example.net"),
)
BARE = commit(
    (ASKS, classic(TWO.replace("\n", " [sha512]\n"), DEFAULT)),
    (ASKS, classic(TWO, ALIAS)),
    "metadata",
    (sri("abab@2.0.6"), sri("evil")),
)
UPGRADED = commit(
    (ASKS, classic(OLD)),
    (ASKS, classic(TWO)),
    "metadata",
    (sha1_of("abab", "2.0.6"), "0" * 40),
    ("/abab-2.0.6.tgz", "/abab-2.0.5.tgz"),
)
MIRRORED = "http://mirror.example.org"
UNMIRRORED = commit(
    (ASKS, classic(TWO, MIRRORED)),
    (ASKS, classic(TWO, ALIAS)),
    "metadata",
    (sri("abab@2.0.6"), sri("evil")),
    (f"{ALIAS}/abab/", f"{ALIAS}/evil/"),
)

TERSER = {"terser-webpack-plugin": "^3.0.2", "update-notifier": "^4.0.0"}
BROKEN = """
    update-notifier@^4.0.0 = 4.1.0 > configstore ^5.0.0
    configstore@^5.0.1 = 5.0.1
    terser-webpack-plugin@^3.0.2 = 3.1.0
"""
FILLED = commit(
    (TERSER, classic(BROKEN)),
    (
        {**TERSER, "terser-webpack-plugin": "^4.1.0"},
        classic("""
            update-notifier@^4.0.0 = 4.1.0 > configstore ^5.0.0
            configstore@^5.0.0, configstore@^5.0.1 = 5.0.1
            terser-webpack-plugin@^4.1.0 = 4.1.0
        """),
    ),
    "matched",
    ("configstore@^5.0.0", "evil@^5.0.0"),
    ('version "5.0.1"', 'version "4.0.0"'),
)
LINT = {"typescript-eslint": "^8.53.1"}
KEPT = "typescript-eslint@^8.53.1 = 8.53.1 > @typescript-eslint/types 8.53.1"
TYPES = "@typescript-eslint/types@8.53.1"
PRUNED = commit(
    (
        LINT,
        classic(
            f"{KEPT}\n{TYPES}, @typescript-eslint/types@^8.53.0 = 8.53.1\n"
            "@typescript-eslint/project-service@8.53.0 = 8.53.0 > @typescript-eslint/types ^8.53.0"
        ),
    ),
    (LINT, classic(f"{KEPT}\n{TYPES} = 8.53.1")),
    "metadata",
    (TYPES, "@typescript-eslint/types@8.53.0"),
)
JSDOM = {"jsdom": "^26.0.0", "cheerio": "^1.0.0"}
ASKERS = "jsdom@^26.0.0 = 26.0.0 > undici ^6.0.0\ncheerio@^1.0.0 = 1.0.0 > undici ^6.23.0\n"
DEDUPED = commit(
    (JSDOM, classic(ASKERS + "undici@^6.0.0 = 6.22.0\nundici@^6.23.0 = 6.23.0")),
    (JSDOM, classic(ASKERS + "undici@^6.0.0, undici@^6.23.0 = 6.24.0")),
    "refresh",
    ('version "6.24.0"', 'version "7.0.0"'),
    ('version "6.24.0"', 'version "6.20.0"'),
    ("/undici-6.24.0.tgz", "/evil-6.24.0.tgz"),
)
MERMAID = "@excalidraw/mermaid-to-excalidraw"
STRIP = {MERMAID: "1.1.1", "chalk": "1.1.3", "jest": "^27.0.0"}
STRIPPED = """
    chalk@1.1.3 = 1.1.3 > strip-ansi ^3.0.0
    jest@^27.0.0 = 27.5.1 > strip-ansi ^6.0.0
    ansi-regex@^5.0.1 = 5.0.1
"""
REPAIRED = commit(
    (
        STRIP,
        classic(f"""{STRIPPED}
            {MERMAID}@1.1.1 = 1.1.1
            strip-ansi@^3.0.0, strip-ansi@^6.0.0 = 6.0.1 > ansi-regex ^5.0.1
        """),
    ),
    (
        {**STRIP, MERMAID: "1.1.2"},
        classic(f"""{STRIPPED}
            {MERMAID}@1.1.2 = 1.1.2
            strip-ansi@^3.0.0 = 3.0.1 > ansi-regex ^2.0.0
            strip-ansi@^6.0.0 = 6.0.1 > ansi-regex ^5.0.1
            ansi-regex@^2.0.0 = 2.1.1
        """),
    ),
    "matched",
    ('version "3.0.1"', 'version "2.0.1"'),
    ('"ansi-regex" "^2.0.0"', '"evil" "^2.0.0"'),
)
OXC = {"oxc-parser": "^0.142.0", "memfs": "^4.43.0"}
MEMFS = "memfs@^4.43.0 = {0} > @jsonjoy.com/fs-core {0}\n@jsonjoy.com/fs-core@{0} = {0}"
GROUP = commit(
    (
        OXC,
        classic(
            "oxc-parser@^0.142.0 = 0.142.0 > @emnapi/core 1.11.2\n@emnapi/core@1.11.2 = 1.11.2\n"
            + MEMFS.format("4.64.0")
        ),
    ),
    (
        {**OXC, "oxc-parser": "^0.143.0"},
        classic("oxc-parser@^0.143.0 = 0.143.0\n" + MEMFS.format("4.68.0")),
    ),
    "matched",
    ('version "4.68.0"', 'version "5.0.0"'),
    ('version "4.68.0"', 'version "4.60.0"'),
    hashless("memfs", "4.68.0"),
)
LOADER = {"vite": "4.4.2", "import-meta-loader": "1.1.0"}
REVERTED = commit(
    (LOADER, classic("vite@4.4.2 = 4.4.2\nimport-meta-loader@1.1.0 = 1.1.0")),
    ({"vite": "5.0.12"}, classic("vite@5.0.12 = 5.0.12")),
    "matched",
    ('version "5.0.12"', 'version "4.4.1"'),
    ("/vite-5.0.12.tgz", "/evil-5.0.12.tgz"),
)
POSTCSS = {"postcss": "^8.3.6", "vue": "^3.0.0"}
VUE = "vue@^3.0.0 = 3.1.5 > postcss ^8.1.10\n"
LATE = commit(
    (POSTCSS, classic(VUE + "postcss@^8.1.10, postcss@^8.2.15 = 8.3.5")),
    (POSTCSS, classic(VUE + "postcss@^8.1.10 = 8.3.5\npostcss@^8.3.6 = 8.3.6")),
    "matched",
    ('version "8.3.6"', 'version "8.2.0"'),
    hashless("postcss", "8.3.6"),
    (sri("postcss@8.3.5"), sri("evil")),
)
ESBUILD = "vite@{0} = {0} > esbuild ^{1}\nesbuild@^{1} = {1} > {2}"
PLATFORMS = commit(
    (
        {"vite": "5.0.12"},
        classic(
            ESBUILD.format("5.0.12", "0.19.3", "@esbuild/linux-x64 0.19.3")
            + "\n@esbuild/linux-x64@0.19.3 = 0.19.3"
        ),
    ),
    (
        {"vite": "5.4.2"},
        classic(
            ESBUILD.format(
                "5.4.2", "0.21.3", "@esbuild/linux-x64 0.21.3, @esbuild/aix-ppc64 0.21.3"
            )
            + "\n@esbuild/linux-x64@0.21.3 = 0.21.3\n@esbuild/aix-ppc64@0.21.3 = 0.21.3"
        ),
    ),
    "matched",
    ('"@esbuild/aix-ppc64" "0.21.3"', '"@esbuild/aix-ppc" "0.21.3"'),
    hashless("@esbuild/aix-ppc64", "0.21.3"),
)
GENERATOR = "@babel/core@^7.29.0 = 7.29.0 > @babel/generator ^7.29.0\njest@^30.0.0 = 30.0.0 > "
STALE = {"@babel/core": "^7.29.0", "jest": "^30.0.0"}
ROLLED_BACK = commit(
    (
        STALE,
        classic(
            GENERATOR + "@babel/generator ^7.27.5\n"
            "@babel/generator@^7.27.5, @babel/generator@^7.29.0 = 7.29.1"
        ),
    ),
    (
        STALE,
        classic(
            GENERATOR + "@babel/generator ^7.27.5\n"
            "@babel/generator@^7.27.5 = 7.28.6\n@babel/generator@^7.29.0 = 7.29.1"
        ),
    ),
    "rollback",
    ('version "7.28.6"', 'version "7.26.0"'),
    ("/generator-7.28.6.tgz", "/evil-7.28.6.tgz"),
)
SEEN = Past(lambda _path, name, version: (name, version) == ("@babel/generator", "7.28.6"))
ALIASED = commit(
    (
        {"jackspeak": "^2.0.0", "string-width": "^4.2.0"},
        classic(
            "jackspeak@^2.0.0 = 2.0.0 > string-width-cjs npm:string-width@^4.2.0\n"
            "string-width-cjs@npm:string-width@^4.2.0 = 4.2.3 [real=string-width]\n"
            "string-width@^4.2.0 = 4.2.3"
        ),
    ),
    (
        {"jackspeak": "^2.0.0", "string-width": "^4.2.0"},
        classic(
            "jackspeak@^2.0.0 = 2.0.0 > string-width-cjs npm:string-width@^4.2.0\n"
            "string-width-cjs@npm:string-width@^4.2.0, string-width@^4.2.0 = 4.2.3 "
            "[real=string-width]"
        ),
    ),
    "metadata",
    ("/string-width-4.2.3.tgz", "/string-evil-4.2.3.tgz"),
    ("npm:string-width@^4.2.0", "npm:evil@^4.2.0"),
)

COMMITS = [
    pytest.param(MOVED, id="excalidraw/excalidraw c641860cb1: to the registry's other name"),
    pytest.param(ONLY_SHA1, id="yarnpkg/yarn daa599d: the same, of entries with a sha1 only"),
    pytest.param(BARE, id="excalidraw/excalidraw 4d26993c8f: the same, and the sha1 comes back"),
    pytest.param(UPGRADED, id="webpack/webpack 6927de1fe9: sha512 beside sha1"),
    pytest.param(UNMIRRORED, id="excalidraw/excalidraw a980f40e37: a mirror over http goes"),
    pytest.param(
        FILLED, id="webpack/webpack d95f551e81: a missing entry comes, a requirement moves"
    ),
    pytest.param(PRUNED, id="webpack/webpack 3a73621ae9: leftovers go"),
    pytest.param(
        DEDUPED, id="webpack/webpack 099f72ae20: a bot merges two copies into a newer one"
    ),
    pytest.param(REPAIRED, id="excalidraw/excalidraw 840f1428c4: an answer out of range is mended"),
    pytest.param(GROUP, id="webpack/webpack acb4c861f1: a bot's group, of which one range moves"),
    pytest.param(REVERTED, id="excalidraw/excalidraw 8104068bd5: a revert"),
    pytest.param(LATE, id="owncloud/web 72517cf9cd: the lockfile catches up with package.json"),
    pytest.param(PLATFORMS, id="excalidraw/excalidraw 51ea184938: a package for one platform more"),
    pytest.param(ALIASED, id="excalidraw/excalidraw ce267aa0d3: an alias shares its entry"),
]


@pytest.mark.parametrize("one", COMMITS)
def test_a_commit_has_its_class(one: Commit) -> None:
    diff = one.judged()
    assert diff.classification == one.wanted, told(diff)


@pytest.mark.parametrize("one", COMMITS)
def test_nothing_else_hides_in_it(one: Commit) -> None:
    for (old, new), diff in zip(one.evil, one.tampered(), strict=True):
        assert diff.classification in ("unexplained", "tampered"), f"{old} -> {new}: {told(diff)}"


def test_webpack_d6927b41e9_a_stale_branch_brings_a_version_back() -> None:
    assert ROLLED_BACK.judged(SEEN).classification == "rollback"
    assert ROLLED_BACK.judged().classification == "unexplained", "never seen"
    for diff in ROLLED_BACK.tampered(SEEN):
        assert diff.classification in ("unexplained", "tampered"), told(diff)


def test_eclipse_theia_yarn_lock_a_version_comes_back_under_another_sha1() -> None:
    """The past knew a sha1 only; Yarn writes it beside the sha512 that nothing contradicts."""
    (found,) = lockfiles.read(PATH, classic("@types/tar-fs@^1.16.1 = 1.16.1")).packages
    lock = lockfiles.read(PATH, classic("@types/tar-fs@^1.16.1 = 1.16.1"))
    for version, other in (("1.16.1", False), ("1.16.2", True)):
        text = f"sha1-{b64encode(bytes.fromhex(sha1_of('@types/tar-fs', version))).decode()}"
        seen = Sighting(own=True, kind="tarball", hashes=text, resolved="", where="before")
        assert (witness.other_bytes(lock, found, [seen]) is not None) == other


KIT = {"eslint": "^9.15.0", "execa": "^5.0.0"}
SIDES = """
    eslint@^9.15.0 = 9.15.0 > @eslint/plugin-kit ^0.2.0
    execa@^5.0.0 = 5.1.1 > cross-spawn ^7.0.3
    @eslint/plugin-kit@^0.2.0 = {}
    cross-spawn@^7.0.3 = {}
"""


def test_webpack_d19ad4a46a_a_merge_takes_what_each_parent_has() -> None:
    """Each parent updated one package; the merge alone updates neither."""
    ours, theirs, merged = (
        {"package.json": manifest(KIT), PATH: classic(SIDES.format(*versions))}
        for versions in (("0.2.0", "7.0.6"), ("0.2.3", "7.0.3"), ("0.2.3", "7.0.6"))
    )

    def verdict(after: Files) -> str:
        reports = [
            engine.evaluate(Change(MemoryTree(side), MemoryTree(after), [PATH]), Policy())
            for side in (ours, theirs)
        ]
        assert {report.verdict for report in reports} == {"fail"}, "a refresh against each alone"
        return merges.against_every_parent(reports).verdict

    assert verdict(merged) == "pass"
    text = merged[PATH]
    for old, new in (
        (b'version "0.2.3"', b'version "0.2.9"'),
        (sri("cross-spawn@7.0.6").encode(), sri("evil").encode()),
    ):
        assert verdict({**merged, PATH: text.replace(old, new)}) == "fail", old
