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

# What rewrites a lockfile from the manifests, by the lockfile's name.
_REWRITE: Final = {
    "package-lock.json": "npm install --package-lock-only --ignore-scripts",
    "npm-shrinkwrap.json": "npm install --package-lock-only --ignore-scripts",
    "yarn.lock": "yarn install --mode=skip-build",
    "pnpm-lock.yaml": "pnpm install --lockfile-only --ignore-scripts",
    "bun.lock": "bun install --lockfile-only --ignore-scripts",
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


def rewrite(path: str) -> str:
    """The command that brings a lockfile in line with its manifests."""
    command = _REWRITE.get(name_of(path), _REWRITE["package-lock.json"])
    folder = folder_of(path)
    return f"(cd {quote(folder)} && {command})" if folder else command


def regenerate(path: str) -> tuple[str, ...]:
    """Restore a lockfile, then let its package manager write it."""
    return (restore(path), rewrite(path))
