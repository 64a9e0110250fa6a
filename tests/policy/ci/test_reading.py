"""Reading CI files: exact places, broken structure, hostile bounds, any bytes at all."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lockward import ci, relevant
from lockward.ci.reading import DEEPEST, MOST_COMMANDS
from lockward.ci.shell import bash
from tests.support import ci_cases

if TYPE_CHECKING:
    from lockward.ci.command import CiFile

WORKFLOW = ".github/workflows/ci.yml"


def read(path: str, text: str | bytes) -> CiFile:
    return ci.read(path, text.encode() if isinstance(text, str) else text)


def places(path: str, text: str | bytes) -> list[tuple[int, int, str]]:
    """Line, column and words of every manager's command."""
    return [(c.line, c.column, " ".join(c.argv)) for c in read(path, text).commands]


def step(script: str) -> str:
    """A workflow with one ``run: |``, its script from line 5 and column 9 on."""
    body = "\n".join(f"        {line}" for line in script.split("\n"))
    return f"jobs:\n  a:\n    steps:\n    - run: |\n{body}\n"


PLACES = [
    pytest.param(step("npm install"), [(5, 9, "npm install")], id="a block"),
    pytest.param(step("cd x && npm i"), [(5, 17, "npm i")], id="behind an operator"),
    pytest.param(
        "jobs: {a: {steps: [{run: npm install}]}}\n", [(1, 26, "npm install")], id="flow style"
    ),
    pytest.param(
        "jobs:\n a:\n  steps:\n  - run: >-\n      true\n      && npm install\n",
        [(6, 10, "npm install")],
        id="a folded block",
    ),
    pytest.param(
        'jobs:\n a:\n  steps:\n  - run: "true;\n      npm\n      install"\n',
        [(5, 7, "npm install")],
        id="a quoted scalar on several lines",
    ),
    pytest.param(
        "jobs:\n a:\n  steps:\n  - run: 'echo ''x''; npm i'\n",
        [(4, 23, "npm i")],
        id="doubled quotes",
    ),
    pytest.param(
        'jobs:\n a:\n  steps:\n  - run: "echo \\"\\x41\\"; npm i"\n',
        [(4, 26, "npm i")],
        id="escapes",
    ),
    pytest.param(step("# ä\n: ü; npm i"), [(6, 15, "npm i")], id="columns count bytes"),
    pytest.param(
        step('bash -c "cd x; npm i"'), [(5, 24, "npm i")], id="inside the text of bash -c"
    ),
    pytest.param(
        step("M=npm\n$M install"), [(6, 12, "npm install")], id="the verb behind a variable"
    ),
    pytest.param(
        step("C='npm install'\n$C"), [(5, 12, "npm install")], id="a variable with all of it"
    ),
    pytest.param(step("npm \\\n  install"), [(5, 9, "npm install")], id="a command on two lines"),
    pytest.param(
        step("${{ matrix.x }} npm install ${{ matrix.y }}\nnpm i"),
        [(6, 9, "npm i")],
        id="templates keep their length",
    ),
]


@pytest.mark.parametrize(("text", "expected"), PLACES)
def test_a_command_stands_where_its_name_is_written(
    text: str, expected: list[tuple[int, int, str]]
) -> None:
    found = [(line, column, words) for line, column, words in places(WORKFLOW, text)]

    assert [item for item in found if "\x01" not in item[2]] == expected


@pytest.mark.parametrize(("text", "expected"), PLACES)
def test_line_ends_and_a_byte_order_mark_move_nothing(
    text: str, expected: list[tuple[int, int, str]]
) -> None:
    data = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    found = [(line, column, words) for line, column, words in places(WORKFLOW, data)]

    assert [item for item in found if "\x01" not in item[2]] == expected


def test_a_script_saved_as_utf_16() -> None:
    data = "Write-Host x\r\nnpm install\r\n".encode("utf-16")

    assert ci.worth_reading(data)
    assert places("build.ps1", data) == [(2, 1, "npm install")]


BROKEN = [
    pytest.param(
        WORKFLOW, "jobs: [\n  - run: npm install\n", 2, "YAML", id="YAML that does not end"
    ),
    pytest.param(WORKFLOW, "a: b\n\t- run: npm install\n", 2, "YAML", id="a tab in YAML"),
    pytest.param(
        ".gitlab-ci.yml", "a:\n  script: [}\n  - npm install\n", 3, "YAML", id="GitLab's YAML"
    ),
    pytest.param("vercel.json", '{"installCommand": "npm install", x: [}\n', 1, "YAML", id="JSON"),
    pytest.param(
        ".devcontainer/devcontainer.json",
        '{\n"postCreateCommand":\n"npm install"\n]\n',
        3,
        "YAML",
        id="JSON with comments",
    ),
]


