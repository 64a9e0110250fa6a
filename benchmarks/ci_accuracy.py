"""Precision and recall on labelled CI files: ``python -m benchmarks.ci_accuracy``.

Two sets (tests/data/ci): files of public repositories, reduced to what carries
the label, and hostile ones of our own.  A label is a line on which a command can
install what was never locked.  zizmor and hadolint take part when they are on
the PATH (or in the folder that TOOLS names); both aim at narrower rules.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from lockward import ci
from lockward.memory import MemoryTree
from lockward.policy import Policy
from lockward.rules import ci_npm_install
from tests.support import ci_cases

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.support.ci_cases import Case

    Found = Mapping[int, set[int]]  # index of a case -> lines
    Tool = Callable[[list[Case]], Found | None]

_GREP = re.compile(r"\bnpm (install|i)\b")
_YARN = re.compile(r"\byarn install\b(?!.*(--frozen-lockfile|--immutable))")
# generic.ci.security.use-frozen-lockfile-npm: `npm install` without -g, without a package.
_SEMGREP = re.compile(r"(?<!p)npm install\b(?!.*(?:-g\b|--global\b))(?! [\w])")


def ours(cases: list[Case]) -> Found:
    """What the rule says of each."""
    return {index: _lines(case) for index, case in enumerate(cases)}


def _lines(case: Case) -> set[int]:
    found = ci_npm_install.check(case.path, MemoryTree(case.files), Policy())
    return {one.line for one in found if one.severity == "warning" and one.path == case.path}


def ungrammatical(cases: list[Case]) -> Found:
    """The same where tree-sitter is not installed."""
    from lockward.ci.shell import bash

    parser, bash._parser[:] = list(bash._parser), []  # noqa: SLF001 - as on such a platform
    held = sys.modules.get("tree_sitter")
    sys.modules["tree_sitter"] = None  # type: ignore[assignment]  # an import of it fails
    try:
        return ours(cases)
    finally:
        bash._parser[:] = parser  # noqa: SLF001
        if held is None:
            del sys.modules["tree_sitter"]
        else:
            sys.modules["tree_sitter"] = held


def grep(cases: list[Case]) -> Found:
    """A search for ``npm install`` and ``npm i`` as words."""
    return {index: _matching(case, _GREP.search) for index, case in enumerate(cases)}


def semgrep(cases: list[Case]) -> Found:
    """A port of the two published patterns; the one for Yarn looks at Dockerfiles only."""

    def hit(line: str, docker: bool) -> bool:  # noqa: FBT001 - a fact
        plain = line.split("#", 1)[0] if line.lstrip().startswith("#") else line
        return bool(_SEMGREP.search(plain) or (docker and _YARN.search(plain)))

    found = {}
    for index, case in enumerate(cases):
        docker = "dockerfile" in case.path.lower()
        numbered = enumerate(case.content.split("\n"), 1)
        found[index] = {number for number, line in numbered if hit(line, docker)}
    return found


def _matching(case: Case, test: Callable[[str], object]) -> set[int]:
    return {number for number, line in enumerate(case.content.split("\n"), 1) if test(line)}


def zizmor(cases: list[Case]) -> Found | None:
    """Zizmor's audit adhoc-packages, pedantic and offline."""
    command = _tool("zizmor")
    if command is None:
        return None
    chosen = {i: case for i, case in enumerate(cases) if ci.family(case.path) == "github"}
    found: dict[int, set[int]] = {}
    with tempfile.TemporaryDirectory() as top:
        for index, case in chosen.items():
            _write(Path(top) / str(index), case)
            argv = [command, "--offline", "--format=json", "--persona=pedantic", "."]
            done = subprocess.run(
                argv, cwd=Path(top) / str(index), capture_output=True, text=True, check=False
            )
            found[index] = set(_zizmor_lines(done.stdout))
    return found


def _zizmor_lines(text: str) -> list[int]:
    try:
        findings = json.loads(text or "[]")
    except ValueError:
        return []
    return [
        place["concrete"]["location"]["start_point"]["row"] + 1
        for finding in findings
        if finding["ident"] == "adhoc-packages"
        for place in finding["locations"]
        if place["symbolic"]["kind"] == "Primary"
    ]


def hadolint(cases: list[Case]) -> Found | None:
    """Hadolint's DL3016."""
    command = _tool("hadolint")
    if command is None:
        return None
    found: dict[int, set[int]] = {}
    with tempfile.TemporaryDirectory() as top:
        for index, case in enumerate(cases):
            if ci.family(case.path) != "docker":
                continue
            path = _write(Path(top) / str(index), case)
            done = subprocess.run(
                [command, "--format=json", path], capture_output=True, text=True, check=False
            )
            try:
                told = json.loads(done.stdout or "[]")
            except ValueError:
                told = []
            found[index] = {one["line"] for one in told if one["code"] == "DL3016"}
    return found


def _tool(name: str) -> str | None:
    return shutil.which(name, path=os.environ.get("TOOLS", os.environ.get("PATH", "")))


def _write(folder: Path, case: Case) -> Path:
    path = folder / case.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(case.content)
    return path


TOOLS: Mapping[str, Tool] = {
    "lockward": ours,
    "lockward, no grammar": ungrammatical,
    "grep": grep,
    "semgrep (port)": semgrep,
    "zizmor": zizmor,
    "hadolint": hadolint,
}


class Score:
    """Lines found rightly, wrongly, and not found."""

    def __init__(self) -> None:
        self.right = self.wrong = self.missed = self.files = 0

    def add(self, case: Case, found: set[int]) -> None:
        """Count one file."""
        got = found - case.free
        self.files += 1
        self.right += len(got & case.expected)
        self.wrong += len(got - case.expected)
        self.missed += len(case.expected - got)

    def row(self) -> str:
        """Files, labels, precision, recall."""
        told, labels = self.right + self.wrong, self.right + self.missed
        precision = f"{self.right / told:.3f}" if told else "  -  "
        recall = f"{self.right / labels:.3f}" if labels else "  -  "
        return f"{self.files:5} files {labels:5} labels   P {precision}   R {recall}"


def main() -> None:
    """Print both sets, by tool and, for ours, by family."""
    for title, cases in (("real", ci_cases.real()), ("hostile", ci_cases.cases())):
        print(f"\n{title}")
        for name, tool in TOOLS.items():
            found = tool(cases)
            if found is None:
                print(f"  {name:22} skipped: not installed")
                continue
            whole, families = Score(), dict[str, Score]()
            for index, case in enumerate(cases):
                whole.add(case, found.get(index, set()))
                family = families.setdefault(ci.family(case.path), Score())
                family.add(case, found.get(index, set()))
            print(f"  {name:22} {whole.row()}")
            if name == "lockward":
                for family_name in sorted(families):
                    print(f"    {family_name:20} {families[family_name].row()}")


if __name__ == "__main__":
    main()
