"""Renew what published packages are known to ask for.

    python -m tools.published [--every N] [--view NAME@RANGE]... [GIT_DIR]...

pnpm records no ranges; npm, Yarn and bun do.  This reads every N-th revision of
their lockfiles along the first parents of git directories, and takes from the
packages of registries what no caret line holds: ranges of several (``^5 || ^6``,
``*``, ``>=2``), tags, and aliases (``npm:other@^1``); not what is asked of declarations
of types, of which everybody takes any, and not what Yarn asks for itself (formats.py).
``--view`` asks the registry of npm's own configuration for all versions in a range of
one package.
Of pnpm's lockfiles it takes what several caret lines were seen to answer for one
version, where no override, extension or hook may have had a hand in it.

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
from lockward.directives import bare
from lockward.errors import LockwardError
from lockward.lockdiff import published
from lockward.lockdiff.artifacts import line
from lockward.lockdiff.formats import is_for_builds
from lockward.lockfiles.pnpm_keys import is_version
from lockward.semver import ranges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lockward.model import Lockfile

    Fact = tuple[str, str, str, tuple[str, ...]]  # package, dependency, requirement, versions

TABLE: Final = Path(published.__file__).with_suffix(".txt")
NAMES: Final = (
    *("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "bun.lock", "pnpm-lock.yaml"),
)
_LONGEST: Final = 100  # characters of a requirement


class Facts:
    """Requirements by package, dependency and version; "" one that a caret line holds.

    And of each what answered: caret line -> the lowest version of it.
    """

    def __init__(self) -> None:
        self._asked: dict[tuple[str, str], dict[str, set[str]]] = {}
        self._answers: dict[tuple[str, str], dict[str, dict[str, str]]] = {}

    def add(self, name: str, version: str, asks: Mapping[str, str]) -> None:
        """One published version and its requirements."""
        for dependency, text in asks.items():
            wanted = None if is_for_builds(dependency, text) else understood(dependency, text)
            if wanted is not None and not dependency.startswith("@types/"):
                versions = self._asked.setdefault((name, dependency), {})
                versions.setdefault(version, set()).add(wanted)

    def saw(self, name: str, version: str, dependency: str, answer: str) -> None:
        """A published version, and a version of its dependency that some manager chose."""
        lines = self._answers.setdefault((name, dependency), {}).setdefault(version, {})
        lowest = lines.setdefault(line(answer), answer)
        if semver.compare(answer, lowest) < 0:
            lines[line(answer)] = answer

    def rows(self) -> Iterator[Fact]:
        """What is worth a row, sorted; nothing on which two lockfiles disagreed."""
        for pair in sorted({*self._asked, *self._answers}):
            asked, answers = self._asked.get(pair, {}), self._answers.get(pair, {})
            found: dict[str, list[str]] = {}
            for version in {**asked, **answers}:
                texts = asked.get(version) or {_seen(answers[version].values())}
                text = next(iter(texts))
                if len(texts) == 1 and text:
                    found.setdefault(text, []).append(version)
            for text, alike in sorted(found.items()):
                yield *pair, text, tuple(sorted(alike, key=_BY_VERSION))


_BY_VERSION: Final = cmp_to_key(semver.compare)


def _seen(answers: Iterable[str]) -> str:
    """What the caret lines of several answers come to; "" of one."""
    found = sorted(answers, key=_BY_VERSION)
    return published.SEEN + " || ".join(f"^{one}" for one in found) if len(found) > 1 else ""


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
                    revision(path, history.blob(f"{commit}:{path}"), facts, done)


def revision(path: str, data: bytes, facts: Facts, done: set[tuple[str, str]]) -> None:
    """One lockfile; what is in ``done`` was read before."""
    try:
        lockfile = lockfiles.read(path, data)
    except LockwardError:
        return
    if lockfile.format == "pnpm":
        _answers(lockfile, facts)
        return
    carriers = {
        one.key.rpartition("/node_modules/")[0] for one in lockfile.packages if one.in_bundle
    }
    for package in lockfile.packages:
        key = (package.name, package.version)
        if package.key in carriers or package.bundle_dependencies:
            continue  # npm 6 writes "*" for what lies in a tarball
        if package.source == "registry" and key not in done:
            done.add(key)
            facts.add(*key, {**package.dependencies, **package.optional_dependencies})


def _answers(lockfile: Lockfile, facts: Facts) -> None:
    """pnpm: what answers the dependencies of a registry's packages, as they are published."""
    if any(f"{one}Checksum" in lockfile.raw for one in ("packageExtensions", "pnpmfile")):
        return
    overrides = lockfile.raw.get("overrides")
    keys = overrides if isinstance(overrides, dict) else {}
    overridden = {bare(key.rpartition(">")[2]) for key in keys}
    for package in lockfile.packages:
        asks = {**package.dependencies, **package.optional_dependencies}
        names = asks.keys() - overridden - package.peer_dependencies.keys()
        for name in names if package.source == "registry" else ():
            answer = asks[name].partition("(")[0].partition("_")[0]
            if not name.startswith("@types/") and is_version(answer):
                facts.saw(package.name, package.version, name, answer)


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
                if wanted.startswith(published.SEEN):
                    for answer in wanted.removeprefix(published.SEEN).split(" || "):
                        facts.saw(name, version, dependency, answer[1:])
                else:
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
        try:
            read(git_dir, options.every, facts)
        except subprocess.CalledProcessError as fault:
            print(git_dir, "is not read:", fault.stderr.decode(errors="replace").strip())
            continue
        TABLE.write_text(written(facts.rows()), "utf-8")
        print(git_dir, TABLE.stat().st_size >> 10, "kB", flush=True)
    TABLE.write_text(written(facts.rows()), "utf-8")


if __name__ == "__main__":
    main()
