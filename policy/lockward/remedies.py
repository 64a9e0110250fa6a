"""Commands that mend, as a finding pastes them.

A lockfile is restored before it is written again: `npm install` on an edited
one keeps the edit.  `--ignore-scripts` always: even `--package-lock-only` runs
the root's own install scripts.
"""

from __future__ import annotations

from lockward.paths import folder_of, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# What rewrites a lockfile from the manifests, by its format (managers.Kind).  Yarn 1 has
# no way to write its lockfile alone.
_REWRITE: Final = {
    "npm": "npm install --package-lock-only --ignore-scripts",
    "yarn-classic": "yarn install --ignore-scripts",
    "yarn-berry": "yarn install --mode=skip-build",
    "pnpm": "pnpm install --lockfile-only --ignore-scripts",
    "bun": "bun install --lockfile-only --ignore-scripts",
}
# What turns a lockfile that nobody can read into one that can be read, by its name.
_MIGRATE: Final = {
    "bun.lockb": "bun install --save-text-lockfile --lockfile-only --ignore-scripts "
    "&& git add -A -- bun.lock bun.lockb",
}
# Formats whose manager never adds a hash to an entry that has none.
_NEVER_FILLS: Final = frozenset({"bun"})
TEXT_OF: Final = {"bun.lockb": "bun.lock"}
# The format of a lockfile that cannot be read, by its name.
_BY_NAME: Final = {
    "yarn.lock": "yarn-berry",
    "pnpm-lock.yaml": "pnpm",
    "bun.lock": "bun",
}
_PLAIN: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-"
)


def quote(word: str) -> str:
    """A word as a POSIX shell takes it literally."""
    if word and _PLAIN.issuperset(word):
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"


def restore(path: str) -> str:
    """The command that takes a file back to what was committed."""
    return f"git checkout HEAD -- {quote(path)}"


def rewrite(path: str, form: str = "") -> str:
    """The command that brings a lockfile in line with its manifests; ``form``: its format."""
    return _inside(folder_of(path), _REWRITE[form or _BY_NAME.get(name_of(path), "npm")])


def _inside(folder: str, command: str) -> str:
    return f"(cd {quote(folder)} && {command})" if folder else command


def regenerate(path: str, form: str = "") -> tuple[str, ...]:
    """Restore a lockfile, then let its package manager write it."""
    return (restore(path), rewrite(path, form))


def with_hashes(path: str, form: str = "") -> tuple[str, ...]:
    """The same for a lockfile whose hashes are not as they should be.

    bun leaves an entry without one as it is, under ``--force`` and ``bun update`` as well
    (1.2 and 1.3): where none was committed, the file has to go first.
    """
    commands = regenerate(path, form)
    if form not in _NEVER_FILLS:
        return commands
    anew = f"rm {quote(name_of(path))} && {_REWRITE[form]}"
    return (*commands, f"{_inside(folder_of(path), anew)}   (if HEAD has no hashes, either)")


def migrate(path: str, beside: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Turn a binary lockfile into a text: what was committed, for a migration keeps an edit.

    ``beside``: the names of the other lockfiles in its folder.  Beside its own text it is
    not read, and stays when that is written; another manager's may be the one in use.
    """
    text = TEXT_OF[name_of(path)]
    remove = f"git rm -f {quote(path)}"  # -f: it may be staged
    if text in beside:
        return (remove,)
    commands = (
        f"{restore(path)}   (if it was committed before)",
        _inside(folder_of(path), _MIGRATE[name_of(path)]),
    )
    other = f"{remove}   (if {beside[0]} is the one in use)" if beside else ""
    return (other, *commands) if other else commands
