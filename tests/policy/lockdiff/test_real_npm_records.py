"""Commits of real repositories with a package-lock.json of npm 7 and later: what it records.

Reduced by hand; beside edits of them that must be refused.
"""

from __future__ import annotations

import json

import pytest

from lockward import lockdiff
from lockward.lockdiff.witness import Nobody, Sighting
from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.project import Project
from tests.support.commits import Commit, Files, hashed, judged, npm, npm_entry, sha1, told, v3
from tests.support.npm import sri

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lockward.lockdiff.witness import Wanted

PATH = "package-lock.json"
OPTIONAL = {"supports-color": {"optional": True}}


def debugging(version: str, **more: object) -> Files:
    asks = {"@babel/core": version, "debug": "^4.3.1"}
    packages = {
        **npm("@babel/core", version[1:]),
        **npm("debug", "4.3.1", dependencies={"ms": "2.1.2"}, **more),
        **npm("ms", "2.1.2"),
    }
    return v3(asks, packages)


META = Commit(
    debugging("^7.13.13"),
    debugging("^7.13.14", peerDependenciesMeta=OPTIONAL),
    "matched",
    ('"peerDependenciesMeta"', '"peerDependencies": {"evil": "*"}, "peerDependenciesMeta"'),
    ('"ms": "2.1.2"', '"ms": "2.1.2", "evil": "*"'),
    (hashed("debug", "4.3.1"), f'"integrity": "{sri("evil")}"'),
)


def recorded(asks: str, told: str, version: str = "8.4.21") -> Files:
    """A lockfile whose root is another one than package.json."""
    files = v3({"postcss": asks}, npm("postcss", version))
    lock = json.loads(files[PATH])
    lock["packages"][""]["dependencies"] = {"postcss": told}
    return {**files, PATH: json.dumps(lock, indent=2).encode()}


PINNED = Commit(
    recorded("^8.4.14", "^8.4.14", "8.4.20"),
    recorded("^8.4.21", "8.4.21"),
    "matched",
    ('"postcss": "8.4.21"', '"postcss": "8.4.20"'),
    ('"postcss": "8.4.21"', '"postcss": "8.4.21", "evil": "1.0.0"'),
    ("postcss/-/postcss-8.4.21.tgz", "evil/-/evil-8.4.21.tgz"),
)

GITHUB = npm("@semantic-release/github", "7.2.0", dependencies={"p-retry": "^4.0.0"})
ASKS = {"@semantic-release/github": "^7.0.0", "p-retry": "4.4.0"}
NESTED = "node_modules/@semantic-release/github/node_modules/p-retry"


def retrying(nested: str = "", pin: str = "4.4.0") -> Files:
    """A project that pins p-retry, which a package takes in its range."""
    packages = {**GITHUB, **npm("p-retry", "4.4.0")}
    if nested:
        packages[NESTED] = npm_entry("p-retry", nested)
    return v3({**ASKS, "p-retry": pin}, packages)


UPDATED = Commit(
    retrying(),
    retrying("4.5.0"),
    "refresh",
    ("p-retry/-/p-retry-4.5.0.tgz", "evil/-/evil-4.5.0.tgz"),
    (hashed("p-retry", "4.4.0"), f'"integrity": "{sri("evil")}"'),
)
SHADOWED = [
    pytest.param(retrying(pin="^4.0.0"), retrying("4.5.0", "^4.0.0"), id="nobody pins it"),
    pytest.param(retrying(), retrying("4.3.0"), id="an older one"),
    pytest.param(retrying(), retrying("5.0.0"), id="out of range"),
]


def watching(version: str, **fields: object) -> Files:
    """A package for macOS alone, whose install script is recorded or not."""
    core = f"2.0.0-beta.{version}"
    packages = {
        **npm("@docusaurus/core", core, optionalDependencies={"fsevents": "^2.3.2"}),
        **npm("fsevents", "2.3.2", **{"optional": True, "os": ["darwin"], **fields}),
    }
    return v3({"@docusaurus/core": core}, packages)


SCRIPTED = Commit(
    watching("3"),
    watching("4", hasInstallScript=True),
    "matched",
    ('"darwin"', '"aix"'),
    (hashed("fsevents", "2.3.2"), f'"integrity": "{sri("evil")}"'),
)
SCRIPTS = [
    pytest.param(watching("3", hasInstallScript=True), watching("4"), id="a script goes"),
    pytest.param(
        watching("3", os=None), watching("4", os=None, hasInstallScript=True), id="for everybody"
    ),
    pytest.param(
        watching("3", optional=None),
        watching("4", optional=None, hasInstallScript=True),
        id="required",
    ),
]

