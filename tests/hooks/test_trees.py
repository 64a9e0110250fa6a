"""States of a repository as the rules see them: listings and files."""

from __future__ import annotations

import pytest
from git import Blob
from git import Repo as OtherRepo
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward.errors import LockwardError, NotAFileError, TooLargeError
from lockward_hooks import diff, listing
from lockward_hooks.git import RAW, Git, GitError
from lockward_hooks.objects import Objects
from lockward_hooks.trees import CommitTree, EarlierTree, IndexTree
from tests.support.repos import CLEAN, Repo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lockward.model import Tree

ODD = [b"a\nb", b"tab\there", b"\xff\xfe.json", "ünï".encode(), b":100644 x", b"sp ace", b"-x"]


@pytest.fixture
def git(repo: Repo) -> Git:
    return Git(str(repo.path), repo.env)


@pytest.fixture
def objects(git: Git) -> Iterator[Objects]:
    with Objects(git) as objects:
        yield objects


def read_all(tree: Tree) -> dict[str, bytes | None]:
    return {path: tree.read(path) for path in tree.entries()}


def as_bytes(files: dict[str, str | bytes]) -> dict[str, bytes]:
    return {path: d if isinstance(d, bytes) else d.encode() for path, d in files.items()}


def test_the_index_is_read_and_not_the_working_tree(repo: Repo, git: Git, objects: Objects) -> None:
    repo.stage({"package.json": "staged"})
    repo.write({"package.json": "not staged", "untracked": "x"})

    tree = IndexTree(git, objects)

    assert read_all(tree) == {**as_bytes(CLEAN), "package.json": b"staged"}


@pytest.mark.parametrize(
    "settings_",
    [
        pytest.param(("index.version", "4"), id="index version 4"),
        pytest.param(("core.splitIndex", "true"), id="split index"),
        pytest.param(("core.untrackedCache", "true"), id="untracked cache"),
    ],
)
def test_every_form_of_the_index_is_read(
    repo: Repo, git: Git, objects: Objects, settings_: tuple[str, str]
) -> None:
    repo.git("config", *settings_)
    repo.git("update-index", "--split-index" if "split" in settings_[0] else "--refresh")
    repo.stage({"sub/package.json": "{}"})

    assert read_all(IndexTree(git, objects)) == {**as_bytes(CLEAN), "sub/package.json": b"{}"}


def test_a_sparse_index_is_read_whole(repo: Repo, git: Git, objects: Objects) -> None:
    repo.commit({"in/package.json": "{}", "out/package.json": "{}", "out/deep/x": "x"})
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    assert not (repo.path / "out").exists()

    tree = IndexTree(git, objects)

    assert {"in/package.json", "out/package.json", "out/deep/x"} <= set(tree.entries())
    assert tree.read("out/package.json") == b"{}"


def test_what_is_only_announced_is_not_there(repo: Repo, git: Git, objects: Objects) -> None:
    repo.stage({"empty/package.json": "", "__init__.py": ""})
    repo.write({"new/package.json": "{}"})
    repo.git("add", "--intent-to-add", "new/package.json")

    entries = IndexTree(git, objects).entries()

    assert "new/package.json" not in entries
    assert {"empty/package.json", "__init__.py"} <= set(entries)


def test_a_conflict_is_an_error(repo: Repo, git: Git, objects: Objects) -> None:
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit({"package.json": "side"})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"package.json": "main"})
    assert repo.run("git", "merge", "side").returncode == 1

    with pytest.raises(GitError, match=r"^package\.json: is in conflict"):
        IndexTree(git, objects).entries()


def test_links_and_submodules_are_no_files(repo: Repo, git: Git, objects: Objects) -> None:
    head = repo.git("rev-parse", "HEAD")
    (repo.path / ".npmrc").unlink()
    (repo.path / ".npmrc").symlink_to("/etc/passwd")
    repo.git("add", ".npmrc")
    repo.git("update-index", "--cacheinfo", f"160000,{head},package-lock.json")
    repo.git("commit", "--quiet", "-m", "x")

    for tree in (IndexTree(git, objects), CommitTree(git, objects, git.commit("HEAD"))):
        with pytest.raises(NotAFileError, match=r"\.npmrc: is a symbolic link, not a file"):
            tree.read(".npmrc")
        with pytest.raises(NotAFileError, match="is a submodule, not a file"):
            tree.read("package-lock.json")
        assert tree.entries()["package-lock.json"].mode == "160000"


