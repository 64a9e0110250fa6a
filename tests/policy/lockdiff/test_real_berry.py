"""Commits of real repositories with a lockfile of Yarn 2 and later, reduced by hand.

Each has the class that it deserves, and the edits of it that nothing in it excuses are refused.
"""

from __future__ import annotations

import json

import pytest

from tests.support.commits import Commit, berry, classic, manifest, told

PATH = "yarn.lock"
RC = ".yarnrc.yml"


def lock(text: str, root: str = "", **written: object) -> bytes:
    """A lockfile; ``root`` is what the root's own entry records."""
    own = f"app@workspace:. = 0.0.0-use.local [in=.] > {root}\n" if root else ""
    return berry(own + text, **written)  # type: ignore[arg-type]  # keywords of berry


def archives(*kept: str, changed: tuple[str, ...] = ()) -> str:
    """Packages of which Yarn packs the ones as ever, the others in another way."""
    rows = [f"{name}@npm:^1.0.0 = 1.0.0 [kept]" for name in kept]
    return "\n".join([*rows, *(f"{name}@npm:^1.0.0 = 1.0.0" for name in changed)])


ASKS = dict.fromkeys("abcde", "^1.0.0")
RECORD = ", ".join(f"{name} npm:^1.0.0" for name in "abcde")
FIVE = archives(changed=tuple("abcde"))


def rekeyed(old: bytes, new: bytes, wanted: str, *evil: tuple[str, str]) -> Commit:
    """The same five packages before and after."""
    files = {"package.json": manifest(ASKS)}
    return Commit({**files, PATH: old}, {**files, PATH: new}, wanted, *evil)


SEMVER = """
    semver@npm:2 || 3 || 4 || 5, semver@npm:^5.4.1 = 5.7.1
    semver@npm:^7.3.2, semver@npm:^7.7.3 = 7.7.3
    old@npm:^1.0.0 = 1.0.0 > semver npm:^5.4.1
"""
CATALOG = Commit(
    {
        "package.json": manifest({"semver": "^7.7.3", "old": "^1.0.0"}),
        RC: b"yarnPath: .yarn/releases/yarn-4.10.3.cjs\n",
        PATH: lock(SEMVER, "semver npm:^7.7.3, old npm:^1.0.0"),
    },
    {
        "package.json": manifest({"semver": "catalog:", "old": "^1.0.0"}),
        RC: b"catalog:\n  semver: ^7.7.3\n",
        PATH: lock(SEMVER, "semver catalog:, old npm:^1.0.0"),
    },
    "matched",
    ("  version: 7.7.3", "  version: 8.0.0"),
    ("semver@npm:^7.3.2, semver@npm:^7.7.3", "semver@npm:^7.3.2"),
)
NAMED_CATALOG = Commit(
    {
        "package.json": manifest({"terser": "^5.43.1", "old": "^1.0.0"}),
        PATH: lock(
            """
            terser@npm:^4.1.2 = 4.8.1
            terser@npm:^5.43.1 = 5.46.0
            old@npm:^1.0.0 = 1.0.0 > terser npm:^4.1.2
            """,
            "terser npm:^5.43.1, old npm:^1.0.0",
        ),
    },
    {
        "package.json": manifest({"terser": "catalog:dev", "old": "^1.0.0"}),
        RC: b"catalogs:\n  dev:\n    terser: ^5.46.2\n",
        PATH: lock(
            """
            terser@npm:^4.1.2 = 4.8.1
            terser@npm:^5.46.2 = 5.46.2
            old@npm:^1.0.0 = 1.0.0 > terser npm:^4.1.2
            """,
            "terser catalog:dev, old npm:^1.0.0",
        ),
    },
    "matched",
    ("terser@npm:^5.46.2", "terser@npm:^5.43.1"),
    ("  version: 5.46.2", "  version: 5.43.1"),
)

# plugin-conditions of babel: the package that it makes asks for a member under another name.
CONDITION = "condition:BABEL_8_BREAKING ? : workspace:^"
MEMBERS = {
    "packages/types/package.json": json.dumps({"name": "@babel/types"}).encode(),
}
OF_MEMBER = "@babel/types@workspace:^, @babel/types@workspace:packages/types"
RENAMED = Commit(
    {
        **MEMBERS,
        "package.json": manifest({"@babel/types": "workspace:^"}, workspaces=["packages/*"]),
        PATH: lock(
            f"{OF_MEMBER} = 0.0.0-use.local [in=packages/types]", "@babel/types workspace:^"
        ),
    },
    {
        **MEMBERS,
        "package.json": manifest({"@babel/types": CONDITION}, workspaces=["packages/*"]),
        PATH: lock(
            "@babel/types-BABEL_8_BREAKING-false@npm:@babel/types@workspace:^, "
            f"{OF_MEMBER} = 0.0.0-use.local "
            "[in=packages/types at=@babel/types@workspace:packages/types]\n"
            f"@babel/types@{CONDITION} = 0.0.0-condition-9ef56a "
            "[at=@babel/types@condition:BABEL_8_BREAKING?:workspace:^#9ef56a] > "
            "@babel/types-BABEL_8_BREAKING-false npm:@babel/types@workspace:^",
            f"@babel/types {CONDITION}",
        ),
    },
    "matched",
    ("npm:@babel/types@workspace:^", "npm:@babel/evil@workspace:^"),
    ("npm:@babel/types@workspace:^", "npm:^7.0.0"),
)

