"""bun.lock: every form of entry, what is refused and where, and what bun itself wrote."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward import lockfiles
from lockward.errors import LockfileError
from tests.support import bun
from tests.support.npm import sri

if TYPE_CHECKING:
    from lockward.model import Lockfile, Package

DATA: Final = Path(__file__).parents[2] / "data" / "bun"
WRITTEN: Final = sorted(DATA.glob("**/bun.lock"))
ROOT: Final[bun.Json] = {"name": "app", "dependencies": {"a": "^1.0.0"}}
HASH: Final = sri("x")


def read(text: str | bytes) -> Lockfile:
    return lockfiles.read("bun.lock", text.encode() if isinstance(text, str) else text)


def outcome(text: str | bytes) -> Lockfile | LockfileError:
    """What reading gives; anything else that it raises is a failure."""
    try:
        return read(text)
    except LockfileError as fault:
        return fault


def one(key: str, entry: list[object], version: int = 2) -> Package:
    """The package of one entry; the workspace ``packages/w`` is there."""
    members: dict[str, bun.Json] = {"": ROOT, "packages/w": {"name": "w", "version": "1.0.0"}}
    return read(bun.lockfile(members, {key: entry}, version)).by_key[key]


@pytest.mark.parametrize(
    ("key", "entry", "expected"),
    [
        pytest.param(
            "a",
            ["a@1.0.0", "", {}, HASH],
            ("a", "a", "1.0.0", "registry", None, HASH),
            id="the default registry leaves the address out",
        ),
        pytest.param(
            "@s/a",
            bun.locked("@s/a", "1.0.0-rc.1"),
            ("@s/a", "@s/a", "1.0.0-rc.1", "registry", bun.tarball("@s/a", "1.0.0-rc.1"), ...),
            id="a scoped name from another registry",
        ),
        pytest.param(
            "p/@s/a/b",
            ["b@2.0.0", "", {}, HASH],
            ("b", "b", "2.0.0", "registry", None, HASH),
            id="a nested one below a scoped one",
        ),
        pytest.param(
            "p/@s/al",
            ["@t/real@2.0.0", "", {}, HASH],
            ("@s/al", "@t/real", "2.0.0", "registry", None, HASH),
            id="an alias has the key's name and its own",
        ),
        pytest.param(
            "a",
            ["a@1.0.0", "", {}, ""],
            ("a", "a", "1.0.0", "registry", None, ""),
            id="an empty integrity is kept as it is written",
        ),
        pytest.param(
            "w",
            ["w@workspace:packages/w"],
            ("w", "w", "", "workspace", "packages/w", None),
            id="a workspace",
        ),
        pytest.param(
            "l",
            ["l@link:../l", {}],
            ("l", "l", "", "link", "../l", None),
            id="a link",
        ),
        pytest.param(
            "f",
            ["f@file:vendor/f", {}],
            ("f", "f", "", "directory", "vendor/f", None),
            id="a folder",
        ),
        pytest.param(
            "f",
            ["f@file:f.tgz", {}],
            ("f", "f", "", "directory", "f.tgz", None),
            id="file: is a folder to bun, whatever its name",
        ),
        pytest.param(
            "t",
            ["t@./t.tgz", {}, HASH],
            ("t", "t", "", "file", "./t.tgz", HASH),
            id="a tarball in the repository",
        ),
        pytest.param(
            "t",
            ["t@t-1.0.0.TAR.GZ", {}],
            ("t", "t", "", "file", "t-1.0.0.TAR.GZ", None),
            id="a tarball without ./ and without a hash",
        ),
        pytest.param(
            "t",
            ["t@https://x.example.org/t.tgz", {}, HASH],
            ("t", "t", "", "remote", "https://x.example.org/t.tgz", HASH),
            id="a tarball elsewhere",
        ),
        pytest.param(
            "t",
            ["t@http://x.example.org/t", {}],
            ("t", "t", "", "remote", "http://x.example.org/t", None),
            id="any address is a tarball",
        ),
        pytest.param(
            "g",
            ["g@github:o/r#4af877d", {}, "o-r-4af877d", HASH],
            ("g", "g", "", "git", "git+https://github.com/o/r.git#4af877d", HASH),
            id="GitHub, with the hash that newer ones write",
        ),
        pytest.param(
            "g",
            ["g@git+ssh://git@x.example.org/o/r.git#" + "a" * 40, {}, "a" * 40],
            ("g", "g", "", "git", f"git+ssh://git@x.example.org/o/r.git#{'a' * 40}", None),
            id="git over ssh",
        ),
        pytest.param(
            "g",
            ["g@evil/repo#main", {}, "t"],
            ("g", "g", "", "git", "git+https://github.com/evil/repo.git#main", None),
            id="owner/repo is GitHub's, though bun never writes it",
        ),
        pytest.param(
            "g",
            ["g@git@x.example.org:o/r", {}, "t"],
            ("g", "g", "", "git", "git@x.example.org:o/r", None),
            id="an scp address is git, though bun never writes it",
        ),
        pytest.param(
            "g",
            ["g@https://github.com/o/r", {}, "t"],
            ("g", "g", "", "git", "https://github.com/o/r", None),
            id="a repository's own page is git",
        ),
        pytest.param(
            "me",
            ["@root:", {"bin": {"me": "x.js"}}],
            ("me", "me", "", "root", "", None),
            id="the root that requires itself, without a name",
        ),
    ],
)
def test_an_entry(key: str, entry: list[object], expected: tuple[object, ...]) -> None:
    package = one(key, entry)

    found = (package.alias, package.name, package.version)
    assert (*found, package.source, package.resolved) == expected[:5]
    assert expected[5] is ... or package.integrity == expected[5]
    assert package.link is (package.source == "link")


def test_what_an_entry_says_of_its_package() -> None:
    package = one(
        "a",
        bun.locked(
            "a",
            dependencies={"b": "^1"},
            optionalDependencies={"c": "1"},
            peerDependencies={"d": "*", "e": "1"},
            optionalPeers=["e"],
            os=["linux", "darwin"],
            cpu="x64",
            bin={"a": "a.js"},
            bundled=True,
            hasInstallScript=True,
        ),
    )

    assert package.dependencies == {"b": "^1"}
    assert package.optional_dependencies == {"c": "1"}
    assert package.peer_dependencies == {"d": "*", "e": "1"}
    assert package.peer_optional == {"e"}
    assert tuple(map(package.raw.get, ("os", "cpu", "bin"))) == (
        ["linux", "darwin"],
        "x64",
        {"a": "a.js"},
    )
    assert package.in_bundle
    assert package.has_install_script


def test_workspaces_are_importers_and_lines_are_those_of_the_file() -> None:
    members: dict[str, bun.Json] = {
        "": ROOT,
        "packages/w": {"name": "w", "peerDependencies": {"p": "*"}},
    }
    text = bun.lockfile(members, {"a": bun.locked("a"), "w": ["w@workspace:packages/w"]})
    found = read(text)

    assert (found.format, found.version) == ("bun", "2")
    assert {folder: one.name for folder, one in found.importers.items()} == {
        "": "app",
        "packages/w": "w",
    }
    assert found.importers["packages/w"].sections == {"peerDependencies": {"p": "*"}}
    assert text.split("\n")[found.line_of("w") - 1].startswith('    "w":')


def test_version_0_lists_what_a_workspace_requires() -> None:
    package = one("w", ["w@workspace:packages/w", {"dependencies": {"b": "1"}}], version=0)

    assert package.dependencies == {"b": "1"}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param('"lockfileVersion": 2', '"lockfileVersion": 4', "0, 1, 2 or 3", id="newer"),
        pytest.param('"lockfileVersion": 2', '"lockfileVersion": "2"', "0, 1", id="a text"),
        pytest.param('"lockfileVersion": 2', '"lockfileVersion": true', "0, 1", id="true"),
        pytest.param('  "lockfileVersion": 2,\n', "", "0, 1, 2 or 3", id="no version"),
        pytest.param('"configVersion": 1', '"configVersion": "1"', "no number", id="config"),
        pytest.param('"": {', '"x": {', "the root", id="no root workspace"),
        pytest.param('"packages/w": {', '"../w": {', "no folder", id="a workspace outside"),
        pytest.param('"packages/w": {', '"packages/./w": {', "no folder", id="an odd folder"),
        pytest.param('      "name": "w",\n', "", "no name", id="a workspace without a name"),
        pytest.param('"a": "^1.0.0"', '"a": 1', "texts", id="a range that is a number"),
        pytest.param('"a": ["a@1', '"a": {}, "b": ["a@1', "say what", id="no tuple"),
        pytest.param('["a@1.0.0"', '["a"', "nothing that bun locks", id="no version in it"),
        pytest.param('["a@1.0.0"', '["a@^1.0.0"', "nothing that bun", id="a range"),
        pytest.param('["a@1.0.0"', '["a@npm:b@1.0.0"', "nothing that bun", id="an alias"),
        pytest.param('["a@1.0.0"', '["a@latest"', "nothing that bun", id="a tag"),
        pytest.param('["a@1.0.0"', '["a@./vendor"', "nothing that bun", id="a bare folder"),
        pytest.param('["a@1.0.0"', '["../a@1.0.0"', "sound name", id="a name that leads out"),
        pytest.param('"a": [', '"x/../a": [', "no path of package", id="a key that leads out"),
        pytest.param('"a": [', '"x//a": [', "no path of package", id="an empty segment"),
        pytest.param('"a": [', '"x\\\\a": [', "no path of package", id="a backslash in a key"),
        pytest.param(", {}, ", ", ", "whole entry", id="no info"),
        pytest.param(", {}, ", ", [], ", "its info", id="info of another type"),
        pytest.param('.tgz", {', '.tgz", "x", {', "whole entry", id="a member too many"),
        pytest.param("workspace:packages/w", "workspace:packages/x", "not among", id="unknown"),
        pytest.param("{\n", "{ // a\n", "comment", id="a comment"),
        pytest.param("{\n", "{ /* a */\n", "comment", id="a block comment"),
        pytest.param("{\n", "{,\n", "double quotes", id="a leading comma"),
        pytest.param('"a": [', '"a": ["a@1.0.0","",{},""],"a": [', "twice", id="a key twice"),
        pytest.param('"packages": {\n', '"Packages": {}, "packages": {\n', "case", id="a twin"),
        pytest.param('"lockfileVersion"', "'lockfileVersion'", "double", id="single quotes"),
        pytest.param('"a": "^1.0.0"', "a: 1", "double quotes", id="a key without quotes"),
        pytest.param('"packages": {\n', '"packages": {\n<<<<<<< x\n', "", id="a conflict marker"),
    ],
)
def test_what_bun_did_not_write_is_refused_with_its_line(old: str, new: str, words: str) -> None:
    members: dict[str, bun.Json] = {"": ROOT, "packages/w": {"name": "w", "version": "1.0.0"}}
    sound = bun.lockfile(members, {"a": bun.locked("a"), "w": ["w@workspace:packages/w"]})
    text = sound.replace(old, new, 1)
    assert text != sound

    with pytest.raises(LockfileError) as caught:
        read(text)

    assert words in caught.value.message
    assert caught.value.line is not None


def test_two_workspaces_of_one_name_are_refused() -> None:
    members: dict[str, bun.Json] = {"": ROOT, "a": {"name": "w"}, "b": {"name": "w"}}

    with pytest.raises(LockfileError, match="two workspaces are called w"):
        read(bun.lockfile(members, {}))


def test_the_binary_lockfile_is_refused_with_the_command_that_migrates_it() -> None:
    with pytest.raises(LockfileError, match="bun install --save-text-lockfile"):
        lockfiles.read("app/bun.lockb", b"#!/usr/bin/env bun\nbun-lockfile-format-v0\n")


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(DATA)))
def test_what_bun_wrote_is_read(path: Path) -> None:
    found = read(path.read_bytes())

    assert found.packages
    assert all(found.line_of(package.key) > 1 for package in found.packages)


MARKS: Final = ('"', ",", "]", "}", "{", "[", ":", "\n", "\\", "/", "@", "//", "null", "\x00", "é")


@pytest.mark.parametrize("seed", range(3))
def test_a_mutation_of_a_real_file_is_a_lockfile_or_an_error_with_a_line(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - repeatable dice, no secret
    texts = [path.read_text() for path in WRITTEN]
    taken = 0
    for _ in range(1500):
        text = dice.choice(texts)
        for _ in range(dice.randint(1, 3)):
            place = dice.randrange(len(text))
            drop = dice.choice((0, 1, 3, 30))
            text = text[:place] + dice.choice(("", *MARKS)) + text[place + drop :]
        found = outcome(text)
        if isinstance(found, LockfileError):
            assert found.line is not None
            assert found.line <= text.count("\n") + 1
        else:
            taken += 1

    assert taken > 20


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300) | st.text(alphabet='{}[]",: \\\n0a@/', max_size=80))
def test_any_bytes_are_a_lockfile_or_an_error(data: bytes | str) -> None:
    assert outcome(data).path == "bun.lock"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b'{"a": ' + b'"\\"' * 200_000, id="escaped quotes"),
        pytest.param(b'{"a": "' + b'", ]' * 300_000, id="ends of lists within a line"),
        pytest.param(b'{"a": "' + b"\\" * 400_000 + b'", ]', id="backslashes"),
        pytest.param(b"\n".join([b"]", b","] * 200_000), id="lone brackets"),
        pytest.param(b"[" * 400_000, id="deep nesting"),
        pytest.param(
            b'{"lockfileVersion": 1, "workspaces": {"": {}}, "packages": {"'
            + b"a/" * 200_000
            + b'a": ["a@1.0.0"]}}',
            id="a long path of names",
        ),
    ],
)
def test_hostile_bytes_are_refused_without_much_work(data: bytes) -> None:
    with pytest.raises(LockfileError):
        read(data)
