"""npm's lockfiles, each field as it is read.

That entries are those of npm's own arborist is shown in test_npm_parity, what is
refused in test_npm_hostile.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from lockward import lockfiles
from tests.support.npm import locked

if TYPE_CHECKING:
    from lockward.model import Lockfile, Package

COMMIT: Final = "a" * 40
Json = dict[str, Any]


def document(packages: Json, version: int = 3, **more: object) -> Json:
    return {"name": "app", "lockfileVersion": version, "packages": {"": {}, **packages}, **more}


def read(value: object, path: str = "package-lock.json") -> Lockfile:
    return lockfiles.read(path, json.dumps(value, indent=1).encode())


def entry(packages: Json, key: str = "node_modules/a") -> Package:
    return read(document(packages)).by_key[key]


# What is read


@pytest.mark.parametrize("name", ["package-lock.json", "npm-shrinkwrap.json"])
@pytest.mark.parametrize("version", [2, 3, 4])
def test_the_file_names_and_versions(name: str, version: int) -> None:
    found = read(document({"node_modules/a": locked("a")}, version), f"app/{name}")
    assert (found.path, found.format, found.version) == (f"app/{name}", "npm", str(version))
    assert [package.key for package in found.packages] == ["", "node_modules/a"]


@pytest.mark.parametrize(
    ("fields", "attribute", "value"),
    [
        pytest.param({}, "source", "registry", id="a registry's"),
        pytest.param({"resolved": None}, "source", "registry", id="without an address"),
        pytest.param({"resolved": None, "inBundle": True}, "source", "bundled", id="bundled"),
        pytest.param({"inBundle": True}, "source", "registry", id="bundled by the root itself"),
        pytest.param(
            {"resolved": f"git+ssh://git@example.org/a.git#{COMMIT}"}, "source", "git", id="git"
        ),
        pytest.param({"resolved": "file:a.tgz"}, "source", "file", id="a tarball file"),
        pytest.param({"resolved": "file:a"}, "source", "directory", id="a folder, copied"),
        pytest.param({"resolved": "https://x.example/a.tgz"}, "source", "remote", id="a URL"),
        pytest.param(
            {"resolved": "http://registry.example.org/a/-/a-1.0.0.tgz"},
            *("source", "registry"),
            id="a registry over http is one",
        ),
        pytest.param({"resolved": "1.0.0"}, "source", "registry", id="a bare version"),
        pytest.param({"resolved": "a@https://x.example/a"}, "source", "remote", id="name@URL"),
        pytest.param({"name": "b"}, "name", "b", id="an alias's own name"),
        pytest.param({"name": "b"}, "alias", "a", id="and the name it stands under"),
        pytest.param({"dev": True}, "dev", True, id="dev"),
        pytest.param({"optional": True}, "optional", True, id="optional"),
        pytest.param({"hasInstallScript": True}, "has_install_script", True, id="a script"),
        pytest.param({"hasShrinkwrap": True}, "has_shrinkwrap", True, id="a shrinkwrap"),
        pytest.param({"bundleDependencies": ["b"]}, "bundle_dependencies", {"b"}, id="bundles"),
        pytest.param(
            {"bundleDependencies": True, "dependencies": {"b": "1"}},
            *("bundle_dependencies", {"b"}),
            id="bundles everything",
        ),
        pytest.param({"bundleDependencies": False}, "bundle_dependencies", set(), id="nothing"),
        pytest.param({"dependencies": {"b": "1"}}, "dependencies", {"b": "1"}, id="edges"),
        pytest.param(
            {"optionalDependencies": {"b": "1"}}, "optional_dependencies", {"b": "1"}, id="maybe"
        ),
        pytest.param({"peerDependencies": {"b": "1"}}, "peer_dependencies", {"b": "1"}, id="peers"),
        pytest.param({"devDependencies": {"b": "1"}}, "dev_dependencies", {}, id="no tools of it"),
        pytest.param(
            {"peerDependenciesMeta": {"b": {"optional": True}, "c": {}}},
            *("peer_optional", {"b"}),
            id="optional peers",
        ),
        pytest.param({"license": ["MIT"]}, "raw", None, id="a licence of any type"),
        pytest.param({"engines": ["node"]}, "raw", None, id="engines of any type"),
        pytest.param({"unknown": 1}, "version", "1.0.0", id="a field that nobody knows"),
    ],
)
def test_a_field(fields: Json, attribute: str, value: object) -> None:
    found = getattr(entry({"node_modules/a": locked("a", **fields)}), attribute)
    if value is not None:
        assert found == value


def test_places_and_their_names() -> None:
    found = read(
        document(
            {
                "node_modules/@s/a": locked("@s/a"),
                "node_modules/@s/a/node_modules/b": locked("b"),
                "packages/ui": {"version": "1.0.0", "devDependencies": {"b": "1"}},
                "packages/ui/node_modules/b": locked("b", "2.0.0"),
                "node_modules/ui": {"resolved": "packages/ui", "link": True},
                "../outside": {"name": "out", "version": "3.0.0"},
                "../outside/node_modules/c": locked("c"),
                "node_modules/out": {"resolved": "../outside", "link": True},
            }
        )
    )
    assert [(p.key, p.alias, p.version, p.source) for p in found.packages[1:]] == [
        ("node_modules/@s/a", "@s/a", "1.0.0", "registry"),
        ("node_modules/@s/a/node_modules/b", "b", "1.0.0", "registry"),
        ("packages/ui", "ui", "1.0.0", "directory"),
        ("packages/ui/node_modules/b", "b", "2.0.0", "registry"),
        ("node_modules/ui", "ui", "1.0.0", "link"),
        ("../outside", "out", "3.0.0", "directory"),
        ("../outside/node_modules/c", "c", "1.0.0", "registry"),
        ("node_modules/out", "out", "3.0.0", "link"),
    ]
    assert list(found.importers) == ["", "packages/ui", "../outside"]
    assert found.importers["packages/ui"].sections["devDependencies"] == {"b": "1"}


@pytest.mark.parametrize(
    "declared", [["packages/*"], {"packages": ["packages/*"]}], ids=["npm's", "Yarn's"]
)
def test_workspaces_are_those_that_the_root_entry_declares(declared: object) -> None:
    packages = {
        "packages/ui": {"version": "1.0.0"},
        "node_modules/ui": {"resolved": "packages/ui", "link": True},
    }
    lock = document(packages)
    lock["packages"][""] = {"workspaces": declared}
    found = read(lock)
    assert {key: found.by_key[key].source for key in ("packages/ui", "node_modules/ui")} == {
        "packages/ui": "workspace",
        "node_modules/ui": "workspace",
    }


def test_lines_of_entries() -> None:
    data = json.dumps(document({"node_modules/a": locked("a")}), indent=2).encode()
    found = lockfiles.read("package-lock.json", data)
    assert data.split(b"\n")[found.line_of("node_modules/a") - 1].strip() == b'"node_modules/a": {'
    assert found.line_of("nothing") == 1


# Version 1: a tree of dependencies

V1: Final[Json] = {
    "lockfileVersion": 1,
    "requires": True,
    "dependencies": {
        "a": {
            **locked("a"),
            "requires": {"b": "^2.0.0", "c": "^1.0.0"},
            "dependencies": {"b": locked("b", "2.0.0")},
        },
        "b": locked("b"),
        "c": {**locked("c"), "optional": True},
        "d": {**locked("d"), "dev": True},
    },
}


def test_version_1_is_laid_flat() -> None:
    found = read(V1)
    assert [(p.key, p.version) for p in found.packages] == [
        ("node_modules/a", "1.0.0"),
        ("node_modules/a/node_modules/b", "2.0.0"),
        ("node_modules/b", "1.0.0"),
        ("node_modules/c", "1.0.0"),
        ("node_modules/d", "1.0.0"),
    ]
    a = found.by_key["node_modules/a"]
    assert (a.dependencies, a.optional_dependencies) == ({"b": "^2.0.0"}, {"c": "^1.0.0"})
    assert found.by_key["node_modules/d"].dev
    data = json.dumps(V1, indent=1).encode()
    line = lockfiles.read("package-lock.json", data).line_of("node_modules/a/node_modules/b")
    assert data.split(b"\n")[line - 1].strip() == b'"b": {'
    assert line > found.line_of("node_modules/a")


@pytest.mark.parametrize(
    ("fields", "name", "version", "resolved", "source"),
    [
        pytest.param(
            {"version": "npm:other@2.0.0"}, "other", "2.0.0", None, "registry", id="an alias"
        ),
        pytest.param(
            {"version": f"git+ssh://git@example.org/a.git#{COMMIT}"},
            *("a", "", f"git+ssh://git@example.org/a.git#{COMMIT}", "git"),
            id="git",
        ),
        pytest.param(
            {"version": f"github:acme/a#{COMMIT}"},
            *("a", "", f"git+ssh://git@github.com/acme/a.git#{COMMIT}", "git"),
            id="a known host",
        ),
        pytest.param(
            {"version": "file:vendor/a-1.2.0.tgz"},
            *("a", "1.2.0", "file:vendor/a-1.2.0.tgz", "file"),
            id="a tarball file",
        ),
        pytest.param(
            {"version": "https://x.example/a/-/a-3.0.0.tgz"},
            *("a", "3.0.0", "https://x.example/a/-/a-3.0.0.tgz", "registry"),
            id="an address",
        ),
        pytest.param(
            {"resolved": "https://x.example/b/-/b-3.0.0.tgz"},
            *("b", "3.0.0", "https://x.example/b/-/b-3.0.0.tgz", "registry"),
            id="no version, another package's address",
        ),
        pytest.param(
            {"version": "1.0.0", "resolved": False}, "a", "1.0.0", None, "registry", id="npm 5"
        ),
        pytest.param(
            {"version": "1.0.0", "bundled": True}, "a", "1.0.0", None, "bundled", id="bundled"
        ),
        pytest.param({}, "a", "", None, "registry", id="nothing at all"),
    ],
)
def test_the_versions_of_version_1(
    fields: Json, name: str, version: str, resolved: str | None, source: str
) -> None:
    found = read({"lockfileVersion": 1, "dependencies": {"a": fields}}).by_key["node_modules/a"]
    assert (found.name, found.version, found.resolved, found.source) == (
        name,
        version,
        resolved,
        source,
    )
    assert found.alias == "a"


def test_a_folder_of_version_1_is_a_link_and_its_target() -> None:
    lock = {
        "lockfileVersion": 1,
        "dependencies": {
            "ui": {
                "version": "file:packages/ui",
                "requires": {"b": "1"},
                "dependencies": {"b": locked("b")},
            }
        },
    }
    found = read(lock)
    assert [(p.key, p.source) for p in found.packages] == [
        ("node_modules/ui", "link"),
        ("packages/ui", "directory"),
        ("packages/ui/node_modules/b", "registry"),
    ]
    assert found.importers["packages/ui"].sections["dependencies"] == {"b": "1"}


def test_a_shrinkwrap_of_old_has_no_version() -> None:
    found = read({"dependencies": {"a": {"version": "1.0.0"}}}, "npm-shrinkwrap.json")
    assert (found.version, [p.key for p in found.packages]) == ("1", ["node_modules/a"])


def test_packages_counts_wherever_it_is() -> None:
    lock = document({"node_modules/a": locked("a")}, 1, dependencies={"b": locked("b")})
    assert [p.key for p in read(lock).packages] == ["", "node_modules/a"]
