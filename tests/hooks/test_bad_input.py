"""What an attacker, a bad merge or a broken disk puts into a repository.

A clear finding, or "undecided" with exit 2; never a traceback, never a pass.
"""

from __future__ import annotations

import json
import os
from typing import Final

import pytest

from tests.support import npm
from tests.support.repos import APP, CLEAN, Repo

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

LOCK: Final = "package-lock.json"
MANIFEST: Final = "package.json"
BASE: Final = {**CLEAN, "README": "x"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """One repository for all cases; each leaves it as it was."""
    repo = Repo(tmp_path_factory.mktemp("bad") / "work")
    repo.commit(BASE, "first")
    return repo


@pytest.fixture
def sound(shared: Repo) -> Repo:
    shared.git("reset", "--quiet", "--hard", "HEAD")
    shared.git("clean", "-fdxq")
    return shared


def judged(
    repo: Repo, lockward: Path, *args: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """What the command says; it never crashes."""
    done = repo.run(str(lockward), *(args or ("check",)), env=env)
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert "crashed" not in said, said
    assert not any(ord(char) < 32 and char != "\n" for char in said), repr(said)
    return done


LOCKFILE_TEXT: Final = str(CLEAN[LOCK])
# What stands in the file -> a word of what is said about it.
CONTENTS: Final[dict[str, tuple[bytes, str]]] = {
    "nothing": (b"", "is empty"),
    "blanks": (b" \n\n", "is empty"),
    "half of it": (LOCKFILE_TEXT.encode()[:120], "unterminated"),
    "binary": (bytes(range(256)) * 8, "NUL"),
    "a NUL byte": (LOCKFILE_TEXT.encode() + b"\0", "NUL"),
    "UTF-16": (LOCKFILE_TEXT.encode("utf-16"), "UTF-16"),
    "Latin-1": (b'{"name": "caf\xe9"}', "UTF-8"),
    "no object": (b"[]", "no JSON object"),
    "a number": (b"1", "no JSON object"),
    "a conflict": (b'{\n<<<<<<< a\n"x": 1\n=======\n"x": 2\n>>>>>>> b\n}', "conflict"),
    "a key twice": (b'{"name": "a", "name": "b"}', "twice"),
    "a prototype": (b'{"__proto__": {"a": 1}}', "__proto__"),
    "a deep nest": (b'{"a":' * 5000 + b"1" + b"}" * 5000, "deeper"),
    "a deep nest of lists": (b"[" * 100_000, "deeper"),
    "a comment": (b'{// x\n"name": "a"}', "comment"),
    "a trailing comma": (b'{"name": "a",}', "comma"),
    "two documents": (b"{}{}", "more follows"),
    "a shell script": (b"#!/bin/sh\nrm -rf /\n", "comment"),
    "terminal control": (b'{"\x1b[2J": 1}', "control character"),
}


@pytest.mark.parametrize("path", [LOCK, MANIFEST, "packages/ui/package.json"])
@pytest.mark.parametrize("content", CONTENTS)
def test_a_file_that_cannot_be_read_is_undecided(
    sound: Repo, lockward: Path, path: str, content: str
) -> None:
    data, word = CONTENTS[content]
    if path.startswith("packages/"):
        root = {**APP, "workspaces": ["packages/*"]}
        sound.stage({MANIFEST: npm.files(root, {})[MANIFEST]})
    sound.stage({path: data})

    done = judged(sound, lockward)

    assert done.returncode == 2, done.stdout + done.stderr
    assert f"{path}:" in done.stdout
    assert word in done.stdout
    assert "error[lockfile-unreadable]" in done.stdout
    assert judged(sound, lockward, "scan").returncode == 2


@pytest.mark.parametrize(
    ("packages", "word"),
    [
        pytest.param(
            {"node_modules/../../x": {}}, "no place for a package", id="a key that leaves"
        ),
        pytest.param({"/etc/node_modules/a": {}}, "it is absolute", id="an absolute key"),
        pytest.param({"node_modules/a\u001b[2J": {}}, "control characters", id="control"),
        pytest.param({"node_modules/a": {"version": 1}}, "not a string", id="a wrong type"),
        pytest.param({"node_modules/a": []}, "not an object", id="no object"),
        pytest.param({"node_modules/a": {"link": True, "resolved": "x"}}, "no entry", id="nowhere"),
    ],
)
def test_an_entry_that_npm_could_not_use(
    sound: Repo, lockward: Path, packages: npm.Json, word: str
) -> None:
    lock = npm.lockfile(APP, {}).replace('"packages": {', '"packages": {\n"@": {},', 1)
    rest = json.dumps(packages)[1:-1]
    sound.stage({LOCK: lock.replace('"@": {}', rest)})

    done = judged(sound, lockward)

    assert done.returncode == 2, done.stdout + done.stderr
    assert word in done.stdout


@pytest.mark.parametrize("path", [LOCK, MANIFEST])
def test_a_gigantic_file_is_undecided(sound: Repo, lockward: Path, path: str) -> None:
    sound.stage({path: b'{"x": "' + b"a" * 200_000 + b'"}'})
    sound.stage({".lockward.toml": "[lockfile]\nmax-bytes = 100000\n"})
    done = judged(sound, lockward)
    assert (done.returncode, path in done.stdout) == (2, True)
    assert "longer than" in done.stdout


@pytest.mark.parametrize("path", [LOCK, MANIFEST])
@pytest.mark.parametrize("target", ["/etc/passwd", "README", "nowhere"])
def test_a_symbolic_link_is_undecided(sound: Repo, lockward: Path, path: str, target: str) -> None:
    (sound.path / path).unlink()
    (sound.path / path).symlink_to(target)
    sound.git("add", path)
    done = judged(sound, lockward)
    assert (done.returncode, "symbolic link" in done.stdout) == (2, True), done.stdout


@pytest.mark.parametrize("path", [LOCK, MANIFEST])
def test_a_submodule_is_undecided(sound: Repo, lockward: Path, path: str) -> None:
    commit = sound.git("rev-parse", "HEAD")
    sound.git("rm", "-q", "--cached", path)
    sound.git("update-index", "--add", "--cacheinfo", f"160000,{commit},{path}")
    done = judged(sound, lockward)
    assert (done.returncode, "submodule" in done.stdout) == (2, True), done.stdout


def test_a_deleted_lockfile_is_refused(sound: Repo, lockward: Path) -> None:
    sound.git("rm", "-q", LOCK)
    done = judged(sound, lockward)
    assert (done.returncode, "error[lockfile-missing]" in done.stdout) == (1, True)


def test_a_deleted_project_passes(sound: Repo, lockward: Path) -> None:
    sound.git("rm", "-q", LOCK, MANIFEST, ".npmrc")
    assert judged(sound, lockward).returncode == 0


def test_a_name_that_differs_by_case_is_undecided(sound: Repo, lockward: Path) -> None:
    sound.stage({"Package.json": "{}"})
    done = judged(sound, lockward)
    assert (done.returncode, "its case only" in done.stdout) == (2, True)


def test_a_settings_file_of_any_bytes_is_read(sound: Repo, lockward: Path) -> None:
    sound.stage({".npmrc": bytes(range(256)) * 4 + b"\nstrict-ssl=false\n"})
    done = judged(sound, lockward)
    assert done.returncode in (1, 2)
    assert "error[npmrc-unsafe]" in done.stdout


NAMES: Final = (b"a\nb", b"\xff\xfe", b"\x1b[2J", b"-rf", b"a\tb", "\u202e".encode(), b'"q"', b" ")


@pytest.mark.parametrize("name", [pytest.param(name, id=repr(name)) for name in NAMES])
def test_a_project_in_a_folder_of_any_name_is_judged(
    sound: Repo, lockward: Path, name: bytes
) -> None:
    folder = os.fsdecode(name)
    lock = npm.lockfile(APP, {"a": npm.locked("a", integrity=None)})
    sound.write({f"{folder}/{LOCK}": lock, f"{folder}/{MANIFEST}": CLEAN[MANIFEST]})
    sound.git("add", "--all")
    done = judged(sound, lockward)
    assert (done.returncode, "error[lockfile-integrity]" in done.stdout) == (1, True), done.stdout


@pytest.mark.parametrize(
    ("text", "word"),
    [
        pytest.param("[rules\n", ".lockward.toml:1", id="no TOML"),
        pytest.param('[rules]\nlockfile-integrty = "off"\n', "did you mean", id="a rule misspelt"),
        pytest.param('[rules]\nlockfile-integrity = "of"\n', ".lockward.toml:2", id="a level"),
        pytest.param("[lockfile]\nrefresh = 1\n", ".lockward.toml:2", id="a wrong type"),
        pytest.param("\0", ".lockward.toml", id="a NUL byte"),
        pytest.param("x = '\x1b'\n", ".lockward.toml", id="terminal control"),
    ],
)
def test_a_wrong_policy_is_undecided(sound: Repo, lockward: Path, text: str, word: str) -> None:
    sound.stage({".lockward.toml": text})
    done = judged(sound, lockward)
    assert done.returncode == 2
    assert word in done.stdout + done.stderr
    assert "passed" not in done.stdout


@pytest.mark.parametrize("path", [LOCK, MANIFEST])
def test_an_object_that_is_missing_or_broken_is_undecided(
    tmp_path: Path, lockward: Path, path: str
) -> None:
    repo = Repo(tmp_path / "work")
    repo.commit(BASE, "first")
    repo.stage({path: str(CLEAN[path]) + "\n"})
    oid = repo.git("rev-parse", f":{path}")
    stored = repo.path / ".git" / "objects" / oid[:2] / oid[2:]
    stored.chmod(0o644)
    stored.write_bytes(b"rubbish")
    assert judged(repo, lockward).returncode == 2
    stored.unlink()
    assert judged(repo, lockward).returncode == 2


@pytest.mark.parametrize(
    "env",
    [
        pytest.param({"PATH": "/nonexistent"}, id="no git"),
        pytest.param({"GIT_DIR": "/nonexistent"}, id="no repository"),
        pytest.param({"GIT_INDEX_FILE": "/etc/hostname"}, id="an index that is none"),
    ],
)
def test_git_that_fails_is_undecided(sound: Repo, lockward: Path, env: dict[str, str]) -> None:
    assert judged(sound, lockward, env=env).returncode == 2
