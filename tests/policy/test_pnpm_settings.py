"""What each pnpm reads of package.json and pnpm-workspace.yaml: settings, members, directives."""

from __future__ import annotations

import json

import pytest

from lockward import pnpm_settings
from lockward.errors import ManifestError
from lockward.workspaces import select_by_files
from tests.support import pnpm

FOLDERS = ("a", "packages/a", "packages/b/test", "packages/.x", "examples/e", "node_modules/m")


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        pytest.param(["packages/*"], ["packages/a"], id="one level, no dot folders"),
        pytest.param(["packages/**"], ["packages/a", "packages/b/test"], id="every level"),
        pytest.param(["./packages/*/"], ["packages/a"], id="dot and slash around it"),
        pytest.param(["**", "!**/test"], ["a", "examples/e", "packages/a"], id="negated"),
        pytest.param(["!**/test", "**"], ["a", "examples/e", "packages/a"], id="in any order"),
        pytest.param(["{a,examples/*}"], ["a", "examples/e"], id="braces"),
        pytest.param(["."], [], id="the root is no member"),
        pytest.param(["node_modules/*"], [], id="never below node_modules"),
    ],
)
def test_pnpms_globs_select_members(patterns: list[str], expected: list[str]) -> None:
    assert list(select_by_files(patterns, FOLDERS)) == expected


MEMBERS = {
    "pnpm-workspace.yaml": "packages:\n  - packages/*\n",
    "packages/a/package.json": '{"name": "a"}',
    "other/b/package.json": '{"name": "b"}',
}


@pytest.mark.parametrize(
    ("manifest", "extra", "expected"),
    [
        pytest.param({}, {}, {"packages/a"}, id="pnpm's own file"),
        pytest.param({"workspaces": ["other/*"]}, {}, {"packages/a"}, id="and not workspaces"),
        pytest.param(
            {"workspaces": ["other/*"], "packageManager": "npm@11.0.0"},
            {},
            {"other/b"},
            id="unless package.json names another manager",
        ),
        pytest.param(
            {"workspaces": ["other/*"]},
            {"package-lock.json": "{}"},
            {"other/b"},
            id="or another lockfile is in use",
        ),
        pytest.param(
            {"workspaces": ["other/*"]},
            {"pnpm-workspace.yaml": "catalog: {}\n"},
            set(),
            id="a file without packages has none",
        ),
    ],
)
def test_members(manifest: pnpm.Json, extra: dict[str, str], expected: set[str]) -> None:
    files = {**MEMBERS, "package.json": json.dumps(manifest), **extra}
    if "package-lock.json" not in extra:
        files["pnpm-lock.yaml"] = pnpm.lockfile({}, {})

    assert pnpm.project(files).member_folders == expected


BOTH: pnpm.Json = {
    "dependencies": {"react": "^18.0.0"},
    "resolutions": {"old": "1.0.0"},
    "pnpm": {"overrides": {"a@1>b": "$react"}, "patchedDependencies": {"p": "p.patch"}},
}
FILE = """\
catalog:
  c: ^1.0.0
catalogs:
  next: {c: ^2.0.0}
overrides:
  x: 'catalog:next'
  c: 'catalog:next'
packageExtensions:
  e@1:
    peerDependencies:
      f: '*'
"""
OWN = {("a@1", "b"): "^18.0.0", ("old",): "1.0.0"}
THEIRS = {("x",): "catalog:next", ("c",): "^2.0.0"}


@pytest.mark.parametrize(
    ("version", "overrides", "patched", "extended"),
    [
        pytest.param("9.15.9", OWN, True, False, id="pnpm 9 reads the manifest"),
        pytest.param("10.34.9", OWN, True, True, id="pnpm 10 reads both, and the manifest wins"),
        pytest.param("12.21.0", THEIRS, False, True, id="since 11 the file alone"),
        pytest.param("", OWN, True, True, id="an unknown version is taken to read both"),
    ],
)
def test_directives(
    version: str, overrides: dict[tuple[str, ...], str], *, patched: bool, extended: bool
) -> None:
    manifest = {**BOTH, **({"packageManager": f"pnpm@{version}"} if version else {})}
    project = pnpm.project(
        pnpm.files(
            manifest,
            pnpm.lockfile({}, {}),
            {"pnpm-workspace.yaml": FILE, ".pnpmfile.cjs": "module.exports = {}\n", "p.patch": "x"},
        )
    )
    found = project.directives

    assert dict(found.overrides) == overrides
    assert found.catalogs == {"": {"c": "^1.0.0"}, "next": {"c": "^2.0.0"}}
    assert found.patches == ({"p": b"x".hex()} if patched else {})
    assert found.extensions == ({"e@1": {"f": "*"}} if extended else {})
    assert list(found.hooks) == [".pnpmfile.cjs"]


