"""Gitignore patterns: our short cuts decide as pathspec and git do."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lockward.patterns import LONGEST, fault, gitignore
from tests.support import interpreter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

PATHS = (
    "package-lock.json",
    "app/package-lock.json",
    "app/vendor/x/package.json",
    "vendor/package.json",
    "a/app/.npmrc",
    "test/fixtures/yarn.lock",
    "x.tmp",
)


@pytest.mark.parametrize(
    ("patterns", "ignored"),
    [
        pytest.param(("vendor/",), (2, 3), id="a folder anywhere"),
        pytest.param(("/vendor/",), (3,), id="a folder at the top"),
        pytest.param(("app",), (1, 2, 4), id="a name anywhere, file or folder"),
        pytest.param(("app/vendor",), (2,), id="a path is anchored"),
        pytest.param(("/app",), (1, 2), id="anchored by its leading slash"),
        pytest.param(("test/fixtures/",), (5,), id="a nested folder"),
        pytest.param(("package-lock.json",), (0, 1), id="a file anywhere"),
        pytest.param(("package-lock.json/",), (), id="a file is no folder"),
        pytest.param(("*.tmp", "vendor"), (2, 3, 6), id="a wildcard beside a plain pattern"),
        pytest.param(("**/fixtures/**",), (5,), id="two stars"),
        pytest.param(("app/*", "!app/package-lock.json"), (2,), id="a way back into its contents"),
        pytest.param(("[pv]*",), (0, 1, 2, 3), id="a class"),
        pytest.param((), (), id="no pattern"),
    ],
)
def test_gitignore_as_git_does(
    patterns: tuple[str, ...], ignored: tuple[int, ...], tmp_path: Path
) -> None:
    expected = [PATHS[number] for number in ignored]
    (tmp_path / ".gitignore").write_text("\n".join(patterns) + "\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    answer = subprocess.run(
        ["git", "check-ignore", "--no-index", *PATHS],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )

    assert [path for path in PATHS if gitignore(patterns, path)] == expected
    assert answer.stdout.split() == expected


@pytest.mark.parametrize(
    ("patterns", "path", "matches"),
    [
        pytest.param(("app/", "!app/x.json"), "app/x.json", False, id="a file of the folder"),
        pytest.param(("app/", "!app/live/"), "app/live/x.json", False, id="a folder in the folder"),
        pytest.param(("app/", "!app/live/"), "app/x.json", True, id="the rest of the folder"),
        pytest.param(("app/", "!app/live/", "x"), "app/live/x", True, id="a later pattern wins"),
    ],
)
def test_taken_back_inside_a_folder_unlike_git(
    patterns: tuple[str, ...],
    path: str,
    matches: bool,  # noqa: FBT001 - a table's column
) -> None:
    assert gitignore(patterns, path) is matches


WORDS = st.sampled_from(["a", "b", "a/b", "/a", "a/", "b/a/", "/b/", "ab", "b/b"])


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=3), st.lists(st.sampled_from("ab"), min_size=1))
@example(["a/"], ["a"])
def test_plain_patterns_are_what_pathspec_says(words: list[str], parts: list[str]) -> None:
    from pathspec import GitIgnoreSpec

    path = "/".join(parts)

    assert gitignore(tuple(words), path) is GitIgnoreSpec.from_lines(words).match_file(path)


def test_plain_patterns_do_not_import_pathspec() -> None:
    interpreter.run(
        "from lockward.patterns import gitignore as g\n"
        "assert g(('vendor/', '*.tmp'), 'vendor/x') and 'pathspec' not in sys.modules\n"
        "assert not g(('*.tmp',), 'vendor/x') and 'pathspec' in sys.modules"
    )


@pytest.mark.parametrize(
    ("pattern", "wrong"),
    [
        pytest.param("vendor/", "", id="a folder"),
        pytest.param("**/*.[jt]s", "", id="stars and a class"),
        pytest.param("\\#x", "", id="an escaped comment sign"),
        pytest.param("#x", "is a comment to gitignore", id="a comment"),
        pytest.param("!", "matches nothing", id="nothing is taken back"),
        pytest.param("/", "matches nothing", id="the root"),
        pytest.param("a[", "is not a gitignore pattern", id="an open bracket"),
        pytest.param("[z-a]", "is not a gitignore pattern", id="a backward range"),
        pytest.param("a\\", "is not a gitignore pattern", id="an escaped nothing"),
        pytest.param("*" * 9, "holds more than 8 stars", id="too many stars"),
        pytest.param(
            "a\nb", f"holds control characters or more than {LONGEST} characters", id="two lines"
        ),
    ],
)
def test_fault(pattern: str, wrong: str) -> None:
    assert fault(pattern) == wrong
