"""Which folders are workspaces; the reference is npm's own @npmcli/map-workspaces."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import pytest

from lockward import manifest, workspaces
from tests.support import arborist

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS: Final = (
    *("packages/a", "packages/b", "packages/ui-kit", "packages/.hidden", "packages/a/nested"),
    *("tools/cli", "tools", "libs/x/y", "packages/node_modules/dep", "apps/web", "apps/web/e2e"),
)
GLOBS: Final = (
    *("packages/*", "packages/**", "**", "*", "tools/cli", "./packages/a/", "packages//b"),
    *("!packages/b", "!packages/*", "!!packages/b", "{apps,tools}/*", "packages/[ab]"),
    *("packages/?i-*", "apps/**", "!**/e2e", "libs/*/y", "packages/.hidden", "nothing/here"),
    *("packages/a/..", "packages/*/nested", "tools", "!tools", "packages\\a", "apps/*/"),
    *("packages/!(a)", "packages/!(a|b)", "@(apps|tools)/*", "packages/?(a)", "packages/+(a|b)"),
    *("packages/*(a|b|ui-kit)", "packages/!(ui)-kit", "packages/!(u*)", "!packages/!(b)"),
    *("packages/@(u?(i)-k*|b)", "packages/!(a", "packages/(a)", "packages/!(a)b", "(tools)/cli"),
    *("@(packages)/**", "**/!(a|b|e2e)", "packages/@(x|a)", "!packages/@(a|b)"),
    *("packages/@(+(a|b))", "packages/*([a-b])", "packages/@(a|{b,ui-kit})", "!(tools)/*"),
)
LISTS: Final = [
    *([one] for one in GLOBS),
    *([one, other] for one, other in itertools.permutations(GLOBS[:14], 2)),
    *(
        ["packages/*", "!packages/b", "packages/b"],
        ["packages/**", "!packages/**/nested", "packages/a/nested"],
        ["!packages/b", "packages/*", "!packages/ui-*"],
        ["packages/*", "!packages/*", "packages/a"],
    ),
]


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> list[list[str] | dict[str, str]]:
    """What npm declares for each list, in one node process."""
    cwd: Path = tmp_path_factory.mktemp("workspaces")
    for number, folder in enumerate(FOLDERS):
        (cwd / folder).mkdir(parents=True, exist_ok=True)
        (cwd / folder / "package.json").write_text(f'{{"name": "w{number}"}}')
    return arborist.workspaces(cwd, LISTS)


@pytest.mark.node
def test_the_folders_are_those_of_npm(theirs: list[list[str] | dict[str, str]]) -> None:
    assert len(theirs) == len(LISTS)
    different = {
        str(globs): (workspaces.select(globs, FOLDERS), found)
        for globs, found in zip(LISTS, theirs, strict=True)
        if list(workspaces.select(globs, FOLDERS)) != found
    }
    assert different == {}
    assert sum(bool(found) for found in theirs) > len(LISTS) // 2


@pytest.mark.parametrize(
    ("declared", "globs"),
    [
        pytest.param(["a", 1, "b"], ("a", "b"), id="a list, its strings"),
        pytest.param({"packages": ["a"]}, ("a",), id="Yarn's object"),
        pytest.param({"nohoist": ["a"]}, (), id="an object without packages"),
        pytest.param("a", (), id="a string"),
        pytest.param(None, (), id="nothing"),
    ],
)
def test_the_globs_of_a_value(declared: object, globs: tuple[str, ...]) -> None:
    assert workspaces.patterns(declared) == globs


def test_only_a_folder_with_a_manifest_is_a_workspace() -> None:
    root = manifest.read("package.json", b'{"workspaces": ["packages/*"]}')
    paths = ["packages/b/package.json", "packages/a/package.json", "packages/c/index.js"]
    assert workspaces.workspace_folders(root, paths) == ("packages/a", "packages/b")
