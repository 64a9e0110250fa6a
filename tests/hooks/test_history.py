"""``lockward history``: one verdict per commit, in order, with the past as a witness."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lockward_hooks.cli import main
from tests.policy.lockdiff import test_pnpm_environment as environment
from tests.support.commits import npm, v1
from tests.support.repos import Repo
from tests.support.worlds import Pkg, World, sri

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.commits import Files

ONE = World({"a": "^1.0.0"}, Pkg("a", "1.0.0", b="^1.0.0"), Pkg("b", "1.1.0"))
TWO = ONE.replaced(Pkg("a", "2.0.0", b="^1.0.0"), asks={"a": "^2.0.0"})
REFRESHED = TWO.replaced(Pkg("b", "1.2.0"))
TAMPERED = REFRESHED.copy()
TAMPERED.get("b").integrity = sri("evil")
CLASSES = ("matched", "matched", None, "refresh", "tampered", "tampered", "rollback")


def put(repo: Repo, world: World, message: str, form: str = "npm-v3") -> str:
    return repo.commit({**world.files(form)}, message)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """A repository without a commit."""
    return Repo(tmp_path / "work")


@pytest.fixture
def walked(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> tuple[Repo, list[str]]:
    """A history of each class, the oldest commit first."""
    commits = [put(repo, ONE, "first"), put(repo, TWO, "a 2")]
    commits.append(repo.commit({"README.md": "nothing that matters"}, "docs"))
    commits.append(put(repo, REFRESHED, "update"))
    commits.append(put(repo, TAMPERED, "oops"))
    commits.append(put(repo, REFRESHED, "mend"))
    commits.append(put(repo, TWO, "back"))
    monkeypatch.chdir(repo.path)
    return repo, commits


def lines(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, list[dict[str, object]]]:
    code = main(["history", "--format", "jsonl", *args])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def classes(rows: list[dict[str, object]]) -> list[str | None]:
    found: list[str | None] = []
    for row in rows:
        lockfiles = row["lockfiles"]
        assert isinstance(lockfiles, list)
        found.append(lockfiles[0]["classification"] if lockfiles else None)
    return found


@pytest.mark.parametrize("extra", [(), ("--first-parent",)], ids=["all parents", "first parents"])
def test_every_commit_has_a_verdict_the_oldest_first(
    walked: tuple[Repo, list[str]], capsys: pytest.CaptureFixture[str], extra: tuple[str, ...]
) -> None:
    code, rows = lines(capsys, *extra)
    assert code == 1
    assert [row["commit"] for row in rows] == walked[1]
    assert classes(rows) == list(CLASSES)
    assert [row["manifest_changed"] for row in rows] == [True, True, *[False] * 5]
    assert all(set(row) >= {"commit", "lockfiles", "manifest_changed", "findings"} for row in rows)


def test_a_range_a_number_and_a_path_choose(
    walked: tuple[Repo, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    repo, commits = walked
    assert [row["commit"] for row in lines(capsys, "HEAD~2..")[1]] == commits[-2:]
    assert [row["commit"] for row in lines(capsys, "--max-count", "1")[1]] == commits[-1:]
    assert classes(lines(capsys, "--path", "elsewhere")[1]) == [None] * len(commits)
    repo.git("checkout", "-q", commits[1])
    code, rows = lines(capsys, "HEAD")
    assert (code, len(rows)) == (0, 2)


def test_a_range_resumes_with_the_same_verdicts(
    walked: tuple[Repo, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    whole = lines(capsys)[1]
    later = lines(capsys, f"{walked[1][1]}..HEAD")[1]
    assert classes(later)[:-1] == classes(whole)[2:-1]


def test_the_text_ends_with_a_summary(
    walked: tuple[Repo, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith(walked[1][0][:10])
    assert "refused tampered" in "\n".join(told)
    assert told[-2].startswith("7 commits, 6 with files that matter; lockfiles: 2 matched")
    assert told[-1] == "lockward: refused, 4 refused, 0 undecided"


def test_it_finds_what_introduced_an_entry(
    walked: tuple[Repo, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", "--introduced", "b@1.2.0"]) == 0
    told = capsys.readouterr().out
    assert walked[1][3][:10] in told
    assert "b 1.1.0 -> 1.2.0" in told
    assert main(["history", "--introduced", "c@1.0.0"]) == 1
    assert main(["history", "--introduced", "nothing"]) == 2


@pytest.mark.parametrize(
    "args",
    [
        pytest.param(("nowhere",), id="no such commit"),
        pytest.param(("HEAD...HEAD",), id="three dots"),
        pytest.param(("--max-count", "x"), id="no number"),
        pytest.param(("--policy", "missing.toml"), id="no policy file"),
        pytest.param(("--form", "x"), id="no such option"),
    ],
)
def test_what_means_nothing_is_exit_2(
    walked: tuple[Repo, list[str]], args: tuple[str, ...]
) -> None:
    assert walked
    assert main(["history", *args]) == 2


def test_what_cannot_be_read_is_undecided_and_the_walk_goes_on(
    walked: tuple[Repo, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    repo, _ = walked
    repo.commit({"package-lock.json": "<<<<<<< ours"}, "conflict")
    put(repo, TWO, "mended")
    code, rows = lines(capsys)
    assert code == 2
    assert len(rows) == len(CLASSES) + 2


def test_a_merge_is_judged_as_a_whole_along_first_parents(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(repo, ONE, "first")
    repo.git("checkout", "-q", "-b", "side")
    put(repo, TWO, "a 2")
    broken = TWO.copy()
    broken.get("b").integrity = sri("evil")
    put(repo, broken, "oops")
    repo.git("checkout", "-q", "main")
    repo.commit({"README.md": "x"}, "docs")
    repo.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    monkeypatch.chdir(repo.path)
    whole = lines(capsys, "--first-parent")[1]
    assert classes(whole) == ["matched", None, "tampered"]
    every = lines(capsys)[1]
    assert sorted(map(str, classes(every))) == ["None", "None", "matched", "matched", "tampered"]


def test_bytes_that_were_locked_otherwise_are_tampering_even_beside_a_requirement(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The version comes in new, but the past knows it with another hash."""
    put(repo, TWO, "with a 2")
    put(repo, ONE, "back to a 1")
    other = TWO.copy()
    other.get("a").integrity = sri("evil")
    put(repo, other, "a 2 again, with other bytes")
    monkeypatch.chdir(repo.path)
    assert classes(lines(capsys)[1]) == ["matched", "matched", "tampered"]