COMMITS = [
    pytest.param(SCRIPTED, id="reduxjs/redux d926ec2e66: an install script is recorded late"),
    pytest.param(UPDATED, id="semantic-release 8fa4f9a750: a newer copy beside a pinned one"),
    pytest.param(
        META, id="nextcloud/calendar 3f3f315e01: debug says of no peer that it is optional"
    ),
    pytest.param(PINNED, id="tailwindlabs/tailwindcss 6e40a8ea80: a bot records the version"),
]


@pytest.mark.parametrize("commit", COMMITS)
def test_a_commit_has_its_class(commit: Commit) -> None:
    diff = commit.judged()
    assert diff.classification == commit.wanted, told(diff)


@pytest.mark.parametrize("commit", COMMITS)
def test_nothing_else_hides_in_it(commit: Commit) -> None:
    for (old, new), diff in zip(commit.evil, commit.tampered(), strict=True):
        assert diff.classification in ("unexplained", "tampered"), f"{old} -> {new}: {told(diff)}"


@pytest.mark.parametrize(("before", "after"), SCRIPTS)
def test_a_script_of_a_package_that_everybody_has_is_no_news(before: Files, after: Files) -> None:
    diff = judged(before, after)
    assert diff.classification == "tampered", told(diff)


@pytest.mark.parametrize(("before", "after"), SHADOWED)
def test_a_nested_copy_shadows(before: Files, after: Files) -> None:
    diff = judged(before, after)
    assert diff.classification == "unexplained", told(diff)


def bundling(version: str, socks: str, address: str, *, bundled: bool = True) -> Files:
    """npm, which bundles socks and ip-address; the project has both as well."""
    needs = {"dependencies": {"ip-address": "^10.0.1"}}
    inner = {"inBundle": True} if bundled else {}
    packages = {
        **npm("npm", version, bundleDependencies=["socks"], dependencies={"socks": "^2.8.0"}),
        **npm("socks", "2.8.7", **needs),
        **npm("ip-address", "10.2.0"),
        "node_modules/npm/node_modules/socks": {"version": socks, "inBundle": True, **needs},
        "node_modules/npm/node_modules/ip-address": (
            {"version": address, **inner} if bundled else npm_entry("ip-address", address)
        ),
    }
    return v3({"npm": "^11.0.0", "socks": "^2.8.0"}, packages)


def test_semantic_release_91961105b4_a_bundle_has_an_older_copy() -> None:
    """An unchanged package comes to lie in it, beside a copy that is lower than its other one."""
    before = bundling("11.0.0", "2.8.6", "10.1.0")
    diff = judged(before, bundling("11.0.1", "2.8.7", "10.1.1"))
    assert diff.classification == "refresh", told(diff)
    fetched = bundling("11.0.1", "2.8.7", "10.1.1", bundled=False)
    assert judged(before, fetched).classification in ("unexplained", "tampered")


def test_a_recorded_version_out_of_range_is_not_what_package_json_asks_for() -> None:
    before = recorded("^8.4.14", "^8.4.14", "8.4.20")
    after = recorded("^9.0.0", "8.4.21")
    assert judged(before, after).classification == "unexplained"


@pytest.mark.parametrize(
    ("asks", "record", "wanted"),
    [
        pytest.param("latest", "*", "matched", id="dequelabs/axe-core 851b4dba58: any version"),
        pytest.param("beta", "*", "matched", id="netlify/cli 10b3c765f9: a tag is any version"),
        pytest.param("beta", "npm:evil@*", "unexplained", id="of a tag, another package"),
        pytest.param("*", "^8.4.0", "matched", id="a range of any version"),
        pytest.param("*", "^9.0.0", "unexplained", id="a range that is not locked"),
        pytest.param("latest", "npm:evil@*", "unexplained", id="another package"),
        pytest.param("latest", "https://evil.example.net/x.tgz", "unexplained", id="an address"),
        pytest.param("latest", "file:evil", "unexplained", id="a folder"),
        pytest.param("^8.4.0", "*", "unexplained", id="more than package.json asks for"),
    ],
)
def test_a_record_where_any_version_is_asked_for(asks: str, record: str, wanted: str) -> None:
    diff = judged(recorded(asks, asks, "8.4.20"), recorded(asks, record, "8.4.21"))
    assert diff.classification == ("refresh" if wanted == "matched" else wanted), told(diff)


def example(plugin: str, typescript: str, record: str) -> Files:
    """A project that asks for the folder above its own, which asks for more than is locked."""
    above = {"name": "plugin", "version": "1.0.0", "devDependencies": {"typescript": typescript}}
    asks = {"plugin": "file:..", "left-pad": plugin}
    files = v3(
        asks,
        {
            **npm("left-pad", plugin),
            "node_modules/plugin": {"resolved": "..", "link": True},
        },
    )
    lock = json.loads(files[PATH])
    lock["packages"][".."] = {**above, "devDependencies": {"typescript": record}}
    return {
        "package.json": json.dumps(above).encode(),
        "example/package.json": files["package.json"],
        f"example/{PATH}": json.dumps(lock, indent=2).encode(),
    }


