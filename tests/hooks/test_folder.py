"""A folder as it lies on the disk."""

from __future__ import annotations

import os

import pytest

from lockward.errors import NotAFileError, TooLargeError, TreeError
from lockward_hooks.folder import FolderTree
from tests.support.repos import CLEAN, Repo, environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def tree(path: Path) -> FolderTree:
    return FolderTree(str(path), environment(path))


def written(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    return folder


def test_a_plain_folder_needs_no_git(tmp_path: Path) -> None:
    written(tmp_path, "package.json", "a/b/package.json", ".npmrc")

    found = tree(tmp_path)

    assert list(found.entries()) == [".npmrc", "package.json", "a/b/package.json"]
    assert found.read("a/b/package.json") == b"{}"
    assert found.read("nowhere") is None


def test_what_was_installed_is_not_the_projects(tmp_path: Path) -> None:
    written(tmp_path, "package.json", "node_modules/a/package.json", "w/node_modules/b/x")

    assert set(tree(tmp_path).entries()) == {"package.json"}


def test_links_are_never_followed(tmp_path: Path) -> None:
    outside = written(tmp_path / "outside", "package.json")
    inside = written(tmp_path / "inside", "package.json")
    (inside / "folder").symlink_to(outside)
    (inside / ".npmrc").symlink_to("/etc/passwd")
    (inside / "loop").symlink_to(".")

    found = tree(inside)

    modes = {path: entry.mode for path, entry in found.entries().items()}
    links = {".npmrc": "120000", "folder": "120000", "loop": "120000"}
    assert modes == {"package.json": "100644", **links}
    with pytest.raises(NotAFileError):
        found.read(".npmrc")


def test_a_link_put_in_a_tracked_folders_place_leads_nowhere(repo: Repo, tmp_path: Path) -> None:
    repo.commit({"sub/package.json": "{}"})
    (repo.path / "sub" / "package.json").unlink()
    (repo.path / "sub").rmdir()
    (repo.path / "sub").symlink_to(written(tmp_path / "outside", "package.json"))

    found = FolderTree(str(repo.path), repo.env)

    assert found.entries()["sub/package.json"].mode == "120000"
    with pytest.raises(NotAFileError):
        found.read("sub/package.json")


def test_what_git_ignores_is_left_out(repo: Repo) -> None:
    repo.commit({".gitignore": "dist/\n", "sub/package.json": "{}"})
    repo.write({"dist/package.json": "{}", "new/package.json": "{}", "package.json": "changed"})
    (repo.path / "sub" / "package.json").unlink()

    found = FolderTree(str(repo.path), repo.env)

    assert set(found.entries()) == {*CLEAN, ".gitignore", "new/package.json"}
    assert found.read("package.json") == b"changed"


def test_a_part_of_a_repository_is_seen_from_there(repo: Repo) -> None:
    repo.commit({"sub/package.json": "{}", "sub/deep/x": "x"})

    found = FolderTree(str(repo.path / "sub"), {**repo.env, "GIT_DIR": "/nonexistent"})

    assert set(found.entries()) == {"package.json", "deep/x"}


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "package.json")

    with pytest.raises(NotAFileError):
        tree(tmp_path).read("package.json")


def test_a_limit_holds(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("12345")

    assert tree(tmp_path).read("package.json", 5) == b"12345"
    with pytest.raises(TooLargeError, match=r"package\.json: is longer than 4 bytes"):
        tree(tmp_path).read("package.json", 4)


def test_a_file_that_went_meanwhile_is_an_error(tmp_path: Path) -> None:
    found = tree(written(tmp_path, "package.json"))
    found.entries()
    (tmp_path / "package.json").unlink()

    with pytest.raises(TreeError, match="cannot be read: No such file"):
        found.read("package.json")


@pytest.mark.parametrize("name", ["nowhere", "package.json", "a\0b"])
def test_what_is_no_folder_is_an_error(tmp_path: Path, name: str) -> None:
    written(tmp_path, "package.json")

    with pytest.raises(TreeError, match="there is no such folder"):
        FolderTree(f"{tmp_path}/{name}", environment(tmp_path))


def test_names_that_are_no_utf8_survive(tmp_path: Path) -> None:
    os.makedirs(os.fsencode(tmp_path) + b"/\xff")  # noqa: PTH103 - bytes
    with open(os.fsencode(tmp_path) + b"/\xff/package.json", "wb") as file:  # noqa: PTH123 - bytes
        file.write(b"{}")

    assert tree(tmp_path).read("\udcff/package.json") == b"{}"
