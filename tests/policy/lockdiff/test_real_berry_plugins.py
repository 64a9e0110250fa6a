"""Commits of repositories whose .yarnrc.yml names a plugin that has a say in resolution.

Each has the class that it deserves, and the edits of it that nothing in it excuses are refused.
"""

from __future__ import annotations

import pytest

from lockward import engine
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from tests.support.commits import Commit, Files, berry, checksum, judged, manifest, told

PATH = "yarn.lock"
RC = ".yarnrc.yml"
NOLYFILL = ".yarn/plugins/@yarnpkg/plugin-nolyfill.cjs"
NAMED = f"plugins:\n  - path: {NOLYFILL}\n    spec: ours\n".encode()
LINT = {"eslint-plugin-import": "^2.29.0"}
PLUGIN = "eslint-plugin-import@npm:^2.29.0 = 2.29.0 > has npm:^1.0.3, is-core-module npm:^2.13.1\n"
HAS = "has@npm:^1.0.3 = 1.0.4 > function-bind npm:^1.1.1\nfunction-bind@npm:^1.1.1 = 1.1.2\n"
CORE = "is-core-module@npm:^2.13.1 = 2.13.1\n"
NO_HAS = "has@npm:@nolyfill/has@latest = 1.0.21 [at=@nolyfill/has@npm:1.0.21]\n"
NO_CORE = (
    "is-core-module@npm:@nolyfill/is-core-module@latest = 1.0.39 "
    "[at=@nolyfill/is-core-module@npm:1.0.39]\n"
)


def lock(asks: dict[str, str], text: str) -> bytes:
    own = ", ".join(f"{name} npm:{spec}" for name, spec in asks.items())
    return berry(f"app@workspace:. = 0.0.0-use.local [in=.] > {own}\n{text}")


def linted(text: str, *replaced: str, settings: bytes = NAMED, folder: str = "") -> Files:
    """The project, and a plugin that quotes some names."""
    names = ", ".join(f'["{name}"]' for name in replaced)
    at = f"{folder}/" if folder else ""
    files = {f"{at}package.json": manifest(LINT), f"{at}{PATH}": lock(LINT, PLUGIN + text)}
    return {**files, RC: settings, NOLYFILL: f"names = [{names}]".encode()} if replaced else files


OLD = linted(HAS + CORE)
ADDED = Commit(
    OLD,
    linted(NO_HAS + CORE, "has"),
    "matched",
    ("@nolyfill/has@latest", "@evil/has@latest"),
    ('resolution: "@nolyfill/has@npm:1.0.21"', 'resolution: "@nolyfill/evil@npm:1.0.21"'),
    ('"is-core-module@npm:^2.13.1"', '"is-core-module@npm:@nolyfill/has@latest"'),
    ("2.13.1", "1.0.0"),
    (checksum("is-core-module", "2.13.1"), checksum("evil", "2.13.1")),
)
MORE = Commit(
    linted(NO_HAS + CORE, "has"),
    linted(NO_HAS + NO_CORE, "has", "is-core-module"),
    "matched",
    (checksum("has", "1.0.21"), checksum("evil", "1.0.21")),
    ("@nolyfill/is-core-module@latest", "is-core-module@latest"),
)
SERVE = {"webpack-dev-server": "^5.2.1"}


def served(asks: dict[str, str], rows: str, **resolutions: str) -> Files:
    return {
        "package.json": manifest(asks, resolutions=resolutions),
        PATH: lock(asks, rows),
        RC: b"plugins:\n  - path: plugins/ignore.cjs\n",
        "plugins/ignore.cjs": b"ours",
    }


SERVER = "webpack-dev-server@npm:^5.2.1 = 5.2.2 > selfsigned npm:^2.4.1, ws npm:^8.18.0\n"
IGNORED = Commit(
    served(SERVE, f"{SERVER}selfsigned@npm:^2.4.1 = 2.4.1\nws@npm:^8.18.0 = 8.18.0"),
    served(
        SERVE,
        f"{SERVER}selfsigned@ignore: = 0.0.0-use.local [at=selfsigned@ignore: none]\n"
        "ws@npm:^8.18.0 = 8.18.0",
        selfsigned="ignore:",
    ),
    "matched",
    ("selfsigned@ignore:", "selfsigned@evil:"),
    ("ws@npm:", "ws@ignore:"),
    (checksum("ws", "8.18.0"), checksum("evil", "8.18.0")),
)
SELECT = {"@reduxjs/toolkit": "^1.3.2"}


