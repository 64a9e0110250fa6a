"""Commits of real repositories with a lockfile of Yarn 2 and later: what packages move.

Each has the class that it deserves, and the edits of it that nothing in it excuses are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lockward import engine, merges
from lockward.lockdiff.witness import Nobody, Sighting
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from tests.support.commits import Commit, Files, berry, checksum, judged, manifest, told
from tests.support.diffs import Past

if TYPE_CHECKING:
    from collections.abc import Collection

    from lockward.lockdiff.witness import Wanted

PATH = "yarn.lock"


def files(asks: dict[str, str], text: str) -> Files:
    """package.json and a lockfile whose root entry records it."""
    own = ", ".join(f"{name} npm:{spec}" for name, spec in asks.items())
    root = f"app@workspace:. = 0.0.0-use.local [in=.] > {own}\n"
    return {"package.json": manifest(asks), PATH: berry(root + text)}


LISTS = {"browserslist": "4.23.1", "autoprefixer": "10.4.15"}
PREFIXER = "autoprefixer@npm:10.4.15 = 10.4.15 > browserslist npm:^4.21.9\n"
DEDUPED = Commit(
    files(
        LISTS,
        PREFIXER
        + """
        browserslist@npm:4.23.1 = 4.23.1
        browserslist@npm:^4.21.9 = 4.22.1 > node-releases npm:^2.0.13
        node-releases@npm:^2.0.13 = 2.0.13
        """,
    ),
    files(LISTS, PREFIXER + "browserslist@npm:4.23.1, browserslist@npm:^4.21.9 = 4.23.1"),
    "refresh",
    (checksum("browserslist", "4.23.1"), checksum("evil", "4.23.1")),
    ("browserslist@npm:4.23.1, browserslist@npm:^4.21.9", "browserslist@npm:4.23.1"),
)
KNIP = Commit(
    files(
        {"knip": "5.80.0"}, "knip@npm:5.80.0 = 5.80.0 > zod npm:^4.1.11\nzod@npm:^4.1.11 = 4.1.12"
    ),
    files(
        {"knip": "5.81.0"}, "knip@npm:5.81.0 = 5.81.0 > zod npm:^4.1.11\nzod@npm:^4.1.11 = 4.1.12"
    ),
    "matched",
    (checksum("zod", "4.1.12"), checksum("evil", "4.1.12")),
    ("  version: 4.1.12", "  version: 5.0.0"),
    ('"zod": "npm:^4.1.11"\n', '"zod": "npm:^4.1.11"\n    "evil": "npm:*"\n'),
)
CORE = {"babel-jest": "^29.0.0"}
JEST = "babel-jest@npm:^29.0.0 = 29.6.4 > @babel/core npm:^7.11.6\n"
REVERTED = Commit(
    files(CORE, JEST + "@babel/core@npm:^7.11.6 = 7.22.17"),
    files(CORE, JEST + "@babel/core@npm:^7.11.6 = 7.22.11"),
    "rollback",
    ("  version: 7.22.11", "  version: 7.0.0"),
    ("@babel/core@npm:7.22.11", "@babel/evil@npm:7.22.11"),
)
SEEN = Past(lambda _path, name, version: (name, version) == ("@babel/core", "7.22.11"))
LINT = {"eslint": "9.39.1", "globals": "17.0.0"}
LINTERS = "eslint@npm:9.39.1 = 9.39.1\nglobals@npm:17.0.0 = 17.0.0\nprettier@npm:3.9.{0} = 3.9.{0}"
LATE = Commit(
    {
        "package.json": manifest({**LINT, "prettier": "3.9.6"}),
        PATH: files({**LINT, "prettier": "3.9.5"}, LINTERS.format(5))[PATH],
    },
    files({**LINT, "prettier": "3.9.6"}, LINTERS.format(6)),
    "matched",
    ('"prettier@npm:3.9.6":', '"prettier@npm:3.9.5":'),
    (f"  checksum: 10/{checksum('prettier', '3.9.6')}\n", ""),
    (checksum("globals", "17.0.0"), checksum("evil", "17.0.0")),
)
PARSERS = "acorn@npm:8.15.0 = 8.15.0\nespree@npm:10.4.0 = 10.4.0\n"
PLATFORMS = Commit(
    files({"acorn": "8.15.0", "espree": "10.4.0"}, PARSERS),
    files(
        {"acorn": "8.15.0", "espree": "10.4.0", "yuku-parser": "0.6.2"},
        PARSERS
        + """
        yuku-parser@npm:0.6.2 = 0.6.2 > @yuku-parser/binding-linux-x64 npm:0.6.2
        @yuku-parser/binding-linux-x64@npm:0.6.2 = 0.6.2 [os=linux]
        """,
    ),
    "matched",
    ('    "@yuku-parser/binding-linux-x64": "npm:0.6.2"\n', '    "evil": "npm:0.6.2"\n'),
    ("  conditions: os=linux\n", ""),
    (f"  checksum: 10/{checksum('acorn', '8.15.0')}\n", "  conditions: os=linux\n"),
)

ADDON = {"node-addon-api": "^3.2.1"}
BUILT = "node-addon-api@npm:^3.2.1 = 3.2.1 > node-gyp npm:latest\nnode-gyp@npm:latest = 11.4.2\n"
UNBUILT = Commit(
    files(ADDON, BUILT),
    files(ADDON, "node-addon-api@npm:^3.2.1 = 3.2.1"),
    "metadata",
    ("  version: 3.2.1", '  version: 3.2.1\n  dependencies:\n    "node-gyp": "npm:^11.0.0"'),
    ("  version: 3.2.1", '  version: 3.2.1\n  dependencies:\n    "evil": "npm:latest"'),
)

COMMITS = [
    pytest.param(UNBUILT, id="wojtekmaj/react-pdf 2bd9d9f9c5: Yarn asks for node-gyp no more"),
    pytest.param(
        DEDUPED, id="prettier/prettier 2c67e08e53: yarn dedupe, and what it leaves over goes"
    ),
    pytest.param(KNIP, id="typescript-eslint/typescript-eslint d86e0a6a00: a bot's update"),
    pytest.param(REVERTED, id="jestjs/jest ab1074c7a5: maintenance of the lockfile is reverted"),
    pytest.param(LATE, id="prettier/prettier 4c80b6b319: the lockfile catches up"),
    pytest.param(PLATFORMS, id="prettier/prettier 1ccdfcc15c: packages for one platform come"),
]


@pytest.mark.parametrize("commit", COMMITS)
def test_a_commit_has_its_class(commit: Commit) -> None:
    diff = commit.judged(SEEN)
    assert diff.classification == commit.wanted, told(diff)


@pytest.mark.parametrize("commit", COMMITS)
def test_nothing_else_hides_in_it(commit: Commit) -> None:
    for (old, new), diff in zip(commit.evil, commit.tampered(SEEN), strict=True):
        assert diff.classification in ("unexplained", "tampered"), f"{old} -> {new}: {told(diff)}"


def test_a_revert_without_a_past_is_a_downgrade() -> None:
    assert REVERTED.judged().classification == "unexplained"


PATCH = "#optional!builtin<compat/typescript>"
TSUP = {"oazapfts": "^6.0.2", "tsup": "^8.0.0"}


def patched(version: str, tsup: str) -> Files:
    """typescript, which Yarn patches: its entry beside that of what is patched."""
    at = f"typescript@patch:typescript@npm%3A{version}{PATCH}::version={version}&hash=0"
    return files(
        {**TSUP, "tsup": tsup},
        f"oazapfts@npm:^6.0.2 = 6.0.2 > typescript npm:^5.4.5\ntsup@npm:{tsup} = {tsup[1:]}\n"
        f"typescript@npm:^5.4.5 = {version}\n"
        f"typescript@patch:typescript@npm%3A^5.4.5{PATCH} = {version} [at={at} kept]\n",
    )


class Typescript(Nobody):
    """A past that held typescript 5.4.5, and knows its checksum."""

    thorough = True

    def sightings(
        self,
        _path: str,
        wanted: Collection[Wanted],
        /,
        *,
        deep: bool,  # noqa: ARG002 - the shape of Witness
    ) -> dict[Wanted, tuple[Sighting, ...]]:
        """See lockward.lockdiff.witness.Witness."""
        text = f"10/{checksum('typescript', '5.4.5')}"
        one = Sighting(own=True, kind="archive 8 10", hashes=text, resolved="", where="before")
        return {each: (one,) for each in wanted if each == ("typescript", "5.4.5")}


def test_reduxjs_redux_toolkit_a985f931db_a_patched_package_goes_back() -> None:
    """What is patched has another checksum than its base, which the past may have held."""
    before, after = patched("5.5.4", "^8.0.0"), patched("5.4.5", "^8.2.3")
    diff = judged(before, after, Typescript())
    assert diff.classification == "matched", told(diff)
    assert {one.code for one in diff.refresh_alongside} == {"rollback", "below-refresh"}
    base = after[PATH].replace(checksum("typescript", "5.4.5").encode(), b"f" * 128, 1)
    assert judged(before, {**after, PATH: base}, Typescript()).classification == "tampered"


EVENTS = "fsevents@npm:~2.3.2 = 2.3.3 [{}]\n"
OWN_PATCH = (
    "fsevents@patch:fsevents@npm%3A~2.3.2#optional!builtin<compat/fsevents> = 2.3.3 "
    "[at=fsevents@patch:fsevents@npm%3A2.3.3#optional!builtin<compat/fsevents>::version=2.3.3"
    "&hash=df0bf1 os=darwin]\n"
)
WATCH = {"chokidar": "^3.6.0", "typescript-x": "^5.8.0"}
CHOKIDAR = "chokidar@npm:^3.6.0 = 3.6.0 > fsevents npm:~2.3.2\n"
HASHED = f"  checksum: 10/{checksum('fsevents', '2.3.3')}\n  conditions: os=darwin"


def watched(version: str, *rows: str, hashed: bool) -> Files:
    """A package for one platform: with a checksum where Yarn patched it, so fetched it."""
    asks = {**WATCH, "typescript-x": version}
    own = f"typescript-x@npm:{version} = {version.removeprefix('^')}\n"
    state = files(asks, CHOKIDAR + EVENTS.format("os=darwin") + "".join(rows) + own)
    if hashed:
        state[PATH] = state[PATH].replace(b"  conditions: os=darwin", HASHED.encode(), 1)
    return state


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        pytest.param(watched("7.0.2", hashed=False), "matched", id="the patch goes with it"),
        pytest.param(watched("7.0.2", OWN_PATCH, hashed=False), "unexplained", id="it stays"),
    ],
)
def test_fluentui_react_native_801d8b14f3_a_patch_of_yarn_s_own_goes(
    after: Files, wanted: str
) -> None:
    """A plugin of the repository's own stands in for plugin-compat."""
    diff = judged(watched("^5.8.0", OWN_PATCH, hashed=True), after)
    assert diff.classification == wanted, told(diff)


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        pytest.param(checksum("nanoid", "3.3.16"), "matched", id="the same archive"),
        pytest.param(checksum("evil", "3.3.16"), "unexplained", id="another archive"),
        pytest.param("", "unexplained", id="without a checksum"),
    ],
)
def test_fluentui_react_native_778d82bbb8_a_stale_branch_under_a_new_yarn(
    held: str, wanted: str
) -> None:
    """The past is of another lockfileVersion, and its archives are the same."""

    class Older(Past):
        def sightings(
            self, path: str, wanted: Collection[Wanted], /, *, deep: bool
        ) -> dict[Wanted, tuple[Sighting, ...]]:
            found = super().sightings(path, wanted, deep=deep)
            seen = Sighting(
                own=True, kind="archive 8 10", hashes=held and f"10/{held}", resolved="", where=""
            )
            return dict.fromkeys(found, (seen,))

    def state(version: str, real: str) -> Files:
        asks = {"portal": "^1.0.0", "real": real}
        rows = f"portal@npm:^1.0.0 = 1.0.0 > nanoid npm:^3.3.1\nreal@npm:{real} = {real}\n"
        own = ", ".join(f"{one} npm:{spec}" for one, spec in asks.items())
        text = f"app@workspace:. = 0.0.0-use.local [in=.] > {own}\n{rows}"
        lock = berry(f"{text}nanoid@npm:^3.3.1 = {version}", version=10)
        return {"package.json": manifest(asks), PATH: lock}

    past = Older(lambda _path, name, version: (name, version) == ("nanoid", "3.3.16"))
    diff = judged(state("3.3.18", "1.0.0"), state("3.3.16", "1.1.0"), past)
    assert diff.classification == wanted, told(diff)


