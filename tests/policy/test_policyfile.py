"""The policy file: what is valid, and that everything else is refused with its place."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward.errors import PolicyError
from lockward.policy import Policy
from lockward.policyfile import LARGEST, read
from lockward.rules import IDS

DEFAULT = Path(__file__).parents[2] / "policy" / "default.toml"

EVERYTHING = """
ignore = ["vendor/", "*.tmp"]
[internal]
scopes = ["@acme", "@Legacy_2"]
names = ["acme-*", "billing-client"]
registries = { "@acme" = "https://npm.acme.test:4873/npm/" }
[lockfile]
refresh = "trailer"
refresh-alongside = "allow"
max-bytes = 1_000
[sources]
hosts = ["npm.acme.test", "cache.acme.test:8443"]
git = ["github.com/acme/*"]
remote = ["https://files.acme.test/npm/"]
[scripts]
reviewed = ["esbuild", "sharp@0.33.*", "@acme/*"]
[rules]
lockfile-install-script = "error"
ci-npm-install = "off"
[[paths]]
match = ["examples/"]
rules = { lockfile-missing = "note" }
[[paths]]
match = ["!examples/live/"]
[[exceptions]]
rule = "lockfile-integrity"
package = "old@1.*"
path = "app/package-lock.json"
reason = "no sha512"
owner = "platform@acme.test"
expires = 2027-01-31
"""


def plain(policy: Policy) -> dict[str, object]:
    """A policy as values that compare."""
    names = [name for name in Policy.__slots__ if name not in ("source", "server")]
    held = {name: getattr(policy, name) for name in names}
    held["paths"] = [(section.match, section.levels) for section in policy.paths]
    held["exceptions"] = [
        (each.rule, each.package, each.path, each.reason, each.owner, each.expires, each.line)
        for each in policy.exceptions
    ]
    return held


def test_the_shipped_policy_is_the_default() -> None:
    policy = read("default.toml", DEFAULT.read_bytes())

    assert policy is not None
    assert plain(policy) == plain(Policy())


def uncommented(text: str) -> str:
    """The shipped policy with each commented example in place of the default."""
    kept: list[str] = []
    for line in text.splitlines():
        example = re.match(r"# (\[\[[\w.]+\]\]|(\S+) = .*)", line)
        if example and (example[2] is None or not example[2][0].isupper()):
            kept.append(example[1])
        elif not line.startswith("#") and line.partition(" = ")[0] not in keys(kept):
            kept.append(line)
    return "\n".join(kept)


def keys(lines: list[str]) -> set[str]:
    return {line.partition(" = ")[0] for line in lines if " = " in line}


def test_the_examples_of_the_shipped_policy_are_valid() -> None:
    policy = read(".lockward.toml", uncommented(DEFAULT.read_text()).encode())

    assert policy is not None
    assert policy.ignore == ("test/fixtures/",)
    assert policy.scopes == ("@acme",)
    assert policy.registries == {"@acme": "https://npm.acme.test/"}
    assert policy.reviewed == ("esbuild", "sharp@0.33.*", "@acme/*")
    assert policy.levels == {"lockfile-install-script": "error"}
    assert policy.paths[0].levels == {"lockfile-missing": "off"}
    assert [exception.expires for exception in policy.exceptions] == ["2027-01-31"]


def test_every_key_arrives_where_it_belongs() -> None:
    policy = read("x/.lockward.toml", EVERYTHING.encode())

    assert policy is not None
    assert policy.source == "x/.lockward.toml"
    assert plain(policy) == {
        "ignore": ("vendor/", "*.tmp"),
        "scopes": ("@acme", "@Legacy_2"),
        "names": ("acme-*", "billing-client"),
        "registries": {"@acme": "https://npm.acme.test:4873/npm/"},
        "refresh": "trailer",
        "alongside": "allow",
        "max_bytes": 1000,
        "hosts": ("npm.acme.test", "cache.acme.test:8443"),
        "git": ("github.com/acme/*",),
        "remote": ("https://files.acme.test/npm/",),
        "reviewed": ("esbuild", "sharp@0.33.*", "@acme/*"),
        "levels": {"lockfile-install-script": "error", "ci-npm-install": "off"},
        "paths": [(("examples/",), {"lockfile-missing": "note"}), (("!examples/live/",), {})],
        "exceptions": [
            (
                "lockfile-integrity",
                "old@1.*",
                "app/package-lock.json",
                "no sha512",
                "platform@acme.test",
                "2027-01-31",
                25,
            )
        ],
    }


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        pytest.param("", None, id="an empty file has no policy"),
        pytest.param("{{ template }}", None, id="text without our name is not read at all"),
        pytest.param("[tool.other]\nuses = 'lockward'\n", None, id="only another tool's table"),
        pytest.param("tool = 'lockward'\n", None, id="tool is no table"),
        pytest.param("[tool.lockward]\n", (), id="an empty table is the default"),
        pytest.param(
            "[tool.lockward.internal]\nscopes = ['@acme']\n", ("@acme",), id="a nested table"
        ),
        pytest.param("\ufeff[tool.lockward]\n", (), id="a byte order mark"),
    ],
)
def test_pyproject(text: str, scopes: tuple[str, ...] | None) -> None:
    policy = read("app/pyproject.toml", text.encode())

    assert (None if policy is None else policy.scopes) == scopes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            '[lockfile]\n\nrefesh = "trailer"\n',
            '3: unknown key "refesh" in [lockfile]; did you mean "refresh"?',
            id="a typo in a key",
        ),
        pytest.param(
            "[lockfile]\nmax_bytes = 3\n",
            '2: unknown key "max_bytes" in [lockfile]; did you mean "max-bytes"?',
            id="an underscore for a hyphen",
        ),
        pytest.param(
            "[zoo]\n",
            '1: unknown key "zoo"; known: exceptions, ignore, internal, lockfile, paths, rules,'
            " scripts, server, 1 more",
            id="a key like no other",
        ),
        pytest.param(
            '[rules]\nlockfile-unmached = "off"\n',
            '2: unknown rule "lockfile-unmached" in [rules]; did you mean "lockfile-unmatched"?',
            id="a typo in a rule",
        ),
        pytest.param(
            '[rules]\nzzzzzzzzzzzzzzzzz = "off"\n',
            '2: unknown rule "zzzzzzzzzzzzzzzzz" in [rules]; known: '
            + ", ".join(sorted(IDS)[:8])
            + f", {len(IDS) - 8} more",
            id="at most eight known rules are listed",
        ),
        pytest.param(
            '[rules]\nlockfile-missing = "warn"\n',
            '2: rules.lockfile-missing must be one of "off", "note", "warning", "error", not'
            ' "warn"; did you mean "warning"?',
            id="a typo in a level",
        ),
        pytest.param(
            "[lockfile]\nrefresh = true\n",
            '2: lockfile.refresh must be one of "reject", "trailer", "allow", not true',
            id="a truth value for a word",
        ),
        pytest.param(
            "lockfile.max-bytes = true",
            "1: lockfile.max-bytes must be a number of bytes, not true",
            id="a truth value for a number, dotted key",
        ),
        pytest.param(
            "[lockfile]\nmax-bytes = 0",
            "2: lockfile.max-bytes must be between 1 and 1099511627776, not 0",
            id="a size of nothing",
        ),
        pytest.param(
            '[internal]\nscopes = [\n  "@acme",\n  "acme/*",\n]\n',
            '4: internal.scopes must be a scope like "@acme", not "acme/*"; did you mean "@acme"?',
            id="the line of the element, not of the key",
        ),
        pytest.param(
            '[internal]\nscopes = "@acme"\n',
            '2: internal.scopes must be an array, not "@acme"; did you mean ["@acme"]?',
            id="a text for an array",
        ),
        pytest.param(
            "[internal]\nscopes = [3]\n", "2: internal.scopes must be text, not 3", id="a number"
        ),
        pytest.param(
            "[internal]\nnames = [' ']\n", "2: internal.names must not be empty", id="a blank"
        ),
        pytest.param(
            "[internal]\nnames = ['@acme/x']\n",
            "2: internal.names must be an unscoped name; scopes belong in internal.scopes",
            id="a scoped name among the unscoped",
        ),
        pytest.param(
            "[internal]\nnames = ['*']\n",
            "2: internal.names must not match every name",
            id="a glob of everything",
        ),
        pytest.param(
            "[internal]\nnames = ['a b']\n",
            '2: internal.names must be a package name or a glob like "acme-*", not "a b"',
            id="a name with a space",
        ),
        pytest.param(
            'internal = { registries = { "@a" = "http://npm.acme.test" } }',
            '1: internal.registries.@a must be an https URL, not "http://npm.acme.test"; did you'
            ' mean "https://npm.acme.test"?',
            id="an http registry in an inline table",
        ),
        pytest.param(
            '[internal.registries]\nacme = "https://npm.acme.test"',
            '2: internal.registries.acme must be a scope like "@acme", not "acme"; did you mean'
            ' "@acme"?',
            id="a scope without its at sign",
        ),
        pytest.param(
            '[internal.registries]\n"@a" = "https://me:secret@npm.acme.test/"',
            "2: internal.registries.@a must not hold a user name or password; credentials go into"
            " ~/.npmrc",
            id="a password is refused and not repeated",
        ),
        pytest.param(
            '[internal.registries]\n"@a" = "https://"',
            '2: internal.registries.@a must name a host, not "https://"',
            id="a URL without host",
        ),
        pytest.param(
            '[internal.registries]\n"@a" = "https://npm.acme.test/?a"',
            "2: internal.registries.@a must be an https URL without query, fragment, spaces",
            id="a URL with a query",
        ),
        pytest.param(
            "[sources]\nhosts = ['https://npm.acme.test/x']",
            "2: sources.hosts must be a host name without scheme and path, not"
            ' "https://npm.acme.test/x"; did you mean "npm.acme.test"?',
            id="a URL for a host",
        ),
        pytest.param(
            "[sources]\ngit = ['git+ssh://git@github.com/acme/x.git']",
            '2: sources.git must be like "github.com/acme/*", not'
            ' "git+ssh://git@github.com/acme/x.git"; did you mean "github.com/acme/x"?',
            id="a git URL with scheme",
        ),
        pytest.param(
            "[scripts]\nreviewed = ['a/b/c']",
            '2: scripts.reviewed must be a package like "esbuild" or "@acme/*", not "a/b/c"',
            id="a reviewed package that is none",
        ),
        pytest.param(
            "ignore = ['a[']",
            '1: ignore must be a gitignore pattern; "a[" is not a gitignore pattern',
            id="a bracket that never closes",
        ),
        pytest.param(
            "[[paths]]\nmatch = ['x']\n[[paths]]\nrules = {}\n",
            "3: [[paths]] needs match",
            id="the second section lacks its patterns",
        ),
        pytest.param("[[paths]]\nmatch = []", "1: [[paths]] matches nothing", id="no pattern"),
        pytest.param(
            "[paths]\nmatch = ['x']",
            "1: paths must be an array of tables, [[paths]]",
            id="one table",
        ),
        pytest.param("paths = [3]", "1: paths must be a table, not 3", id="a number for a table"),
        pytest.param("rules = 3", "1: rules must be a table, not 3", id="a number for a section"),
        pytest.param(
            "[[exceptions]]\nrule = 'lockfile-missing'\nreason = 'x'\nowner = 'y'",
            "1: [[exceptions]] needs expires",
            id="an exception for ever",
        ),
        pytest.param(
            "[[exceptions]]\nrule = 'lockfile-mising'",
            '2: exceptions.rule must be a rule, not "lockfile-mising"; did you mean'
            ' "lockfile-missing"?',
            id="an exception from no rule",
        ),
        pytest.param(
            "[[exceptions]]\nrule = 'lockfile-missing'\nreason = ''",
            "3: exceptions.reason must not be empty",
            id="an exception for no reason",
        ),
        pytest.param(
            "[[exceptions]]\nrule = 'lockfile-missing'\nreason = 'x'\nowner = 'y'\n"
            "expires = '2027-01-31'",
            '5: exceptions.expires must be a date like 2027-01-31, not "2027-01-31"; a date has'
            " no quotes: 2027-01-31",
            id="a date in quotes",
        ),
        pytest.param(
            "[[exceptions]]\nrule = 'lockfile-missing'\nreason = 'x'\nowner = 'y'\n"
            "expires = 2027-01-31T00:00:00Z",
            "5: exceptions.expires must be a date like 2027-01-31, not a datetime",
            id="a point in time for a day",
        ),
        pytest.param("a = \n", "1: is not valid TOML: invalid value", id="not TOML"),
        pytest.param(
            "[a\n",
            "1: is not valid TOML: expected ']' at the end of a table declaration",
            id="half",
        ),
        pytest.param("a = 'x", '1: is not valid TOML: expected "\'"', id="an open string"),
        pytest.param("a = [\n1,\n", "2: is not valid TOML: invalid value", id="an open array"),
    ],
)
def test_refused_with_its_place(text: str, expected: str) -> None:
    with pytest.raises(PolicyError) as raised:
        read(".lockward.toml", text.encode())

    assert str(raised.value) == f".lockward.toml:{expected}"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"[rules]\n\xff", ".lockward.toml:2: is not UTF-8", id="not UTF-8"),
        pytest.param(b"#" * (LARGEST + 1), f"is longer than {LARGEST} bytes", id="too long"),
        pytest.param(b"a = " + b"[" * 100_000, "is nested too deeply", id="too deep"),
        pytest.param(b"a." * 100_000 + b"b = 1", "", id="a key of many parts"),
        pytest.param(b"a = " + b"9" * 10_000, "is not valid TOML: ", id="a number of many digits"),
        pytest.param(b"\x00", "is not valid TOML: ", id="a NUL"),
    ],
)
def test_hostile_bytes(data: bytes, expected: str) -> None:
    with pytest.raises(PolicyError) as raised:
        read(".lockward.toml", data)

    assert expected in str(raised.value)


def test_a_pointer_and_the_word_at_fault() -> None:
    with pytest.raises(PolicyError) as raised:
        read("pyproject.toml", b'[tool.lockward.rules]\n"a/b~" = 1\n')

    error = raised.value
    assert (error.line, error.pointer, error.word) == (2, "/tool/lockward/rules/a~1b~0", "a/b~")
    assert error.message == 'unknown rule "a/b~" in [tool.lockward.rules]'


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=200) | st.text(alphabet="[]{}=\"'.,#\n\\ aéb1-", max_size=80).map(str.encode)
)
def test_any_bytes_give_a_policy_or_an_error(data: bytes) -> None:
    try:
        policy = read(".lockward.toml", data)
    except PolicyError as error:
        named = error.path
    else:
        named = "" if policy is None else policy.source

    assert named == ".lockward.toml"


def test_the_standard_library_reads_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tomli", None)

    policy = read(".lockward.toml", EVERYTHING.encode())

    assert policy is not None
    assert policy.refresh == "trailer"
    with pytest.raises(PolicyError, match="2: is not valid TOML"):
        read(".lockward.toml", b"\na = ")