def own_project(spec: str, rows: str) -> Files:
    return {
        "package.json": manifest({**SELECT, "typescript-x": spec}, name="reselect"),
        PATH: berry(
            "reselect@^4.0.0, reselect@workspace:. = 0.0.0-use.local [in=.] > "
            f"@reduxjs/toolkit npm:^1.3.2, typescript-x npm:{spec}\n" + rows
        ),
    }


OWN = Commit(
    {
        "package.json": manifest({"typescript-x": "^4.5.0"}, name="reselect"),
        PATH: berry(
            "reselect@workspace:. = 0.0.0-use.local [in=.] > typescript-x npm:^4.5.0\n"
            "typescript-x@npm:^4.5.0 = 4.5.2\n"
        ),
    },
    own_project(
        "^4.5.0",
        "@reduxjs/toolkit@npm:^1.3.2 = 1.6.2 > reselect ^4.0.0\ntypescript-x@npm:^4.5.0 = 4.5.2\n",
    ),
    "matched",
    ('    "reselect": "^4.0.0"', '    "evil": "^4.0.0"'),
    ('resolution: "reselect@workspace:."', 'resolution: "reselect@workspace:evil"'),
    (checksum("typescript-x", "4.5.2"), checksum("evil", "4.5.2")),
)
COMMITS = [
    pytest.param(ADDED, id="a plugin that replaces names comes (wojtekmaj/react-pdf 147fa29803)"),
    pytest.param(MORE, id="it replaces one name more (wojtekmaj/react-pdf 50cfdcece6)"),
    pytest.param(IGNORED, id="a resolution to a plugin's protocol (microsoft/rnx-kit c9bb8bddb6)"),
    pytest.param(OWN, id="the root itself answers its name (reduxjs/reselect 42b63810fb)"),
]


@pytest.mark.parametrize("commit", COMMITS)
def test_a_commit_has_its_class(commit: Commit) -> None:
    diff = commit.judged()
    assert diff.classification == commit.wanted, told(diff)


@pytest.mark.parametrize("commit", COMMITS)
def test_nothing_else_hides_in_it(commit: Commit) -> None:
    for (old, new), diff in zip(commit.evil, commit.tampered(), strict=True):
        assert diff.classification in ("unexplained", "tampered"), f"{old} -> {new}: {told(diff)}"


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(linted(NO_HAS + CORE, "is-core-module"), id="the plugin does not quote it"),
        pytest.param(linted(NO_HAS + CORE, "has", settings=b"{}\n"), id="nothing names the plugin"),
        pytest.param(
            {one: data for one, data in linted(NO_HAS + CORE, "has").items() if one != NOLYFILL},
            id="the plugin is not in the repository",
        ),
    ],
)
def test_a_plugin_replaces_what_it_says_and_nothing_else(after: Files) -> None:
    diff = judged(OLD, after)
    assert diff.classification in ("unexplained", "tampered"), told(diff)


def test_a_plugin_counts_in_folders_below_and_the_whole_check_passes() -> None:
    """wojtekmaj/react-pdf 147fa29803: samples have lockfiles of their own."""
    old, new = (
        {**linted(HAS + CORE, folder="sample/webpack"), **OLD},
        {**linted(NO_HAS + CORE, "has", folder="sample/webpack"), **linted(NO_HAS + CORE, "has")},
    )
    paths = [PATH, f"sample/webpack/{PATH}", RC, NOLYFILL]

    report = engine.evaluate(Change(MemoryTree(old), MemoryTree(new), paths), Policy())

    assert [f"{one.rule} {one.path} {one.message}" for one in report.findings] == []


def test_another_package_under_the_name_that_a_plugin_gives_is_refused() -> None:
    real = HAS.replace("has@npm:^1.0.3 = 1.0.4", "has@npm:@nolyfill/has@latest = 1.0.4")
    change = Change(MemoryTree(OLD), MemoryTree(linted(real + CORE, "has")), [PATH, RC, NOLYFILL])

    report = engine.evaluate(change, Policy())

    assert {one.rule for one in report.findings} == {"lockfile-wrong-package"}


