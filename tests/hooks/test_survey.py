"""Which commits of a push touch what matters; and that none is lost without a word."""

from __future__ import annotations

import pytest
from git import Repo as OtherRepo
from hypothesis import given, settings
from hypothesis import strategies as st

from lockward import relevant
from lockward_hooks import process, survey
from lockward_hooks.git import Git, GitError
from tests.support.repos import CLEAN, EVIL, GROWN, Repo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

LOCK = "package-lock.json"


def seen(
    repo: Repo, *tips: str, known: tuple[str, ...] = (), pairs: tuple[tuple[str, str], ...] = ()
) -> survey.Survey:
    return survey.survey(Git(str(repo.path), repo.env), tips, known, pairs)


def judged(repo: Repo, *tips: str, known: tuple[str, ...] = ()) -> list[str]:
    return list(seen(repo, *tips, known=known).judged())


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_commits_that_matter_are_told_newest_first(tmp_path: Path, object_format: str) -> None:
    repo = Repo(tmp_path / "work", f"--object-format={object_format}")
    root = repo.commit(CLEAN)
    repo.commit({"README": "x"})
    evil = repo.commit(EVIL)
    repo.commit(message="empty")

    found = seen(repo, repo.git("rev-parse", "HEAD"))

    assert list(found.judged()) == [evil, root]
    assert len(found.lines) == 4


def test_what_is_known_is_left_out(repo: Repo) -> None:
    first = repo.git("rev-parse", "HEAD")
    second = repo.commit(EVIL)

    assert judged(repo, second, known=("--not", first)) == [second]


def test_pairs_are_compared_too_even_those_of_known_commits(repo: Repo) -> None:
    first = repo.git("rev-parse", "HEAD")
    readme = repo.commit({"README": "x"})
    evil = repo.commit(EVIL)
    repo.git("checkout", "--quiet", "--orphan", "other")
    orphan = repo.commit(EVIL)

    pairs = ((evil, first), (readme, first), (orphan, evil), (orphan, first))
    found = seen(repo, evil, known=("--not", evil), pairs=pairs)

    assert found.lines == []
    assert found.tips == {(evil, first), (orphan, first)}


def test_a_root_is_a_root_although_a_pair_gave_it_a_parent(repo: Repo) -> None:
    first = repo.git("rev-parse", "HEAD")
    repo.git("checkout", "--quiet", "--orphan", "other")
    orphan = repo.commit(CLEAN, "another root")

    found = seen(repo, orphan, known=("--not", first), pairs=((orphan, first),))

    assert list(found.judged()) == [orphan]
    assert found.tips == frozenset()


def merged(repo: Repo) -> tuple[str, str, str]:
    """Branches that change one file each, and their clean merge."""
    repo.git("checkout", "--quiet", "-b", "side")
    lock = repo.commit({LOCK: GROWN[LOCK]})
    repo.git("checkout", "--quiet", "main")
    manifest = repo.commit({"package.json": GROWN["package.json"]})
    repo.git("merge", "--quiet", "--no-edit", "side")
    return lock, manifest, repo.git("rev-parse", "HEAD")


def test_a_merge_is_compared_with_each_parent(repo: Repo) -> None:
    """What `diff-tree -r`, `-c` and `--cc` hide: each side brought one half."""
    lock, manifest, merge = merged(repo)
    plain = repo.git("diff-tree", "-r", "--name-only", "--no-commit-id", merge)
    assert plain == ""

    assert set(judged(repo, merge)) >= {merge, lock, manifest}


def test_a_merge_that_equals_one_parent_need_not_be_judged(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit({LOCK: GROWN[LOCK]})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"README": "x"})
    repo.git("merge", "--quiet", "--no-edit", "side")

    assert repo.git("rev-parse", "HEAD") not in judged(repo, "HEAD")


def test_a_merge_without_any_difference_to_one_parent(repo: Repo) -> None:
    """Git then repeats its id once, not twice."""
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit(EVIL)
    repo.git("checkout", "--quiet", "main")
    repo.git("merge", "--quiet", "--no-edit", "--no-ff", "side")
    merge = repo.git("rev-parse", "HEAD")

    found = seen(repo, merge)

    assert merge not in set(found.judged())
    assert found.hits[merge] == 1


def test_a_parent_that_stands_twice_in_a_commit(repo: Repo) -> None:
    head, tree = repo.git("rev-parse", "HEAD"), repo.git("rev-parse", "HEAD^{tree}")
    text = f"tree {tree}\nparent {head}\nparent {head}\nauthor a <a> 1 +0000\n"
    text += "committer a <a> 1 +0000\n\nx\n"
    twice = repo.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=text.encode())

    assert len(seen(repo, twice).lines) == 2