@pytest.mark.parametrize(("path", "text", "line", "message"), BROKEN)
def test_what_does_not_parse_is_read_line_by_line_and_says_so(
    path: str, text: str, line: int, message: str
) -> None:
    file = read(path, text)

    assert [command.line for command in file.commands] == [line]
    assert message in file.faults[0].message


def test_an_unclosed_quote_hides_nothing() -> None:
    assert [line for line, _, _ in places("a.sh", 'echo "a\nnpm install\n')] == [2]


def _lose_the_grammar(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is said without it is not remembered for the tests that have it."""
    monkeypatch.setattr(bash, "_parser", [])
    monkeypatch.setitem(sys.modules, "tree_sitter", None)
    for kept in ("_READ", "_LARGE"):
        monkeypatch.setattr(ci, kept, {})


def test_without_the_grammar_scripts_are_read_line_by_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _lose_the_grammar(monkeypatch)
    text = step(
        "cd web\n# npm install\necho npm install\nsudo npm install\ncat <<E\nnpm install\nE"
    )
    file = read(WORKFLOW, text)

    assert [(c.line, c.directory) for c in file.commands] == [(8, "web")]
    assert file.faults == ()  # the YAML parsed


def test_without_the_grammar_most_is_still_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar is lower there, and no wrong word more is said."""
    from tests.policy.ci.test_cases import lines

    _lose_the_grammar(monkeypatch)
    cases = ci_cases.cases()
    found = [(lines(case) - case.free, case.expected) for case in cases]
    right = sum(len(got & want) for got, want in found)

    assert right / sum(len(got) for got, _ in found) >= 0.97
    assert right / sum(len(want) for _, want in found) >= 0.85


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("a.sh", "bash -c '" * 40 + "npm install", id="quotes inside quotes"),
        pytest.param("a.sh", "(" * 5_000 + "npm install", id="brackets"),
        pytest.param("a.sh", "$(" * 3_000 + "npm install", id="substitutions"),
        pytest.param("a.sh", "A=$A$A;" * 3_000 + "\n$A npm install", id="doubling variables"),
        pytest.param("a.sh", "sudo " * 20_000 + "npm install", id="wrappers"),
        pytest.param("a.sh", "npm install;" * 20_000, id="commands"),
        pytest.param("a.sh", "npm " + "-" * 500_000, id="a long option"),
        pytest.param("a.sh", "npm " + "x " * 200_000, id="many words"),
        pytest.param(WORKFLOW, "a: &a [*a]\nb: npm\njobs: *a\n", id="a YAML loop"),
        pytest.param(
            WORKFLOW,
            "x0: &x0 {run: npm install}\n"
            + "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 9))
            + "jobs: {a: {steps: *x8}}\n",
            id="a YAML bomb",
        ),
        pytest.param(".gitlab-ci.yml", "a: &a {script: [*a, npm install]}\n", id="GitLab's loop"),
        pytest.param(
            ".gitlab-ci.yml",
            "".join(f"j{n}: {{extends: j{(n + 1) % 400}, script: npm i}}\n" for n in range(400)),
            id="extends in a ring",
        ),
        pytest.param("azure-pipelines.yml", "a: " + "[" * 900 + "npm install", id="deep lists"),
        pytest.param("Makefile", "A=$(A)$(A)\nB=$(A)\nx:\n\t$(B) npm install\n", id="make's loop"),
        pytest.param("Makefile", "x:\n\t" + "$(" * 20_000 + "npm install\n", id="make's brackets"),
        pytest.param("justfile", "a := '{{a}}'\nx:\n  {{a}} npm install\n", id="just's loop"),
        pytest.param("Jenkinsfile", "sh '" * 20_000 + "npm install", id="Groovy's quotes"),
        pytest.param(
            "Jenkinsfile", 'a="$a$a"\n' * 40 + 'sh "$a npm install"', id="Groovy's doubling"
        ),
        pytest.param("Dockerfile", "RUN <<A\n" * 3_000 + "npm install\n", id="open heredocs"),
        pytest.param("Dockerfile", "RUN npm install \\\n" * 9_000, id="a long continuation"),
        pytest.param(
            "netlify.toml", "a = " + "{b = " * 9_000 + '"npm install"', id="TOML's braces"
        ),
        pytest.param("build.cmd", "if " * 9_000 + "npm install", id="conditions of cmd"),
        pytest.param("build.ps1", "& " * 9_000 + "npm install", id="calls of PowerShell"),
        pytest.param(
            ".circleci/config.yml",
            "parameters: {p: {default: npm i}}\njobs: {a: {steps: [{run: "
            + "'<<parameters.p>> " * 2_000
            + "'}]}}",
            id="CircleCI's parameters",
        ),
    ],
)
def test_work_is_bounded(path: str, text: str) -> None:
    started = time.process_time()
    file = read(path, text)

    assert time.process_time() - started < 10  # seconds; each takes a fraction of one
    assert len(file.commands) <= MOST_COMMANDS


