"""Which commits of a push touch anything that a rule looks at.

One ``rev-list`` and one ``diff-tree --stdin`` for the whole push, read as a
stream: this runs for every push, and most have no JavaScript in them.  Every
id given to git must come back, as often as the commit has parents: diff-tree
passes silently over what it cannot find.
"""

from __future__ import annotations

import os

from lockward_hooks import process
from lockward_hooks.diff import matters
from lockward_hooks.git import RAW, GitError, fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Final

    from lockward_hooks.git import Git

_PAIR: Final = "\n"
_LONGEST_LINE: Final = 999  # bytes: diff-tree takes what is longer for two lines
_LONGEST_PATH: Final = 1 << 20  # no file system takes it, and reading on would be quadratic
_KNOWN_PATHS: Final = 1 << 16


class Survey:
    """What a push brings, and what of it matters.

    ``lines``: per new commit its id and its parents' ids, newest first;
    ``hits``: commit -> in how many of its comparisons (one per parent, one for
    a root) something matters; ``tips``: the pairs (new, old) that differ in
    something that matters.
    """

    __slots__ = ("hits", "lines", "tips")

    def __init__(
        self, lines: list[bytes], hits: dict[str, int], tips: frozenset[tuple[str, str]]
    ) -> None:
        self.lines: Final = lines
        self.hits: Final = hits
        self.tips: Final = tips

    def parents(self) -> dict[str, tuple[str, ...]]:
        """Every new commit's parents."""
        table = {}
        for line in self.lines:
            commit, *each = line.decode().split(" ")
            table[commit] = tuple(each)
        return table

    def judged(self) -> Iterator[str]:
        """The commits that must be judged, newest first.

        A merge that differs in nothing from one of its parents introduces nothing.
        """
        for line in self.lines if self.hits else ():
            commit, _, parents = line.decode().partition(" ")
            if self.hits.get(commit, 0) >= 1 + parents.count(" "):
                yield commit


def survey(
    git: Git, new: Iterable[str], known: Sequence[str], pairs: Sequence[tuple[str, str]]
) -> Survey:
    """Look at every commit that ``new`` reach and ``known`` (rev-list arguments) do not.

    ``pairs`` (new, old) are compared as well: two commits each.
    """
    feed = _Feed(pairs)
    hits: dict[str, int] = {}
    tips: set[tuple[str, str]] = set()
    for number in _relevant(_differences(git, tuple(new), known, feed), feed.lines):
        line = feed.lines[number]
        commit, _, old = line.decode().partition(" ")
        if commit[0] == _PAIR:
            tips.add((commit[1:], old))
        else:
            hits[commit] = hits.get(commit, 0) + 1
    commits = feed.lines[: len(feed.lines) - len(pairs)]
    return Survey(commits, hits, frozenset(tips))


class _Feed:
    """What diff-tree is given: the lines of rev-list as they come, then the pairs.

    The pairs come last because diff-tree keeps what it was told of a commit's
    parents.  It repeats a line that is no id, so that an empty one in front
    of a pair tells it from a commit.
    """

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.lines: Final[list[bytes]] = []
        self._pairs: Final = [f"{_PAIR}{after} {before}".encode() for after, before in pairs]
        self._rest = b""

    def __call__(self, piece: bytes) -> bytes:
        """Note a piece of what rev-list wrote (b"" = its end); what to pass on."""
        if piece:
            lines = (self._rest + piece).split(b"\n")
            self._rest = lines.pop()
            self.lines.extend(lines)
            return b"".join([_asked(line) for line in lines])
        if self._rest:
            raise GitError("git's list of commits is cut off")
        self.lines.extend(self._pairs)
        return b"".join(line + b"\n" for line in self._pairs)


def _asked(line: bytes) -> bytes:
    """A line that diff-tree reads whole; it looks up the parents of a commit that has too many."""
    return (line if len(line) < _LONGEST_LINE else line.partition(b" ")[0]) + b"\n"


