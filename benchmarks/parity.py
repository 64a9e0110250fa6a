"""Our readers against the package managers' own parsers, on every lockfile that a history holds.

    python -m benchmarks.parity GIT_DIR... [--max N] [--format npm,bun,...] [--fixtures]

Walks all commits, takes each distinct content of each lockfile once, and compares
the sets of (name, version, integrity).  A reference is a node script under
benchmarks/parity/, run with the pinned packages of ``DRIVERS`` (installed once
into .cache/parity), one process for all questions.  It is given the folder that
holds node_modules as its argument and answers JSON lines:

    {"path", "text"}  ->  {"packages": [[name, version, integrity or null], ...]} or {"error"}

Both sides list one triple per entry that is fetched from somewhere: a package's
own name in its registry, the version "" when its source is not a registry and the
file gives none, the integrity as the file writes it.  Workspaces, links and the
root are left out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import zlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from benchmarks.gittree import History, is_fixture
from lockward import lockfiles
from lockward.errors import LockwardError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lockward.model import Lockfile

    Triple = tuple[str, str, str | None]

_HERE: Final = Path(__file__).with_suffix("")
_CACHE: Final = Path(".cache/parity")
_LARGEST: Final = 32 << 20  # bytes of one lockfile; the largest one we met has 4 MB


class Driver(NamedTuple):
    """A format's reference: a script under benchmarks/parity/ and the packages it needs."""

    script: str
    packages: tuple[str, ...]


# lockfile.format -> its reference
DRIVERS: Final = {
    "npm": Driver("npm.cjs", ("@npmcli/arborist@9.9.1",)),
    "bun": Driver("bun.cjs", ("jsonc-parser@3.3.1",)),
    "yarn-classic": Driver("yarn.cjs", ("@yarnpkg/lockfile@1.1.0",)),
    "yarn-berry": Driver("yarn.cjs", ("@yarnpkg/parsers@3.1.0", "@yarnpkg/core@4.9.3")),
    "pnpm": Driver(
        "pnpm.cjs",
        (
            *(
                "lockfile-10@npm:@pnpm/lockfile.fs@1001.1.35",
                "utils-10@npm:@pnpm/lockfile.utils@1003.0.9",
            ),
            *("lockfile-8@npm:@pnpm/lockfile-file@8.1.8", "utils-8@npm:@pnpm/lockfile-utils@9.0.6"),
            *("utils-7@npm:@pnpm/lockfile-utils@4.2.8", "js-yaml@4.1.0", "@pnpm/logger@5.2.0"),
        ),
    ),
}
_LOCAL: Final = frozenset({"workspace", "link", "root"})


def ours(lockfile: Lockfile) -> frozenset[Triple]:
    """What our reader makes of a lockfile, as the module's docstring says."""
    return frozenset(
        (package.name, package.version, package.integrity)
        for package in lockfile.packages
        if package.source not in _LOCAL and not package.link and _is_fetched(package.key, lockfile)
    )


def _is_fetched(key: str, lockfile: Lockfile) -> bool:
    """An npm entry outside node_modules is a folder that a link leads to."""
    return lockfile.format != "npm" or "node_modules/" in key