@pytest.mark.parametrize(
    ("edit", "odd"),
    [
        pytest.param({}, False, id="as it was"),
        pytest.param({"plugins/ignore.cjs": None}, True, id="the plugin is not in the repository"),
        pytest.param({"package.json": manifest(SERVE)}, True, id="nobody asks for the protocol"),
        pytest.param(
            {"package.json": manifest(SERVE, resolutions={"selfsigned": "exec:evil.js"})},
            True,
            id="somebody asks for another one",
        ),
    ],
)
def test_a_plugin_s_protocol_is_no_odd_address(
    edit: dict[str, bytes | None],
    odd: bool,  # noqa: FBT001 - a table's column
) -> None:
    changed = {**IGNORED.after, **edit}
    after: Files = {name: data for name, data in changed.items() if data is not None}
    change = Change(MemoryTree(IGNORED.before), MemoryTree(after), [*after])
    rules = {one.rule for one in engine.evaluate(change, Policy()).findings}
    assert ("lockfile-untrusted-source" in rules) == odd


def test_a_protocol_of_yarn_s_own_stays_odd() -> None:
    """What ``exec:`` names is run."""
    run = {
        name: data.replace(b"ignore:", b"exec:")
        for name, data in IGNORED.after.items()
        if name in ("package.json", PATH)
    }
    report = engine.scan(MemoryTree({**IGNORED.after, **run}), Policy())
    assert "lockfile-untrusted-source" in {one.rule for one in report.findings}


COMPAT = ".yarn/plugins/@yarnpkg/plugin-compat.cjs"
OWN_COMPAT = {
    "package.json": manifest({"typescript": "^5.0.0"}),
    PATH: lock({"typescript": "^5.0.0"}, "typescript@npm:^5.0.0 = 5.9.2"),
    RC: f"plugins:\n  - path: {COMPAT}\n    spec: ours\n".encode(),
    COMPAT: b"ours",
}


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        pytest.param(OWN_COMPAT, False, id="a plugin of the repository's own takes its place"),
        pytest.param({**OWN_COMPAT, RC: b"{}\n"}, True, id="nothing names it"),
        pytest.param(
            {name: data for name, data in OWN_COMPAT.items() if name != COMPAT},
            True,
            id="it is not in the repository",
        ),
    ],
)
def test_without_plugin_compat_yarn_patches_nothing(files: Files, wanted: bool) -> None:  # noqa: FBT001 - a table's column
    """microsoft/fluentui-react-native 801d8b14f3."""
    found = engine.scan(MemoryTree(files), Policy()).findings
    said = {one.message for one in found if one.rule == "lockfile-out-of-sync"}
    assert any("typescript" in one for one in said) == wanted, said


CATALOG = "catalogs:\n  dev:\n    eslint-plugin-import: npm:eslint-plugin-import-x@4.16.2\n"


@pytest.mark.parametrize(
    ("real", "wanted"),
    [
        pytest.param("eslint-plugin-import-x", False, id="what the catalog's alias names"),
        pytest.param("eslint-plugin-import", True, id="the package of the bare name"),
    ],
)
def test_a_catalog_may_hold_an_alias(real: str, wanted: bool) -> None:  # noqa: FBT001 - a table's column
    """endojs/endo 975cd272eb."""
    asks = {"eslint-plugin-import": "catalog:dev"}
    own = "app@workspace:. = 0.0.0-use.local [in=.] > eslint-plugin-import catalog:dev"
    key = "eslint-plugin-import@npm:eslint-plugin-import-x@4.16.2"
    files: Files = {
        "package.json": manifest(asks),
        RC: CATALOG.encode(),
        PATH: berry(f"{own}\n{key} = 4.16.2 [at={real}@npm:4.16.2]"),
    }
    rules = {one.rule for one in engine.scan(MemoryTree(files), Policy()).findings}
    assert ("lockfile-wrong-package" in rules) == wanted


def test_the_step_to_yarn_2_keeps_links_to_folders() -> None:
    """un-ts/eslint-plugin-import-x 240e69188f: a folder has no version that could go down."""
    asks = {"x": "link:./x"}
    key = "x@link:./x::locator=app%40workspace%3A."
    before: Files = {
        "package.json": manifest(asks),
        PATH: b'# yarn lockfile v1\n\n"x@link:./x":\n  version "0.0.0"\n  uid ""\n',
        "x/package.json": b'{"name": "x"}',
    }
    own = "app@workspace:. = 0.0.0-use.local [in=.] > x link:./x"
    after = {**before, PATH: berry(f"{own}\n{key} = 0.0.0-use.local [at={key} none]")}

    diff = judged(before, after)
    assert diff.classification == "refresh", told(diff)
