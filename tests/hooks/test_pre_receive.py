"""Real pushes to a bare repository that has the pre-receive hook."""

from __future__ import annotations

import pytest

from tests.support.repos import CLEAN, EVIL, GROWN, Repo, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

LOCK = "package-lock.json"
RULE = "error[lockfile-integrity]"
# What the tests need to see; which rules there are is tests/policy's business.
ONLY = "--only lockfile-integrity,lockfile-unreadable,lockfile-missing"


@pytest.fixture(params=["sha1", "sha256"])
def server(tmp_path: Path, lockward: Path, request: pytest.FixtureRequest) -> Server:
    """A server of either object format, whose main holds a sound project."""
    server = Server(tmp_path, lockward, f"--object-format={request.param}", args=ONLY)
    server.seed()
    return server


@pytest.fixture
def plain(tmp_path: Path, lockward: Path) -> Server:
    """A server whose main holds a sound project."""
    server = Server(tmp_path, lockward, args=ONLY)
    server.seed()
    return server


def test_a_sound_push_is_accepted_in_silence(server: Server) -> None:
    server.work.commit({"README": "x"})
    server.work.commit(GROWN)

    assert server.accept("main") == ""


def test_an_edited_lockfile_is_refused_and_mended_is_accepted(server: Server) -> None:
    base = server.work.git("rev-parse", "HEAD")
    server.work.commit(EVIL)

    said = server.refuse("main")

    assert RULE in said
    assert f"git checkout {base[:12]} -- package-lock.json" in said
    server.work.git("checkout", base, "--", LOCK)
    server.work.git("commit", "--quiet", "--amend", "--allow-empty", "-m", "mended")
    server.accept("main")


def test_every_ref_of_a_push_is_judged(server: Server) -> None:
    """The clean ref first: a hook that reads one line lets the other one in."""
    server.work.git("branch", "a-clean")
    server.work.git("checkout", "--quiet", "-b", "z-evil")
    server.work.commit(EVIL)

    said = server.refuse("a-clean", "z-evil")

    assert "refused: refs/heads/z-evil" in said
    assert "passed: refs/heads/a-clean" in said
    server.accept("a-clean")


def test_a_deletion_beside_it_hides_nothing(server: Server) -> None:
    server.work.git("branch", "old")
    server.accept("old")
    server.work.git("checkout", "--quiet", "-b", "evil")
    server.work.commit(EVIL)

    assert RULE in server.refuse(":old", "evil")
    assert server.accept(":old") == ""


def test_a_change_that_a_later_commit_undoes_is_refused(server: Server) -> None:
    evil = server.work.commit(EVIL)
    server.work.commit(CLEAN, "undo")

    said = server.refuse("main")

    assert f"commit {evil[:12]} on refs/heads/main:" in said
    assert RULE in said
    assert "git rebase -i" in said


def test_padding_hides_nothing(plain: Server) -> None:
    plain.work.commit(EVIL)
    plain.work.commit(CLEAN, "undo")
    for number in range(60):
        plain.work.commit(message=f"empty {number}")

    assert RULE in plain.refuse("main")


def test_a_first_push_of_a_whole_history_is_judged_to_its_root(
    tmp_path: Path, lockward: Path
) -> None:
    server = Server(tmp_path, lockward, args=ONLY)
    server.work.commit(EVIL, "root")
    server.work.commit({"README": "x"})

    said = server.refuse("main")

    assert said.count(RULE) == 1, "once, not for the tip and again for the commit"
    server.work.git("checkout", "--quiet", "--orphan", "clean")
    server.work.commit(CLEAN)
    server.accept("clean:main")


def test_an_orphan_beside_a_history_is_judged(server: Server) -> None:
    server.work.git("checkout", "--quiet", "--orphan", "other")
    server.work.commit(EVIL)

    assert RULE in server.refuse("other")


@pytest.mark.parametrize("nested", [False, True], ids=["annotated", "tag of a tag"])
def test_a_tag_of_a_commit_is_judged(server: Server, nested: bool) -> None:  # noqa: FBT001 - a row
    server.work.git("checkout", "--quiet", "--detach")
    server.work.commit(EVIL)
    server.work.git("tag", "-a", "-m", "x", "v1")
    if nested:
        server.work.git("tag", "-a", "-m", "x", "v2", "v1")

    assert RULE in server.refuse("v2" if nested else "v1")


