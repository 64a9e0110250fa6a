"""A tree that can tell one folder is not listed, and says the same as one that is."""

from __future__ import annotations

from _collections_abc import Mapping
from typing import TYPE_CHECKING

import pytest

from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.repository import Repository

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lockward.model import TreeEntry


class Entries(Mapping[str, "TreeEntry"]):
    """Entries that know single folders, and how often all of them were asked for."""

    def __init__(self, known: Mapping[str, TreeEntry]) -> None:
        self.known = known
        self.listed = 0

    def __getitem__(self, path: str) -> TreeEntry:
        return self.known[path]

    def __iter__(self) -> Iterator[str]:
        self.listed += 1
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)

    def within(self, folder: str) -> tuple[list[str], list[str]]:
        start = f"{folder}/" if folder else ""
        inside = [path.removeprefix(start) for path in self.known if path.startswith(start)]
        files = [f"{start}{name}" for name in inside if "/" not in name]
        return files, list(dict.fromkeys(name.partition("/")[0] for name in inside if "/" in name))


class OneByOne(MemoryTree):
    """A tree with such entries."""

    def __init__(self, files: dict[str, str]) -> None:
        super().__init__(files)
        self.found = Entries(super().entries())

    def entries(self) -> Entries:
        return self.found


ROOT = {"package.json": "{}", "package-lock.json": "{}", ".npmrc": "", "src/a.js": ""}
SETS = [
    pytest.param(ROOT, 0, id="one project at the top"),
    pytest.param({**ROOT, "docs/readme.md": "", "sub/x/package.json": "{}"}, 0, id="others below"),
    pytest.param({**ROOT, "\u200c/package.json": "{}"}, 1, id="a folder whose name is nothing"),
    pytest.param({"app/package.json": "{}", "App/package-lock.json": "{}"}, 1, id="a twin"),
    pytest.param(
        {**ROOT, "package.json": '{"workspaces": ["p/*"]}', "p/a/package.json": '{"name": "a"}'},
        1,
        id="workspaces",
    ),
    pytest.param({"readme.md": ""}, 0, id="nothing of ours"),
]


def _facts(repository: Repository) -> list[object]:
    found: list[object] = []
    for folder in ("", "app", "sub/x", "p/a", "absent"):
        project = repository.project(folder)
        found += [
            (repository.has_lockfile(folder), repository.has_manifest(folder)),
            repository.root_of(folder),
            (project.sibling_paths, project.lockfile_paths, project.member_folders),
            project.twin_paths,
        ]
    return found


@pytest.mark.parametrize(("files", "least"), SETS)
def test_the_same_is_found(files: dict[str, str], least: int) -> None:
    tree = OneByOne(files)

    assert _facts(Repository(tree, Policy())) == _facts(Repository(MemoryTree(files), Policy()))
    assert tree.found.listed >= least


@pytest.mark.parametrize(("files", "least"), SETS)
def test_a_project_at_the_top_lists_nothing_else(files: dict[str, str], least: int) -> None:
    tree = OneByOne(files)
    repository = Repository(tree, Policy())
    project = repository.project("")

    assert repository.root_of("") == ("" if project.sibling_paths else None)
    _ = project.twin_paths, project.manifests
    assert least or not tree.found.listed
    assert set(repository.folders) == set(Repository(MemoryTree(files), Policy()).folders)