BOTH = "prettier@npm:3.9.{0} = 3.9.{0}\noxc-parser@npm:0.{1}.0 = 0.{1}.0"


def test_prettier_0341b439d5_a_branch_is_merged_into_the_next_one() -> None:
    """Each branch moved one requirement; the merge has both, and nothing of its own."""

    def side(one: int, two: int) -> Files:
        return files({"prettier": f"3.9.{one}", "oxc-parser": f"0.{two}.0"}, BOTH.format(one, two))

    ours, theirs, merged = side(3, 139), side(4, 138), side(4, 139)

    def verdict(after: Files) -> str:
        paths = ["package.json", PATH]
        reports = [
            engine.evaluate(Change(MemoryTree(each), MemoryTree(after), paths), Policy())
            for each in (ours, theirs)
        ]
        return merges.against_every_parent(reports).verdict

    assert verdict(merged) == "pass"
    for name, version in (("prettier", "3.9.4"), ("oxc-parser", "0.139.0")):
        old, new = (checksum(one, version).encode() for one in (name, "evil"))
        assert verdict({**merged, PATH: merged[PATH].replace(old, new)}) == "fail", name


@pytest.mark.parametrize("field", ["conditions: os=aix", 'bin:\n    evil: "evil.js"'])
def test_agoric_sdk_277e6dfd6d_a_new_version_of_the_format_brings_no_facts(field: str) -> None:
    """From version 8 to 10, in a lockfile where no package has platforms or bins."""

    def state(version: int, real: str) -> Files:
        row = f"ses@npm:{real} = {real}\nresolve@npm:^1.10.0 = 1.22.11"
        own = f"app@workspace:. = 0.0.0-use.local [in=.] > ses npm:{real}, resolve npm:^1.10.0\n"
        asks = {"ses": real, "resolve": "^1.10.0"}
        return {"package.json": manifest(asks), PATH: berry(own + row, version=version)}

    before, after = state(8, "1.0.0"), state(10, "2.0.0")
    diff = judged(before, after)
    assert diff.classification == "matched", told(diff)
    block = b'resolution: "resolve@npm:1.22.11"\n'
    evil = after[PATH].replace(block, block + f"  {field}\n".encode())
    assert evil != after[PATH]
    assert judged(before, {**after, PATH: evil}).classification == "tampered"


