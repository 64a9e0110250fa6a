"""What a lockfile comes to, in numbers: packages, depth, sources, scripts, duplicates."""

from __future__ import annotations

from lockward import tarball
from lockward.posture.chains import Chains, is_third_party

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Final

    from lockward.model import Lockfile, Package
    from lockward.project import Project

CHAINS: Final = 3  # the longest ones that are told
# Formats that say of a package whether it runs install scripts, and from which
# version on, or up to which; the others never do.
_RECORD_SCRIPTS: Final = {"npm": ("2", "9"), "pnpm": ("5", "8")}
_UNNAMED: Final = "registry (not recorded)"


class Facts:
    """The numbers of one lockfile, or of several together (``joined``).

    ``total`` counts entries of third parties, so one version installed twice
    counts twice; ``distinct`` counts name@version.  ``by_depth[0]`` are the
    direct ones.  ``unreached`` entries hang below nothing.  ``scripts`` are the
    name@version that run install scripts, as far as the format records it
    (``scripts_recorded``); ``sources`` maps a host or kind of source to the
    number of packages from it, ``duplicates`` a name to its versions.
    ``longest`` are the longest of the shortest ways, as names.
    """

    __slots__ = (
        "by_depth",
        "dev",
        "direct",
        "distinct",
        "duplicates",
        "longest",
        "optional",
        "scripts",
        "scripts_recorded",
        "sources",
        "total",
        "unreached",
    )

    def __init__(
        self,
        *,
        total: int = 0,
        distinct: int = 0,
        direct: int = 0,
        dev: int = 0,
        optional: int = 0,
        unreached: int = 0,
        by_depth: tuple[int, ...] = (),
        scripts: tuple[str, ...] = (),
        scripts_recorded: bool = True,
        sources: Mapping[str, int] | None = None,
        duplicates: Mapping[str, tuple[str, ...]] | None = None,
        longest: tuple[tuple[str, ...], ...] = (),
    ) -> None:
        self.total: Final = total
        self.distinct: Final = distinct
        self.direct: Final = direct
        self.dev: Final = dev
        self.optional: Final = optional
        self.unreached: Final = unreached
        self.by_depth: Final = by_depth
        self.scripts: Final = scripts
        self.scripts_recorded: Final = scripts_recorded
        self.sources: Final[Mapping[str, int]] = sources or {}
        self.duplicates: Final[Mapping[str, tuple[str, ...]]] = duplicates or {}
        self.longest: Final = longest

    @property
    def transitive(self) -> int:
        """Everything that no project of ours asks for itself."""
        return self.total - self.direct

    @property
    def max_depth(self) -> int:
        """The length of the longest of the shortest ways; 0 without packages."""
        return len(self.by_depth)


def chains(project: Project) -> Chains | None:
    """The shortest-path tree of a project's lockfile; None without a readable one."""
    if project.lockfile is None or project.graph is None:
        return None
    return Chains(project.lockfile, project.graph)


def of(tree: Chains) -> Facts:
    """The numbers of one lockfile."""
    lockfile = tree.lockfile
    packages = [package for package in lockfile.packages if is_third_party(package)]
    first, last = _RECORD_SCRIPTS.get(lockfile.format, ("", ""))
    return Facts(
        total=len(packages),
        distinct=len({(package.name, package.version) for package in packages}),
        direct=len(tree.direct),
        dev=sum(package.key in tree.dev for package in packages),
        optional=sum(package.key in tree.optional for package in packages),
        unreached=len(tree.unreached),
        by_depth=_by_depth(tree),
        scripts=scripts(lockfile),
        scripts_recorded=first <= lockfile.version[:1] <= last,
        sources=_sources(packages),
        duplicates=_duplicates(packages),
        longest=_longest(tree),
    )