class Reference:
    """A running driver."""

    def __init__(self, driver: Driver) -> None:
        folder = _install(driver.packages)
        self._process = subprocess.Popen(
            ["node", str(_HERE / driver.script), str(folder.resolve())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def read(self, path: str, data: bytes) -> frozenset[Triple] | str:
        """The triples, or the reference's error."""
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return "is not UTF-8"
        answer = self._ask({"path": path, "text": text})
        if "error" in answer:
            return str(answer["error"])
        return frozenset(
            (name, version, integrity) for name, version, integrity in answer["packages"]
        )

    def _ask(self, question: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """End the driver: it stops where its input does."""
        self._process.communicate()


def _install(packages: tuple[str, ...]) -> Path:
    """The folder whose node_modules hold the packages; installed when it is first asked for."""
    folder = _CACHE / f"{zlib.crc32(' '.join(packages).encode()):08x}"
    if not (folder / "node_modules").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n')
        subprocess.run(
            [
                "npm",
                "install",
                "--silent",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--legacy-peer-deps",  # several releases of one reader, of which each wants its own
                *packages,
            ],
            cwd=folder,
            check=True,
        )
    return folder


def versions(history: History, *, fixtures: bool) -> Iterator[tuple[str, str]]:
    """(path, blob) of every content that a lockfile ever had, newest first, each once."""
    log = history.output(
        *(
            "log",
            "--format=",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "-z",
            "-m",
            "--diff-filter=AM",
        ),
        *("HEAD", "--", *(f":(glob)**/{name}" for name in _globs())),
    )
    fields = log.decode("utf-8", "surrogateescape").split("\0")
    seen: set[str] = set()
    for head, path in zip(fields[::2], fields[1::2], strict=False):
        blob = head.split(" ")[3]
        if blob in seen or (not fixtures and is_fixture(path)):
            continue
        seen.add(blob)
        yield path, blob


def _globs() -> list[str]:
    return [*lockfiles.FORMATS, "pnpm-lock.*.yaml"]


class Tally:
    """The count of one repository and format; ``first`` the first difference of each kind."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.first: dict[str, str] = {}

    def add(self, outcome: str, where: str, detail: str = "") -> None:
        """One version's outcome."""
        self.count[outcome] += 1
        if detail:
            self.first.setdefault(outcome, f"{where}: {detail}")


class Comparison:
    """All repositories; drivers start when their format is first met."""

    def __init__(self, formats: frozenset[str]) -> None:
        self.formats = formats
        self.references: dict[str, Reference] = {}
        self.tallies: dict[tuple[str, str], Tally] = {}

    def walk(self, git_dir: str, most: int, *, fixtures: bool) -> None:
        """Compare every version, at most ``most`` of each format (0 = all)."""
        history = History(git_dir)
        name = _name(git_dir)
        taken: Counter[str] = Counter()
        for path, blob in versions(history, fixtures=fixtures):
            data = history.blob(blob)
            if not data or len(data) > _LARGEST:
                continue
            form = format_of(path, data)
            if form not in self.formats or (most and taken[form] >= most):
                continue
            taken[form] += 1
            tally = self.tallies.setdefault((name, form), Tally())
            self._compare(form, path, blob, data, tally)

    def _compare(self, form: str, path: str, blob: str, data: bytes, tally: Tally) -> None:
        if form not in self.references:
            self.references[form] = Reference(DRIVERS[form])
        theirs = self.references[form].read(path, data)
        where = f"{blob[:10]} {path}"
        try:
            found = ours(lockfiles.read(path, data))
        except LockwardError as fault:
            if isinstance(theirs, str):
                tally.add("both refuse", where)
            else:
                tally.add("only we refuse", where, str(fault))
            return
        if isinstance(theirs, str):
            tally.add("only it refuses", where, theirs)
        elif found == theirs:
            tally.add("equal", where)
        else:
            tally.add("different", where, _difference(found, theirs))

    def report(self) -> None:
        """The table of docs/benchmarks.md, then what differs."""
        columns = ("equal", "different", "only we refuse", "only it refuses", "both refuse")
        print("| repository | format | versions |", " | ".join(columns), "|")
        print("|---|---|---:|" + "---:|" * len(columns))
        for (name, form), tally in sorted(self.tallies.items()):
            numbers = [str(tally.count[column]) for column in columns]
            print(f"| {name} | {form} | {tally.count.total()} |", " | ".join(numbers), "|")
        total = sum((tally.count for tally in self.tallies.values()), Counter[str]())
        print(f"| all | | {total.total()} |", " | ".join(str(total[c]) for c in columns), "|")
        for (name, form), tally in sorted(self.tallies.items()):
            for outcome, text in tally.first.items():
                print(f"{name} {form} {outcome}: {text}")

    def close(self) -> None:
        """End the drivers."""
        for reference in self.references.values():
            reference.close()


def format_of(path: str, data: bytes) -> str:
    """The format that a lockfile claims, by its name and its header."""
    name = path.rpartition("/")[2]
    if name == "yarn.lock":
        berry = data.startswith(b"__metadata:") or b"\n__metadata:" in data
        return "yarn-berry" if berry else "yarn-classic"
    if name == "bun.lock":
        return "bun"
    return "pnpm" if name.endswith(".yaml") else "npm"


def _difference(found: frozenset[Triple], theirs: frozenset[Triple]) -> str:
    one = sorted(found - theirs, key=str)[:1]
    other = sorted(theirs - found, key=str)[:1]
    return f"only ours {len(found - theirs)} {one}, only theirs {len(theirs - found)} {other}"


def _name(git_dir: str) -> str:
    """``owner/name`` of a git directory that a folder is named after, else that folder's name."""
    parts = Path(git_dir).resolve().parts
    named = next((part for part in reversed(parts) if "+" in part), "")
    folder = next(part for part in reversed(parts) if part not in (".git", "repo"))
    return named.replace("+", "/", 1) or folder


def main() -> None:
    """Read the arguments, compare, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("git_dir", nargs="+")
    parser.add_argument("--max", type=int, default=0, help="the newest N versions of each format")
    parser.add_argument("--format", default=",".join(DRIVERS), help="formats, with commas")
    parser.add_argument("--fixtures", action="store_true", help="those of tests too")
    options = parser.parse_args()
    comparison = Comparison(frozenset(options.format.split(",")))
    for git_dir in options.git_dir:
        comparison.walk(git_dir, options.max, fixtures=options.fixtures)
    comparison.close()
    comparison.report()


if __name__ == "__main__":
    main()