@pytest.mark.parametrize("record", ["~5.2.0", "~5.5.0"])
def test_lit_290a608aa2_what_a_folder_outside_asks_for_is_not_installed(record: str) -> None:
    policy = Policy()
    old, new = (
        Project(MemoryTree(files), "example", policy)
        for files in (example("1.0.0", "~5.2.0", "~5.2.0"), example("1.1.0", "~5.5.0", record))
    )
    diff = lockdiff.compare(old, new, policy)
    assert diff.classification == "matched", told(diff)
    files = example("1.1.0", "~5.5.0", record)
    evil = files[f"example/{PATH}"].replace(
        b'"node_modules/left-pad"', b'"node_modules/typescript"'
    )
    files = {**files, f"example/{PATH}": evil}
    diff = lockdiff.compare(old, Project(MemoryTree(files), "example", policy), policy)
    assert diff.classification in ("unexplained", "tampered"), told(diff)


class Held(Nobody):
    """A past that held ini 1.3.7, with some hashes."""

    def __init__(self, hashes: str) -> None:
        self._one = Sighting(own=True, kind="tarball", hashes=hashes, resolved="", where="before")

    def sightings(
        self,
        _path: str,
        wanted: Collection[Wanted],
        /,
        *,
        deep: bool,  # noqa: ARG002 - the shape of Witness
    ) -> Mapping[Wanted, tuple[Sighting, ...]]:
        """See lockward.lockdiff.witness.Witness."""
        return {each: (self._one,) for each in wanted if each == ("ini", "1.3.7")}


SHA1, SHA512 = sha1("ini", "1.3.7"), sri("ini@1.3.7")


@pytest.mark.parametrize(
    ("held", "now", "wanted"),
    [
        pytest.param(SHA512, SHA512, "rollback", id="the same sha512"),
        pytest.param(SHA1, SHA1, "rollback", id="the same sha1"),
        pytest.param(f"{SHA1} {SHA512}", SHA512, "rollback", id="both were known"),
        pytest.param(SHA1, SHA512, "unexplained", id="a sha512 of what was known by sha1"),
        pytest.param("", SHA512, "unexplained", id="a sha512 of what had no hash"),
        pytest.param(sri("evil"), SHA512, "tampered", id="another sha512"),
    ],
)
@pytest.mark.parametrize("real", [False, True], ids=["alone", "beside a real change"])
def test_a_rollback_is_to_bytes_that_were_seen(
    held: str, now: str, wanted: str, *, real: bool
) -> None:
    """Else any hash would do for a version of which the past knows a sha1 only."""
    rc = npm("rc", "1.2.8", dependencies={"ini": "~1.3.0"})
    ms = npm("ms", "2.1.3") if real else {}
    before = v3({"rc": "^1.2.0"}, {**rc, **npm("ini", "1.3.8")})
    after = v3(
        {"rc": "^1.2.0", **({"ms": "^2.0.0"} if real else {})},
        {**rc, "node_modules/ini": npm_entry("ini", "1.3.7", integrity=now), **ms},
    )
    diff = judged(before, after, Held(held))
    assert diff.classification == ("matched" if real and wanted == "rollback" else wanted), told(
        diff
    )


@pytest.mark.parametrize(
    ("asks", "record", "wanted"),
    [
        pytest.param("8.4.21", "^8.4.21", "matched", id="serverless/serverless 53d132ae45"),
        pytest.param("8.4.21", "~8.4.21", "matched", id="a tilde"),
        pytest.param("8.4.21", "^8.4.20", "unexplained", id="of another version"),
        pytest.param("8.4.21", ">=8.4.21", "unexplained", id="no end above the version"),
        pytest.param("^8.4.21", "~8.4.21", "unexplained", id="package.json has a range"),
        pytest.param("8.4.22", "^8.4.22", "unexplained", id="of a version that is not locked"),
        pytest.param("^8.0.0", "^8.4.21", "matched", id="mdx-js/mdx f97ec0084e: narrower"),
        pytest.param("^8.0.0", "^8.4.20", "unexplained", id="a narrower one of another version"),
        pytest.param("~8.4.0", "^8.4.21", "unexplained", id="wider than a tilde"),
        pytest.param("^8.0.0 <8.5.0", "^8.4.21", "unexplained", id="wider than a bound"),
    ],
)
def test_a_record_that_is_looser_than_a_version(asks: str, record: str, wanted: str) -> None:
    diff = judged(recorded("8.4.20", "8.4.20", "8.4.20"), recorded(asks, record, "8.4.21"))
    assert diff.classification == wanted, told(diff)
