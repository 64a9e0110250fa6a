"""The long-lived object reader: what it gives, and that its death is never silence."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from lockward.errors import TooLargeError
from lockward_hooks.git import Git, GitError
from lockward_hooks.objects import AHEAD, KEPT_LENGTH, MissingError, Objects
from tests.support.repos import Repo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

PROC = Path("/proc")
FORMATS = pytest.mark.parametrize("object_format", ["sha1", "sha256"])


@pytest.fixture
def empty(tmp_path: Path, object_format: str) -> Repo:
    return Repo(tmp_path / "work", f"--object-format={object_format}")


@pytest.fixture
def objects(empty: Repo) -> Iterator[Objects]:
    with Objects(Git(str(empty.path), empty.env)) as objects:
        yield objects


def blob(repo: Repo, data: bytes) -> str:
    return repo.git("hash-object", "-w", "--stdin", stdin=data)


@FORMATS
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"text\n", id="a line"),
        pytest.param(b"\0\n missing\n" * 3, id="what looks like an answer"),
        pytest.param(b"x" * 200_000, id="more than a pipe holds"),
    ],
)
def test_a_blob_comes_back_byte_for_byte(empty: Repo, objects: Objects, data: bytes) -> None:
    oid = blob(empty, data)

    assert [objects.read(oid), objects.read(oid)] == [data, data]


@FORMATS
def test_what_was_asked_ahead_may_be_read_in_any_order(empty: Repo, objects: Objects) -> None:
    data = [b"%d" % number * 1000 for number in range(2 * AHEAD)]
    oids = [blob(empty, each) for each in data]

    objects.ahead([*oids, *oids])

    assert [objects.read(oid) for oid in reversed(oids)] == data[::-1]


@FORMATS
def test_a_missing_object_is_said_to_be_missing(empty: Repo, objects: Objects) -> None:
    oid = blob(empty, b"here")
    gone = "1" * len(oid)
    objects.ahead([gone])

    with pytest.raises(MissingError, match=f"object {gone} is missing"):
        objects.read(gone)
    assert objects.read(oid) == b"here"


@FORMATS
def test_an_object_above_the_limit_is_not_read(empty: Repo, objects: Objects) -> None:
    large, small = blob(empty, b"x" * 100_000), blob(empty, b"small")
    objects.ahead([large, small])

    with pytest.raises(TooLargeError, match="longer than 5 bytes"):
        objects.read(large, limit=5)
    assert objects.read(small, limit=5) == b"small"
    assert objects.read(large, limit=100_000) == b"x" * 100_000


@FORMATS
def test_an_object_read_ahead_is_still_held_to_its_limit(empty: Repo, objects: Objects) -> None:
    first, second = blob(empty, b"12345"), blob(empty, b"other")
    objects.ahead([first, second])
    objects.read(second)

    with pytest.raises(TooLargeError):
        objects.read(first, limit=4)


@FORMATS
def test_another_kind_of_object_is_an_error(empty: Repo, objects: Objects) -> None:
    commit = empty.commit({"a": "a"})

    with pytest.raises(GitError, match="is a commit, not a blob"):
        objects.read(commit)


@FORMATS
def test_tags_are_peeled(empty: Repo, objects: Objects) -> None:
    commit = empty.commit({"a": "a"})
    empty.git("tag", "-a", "-m", "x", "one")
    empty.git("tag", "-a", "-m", "x", "two", "one")
    empty.git("tag", "-a", "-m", "x", "tree", "HEAD^{tree}")

    assert objects.peeled(empty.git("rev-parse", "two")) == ("commit", commit)
    assert objects.peeled(commit) == ("commit", commit)
    tree = empty.git("rev-parse", "HEAD^{tree}")
    assert objects.peeled(empty.git("rev-parse", "tree")) == ("tree", tree)


@pytest.mark.parametrize("object_format", ["sha1"])
def test_a_long_chain_of_tags_ends(empty: Repo, objects: Objects) -> None:
    oid, kind = empty.commit({"a": "a"}), "commit"
    for number in range(101):
        text = f"object {oid}\ntype {kind}\ntag t{number}\ntagger a <a@b> 1 +0000\n\nx\n"
        oid, kind = (
            empty.git("hash-object", "-t", "tag", "-w", "--stdin", stdin=text.encode()),
            "tag",
        )

    with pytest.raises(GitError, match="more than 100 tags"):
        objects.peeled(oid)


@pytest.mark.parametrize("object_format", ["sha1"])
@pytest.mark.parametrize("question", ["HEAD:a", "HEAD", "a" * 40 + "\n" + "b" * 40, "", "A" * 40])
def test_only_ids_are_asked_for(empty: Repo, objects: Objects, question: str) -> None:
    empty.commit({"a": "a"})

    with pytest.raises(GitError, match="is not an object id"):
        objects.read(question)


@pytest.mark.parametrize("object_format", ["sha1"])
def test_a_helper_that_is_killed_is_an_error_and_the_next_one_works(
    empty: Repo, objects: Objects
) -> None:
    oid = blob(empty, b"data")
    objects.read(oid)
    assert objects._child is not None
    os.kill(objects._child.pid, signal.SIGKILL)

    with pytest.raises(GitError, match=r"cat-file failed \(signal 9\)"):
        objects.read(oid)
    assert objects.read(oid) == b"data"


@pytest.mark.parametrize("object_format", ["sha1"])
def test_a_corrupt_object_is_an_error(empty: Repo, objects: Objects) -> None:
    oid = blob(empty, b"data" * 100)
    path = empty.path / ".git" / "objects" / oid[:2] / oid[2:]
    path.chmod(0o644)
    path.write_bytes(b"rubbish")

    with pytest.raises(MissingError, match="missing or broken"):
        objects.read(oid)


@pytest.mark.parametrize("object_format", ["sha1"])
def test_a_replaced_object_is_read_as_it_is(empty: Repo, objects: Objects) -> None:
    evil, good = blob(empty, b"evil"), blob(empty, b"good")
    empty.git("update-ref", f"refs/replace/{evil}", good)

    assert objects.read(evil) == b"evil"


@pytest.mark.parametrize("object_format", ["sha1"])
def test_nothing_is_fetched_for_a_missing_object_of_a_partial_clone(
    empty: Repo, tmp_path: Path
) -> None:
    empty.commit({"a": "content"})
    empty.git("config", "uploadpack.allowFilter", "true")
    partial = Repo(tmp_path / "other")
    url = f"file://{empty.path}"
    partial.git("clone", "--quiet", "--bare", "--filter=blob:none", url, "../partial.git")
    oid = empty.git("rev-parse", "HEAD:a")

    with (
        Objects(Git(str(tmp_path / "partial.git"), empty.env)) as objects,
        pytest.raises(GitError, match="cat-file failed"),
    ):
        objects.read(oid)


@pytest.mark.parametrize("object_format", ["sha1"])
def test_closing_leaves_no_child(empty: Repo, objects: Objects) -> None:
    objects.read(blob(empty, b"x"))
    assert objects._child is not None
    pid = objects._child.pid

    objects.close()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@FORMATS
@pytest.mark.parametrize(
    ("length", "between", "kept"),
    [
        pytest.param(100, 0, True, id="a short object"),
        pytest.param(100, 9, True, id="a short object after others that fit beside it"),
        pytest.param(100, 200, False, id="a short object after more than is to be kept"),
        pytest.param(KEPT_LENGTH + 1, 0, False, id="a long object"),
    ],
)
def test_short_objects_are_remembered_within_a_bound(
    empty: Repo, *, length: int, between: int, kept: bool
) -> None:
    oid = blob(empty, b"x" * length)
    others = [blob(empty, b"%d" % number * 1000) for number in range(between)]
    with Objects(Git(str(empty.path), empty.env), keep=2 * KEPT_LENGTH) as objects:
        for each in (oid, *others):
            objects.read(each)
        (empty.path / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
        objects.close()

        if kept:
            assert objects.read(oid) == b"x" * length
            with pytest.raises(TooLargeError):
                objects.read(oid, limit=length - 1)
        else:
            with pytest.raises(MissingError):
                objects.read(oid)


@FORMATS
def test_what_is_too_long_is_asked_for_once(
    empty: Repo, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time git would unpack it, and the helper be ended: for each of thousands of projects."""
    large, small = blob(empty, b"x" * 100), blob(empty, b"y")
    started: list[str] = []
    start = Objects._start

    def noted(this: Objects) -> None:
        started.append("")
        start(this)

    monkeypatch.setattr(Objects, "_start", noted)
    for _ in range(5):
        with pytest.raises(TooLargeError):
            objects.read(large, limit=50)
        assert objects.read(small) == b"y"
    assert len(started) == 2
    assert objects.read(large, limit=100) == b"x" * 100
    assert objects.read(large) == b"x" * 100


@pytest.mark.parametrize("object_format", ["sha1"])
@pytest.mark.skipif(not PROC.exists(), reason="no /proc tells the memory of a process")
def test_git_holds_few_of_the_bases_of_what_is_stored_as_a_difference(
    empty: Repo, objects: Objects
) -> None:
    """The last of 48 versions of a megabyte, each stored as a difference to the one before."""
    empty.git("config", "core.deltaBaseCacheLimit", "1g")
    body = b"".join(b"%031d\n" % number for number in range(1 << 15))
    versions = [b"%031d\n" % -number + body for number in range(48)]
    stream = b"".join(b"blob\nmark :1\ndata %d\n%s\n" % (len(data), data) for data in versions)
    empty.git("-c", "fastimport.unpackLimit=1", "fast-import", "--quiet", stdin=stream)
    oid = empty.git("hash-object", "--stdin", stdin=versions[-1])

    assert objects.read(oid) == versions[-1]

    assert objects._child is not None
    status = (PROC / str(objects._child.pid) / "status").read_text()
    (own,) = [line.split()[1] for line in status.splitlines() if line.startswith("RssAnon:")]
    assert int(own) < 32_000  # kB; 17,700, and 48,600 where all of them are kept
