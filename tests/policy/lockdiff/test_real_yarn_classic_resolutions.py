"""Commits of real repositories with resolutions and a lockfile of Yarn 1, reduced by hand.

Beside edits of them that must be refused.
"""

from __future__ import annotations

import pytest

from tests.support.commits import Commit, Files, classic, manifest, told

PATH = "yarn.lock"
TOOLS = "devtools-protocol"


def driving(asked: str, inner: str, left: str, chosen: str) -> Files:
    """Yarn has left the old choice under what puppeteer asks for; it installs the new one."""
    rows = f"puppeteer@^{asked} = {asked} > {TOOLS} {inner}\n"
    if left == chosen:
        rows += f"{TOOLS}@{inner}, {TOOLS}@{chosen} = {chosen}"
    else:
        rows += f"{TOOLS}@{inner}, {TOOLS}@{left} = {left}\n{TOOLS}@{chosen} = {chosen}"
    asks = {"puppeteer": f"^{asked}", TOOLS: chosen}
    own = manifest(asks, resolutions={f"puppeteer/**/{TOOLS}": chosen})
    return {"package.json": own, PATH: classic(rows)}


LEFT = Commit(
    driving("24.6.1", "0.0.14", "0.0.62", "0.0.62"),
    driving("24.10.0", "0.0.45", "0.0.62", "0.0.67"),
    "matched",
    (f'"{TOOLS}@0.0.67":\n  version "0.0.67"', f'"{TOOLS}@0.0.67":\n  version "0.0.61"'),
    (f'"{TOOLS}@0.0.67":\n', f'"{TOOLS}@0.0.68":\n'),
    (f"{TOOLS}/-/{TOOLS}-0.0.67.tgz", "evil/-/evil-0.0.67.tgz"),
)

COMMIT = "5e8fe08d982647fdb19fb403459838b02647813c"
ARCHIVE = f"https://github.com/taylorhakes/fecha/archive/{COMMIT}.tar.gz"


def forking(version: str, at: str = ARCHIVE) -> Files:
    """A resolution to the archive of a commit, which a range shares."""
    rows = f"""
        fecha@^2.3.3, fecha@{ARCHIVE} = 3.0.0 [at={at}]
        lit-html@{version} = {version}
    """
    own = manifest({"fecha": "^2.3.3", "lit-html": version}, resolutions={"fecha": ARCHIVE})
    return {"package.json": own, PATH: classic(rows)}


def plain(version: str) -> Files:
    """The same where the range is not shared yet."""
    rows = f"fecha@^2.3.3 = 2.3.3\nlit-html@{version} = {version}"
    return {
        "package.json": manifest({"fecha": "^2.3.3", "lit-html": version}),
        PATH: classic(rows),
    }


FORKED = Commit(
    plain("0.12.0"),
    forking("1.0.0-rc.2"),
    "matched",
    (f'resolved "{ARCHIVE}', 'resolved "https://github.com/taylorhakes/fecha/archive/x.tgz'),
    ('resolved "https://github.com/taylorhakes/', 'resolved "https://github.com/evil/'),
    (f'archive/{COMMIT}.tar.gz"\n', f'archive/{COMMIT[::-1]}.tar.gz"\n'),
)

COMMITS = [
    pytest.param(LEFT, id="GoogleChrome/lighthouse 28b3cfbbaa: what was locked before is left"),
    pytest.param(FORKED, id="home-assistant/frontend b0d32b5674: the archive of a commit"),
]


@pytest.mark.parametrize("one", COMMITS)
def test_a_commit_has_its_class(one: Commit) -> None:
    diff = one.judged()
    assert diff.classification == one.wanted, told(diff)


@pytest.mark.parametrize("one", COMMITS)
def test_nothing_else_hides_in_it(one: Commit) -> None:
    for (old, new), diff in zip(one.evil, one.tampered(), strict=True):
        assert diff.classification in ("unexplained", "tampered"), f"{old} -> {new}: {told(diff)}"


def test_without_the_resolution_s_own_entry_it_is_out_of_range() -> None:
    before = driving("24.6.1", "0.0.14", "0.0.62", "0.0.62")
    rows = f"""
        puppeteer@^24.10.0 = 24.10.0 > {TOOLS} 0.0.45
        {TOOLS}@0.0.45 = 0.0.62
    """
    own = manifest({"puppeteer": "^24.10.0"}, resolutions={f"puppeteer/**/{TOOLS}": "0.0.67"})
    diff = Commit(before, {"package.json": own, PATH: classic(rows)}, "").judged()
    assert "out-of-range" in {one.code for one in diff.items}, told(diff)
    assert diff.classification == "unexplained"


def shared(inner: str, drawn: str) -> Files:
    """A resolution below ``bar``; ``baz``, which ``bar`` has too, asks for another range."""
    rows = f"""
        bar@^1.0.0 = 1.0.0 > baz ^1.0.0, foo ^1.0.0
        baz@^1.0.0 = 1.0.0 > foo ^2.0.0
        drawn@^{drawn} = {drawn}
        foo@^1.0.0, foo@1.0.0 = 1.0.0
        foo@^2.0.0 = {inner}
        foo@^3.0.0 = 3.0.0
        qux@^1.0.0 = 1.0.0 > foo ^3.0.0
    """
    if inner == "3.0.0":
        rows = rows.replace("foo@^2.0.0 = 3.0.0\n", "").replace("foo@^3", "foo@^2.0.0, foo@^3")
    asks = {"bar": "^1.0.0", "baz": "^1.0.0", "drawn": f"^{drawn}", "qux": "^1.0.0"}
    own = manifest(asks, resolutions={"bar/**/foo": "1.0.0"})
    return {"package.json": own, PATH: classic(rows)}


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param("9.9.0", id="a version that nobody had"),
        pytest.param("3.0.0", id="a version that somebody else has"),
    ],
)
def test_what_a_resolution_may_not_reach_stays_in_range(inner: str) -> None:
    diff = Commit(shared("2.5.0", "1.0.0"), shared(inner, "1.1.0"), "").judged()
    assert diff.classification == "unexplained", told(diff)


def test_beside_a_resolution_a_requirement_may_change() -> None:
    diff = Commit(shared("2.5.0", "1.0.0"), shared("2.5.0", "1.1.0"), "").judged()
    assert diff.classification == "matched", told(diff)