def test_a_tag_of_a_tree_is_judged(server: Server) -> None:
    server.work.commit(EVIL)
    server.work.git("tag", "-a", "-m", "x", "tree", "HEAD^{tree}")
    server.work.git("tag", "bare", "HEAD^{tree}")

    assert RULE in server.refuse("tree")
    assert RULE in server.refuse("bare")
    server.work.git("tag", "sound", "HEAD~1^{tree}")
    assert server.accept("sound") == ""


def test_a_tag_of_a_blob_has_no_path_to_judge(server: Server) -> None:
    server.work.git("tag", "-a", "-m", "x", "blob", f"HEAD:{LOCK}")

    assert server.accept("blob") == ""


def test_notes_and_other_namespaces_are_judged(server: Server) -> None:
    server.work.git("notes", "add", "-m", "a note")
    assert server.accept("refs/notes/commits") == ""
    server.work.commit(EVIL)

    assert RULE in server.refuse("main:refs/anything/at/all")


def test_a_force_push_is_judged_against_what_the_ref_held(server: Server) -> None:
    server.work.commit({"README": "x"})
    server.accept("main")
    server.work.git("reset", "--quiet", "--hard", "HEAD~1")
    server.work.commit(EVIL)

    assert RULE in server.refuse("+main")
    server.work.git("reset", "--quiet", "--hard", "HEAD~1")
    server.accept("+main")


def test_a_new_branch_of_a_known_commit_needs_no_judgement(server: Server) -> None:
    server.work.git("branch", "again")

    assert server.accept("again", "again:refs/tags/v1") == ""


def test_a_branch_that_takes_the_default_branch_in_is_not_blamed_for_it(plain: Server) -> None:
    """Main holds what was accepted before the hook was there."""
    (plain.bare.path / "hooks" / "pre-receive").rename(plain.bare.path / "off")
    plain.work.git("branch", "feature")
    plain.accept("feature")
    plain.work.commit(EVIL, "from before")
    plain.accept("main")
    (plain.bare.path / "off").rename(plain.bare.path / "hooks" / "pre-receive")
    plain.work.git("checkout", "--quiet", "feature")
    plain.work.commit({"README": "x"})
    plain.work.git("merge", "--quiet", "--no-edit", "main")

    assert plain.accept("feature") == ""


def test_what_is_on_another_branch_is_judged_when_it_reaches_the_default_branch(
    plain: Server,
) -> None:
    (plain.bare.path / "hooks" / "pre-receive").rename(plain.bare.path / "off")
    plain.work.git("checkout", "--quiet", "-b", "wip")
    plain.work.commit(EVIL, "from before")
    plain.accept("wip")
    (plain.bare.path / "off").rename(plain.bare.path / "hooks" / "pre-receive")

    assert RULE in plain.refuse("wip:main")


def evil_merge(repo: Repo) -> str:
    """A merge that brings what none of its parents holds."""
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit({"side/x": "x"})
    repo.git("checkout", "--quiet", "main")
    repo.commit({"README": "x"})
    repo.git("merge", "--quiet", "--no-commit", "side")
    return repo.commit(EVIL)


def test_what_a_merge_itself_brings_is_refused(server: Server) -> None:
    evil_merge(server.work)
    server.work.commit(CLEAN, "undo")

    assert RULE in server.refuse("main")


def test_both_sides_of_a_merge_are_judged(server: Server) -> None:
    """Each side changes one half; the merge is clean and shows nothing of it."""
    server.work.git("checkout", "--quiet", "-b", "side")
    server.work.commit({LOCK: EVIL[LOCK]})
    server.work.git("checkout", "--quiet", "main")
    server.work.commit({"package.json": GROWN["package.json"]})
    server.work.git("merge", "--quiet", "--no-edit", "side")

    assert RULE in server.refuse("main")


def test_attributes_hide_nothing(server: Server) -> None:
    server.work.commit({**EVIL, ".gitattributes": "* binary\npackage-lock.json -diff\n"})

    assert RULE in server.refuse("main")


