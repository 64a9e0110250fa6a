"""lockfile-attributes, judged as git itself applies attributes."""

from __future__ import annotations

import subprocess

import pytest

from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.rules import lockfile_attributes as rule
from tests.support.repos import CLEAN, Repo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

FILES = {**CLEAN, "app/package-lock.json": "{}", "app/.npmrc": "", "README.md": ""}


def told(files: dict[str, str], path: str = ".gitattributes") -> list[tuple[int, str]]:
    tree = MemoryTree({**FILES, **files})
    found = list(rule.check(path, tree, Policy()))
    return [(each.line, each.subject) for each in found]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("package-lock.json filter=evil", [1], id="a filter"),
        pytest.param("* filter=lfs", [1], id="a filter on everything"),
        pytest.param("*.json -diff\n*.json ident", [2], id="ident"),
        pytest.param("/package.json working-tree-encoding=UTF-16", [1], id="an encoding"),
        pytest.param("app/** filter=x", [1], id="a folder"),
        pytest.param("[attr]odd filter=x\n*.json odd", [2], id="a macro"),
        pytest.param('"package.json" filter=x', [1], id="a quoted pattern"),
        pytest.param("*.json filter=x -filter filter=y", [1], id="the last word counts"),
        pytest.param("*.json ident\n*.json filter=x", [1, 2], id="two attributes"),
        pytest.param("app/.npmrc filter=x", [1], id="settings"),
        pytest.param("*********json filter=x", [1], id="many stars"),
        pytest.param('"\\160ackage.json" filter=x', [1], id="an octal escape"),
        pytest.param("package-loc[[:alpha:]].json filter=x", [1], id="a class of characters"),
        pytest.param("package-loc[!a-j].json filter=x", [1], id="a negated bracket"),
        pytest.param("PACKAGE.json filter=x", [1], id="other case, where the disk ignores it"),
        pytest.param("**/app/*.json filter=x", [1], id="two stars"),
    ],
)
def test_what_changes_a_file_on_its_way_to_disk(text: str, lines: list[int]) -> None:
    assert [line for line, _ in told({".gitattributes": text})] == lines


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("* binary\n*.lock -diff\n* text=auto eol=lf", id="how files show"),
        pytest.param("package-lock.json merge=npm linguist-generated", id="how files merge"),
        pytest.param("*.png filter=lfs diff=lfs merge=lfs -text", id="other files"),
        pytest.param("*.json filter=x\n*.json -filter", id="taken back"),
        pytest.param("*.json filter=x\n*.json !filter", id="unspecified again"),
        pytest.param("# *.json filter=x", id="a comment"),
        pytest.param("app/ filter=x", id="a pattern that ends in a slash"),
        pytest.param("app filter=x", id="a folder's name"),
        pytest.param("README.md filter=x", id="a name of nobody's interest"),
    ],
)
def test_what_does_not(text: str) -> None:
    assert told({".gitattributes": text}) == []


def test_a_file_in_a_folder_is_about_that_folder() -> None:
    assert told({"app/.gitattributes": "/.npmrc filter=x"}, "app/.gitattributes") == [
        (1, "filter .npmrc")
    ]
    assert told({"app/.gitattributes": "/package.json filter=x"}, "app/.gitattributes") == []


def test_the_fix_mends(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "work")
    repo.commit({**CLEAN, ".gitattributes": "*.json filter=x ident\n"})
    text = "*.json filter=x ident\n"
    (finding, *_) = rule.check(
        ".gitattributes", MemoryTree({**CLEAN, ".gitattributes": text}), Policy()
    )

    for command in finding.remedy:
        subprocess.run(["sh", "-c", command], cwd=repo.path, check=True)

    shown = repo.git("check-attr", "filter", "ident", "--", "package-lock.json", "package.json")
    assert shown.count(": unset") >= 2
    assert (repo.path / ".gitattributes").read_text().startswith(text)


def test_hostile_attributes_are_bounded() -> None:
    text = "\n".join(f"{'*a' * 20}{n} filter=x" for n in range(3000))

    assert told({".gitattributes": text + "\n[x\\ filter=y\n\x00 ident"}) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("#\n" * 10_001 + "*.json filter=x", id="lines"),
        pytest.param("#" * (1 << 20) + "\n*.json filter=x", id="bytes"),
    ],
)
def test_what_is_too_long_is_not_passed_over(text: str) -> None:
    [finding] = rule.check(
        ".gitattributes", MemoryTree({**FILES, ".gitattributes": text}), Policy()
    )

    assert finding.undecided


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("*********json", id="many stars"),
        pytest.param('"\\160ackage-lock.json"', id="an octal escape"),
        pytest.param("package-loc[[:alpha:]].json", id="a class of characters"),
        pytest.param("package-loc[!a-j].json", id="a negated bracket"),
        pytest.param("**/package-lock.json", id="two stars"),
    ],
)
def test_git_itself_applies_it(pattern: str, tmp_path: Path) -> None:
    repo = Repo(tmp_path / "work")
    (repo.path / ".gitattributes").write_text(f"{pattern} filter=x\n")

    assert ": x" in repo.git("check-attr", "filter", "--", "package-lock.json")
