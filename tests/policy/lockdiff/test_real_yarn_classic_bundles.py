"""Commits of real repositories whose Yarn 1 locks npm itself, which bundles what it does not need.

Reduced by hand; beside edits of them that must be refused.
"""

from __future__ import annotations

import pytest

from tests.support.commits import Commit, Files, classic, manifest, sha1_of, told
from tests.support.npm import sri

PATH = "yarn.lock"
INNER = "lodash._getnative"
RANGE = f"{INNER} ^3.0.0"
ENTRIES = f"""
    lodash._createcache@* = 3.1.2 > {RANGE}
    {INNER}@*, {INNER}@^3.0.0 = 3.9.1
"""


def releasing(react: str, needs: str = "abbrev ~1.1.1", entries: str = "") -> Files:
    """A project that releases with npm, whose entry asks for more or less."""
    rows = f"""
        react@^{react} = {react}
        npm@^6.10.3 = 6.13.4 > {needs}
        abbrev@~1.1.1 = 1.1.1
        {entries}
    """
    return {
        "package.json": manifest({"react": f"^{react}", "npm": "^6.10.3"}),
        PATH: classic(rows),
    }


ALL = f"abbrev ~1.1.1, lodash._createcache *, {INNER} *"
LOST = Commit(
    releasing("16.8.0", ALL, ENTRIES),
    releasing("16.9.0"),
    "matched",
    ('"abbrev" "~1.1.1"', '"abbrev" "*"'),
    ('"abbrev" "~1.1.1"', '"evil" "*"'),
    ('"abbrev" "~1.1.1"', f'"abbrev" "~1.1.1"\n    "{INNER}" "^2.0.0"'),
    (sri("npm@6.13.4"), sri("evil")),
)
LEFT = Commit(
    releasing("16.8.0"),
    releasing("16.9.0", entries=ENTRIES),
    "matched",
    ('"lodash._createcache@*"', '"evil@*"'),
    ('"lodash._createcache@*"', "lodash._createcache@^3.0.0"),
    ("lodash._createcache/-/lodash._createcache-3.1.2", "evil/-/evil-3.1.2"),
    (
        f'#{sha1_of(INNER, "3.9.1")}"\n  integrity {sri(f"{INNER}@3.9.1")}',
        '"',
    ),
)
COMMITS = [
    pytest.param(LOST, id="react-native-webview bf1d645716: npm's entry loses them"),
    pytest.param(LEFT, id="react-native-webview 453b7dd3a0: their entries stay"),
]


@pytest.mark.parametrize("one", COMMITS)
def test_a_commit_has_its_class(one: Commit) -> None:
    diff = one.judged()
    assert diff.classification == one.wanted, told(diff)


@pytest.mark.parametrize("one", COMMITS)
def test_nothing_else_hides_in_it(one: Commit) -> None:
    for (old, new), diff in zip(one.evil, one.tampered(), strict=True):
        assert diff.classification in ("unexplained", "tampered"), f"{old} -> {new}: {told(diff)}"


def test_alone_it_is_a_refresh() -> None:
    diff = Commit(releasing("16.8.0"), releasing("16.8.0", entries=ENTRIES), "").judged()
    assert diff.classification == "refresh", told(diff)


def test_without_npm_it_is_an_orphan() -> None:
    asks = {"react": "^16.9.0"}
    before = {
        "package.json": manifest({"react": "^16.8.0"}),
        PATH: classic("react@^16.8.0 = 16.8.0"),
    }
    after = {"package.json": manifest(asks), PATH: classic(f"react@^16.9.0 = 16.9.0\n{ENTRIES}")}
    diff = Commit(before, after, "").judged()
    assert "orphan" in {one.code for one in diff.items}, told(diff)
    assert diff.classification == "unexplained"
