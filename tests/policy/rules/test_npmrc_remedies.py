"""What the findings about .npmrc say mends them does: npm and a shell run it, and we look again."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.rules import npmrc_scope_pin, npmrc_unsafe
from tests.support import npm

if TYPE_CHECKING:
    from pathlib import Path

    from lockward.findings import Finding

pytestmark = [pytest.mark.node, pytest.mark.git]

ACME = Policy(scopes=("@acme",), registries={"@acme": "https://npm.acme.test/"})
APP: npm.Json = {"name": "app", "workspaces": ["m"], "dependencies": {"@acme/ui": "^1.0.0"}}


def prepare(folder: Path, npmrc: str | None, path: str = ".npmrc") -> None:
    """A repository with the .npmrc staged."""
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    for name, text in npm.files(APP, {}, {"m/package.json": '{"name": "m"}'}).items():
        if name != ".npmrc":
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(str(text))
    if npmrc is not None:
        (folder / path).write_text(npmrc)
    subprocess.run(["git", "-C", str(folder), "add", "-A"], check=True)


def mend(folder: Path, finding: Finding) -> None:
    """Run the finding's commands; words (what to revoke) are no commands."""
    for line in finding.remedy:
        if not line.startswith("revoke"):
            subprocess.run(["sh", "-ec", line], cwd=folder, check=True, capture_output=True)


def staged(folder: Path, path: str) -> bytes | None:
    """What git would commit."""
    shown = subprocess.run(
        ["git", "-C", str(folder), "cat-file", "blob", f":{path}"], check=False, capture_output=True
    )
    return shown.stdout if shown.returncode == 0 else None


@pytest.mark.parametrize(
    ("npmrc", "path", "left"),
    [
        pytest.param("git=./x\nfund=false\n", ".npmrc", b"fund=false", id="a setting among others"),
        pytest.param("strict-ssl=false", ".npmrc", None, id="the only setting"),
        pytest.param(
            "registry=http://x.test/\nfund=false", ".npmrc", b"fund=false", id="a registry"
        ),
        pytest.param("ca[]=a\nca[]=b\nfund=false", ".npmrc", b"fund=false", id="a list"),
        pytest.param("git=./x\nfund=false\n", "m/.npmrc", b"fund=false", id="a workspace's file"),
        pytest.param(
            "//npm.acme.test/:_authToken=npm_0123456789",
            ".npmrc",
            b"//npm.acme.test/:_authToken=${NPM_TOKEN}",
            id="a token",
        ),
    ],
)
def test_npmrc_unsafe(npmrc: str, path: str, left: bytes | None, tmp_path: Path) -> None:
    prepare(tmp_path, npmrc, path)
    [finding, *_] = npmrc_unsafe.check(path, MemoryTree({path: npmrc}), ACME)
    mend(tmp_path, finding)
    after = staged(tmp_path, path)
    assert (None if after is None else after.strip()) == left
    assert list(npmrc_unsafe.check(path, MemoryTree({path: after or b""}), ACME)) == []


@pytest.mark.parametrize(
    "npmrc",
    [
        pytest.param(None, id="no file"),
        pytest.param("fund=false\n# ours", id="no newline at the end"),
        pytest.param("fund=false\n# ours\n", id="a comment"),
        pytest.param("@acme:registry=http://npm.acme.test/\n", id="a wrong pin"),
        pytest.param("@acme:registry[]=https://npm.acme.test/\n", id="a list"),
    ],
)
def test_npmrc_scope_pin(npmrc: str | None, tmp_path: Path) -> None:
    prepare(tmp_path, npmrc)
    contents = npm.files(APP, {}, {"m/package.json": "{}"})
    contents.pop(".npmrc")
    before = contents if npmrc is None else {**contents, ".npmrc": npmrc}
    [finding] = npmrc_scope_pin.check(npm.project(before), ACME)
    mend(tmp_path, finding)
    after = {**contents, ".npmrc": staged(tmp_path, ".npmrc") or b""}
    assert list(npmrc_scope_pin.check(npm.project(after), ACME)) == []
