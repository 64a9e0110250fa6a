"""Whether a path matches gitignore patterns.

Plain patterns are decided by comparison; pathspec (25 ms) is imported only
for a list that holds a wildcard or a negation, and that nothing plain decided.
"""

from __future__ import annotations

from lockward.bounds import GLOBS, MOST_CACHED, cached

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from pathspec import GitIgnoreSpec

WILD: Final = frozenset("*?[]\\")
LONGEST: Final = 1024  # characters of a pattern
STARS: Final = 8  # in a pattern: each multiplies what a hostile path costs
_COMPILED: Final = 40  # times what it costs to compare a pattern


class Patterns:
    """Some gitignore patterns, the plain ones by what they say: a policy may have thousands.

    When there is one with a wildcard, pathspec decides, for all of them together.
    """

    __slots__ = ("_everywhere", "_folders", "_paths", "_spec", "_takes_back", "_wild", "listed")

    def __init__(self, listed: tuple[str, ...]) -> None:
        self.listed: Final = listed
        plain = [pattern for pattern in listed if _is_plain(pattern)]
        bodies = {pattern.rstrip("/") for pattern in plain if pattern.endswith("/")}
        others = {pattern for pattern in plain if not pattern.endswith("/")}
        self._folders: Final = {body for body in bodies if "/" not in body}  # wherever they lie
        self._everywhere: Final = {body for body in others if "/" not in body}
        # from the top -> whether only a folder matches
        self._paths: Final = {body.removeprefix("/"): True for body in bodies if "/" in body}
        self._paths.update({body.removeprefix("/"): False for body in others if "/" in body})
        self._wild: Final = len(listed) - len(plain)
        self._takes_back: Final = any(pattern.startswith("!") for pattern in listed)
        self._spec: GitIgnoreSpec | None = None

    def match(self, path: str) -> bool:
        """See gitignore."""
        hit = self._hits(path)
        if not self._wild or (hit and not self._takes_back):
            return hit
        GLOBS.spend(len(self.listed))
        if self._spec is None:
            from pathspec import GitIgnoreSpec

            GLOBS.spend(len(self.listed) * _COMPILED)
            self._spec = GitIgnoreSpec.from_lines(self.listed)
        return self._spec.match_file(path)

    def _hits(self, path: str) -> bool:
        """Whether a pattern without wildcards matches a file: itself or a folder above it."""
        parts = path.split("/")
        if not self._folders.isdisjoint(parts[:-1]) or not self._everywhere.isdisjoint(parts):
            return True
        if not self._paths:
            return False
        folders = ("/".join(parts[:end]) for end in range(1, len(parts)))
        return self._paths.get(path, True) is False or any(one in self._paths for one in folders)


# By the pattern, or by the identity of a list, which it holds.
_KNOWN: Final[dict[int | str, Patterns]] = cached({})


def _of(patterns: tuple[str, ...]) -> Patterns:
    """The patterns made ready; once for the same tuple."""
    key = patterns[0] if len(patterns) == 1 else id(patterns)
    found = _KNOWN.get(key)
    if found is None:
        if len(_KNOWN) >= MOST_CACHED:
            _KNOWN.clear()
        found = _KNOWN[key] = Patterns(patterns)
    return found


def gitignore(patterns: tuple[str, ...], path: str) -> bool:
    """Whether git would ignore the file at ``path``, given these patterns at the top.

    Later patterns win over earlier ones (gitignore(5)); but ``!`` takes back
    also inside a folder that is matched, which git refuses for speed only.
    BoundError when thousands of wildcards meet thousands of paths.
    """
    return _of(patterns).match(path)


def fault(pattern: str) -> str:
    """What is wrong with a gitignore pattern; "" when it is valid."""
    body = pattern.removeprefix("!")
    if not body.strip("/ "):
        return "matches nothing"
    if pattern.startswith("#"):
        return "is a comment to gitignore"
    if len(pattern) > LONGEST or any(character < " " for character in pattern):
        return f"holds control characters or more than {LONGEST} characters"
    if pattern.count("*") > STARS:
        return f"holds more than {STARS} stars"
    if "[" in body or "\\" in body:
        return _bracket_fault(pattern)
    return ""


def _bracket_fault(pattern: str) -> str:
    """What pathspec and re have against brackets and backslashes; rare, so it may cost."""
    from re import error

    try:
        from pathspec import GitIgnoreSpec

        [read] = GitIgnoreSpec.from_lines((pattern,)).patterns
    except (ValueError, error):
        return "is not a gitignore pattern"
    return "" if read.include is not None else "is not a gitignore pattern"


def _is_plain(pattern: str) -> bool:
    """Whether comparison alone decides a pattern."""
    special = pattern[:1] in ("!", "#", "") or pattern.endswith(" ")
    return not special and WILD.isdisjoint(pattern)
