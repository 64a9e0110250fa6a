"""Which registry serves which scope in projects of Yarn 1 and of Berry, against Yarn itself."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from lockward import registries
from lockward.managers import Manager
from lockward.memory import MemoryTree
from tests.support import tools, yarn_frozen

if TYPE_CHECKING:
    from pathlib import Path

    from lockward.managers import Kind

ONE = "https://one.example.org/"
TWO = "https://two.example.org/"
THREE = "https://three.example.org/"


def pins(kind: Kind, files: dict[str, str], root: str = "") -> dict[str, str]:
    """Scope ("" = everything else) -> URL, in what is read from files."""
    read = registries.read(MemoryTree(files), root, Manager(kind))
    assert read.complete
    assert read.faults == ()
    found = {scope: pin.url for scope, pin in read.scopes.items() if not pin.fault}
    return found if read.default is None else {"": read.default.url, **found}


CLASSIC = [
    pytest.param({}, {}, id="no file"),
    pytest.param({".npmrc": f"registry={ONE}\n"}, {"": ONE}, id=".npmrc"),
    pytest.param({".yarnrc": f'registry "{ONE}"\n'}, {"": ONE}, id=".yarnrc"),
    pytest.param(
        {".npmrc": f"registry={ONE}\n", ".yarnrc": f'registry "{TWO}"\n'},
        {"": ONE},
        id=".npmrc before .yarnrc",
    ),
    pytest.param({".yarnrc": f'"@acme:registry" "{ONE}"\n'}, {"@acme": ONE}, id="a scope"),
    pytest.param(
        {".npmrc": f"@acme:registry={ONE}\n", ".yarnrc": f'"@acme:registry" "{TWO}"\n'},
        {"@acme": ONE},
        id="a scope in both",
    ),
    pytest.param(
        {".npmrc": f"registry={ONE}\n", ".yarnrc": f'"@acme:registry" "{TWO}"\n'},
        {"": ONE, "@acme": TWO},
        id="a scope in one, the default in the other",
    ),
    pytest.param(
        {".npmrc": f"registry={ONE}\n", ".yarnrc": f'--registry "{TWO}"\n'},
        {"": TWO},
        id="an argument in .yarnrc before all",
    ),
    pytest.param(
        {".yarnrc": f'registry "{ONE}"\nregistry "{TWO}"\n'}, {"": TWO}, id="the last line counts"
    ),
    pytest.param(
        {".npmrc": f"scope=@acme\n@acme:registry={ONE}\nregistry={TWO}\n"},
        {"": TWO, "@acme": ONE},
        id="npm's scope means nothing",
    ),
]


@pytest.mark.parametrize(("files", "expected"), CLASSIC)
def test_yarn_1_reads_two_files(files: dict[str, str], expected: dict[str, str]) -> None:
    assert pins("yarn-classic", files) == expected


def test_the_nearer_file_wins() -> None:
    files = {
        ".yarnrc": f'registry "{ONE}"\n"@a:registry" "{ONE}"\n',
        "app/.yarnrc": f'registry "{TWO}"\n',
        ".npmrc": f"@b:registry={THREE}\n",
        "other/.npmrc": f"@c:registry={THREE}\n",
    }

    assert pins("yarn-classic", files, "app") == {"": TWO, "@a": ONE, "@b": THREE}


def yarn(package: str, folder: Path, *argv: str) -> str:
    ran = subprocess.run(
        ["node", str(tools.program(package, "yarn").resolve()), *argv],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "YARN_IGNORE_PATH": "1"},
    )
    return ran.stdout


@pytest.mark.parametrize(("files", "expected"), CLASSIC[:7])
def test_yarn_1_says_the_same(
    files: dict[str, str], expected: dict[str, str], tmp_path: Path
) -> None:
    for path, text in {"package.json": "{}", **files}.items():
        (tmp_path / path).write_text(text)

    said = yarn(yarn_frozen.PROGRAMS["yarn-classic"][0], tmp_path, "config", "list", "--json")

    blocks = [json.loads(line)["data"] for line in said.splitlines() if '"inspect"' in line]
    its_own, npms = blocks[0], blocks[1]
    for scope, url in expected.items():
        key = f"{scope}:registry" if scope else "registry"
        assert (npms.get(key) or its_own.get(key)) == url


BERRY = [
    pytest.param("", {}, id="an empty file"),
    pytest.param(f"npmRegistryServer: {ONE}\n", {"": ONE}, id="the default"),
    pytest.param(
        f"npmScopes:\n  acme:\n    npmRegistryServer: {ONE}\n", {"@acme": ONE}, id="a scope"
    ),
    pytest.param(
        f"npmScopes:\n  acme:\n    npmAuthToken: x\nnpmRegistryServer: {TWO}\n",
        {"": TWO},
        id="a scope with a token only",
    ),
    pytest.param(
        f'npmScopes: {{acme: {{npmRegistryServer: "{ONE}"}}}}\n', {"@acme": ONE}, id="in one line"
    ),
    pytest.param(
        'npmScopes:\n  acme:\n    npmRegistryServer: "${R:-https://e.test}"\n',
        {},
        id="what the environment decides is no pin",
    ),
    pytest.param(
        f'npmRegistries:\n  "{ONE}":\n    npmAlwaysAuth: true\n',
        {},
        id="npmRegistries pins nothing",
    ),
]


@pytest.mark.parametrize(("text", "expected"), BERRY)
def test_berry_reads_yarnrc_yml_alone(text: str, expected: dict[str, str]) -> None:
    files = {".yarnrc.yml": text, ".npmrc": f"registry={THREE}\n@acme:registry={THREE}\n"}

    assert pins("yarn-berry", files) == expected


def test_berry_says_the_same(tmp_path: Path) -> None:
    text = f"npmRegistryServer: {ONE}\nnpmScopes:\n  acme:\n    npmRegistryServer: {TWO}\n"
    files = {"package.json": "{}", "yarn.lock": "", ".yarnrc.yml": text, ".npmrc": "registry=x\n"}
    for path, content in files.items():
        (tmp_path / path).write_text(content)

    program = yarn_frozen.PROGRAMS["yarn-berry"][0]
    assert yarn(program, tmp_path, "config", "get", "npmRegistryServer").strip() == ONE
    scopes = json.loads(yarn(program, tmp_path, "config", "get", "npmScopes", "--json"))
    assert scopes["acme"]["npmRegistryServer"] == TWO
    assert pins("yarn-berry", files) == {"": ONE, "@acme": TWO}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: 1\na: 2\n", id="twice"),
        pytest.param("a: &x 1\n", id="an anchor"),
        pytest.param("a: 1\n---\nb: 2\n", id="two documents"),
        pytest.param("<<<<<<< HEAD\n", id="a conflict"),
    ],
)
def test_a_file_that_readers_read_differently_is_a_fault(text: str) -> None:
    read = registries.read(MemoryTree({".yarnrc.yml": text}), "", Manager("yarn-berry"))

    assert [(fault.path, bool(fault.line)) for fault in read.faults] == [(".yarnrc.yml", True)]
