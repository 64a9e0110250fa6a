"""CODEOWNERS: who must review a path, as GitHub and as GitLab decide it.

Sources: GitHub, "About code owners"; GitLab, "Code Owners syntax".  Patterns are
those of gitignore without ``!`` and ``[ ]`` (GitHub); the last one that matches
wins, and one without owners takes a path back.  GitLab has sections, each of
which decides by itself; ``^[Section]`` and ``[Section][0]`` bind nobody.
"""

from __future__ import annotations

from lockward import patterns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Final, Literal

    Host = Literal["github", "gitlab"]

LARGEST: Final = 3 << 20  # bytes; GitHub does not read a longer file
# The first that exists counts.
PLACES: Final[dict[Host, tuple[str, ...]]] = {
    "github": (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"),
    "gitlab": ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"),
}


def place(paths: Collection[str], host: Host) -> str:
    """The CODEOWNERS file that counts; "" when there is none."""
    return next((path for path in PLACES[host] if path in paths), "")


class _Section:
    """Lines that decide together: (pattern, owned); ``owned`` is the header's default."""

    __slots__ = ("binding", "owned", "rows")

    def __init__(self, *, binding: bool = True, owned: bool = False) -> None:
        self.binding: Final = binding
        self.owned: Final = owned
        self.rows: Final[list[tuple[str, bool]]] = []


class Owners:
    """A CODEOWNERS file, read."""

    __slots__ = ("_host", "_sections")

    def __init__(self, data: bytes, host: Host) -> None:
        self._host: Final = host
        self._sections: Final = _read(data.decode("utf-8", "replace"), host)

    def covers(self, path: str) -> bool:
        """Whether a change of a path needs the review of somebody named here."""
        return any(self._decides(section, path) for section in self._sections if section.binding)

    def _decides(self, section: _Section, path: str) -> bool:
        for pattern, owned in reversed(section.rows):
            if pattern.startswith("!"):
                if self._matches(pattern[1:], path):
                    return False
            elif self._matches(pattern, path):
                return owned
        return False

    def _matches(self, pattern: str, path: str) -> bool:
        """One pattern.  ``docs/*`` does not reach into folders, unlike gitignore's."""
        if patterns.fault(pattern):
            return False
        if pattern.endswith("/*") and pattern.count("*") == 1:
            folder = pattern[:-2].strip("/")
            return path.rpartition("/")[0] == folder
        return patterns.gitignore((pattern,), path)


def _read(text: str, host: Host) -> list[_Section]:
    sections = [_Section()]
    for line in text.splitlines():
        row = line.strip()
        if not row or row.startswith("#"):
            continue
        header = _header(row) if host == "gitlab" else None
        if header is not None:
            sections.append(header)
            continue
        pattern, owners = _split(row)
        if host == "github" and (pattern.startswith("!") or "[" in pattern):
            continue  # GitHub passes over such a line
        section = sections[-1]
        section.rows.append((pattern, _any_owner(owners) or (section.owned and not owners)))
    return sections


def _header(row: str) -> _Section | None:
    """``[Section]``, ``^[Section]``, ``[Section][2] @owner``; None for any other line."""
    body = row.removeprefix("^")
    name, bracket, rest = body.partition("]")
    if not body.startswith("[") or not bracket:
        return None
    approvals = "1"
    if rest.startswith("["):
        approvals, _, rest = rest[1:].partition("]")
    binding = not row.startswith("^") and approvals.strip() != "0"
    return _Section(binding=binding, owned=_any_owner(rest.split())) if name else None


def _split(row: str) -> tuple[str, list[str]]:
    r"""Pattern and owners; ``\ `` is a space of the pattern, ``#`` begins a comment."""
    words = row.replace("\\ ", "\0").split()
    owners: list[str] = []
    for word in words[1:]:
        if word.startswith("#"):
            break
        owners.append(word)
    return words[0].replace("\0", " "), owners


def _any_owner(words: list[str]) -> bool:
    """``@user``, ``@org/team``, ``@@role`` or an address."""
    return any(len(word) > 1 and "@" in word for word in words)
