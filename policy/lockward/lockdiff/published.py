"""pnpm: requirements that published packages are known to have: several majors, other names.

pnpm records no ranges, so a jump to another major version is refused, and a dependency
under another name.  What a published version asks for never changes, so it can be
said here.  ``published.txt`` is made by ``python -m tools.published`` from the lockfiles
of managers that record ranges, and says it of exactly the versions that it names.

A row has four fields with tabs between them: package, dependency, what is asked for, and
the versions that ask for it; ``1.0.2..5`` are the patches 1.0.2 to 1.0.5.  Behind ``seen``
stand the caret lines that answered in pnpm's own lockfiles, a part of what is asked for.
"""

from __future__ import annotations

from lockward import spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Final

    from lockward.model import Package

HEADING: Final = (
    "# What published packages ask for, where one caret line does not hold it. Made by",
    "# `python -m tools.published`; policy/lockward/lockdiff/published.py says how it reads.",
)
SEEN: Final = "seen "
# (alias, package) -> who asks for it: packages, or scopes, in all versions
ALIASES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("react-helmet-async", "@slorber/react-helmet-async"): ("@docusaurus",),
    ("vscode", "@codingame/monaco-vscode-api"): ("monaco-languageclient",),
    ("vscode", "@codingame/monaco-vscode-extension-api"): ("monaco-languageclient",),
}


def requirement(source: Package, name: str) -> str | None:
    """What a package of a registry asks of a name; None when it is not known."""
    if source.source != "registry":
        return None
    for row in _rows(source.name, name):
        wanted, _, told = row.partition("\t")
        if source.version in versions(told):
            return wanted.removeprefix(SEEN)
    return None


def renames(source: Package, name: str, target: str) -> bool:
    """Whether a package of a registry, or its scope's packages, are known for such an alias."""
    if source.source != "registry":
        return False
    known = ALIASES.get((name, target), ())
    if source.name in known or source.name.partition("/")[0] in known:
        return True
    asked = spec.parse(name, requirement(source, name) or "")
    return asked.alias is not None and asked.alias.name == target


def versions(told: str) -> Iterator[str]:
    """The versions of a row's last field."""
    for one in told.split():
        first, dots, last = one.partition("..")
        if not dots:
            yield one
            continue
        stem, _, patch = first.rpartition(".")
        for number in range(int(patch), int(last) + 1):
            yield f"{stem}.{number}"


# (package, dependency) -> its rows, once they are asked for: thousands of edges may ask
_TABLE: Final[dict[tuple[str, str], list[str]]] = {}


def _rows(name: str, dependency: str) -> Sequence[str]:
    """What stands behind a package and its dependency, row by row."""
    if not _TABLE:
        from pkgutil import get_data

        text = (get_data(__package__ or "", "published.txt") or b"").decode("utf-8")
        for line in text.splitlines()[len(HEADING) :]:
            who, whom, row = line.split("\t", 2)
            _TABLE.setdefault((who, whom), []).append(row)
    return _TABLE.get((name, dependency), ())
