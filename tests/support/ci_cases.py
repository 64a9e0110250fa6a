"""Labelled CI files: small ones of our own, each line of which says what is expected of it.

A ``.cases`` file under tests/data/ci holds cases of one family::

    === a sentence that says what the case shows
    path: .github/workflows/ci.yml
    with: package.json {"packageManager": "yarn@4.1.0"}
    ---
      jobs:
    !     - run: npm install

``path`` may be left out where it is the one before; ``from`` names the public
repository and the commit whose file a case is the reduction of (tests/data/ci/real).
``with`` puts a file into
the tree beside the CI file; package.json and package-lock.json are there unless
``with: none`` takes them away.  Two characters start each line of the content:
``!`` a warning is expected, ``~`` a finding is neither asked for nor wrong, and
blanks: nothing may be said.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1] / "data" / "ci"
_USUAL = {"package.json": "{}", "package-lock.json": "{}"}


class Case(NamedTuple):
    """One labelled file."""

    family: str  # the stem of the .cases file
    name: str
    path: str
    content: str
    tree: dict[str, str]  # everything else in the repository
    expected: frozenset[int]
    free: frozenset[int]

    @property
    def files(self) -> dict[str, str]:
        """The whole tree."""
        return {**self.tree, self.path: self.content}


def real() -> list[Case]:
    """The files of public repositories, reduced to what carries the label."""
    return [case for path in sorted((ROOT / "real").glob("*.cases")) for case in read(path)]


def cases(*stems: str) -> list[Case]:
    """Every case of some (or all) .cases files."""
    paths = [ROOT / f"{stem}.cases" for stem in stems] or sorted(ROOT.glob("*.cases"))
    return [case for path in paths for case in read(path)]


def read(path: Path) -> Iterator[Case]:
    """The cases of one file."""
    last = ""
    text = path.read_text(encoding="utf-8")
    for block in text.split("\n=== ")[1:] if not text.startswith("=== ") else _blocks(text):
        case = _case(path.stem, block, last)
        last = case.path
        yield case


def _blocks(text: str) -> list[str]:
    return text.removeprefix("=== ").split("\n=== ")


def _case(family: str, block: str, path: str) -> Case:
    head, _, body = block.partition("\n---\n")
    name, *settings = head.split("\n")
    tree = dict(_USUAL)
    for setting in settings:
        key, _, value = setting.partition(": ")
        if key == "path":
            path = value
        elif key == "from":
            continue
        elif key == "with" and value == "none":
            tree = {}
        elif key == "with":
            beside, _, content = value.partition(" ")
            tree[beside] = content
        else:
            raise ValueError(f"{family}: {name}: {setting}")
    lines = body.rstrip("\n").split("\n")
    marks = {number: line[:2].strip() for number, line in enumerate(lines, 1)}
    if not set(marks.values()) <= {"", "!", "~"}:
        raise ValueError(f"{family}: {name}: a line without its mark")
    return Case(
        family,
        name,
        path,
        "".join(f"{_unescaped(line[2:])}\n" for line in lines),
        tree,
        frozenset(number for number, mark in marks.items() if mark == "!"),
        frozenset(number for number, mark in marks.items() if mark == "~"),
    )


def _unescaped(line: str) -> str:
    """Characters that do not survive in a text file: <TAB>, <CR>, <BOM>, <NUL>, <NBSP>."""
    for name, char in (
        ("<TAB>", "\t"),
        ("<CR>", "\r"),
        ("<BOM>", "\ufeff"),
        ("<NUL>", "\0"),
        ("<NBSP>", "\u00a0"),
    ):
        line = line.replace(name, char)
    return line