def scripts(lockfile: Lockfile) -> tuple[str, ...]:
    """The third parties' packages that run install scripts: name@version, sorted, each once."""
    return tuple(
        sorted(
            {
                f"{package.name}@{package.version}"
                for package in lockfile.packages
                if package.has_install_script and is_third_party(package)
            }
        )
    )


def joined(parts: Iterable[Facts]) -> Facts:
    """Several lockfiles together: numbers added, names united, the deepest depth."""
    every = tuple(parts)
    depth = max((part.max_depth for part in every), default=0)
    chains_of = sorted((chain for part in every for chain in part.longest), key=_length_first)
    return Facts(
        total=sum(part.total for part in every),
        distinct=sum(part.distinct for part in every),
        direct=sum(part.direct for part in every),
        dev=sum(part.dev for part in every),
        optional=sum(part.optional for part in every),
        unreached=sum(part.unreached for part in every),
        by_depth=tuple(
            sum(part.by_depth[level] for part in every if level < part.max_depth)
            for level in range(depth)
        ),
        scripts=tuple(sorted({name for part in every for name in part.scripts})),
        scripts_recorded=all(part.scripts_recorded for part in every),
        sources=_most_first(_added(part.sources for part in every)),
        duplicates=_united(part.duplicates for part in every),
        longest=tuple(dict.fromkeys(chains_of))[:CHAINS],
    )


def _by_depth(tree: Chains) -> tuple[int, ...]:
    counts: dict[int, int] = {}
    for depth in tree.depths.values():
        counts[depth] = counts.get(depth, 0) + 1
    return tuple(counts.get(depth, 0) for depth in range(1, max(counts, default=0) + 1))


def _longest(tree: Chains) -> tuple[tuple[str, ...], ...]:
    deepest = sorted(tree.depths, key=lambda key: (-tree.depths[key], key))[:CHAINS]
    return tuple(tree.names(key) for key in deepest)


def _length_first(chain: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return (-len(chain), chain)


def source_of(package: Package, known: dict[str, str]) -> str:
    """The host that a package comes from, or the kind of its source.

    ``known`` remembers hosts by the address's beginning: a lockfile has few.
    """
    if package.source not in ("registry", "remote") or not package.resolved:
        return _UNNAMED if package.source == "registry" else package.source
    resolved = package.resolved
    place = resolved[: resolved.find("/", len("https://"))]
    host = known.get(place)
    if host is None:
        host = known[place] = tarball.parse(resolved).host or "unreadable address"
    return host


def _sources(packages: Iterable[Package]) -> Mapping[str, int]:
    known: dict[str, str] = {}
    counts: dict[str, int] = {}
    for package in packages:
        source = source_of(package, known)
        counts[source] = counts.get(source, 0) + 1
    return _most_first(counts)


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda row: (-row[1], row[0])))


def _duplicates(packages: Iterable[Package]) -> Mapping[str, tuple[str, ...]]:
    versions: dict[str, set[str]] = {}
    for package in packages:
        versions.setdefault(package.name, set()).add(package.version)
    return _sorted({name: found for name, found in versions.items() if len(found) > 1})


def _sorted(versions: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Most versions first."""
    ordered = sorted(versions.items(), key=lambda row: (-len(list(row[1])), row[0]))
    return {name: tuple(sorted(found, key=_natural)) for name, found in ordered}


def _natural(version: str) -> tuple[list[int], str]:
    """Numbers as numbers; enough to list versions in an order that people expect."""
    parts = version.partition("-")[0].partition("+")[0].split(".")
    return ([int(part) if part.isdecimal() and len(part) < 10 else 0 for part in parts], version)  # noqa: PLR2004 - no real part is longer


def _added(many: Iterable[Mapping[str, int]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in many:
        for name, number in one.items():
            counts[name] = counts.get(name, 0) + number
    return counts


def _united(many: Iterable[Mapping[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for one in many:
        for name, versions in one.items():
            found.setdefault(name, set()).update(versions)
    return _sorted(found)