def test_a_version_from_before_is_a_rollback_at_commit_and_in_a_range(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(repo, TWO, "b 1.1")
    put(repo, REFRESHED, "b 1.2")
    monkeypatch.chdir(repo.path)
    repo.stage({**TWO.files("npm-v3")})
    assert main(["check"]) == 1
    assert "back to a version that was locked before" in capsys.readouterr().out
    repo.commit(message="back")
    assert main(["check", "--from", "HEAD~1", "--to", "HEAD", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["lockfiles"][0]["classification"] == "rollback"
    other = TWO.copy()
    other.get("b").integrity = sri("evil")
    put(repo, other, "worse")
    assert main(["check", "--from", "HEAD~2", "--to", "HEAD", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["lockfiles"][0]["classification"] == "tampered"


def test_a_sibling_lockfile_knows_a_package_too(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.stage({f"other/{path}": data for path, data in TWO.files("yarn-classic").items()})
    put(repo, ONE, "first")
    changed = TWO.copy()
    changed.get("a").integrity = sri("evil")
    put(repo, changed, "a 2 with other bytes than in other/yarn.lock")
    monkeypatch.chdir(repo.path)
    assert main(["check", "--from", "HEAD~1", "--to", "HEAD"]) == 1
    assert "locked otherwise in other/yarn.lock" in capsys.readouterr().out


def test_a_requirement_that_npm_6_lost_comes_back(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An earlier revision of the very lockfile recorded it; what nobody recorded is refused."""

    def locked(*needs: str) -> Files:
        found = npm("parse5", "3.0.3", requires=dict.fromkeys(needs, "*"))
        for name in needs:
            found.update(npm(name, "1.0.0"))
        return v1({"parse5": "^3.0.3"}, found)

    for needs in (("nodes", "more"), ("more",), ("nodes", "more"), ("nodes", "more", "evil")):
        repo.commit({**locked(*needs)}, f"with {needs}")
    monkeypatch.chdir(repo.path)
    expected = ["matched", "unexplained", "refresh", "unexplained"]
    assert classes(lines(capsys)[1]) == expected
    for back, wanted in enumerate(reversed(expected[1:])):
        main(["check", "--from", f"HEAD~{back + 1}", "--to", f"HEAD~{back}", "--format", "json"])
        report = json.loads(capsys.readouterr().out)
        assert report["lockfiles"][0]["classification"] == wanted


def test_pnpm_itself_is_known_to_the_past_where_its_document_went_for_a_while(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run_first(text: str) -> dict[str, bytes | str]:
        return {**environment.files(packages=environment.with_bytes("pnpm@11.0.0", text))}

    left_out = {**run_first("pnpm"), "pnpm-lock.yaml": environment.PROJECT.removeprefix("---\n")}
    for files in (run_first("pnpm"), left_out, run_first("pnpm"), left_out, run_first("evil")):
        repo.commit(files, "pnpm 11, pnpm 10")
    monkeypatch.chdir(repo.path)
    expected = ["matched", *["metadata"] * 3, "tampered"]
    assert classes(lines(capsys)[1]) == expected
    for back, wanted in enumerate(reversed(expected[1:])):
        main(["check", "--from", f"HEAD~{back + 1}", "--to", f"HEAD~{back}", "--format", "json"])
        report = json.loads(capsys.readouterr().out)
        assert report["lockfiles"][0]["classification"] == wanted
