"""Whether a path matches gitignore patterns.

Plain patterns are decided by comparison; pathspec (25 ms) is imported only
for a list that holds a wildcard or a negation, and that nothing plain decided.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from pathspec import GitIgnoreSpec

WILD: Final = frozenset("*?[]\\")
LONGEST: Final = 1024  # characters of a pattern
STARS: Final = 8  # in a pattern: each multiplies what a hostile path costs

_specs: dict[tuple[str, ...], GitIgnoreSpec] = {}


def gitignore(patterns: tuple[str, ...], path: str) -> bool:
    """Whether git would ignore the file at ``path``, given these patterns at the top.

    Later patterns win over earlier ones (gitignore(5)); but ``!`` takes back
    also inside a folder that is matched, which git refuses for speed only.
    """
    plain = [pattern for pattern in patterns if _is_plain(pattern)]
    hit = any(_plain(pattern, path) for pattern in plain)
    if len(plain) == len(patterns):
        return hit
    if hit and not any(pattern.startswith("!") for pattern in patterns):
        return True
    return _spec(patterns).match_file(path)


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
        [read] = _spec((pattern,)).patterns
    except (ValueError, error):
        return "is not a gitignore pattern"
    return "" if read.include is not None else "is not a gitignore pattern"


def _is_plain(pattern: str) -> bool:
    """Whether comparison alone decides a pattern."""
    special = pattern[:1] in ("!", "#", "") or pattern.endswith(" ")
    return not special and WILD.isdisjoint(pattern)


def _plain(pattern: str, path: str) -> bool:
    """Whether a pattern without wildcards matches a file: itself or a folder above it."""
    folder = pattern.endswith("/")
    body = pattern.rstrip("/") if folder else pattern
    if "/" in body:
        body = body.removeprefix("/")
        return path.startswith(f"{body}/") or (path == body and not folder)
    parts = path.split("/")
    return body in (parts[:-1] if folder else parts)


def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    """The compiled patterns; as many are kept as policies have lists."""
    found = _specs.get(patterns)
    if found is None:
        from pathspec import GitIgnoreSpec

        found = _specs[patterns] = GitIgnoreSpec.from_lines(patterns)
    return found
