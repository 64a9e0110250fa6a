"""The index as HEAD's tree with git's differences in it: what git's own list of the index says."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lockward.errors import LockwardError
from lockward_hooks import changes
from lockward_hooks.git import Git, GitError
from lockward_hooks.objects import Objects
from lockward_hooks.overlay import members
from lockward_hooks.staged import Differences, differences
from lockward_hooks.trees import CommitTree, IndexTree, StagedTree
from tests.support.repos import GROWN, Repo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from lockward.model import Tree

    Place = tuple[str, str] | None

STRANGE = ("", "absent", "sub", "sub/", "a/b/c/d", "/a", "a//b", "../a", "x/" * 3000)
EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


def _found(git: Git) -> Differences:
    """Every difference, whether it matters or not."""
    data = git.output(
        *("diff-index", "--cached", "--raw", "-z", "--no-renames", "--ignore-submodules=none"),
        *("--ita-invisible-in-index", "HEAD", "--"),
    )
    return Differences(data)


def _one_by_one(tree: Tree, paths: Collection[str]) -> dict[str, Place]:
    entries = tree.entries()
    found = {path: entries.get(path) for path in paths}
    return {path: None if one is None else (one.mode, one.oid) for path, one in found.items()}


def _walked(tree: Tree) -> set[str]:
    """Every path that is found from folder to folder."""
    assert isinstance(tree, StagedTree)
    paths: set[str] = set()
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        files, below = tree.entries().within(folder)
        paths.update(files)
        waiting += [f"{folder}/{name}" if folder else name for name in below]
    return paths


def _agrees(repo: Repo) -> None:
    """Whether both states say, path by path and folder by folder, what git lists."""
    git = Git(str(repo.path), repo.env)
    with Objects(git) as objects:
        (change,) = changes.staged(git, objects, _found(git))
        assert isinstance(change.after, StagedTree)
        assert change.before is not None
        listed = (CommitTree(git, objects, git.commit("HEAD")), IndexTree(git, objects))
        names = {*listed[0].entries(), *listed[1].entries()}
        asked = {*names, *STRANGE, *(f"{name}/x" for name in names)}
        for tree, whole in zip((change.before, change.after), listed, strict=True):
            assert _one_by_one(tree, asked) == _one_by_one(whole, asked)
            assert _walked(tree) == set(whole.entries())
            assert dict(tree.entries()).keys() == whole.entries().keys()
            assert len(tree.entries()) == len(whole.entries())
        (again,) = changes.staged(git, objects, _found(git))
        assert again.before is not None
        list(again.after.entries())  # from here on by the listing
        for tree, whole in zip((again.before, again.after), listed, strict=True):
            assert _one_by_one(tree, asked) == _one_by_one(whole, asked)
            assert _walked(tree) == set(whole.entries())


def _edit(repo: Repo) -> None:
    repo.stage({"package.json": "{}", "sub/deep/er/.npmrc": "x", "new/package.json": "{}"})


def _delete(repo: Repo) -> None:
    repo.git("rm", "-q", "-r", "sub", "package-lock.json")


def _folder_for_file(repo: Repo) -> None:
    repo.git("rm", "-q", "package.json", "link")
    repo.stage({"package.json/package.json": "{}", "link/a/b": "x"})


def _file_for_folder(repo: Repo) -> None:
    repo.git("rm", "-q", "-r", "sub")
    repo.stage({"sub": "a file"})


def _modes(repo: Repo) -> None:
    repo.git("update-index", "--chmod=+x", "package.json")
    commit = repo.git("rev-parse", "HEAD")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{commit},sub/module")
    blob = repo.git("rev-parse", "HEAD:package.json")
    repo.git("update-index", "--add", "--cacheinfo", f"120000,{blob},sub/linked")


def _announced(repo: Repo) -> None:
    repo.write({"sub/package.json": "{}", "far/off/package.json": "{}"})
    repo.git("add", "--intent-to-add", "sub/package.json", "far/off/package.json")
    repo.stage({"README": "x"})


def _branch_head(repo: Repo) -> None:
    repo.git("update-ref", "refs/heads/HEAD", "HEAD~1")
    repo.git("update-ref", "refs/tags/HEAD", "HEAD~1")
    repo.stage(GROWN)


def _odd(repo: Repo) -> None:
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"x")
    for path in ("a\nb/package.json", "\udcff/x", "tab\there/y", "sp ace/ z", "ü/package.json"):
        row = f"100644 {blob}\t{path}".encode("utf-8", "surrogateescape")
        repo.run("git", "update-index", "-z", "--add", "--index-info", stdin=row + b"\0")


STATES = [
    pytest.param(_edit, id="edited, and new folders"),
    pytest.param(_delete, id="a folder deleted"),
    pytest.param(_folder_for_file, id="folders where a file and a link were"),
    pytest.param(_file_for_folder, id="a file where a folder was"),
    pytest.param(_modes, id="other modes, a submodule, a link"),
    pytest.param(_announced, id="only announced"),
    pytest.param(_branch_head, id="a branch called HEAD"),
    pytest.param(_odd, id="odd names"),
]


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
@pytest.mark.parametrize("change", STATES)
def test_the_index_is_head_with_its_differences(
    tmp_path: Path, object_format: str, change: Callable[[Repo], None]
) -> None:
    repo = Repo(tmp_path / "repo", f"--object-format={object_format}")
    (repo.path / "link").symlink_to("package.json")
    repo.git("add", "link")
    repo.commit({"sub/a": "1", "sub/deep/b": "2", "other/c": "3"})
    repo.commit(GROWN)
    change(repo)

    _agrees(repo)


def test_a_linked_worktree_has_a_head_of_its_own(repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    side = Repo.__new__(Repo)
    side.path, side.env = tmp_path / "side", repo.env
    side.commit({"sub/package.json": "{}"})
    side.stage(GROWN)

    _agrees(side)


NAMES = st.lists(st.sampled_from(["a", "b", "a/a", "a/b", "b/a", "a/a/a", "b/a/b"]), unique=True)


def _possible(paths: list[str]) -> list[str]:
    """Without those that need a folder where a file is."""
    return [one for one in paths if not any(other.startswith(f"{one}/") for other in paths)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=NAMES.filter(bool), after=NAMES, other=st.booleans())
def test_any_two_sets_of_paths(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[str],
    after: list[str],
    other: bool,  # noqa: FBT001
) -> None:
    repo = Repo(tmp_path_factory.mktemp("any") / "repo")
    texts = ("1", "2" if other else "1")
    ids = [repo.git("hash-object", "-w", "--stdin", stdin=text.encode()) for text in texts]
    for paths, oid in zip((before, after), ids, strict=True):
        repo.git("read-tree", "--empty")
        rows = "".join(f"100644 {oid}\t{path}\n" for path in _possible(paths))
        repo.git("update-index", "--add", "--index-info", stdin=rows.encode())
        if paths is before:
            repo.git("commit", "-q", "-m", "before")

    _agrees(repo)


def test_a_head_that_moved_meanwhile_is_an_error(repo: Repo) -> None:
    repo.stage(GROWN)
    git = Git(str(repo.path), repo.env, index=True)
    found = differences(git, repo.env)
    assert found is not None
    repo.commit({"package.json": "another"})

    with Objects(git) as objects:
        (change,) = changes.staged(git, objects, found)
        with pytest.raises(GitError, match="disagree"):
            change.after.read("package.json")
        with pytest.raises(GitError, match="disagree"):
            objects.sound()


def test_a_conflict_is_told_as_ever(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"package.json": "side"})
    repo.git("checkout", "-q", "main")
    repo.commit({"package.json": "main"})
    repo.run("git", "merge", "side")
    (repo.path / ".git" / "MERGE_HEAD").unlink()
    git = Git(str(repo.path), repo.env, index=True)
    found = differences(git, repo.env)
    assert found is not None

    with (
        Objects(git) as objects,
        pytest.raises(GitError, match=r"^package\.json: is in conflict"),
    ):
        changes.staged(git, objects, found)[0].after.read("package.json")


def _tree(*names: bytes) -> bytes:
    return b"".join(b"100644 " + name + b"\0" + bytes.fromhex(EMPTY) for name in names)


def test_a_name_that_is_in_the_tree_twice_is_an_error() -> None:
    with pytest.raises(GitError, match=r"^sub/package\.json: is in the tree twice"):
        members(_tree(b"package.json", b"package.json"), 20, "sub")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(_tree(b"a")[:-1], id="cut in the id"),
        pytest.param(b"100644 a", id="cut in the name"),
        pytest.param(_tree(b""), id="no name"),
        pytest.param(b"100644a\0" + bytes(20), id="no mode"),
    ],
)
def test_a_tree_that_is_cut_off_is_an_error(data: bytes) -> None:
    with pytest.raises(GitError, match="cut off"):
        members(data, 20, "")


@given(data=st.binary(max_size=200), length=st.sampled_from([20, 32]))
def test_any_bytes_are_a_tree_or_an_error(data: bytes, length: int) -> None:
    try:
        found = members(data, length, "")
    except LockwardError:
        return
    assert all(name and len(entry.oid) == 2 * length for name, entry in found.items())