def test_an_octopus_merge(repo: Repo) -> None:
    for name in ("one", "two", "three"):
        repo.git("checkout", "--quiet", "-b", name, "main")
        repo.commit({f"{name}/package.json": "{}"})
    repo.git("checkout", "--quiet", "main")
    repo.git("merge", "--quiet", "--no-edit", "one", "two", "three")
    merge = repo.git("rev-parse", "HEAD")
    assert len(repo.git("rev-list", "--parents", "-1", merge).split()) == 4

    assert merge in judged(repo, merge)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"a\nb/package.json", id="a newline"),
        pytest.param(b"\xff/package.json", id="no UTF-8"),
        pytest.param(b":100644 100644 x/package.json", id="what looks like a header"),
        pytest.param(b"a" * 40 + b"/package.json", id="what looks like an id"),
        pytest.param(b"-x/package.json", id="what looks like an option"),
        pytest.param(b"d" * 250 + b"/package.json", id="a long one"),
        pytest.param(b"PACKAGE.JSON", id="upper case"),
    ],
)
def test_no_name_hides_a_change(repo: Repo, name: bytes) -> None:
    oid = repo.git("hash-object", "-w", "--stdin", stdin=b"{}")
    row = b"100644 " + oid.encode() + b"\t" + name + b"\0"
    repo.git("update-index", "-z", "--add", "--index-info", stdin=row)
    commit = repo.commit()

    assert judged(repo, commit, known=("--not", f"{commit}~1")) == [commit]


def test_attributes_hide_nothing(repo: Repo) -> None:
    repo.commit({".gitattributes": "* binary\n*.json -diff\n"})
    commit = repo.commit(EVIL)

    assert commit in judged(repo, commit)


def test_a_missing_tip_is_an_error(repo: Repo) -> None:
    with pytest.raises(GitError, match="rev-list failed"):
        seen(repo, "1" * 40)


def test_a_missing_pair_is_an_error(repo: Repo) -> None:
    with pytest.raises(GitError):
        seen(repo, pairs=(("1" * 40, repo.git("rev-parse", "HEAD")),), known=("--not", "--all"))


def test_a_tree_that_cannot_be_read_is_an_error(repo: Repo) -> None:
    commit = repo.commit({"deep/package.json": "{}"})
    tree = repo.git("rev-parse", f"{commit}:deep")
    path = repo.path / ".git" / "objects" / tree[:2] / tree[2:]
    path.chmod(0o644)
    path.write_bytes(b"rubbish")

    with pytest.raises(GitError, match="diff-tree failed"):
        seen(repo, commit)


def test_nothing_asked_is_nothing_found(repo: Repo) -> None:
    found = seen(repo, known=("--not", "--all"))

    assert (found.lines, found.hits, found.tips) == ([], {}, frozenset())


def test_no_child_and_no_descriptor_is_left(repo: Repo) -> None:
    before = process.scratch()
    process.close(before)

    seen(repo, repo.git("rev-parse", "HEAD"))
    with pytest.raises(GitError):
        seen(repo, "1" * 40)

    after = process.scratch()
    process.close(after)
    assert after == before


def test_a_second_opinion_on_a_history_of_many_shapes(repo: Repo) -> None:
    """GitPython, asked commit by commit, finds the same paths (here no name is odd)."""
    for number in range(5):
        repo.commit({"README": f"{number}", f"s{number}/package.json": f"{number}"})
        repo.commit({"src/x": f"{number}"})
    merged(repo)

    found = set(judged(repo, "HEAD"))

    with OtherRepo(repo.path) as other:
        expected = set()
        for commit in other.iter_commits("HEAD"):
            touched = [
                {str(path) for diff in parent.diff(commit) for path in (diff.a_path, diff.b_path)}
                for parent in commit.parents
            ] or [set(map(str, commit.stats.files))]
            if all(any(relevant.kind(path) for path in paths) for paths in touched):
                expected.add(commit.hexsha)
    assert found == expected


# The reader alone

LINES = [b"a" * 40, b"b" * 40 + b" " + b"c" * 40 + b" " + b"d" * 40]
ROW = b":100644 100644 0 1 M\0%s\0"


def hits(data: bytes, size: int = 7) -> list[int]:
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    return list(survey._relevant(pieces, LINES))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"%s\0" % (b"a" * 40) + b"%s\0" % (b"b" * 40), [], id="nothing differs"),
        pytest.param(
            b"%s\0" % (b"a" * 40) + ROW % b"x" + b"%s\0" % (b"b" * 40) + ROW % b"package.json",
            [1],
            id="a merge, once",
        ),
        pytest.param(
            b"%s\0" % (b"a" * 40)
            + ROW % b"package.json"
            + ROW % b"yarn.lock"
            + (b"%s\0" % (b"b" * 40) + ROW % b"package.json") * 2,
            [0, 1, 1],
            id="once for each comparison",
        ),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_reading(data: bytes, expected: list[int], size: int) -> None:
    assert hits(data, size) == expected


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="no answer"),
        pytest.param(b"%s\0" % (b"a" * 40), id="one answer for two questions"),
        pytest.param(b"%s\0" % (b"b" * 40), id="an answer to another question"),
        pytest.param(b"%s\0" % (b"a" * 40) * 2, id="a root answered twice"),
        pytest.param(b"%s\0%s\0" % (b"a" * 40, b"b" * 40) + b":1 2 3", id="cut off in a header"),
        pytest.param(b"%s\0%s\0" % (b"a" * 40, b"b" * 40) + b":1 2 3\0x", id="cut off in a path"),
        pytest.param(b"%s\0" % (b"a" * 40) + b"x" * 3_000_000, id="an endless path"),
    ],
)
def test_an_incomplete_answer_is_an_error(data: bytes) -> None:
    with pytest.raises(GitError):
        hits(data, 1 << 16)


@settings(max_examples=300, deadline=None)
@given(st.binary(), st.integers(1, 50))
def test_any_bytes_give_hits_or_an_error(data: bytes, size: int) -> None:
    try:
        found = hits(data, size)
    except GitError:
        found = []
    assert set(found) <= {0, 1}