@pytest.mark.parametrize(
    ("npmrc", "workspace", "version", "expected"),
    [
        pytest.param(
            "registry=https://a.test/\n", "", "12.0.0", {"": "https://a.test/"}, id="npmrc"
        ),
        pytest.param(
            "scope=@e\n@e:registry=https://e.test/\nregistry=https://a.test/\n",
            "",
            "9.0.0",
            {"": "https://a.test/", "@e": "https://e.test/"},
            id="scope= is npm's alone",
        ),
        pytest.param(
            "@e:registry=https://e.test/\n",
            "registries:\n  default: https://a.test/\n  '@e': https://y.test/\n",
            "10.0.0",
            {"": "https://a.test/", "@e": "https://y.test/"},
            id="the workspace file wins",
        ),
        pytest.param(
            "@e:registry=https://e.test/\n",
            "registries:\n  '@e': https://y.test/\n",
            "9.0.0",
            {"@e": "https://e.test/"},
            id="pnpm 9 knows nothing of it",
        ),
        pytest.param(
            "",
            "registries:\n  https://u.test/:\n    scopes: ['@e', '@']\n",
            "12.0.0",
            {"": "https://u.test/", "@e": "https://u.test/"},
            id="by URL",
        ),
        pytest.param(
            "", "registry: https://r.test/\n", "12.0.0", {"": "https://r.test/"}, id="registry"
        ),
        pytest.param("", "registry: https://r.test/\n", "10.0.0", {}, id="which 10 ignores"),
    ],
)
def test_registries(npmrc: str, workspace: str, version: str, expected: dict[str, str]) -> None:
    files = pnpm.files({"packageManager": f"pnpm@{version}"}, pnpm.lockfile({}, {}))
    found = pnpm.project({**files, ".npmrc": npmrc, "pnpm-workspace.yaml": workspace}).registries
    pins = {scope: pin.url for scope, pin in found.scopes.items()}
    if found.default is not None:
        pins[""] = found.default.url

    assert pins == expected
    assert found.complete


def test_a_pin_has_the_line_of_its_file() -> None:
    files = pnpm.files({}, pnpm.lockfile({}, {}))
    text = "packages: []\nregistries:\n  # ours\n  '@e': https://e.test/\n"
    pin = pnpm.project({**files, "pnpm-workspace.yaml": text}).registries.scope("@e")

    assert pin is not None
    assert (pin.path, pin.line) == ("pnpm-workspace.yaml", 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", {}, id="nothing"),
        pytest.param("# only a comment\n", {}, id="a comment"),
        pytest.param(
            "catalog:\n  a: &v ^1\n  b: *v\n", {"catalog": {"a": "^1", "b": "^1"}}, id="alias"
        ),
        pytest.param("\ufeffpackages: []\n", {"packages": []}, id="a byte order mark"),
    ],
)
def test_a_file_written_by_hand_is_read(text: str, expected: object) -> None:
    assert pnpm_settings.read("pnpm-workspace.yaml", text.encode()) == expected


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        pytest.param("a: 1\nb: &x {c: d}\ne: *x\n", 2, "anchor", id="an anchor on a mapping"),
        pytest.param("a: *x\n", 1, "alias", id="an alias of nothing"),
        pytest.param("a: 1\na: 2\n", 2, "twice", id="a key twice"),
        pytest.param("<<: {a: b}\n", 1, "merge key", id="a merge key"),
        pytest.param("- a\n", 1, "not a mapping", id="a list"),
        pytest.param("a: b\n---\nc: d\n", 1, "more than one", id="two documents"),
    ],
)
def test_what_two_readers_could_read_differently_is_refused(
    text: str, line: int, words: str
) -> None:
    with pytest.raises(ManifestError, match=words) as caught:
        pnpm_settings.read("pnpm-workspace.yaml", text.encode())

    assert caught.value.line in (line, line + 1)


def test_an_unreadable_file_is_the_projects_fault() -> None:
    project = pnpm.project(
        {**pnpm.files({}, pnpm.lockfile({}, {})), "pnpm-workspace.yaml": "a: [\n"}
    )

    assert [fault.path for fault in project.faults] == ["pnpm-workspace.yaml"]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        pytest.param("a", ("", "a"), id="a name"),
        pytest.param("@s/a@>=1 <2", ("", "@s/a@>=1 <2"), id="a range with its own signs"),
        pytest.param("@s/a@1>b@>2", ("@s/a@1", "b@>2"), id="a parent"),
        pytest.param("a@1 || >2>b", ("a@1 || >2", "b"), id="a parent with a range of many"),
    ],
)
def test_an_overrides_selector(selector: str, expected: tuple[str, str]) -> None:
    assert pnpm_settings.parts_of(selector) == expected