def test_a_limit_names_the_path(repo: Repo, git: Git, objects: Objects) -> None:
    with pytest.raises(TooLargeError, match=r"^package\.json: is longer than 3 bytes"):
        CommitTree(git, objects, repo.git("rev-parse", "HEAD")).read("package.json", 3)


def test_a_missing_path_is_none(repo: Repo, git: Git, objects: Objects) -> None:
    assert CommitTree(git, objects, repo.git("rev-parse", "HEAD")).read("nowhere") is None


@pytest.mark.parametrize("name", [pytest.param(name, id=repr(name)) for name in ODD])
def test_any_name_survives(repo: Repo, git: Git, objects: Objects, name: bytes) -> None:
    oid = repo.git("hash-object", "-w", "--stdin", stdin=b"odd")
    repo.git(
        "update-index", "-z", "--index-info", stdin=b"100644 " + oid.encode() + b"\t" + name + b"\0"
    )
    path = name.decode("utf-8", "surrogateescape")
    repo.git("commit", "--quiet", "-m", "x")

    for tree in (IndexTree(git, objects), CommitTree(git, objects, git.commit("HEAD"))):
        assert tree.entries()[path].oid == oid
        assert tree.read(path) == b"odd"


def test_an_entry_that_is_there_twice_is_refused(repo: Repo, git: Git, objects: Objects) -> None:
    first, second = (repo.git("hash-object", "-w", "--stdin", stdin=d) for d in (b"1", b"2"))
    raw = b"".join(b"100644 package.json\0" + bytes.fromhex(oid) for oid in (first, second))
    tree = repo.git("hash-object", "-t", "tree", "--literally", "-w", "--stdin", stdin=raw)

    with pytest.raises(GitError, match=r"^package\.json: is in the tree twice"):
        CommitTree(git, objects, tree).entries()


def test_an_earlier_tree_is_what_the_parent_lists(repo: Repo, git: Git, objects: Objects) -> None:
    repo.commit({"gone": "x", "kept": "k", "sub/a": "1"})
    before = repo.git("rev-parse", "HEAD")
    repo.git("rm", "--quiet", "gone", "sub/a")
    repo.commit({"kept": "changed", "sub": "a file where a folder was", "new": "n"})
    after = CommitTree(git, objects, repo.git("rev-parse", "HEAD"))

    data = git.output("diff-tree", "-r", *RAW, before, after.oid, "--")
    earlier = EarlierTree(after, diff.rows(data))

    expected = CommitTree(git, objects, before)
    assert _places(earlier) == _places(expected)
    assert read_all(earlier) == read_all(expected)


def _places(tree: Tree) -> dict[str, tuple[str, str]]:
    return {path: (entry.mode, entry.oid) for path, entry in tree.entries().items()}


def test_a_second_opinion_lists_the_same(repo: Repo, git: Git, objects: Objects) -> None:
    repo.commit({f"folder/{n}/package.json": f"{n}" for n in range(20)})
    commit = repo.git("rev-parse", "HEAD")

    with OtherRepo(repo.path) as other:
        listed = {
            str(item.path): (f"{item.mode:06o}", item.hexsha)
            for item in other.commit(commit).tree.traverse()
            if isinstance(item, Blob)
        }

    assert _places(CommitTree(git, objects, commit)) == listed


# Parsers alone


def outcome(read: Callable[[], object]) -> object:
    """What a parser gives, or the message of the one kind of error it may raise."""
    try:
        return read()
    except LockwardError as error:
        return error.message


@settings(max_examples=200, deadline=None)
@given(st.binary(), st.sampled_from([listing.staged, listing.recorded]))
def test_any_bytes_give_a_listing_or_an_error(
    data: bytes, read: Callable[[bytes], listing.Listing]
) -> None:
    assert outcome(lambda: dict(read(data))) is not None


@settings(max_examples=200, deadline=None)
@given(st.binary())
def test_any_bytes_give_rows_or_an_error(data: bytes) -> None:
    assert outcome(lambda: list(diff.rows(data))) is not None