def test_scripts_inside_scripts_are_followed_to_a_depth() -> None:
    nested = "npm install"
    for _ in range(3):
        nested = f"bash -c {shell_quoted(nested)}"

    assert [words for _, _, words in places("a.sh", nested)] == ["npm install"]
    assert DEEPEST >= 3


def shell_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\"'\"'") + "'"


def test_a_file_that_is_too_long_says_so() -> None:
    file = read("a.sh", b"npm install\n" + b"#" * ci.LARGEST)

    assert "longer" in file.faults[0].message
    assert file.commands[0].line == 1


PATHS = [
    *(WORKFLOW, "action.yml", ".gitlab-ci.yml", ".circleci/config.yml", "azure-pipelines.yml"),
    *(".travis.yml", "bitbucket-pipelines.yml", ".buildkite/pipeline.yml", ".drone.yml"),
    *(".woodpecker.yml", "Jenkinsfile", "appveyor.yml", ".teamcity/settings.kts"),
    *("cloudbuild.yaml", "buildspec.yml", ".cirrus.yml", ".semaphore/semaphore.yml"),
    *("docker-compose.yml", ".devcontainer/devcontainer.json", "Taskfile.yml", "vercel.json"),
    *("render.yaml", "netlify.toml", "Earthfile", "Makefile", "justfile", "Dockerfile"),
    *("a.sh", "a.ps1", "a.cmd", ".teamcity/a.xml"),
]


def test_every_family_has_a_path_here() -> None:
    assert {ci.family(path) for path in PATHS} == {row.module for row in ci.FAMILIES}


FRAGMENTS = st.sampled_from(
    [
        *("npm install", "npm ci", "yarn", "$(", ")", "{{", "}}", "${{ x }}", "<<", ">>", "EOF"),
        *(
            "'",
            '"',
            '"""',
            "'''",
            "\\",
            "\n",
            "\t",
            " ",
            ":",
            "- ",
            "run: ",
            "script: ",
            "&a ",
            "*a",
        ),
        *("{", "}", "[", "]", "|", "&&", ";", "#", "//", "/*", "*/", "sh ", "RUN ", "=", ":=", "$"),
        *("jobs:\n", "steps:\n", "  ", "\r\n", "\x00", "é", "\ufeff", "@", "!reference ", "%", "^"),
    ]
)


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.lists(FRAGMENTS, max_size=40).map(lambda parts: "".join(parts).encode()))
def test_any_text_gives_a_result(path: str, data: bytes) -> None:
    file = ci.read(path, data)
    last = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1

    assert all(1 <= command.line <= last and command.column >= 1 for command in file.commands)


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=15, deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_give_a_result(path: str, data: bytes) -> None:
    ci.read(path, data)


def test_names_decide_as_the_table_does() -> None:
    """relevant.is_ci decides without importing the table; the two must agree."""
    for path in PATHS:
        assert relevant.kind(path) == "ci", path
    for row in ci.FAMILIES:
        if row.module != "script":
            for path in examples(row):
                assert relevant.kind(path) == "ci", path
                assert ci.family(path) != "script", path


def examples(row: ci._Family) -> list[str]:
    """A path for each part of a row of the table."""
    inside = row.inside[0]
    starts = [f"sub/{start.rstrip('.-')}-x{inside}" for start in row.starts if start[-1] != "."]
    return [
        *(f"sub/{name}" for name in row.names),
        *(start for start in starts if "compose.yml" not in start and "compose.yaml" not in start),
        *(f"sub/x{ending}" for ending in row.endings),
        *(f"sub/{folder}deep/x{inside}" for folder in row.folders),
    ]


NOT_CI = """
    README.md src/index.ts package.json docs/npm.yml config/app.yml install.py makefile.py
    src/dockerfile.ts vendor/composer.json compose.ts .github/dependabot.yml render.ts
"""


@pytest.mark.parametrize("path", NOT_CI.split())
def test_other_files_are_none_of_ours(path: str) -> None:
    assert relevant.kind(path) != "ci"
