"""Make the table of packages that have commands, from the lockfiles of real repositories.

    python -m tools.commands GIT_DIR...

One revision in two hundred of each name of lockfile is read, and the last.  Names are
added to the table that is there (policy/lockward/lockdiff/commands.txt).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.gittree import History
from lockward import lockfiles
from lockward.errors import LockwardError
from lockward.lockdiff import commands

if TYPE_CHECKING:
    from collections.abc import Iterable

TABLE: Final = Path(commands.__file__).with_suffix(".txt")
NAMES: Final = ("package-lock.json", "yarn.lock", "bun.lock", "pnpm-lock.yaml")
EVERY: Final = 200


def read(git_dir: str) -> set[str]:
    """The packages with commands in the lockfiles of one history."""
    history, found = History(git_dir), set[str]()
    for name in NAMES:
        changes = list(history.changes(name))
        for commit, _, paths in {row[0]: row for row in changes[::EVERY] + changes[-1:]}.values():
            for path in paths:
                found |= with_commands(path, history.blob(f"{commit}:{path}"))
    return found


def with_commands(path: str, data: bytes) -> set[str]:
    """The registry's packages with commands in a lockfile; none when it is unreadable."""
    try:
        packages = lockfiles.read(path, data).packages
    except LockwardError:
        return set()
    return {
        one.name
        for one in packages
        if one.source == "registry" and (one.raw.get("bin") or one.raw.get("hasBin"))
    }


def load(text: str) -> set[str]:
    """The names of a table that is there already."""
    return {row for row in text.splitlines() if row and not row.startswith("#")}


def written(names: Iterable[str]) -> str:
    """The table's text."""
    return "\n".join([*commands.HEADING, *sorted(names), ""])


def main() -> None:
    """Read the arguments, the table and the histories, write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("git_dirs", nargs="+")
    options = parser.parse_args()
    known = load(TABLE.read_text("utf-8")) if TABLE.exists() else set()
    for git_dir in options.git_dirs:
        known |= read(git_dir)
    TABLE.write_text(written(known), "utf-8")
    print(len(known), "names,", TABLE.stat().st_size >> 10, "kB")


if __name__ == "__main__":
    main()
