"""The line reader of YAML: what it takes means what PyYAML says, and nothing more."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward import yamlread, yamlstrict
from lockward.errors import LockfileError

DATA = Path(__file__).parents[1] / "data"
# pnpm-workspace.yaml and .yarnrc.yml, as people write them.
BY_HAND = """\
# where the packages are
packages:
  - packages/*   # all of them
  - '!**/test/**'
catalog:
  react: ^18.2.0
catalogs: # more of them
  # old ones
  react17:
    react: "^17.0.2"

onlyBuiltDependencies:
- esbuild
- '@swc/core'
- sharp # images
minimumReleaseAge: 1440
overrides: {foo@1>bar: 2.0.0}
"""
PLUGINS = """\
# what Yarn 3 writes
nodeLinker: node-modules
logFilters:
  - code: YN0004
    level: discard
  # another
  - text: "a: b"

plugins:
- path: .yarn/plugins/a.cjs # here
  spec: "@yarnpkg/plugin-a"
- path: b.cjs
  checksum:
    sha512: ab
    more:
      - x
      - y: z
npmScopes:
  own:
    npmRegistryServer: "https://npm.example.org"
"""
SAMPLES = sorted(
    path
    for folder in ("pnpm", "yarn-berry")
    for path in (DATA / folder).iterdir()
    if "v13" not in path.name and path.suffix != ".json"
)
# What an edit by hand, a bad merge or an attacker puts into a YAML file.
BITS = (
    *("'", '"', "{", "}", "[", "]", ":", "-", "#", "|", ">", "?", "~", ",", "@", "`", "%", "="),
    *("!", "\\", "\\\\", "null", "''", '\\"', "&a", "*a", " ", "  ", ": ", "- ", " #", ", "),
    *("? ", "!!str ", "<<: a\n", "\t", "\r", "\0", "\n", "\n\n", "---\n", "--- a\n", "...\n"),
    *("\u2028", "\ufeff", "\x85"),
)


def general(text: str) -> list[yamlread.Mapping] | None:
    """What the strict general reader says; None when it refuses."""
    try:
        return yamlstrict.read("x", text, LockfileError)
    except LockfileError:
        return None


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_real_lockfile_is_inside_the_subset_and_equal(path: Path) -> None:
    text = path.read_text()

    assert yamlread.documents(text) == list(yaml.load_all(text, Loader=yaml.BaseLoader))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: 1.10\n", [{"a": "1.10"}], id="a version stays text"),
        pytest.param("a: '''x'''\n", [{"a": "'x'"}], id="doubled single quotes"),
        pytest.param('a: "x\\"y\\\\"\n', [{"a": 'x"y\\'}], id="escaped double quotes"),
        pytest.param("a:\n  - b\n  - 'c'\n", [{"a": ["b", "c"]}], id="a block sequence"),
        pytest.param("a: [b, c]\n", [{"a": ["b", "c"]}], id="a flow sequence"),
        pytest.param("a: {b: {c: d}}\n", [{"a": {"b": {"c": "d"}}}], id="nested flow mappings"),
        pytest.param("---\na: b\n---\nc: d\n", [{"a": "b"}, {"c": "d"}], id="two documents"),
        pytest.param("a:\n- b\n- c\nd: e\n", [{"a": ["b", "c"], "d": "e"}], id="undented items"),
        pytest.param(
            "a: # x\n  # y\n  - b # z\nc: d#e # f\n", [{"a": ["b"], "c": "d#e"}], id="comments"
        ),
        pytest.param(
            "a:\n  - b: c\n    d: e\n  - f\n", [{"a": [{"b": "c", "d": "e"}, "f"]}], id="items"
        ),
        pytest.param(
            "a:\n- b:\n  - c: d\n", [{"a": [{"b": [{"c": "d"}]}]}], id="undented items in items"
        ),
        pytest.param("'@a/b@1':\n  c: d\ne: f\n", [{"@a/b@1": {"c": "d"}, "e": "f"}], id="dedent"),
    ],
)
def test_the_subset_is_read(text: str, expected: list[yamlread.Mapping]) -> None:
    assert yamlread.documents(text) == expected
    assert general(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: 1\na: 2\n", id="a duplicate key"),
        pytest.param("a:\n---\nb: c\n", id="a key without a value before a new document"),
        pytest.param("a: {b: 1, b: 2}\n", id="a duplicate key in a flow mapping"),
        pytest.param("a: &x b\n", id="an anchor"),
        pytest.param("a: *x\n", id="an alias"),
        pytest.param("<<: b\n", id="a merge key"),
        pytest.param("a: !!str b\n", id="a tag"),
        pytest.param("a:\n\tb: c\n", id="a tab"),
        pytest.param("a: b\x85c: d\n", id="a line break that Python alone sees"),
        pytest.param("a: b: c\n", id="a mapping in a value"),
        pytest.param("a: 'b' # c\n", id="a comment behind a quoted value"),
        pytest.param("a:\n  - 'b' # c\n", id="a comment behind a quoted item"),
        pytest.param("a: |\n  b\n", id="a block scalar"),
        pytest.param("a: {b: c:? d}\n", id="what libyaml takes for a key inside braces"),
        pytest.param("? a\n: b\n", id="an explicit key"),
        pytest.param("a:\n  -  b\n", id="two blanks behind a dash"),
        pytest.param("a:\n  - - b\n", id="a sequence in a sequence"),
        pytest.param("a:\n  - b: c\n   d: e\n", id="an item whose second key stands elsewhere"),
        pytest.param("a:\n  - b: c\n      d\n", id="a value that goes on in the next line"),
        pytest.param("a:\n  - b: c\n    b: d\n", id="a key that is twice in an item"),
        pytest.param("", id="nothing"),
    ],
)
def test_everything_else_is_left_to_the_general_reader(text: str) -> None:
    with pytest.raises(yamlread.OutsideSubsetError):
        yamlread.documents(text)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", 3, '"a" is there twice', id="a duplicate key"),
        pytest.param("a: 1\nb: &x 2\n", 2, "anchor", id="an anchor"),
        pytest.param("a: 1\nb: !!int 2\n", 2, "tag", id="a tag"),
        pytest.param("a: 1\n<<: {b: c}\n", 2, "merge key", id="a merge key"),
        pytest.param("a: 1\n[b]: c\n", 2, "key", id="a key that is a sequence"),
        pytest.param("a: 1\nb: {\n", 3, "", id="a flow mapping that does not end"),
        pytest.param("- a\n", 2, "not a mapping", id="a sequence at the top"),
        pytest.param("a: " + "[" * 80 + "]" * 80, 1, "nested", id="nested too deep"),
        pytest.param("a: b\0c\n", 1, "not YAML", id="a NUL byte"),
        pytest.param("<<<<<<< HEAD\na: 1\n=======\n", 2, "", id="conflict markers"),
    ],
)
def test_a_fault_names_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(LockfileError) as caught:
        yamlread.read("pnpm-lock.yaml", text.encode(), LockfileError)

    assert (caught.value.path, caught.value.line) == ("pnpm-lock.yaml", line)
    assert words in caught.value.message


def test_bytes_that_are_not_utf8_are_named_by_line() -> None:
    with pytest.raises(LockfileError, match="x:2: is not UTF-8"):
        yamlread.read("x", b"a: b\nc: \xff\n", LockfileError)


def test_windows_line_ends_change_nothing() -> None:
    assert yamlread.read("x", b"a: b\r\nc:\r\n  d: e\r\n", LockfileError) == [
        {"a": "b", "c": {"d": "e"}}
    ]


def mutated(text: str, dice: random.Random) -> str:
    """A stretch of a lockfile with one to three edits."""
    lines = text.split("\n")
    start = dice.randrange(len(lines))
    lines = lines[max(0, start - 12) : start + 12]
    margin = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    text = "\n".join(line[margin:] for line in lines)
    for _ in range(dice.randint(1, 3)):
        place = dice.randrange(len(text) + 1)
        lines = text.split("\n")
        match dice.randrange(4):
            case 0 | 1:
                text = text[:place] + dice.choice(BITS) + text[place:]
            case 2:
                text = text[:place] + text[place + dice.randint(1, 3) :]
            case _:
                lines.insert(dice.randrange(len(lines)), lines.pop(dice.randrange(len(lines))))
                text = "\n".join(lines)
    return text


@pytest.mark.parametrize("seed", range(4))
def test_a_mutation_that_is_taken_means_what_the_general_reader_says(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - repeatable dice, no secret
    own = [BY_HAND, PLUGINS, PLUGINS]
    texts = [*(path.read_text() for path in SAMPLES), *own * len(SAMPLES)]
    taken = 0
    for _ in range(6_000):
        text = mutated(dice.choice(texts), dice)
        try:
            read = yamlread.documents(text)
        except yamlread.OutsideSubsetError:
            continue
        taken += 1
        assert read == general(text), text

    assert taken > 500


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400) | st.text(alphabet=": -'\"{}[],#&*\nab\\", max_size=60))
def test_any_bytes_are_documents_or_an_error(data: bytes | str) -> None:
    raw = data.encode() if isinstance(data, str) else data
    try:
        documents = yamlread.read("x", raw, LockfileError)
    except LockfileError as fault:
        assert fault.path == "x"  # noqa: PT017 - either outcome is right, no third is
    else:
        assert all(isinstance(document, dict) for document in documents)


def test_what_is_remembered_of_blocks_and_lines_is_bounded() -> None:
    """Each state of a hostile history brings other ones, as long as it likes."""
    yamlread._BLOCKS.clear()
    yamlread._HELD[0] = 0
    yamlread._LINES.clear()
    for number in range(1_200):
        lines = "\n".join(f"  k{number}-{line}: {'v' * 100}" for line in range(90))
        long = f"long{number}:\n  a: {'x' * 20_000}"
        assert yamlread.documents(f"a{number}:\n{lines}\n\n{long}\n")
    assert sum(map(len, yamlread._BLOCKS)) <= yamlread._MOST_HELD + 20_000
    assert max(map(len, yamlread._BLOCKS)) <= yamlread._LONGEST_BLOCK
    assert max(map(len, yamlread._LINES)) <= yamlread._LONGEST_LINE
