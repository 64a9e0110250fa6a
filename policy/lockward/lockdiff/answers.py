"""Whether a locked package answers a requirement: by its version, and by its kind of source.

The version is compared as npm's depValid does; the source is not (npm takes
any source whose version fits), and that is what a smuggled folder lives on.
"""

from __future__ import annotations

from lockward import semver, spec
from lockward.bounds import OVERRIDES
from lockward.directives import bare
from lockward.lockdiff.selectors import Dependants, covers
from lockward.paths import join, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from typing import Final

    from lockward.lockdiff.formats import Traits
    from lockward.model import Edge, Package
    from lockward.project import Project
    from lockward.spec import Spec

_FOLDERS: Final = frozenset({"directory", "link", "workspace", "file"})
# Kind of requirement -> kinds of source that answer it.  What a range, a tag or
# an alias asks for comes from a registry, inside a tarball, or is a workspace.
_SOURCES: Final = {
    "git": frozenset({"git"}),
    "remote": frozenset({"remote", "registry"}),  # the address of a registry's own tarball
    "file": frozenset({"file", "directory", "link"}),
    "directory": _FOLDERS,
    "link": _FOLDERS,
    "workspace": _FOLDERS,
    "catalog": frozenset({"registry", "bundled"}),
    "patch": frozenset({"registry", "bundled"}),
}
_FROM_REGISTRY: Final = frozenset({"registry", "bundled"})


