"""``lockward diff``: what moved and why, what to look at first, and what nothing explains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.policy.reports.test_platforms import prose
from tests.support import npm
from tests.support.repos import Repo

if TYPE_CHECKING:
    from pathlib import Path

Files = dict[str, str | bytes]


def manifest(spec: str, **more: str) -> npm.Json:
    return {"name": "app", "dependencies": {"express": spec, **more}}


def express(version: str, parser: str) -> npm.Json:
    return {
        "express": npm.locked("express", version, dependencies={"body-parser": parser}),
        "body-parser": npm.locked("body-parser", parser),
    }


BEFORE = npm.files(manifest("^4.18.0"), express("4.18.2", "1.20.1"))
RAISED = npm.files(manifest("^4.19.0"), express("4.19.2", "1.20.2"))
SHIM = npm.locked("event-shim", "1.0.3", hasInstallScript=True)
SMUGGLED = npm.files(manifest("^4.19.0"), {**express("4.19.2", "1.20.2"), "event-shim": SHIM})


class Diff:
    """The command in a repository whose HEAD holds BEFORE."""

    def __init__(self, repo: Repo, lockward: Path) -> None:
        self.repo = repo
        self._lockward = str(lockward)

    def __call__(self, *args: str) -> str:
        code, out = self.run(*args)
        assert code == 0, out
        return out

    def run(self, *args: str) -> tuple[int, str]:
        done = self.repo.run(self._lockward, "diff", *args)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def diff(tmp_path: Path, lockward: Path) -> Diff:
    repo = Repo(tmp_path / "work")
    repo.commit(BEFORE)
    return Diff(repo, lockward)


def test_nothing_changed(diff: Diff) -> None:
    assert diff() == "no lockfile changed\n"


def test_a_requirement_and_what_it_moved(diff: Diff) -> None:
    diff.repo.write(RAISED)

    assert diff() == (
        "package-lock.json: matched, 2 changed, 0 added, 0 removed (2 -> 2 packages)\n"
        "express ^4.18.0 -> ^4.19.0 in package.json: 2 packages changed below it\n"
        "  ~  express      4.18.2 -> 4.19.2  line 12  package.json wants ^4.19.0\n"
        "  ~  body-parser  1.20.1 -> 1.20.2  line 20  express wants 1.20.2\n"
    )


def test_what_nothing_explains_comes_last_and_its_danger_first(diff: Diff) -> None:
    diff.repo.write(SMUGGLED)
    lines = diff().splitlines()

    assert lines[0].startswith("package-lock.json: UNEXPLAINED, 2 changed, 1 added")
    assert lines[1:3] == ["look first", "  !  new install script  event-shim  1.0.3  line 25"]
    assert lines[-2:] == [
        "without a cause",
        "  +  event-shim  1.0.3  line 25  no package.json leads to it",
    ]


@pytest.mark.parametrize(
    ("after", "flag"),
    [
        pytest.param(
            npm.files(manifest("^4.17.0"), express("4.17.1", "1.20.1")),
            "downgrade  express  4.18.2 -> 4.17.1",
            id="a downgrade",
        ),
        pytest.param(
            npm.files(
                manifest("^4.18.0", a="^1.0.0"),
                {
                    **express("4.18.2", "1.20.1"),
                    "a": npm.locked("a", resolved="https://evil.example.net/a/-/a-1.0.0.tgz"),
                },
            ),
            "new source  a  evil.example.net",
            id="a new source",
        ),
    ],
)
def test_red_flags(diff: Diff, after: Files, flag: str) -> None:
    diff.repo.write(after)
    squeezed = [" ".join(line.split()) for line in diff().splitlines()]

    assert any(line.startswith(f"! {' '.join(flag.split())}") for line in squeezed)


def test_two_revisions_are_compared_from_where_they_parted(diff: Diff) -> None:
    diff.repo.git("checkout", "--quiet", "-b", "topic")
    diff.repo.commit(RAISED)
    diff.repo.git("checkout", "--quiet", "main")
    other = npm.files(
        manifest("^4.18.0", b="^1.0.0"), {**express("4.18.2", "1.20.1"), "b": npm.locked("b")}
    )
    diff.repo.commit(other)

    out = diff("main", "topic")
    assert "express ^4.18.0 -> ^4.19.0" in out
    assert " b " not in out
    assert diff("topic~1", "topic") == out
    assert "express" in diff("topic")  # from there to the working tree


def test_markdown_for_a_pull_request(diff: Diff) -> None:
    diff.repo.write(SMUGGLED)
    text = diff("--format", "markdown")

    assert text.startswith("### `package-lock.json`\n\nUNEXPLAINED, 2 changed, 1 added")
    assert "- new install script: `event-shim` `1.0.3`" in text
    assert "- new `event-shim` `1.0.3`: no package.json leads to it\n" in text
    assert not set("<@[]|&`\\") & set(prose(text).replace(" -> ", ""))


def test_a_long_list_folds_and_a_comment_stays_short(diff: Diff) -> None:
    names = [f"package-{n}" for n in range(3000)]
    packages = {
        **express("4.18.2", "1.20.1"),
        "a": npm.locked("a", dependencies=dict.fromkeys(names, "1.0.0")),
        **{name: npm.locked(name) for name in names},
    }
    diff.repo.write(npm.files(manifest("^4.18.0", a="^1.0.0"), packages))
    text = diff("--format", "markdown", "--output", "c.md")
    text = (diff.repo.path / "c.md").read_text()

    assert "<details><summary>3001 packages</summary>" in text
    assert text.count("<details>") == text.count("</details>")
    assert "- 2901 more" in text
    assert len(text) < 65_536


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(("nowhere",), "no commit 'nowhere'", id="no such revision"),
        pytest.param(("HEAD", "nowhere"), "no commit 'nowhere'", id="no such end"),
        pytest.param(("a", "b", "c"), "diff takes no 'c'", id="three"),
    ],
)
def test_wrong_usage(diff: Diff, args: tuple[str, ...], said: str) -> None:
    code, out = diff.run(*args)

    assert code == 2
    assert said in out


def test_an_unreadable_lockfile_is_no_empty_difference(diff: Diff) -> None:
    diff.repo.write({"package-lock.json": "{"})
    code, out = diff.run()

    assert code == 2
    assert "package-lock.json" in out