# A packageExtension of the project, and one of Yarn's own, that no entry records.
SEARCH = {"@docsearch/react@*": {"dependencies": {"@algolia/client-search": "^4.9.1"}}}
EXTENSION = f"packageExtensions: {json.dumps(SEARCH)}\n".encode()
EXTENDED = Commit(
    {
        "package.json": manifest({"@docsearch/react": "^3.9.0"}),
        RC: EXTENSION,
        PATH: lock(
            """
            @docsearch/react@npm:^3.9.0 = 3.9.0
            @algolia/client-search@npm:^4.9.1 = 4.24.0 > @algolia/client-common npm:4.24.0
            @algolia/client-common@npm:4.24.0 = 4.24.0
            """,
            "@docsearch/react npm:^3.9.0",
        ),
    },
    {
        "package.json": manifest({"@docsearch/react": "^4.2.0"}),
        RC: EXTENSION,
        PATH: lock(
            """
            @docsearch/react@npm:^4.2.0 = 4.2.0
            @algolia/client-search@npm:^4.9.1 = 4.25.2 > @algolia/client-common npm:4.25.2
            @algolia/client-common@npm:4.25.2 = 4.25.2
            """,
            "@docsearch/react npm:^4.2.0",
        ),
    },
    "matched",
    ("@algolia/client-search@npm:^4.9.1", "@algolia/client-search@npm:^4.9.2"),
    ("@algolia/client-search", "@algolia/client-evil"),
    (
        '  version: 4.25.2\n  resolution: "@algolia/client-search',
        '  version: 9.0.0\n  resolution: "@algolia/client-search',
    ),
)
PRESET = "babel-preset-react-app@npm:^10.0.0 = 10.0.1"
BUILT_IN = Commit(
    {"package.json": manifest({"babel-preset-react-app": "^10.0.0"}), PATH: lock(PRESET)},
    {
        "package.json": manifest({"babel-preset-react-app": "^10.0.0"}),
        PATH: lock(
            PRESET + "\n@babel/plugin-proposal-private-property-in-object@npm:^7.16.7 = 7.21.11"
        ),
    },
    "refresh",
    ("private-property-in-object@npm:^7.16.7", "private-property-in-object@npm:^7.16.8"),
    ("  version: 7.21.11", "  version: 8.0.0"),
    ("babel-preset-react-app@npm:10.0.1", "babel-preset-react-dom@npm:10.0.1"),
    ("@babel/plugin-proposal-private", "@babel/plugin-proposal-public"),
)

COMMIT = "06b29aafb7708acef8b3669835c8a7857ebc92d2"
HOME = f"https://github.com/electron/node-gyp#{COMMIT}"
YARN_1 = {
    "package.json": manifest({"@electron/rebuild": "^3.7.0", "esbuild": "^0.24.0"}),
    PATH: classic(f"""
        @electron/rebuild@^3.7.0 = 3.7.0 > @electron/node-gyp {HOME}
        @electron/node-gyp@{HOME} = 10.2.0 [at={HOME}]
        esbuild@^0.24.0 = 0.24.2 > @esbuild/aix-ppc64 0.24.2
        @esbuild/aix-ppc64@0.24.2 = 0.24.2
    """),
}
GYP = f"git+https://github.com/electron/node-gyp.git#{COMMIT}"
TO_BERRY = Commit(
    YARN_1,
    {
        "package.json": YARN_1["package.json"],
        PATH: lock(
            f"""
            @electron/rebuild@npm:^3.7.0 = 3.7.0 > @electron/node-gyp {GYP}, node-gyp npm:latest
            @electron/node-gyp@{GYP} = 10.2.0 [at=@electron/node-gyp@{GYP.replace("#", "#commit=")}]
            node-gyp@npm:latest = 11.4.2
            esbuild@npm:^0.24.0 = 0.24.2 > @esbuild/aix-ppc64 npm:0.24.2
            @esbuild/aix-ppc64@npm:0.24.2 = 0.24.2 [os=aix]
            """,
            "@electron/rebuild npm:^3.7.0, esbuild npm:^0.24.0",
            key="10c0",
        ),
    },
    "refresh",
    ('"node-gyp": "npm:latest"', '"node-evil": "npm:latest"'),
    ("github.com/electron/node-gyp", "github.com/evil/node-gyp"),
    (COMMIT, "f" * 40),
    ("  conditions: os=aix\n", ""),
)

