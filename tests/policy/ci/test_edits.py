"""``--fix``, its deciding half: which commands are rewritten, into what, and which never."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward.ci import edits
from lockward.memory import MemoryTree
from tests.support import ci_cases

PATH = ".github/workflows/ci.yml"
NPM = {"package.json": "{}", "package-lock.json": "{}"}
CLASSIC = {"package.json": "{}", "yarn.lock": "# yarn lockfile v1\n"}
BERRY = {"package.json": '{"packageManager": "yarn@4.1.0"}', "yarn.lock": "__metadata:\n"}
PNPM = {"package.json": "{}", "pnpm-lock.yaml": "x\n"}
BUN = {"package.json": "{}", "bun.lock": "{}"}


def fixed(path: str, text: str, files: dict[str, str]) -> str:
    data = text.encode()
    return edits.rewritten(path, data, MemoryTree({**files, path: data}))[0].decode()


def step(script: str) -> str:
    return f"jobs:\n  a:\n    steps:\n    - run: {script}\n"


PLAIN = [
    pytest.param("npm install", "npm ci", NPM, id="npm install"),
    pytest.param("npm i", "npm ci", NPM, id="npm i"),
    pytest.param("npm install --omit=dev", "npm ci --omit=dev", NPM, id="options are kept"),
    pytest.param("npm --prefix . install", "npm --prefix . ci", NPM, id="also before the verb"),
    pytest.param("npm install-test", "npm install-ci-test", NPM, id="with the tests"),
    pytest.param("npm i --frozen-lockfile", "npm ci", NPM, id="an option that npm has not"),
    pytest.param("sudo npm install", "sudo npm ci", NPM, id="behind a wrapper"),
    pytest.param(
        "cd . && npm install; npm test", "cd . && npm ci; npm test", NPM, id="among others"
    ),
    pytest.param('"npm install"', '"npm ci"', NPM, id="a quoted scalar"),
    pytest.param("bash -c 'npm install'", "bash -c 'npm ci'", NPM, id="inside the text of a shell"),
    pytest.param("npm install # all", "npm ci # all", NPM, id="before a comment"),
    pytest.param("npm i && npm i", "npm ci && npm ci", NPM, id="twice on a line"),
    pytest.param("yarn", "yarn install --frozen-lockfile", CLASSIC, id="yarn"),
    pytest.param(
        "yarn install --silent",
        "yarn install --frozen-lockfile --silent",
        CLASSIC,
        id="yarn install",
    ),
    pytest.param("CI=false yarn", "CI=false yarn install --immutable", BERRY, id="Berry"),
    pytest.param(
        "CI=false pnpm i --prod",
        "CI=false pnpm i --frozen-lockfile --prod",
        PNPM,
        id="pnpm",
    ),
    pytest.param("bun install", "bun install --frozen-lockfile", BUN, id="bun"),
]


@pytest.mark.parametrize(("script", "expected", "files"), PLAIN)
def test_a_plain_command_is_frozen(script: str, expected: str, files: dict[str, str]) -> None:
    assert fixed(PATH, step(script), files) == step(expected)


@pytest.mark.parametrize(("script", "expected", "files"), PLAIN)
def test_line_ends_and_the_byte_order_mark_stay(
    script: str, expected: str, files: dict[str, str]
) -> None:
    def windows(text: str) -> str:
        return "\ufeff" + text.replace("\n", "\r\n")

    assert fixed(PATH, windows(step(script)), files) == windows(step(expected))


UNSURE = [
    pytest.param("npm install", {"package.json": "{}"}, id="no lockfile: npm ci would fail"),
    pytest.param("npm install", PNPM, id="another manager's lockfile"),
    pytest.param("npm install", {}, id="no project"),
    pytest.param("docker run node pnpm i", PNPM, id="in a container: which folder is not known"),
    pytest.param("npm install lodash", NPM, id="a package by name"),
    pytest.param("npm install --no-package-lock", NPM, id="without the lockfile, on purpose"),
    pytest.param("npm install $FLAGS", NPM, id="a variable"),
    pytest.param("npm install ${{ inputs.flags }}", NPM, id="a template"),
    pytest.param("$NPM install", NPM, id="the manager a variable"),
    pytest.param("n''pm install", NPM, id="quotes inside"),
    pytest.param("npm  install", NPM, id="more blanks than one"),
    pytest.param("npm install 2>&1", NPM, id="a redirection"),
    pytest.param("npm.cmd install", NPM, id="another spelling of npm"),
    pytest.param("yarn --no-immutable", BERRY, id="thawed on purpose"),
    pytest.param("pnpm install --no-frozen-lockfile", PNPM, id="thawed on purpose, pnpm"),
    pytest.param("yarn", {"package.json": "{}", "yarn.lock": "?"}, id="which Yarn is not known"),
    pytest.param("npm ci", NPM, id="frozen already"),
    pytest.param("echo npm install", NPM, id="no command"),
]


@pytest.mark.parametrize(("script", "files"), UNSURE)
def test_what_is_not_sure_stays(script: str, files: dict[str, str]) -> None:
    assert fixed(PATH, step(script), files) == step(script)


def test_only_the_lines_that_are_asked_for() -> None:
    text = step("npm install") + "    - run: npm install\n"
    data = text.encode()
    changed, made = edits.rewritten(PATH, data, MemoryTree({**NPM, PATH: data}), {5})

    assert changed.decode() == step("npm install") + "    - run: npm ci\n"
    assert [(edit.line, edit.old, edit.new) for edit in made] == [(5, "npm install", "npm ci")]


def test_other_files_of_ci() -> None:
    assert fixed("Dockerfile", "RUN npm install\n", NPM) == "RUN npm ci\n"
    assert fixed("Makefile", "a:\n\t@npm install\n", NPM) == "a:\n\t@npm ci\n"
    assert fixed("build.sh", "npm install\n", NPM) == "npm ci\n"
    assert fixed(".gitlab-ci.yml", "a:\n  script: [npm i]\n", NPM) == "a:\n  script: [npm ci]\n"


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{case.family}: {case.name}") for case in ci_cases.cases()]
)
def test_no_edit_changes_anything_but_its_own_line(case: ci_cases.Case) -> None:
    """On every labelled file: only marked lines change, and they are mended."""
    data = case.content.encode()
    changed, made = edits.rewritten(case.path, data, MemoryTree(case.files))
    before, after = data.splitlines(), changed.splitlines()

    assert len(before) == len(after)
    touched = {n for n, (old, new) in enumerate(zip(before, after, strict=True), 1) if old != new}
    assert touched == {edit.line for edit in made}
    assert touched <= case.expected | case.free
    assert edits.rewritten(case.path, changed, MemoryTree(case.files))[1] == []


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=60).map(lambda tail: b"run: npm install\n" + tail))
def test_any_bytes(data: bytes) -> None:
    changed, made = edits.rewritten("a.sh", data, MemoryTree({**NPM, "a.sh": data}))

    assert bool(made) == (changed != data)
