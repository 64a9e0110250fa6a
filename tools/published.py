"""Renew what published packages are known to ask for.

    python -m tools.published [--every N] [--view NAME@RANGE]... [GIT_DIR]...

pnpm records no ranges; npm, Yarn and bun do.  This reads every N-th revision of
their lockfiles along the first parents of git directories, and takes from the
packages of registries what no caret line holds: ranges of several (``^5 || ^6``,
``*``, ``>=2``), tags, and aliases (``npm:other@^1``); not what is asked of declarations
of types, of which everybody takes any (formats.py).  ``--view`` asks the registry of
npm's own configuration for all versions in a range of one package.

What a published version asks for never changes, so rows are added to the table
that is there (policy/lockward/lockdiff/published.txt; ``published.py`` says how it
reads).  Where two lockfiles disagree about a version, nothing is recorded of it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from functools import cmp_to_key
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.gittree import History
from lockward import lockfiles, semver, spec
from lockward.errors import LockwardError
from lockward.lockdiff import published
from lockward.lockdiff.scene import line
from lockward.semver import ranges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Fact = tuple[str, str, str, tuple[str, ...]]  # package, dependency, requirement, versions

TABLE: Final = Path(published.__file__).with_suffix(".txt")
NAMES: Final = ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "bun.lock")
_LONGEST: Final = 100  # characters of a requirement


class Facts:
    """Requirements by package, dependency and version; "" one that a caret line holds."""

    def __init__(self) -> None:
        self._asked: dict[tuple[str, str], dict[str, set[str]]] = {}

    def add(self, name: str, version: str, asks: Mapping[str, str]) -> None:
        """One published version and its requirements."""
        for dependency, text in asks.items():
            wanted = understood(dependency, text)
            if wanted is not None and not dependency.startswith("@types/"):
                versions = self._asked.setdefault((name, dependency), {})
                versions.setdefault(version, set()).add(wanted)

    def rows(self) -> Iterator[Fact]:
        """What is worth a row, sorted; nothing on which two lockfiles disagreed."""
        for (name, dependency), versions in sorted(self._asked.items()):
            found: dict[str, list[str]] = {}
            for version, texts in versions.items():
                text = next(iter(texts))
                if len(texts) == 1 and text:
                    found.setdefault(text, []).append(version)
            for text, alike in sorted(found.items()):
                yield name, dependency, text, tuple(sorted(alike, key=_BY_VERSION))


_BY_VERSION: Final = cmp_to_key(semver.compare)


def understood(dependency: str, text: str) -> str | None:
    """A requirement as npm writes it; "" when one caret line holds it, None when it says nothing.

    Berry puts ``npm:`` before ranges; npm 5 and 6 record the version that they chose.
    """
    if text.startswith("npm:") and "@" not in text[5:]:
        text = text[4:]
    wanted = spec.parse(dependency, text)
    if wanted.kind == "alias" and wanted.alias is not None:
        plain = wanted.alias.kind in ("range", "version", "tag")
    else:
        plain = wanted.kind in ("range", "tag")
    if not plain or not text.isprintable() or len(text) > _LONGEST:
        return None
    return text if wanted.kind != "range" or spans_lines(text) else ""


def spans_lines(text: str) -> bool:
    """Whether a range takes versions of more than one caret line."""
    found = ranges.parse(text, loose=True, include_prerelease=False)
    spans = () if found is None else found.spans
    lines = {line(".".join(map(str, low))) for low, _ in spans}
    return len(lines) > 1 or any(_is_beyond(low, high) for low, high in spans)


def _is_beyond(low: tuple[int, ...], high: tuple[int, ...]) -> bool:
    """Whether a span reaches beyond the caret line in which it begins."""
    major, minor, _ = low
    return high > ((major + 1, 0, 0) if major else (0, minor + 1, 0))


def read(git_dir: str, every: int, facts: Facts) -> None:
    """Every N-th revision of each lockfile."""
    history = History(git_dir)
    done: set[tuple[str, str]] = set()
    for name in NAMES:
        counts: dict[str, int] = {}
        for commit, _, paths in history.changes(name):
            for path in paths:
                counts[path] = counts.get(path, 0) + 1
                if counts[path] % every == 1 % every:
                    _revision(path, history.blob(f"{commit}:{path}"), facts, done)


def _revision(path: str, data: bytes, facts: Facts, done: set[tuple[str, str]]) -> None:
    try:
        lockfile = lockfiles.read(path, data)
    except LockwardError:
        return
    for package in lockfile.packages:
        key = (package.name, package.version)
        if package.source == "registry" and key not in done:
            done.add(key)
            facts.add(*key, {**package.dependencies, **package.optional_dependencies})


def view(wanted: str, facts: Facts) -> None:
    """What the versions of ``name@range`` ask for, by npm's word."""
    fields = ("name", "version", "dependencies", "optionalDependencies")
    argv = ["npm", "view", "--json", wanted, *fields]
    told = subprocess.run(argv, check=True, capture_output=True).stdout
    found = json.loads(told)
    for one in found if isinstance(found, list) else [found]:
        asks = {**one.get("dependencies", {}), **one.get("optionalDependencies", {})}
        facts.add(one["name"], one["version"], asks)


def load(text: str, facts: Facts) -> None:
    """The rows of a table that is there already."""
    for row in text.splitlines():
        if row and not row.startswith("#"):
            name, dependency, wanted, versions = row.split("\t")
            for version in published.versions(versions):
                facts.add(name, version, {dependency: wanted})


def written(rows: Iterable[Fact]) -> str:
    """The table's text."""
    lines = ["\t".join((*row[:3], shortened(row[3]))) for row in rows]
    return "\n".join([*published.HEADING, *lines, ""])


def shortened(versions: Iterable[str]) -> str:
    """Sorted versions as the table writes them: patches that follow one another as a run."""
    runs: list[list[str]] = []
    for version in versions:
        stem, _, patch = version.rpartition(".")
        if runs and patch.isdecimal() and _follows(runs[-1][-1], stem, int(patch)):
            runs[-1].append(version)
        else:
            runs.append([version])
    return " ".join(
        run[0] if len(run) == 1 else f"{run[0]}..{run[-1].rpartition('.')[2]}" for run in runs
    )


def _follows(version: str, stem: str, patch: int) -> bool:
    """Whether a version is the one before ``stem.patch``, neither of them a prerelease."""
    return stem.count(".") == 1 and version == f"{stem}.{patch - 1}"


def main() -> None:
    """Read the arguments, the table and the histories, write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("git_dirs", nargs="*")
    parser.add_argument("--every", type=int, default=6, help="of each lockfile's revisions")
    parser.add_argument("--view", action="append", default=[], metavar="NAME@RANGE")
    options = parser.parse_args()
    facts = Facts()
    load(TABLE.read_text("utf-8"), facts)
    for wanted in options.view:
        view(wanted, facts)
    for git_dir in options.git_dirs:
        read(git_dir, options.every, facts)
        TABLE.write_text(written(facts.rows()), "utf-8")
        print(git_dir, TABLE.stat().st_size >> 10, "kB", flush=True)
    TABLE.write_text(written(facts.rows()), "utf-8")


if __name__ == "__main__":
    main()
