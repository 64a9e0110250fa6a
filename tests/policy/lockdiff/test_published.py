"""What published packages are known to ask for: the table, its reader, what makes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockward import lockfiles, semver
from lockward.lockdiff import published
from tests.support import npm, pnpm
from tools import published as maker

if TYPE_CHECKING:
    from lockward.model import Package

TEXT: Final = maker.TABLE.read_text("utf-8")
ROWS: Final = [row.split("\t") for row in TEXT.splitlines() if row[:1] != "#"]
LARGEST: Final = 300 << 10  # bytes


def package(name: str, version: str, address: str = "") -> Package:
    """A package as pnpm's lockfile holds it, from a registry or an address."""
    entry: dict[str, Any] = {"resolution": {"tarball": address}} if address else {}
    key = f"{name}@{address or version}"
    text = pnpm.lockfile({}, {key: {**entry, "version": version}})
    return lockfiles.read("pnpm-lock.yaml", text.encode()).packages[0]


def test_the_table_is_as_its_program_writes_it() -> None:
    facts = maker.Facts()
    maker.load(TEXT, facts)
    assert maker.written(facts.rows()) == TEXT
    assert len(TEXT.encode()) < LARGEST


def test_every_row_is_of_versions_and_says_something() -> None:
    assert len(ROWS) > 500
    for name, dependency, wanted, told in ROWS:
        assert name, dependency
        text = wanted.removeprefix(published.SEEN)
        assert maker.understood(dependency, text) == text != "", (name, dependency, wanted)
        for version in published.versions(told):
            assert semver.satisfies(version, version), (name, version)


@pytest.mark.parametrize(
    ("name", "version", "dependency", "wanted"),
    [
        pytest.param(
            "vite-node", "3.2.4", "vite", "^5.0.0 || ^6.0.0 || ^7.0.0-0", id="last of a run"
        ),
        pytest.param("vite-node", "3.0.5", "vite", "^5.0.0 || ^6.0.0", id="inside of a run"),
        pytest.param("vite-node", "2.1.6", "vite", "^5.0.0 || ^6.0.0", id="alone"),
        pytest.param("vite-node", "2.1.7", "vite", None, id="beside a version"),
        pytest.param("vite-node", "3.2.40", "vite", None, id="that begins like a version"),
        pytest.param("vite-node", "3.2.4", "vit", None, id="a name that begins like one"),
        pytest.param("ite-node", "3.2.4", "vite", None, id="a package that ends like one"),
        pytest.param("vite-node", "3.2.4\t", "vite", None, id="a version with a tab"),
        pytest.param("# What published", "3.2.4", "vite", None, id="the heading"),
        pytest.param("vite-node\tvite", "3.2.4", "", None, id="two fields as one"),
    ],
)
def test_what_a_version_asks_for(
    name: str, version: str, dependency: str, wanted: str | None
) -> None:
    assert published.requirement(package(name, version), dependency) == wanted


def test_a_package_of_no_registry_is_not_known() -> None:
    checkout = package("vite-node", "3.2.4", "https://git.example.net/vite-node.tgz")
    assert checkout.source != "registry"
    assert published.requirement(checkout, "vite") is None
    assert not published.renames(checkout, "vite", "evil")


@pytest.mark.parametrize(
    ("told", "versions"),
    [
        ("", []),
        ("1.0.0", ["1.0.0"]),
        ("1.0.8..10 2.0.0-rc.1", ["1.0.8", "1.0.9", "1.0.10", "2.0.0-rc.1"]),
    ],
)
def test_versions_of_a_row(told: str, versions: list[str]) -> None:
    assert list(published.versions(told)) == versions
    assert maker.shortened(versions) == told


NUMBER: Final = st.integers(min_value=0, max_value=12)
VERSIONS: Final = st.builds(
    lambda major, minor, patch, tail: f"{major}.{minor}.{patch}{tail}",
    *(st.integers(0, 2), st.integers(0, 2), NUMBER, st.sampled_from(["", "", "", "-rc.1", "-2"])),
)


@given(st.lists(VERSIONS, unique=True))
def test_versions_are_written_and_read_alike(versions: list[str]) -> None:
    facts = maker.Facts()
    for version in versions:
        facts.add("a", version, {"b": "*"})
    text = maker.written(facts.rows())
    again = maker.Facts()
    maker.load(text, again)
    assert maker.written(again.rows()) == text
    told = [row.rpartition("\t")[2] for row in text.splitlines() if row[:1] != "#"]
    assert sorted(one for row in told for one in published.versions(row)) == sorted(versions)


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        pytest.param("^5 || ^6", "^5 || ^6", id="two majors"),
        pytest.param("*", "*", id="any"),
        pytest.param(">=0.14.0", ">=0.14.0", id="no end"),
        pytest.param("^0.3.0 || ^0.4.0", "^0.3.0 || ^0.4.0", id="two lines below 1"),
        pytest.param("0.x", "0.x", id="every line below 1"),
        pytest.param("npm:^1 || ^2", "^1 || ^2", id="as Berry writes it"),
        pytest.param("npm:other@^1.0.0", "npm:other@^1.0.0", id="an alias"),
        pytest.param("npm:@a/b@^1.0.0", "npm:@a/b@^1.0.0", id="an alias with a scope"),
        pytest.param("next", "next", id="a tag"),
        pytest.param("^1.2.3", "", id="one major"),
        pytest.param("^0.3.0", "", id="one line below 1"),
        pytest.param("~1.2.3 || ~1.4.0", "", id="two ranges of one line"),
        pytest.param("1.2.3", None, id="a version, which npm 5 may have chosen"),
        pytest.param("https://example.net/a.tgz", None, id="an address"),
        pytest.param("workspace:^", None, id="a member of a workspace"),
        pytest.param("* " * 90, None, id="longer than any"),
        pytest.param("npm:other@file:../x", None, id="an alias of a folder"),
    ],
)
def test_what_is_worth_a_row(text: str, understood: str | None) -> None:
    assert maker.understood("b", text) == understood