class Asker:
    """How the requirements of one state read, with its catalogs and overrides at hand."""

    __slots__ = ("_alternatives", "_dependants", "_exact", "_lines", "_project", "_traits")

    def __init__(
        self,
        project: Project,
        traits: Traits,
        *,
        exact: bool,
        lines: Callable[[str], Collection[str]],
    ) -> None:
        self._project: Final = project
        self._traits: Final = traits
        self._exact: Final = exact  # npm 5's: no ranges are recorded
        self._lines: Final = lines  # of a name: the caret lines that were locked
        self._dependants: Final = Dependants(project, below=traits.below)
        self._alternatives: dict[str, list[tuple[tuple[str, ...], Spec]]] | None = None

    @property
    def prefixed(self) -> bool:
        """Whether ``npm:^1`` is a range (Berry)."""
        return self._traits.prefixed

    def wants(self, edge: Edge) -> Spec:
        """The requirement of an edge, understood: a catalog's entry in the catalog's place."""
        return self._understood(edge.name, edge.spec)

    def text(self, edge: Edge) -> str:
        """The text of a requirement by which edges compare: a catalog's entry, no ``npm:``."""
        return expanded(self._project, edge.name, edge.spec).removeprefix("npm:")

    def told(self, edge: Edge) -> str:
        """A requirement for people: a catalog's entry, a reference without its peers, overrides."""
        told = edge.spec if self.knows_range(edge) else edge.spec.partition("(")[0]
        text = f"{told} ({self.text(edge)})" if told.startswith("catalog:") else told or "*"
        others = self.alternatives(edge)
        return f"{text}, and an override says {others[0].raw}" if others else text

    def _understood(self, name: str, text: str) -> Spec:
        if text.startswith("catalog:"):
            text = expanded(self._project, name, text)
        if self._traits.prefixed and text.startswith("npm:") and "@" not in text[5:]:
            text = text[4:]
        text = text.removeprefix("runtime:")  # pnpm: a range of node's, bun's or deno's own
        # a name with a version in it, as viem has "ethers@6", says nothing of what is asked for
        return spec.parse(bare(name) if text.startswith("npm:") else name, text)

    def alternatives(self, edge: Edge) -> list[Spec]:
        """What overrides put in the place of a requirement: of those that are about it."""
        return [one for path, one in self._named(edge.name) if self.touches(path, edge)]

    def forced(self, edge: Edge) -> list[Spec]:
        """Of those the ones whose key has no range: they are about it whatever its range is."""
        return [
            one
            for path, one in self._named(edge.name)
            if path[-1] == edge.name and self.touches(path, edge)
        ]

    def touches(self, path: tuple[str, ...], edge: Edge) -> bool:
        """Whether an override of this path is about a requirement of its name."""
        OVERRIDES.spend()
        if not self._dependants.include(path[:-1], edge.source):
            return False
        asked = self.text(edge) if self.knows_range(edge) else ""
        return covers(path[-1], asked, () if asked else self._lines(edge.name))

    def _named(self, name: str) -> list[tuple[tuple[str, ...], Spec]]:
        """The overrides of a name, each with its path."""
        if self._alternatives is None:
            self._alternatives = {}
            for path, text in self._project.directives.overrides.items():
                last = bare(path[-1])
                found = self._understood(last, self._referred(text))
                self._alternatives.setdefault(last, []).append((path, found))
        known = self._alternatives.get(name, [])
        OVERRIDES.spend(len(known))
        return known

    def _referred(self, text: str) -> str:
        """Npm and pnpm: ``$name`` is what the root itself asks of that name."""
        manifest = self._project.manifest
        if text[:1] != "$" or manifest is None:
            return text
        for section in reversed(_ORDER):
            found = manifest.sections.get(section, {}).get(text[1:])
            if found is not None:
                return found
        return text

    def overrides_to(self, name: str, text: str, folder: str = "") -> bool:
        """Whether an override puts this very text in the place of requirements on a name.

        A folder is written as seen from the project that asks, which lies in ``folder``, and
        may lie above the lockfile's own folder (apollo-client 9c4c01a640).
        """
        root = self._project.root
        place = _place(join(root, folder), text)
        return any(
            one.raw == text or (place is not None and _place(root, one.raw) == place)
            for _, one in self._named(name)
        )

    def overrides_by_link(self, name: str) -> bool:
        """Whether an override puts a folder in the place of requirements on a name."""
        return any(one.kind == "link" for _, one in self._named(name))

    def knows_range(self, edge: Edge) -> bool:
        """Whether the range of an edge is known: an importer's always, others' as recorded."""
        return edge.source in self._project.manifests or (self._traits.ranges and not self._exact)

    def _is_reference(self, edge: Edge) -> bool:
        return not self._traits.ranges and edge.source not in self._project.manifests

    def answered(self, edge: Edge) -> bool:
        """Whether the edge has an answer in range; an absent optional peer is one.

        A folder of this repository answers without an entry of its own.
        """
        if edge.target is None:
            return bool(edge.via) or edge.kind == "peerOptional"
        return self.fits(edge, edge.target)

    def fits(self, edge: Edge, package: Package) -> bool:
        """Whether a package's version is one that the edge, or an override of it, allows.

        A member of the workspace answers by its name; Berry writes no version of it.
        """
        if package.source == "workspace":
            return True
        wanted = self.wants(edge)
        return (
            fits(wanted, package)
            or any(fits(other, package) for other in self.alternatives(edge))
            or (self._traits.splits and _fits_in_old_bun(wanted, package))
        )

    def heeds(self, edge: Edge, *, surely: bool = False) -> bool:
        """Whether an answer whose range is not recorded is one that the overrides of it allow.

        ``surely`` looks at those only whose key has no range: they are about every such edge.
        Peers have what the project has.
        """
        if edge.target is None or self.knows_range(edge) or self._is_peer(edge):
            return True
        about = self.forced(edge) if surely else self.alternatives(edge)
        allowed = about if surely else [one for _, one in self._named(edge.name)]
        return not about or any(fits(one, edge.target) for one in allowed)

    def _is_peer(self, edge: Edge) -> bool:
        lockfile = self._project.lockfile
        source = None if lockfile is None else lockfile.by_key.get(edge.source)
        return source is not None and edge.name in source.peer_dependencies

    def asks_for(self, edge: Edge, package: Package) -> bool:
        """Whether the kind of source that an entry comes from is one that somebody asks for."""
        return (
            asks(self.wants(edge), package)
            or of_plugin(package, edge.spec)
            or _renamed_member(package, edge.spec)
            or any(
                asks(other, package) or of_plugin(package, other.raw)
                for other in self.alternatives(edge)
            )
        )

    def asks_for_folder(self, edge: Edge) -> bool:
        """Whether an edge asks for a folder of this repository."""
        if edge.kind == "workspace" or _is_folder(self.wants(edge)):
            return True
        return any(map(_is_folder, self.alternatives(edge)))

    def names_another(self, edge: Edge, package: Package) -> bool:
        """Whether an edge asks for a package by an alias, and another one answers it.

        ``foo: npm:@org/foo@^1`` answered by the registry's own foo: managers compare versions.
        """
        if package.source != "registry":
            return False
        if "@" not in edge.spec and not edge.spec.startswith(_MAY_RENAME):
            return False  # nearly every edge
        if not self.knows_range(edge):
            return False
        meant = (self.wants(edge), *self.alternatives(edge))
        return meant[0].alias is not None and not _names(meant, edge, package)

    def forces_away(self, edge: Edge, package: Package) -> bool:
        """Whether an override gives every requirement on the edge's name to another package.

        One below somebody counts where that is who asks: npm shares what lies further down.
        """
        if package.source != "registry":
            return False
        named = [(path, one) for path, one in self._named(edge.name) if self.touches(path, edge)]
        return any(
            path[-1] == edge.name and one.alias is not None and self._is_of(path[:-1], edge.source)
            for path, one in named
        ) and not _names([one for _, one in named], edge, package)

    def _is_of(self, path: tuple[str, ...], source: str) -> bool:
        """Whether a path of names is empty, or ends at a dependant."""
        lockfile = self._project.lockfile
        asking = None if lockfile is None else lockfile.by_key.get(source)
        return not path or (asking is not None and bare(path[-1]) in (asking.name, asking.alias))

    def renames(self, edge: Edge, name: str) -> bool:
        """Whether an edge, or an override of it, asks for another package under its name.

        A reference (pnpm) is no requirement: it may look like a repository or a folder.
        """
        own = () if self._is_reference(edge) else (self.wants(edge),)
        wanted = (*own, *self.alternatives(edge))
        return any(
            one.kind in _UNNAMED or (one.alias is not None and one.alias.name == name)
            for one in wanted
        )


