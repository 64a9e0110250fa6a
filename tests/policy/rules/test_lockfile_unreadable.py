"""lockfile-unreadable."""

from __future__ import annotations

import json

import pytest

from lockward.policy import Policy
from lockward.rules import lockfile_unreadable
from tests.support import npm

GOOD = npm.files({"name": "app", "dependencies": {"a": "1"}}, {"a": npm.locked("a")})
LOCK = str(GOOD["package-lock.json"])
CUT = str(LOCK)[:200]
TWICE = json.dumps(
    {"lockfileVersion": 3, "packages": {"node_modules/a": {"version": "1"}}}, indent=1
)
TWICE = TWICE.replace('"node_modules/a": {', '"node_modules/a": {},\n  "node_modules/a": {')


@pytest.mark.parametrize(
    ("path", "data", "line", "words"),
    [
        pytest.param("package-lock.json", "", 1, "", id="an empty lockfile"),
        pytest.param("package-lock.json", CUT, CUT.count("\n") + 1, "", id="a truncated lockfile"),
        pytest.param("package-lock.json", TWICE, 5, "twice", id="a duplicate key"),
        pytest.param("package-lock.json", b"\xff\xfe{}", 1, "UTF", id="UTF-16"),
        pytest.param("package-lock.json", '{"a": "\0"}', 1, "", id="a NUL byte"),
        pytest.param("package-lock.json", "[" * 100_000, 1, "", id="nested deep"),
        pytest.param("package-lock.json", "[]", 1, "", id="no object"),
        pytest.param(
            "package-lock.json",
            '{"lockfileVersion": 9, "packages": {}}',
            1,
            "newer",
            id="version 9",
        ),
        pytest.param("package.json", "{\n,}", 2, "", id="a broken manifest"),
        pytest.param(
            "package.json", '{\n "dependencies": {"a": 1}}', 2, "", id="a spec that is a number"
        ),
        pytest.param(
            "package-lock.json", f"<<<<<<< HEAD\n{LOCK}", 1, "conflict", id="a merge conflict"
        ),
    ],
)
def test_what_cannot_be_read_in_one_way_only_is_undecided(
    path: str, data: str | bytes, line: int, words: str
) -> None:
    judged = npm.project({**GOOD, path: data})

    [finding] = lockfile_unreadable.check(judged, Policy())

    assert (finding.path, finding.line, finding.undecided) == (path, line, True)
    assert words in finding.message


@pytest.mark.parametrize("mode", ["120000", "160000"], ids=["a symbolic link", "a submodule"])
def test_a_lockfile_that_is_no_regular_file_is_undecided(mode: str) -> None:
    judged = npm.project(GOOD, modes={"package-lock.json": mode})

    [finding] = lockfile_unreadable.check(judged, Policy())

    assert finding.message == "is not a regular file"
    assert finding.undecided


def test_a_file_beyond_the_bound_is_undecided() -> None:
    policy = Policy(max_bytes=100)
    judged = npm.project(GOOD, policy)

    paths = [finding.path for finding in lockfile_unreadable.check(judged, policy)]

    assert "package-lock.json" in paths


def test_names_that_differ_by_case_only_are_undecided() -> None:
    judged = npm.project({**GOOD, "Package.json": "{}"})

    [finding] = lockfile_unreadable.check(judged, Policy())

    assert finding.path == "Package.json"
    assert finding.message == "differs from package.json by its case only"


def test_what_npm_wrote_passes() -> None:
    assert list(lockfile_unreadable.check(npm.project(GOOD), Policy())) == []


def test_a_byte_order_mark_passes() -> None:
    marked = {path: b"\xef\xbb\xbf" + str(data).encode() for path, data in GOOD.items()}

    assert list(lockfile_unreadable.check(npm.project({**marked}), Policy())) == []


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("app/Package.json", id="another case"),
        pytest.param("app/pac\N{KELVIN SIGN}age.json", id="a letter that folds to k"),
        pytest.param("app/package.j\N{LATIN SMALL LETTER LONG S}on", id="a letter that folds to s"),
        pytest.param("app/package\N{ZERO WIDTH JOINER}.json", id="an invisible character"),
        pytest.param("app/package.json.", id="a dot at the end"),
        pytest.param("App/package.json", id="a folder of another case"),
    ],
)
def test_names_that_are_one_on_some_disks_are_undecided(other: str) -> None:
    files = {**{f"app/{name}": data for name, data in GOOD.items()}, other: '{"name": "evil"}'}
    judged = npm.project(files, root="app")

    found = list(lockfile_unreadable.check(judged, Policy()))

    assert [finding.path for finding in found] == [other]


def test_folders_whose_names_are_composed_otherwise_are_one_on_some_disks() -> None:
    composed, apart = "caf\N{LATIN SMALL LETTER E WITH ACUTE}", "cafe\N{COMBINING ACUTE ACCENT}"
    files = {
        **{f"{composed}/{name}": data for name, data in GOOD.items()},
        f"{apart}/package-lock.json": "{}",
    }

    [finding] = lockfile_unreadable.check(npm.project(files, root=composed), Policy())

    assert finding.path == f"{apart}/package-lock.json"