def test_a_replacement_hides_nothing(plain: Server) -> None:
    plain.work.commit(EVIL)
    evil = plain.work.git("rev-parse", f"HEAD:{LOCK}")
    good = plain.work.git("rev-parse", f"HEAD~1:{LOCK}")
    plain.work.git("update-ref", f"refs/replace/{evil}", good)

    said = plain.refuse("main", f"refs/replace/{evil}")

    assert RULE in said
    assert "error: refs/replace/" in plain.refuse(f"refs/replace/{evil}")
    plain.bare.git("update-ref", f"refs/replace/{evil}", good)  # from before the hook was there
    assert RULE in plain.refuse("main")
    assert plain.accept(f":refs/replace/{evil}") == "", "a ref may always go"


def test_a_lockfile_that_is_there_twice_is_refused(plain: Server) -> None:
    """The first entry is shown by git, the last one is checked out."""
    work = plain.work
    rows = work.git("ls-tree", "-z", "HEAD").split("\0")[:-1]
    evil = work.git("hash-object", "-w", "--stdin", stdin=str(EVIL[LOCK]).encode())
    raw = b""
    for row in rows:
        place, _, name = row.partition("\t")
        raw += f"{place.split()[0]} {name}\0".encode() + bytes.fromhex(place.split()[2])
        if name == LOCK:
            raw += f"100644 {name}\0".encode() + bytes.fromhex(evil)
    tree = work.git("hash-object", "-t", "tree", "--literally", "-w", "--stdin", stdin=raw)
    work.git("reset", "--quiet", "--hard", work.git("commit-tree", "-p", "HEAD", "-m", "x", tree))
    plain.bare.git("config", "receive.fsckObjects", "false")

    said = plain.refuse("main")

    assert "package-lock.json: is in the tree twice" in said
    assert "undecided" in said


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"a\nb/", id="a newline"),
        pytest.param(b"\xff\xfe/", id="no UTF-8"),
        pytest.param(b"\x1b[2Jesc/", id="an escape sequence"),
        pytest.param(b"-x/", id="a dash"),
    ],
)
def test_no_name_hides_a_change_or_reaches_the_terminal(plain: Server, name: bytes) -> None:
    rows = b""
    for path, data in EVIL.items():
        raw = data.encode() if isinstance(data, str) else data
        oid = plain.work.git("hash-object", "-w", "--stdin", stdin=raw)
        rows += b"100644 " + oid.encode() + b"\t" + name + path.encode() + b"\0"
    plain.work.git("update-index", "-z", "--add", "--index-info", stdin=rows)
    plain.work.commit()

    said = plain.refuse("main")

    assert RULE in said
    assert "\x1b" not in said
    assert "esc/" in said or b"esc" not in name


def test_a_lockfile_that_becomes_a_link_or_goes_is_refused(plain: Server) -> None:
    lock = plain.work.path / LOCK
    lock.unlink()
    lock.symlink_to("/etc/passwd")
    plain.work.git("add", LOCK)
    plain.work.commit()
    assert "error[lockfile-unreadable]" in plain.refuse("main")

    plain.work.git("rm", "--quiet", LOCK)
    plain.work.git("commit", "--quiet", "--amend", "-m", "gone")
    assert "error[lockfile-missing]" in plain.refuse("main")


def test_a_submodule_in_a_lockfiles_place_is_refused(plain: Server) -> None:
    head = plain.work.git("rev-parse", "HEAD")
    plain.work.git("update-index", "--cacheinfo", f"160000,{head},{LOCK}")
    plain.work.git("commit", "--quiet", "-m", "x")

    assert "error[lockfile-unreadable]" in plain.refuse("main")


def test_a_packed_push_is_read_from_quarantine_too(plain: Server) -> None:
    plain.bare.git("config", "transfer.unpackLimit", "1")
    plain.work.commit(EVIL)

    assert RULE in plain.refuse("main")
    assert "packs: 0" in plain.bare.git("count-objects", "-v"), "nothing was kept"


def test_the_update_hook_judges_ref_by_ref(plain: Server) -> None:
    (plain.bare.path / "hooks" / "pre-receive").unlink()
    plain.bare.hook("update", plain.lockward, *ONLY.split())
    plain.work.git("branch", "clean")
    plain.work.commit({"README": "x"})
    plain.work.git("checkout", "--quiet", "-b", "evil")
    plain.work.commit(EVIL)

    done = plain.push("main", "evil")

    assert RULE in done.stderr
    assert "evil -> evil (hook declined)" in done.stderr
    assert plain.bare.git("rev-parse", "main") == plain.work.git("rev-parse", "main")
