"""yarn.lock of Yarn 1: every form of entry, what is refused and where, and what Yarn wrote."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward import lockfiles
from lockward.errors import LockfileError
from lockward.lockfiles import yarn_classic
from tests.support import yarn_frozen
from tests.support.npm import sri

if TYPE_CHECKING:
    from lockward.model import Lockfile, Package

DATA = Path(__file__).parents[2] / "data"
SAMPLE = (DATA / "yarn-classic" / "yarn1.lock").read_text()
WRITTEN = {
    world: answers["lockfile"]
    for world, answers in json.loads((yarn_frozen.DATA / "yarn-classic.json").read_text()).items()
}
HOST = "https://registry.example.org"
SHA1 = "78dc51f75eb64fe7281f8671356000641a4a1401"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
HEADER = "# yarn lockfile v1\n\n\n"


def read(text: str | bytes) -> Lockfile:
    return lockfiles.read("yarn.lock", text.encode() if isinstance(text, str) else text)


def outcome(text: str | bytes) -> Lockfile | LockfileError:
    """What reading gives; anything else that it raises is a failure."""
    try:
        return read(text)
    except LockfileError as fault:
        return fault


def one(pattern: str, *fields: str) -> Package:
    lines = "".join(f"  {field}\n" for field in ('version "1.2.0"', *fields))
    (package,) = read(f"{HEADER}{pattern}:\n{lines}").packages
    return package


@pytest.mark.parametrize(
    ("pattern", "resolved", "expected"),
    [
        pytest.param(
            "a@^1.0.0",
            f"{HOST}/a/-/a-1.2.0.tgz#{SHA1}",
            ("a", "a", "registry", f"{HOST}/a/-/a-1.2.0.tgz"),
            id="a registry's tarball, its sha1 behind it",
        ),
        pytest.param(
            '"@s/a@^1.0.0", "@s/a@~1.2.0"',
            f"{HOST}/@s/a/-/a-1.2.0.tgz",
            ("@s/a", "@s/a", "registry", f"{HOST}/@s/a/-/a-1.2.0.tgz"),
            id="two patterns of a scope",
        ),
        pytest.param(
            '"al@npm:a@^1.0.0"',
            f"{HOST}/a/-/a-1.2.0.tgz#{SHA1}",
            ("al", "a", "registry", f"{HOST}/a/-/a-1.2.0.tgz"),
            id="an alias",
        ),
        pytest.param(
            'a@^1.0.0, "al@npm:a@^1.0.0"',
            f"{HOST}/a/-/a-1.2.0.tgz",
            ("a", "a", "registry", f"{HOST}/a/-/a-1.2.0.tgz"),
            id="an alias shares the entry",
        ),
        pytest.param(
            "a@^1.0.0",
            f"a-1.2.0.tgz#{SHA1}",
            ("a", "a", "file", "a-1.2.0.tgz"),
            id="a file of the offline mirror",
        ),
        pytest.param(
            '"a@file:./a.tgz"',
            "file:./a.tgz#" + SHA1,
            ("a", "a", "file", "file:./a.tgz"),
            id="a tarball of the repository",
        ),
        pytest.param(
            '"a@git+ssh://git@example.org/a.git"',
            f"git+ssh://git@example.org/a.git#{COMMIT}",
            ("a", "a", "git", f"git+ssh://git@example.org/a.git#{COMMIT}"),
            id="git",
        ),
        pytest.param(
            '"a@https://example.org/a.git"',
            f"https://example.org/a.git#{COMMIT}",
            ("a", "a", "git", f"https://example.org/a.git#{COMMIT}"),
            id="git over https",
        ),
        pytest.param(
            "a@acme/a",
            f"https://codeload.github.com/acme/a/tar.gz/{COMMIT}",
            ("a", "a", "git", f"git+https://github.com/acme/a.git#{COMMIT}"),
            id="a commit's archive",
        ),
        pytest.param(
            '"a@https://example.org/a.tgz"',
            f"https://example.org/a.tgz#{SHA1}",
            ("a", "a", "remote", "https://example.org/a.tgz"),
            id="a tarball from a URL",
        ),
    ],
)
def test_where_an_entry_comes_from(
    pattern: str, resolved: str, expected: tuple[str, str, str, str]
) -> None:
    package = one(pattern, f'resolved "{resolved}"')

    assert (package.alias, package.name, package.source, package.resolved) == expected


@pytest.mark.parametrize(
    ("pattern", "source"),
    [
        pytest.param('"l@link:./l"', "link", id="a link"),
        pytest.param('"x@file:./x"', "directory", id="a folder"),
        pytest.param("a@^1.0.0", "registry", id="a range whose address is missing"),
    ],
)
def test_an_entry_without_an_address(pattern: str, source: str) -> None:
    package = one(pattern)

    assert (package.source, package.resolved) == (source, None)


def test_every_field_is_kept() -> None:
    package = one(
        "a@^1.0.0",
        'uid "abc"',
        f'resolved "{HOST}/a/-/a-1.2.0.tgz#{SHA1}"',
        f"integrity {sri('a')}",
        "dependencies:",
        '  b "^1.0.0"',
        '  "@s/c" "*"',
        "optionalDependencies:",
        '  d "1"',
    )

    assert package.integrity == sri("a")
    assert package.dependencies == {"b": "^1.0.0", "@s/c": "*"}
    assert package.optional_dependencies == {"d": "1"}
    assert yarn_classic.fragment(package) == SHA1


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        pytest.param("<<<<<<< HEAD\na@1:\n", 1, "conflict", id="a conflict"),
        pytest.param('a@1:\n  version "1"\na@1:\n  version "1"\n', 3, "twice", id="a key twice"),
        pytest.param('a@1, a@1:\n  version "1"\n', 1, "twice", id="a pattern twice in one key"),
        pytest.param('a@1:\n  version "1"\n  version "2"\n', 3, "twice", id="a field twice"),
        pytest.param(
            'a@1:\n  version "1"\n  dependencies:\n    b "1"\n    b "2"\n',
            5,
            "twice",
            id="a name twice",
        ),
        pytest.param(
            'a@1 "evil@1.0.0"\n', 1, "no entry|not an entry", id="an entry that is a text"
        ),
        pytest.param("a@1:\n  version 1.0.0\n", 2, "not a line", id="a version without quotes"),
        pytest.param('a@1:\n   version "1"\n', 2, "indented", id="three blanks"),
        pytest.param('a@1:\n\tversion "1"\n', 2, "entry|indented", id="a tab"),
        pytest.param('a@1:\n  version "1" # x\n', 2, "behind", id="a comment behind a value"),
        pytest.param('  version "1"\n', 1, "before", id="a field before any entry"),
        pytest.param('a@1:\n      b "1"\n', 2, "deeper", id="too deep"),
        pytest.param('a@1:\n  evil "1"\n', 2, "does not write", id="an unknown field"),
        pytest.param('a@1:\n  version "1\n', 2, "does not end", id="an open string"),
        pytest.param("a@1:\n", 1, "no version", id="no version"),
        pytest.param("# yarn lockfile v2\n", 1, "version", id="another version"),
        pytest.param("a@1: &x\n", 1, "not an entry", id="an anchor"),
        pytest.param('? a@1\n: version: "1"\n', 1, "not", id="YAML that Yarn falls back to"),
        pytest.param(
            'truest@1:\n  version "1"\n', 1, "not a line", id="a key that begins with true"
        ),
    ],
)
def test_what_yarn_would_not_write_is_refused(text: str, line: int, words: str) -> None:
    with pytest.raises(LockfileError, match=words) as caught:
        read(text)

    assert (caught.value.path, caught.value.line) == ("yarn.lock", line)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: "\ufeff" + text, id="a byte order mark"),
        pytest.param(
            lambda text: text.replace("  version ", '  "version" ').replace(
                "  resolved ", '  "resolved" '
            ),
            id="bun's quotes",
        ),
    ],
)
def test_spellings_of_the_same(change: object) -> None:
    assert callable(change)
    plain, spelt = read(SAMPLE), read(change(SAMPLE))

    assert [package.raw for package in plain.packages] == [
        package.raw for package in spelt.packages
    ]
    assert plain.line_of("aaa@^1.0.0") == spelt.line_of("aaa@^1.0.0")


@pytest.mark.parametrize("world", sorted(WRITTEN))
def test_what_yarn_wrote_is_read(world: str) -> None:
    packages = read(WRITTEN[world]).packages

    assert len(packages) == WRITTEN[world].count("  version ")
    assert all(package.integrity for package in packages if package.source == "registry")


def test_a_key_of_very_many_patterns_takes_linear_time() -> None:
    patterns = ", ".join(
        f'"a@{number}"' if number % 2 else f"a@{number}" for number in range(200_000)
    )

    (package,) = read(f'{patterns}:\n  version "1.0.0"\n').packages

    assert package.key.count(", ") == 199_999


@given(st.binary(max_size=400))
def test_any_bytes_give_a_lockfile_or_an_error_with_a_line(data: bytes) -> None:
    found = outcome(data)

    assert not isinstance(found, LockfileError) or (found.line or 0) >= 1


@settings(max_examples=300, deadline=None)
@given(
    st.integers(), st.sampled_from(['"', ":", ",", "\n", " ", "  ", "#", "\\", "x", "1", "\0", "@"])
)
def test_any_mutation_of_a_real_file_does_too(seed: int, bit: str) -> None:
    dice = random.Random(seed)  # noqa: S311 - repeatable dice, no secret
    start = dice.randrange(len(SAMPLE))
    end = start + dice.choice([0, 0, 1, 5, 40])
    text = SAMPLE[:start] + bit + SAMPLE[end:]

    found = outcome(text)

    if isinstance(found, LockfileError):
        assert 1 <= (found.line or 0) <= text.count("\n") + 1
    else:
        assert all(isinstance(package.version, str) for package in found.packages)