@pytest.mark.parametrize(
    ("asks", "was", "now", "wanted"),
    [
        pytest.param(
            "next", "2.0.0-next.dd06678e.0", "2.0.0-next.888c7db3.0", "matched", id="two hashes"
        ),
        pytest.param("next", "2.0.0-next.5", "2.0.0-next.4", "unexplained", id="a number"),
        pytest.param(
            "next", "2.0.0-next.dd06678e.0", "2.0.0-alpha.0", "unexplained", id="another line"
        ),
        pytest.param(
            "next", "2.0.0-next.dd06678e.0", "2.0.0-next.0", "unexplained", id="a hash and a number"
        ),
        pytest.param(
            "next", "2.0.0-next.dd06678e.0", "1.9.0-next.ee0d49e1.0", "unexplained", id="older"
        ),
        pytest.param("next", "2.0.0", "2.0.0-next.ee0d49e1.0", "unexplained", id="a release"),
        pytest.param(
            "^2.0.0-0",
            "2.0.0-next.dd06678e.0",
            "2.0.0-next.888c7db3.0",
            "unexplained",
            id="by a range",
        ),
    ],
)
def test_sapphiredev_utilities_43153d0408_a_tag_moves_to_another_hash(
    asks: str, was: str, now: str, wanted: str
) -> None:
    """Prereleases that are called by their commits have no order."""

    def state(version: str, real: str) -> Files:
        rows = f"framework@npm:{asks} = {version}\nreal@npm:{real} = {real}"
        return files({"framework": asks, "real": real}, rows)

    diff = judged(state(was, "1.0.0"), state(now, "1.1.0"))
    assert diff.classification == wanted, told(diff)
    if wanted == "matched":
        assert judged(state(was, "1.0.0"), state(now, "1.0.0")).classification == "refresh"


@pytest.mark.parametrize(
    ("answered", "wanted"),
    [
        pytest.param("^0.6.2", "matched", id="the range among devDependencies is"),
        pytest.param("^0.6.1", "unexplained", id="the other one is"),
    ],
)
def test_agoric_sdk_0899572e0c_a_name_in_two_sections(answered: str, wanted: str) -> None:
    """What devDependencies say counts, and nothing answers the rest."""

    def state(version: str, spec: str) -> Files:
        own = f"blank npm:{spec}, real npm:{version}"
        text = (
            f"app@workspace:. = 0.0.0-use.local [in=.] > {own}\n"
            f"blank@npm:{spec} = 0.6.2\nreal@npm:{version} = {version}\n"
        )
        asks = {"real": version, "blank": "^0.6.1"}
        dev = {"blank": "^0.6.2"} if version == "1.1.0" else {}
        own_manifest = manifest(asks, devDependencies=dev)
        return {"package.json": own_manifest, PATH: berry(text)}

    diff = judged(state("1.0.0", "^0.6.1"), state("1.1.0", answered))
    assert diff.classification == wanted, told(diff)
