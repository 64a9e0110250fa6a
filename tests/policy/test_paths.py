"""Paths inside a repository."""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lockward import paths


@pytest.mark.parametrize(
    ("path", "folder", "name"),
    [
        pytest.param("package.json", "", "package.json", id="at the top"),
        pytest.param("a/b/c", "a/b", "c", id="further down"),
        pytest.param("", "", "", id="the top itself"),
    ],
)
def test_the_parts_of_a_path(path: str, folder: str, name: str) -> None:
    assert (paths.folder_of(path), paths.name_of(path)) == (folder, name)
    assert paths.join(folder, name) == path


@pytest.mark.parametrize(
    ("folder", "relative", "place"),
    [
        pytest.param("app", "../lib", "lib", id="beside"),
        pytest.param("app", "lib", "app/lib", id="inside"),
        pytest.param("", "./a//b/.", "a/b", id="dots and double slashes"),
        pytest.param("a/b", "../..", "", id="the top"),
        pytest.param("a", "../..", None, id="out of the repository"),
        pytest.param("", "..", None, id="out of the top"),
        pytest.param("a", "b/../../../a", None, id="out and back in"),
        pytest.param("a", "/etc", None, id="an absolute path"),
        pytest.param("a", "", "a", id="nowhere"),
    ],
)
def test_where_a_relative_path_leads(folder: str, relative: str, place: str | None) -> None:
    assert paths.resolve(folder, relative) == place


@pytest.mark.parametrize(
    ("root", "folder", "seen"),
    [
        pytest.param("", "packages/a", "packages/a", id="from the top"),
        pytest.param("app", "app/packages/a", "packages/a", id="from the project's root"),
        pytest.param("app", "lib", "../lib", id="beside the project"),
        pytest.param("app", "", "..", id="the top, from below"),
        pytest.param("app", "app", "", id="the root itself"),
        pytest.param("app", "apple/b", "../apple/b", id="a name that only begins alike"),
    ],
)
def test_a_folder_seen_from_a_root(root: str, folder: str, seen: str) -> None:
    assert paths.relative_to(root, folder) == seen


def test_ancestors() -> None:
    assert paths.ancestors("a/b/c") == ["a/b/c", "a/b", "a", ""]
    assert paths.ancestors("") == [""]


FOLDERS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=4).map("/".join)
RELATIVE = st.lists(st.sampled_from(["a", "b", ".", "..", ""]), max_size=6).map("/".join)


@given(FOLDERS, FOLDERS)
def test_there_and_back(root: str, folder: str) -> None:
    assert paths.resolve(root, paths.relative_to(root, folder)) == folder


@given(FOLDERS, RELATIVE)
def test_resolve_is_posix_but_never_leaves(folder: str, relative: str) -> None:
    assume(not relative.startswith("/"))
    place = paths.resolve(folder, relative)
    if place is not None:
        assert posixpath.normpath(f"/{folder}/{relative}").lstrip("/") == place
