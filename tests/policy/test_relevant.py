"""Which paths matter, from their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockward import relevant
from tests.support import interpreter


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        pytest.param("package-lock.json", "lockfile", id="npm's lockfile"),
        pytest.param("a/npm-shrinkwrap.json", "lockfile", id="a shrinkwrap"),
        pytest.param("yarn.lock", "lockfile", id="yarn"),
        pytest.param("pnpm-lock.yaml", "lockfile", id="pnpm"),
        pytest.param("pnpm-lock.feature-x.yaml", "lockfile", id="pnpm's lockfile of a branch"),
        pytest.param("bun.lock", "lockfile", id="bun"),
        pytest.param("bun.lockb", "lockfile", id="bun, binary"),
        pytest.param("node_modules/.package-lock.json", "lockfile", id="npm's hidden lockfile"),
        pytest.param("Package-Lock.JSON", "lockfile", id="case does not count"),
        pytest.param("packages/a/package.json", "manifest", id="a manifest"),
        pytest.param("pnpm-workspace.yaml", "manifest", id="pnpm's workspace file"),
        pytest.param("app/.npmrc", "settings", id="npm's settings"),
        pytest.param(".yarnrc.yml", "settings", id="Yarn's settings"),
        pytest.param("bunfig.toml", "settings", id="bun's settings"),
        pytest.param(".lockward.toml", "policy", id="our policy"),
        pytest.param("pyproject.toml", "policy", id="where a policy may be as well"),
        pytest.param(".github/workflows/ci.yml", "ci", id="a workflow"),
        pytest.param("a/.forgejo/workflows/ci.yaml", "ci", id="a workflow elsewhere"),
        pytest.param("actions/setup/action.yml", "ci", id="a composite action"),
        pytest.param("Dockerfile", "ci", id="a Dockerfile"),
        pytest.param("docker/Dockerfile.prod", "ci", id="a Dockerfile with an ending"),
        pytest.param("web.dockerfile", "ci", id="a Dockerfile by its ending"),
        pytest.param("scripts/build", "ci", id="a file without ending among scripts"),
        pytest.param("x/deploy.sh", "ci", id="a shell script"),
        pytest.param("x/deploy.ps1", "ci", id="a PowerShell script"),
        pytest.param("src/index.js", "", id="source"),
        pytest.param("package.json.bak", "", id="a copy of a manifest"),
        pytest.param("my-package.json", "", id="a name that only ends alike"),
        pytest.param("docs/ci.yml", "", id="another YAML file"),
        pytest.param("src/build", "", id="a file without ending elsewhere"),
        pytest.param("pnpm-lock.yaml.orig", "", id="a copy of pnpm's lockfile"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_the_kind_of_a_path(path: str, kind: str) -> None:
    assert relevant.kind(path) == kind


@pytest.mark.parametrize(
    ("path", "installed"),
    [
        pytest.param("node_modules/a/package.json", True, id="at the top"),
        pytest.param("x/node_modules/a/package.json", True, id="in a project below"),
        pytest.param("my_node_modules/package-lock.json", False, id="a name that ends alike"),
        pytest.param("x/old.node_modules/package.json", False, id="another, below"),
        pytest.param("node_modules", False, id="a file of that name"),
    ],
)
def test_what_is_installed(path: str, installed: bool) -> None:  # noqa: FBT001 - a table
    assert relevant.is_installed(path) is installed


@given(st.text())
def test_any_path_has_a_kind(path: str) -> None:
    assert relevant.kind(path) in ("lockfile", "manifest", "settings", "ci", "policy", "")
    assert relevant.kind(f"a/{path}") in ("lockfile", "manifest", "settings", "ci", "policy", "")


def test_it_imports_nothing() -> None:
    assert interpreter.loaded(["lockward.relevant"], ["lockward.model", "re", "typing"]) == []
