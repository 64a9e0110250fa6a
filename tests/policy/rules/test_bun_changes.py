"""Changes of projects that bun installs: what is refused, and bun's own ways, which pass."""

from __future__ import annotations

import json
from typing import Final

import pytest

from lockward import engine
from lockward.memory import MemoryTree
from lockward.model import Change
from lockward.policy import Policy
from tests.support import bun
from tests.support.npm import sri

Files = dict[str, str | bytes]

PLAIN: Final[bun.Json] = {"name": "app", "dependencies": {"a": "^1.0.0"}}
EVIL: Final = "https://evil.example.net"
HASH: Final = sri("other")


def change(before: Files, after: Files) -> dict[str, str]:
    """The refusals of a change: rule -> message of the first."""
    paths = [path for path in {**before, **after} if before.get(path) != after.get(path)]
    report = engine.evaluate(Change(MemoryTree(before), MemoryTree(after), paths), Policy())
    refused = [finding for finding in report.findings if finding.severity == "error"]
    return {finding.rule: finding.message for finding in reversed(refused)}


BEFORE: Final = bun.files(
    PLAIN, {"a": bun.locked("a", dependencies={"b": "^1.0.0"}), "b": bun.locked("b")}
)


def edited(old: str, new: str) -> Files:
    """BEFORE with an edit of its lockfile."""
    text = str(BEFORE["bun.lock"])
    assert old in text
    return {**BEFORE, "bun.lock": text.replace(old, new, 1)}


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        pytest.param(sri("b@1.0.0"), HASH, {"lockfile-tampered"}, id="another hash"),
        pytest.param(
            f'{bun.tarball("b", "1.0.0")}", {{}}, "{sri("b@1.0.0")}',
            f'{EVIL}/b/-/b-1.0.0.tgz", {{}}, "{HASH}',
            {"lockfile-tampered", "lockfile-untrusted-source"},
            id="another place and hash",
        ),
        pytest.param(
            '"lockfileVersion": 2', '"lockfileVersion": 1', {"lockfile-unmatched"}, id="lowered"
        ),
        pytest.param('"lockfileVersion": 2', '"lockfileVersion": 3', set(), id="raised"),
        pytest.param('  "configVersion": 1,\n', "", set(), id="the configuration's version goes"),
        pytest.param(
            '"b": "^1.0.0" }',
            '"b": "^1.0.0", "evil": "*" }',
            {"lockfile-tampered", "lockfile-out-of-sync"},
            id="a graft",
        ),
        pytest.param(
            '{}, "' + sri("b@1.0.0"),
            '{ "bin": { "node": "x.js" } }, "' + sri("b@1.0.0"),
            {"lockfile-tampered"},
            id="a program that shadows node",
        ),
        pytest.param(
            '{}, "' + sri("b@1.0.0"),
            '{ "hasInstallScript": true }, "' + sri("b@1.0.0"),
            {"lockfile-tampered"},
            id="an install script that the tarball does not have",
        ),
        pytest.param(
            f'"b": ["b@1.0.0", "{bun.tarball("b", "1.0.0")}", {{}}, "{sri("b@1.0.0")}"]',
            f'"b": ["b@1.2.0", "{bun.tarball("b", "1.2.0")}", {{}}, "{sri("b@1.2.0")}"]',
            {"lockfile-unmatched"},
            id="a refresh",
        ),
        pytest.param("{\n", "{ // see docs\n", {"lockfile-unreadable"}, id="a comment"),
        pytest.param(
            '    "a": ["a@',
            '    "a": ["a@1.0.0", "", {}, ""],\n    "a": ["a@',
            {"lockfile-unreadable"},
            id="an entry twice",
        ),
    ],
)
def test_a_change_of_the_lockfile_alone(old: str, new: str, rules: set[str]) -> None:
    assert set(change(BEFORE, edited(old, new))) == rules


def test_bun_s_own_ways_are_no_tampering() -> None:
    manifest: bun.Json = {"name": "app", "dependencies": {"a": "^1.0.0", "p": "1"}}
    bundled = [*bun.locked("b")[:2], {"bundled": True}, sri("b@1.0.0")]
    shared: dict[str, bun.Entry] = {
        "a": bun.locked("a", dependencies={"b": "^1.0.0"}),
        "p": bun.locked("p", dependencies={"b": "1"}),
        "p/b": bundled,
    }
    before = bun.files(manifest, {**shared, "b": bun.locked("b", "1.1.0")})
    # What was bundled may come to lie elsewhere too.
    grown = {"name": "app", "dependencies": {**manifest["dependencies"], "c": "2"}}
    after = bun.files(
        grown,
        {
            **shared,
            "b": bun.locked("b", "1.1.0"),
            "c": bun.locked("c", "2.0.0", dependencies={"b": "^1.2.0", "d": "1"}),
            "d": bun.locked("d", dependencies={"b": "^1.0.0"}),
            "c/b": bun.locked("b", "1.2.0"),
            "d/b": bun.locked("b", "1.0.0"),
        },
    )
    assert change(before, after) == {}


def test_a_folder_s_development_requirements_are_installed() -> None:
    manifest: bun.Json = {"name": "app", "dependencies": {"f": "file:./f"}}
    folder = {"f/package.json": json.dumps({"name": "f", "devDependencies": {"x": "1"}})}
    entry: bun.Entry = ["f@file:f", {"devDependencies": {"x": "1"}}]
    packages = {"f": entry, "x": bun.locked("x")}

    assert "lockfile-unmatched" not in change({}, bun.files(manifest, packages, dict(folder)))


def test_a_record_of_requirements_that_bun_does_not_go_by_is_no_matter() -> None:
    drifted = {**PLAIN, "dependencies": {"a": "^1.0.0", "b": ">=1.0.0"}}
    packages = {"a": bun.locked("a", dependencies={"b": "^1.0.0"}), "b": bun.locked("b")}
    files = bun.files({**PLAIN, "dependencies": {"a": "^1.0.0", "b": "*"}}, packages)

    assert change(BEFORE, {**files, "package.json": json.dumps(drifted)}) == {}


def test_a_newer_format_may_record_install_scripts() -> None:
    scripted = {"a": bun.locked("a", hasInstallScript=True)}
    before = bun.files(PLAIN, {"a": bun.locked("a")}, version=1)

    assert change(before, bun.files(PLAIN, scripted, version=2)) == {}


def test_a_requirement_and_what_it_brings_pass() -> None:
    manifest = {"name": "app", "dependencies": {"a": "^1.0.0", "c": "^2.0.0"}}
    packages = {
        "a": bun.locked("a", dependencies={"b": "^1.0.0"}),
        "b": bun.locked("b"),
        "c": bun.locked("c", "2.1.0", dependencies={"d": "*"}),
        "d": bun.locked("d"),
    }
    assert change(BEFORE, bun.files(manifest, packages)) == {}
