"""yarn.lock of Berry: every form of entry, what is refused and where, and what Yarn wrote."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward import lockfiles, manifest, yamlread
from lockward.errors import LockfileError
from lockward.lockfiles import yarn_berry_text
from lockward.lockfiles.yarn_berry_specs import Book, base_of, canonical, normalised
from tests.support import yarn_frozen

if TYPE_CHECKING:
    from lockward.model import Lockfile, Package

DATA = Path(__file__).parents[2] / "data" / "yarn-berry"
SAMPLES = {path.name: path.read_text() for path in sorted(DATA.glob("*.lock"))}
WRITTEN = {
    world: answers["lockfile"]
    for world, answers in json.loads((yarn_frozen.DATA / "yarn-berry.json").read_text()).items()
}
COMMIT = "0123456789abcdef0123456789abcdef01234567"
EVIL = "https%3A%2F%2Fevil.example.net%2Fa.tgz"


def read(text: str | bytes) -> Lockfile:
    return lockfiles.read("yarn.lock", text.encode() if isinstance(text, str) else text)


def outcome(text: str | bytes) -> Lockfile | LockfileError:
    """What reading gives; anything else that it raises is a failure."""
    try:
        return read(text)
    except LockfileError as fault:
        return fault


def lock(*entries: str, version: int = 8) -> str:
    return f"__metadata:\n  version: {version}\n  cacheKey: 10c0\n\n" + "\n".join(entries)


def entry(key: str, resolution: str, *fields: str, version: str = "1.0.0") -> str:
    lines = (f"version: {version}", f'resolution: "{resolution}"', *fields, "linkType: hard")
    return f'"{key}":\n' + "".join(f"  {line}\n" for line in lines)


def one(key: str, resolution: str, *fields: str) -> Package:
    (package,) = read(lock(entry(key, resolution, *fields))).packages
    return package


@pytest.mark.parametrize(
    ("key", "resolution", "expected"),
    [
        pytest.param("a@npm:^1.0.0", "a@npm:1.0.0", ("a", "a", "registry", None), id="npm"),
        pytest.param(
            "@s/a@npm:^1.0.0, @s/a@npm:*",
            "@s/a@npm:1.0.0",
            ("@s/a", "@s/a", "registry", None),
            id="two descriptors of a scope",
        ),
        pytest.param(
            "al@npm:a@^1.0.0", "a@npm:1.0.0", ("al", "a", "registry", None), id="an alias"
        ),
        pytest.param(
            "a@npm:^1.0.0",
            f"a@npm:1.0.0::__archiveUrl={EVIL}",
            ("a", "a", "registry", "https://evil.example.net/a.tgz"),
            id="__archiveUrl",
        ),
        pytest.param(
            "w@workspace:packages/w",
            "w@workspace:packages/w",
            ("w", "w", "workspace", "packages/w"),
            id="a workspace",
        ),
        pytest.param(
            "a@patch:a@npm%3A^1.0.0#~/.yarn/patches/a.patch",
            "a@patch:a@npm%3A1.0.0#~/.yarn/patches/a.patch::version=1.0.0&hash=abc123",
            ("a", "a", "registry", None),
            id="a patch",
        ),
        pytest.param(
            "l@link:./l::locator=app%40workspace%3A.",
            "l@link:./l::locator=app%40workspace%3A.",
            ("l", "l", "link", "./l"),
            id="a link",
        ),
        pytest.param(
            "l@portal:../l::locator=app%40workspace%3A.",
            "l@portal:../l::locator=app%40workspace%3A.",
            ("l", "l", "link", "../l"),
            id="a portal",
        ),
        pytest.param(
            "x@file:./x::locator=app%40workspace%3A.",
            "x@file:./x#./x::hash=abc&locator=app%40workspace%3A.",
            ("x", "x", "directory", "./x"),
            id="a folder",
        ),
        pytest.param(
            "x@file:./x.tgz::locator=app%40workspace%3A.",
            "x@file:./x.tgz::locator=app%40workspace%3A.",
            ("x", "x", "file", "./x.tgz"),
            id="a tarball of the repository",
        ),
        pytest.param(
            "a@https://example.org/a.tgz",
            "a@https://example.org/a.tgz",
            ("a", "a", "remote", "https://example.org/a.tgz"),
            id="a tarball from a URL",
        ),
        pytest.param(
            "a@acme/a",
            f"a@https://github.com/acme/a.git#commit={COMMIT}",
            ("a", "a", "git", f"git+https://github.com/acme/a.git#{COMMIT}"),
            id="git over https",
        ),
        pytest.param(
            "a@git@example.org:acme/a.git",
            f"a@git@example.org:acme/a.git#commit={COMMIT}",
            ("a", "a", "git", f"git@example.org:acme/a.git#{COMMIT}"),
            id="git over ssh",
        ),
    ],
)
def test_where_an_entry_comes_from(
    key: str, resolution: str, expected: tuple[str, str, str, str | None]
) -> None:
    package = one(key, resolution)

    assert (package.alias, package.name, package.source, package.resolved) == expected


@pytest.mark.parametrize("version", [4, 5, 6, 7, 8, 9, 10])
def test_every_version_is_read(version: int) -> None:
    found = read(lock(entry("a@npm:^1.0.0", "a@npm:1.0.0", "checksum: abc"), version=version))

    assert (found.version, found.packages[0].integrity) == (str(version), "abc")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        pytest.param(lock("a:\n  version: 1\n"), 5, "no resolution", id="no resolution"),
        pytest.param(lock(version=3), 1, "none that we know", id="an older version"),
        pytest.param(lock(version=11), 1, "none that we know", id="a newer version"),
        pytest.param("__metadata:\n  cacheKey: 8\n", 1, "no __metadata", id="no version"),
        pytest.param(
            lock(entry("a@npm:1", "a@npm:1.0.0", "evil: x")), 5, "does not write", id="a new field"
        ),
        pytest.param(
            lock(entry("a@npm:1", "a@npm:1.0.0"), entry("a@npm:1", "b@npm:1.0.0")),
            10,
            "twice",
            id="a key twice",
        ),
        pytest.param(
            lock(entry("a@npm:1", "a@npm:1.0.0"), entry("a@npm:1, a@npm:2", "a@npm:1.0.0")),
            10,
            "twice",
            id="a descriptor in two keys",
        ),
        pytest.param(
            lock(entry("a@npm:1", "a@npm:1.0.0", "version: 2")), 8, "twice", id="a field twice"
        ),
        pytest.param(lock('"a@npm:1": &x\n  version: 1\n'), 5, "anchor", id="an anchor"),
        pytest.param(lock('"a@npm:1": !!map\n  version: 1\n'), 5, "tag", id="a tag"),
        pytest.param(lock('"a@npm:1":\n  <<: {version: 1}\n'), 6, "merge", id="a merge key"),
        pytest.param(lock("<<<<<<< HEAD\n"), 5, "conflict", id="a conflict"),
        pytest.param(lock() + "---\na: 1\n", 1, "several documents", id="two documents"),
        pytest.param(lock('"a@npm:1": text\n'), 5, "no entry", id="an entry that is a text"),
        pytest.param(
            lock(entry("a@npm:1", "a@npm:1.0.0", "dependencies: [b]")), 5, "mapping", id="a list"
        ),
    ],
)
def test_what_yarn_would_not_write_is_refused(text: str, line: int, words: str) -> None:
    with pytest.raises(LockfileError, match=words) as caught:
        read(text)

    assert (caught.value.path, caught.value.line) == ("yarn.lock", line)


@pytest.mark.parametrize("name", sorted({**SAMPLES, **WRITTEN}))
def test_what_yarn_wrote_is_read_and_written_alike(name: str) -> None:
    text = {**SAMPLES, **WRITTEN}[name]

    found = read(text)

    assert len(found.packages) == text.count("\n  resolution: ")
    assert yarn_berry_text.written(found.raw) == text  # type: ignore[arg-type]  # of yamlread


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain", "plain", id="a word"),
        pytest.param("a b", "a b", id="a blank inside"),
        pytest.param("^1.0.0", "^1.0.0", id="a caret"),
        pytest.param("npm:^1", '"npm:^1"', id="a colon"),
        pytest.param("@s/a", '"@s/a"', id="an at at its beginning"),
        pytest.param("*", '"*"', id="a star"),
        pytest.param(">=1", '">=1"', id="a greater-than"),
        pytest.param("", '""', id="nothing"),
        pytest.param("a#b", '"a#b"', id="a hash"),
        pytest.param('a"b', 'a"b', id="a quote inside"),
        pytest.param('"a"', '"\\"a\\""', id="quotes around"),
        pytest.param("-a", '"-a"', id="a dash first"),
        pytest.param("a ", '"a "', id="a blank last"),
    ],
)
def test_how_yarn_writes_a_text(text: str, expected: str) -> None:
    assert yarn_berry_text.scalar(text) == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        pytest.param("^1.0.0", "npm:^1.0.0", id="a range"),
        pytest.param("latest", "npm:latest", id="a tag"),
        pytest.param("", "npm:", id="nothing is any version"),
        pytest.param("1 || 2", "npm:1 || 2", id="two ranges"),
        pytest.param("npm:b@^1", "npm:b@^1", id="an alias"),
        pytest.param("./x", "file:./x", id="a path"),
        pytest.param("vendor/x.tgz", "file:vendor/x.tgz", id="a tarball's path"),
        pytest.param("acme/a", "acme/a", id="a repository"),
        pytest.param("workspace:^", "workspace:^", id="a workspace"),
        pytest.param("https://e.test/a.tgz", "https://e.test/a.tgz", id="a URL"),
        pytest.param("v1-beta", "v1-beta", id="a tag may not begin with v"),
    ],
)
def test_a_spec_becomes_a_descriptor(spec: str, expected: str) -> None:
    assert normalised(spec) == expected


def test_all_versions_of_yarn_mean_the_same_patch() -> None:
    written = (
        "patch:fsevents@^2.3.0#builtin<compat/fsevents>",  # Yarn 2
        "patch:fsevents@^2.3.0#~builtin<compat/fsevents>",  # Yarn 3
        "patch:fsevents@npm%3A^2.3.0#optional!builtin<compat/fsevents>",  # Yarn 4
    )

    assert len({canonical("fsevents", spec) for spec in written}) == 1


def test_a_patch_of_a_patch_has_a_base() -> None:
    inner = "typescript@patch%3Atypescript@npm%253A^4.1.2%23./x.patch"

    base = base_of(f"typescript@patch:{inner}#~builtin<compat/typescript>")

    assert base == "typescript@patch:typescript@npm%3A^4.1.2#./x.patch"
    assert base_of(base) == "typescript@npm:^4.1.2"


@pytest.mark.parametrize(
    ("key", "locator", "name", "spec", "holds"),
    [
        pytest.param("a", "x@npm:1.0.0", "a", "npm:^1", True, id="everywhere"),
        pytest.param("a", "x@npm:1.0.0", "b", "npm:^1", False, id="another name"),
        pytest.param("a@^1", "x@npm:1.0.0", "a", "npm:^1", True, id="one range"),
        pytest.param("a@npm:^2", "x@npm:1.0.0", "a", "npm:^1", False, id="another range"),
        pytest.param("x/a", "x@npm:1.0.0", "a", "npm:^1", True, id="one dependant"),
        pytest.param("x/a", "y@npm:1.0.0", "a", "npm:^1", False, id="another dependant"),
        pytest.param("x@1.0.0/a", "x@npm:1.0.0", "a", "npm:^1", True, id="one version of it"),
        pytest.param("x@npm:2.0.0/a", "x@npm:1.0.0", "a", "npm:^1", False, id="another version"),
        pytest.param("@s/x/@t/a", "@s/x@npm:1.0.0", "@t/a", "npm:^1", True, id="scopes"),
        pytest.param("x/y/a", "y@npm:1.0.0", "a", "npm:^1", False, id="three names are none"),
    ],
)
def test_where_a_resolution_holds(
    key: str, locator: str, name: str, spec: str, *, holds: bool
) -> None:
    root = manifest.read("package.json", json.dumps({"resolutions": {key: "2.0.0"}}).encode())

    wanted = Book(read(lock()), root).wanted(locator, name, spec)

    assert wanted == (f"{name}@npm:2.0.0" if holds else f"{name}@{spec}",)


def test_the_first_resolution_that_holds_counts() -> None:
    rows = {"x/a": "1.0.0", "a@^1": "2.0.0", "a": "3.0.0"}
    root = manifest.read("package.json", json.dumps({"resolutions": rows}).encode())
    book = Book(read(lock()), root)

    assert book.wanted("x@npm:1.0.0", "a", "^1") == ("a@npm:1.0.0",)
    assert book.wanted("y@npm:1.0.0", "a", "^1") == ("a@npm:2.0.0",)
    assert book.wanted("y@npm:1.0.0", "a", "^2") == ("a@npm:3.0.0",)


@given(st.binary(max_size=300))
def test_any_bytes_give_a_lockfile_or_an_error_with_a_line(data: bytes) -> None:
    found = outcome(b"__metadata:\n  version: 8\n" + data)

    assert not isinstance(found, LockfileError) or (found.line or 0) >= 1


BITS = (*'"', *":,\n#\\x1[]{}&*!|>@", "  ", ": ", "- ", "::", "? ", "%3A", "patch:", "\0", "\t")


@settings(max_examples=300, deadline=None)
@given(st.integers(), st.sampled_from(BITS))
def test_any_mutation_of_a_real_file_does_too(seed: int, bit: str) -> None:
    dice = random.Random(seed)  # noqa: S311 - repeatable dice, no secret
    sample = dice.choice([*SAMPLES.values(), *WRITTEN.values()])
    start = dice.randrange(len(sample))
    end = start + dice.choice([0, 0, 1, 5, 40])
    text = sample[:start] + bit + sample[end:]

    found = outcome(text)

    if isinstance(found, LockfileError):
        assert 1 <= (found.line or 0) <= text.count("\n") + 2
    else:
        assert all(isinstance(package.version, str) for package in found.packages)


def test_a_key_longer_than_yaml_allows_on_one_line() -> None:
    ranges = ", ".join(f"a@npm:^1.{number}.0" for number in range(100))
    body = '  version: 1.0.0\n  resolution: "a@npm:1.0.0"\n  languageName: node\n  linkType: hard\n'
    text = f'__metadata:\n  version: 8\n\n? "{ranges}"\n:\n{body}'

    found = read(text)

    assert found.packages[0].key == ranges
    assert yarn_berry_text.HEADER + text == yarn_berry_text.written(found.raw)  # type: ignore[arg-type]  # of yamlread
    assert yamlread.lines(text.encode(), 1)
