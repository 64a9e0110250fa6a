"""Which package manager a project is installed with, and which version of it.

In the order of research: what package.json declares (packageManager, then
devEngines.packageManager), then what lies beside it.
"""

from __future__ import annotations

from lockward.paths import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from typing import Final, Literal

    from lockward.model import Manifest

    Kind = Literal["npm", "yarn-classic", "yarn-berry", "pnpm", "bun"]

# Which lockfile counts when several lie in one folder and no packageManager
# decides: npm prefers a shrinkwrap to a package-lock (arborist, shrinkwrap.js).
PRECEDENCE: Final = (
    "npm-shrinkwrap.json",
    "package-lock.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
    "bun.lockb",
)
PROGRAMS: Final = frozenset({"npm", "yarn", "pnpm", "bun"})
LOCKFILES: Final = {
    "npm-shrinkwrap.json": "npm",
    "package-lock.json": "npm",
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
    "bun.lock": "bun",
    "bun.lockb": "bun",
}


class Manager:
    """``kind`` names the format that it writes; ``version`` as declared, "" when nothing tells."""

    __slots__ = ("kind", "version")

    def __init__(self, kind: Kind, version: str = "") -> None:
        self.kind: Final[Kind] = kind
        self.version: Final = version

    @property
    def name(self) -> str:
        """The program's name: npm, yarn, pnpm or bun."""
        return self.kind.partition("-")[0]

    @property
    def major(self) -> int | None:
        """The major version; None when nothing tells."""
        head = self.version.lstrip("^~>=v ").partition(".")[0]
        return int(head) if head.isdecimal() and head.isascii() else None


def declared(manifest: Manifest | None) -> tuple[str, str]:
    """Name and version in packageManager, else in devEngines.packageManager; ("", "") = neither.

    The version is without the hash that corepack puts behind it; of devEngines
    it may be a range.
    """
    if manifest is None:
        return "", ""
    return next(declarations(manifest.raw), ("", ""))


def declarations(raw: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """All that a package.json declares, name and version, the most binding first."""
    said = raw.get("packageManager")
    if isinstance(said, str):
        name, _, version = said.partition("@")
        yield name, version.partition("+")[0]
    engines = raw.get("devEngines")
    listed = engines.get("packageManager") if isinstance(engines, dict) else None
    for entry in listed if isinstance(listed, list) else [listed]:
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            wanted = entry.get("version")
            yield entry["name"], wanted if isinstance(wanted, str) else ""


def lockfile_owner(path: str) -> str:
    """The program whose lockfile a path is, by its name; "" when nobody's."""
    name = name_of(path)
    if name.startswith("pnpm-lock.") and name.endswith(".yaml"):
        return "pnpm"  # a branch's
    return LOCKFILES.get(name, "")


def rank(path: str) -> int:
    """A lockfile's place in the order of precedence; names of any case."""
    name = name_of(path).lower()
    return PRECEDENCE.index(name) if name in PRECEDENCE else len(PRECEDENCE)


def in_use(manifest: Manifest | None, lockfile_format: str, beside: Collection[str]) -> Manager:
    """The manager of a project: its lockfile's, at the version that the manifest declares.

    ``lockfile_format`` "" = there is no readable lockfile: then the declared
    manager, else the one whose own settings lie ``beside`` (file names), else npm.
    """
    name, version = declared(manifest)
    kind = lockfile_format or _kind(name, version, beside)
    if name == "yarn" and version and kind in ("yarn-classic", "yarn-berry"):
        kind = _yarn(version)  # Yarn 4 reads a lockfile of Yarn 1, and writes it anew
    return Manager(_KINDS[kind], version if kind.partition("-")[0] == name else "")


def _kind(name: str, version: str, beside: Collection[str]) -> str:
    if name == "yarn":
        return _yarn(version)
    if name in _KINDS:
        return name
    return next((kind for file, kind in _SETTINGS.items() if file in beside), "npm")


def _yarn(version: str) -> str:
    """Which of the two a declared version is: Yarn 2 and later, and no version at all, is Berry."""
    return "yarn-classic" if Manager("yarn-classic", version).major in (0, 1) else "yarn-berry"


# Files that one manager alone reads.
_SETTINGS: Final = {
    ".yarnrc.yml": "yarn-berry",
    "pnpm-workspace.yaml": "pnpm",
    "bunfig.toml": "bun",
    ".yarnrc": "yarn-classic",
    "bun.lockb": "bun",  # nobody reads it, but it tells who wrote it
}
_KINDS: Final[dict[str, Kind]] = {
    "npm": "npm",
    "yarn-classic": "yarn-classic",
    "yarn-berry": "yarn-berry",
    "pnpm": "pnpm",
    "bun": "bun",
}