def _names(meant: Iterable[Spec], edge: Edge, package: Package) -> bool:
    """Whether some requirements of an edge's name mean a package by its own name."""
    return any(
        (edge.name if one.alias is None else one.alias.name) == package.name for one in meant
    )


_MAY_RENAME: Final = ("catalog:", "npm:")


def _place(folder: str, text: str) -> str | None:
    """The folder of this repository that a spec names; None when it names none."""
    protocol, colon, path = text.partition(":")
    return resolve(folder, path) if colon and protocol in ("link", "file") else None


# Kinds of requirement that name no package: an address, a repository.
_UNNAMED: Final = frozenset({"remote", "git", "file", "directory", "link"})
_ORDER: Final = ("peerDependencies", "dependencies", "optionalDependencies", "devDependencies")


def expanded(project: Project, name: str, text: str) -> str:
    """What ``catalog:`` or ``catalog:name`` stands for; the text itself when nothing does."""
    if not text.startswith("catalog:"):
        return text
    catalog = text.removeprefix("catalog:").strip()
    catalogs = project.directives.catalogs
    found = catalogs.get("" if catalog == "default" else catalog, {})
    return found.get(name, text)


def of_plugin(package: Package, text: str) -> bool:
    """Berry: whether a requirement names the very protocol of a plugin that made the entry.

    So may a resolution: ``"selfsigned": "ignore:"`` of microsoft/rnx-kit c9bb8bddb6.
    """
    protocol, colon, _ = (package.resolved or "").partition(":")
    if package.source != "remote" or not colon or protocol in ("http", "https"):
        return False
    return text.startswith(f"{protocol}:")


def _renamed_member(package: Package, text: str) -> bool:
    """Berry: whether a plugin asks for a member of the workspace under another name.

    ``npm:NAME@workspace:RANGE``: Yarn itself has no such requirement (plugin-conditions of
    babel makes it), and nothing but the member of that very name answers it.
    """
    return package.source == "workspace" and text.startswith(f"npm:{package.name}@workspace:")


def _is_folder(wanted: Spec) -> bool:
    return _SOURCES.get(wanted.kind) is _FOLDERS


def fits(wanted: Spec, package: Package) -> bool:
    """Whether a package's version is one that a requirement allows."""
    if wanted.alias is not None:
        wanted = wanted.alias
    if wanted.kind in ("range", "version"):
        if package.source == "git" and not package.version:
            return True  # npm 6 writes the address in the place of the version
        text = wanted.fetch
        return text in ("", "*") or semver.satisfies(package.version, text, loose=True)
    if wanted.kind == "remote":
        same = package.resolved is None or _same_address(wanted.fetch, package.resolved)
        return same or _is_archive(wanted, package)
    if wanted.kind == "git" and package.source == "git":
        from lockward.lockdiff.checkouts import is_checkout

        return is_checkout(wanted, package.resolved or "")
    allowed = _SOURCES.get(wanted.kind)
    return allowed is None or package.source in allowed


def _fits_in_old_bun(wanted: Spec, package: Package) -> bool:
    """Whether a version fits as bun reads a range before 1.4: ``>=0.5 0`` is ``>=0.5 || 0``.

    A version without an operator after another comparator is an alternative there (mkdirp of
    fstream, trycompai/comp 701e3d73b0; read in bun 1.2.22 and 1.4.5 by Bun.semver).
    """
    wanted = wanted.alias or wanted
    words = wanted.fetch.split() if wanted.kind == "range" else []
    if not words[1:] or "||" in wanted.fetch or "-" in words:
        return False
    parts: list[list[str]] = []
    operator = False  # the word before is one that belongs to this one
    for word in words:
        if not parts or (word[0].isdecimal() and not operator):
            parts.append([])
        parts[-1].append(word)
        operator = word[-1] in "<>=~^"
    return len(parts) > 1 and any(
        semver.satisfies(package.version, " ".join(part), loose=True) for part in parts
    )


def _same_address(wanted: str, resolved: str) -> bool:
    return wanted.partition("#")[0] == resolved.partition("#")[0]


def _is_archive(wanted: Spec, package: Package) -> bool:
    """Whether a requirement is the address of an archive, and a package the commit in it."""
    if wanted.kind != "remote" or package.source != "git":
        return False
    from lockward.lockdiff.checkouts import is_archived

    return is_archived(wanted, package.resolved or "")


def asks(wanted: Spec, package: Package) -> bool:
    """Whether a package comes from a kind of source that a requirement asks for."""
    known = package.source in _SOURCES.get(wanted.kind, _FROM_REGISTRY)
    return known or _is_archive(wanted, package)


def compare(one: str, two: str) -> int:
    """-1, 0 or 1 as node-semver orders two versions; 0 when one of them is none."""
    try:
        return semver.compare(one, two, loose=True)
    except ValueError:
        return 0
