"""Commits of real repositories with a package-lock.json of npm 5 or 6, or of the step to npm 7.

What those had lost and write again, reduced by hand; beside edits that must be refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lockward.lockdiff.witness import Nobody
from tests.support.commits import (
    Commit,
    Files,
    hashed,
    judged,
    npm,
    npm_entry,
    sha1,
    told,
    v1,
    v3,
)
from tests.support.diffs import Past
from tests.support.npm import sri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lockward.lockdiff.witness import Wanted

PATH = "package-lock.json"
ABI = "git+https://github.com/ethereumjs/ethereumjs-abi.git"
COMMITTED = "ee3994657fa7a427238e6ba92a84d0b529bbcde0"


class Recorded(Nobody):
    """A past in which a package required something."""

    def __init__(self, **packages: dict[str, str]) -> None:
        self._packages = packages

    def required(self, path: str, wanted: Wanted, /) -> Mapping[str, str]:
        """See lockward.lockdiff.witness.Witness."""
        assert path == PATH
        return self._packages.get(wanted[0], {})


def sig_util(*, whole: bool) -> Files:
    """eth-sig-util with and without what npm 6 loses of it."""
    lost = {"ethereumjs-abi": f"{ABI}#{COMMITTED}"} if whole else {}
    found: dict[str, Any] = npm(
        "eth-sig-util", "1.4.2", requires={**lost, "ethereumjs-util": "^5.1.1"}
    )
    if whole:
        found["ethereumjs-abi"] = {"version": f"{ABI}#{COMMITTED}", "from": ABI}
    asks = {"eth-sig-util": "^1.4.0", **({"ms": "^2.0.0"} if whole else {})}
    more = npm("ms", "2.1.3") if whole else {}
    return v1(asks, {**found, **npm("ethereumjs-util", "5.2.0"), **more})


LOST = Recorded(**{"eth-sig-util": {"ethereumjs-abi": f"{ABI}#{'0' * 40}"}})
RESTORED = Commit(
    sig_util(whole=False),
    sig_util(whole=True),
    "matched",
    (
        '"ethereumjs-abi": "git+https://github.com/ethereumjs/',
        '"ethereumjs-abi": "git+https://github.com/evil/',
    ),
    ('"ethereumjs-util": "^5.1.1"', '"ethereumjs-util": "^5.1.1", "evil": "*"'),
    (hashed("eth-sig-util", "1.4.2"), f'"integrity": "{sri("evil")}"'),
)


def test_metamask_core_74728221f6_a_lost_requirement_is_written_again() -> None:
    diff = RESTORED.judged(LOST)
    assert diff.classification == "matched", told(diff)
    assert {one.code for one in diff.items} >= {"edges-restored", "filled"}
    for (old, new), evil in zip(RESTORED.evil, RESTORED.tampered(LOST), strict=True):
        assert evil.classification in ("unexplained", "tampered"), f"{old} -> {new}: {told(evil)}"


def test_without_a_past_it_looks_like_one_that_was_added() -> None:
    diff = RESTORED.judged()
    assert diff.classification == "unexplained", told(diff)
    assert "edges-added" in {one.code for one in diff.items}


def test_what_another_package_lost_says_nothing() -> None:
    past = Recorded(**{"ethereumjs-util": {"ethereumjs-abi": f"{ABI}#{COMMITTED}"}})
    assert RESTORED.judged(past).classification == "unexplained"


@pytest.mark.parametrize(
    ("was", "now", "wanted"),
    [
        pytest.param("10.11.3", "*", "refresh", id="owncloud/web dd56a674e2: npm 5's version"),
        pytest.param("^10.0.0", "^10.0.0", "refresh", id="the same range"),
        pytest.param("^10.0.0", "*", "unexplained", id="another range"),
        pytest.param("10.11.3", "^11.0.0", "unexplained", id="a version that the range excludes"),
    ],
)
def test_a_lost_requirement_is_what_it_was(was: str, now: str, wanted: str) -> None:
    version = "11.0.0" if now == "^11.0.0" else "10.12.0"
    before = v1({"parse5": "^3.0.3"}, npm("parse5", "3.0.3"))
    packages = {
        **npm("parse5", "3.0.3", requires={"@types/node": now}),
        **npm("@types/node", version),
    }
    past = Recorded(parse5={"@types/node": was})
    diff = judged(before, v1({"parse5": "^3.0.3"}, packages), past)
    assert diff.classification == wanted, told(diff)


def bundling(requires: dict[str, str]) -> Files:
    """form-data twice: one that is fetched, and one that lies in fsevents."""
    inner = {
        "form-data": {"version": "2.1.4", "bundled": True, "optional": True, "requires": requires},
        "asynckit": {"version": "0.4.0", "bundled": True, "optional": True},
        "mime-types": {"version": "2.1.15", "bundled": True, "optional": True},
        "evil": {"version": "1.0.0", "bundled": True, "optional": True},
    }
    fetched = {"asynckit": "0.4.0", "mime-types": "2.1.18"}
    return v1(
        {"chokidar": "^1.7.0", "request": "^2.81.0"},
        {
            **npm("chokidar", "1.7.0", requires={"fsevents": "1.1.3"}),
            **npm("fsevents", "1.1.3", optional=True, dependencies=inner),
            **npm("request", "2.81.0", requires={"form-data": "2.1.4"}),
            **npm("form-data", "2.1.4", requires=fetched),
            **npm("asynckit", "0.4.0"),
            **npm("mime-types", "2.1.18"),
        },
    )


def test_owncloud_web_0340d6b7c0_a_bundle_requires_what_another_copy_does() -> None:
    before, after = (
        {"mime-types": "2.1.15"},
        {"asynckit": "0.4.0", "mime-types": "2.1.15"},
    )
    diff = judged(bundling(before), bundling(after))
    assert diff.classification == "metadata", told(diff)
    diff = judged(bundling(before), bundling({**after, "evil": "1.0.0"}))
    assert diff.classification == "unexplained", told(diff)


def exact(resolved: str | None = None, mongodb: str = "3.0.9") -> Files:
    """Automattic/mongoose 86c0488d95: npm 5 records versions in the place of ranges."""
    more = {} if resolved is None else {"resolved": resolved}
    packages = {
        **npm("async", "2.6.1", requires={"lodash": "4.17.10"}, **more),
        **npm("lodash", "4.17.10"),
        **npm("mongodb", mongodb),
    }
    return v1({"async": "2.6.1", "mongodb": mongodb}, packages)


def test_with_npm_5_too_a_project_decides_from_where_a_package_comes() -> None:
    before = exact(mongodb="3.0.8")
    assert judged(before, exact()).classification == "matched"
    for evil in (f"git+https://github.com/evil/x.git#{COMMITTED}", "file:evil.tgz"):
        diff = judged(before, exact(evil))
        assert diff.classification == "tampered", f"{evil}: {told(diff)}"


def copies(own: dict[str, Any], known: str | None = sha1("lodash", "4.17.4")) -> Files:
    """Automattic/mongoose d9c2a46b14: a copy of lodash beside another, whose hash is a sha1."""
    below = npm("lodash", "4.17.4", integrity=known)
    packages = {
        **npm("acquit", "0.5.1", requires={"lodash": "4.17.4"}, dependencies=below),
        **npm("async", "2.6.0", requires={"lodash": "4.17.5"}, dependencies=own),
        **npm("ms", "2.1.3"),
    }
    return v1({"acquit": "^0.5.0", "async": "^2.6.0"}, packages)


def test_a_copy_without_a_hash_gets_one_again() -> None:
    """netlify/cli 47da71e7ec."""
    again = copies(npm("lodash", "4.17.4"), sri("lodash@4.17.4"))
    states = copies(npm("lodash", "4.17.5"), None), again
    past = Past(lambda _path, name, version: (name, version) == ("lodash", "4.17.4"))
    diff = judged(*states, past)
    assert diff.classification == "rollback", told(diff)
    unseen = judged(*states)
    assert unseen.classification == "unexplained", told(unseen)


@pytest.mark.parametrize(
    ("own", "wanted"),
    [
        pytest.param(
            npm("lodash", "4.17.4", integrity=sha1("lodash", "4.17.4")), "rollback", id="its bytes"
        ),
        pytest.param(npm("lodash", "4.17.4"), "unexplained", id="a sha512 that nobody saw"),
    ],
)
def test_a_version_goes_down_to_the_bytes_of_another_copy(own: dict[str, Any], wanted: str) -> None:
    diff = judged(copies(npm("lodash", "4.17.5")), copies(own))
    assert diff.classification == wanted, told(diff)


def watching(name: str, version: str, *, there: bool) -> Files:
    found = npm("chokidar", "3.3.0", requires={name: "~2.1.1"} if there else {"ms": "^2.0.0"})
    found["chokidar"]["requires"]["ms"] = "^2.0.0"
    more = npm(name, version, optional=True) if there else {}
    return v1({"chokidar": "^3.3.0"}, {**found, **npm("ms", "2.1.3"), **more})


def test_sequelize_2e42d66e16_an_optional_package_of_another_platform_comes() -> None:
    before = watching("fsevents", "2.1.3", there=False)
    after = watching("fsevents", "2.1.3", there=True)
    diff = judged(before, after)
    assert diff.classification == "refresh", told(diff)
    for old, new in (
        (hashed("chokidar", "3.3.0"), f'"integrity": "{sri("evil")}"'),
        ("fsevents/-/fsevents-2.1.3.tgz", "evil/-/evil-2.1.3.tgz"),
    ):
        text = after[PATH].decode()
        assert old in text
        evil = judged(before, {**after, PATH: text.replace(old, new, 1).encode()})
        assert evil.classification in ("unexplained", "tampered"), f"{old}: {told(evil)}"
    for other in (
        watching("evil", "2.1.3", there=True),
        watching("fsevents", "3.0.0", there=True),
    ):
        evil = judged(before, other)
        assert evil.classification == "unexplained", told(evil)


SERVER = npm("webpack-dev-server", "3.11.2", requires={"fsevents": "^1.2.7"})
OLD = {**SERVER, **npm("fsevents", "1.2.13", optional=True)}


def seven(**more: Any) -> Files:  # noqa: ANN401 - fields of an entry
    """The same, as npm 7 writes it: with what the platform had no need of."""
    fsevents = {"dependencies": {"bindings": "^1.5.0"}, "optional": True, "os": ["darwin"]}
    return v3(
        {"webpack-dev-server": "^3.11.0", "ms": "^2.0.0"},
        {
            "node_modules/webpack-dev-server": npm_entry(
                "webpack-dev-server",
                "3.11.2",
                optionalDependencies={"fsevents": "^1.2.7"},
                bin={"webpack-dev-server": "bin/webpack-dev-server.js"},
                **more,
            ),
            "node_modules/fsevents": npm_entry("fsevents", "1.2.13", **fsevents),
            "node_modules/bindings": npm_entry("bindings", "1.5.0", optional=True),
            "node_modules/ms": npm_entry("ms", "2.1.3"),
        },
    )


STEP = v1({"webpack-dev-server": "^3.11.0"}, OLD)


def test_redux_e19ff1d18a_an_optional_package_gets_its_requirements_with_npm_7() -> None:
    diff = judged(STEP, seven())
    assert diff.classification == "matched", told(diff)
    assert {one.name for one in diff.refresh_alongside} == {"bindings"}
    text = seven()[PATH].replace(
        b'"optionalDependencies": {',
        b'"dependencies": {"bindings": "*"}, "optionalDependencies": {',
    )
    assert text != seven()[PATH]
    evil = judged(STEP, {**seven(), PATH: text})
    assert evil.classification == "unexplained", told(evil)


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        pytest.param({"bin": {"wds": "x.js"}}, "matched", id="a bin of its own name"),
        pytest.param({"bin": {"node": "x.js"}}, "unexplained", id="a bin called node"),
        pytest.param({"bin": {"npx": "x.js"}}, "unexplained", id="a bin called npx"),
        pytest.param({"bin": {"ms": "x.js"}}, "matched", id="a bin that nobody else gives"),
        pytest.param({"os": ["aix"]}, "unexplained", id="for a platform that nobody has"),
        pytest.param({"os": ["darwin"]}, "unexplained", id="for one platform, but required"),
        pytest.param({"os": ["!win32"]}, "unexplained", id="for all platforms but one"),
        pytest.param({"os": ["!aix"]}, "matched", id="for all usual platforms"),
        pytest.param({"cpu": ["x64", "arm64"]}, "matched", id="for all usual processors"),
        pytest.param({"cpu": "s390x"}, "unexplained", id="for one processor"),
    ],
)
def test_what_npm_7_records_first_is_looked_at(more: dict[str, Any], wanted: str) -> None:
    """Bins and platforms appear on every entry at once; some can be told apart all the same."""
    packages = v3(
        {"webpack-dev-server": "^3.11.0", "ms": "^2.0.0"},
        {**npm("webpack-dev-server", "3.11.2", **more), **npm("ms", "2.1.3")},
    )
    before = v1({"webpack-dev-server": "^3.11.0"}, npm("webpack-dev-server", "3.11.2"))
    diff = judged(before, packages)
    assert diff.classification == wanted, told(diff)


@pytest.mark.parametrize(
    ("name", "needs", "wanted"),
    [
        pytest.param("evil", {}, "unexplained", id="a stranger gives the bin of another package"),
        pytest.param("jest-cli", {}, "matched", id="a package of the same name"),
        pytest.param("protractor", {"jest": "*"}, "matched", id="one that requires the other"),
    ],
)
def test_a_bin_of_another_package(name: str, needs: dict[str, str], wanted: str) -> None:
    asks = {"jest": "^26.0.0", name: "^26.0.0"}
    bins = {"bin": {"jest": "bin/jest.js"}}
    before = v1(asks, {**npm("jest", "26.6.3"), **npm(name, "26.6.3", requires=needs)})
    after = v3(
        asks,
        {
            **npm("jest", "26.6.3", **bins),
            **npm(name, "26.6.3", dependencies=needs, **bins),
        },
    )
    diff = judged(before, after)
    assert diff.classification == ("metadata" if wanted == "matched" else wanted), told(diff)