def test_what_yarn_asks_for_itself_leaves_no_row() -> None:
    """Of packages that build with node-gyp and do not say so; pnpm asks for nothing there."""
    facts = maker.Facts()
    facts.add("nan", "2.14.1", {"node-gyp": "npm:latest"})
    facts.add("nan", "2.14.2", {"node-gyp": "latest"})
    facts.add("fx", "1.0.0", {"node-gyp": "*"})
    assert [*facts.rows()] == [("fx", "node-gyp", "*", ("1.0.0",))]
    assert "\tnode-gyp\tlatest\t" not in maker.TABLE.read_text(encoding="utf-8")


def test_lockfiles_that_disagree_leave_no_row() -> None:
    facts = maker.Facts()
    facts.add("a", "1.0.0", {"b": "^1 || ^2"})
    facts.add("a", "1.0.1", {"b": "^1 || ^2"})
    facts.add("a", "1.0.1", {"b": "^1.0.0"})
    facts.add("a", "1.0.2", {"b": "^1 || ^2"})
    facts.add("a", "1.0.2", {"b": "*"})
    facts.add("a", "1.0.0", {"@types/b": "*"})
    assert list(facts.rows()) == [("a", "b", "^1 || ^2", ("1.0.0",))]


def answered(of: str, **more: object) -> bytes:
    """A lockfile of pnpm's in which a's b is answered by a version."""
    packages: dict[str, dict[str, Any]] = {"a@1.0.0": {}, f"b@{of}": {}}
    snapshots = {"a@1.0.0": {"dependencies": {"b": of}}, f"b@{of}": {}}
    return pnpm.lockfile({}, packages, snapshots, **more).encode()


@pytest.mark.parametrize(
    ("texts", "rows"),
    [
        pytest.param(
            [answered("2.1.0"), answered("1.4.0"), answered("1.5.0")],
            ["seen ^1.4.0 || ^2.1.0"],
            id="two lines",
        ),
        pytest.param(
            [answered("0.3.0"), answered("0.4.1")], ["seen ^0.3.0 || ^0.4.1"], id="below 1"
        ),
        pytest.param([answered("1.4.0"), answered("1.5.0")], [], id="one line"),
        pytest.param(
            [answered("1.4.0"), answered("2.1.0", overrides={"a>b@1": "2.1.0"})],
            [],
            id="one by an override",
        ),
        pytest.param(
            [answered("1.4.0"), answered("2.1.0", packageExtensionsChecksum="x")],
            [],
            id="one beside extensions",
        ),
        pytest.param(
            [answered("1.4.0"), answered("2.1.0", pnpmfileChecksum="x")], [], id="one beside a hook"
        ),
    ],
)
def test_what_answered_in_lockfiles_without_ranges(texts: list[bytes], rows: list[str]) -> None:
    facts = maker.Facts()
    for text in texts:
        maker.revision("pnpm-lock.yaml", text, facts, set())
    assert [row[2] for row in facts.rows()] == rows
    again = maker.Facts()
    maker.load(maker.written(facts.rows()), again)
    assert list(again.rows()) == list(facts.rows())


def test_a_range_that_is_known_counts_before_what_answered() -> None:
    facts = maker.Facts()
    facts.saw("a", "1.0.0", "b", "1.0.0")
    facts.saw("a", "1.0.0", "b", "2.0.0")
    facts.add("a", "1.0.0", {"b": "^1 || ^2 || ^3"})
    assert [row[2] for row in facts.rows()] == ["^1 || ^2 || ^3"]


def test_what_lies_in_a_tarball_is_nobody_s_requirement() -> None:
    """Npm 6 writes ``*`` for it."""
    bundled = {"b": {"version": "1.0.0", "bundled": True, "integrity": npm.sri("b")}}
    entry = {
        "version": "1.0.0",
        "integrity": npm.sri("a"),
        "requires": {"b": "*"},
        "dependencies": bundled,
    }
    other = {"version": "1.0.0", "integrity": npm.sri("c"), "requires": {"b": "1 || 2"}}
    lock = {"lockfileVersion": 1, "requires": True, "dependencies": {"a": entry, "c": other}}
    facts = maker.Facts()
    maker.revision("package-lock.json", json.dumps(lock).encode(), facts, set())
    assert list(facts.rows()) == [("c", "b", "1 || 2", ("1.0.0",))]
