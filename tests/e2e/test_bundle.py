"""The one-file bundle: no package of the environment, and the same words and verdicts."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile

import pytest

from lockward_hooks import bundled
from tests.support import ci_cases, npm
from tests.support.repos import APP, CLEAN, EVIL, GROWN, Server, environment, remote
from tools import bundle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

WORKFLOW = "on: push\njobs:\n  build:\n    steps:\n      - run: npm install\n"
PNPM = "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies: &x\n      a: 1.0.0\n"
# PyYAML's two parsers refuse the same files in different words.
LIBYAML = re.compile(r"(?<=YAML: ).*")
POLICY = """
ignore = ["[ab]uilt/**/x"]
[internal]
scopes = ["@acme"]
[rules]
ci-npm-install = "error"
"""


@pytest.fixture(scope="session")
def pyz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle, as an interpreter without site-packages runs it."""
    built = bundle.build(tmp_path_factory.mktemp("dist") / "lockward.pyz")
    script = built.parent / "lockward"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S {built} "$@"\n')
    script.chmod(0o755)
    return script


def test_it_holds_no_compiled_code_and_everybodys_licence(pyz: Path) -> None:
    with zipfile.ZipFile(pyz.with_suffix(".pyz")) as archive:
        names = archive.namelist()

    assert not [name for name in names if name.endswith((".so", ".pyd", ".dll"))]
    assert {"LICENSE", "licenses/pyyaml/LICENSE", "licenses/pathspec/LICENSE"} <= set(names)


def test_it_holds_what_published_packages_ask_for(pyz: Path) -> None:
    asked = "from lockward.lockdiff import published as p; print(len([*p._rows('vitest', 'vite')]))"
    code = f"import sys; sys.path.insert(0, sys.argv[1]); {asked}"
    argv = [sys.executable, "-I", "-S", "-c", code, str(pyz.with_suffix(".pyz"))]
    run = subprocess.run(argv, check=True, capture_output=True, text=True)

    assert int(run.stdout) > 1


def test_the_same_tree_makes_the_same_file(pyz: Path, tmp_path: Path) -> None:
    again = bundle.build(tmp_path / "again.pyz")

    assert again.read_bytes() == pyz.with_suffix(".pyz").read_bytes()


CHANGES = {
    "an edited entry": EVIL,
    "a real change": GROWN,
    "a bare internal name": npm.files(
        {"name": "app", "dependencies": {"a": "^1.0.0", "acme-ui": "^1.0.0"}},
        {"a": npm.locked("a"), "acme-ui": npm.locked("acme-ui")},
    ),
    "no JSON": {**CLEAN, "package-lock.json": '{"a": 1, "a": 2}'},
    "a workflow": {**CLEAN, ".github/workflows/ci.yml": WORKFLOW},
    "a workflow that is no YAML": {**CLEAN, ".github/workflows/ci.yml": f"{WORKFLOW}\t: ["},
    "YAML that pnpm never writes": {"package.json": CLEAN["package.json"], "pnpm-lock.yaml": PNPM},
    "a registry over http": {**CLEAN, ".npmrc": "registry=http://npm.acme.test/\n"},
}


@pytest.mark.parametrize("name", CHANGES)
def test_it_says_what_the_installed_program_says(
    name: str, pyz: Path, lockward: Path, tmp_path: Path
) -> None:
    server = Server(tmp_path, lockward)
    policy = tmp_path / "policy.toml"
    policy.write_text(POLICY)
    server.seed(npm.files(APP, {"a": npm.locked("a")}))
    server.bare.git("config", "lockward.policy", str(policy))
    server.work.commit(CHANGES[name])
    told = []
    for program in (lockward, pyz):
        server.bare.hook("pre-receive", program)
        done = server.push("main")
        told.append((done.returncode, LIBYAML.sub("", remote(done.stderr))))
        server.bare.git("update-ref", "refs/heads/main", server.work.git("rev-parse", "HEAD~1"))

    assert told[0] == told[1]
    assert told[0][0] == (0 if name == "a real change" else 1)


def test_its_reading_of_shell_text_finds_nearly_all_that_the_grammar_finds(
    pyz: Path, lockward: Path, tmp_path: Path
) -> None:
    """Without tree-sitter, commands that are disguised on purpose stay unseen: a known limit."""
    for number, case in enumerate(ci_cases.cases()):
        for path, text in case.files.items():
            file = tmp_path / str(number) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def found(program: Path) -> set[str]:
        words = ("scan", "--only", "ci-npm-install", "--format", "concise", str(tmp_path))
        done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return {":".join(line.split(":")[:2]) for line in done.stdout.splitlines()[:-1]}

    grammar, lines = found(lockward), found(pyz)
    assert len(grammar & lines) >= 0.85 * len(grammar)
    assert len(lines - grammar) <= 0.05 * len(grammar)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/srv/x.git/hooks/pre-receive", ["pre-receive"]),
        ("/srv/x.git/hooks/pre-receive.d/10-lockward", ["pre-receive"]),
        ("/srv/x.git/hooks/update", ["update", "refs/x", "0", "1"]),
        ("/home/git/local/VREF/LOCKWARD", ["vref"]),
        (".git/hooks/pre-merge-commit", ["pre-commit"]),
        ("/usr/local/bin/lockward.pyz", ["scan", "."]),
    ],
)
def test_its_name_says_which_hook_it_is(path: str, words: list[str]) -> None:
    given = words[1:] if words[0] != "scan" else words

    assert bundled.words([path, *given]) == words


def test_the_file_itself_is_a_hook(pyz: Path, lockward: Path, tmp_path: Path) -> None:
    server = Server(tmp_path, lockward)
    server.seed()
    hook = server.bare.path / "hooks" / "pre-receive"
    shutil.copy(pyz.with_suffix(".pyz"), hook)
    server.work.commit(EVIL)

    assert "error[lockfile-integrity]" in server.refuse("main")
    server.work.git("reset", "--quiet", "--hard", "HEAD~1")
    server.work.commit(GROWN)
    server.accept("main")


def test_what_needs_packages_says_so(pyz: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [pyz, "install", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env=environment(tmp_path),
    )

    assert (done.returncode, "needs GitPython" in done.stderr) == (2, True)