def _differences(
    git: Git, new: tuple[str, ...], known: Sequence[str], feed: _Feed
) -> Iterator[bytes]:
    """What diff-tree writes of the commits that rev-list lists, and of the pairs."""
    asked = process.filled("".join(f"{oid}\n" for oid in dict.fromkeys(new)).encode())
    source, listed = os.pipe()
    lister = Helper(git, ("rev-list", "--parents", "--stdin", *known), asked, listed)
    given, sink = os.pipe()
    result, compared = os.pipe()
    comparer = Helper(git, _COMPARE, given, compared)
    try:
        yield from process.relayed(source, sink, result, feed)
        comparer.finish()  # first: where it died, the lister died of a broken pipe
        lister.finish()
    finally:
        lister.end()
        comparer.end()
        process.close(result)


_COMPARE: Final = ("diff-tree", "--stdin", "-r", "-m", "--root", "--always", *RAW)


class Helper:
    """A git command between two pipes; its ends of them are closed here once it runs."""

    def __init__(self, git: Git, args: tuple[str, ...], stdin: int, stdout: int) -> None:
        self._command: Final = args[0]
        self._stderr: Final = process.scratch()
        self._child: Final = process.Child(git.argv(args), git.env, (stdin, stdout, self._stderr))
        process.close(stdin, stdout)

    def finish(self) -> None:
        """Wait for its end; GitError unless it went well."""
        code = self._child.wait()
        if code:
            raise GitError(fault(self._command, code, process.content(self._stderr)))

    def end(self) -> None:
        """Leave nothing behind."""
        self._child.kill()
        process.close(self._stderr)


def _relevant(chunks: Iterator[bytes], lines: Sequence[bytes]) -> Iterator[int]:
    """Read ``id NUL (:header NUL path NUL)*`` again and again, by its structure."""
    echoes = _Echoes(lines)
    verdicts = _Verdicts()
    told, rest = True, b""
    for chunk in chunks:
        tokens = (rest + chunk).split(b"\0")
        rest = tokens.pop()
        if len(rest) > _LONGEST_PATH:
            raise GitError(f"a path is longer than {_LONGEST_PATH} bytes")
        reading = iter(tokens)
        for token in reading:
            if token[:1] != b":":
                echoes.take(token)
                told = False
                continue
            path = next(reading, None)
            if path is None:  # its path is in the next chunk
                rest = token + b"\0" + rest
                break
            if not told and verdicts[path]:
                told = True
                yield echoes.number
    if rest or not echoes.complete:
        raise GitError("git diff-tree did not answer for every commit")


class _Verdicts(dict[bytes, bool]):
    """Path -> whether it matters, decided once: a push names the same paths again and again."""

    def __missing__(self, path: bytes) -> bool:
        if len(self) > _KNOWN_PATHS:
            self.clear()
        verdict = self[path] = matters(path)
        return verdict


class _Echoes:
    """The ids that diff-tree must repeat, in order.

    A merge's id comes once for each parent from which it differs, and at least once.
    """

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._lines: Final = lines
        self._id = b""
        self._left = 0
        self.number = -1

    def take(self, token: bytes) -> None:
        """The next id that was repeated; ``number`` is then its line's."""
        if self._left and token == self._id:
            self._left -= 1
            return
        self.number += 1
        line = b"" if self.complete_at(self.number) else self._lines[self.number]
        self._id, _, parents = line.partition(b" ")
        self._left = parents.count(b" ")
        if token != self._id:
            raise GitError(f"git diff-tree answered {token[:64]!r} when asked for {self._id!r}")

    def complete_at(self, number: int) -> bool:
        """Whether there is no such line any more."""
        return number >= len(self._lines)

    @property
    def complete(self) -> bool:
        """Whether every line was answered."""
        return self.complete_at(self.number + 1)
