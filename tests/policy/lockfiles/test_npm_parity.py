"""Entries and edges as npm's own arborist loads them, on lockfiles that real npms wrote."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from lockward import lockfiles, manifest
from tests.support import arborist

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lockward.model import Lockfile, Manifest, Package

DATA: Final = Path(__file__).parents[2] / "data" / "npm"
WRITTEN: Final = sorted(DATA.glob("written/*/npm*.json"))
SAMPLES: Final = sorted(DATA.glob("samples/*.json"))
BY_HAND: Final = sorted(DATA.glob("by_hand/*.json"))

_COMPARED: Final = (
    *("name", "version", "resolved", "integrity", "dev", "optional"),
    *("in_bundle", "link", "script", "shrinkwrap"),
)
Edges = dict[str, list[str]]


def _projects(folder: Path) -> Iterator[Path]:
    """A project folder for each lockfile, with the manifests that lie beside it."""
    for number, source in enumerate([*WRITTEN, *SAMPLES, *BY_HAND]):
        project = folder / str(number)
        if source in WRITTEN:
            shutil.copytree(source.parent, project, ignore=shutil.ignore_patterns("npm*.json"))
        elif source in SAMPLES:
            _write_manifests(project, source)
        else:
            project.mkdir()
        shutil.copy(source, project / "package-lock.json")
        yield project


def _write_manifests(project: Path, source: Path) -> None:
    """The manifests that a lockfile mirrors; a version 1 file mirrors none, its twin does."""
    twin = source.with_name(source.name.replace("-v1.", "-v2."))
    entries = json.loads(twin.read_bytes()).get("packages", {"": {}})
    for key, entry in entries.items():
        if "node_modules" not in key:
            folder = project / key
            folder.mkdir(parents=True)
            mirror = {"name": folder.name, **entry}
            (folder / "package.json").write_text(json.dumps(mirror))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, arborist.Tree]]:
    """Lockfile -> its project folder and what arborist makes of it; one node process."""
    projects = list(_projects(tmp_path_factory.mktemp("projects")))
    trees = arborist.load(projects)
    names = [_id(source) for source in [*WRITTEN, *SAMPLES, *BY_HAND]]
    return dict(zip(names, zip(projects, trees, strict=True), strict=True))


def _id(source: Path) -> str:
    return f"{source.parent.name}/{source.name}"


def _live(project: Path, package: Package) -> Manifest | None:
    """The package.json of the root or of a linked folder, as npm takes it from disk."""
    path = project / package.key / "package.json"
    if "node_modules" in package.key or not path.is_file():
        return None
    return manifest.read("package.json", path.read_bytes())


def _edges(package: Package, live: Manifest | None) -> Edges:
    """Name -> kind and spec, later sections over earlier ones (arborist, _loadDeps)."""
    if live is None:
        sections = {
            "dependencies": package.dependencies,
            "devDependencies": package.dev_dependencies,
            "optionalDependencies": package.optional_dependencies,
            "peerDependencies": package.peer_dependencies,
        }
        optional = package.peer_optional
    else:
        sections, optional = dict(live.sections), live.peer_optional
    edges = {
        name: ["peerOptional" if name in optional else "peer", spec]
        for name, spec in sections["peerDependencies"].items()
    }
    edges.update({name: ["prod", spec] for name, spec in sections["dependencies"].items()})
    edges.update(
        {name: ["optional", spec] for name, spec in sections["optionalDependencies"].items()}
    )
    if "node_modules" not in package.key:
        edges.update({name: ["dev", spec] for name, spec in sections["devDependencies"].items()})
    return edges


def _ours(project: Path, lockfile: Lockfile) -> dict[str, dict[str, Any]]:
    found = {}
    for package in lockfile.packages:
        folder = lockfile.by_key[package.resolved or ""] if package.link else package
        live = _live(project, folder)
        found[package.key] = {
            # arborist reads the folder's manifest after it copied the name to the link
            "name": None if package.link else (live and live.name) or package.name,
            "version": (live and live.version) or package.version,
            "resolved": None if package.link else package.resolved,
            "integrity": None if package.link else package.integrity,
            "dev": package.dev,
            "optional": package.optional,
            "in_bundle": package.in_bundle,
            "link": package.resolved if package.link else None,
            "script": package.has_install_script,
            "shrinkwrap": package.has_shrinkwrap,
            "edges": {} if package.link else _edges(package, live),
        }
    return found


def _theirs(tree: arborist.Tree, lockfile: Lockfile) -> dict[str, dict[str, Any]]:
    found = {}
    for location, node in tree.items():
        if location == "" and "" not in lockfile.by_key:
            continue  # a version 1 file has no entry for the root
        kept = {key: value for key, value in node.items() if key in _COMPARED}
        if node["link"] is not None:
            kept["name"] = None
        if "" not in lockfile.by_key and not node["in_dep_bundle"]:
            kept["in_bundle"] = False  # nor does it say what the root itself bundles
        kept["edges"] = {
            name: edge for name, edge in node["edges"].items() if edge[0] != "workspace"
        }
        found[location] = kept
    return found


@pytest.mark.node
@pytest.mark.parametrize(
    "source", [pytest.param(_id(path), id=_id(path)) for path in [*WRITTEN, *SAMPLES, *BY_HAND]]
)
def test_entries_equal_what_arborist_loads(
    source: str, loaded: dict[str, tuple[Path, arborist.Tree]]
) -> None:
    project, tree = loaded[source]
    lockfile = lockfiles.read("package-lock.json", (project / "package-lock.json").read_bytes())
    ours = _ours(project, lockfile)
    theirs = _theirs(tree, lockfile)
    different = {key: (ours.get(key), theirs.get(key)) for key in ours.keys() | theirs.keys()}
    assert {key: both for key, both in different.items() if both[0] != both[1]} == {}