CPU = {"package.json": manifest({"cpu-features": "~0.0.4"})}
TO_YARN_3 = Commit(
    {
        **CPU,
        PATH: classic("cpu-features@~0.0.4 = 0.0.4 > nan ^2.15.0\nnan@^2.15.0 = 2.17.0"),
    },
    {
        **CPU,
        PATH: lock(
            """
            cpu-features@npm:~0.0.4 = 0.0.4 > nan ^2.15.0, node-gyp latest
            nan@npm:^2.15.0 = 2.17.0
            node-gyp@npm:latest = 9.3.1 > env-paths ^2.2.0
            env-paths@npm:^2.2.0 = 2.2.1
            """,
            "cpu-features ~0.0.4",
            version=6,
            key="8",
        ),
    },
    "refresh",
    ('"node-gyp": "latest"', '"node-evil": "latest"'),
    ('"nan": "^2.15.0"', '"nan": "^2.15.0"\n    "evil": "*"'),
    ("node-gyp@npm:latest", "node-gyp@npm:evil"),
)

COMMITS = [
    pytest.param(TO_YARN_3, id="heroku/cli 058957355d: Yarn 1 to Yarn 3"),
    pytest.param(CATALOG, id="babel/babel 2b5e8ad5db: a range moves into the catalog"),
    pytest.param(NAMED_CATALOG, id="babel/babel 7f2dda1c22: a range moves into a named catalog"),
    pytest.param(RENAMED, id="babel/babel a385b6495c: a plugin renames a member"),
    pytest.param(EXTENDED, id="jestjs/jest 486ae3d6d3: an update of what an extension adds"),
    pytest.param(BUILT_IN, id="reduxjs/redux-toolkit 409a16d9e5: another Yarn, other extensions"),
    pytest.param(TO_BERRY, id="electron/forge 7b4a4c0441: Yarn 1 to Yarn 4"),
    pytest.param(
        rekeyed(
            lock(FIVE, RECORD, version=6, key="8"),
            lock(archives("a", "b", "c", changed=("d", "e")), RECORD, archive="4"),
            "metadata",
            ("  cacheKey: 10\n", "  cacheKey: 8\n"),
            ("  cacheKey: 10\n", "  cacheKey: 9\n"),
        ),
        id="jestjs/jest 070781ad41: Yarn 3 to 4, archives of small packages stay alike",
    ),
    pytest.param(
        rekeyed(
            lock(FIVE, RECORD, version=6, key="8"),
            lock(archives("a", "b", "c", "d", changed=("e",)), RECORD, archive="evil"),
            "tampered",
        ),
        id="jestjs/jest 070781ad41, if one checksum alone were another",
    ),
    pytest.param(
        rekeyed(
            lock(FIVE, RECORD, version=6, key="7"),
            lock(FIVE, RECORD, version=6, key="8", archive="8"),
            "metadata",
        ),
        id="babel/babel 2ffb19828f: another cacheKey, and other checksums",
    ),
    pytest.param(
        rekeyed(
            lock(FIVE, RECORD, version=6, key="7"),
            lock(archives("a", "b", changed=tuple("cde")), RECORD, version=6, key="8", archive="8"),
            "tampered",
        ),
        id="babel/babel 2ffb19828f, if some checksums stood",
    ),
    pytest.param(
        rekeyed(
            lock(FIVE, RECORD, version=4, key="5"),
            lock(FIVE, RECORD, version=4, key="7"),
            "metadata",
            ("checksum: ", "checksum: 0"),
        ),
        id="babel/babel 2a3dfa051a: another cacheKey, the same checksums",
    ),
    pytest.param(
        rekeyed(
            lock(FIVE, RECORD, version=4, key="6"),
            lock(FIVE, RECORD, version=4, key="5"),
            "metadata",
        ),
        id="babel/babel a8505c2c96: the cacheKey goes back",
    ),
    pytest.param(
        rekeyed(
            lock(FIVE, RECORD).replace(b"checksum: 10/", b"checksum: "),
            lock(FIVE, RECORD),
            "metadata",
            ("checksum: 10/", "checksum: 9/"),
        ),
        id="prettier/prettier 1b981ad6e9: checksums are prefixed with the cacheKey",
    ),
]


@pytest.mark.parametrize("commit", COMMITS)
def test_a_commit_has_its_class(commit: Commit) -> None:
    diff = commit.judged()
    assert diff.classification == commit.wanted, told(diff)


@pytest.mark.parametrize("commit", COMMITS)
def test_nothing_else_hides_in_it(commit: Commit) -> None:
    for (old, new), diff in zip(commit.evil, commit.tampered(), strict=True):
        assert diff.classification in ("unexplained", "tampered"), f"{old} -> {new}: {told(diff)}"
