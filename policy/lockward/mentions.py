"""Every place of a project that names a package: requirements, overrides, aliases, entries.

Rules about names and scopes look at all of them; a name that is only written in
an override or behind an alias is asked of a registry like any other.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.model import Lockfile, Manifest
    from lockward.project import Project

# Where a manifest has override rules (npm; yarn; pnpm), nested or flat.
_OVERRIDES: Final = (("overrides",), ("resolutions",), ("pnpm", "overrides"))
# What stands in the lockfile because it lies in the repository.
LOCAL: Final = frozenset({"root", "workspace", "link", "directory"})


class Written:
    """A pnpm-workspace.yaml as a source of mentions: where its keys stand."""

    __slots__ = ("path", "project")

    def __init__(self, project: Project, path: str) -> None:
        self.project: Final = project
        self.path: Final = path

    def line_of(self, keys: tuple[str, ...]) -> int:
        """The line of the key that the keys lead to."""
        from lockward import yamlread

        data = self.project.tree.read(self.path, self.project.policy.max_bytes) or b""
        return yamlread.lines(data, len(keys)).get("\0".join(keys), 1)


class Mention:
    """A package's name in one place.

    ``name`` is the package's own name, ``asked`` the name under which it is
    asked for (they differ behind an alias), ``spec`` what is written behind it.
    ``keys`` lead to the place in the manifest; ``key`` is an entry's key in the
    lockfile instead.  ``folder`` is the workspace's, from the project's root.
    """

    __slots__ = ("_source", "asked", "folder", "key", "keys", "name", "path", "spec")

    def __init__(
        self,
        source: Manifest | Lockfile | Written,
        name: str,
        spec: str,
        *,
        asked: str = "",
        keys: tuple[str, ...] = (),
        key: str = "",
        folder: str = "",
    ) -> None:
        self._source: Final = source
        self.path: Final = source.path
        self.name: Final = name
        self.asked: Final = asked or name
        self.spec: Final = spec
        self.keys: Final = keys
        self.key: Final = key
        self.folder: Final = folder

    @property
    def line(self) -> int:
        """The line (from 1) of the place; found on request, only findings need it."""
        from lockward.model import Lockfile

        if isinstance(self._source, Lockfile):
            return self._source.line_of(self.key)
        if isinstance(self._source, Written):
            return self._source.line_of(self.keys)
        from lockward import jsonread

        return jsonread.place(self._source.data, self.keys)

    @property
    def pointer(self) -> str:
        """The JSON pointer of a place in a manifest, the key of an entry."""
        from lockward import jsonread

        return jsonread.pointer(*self.keys) if self.keys else self.key

    @property
    def section(self) -> str:
        """``dependencies``, ``overrides``, …; "" for an entry."""
        return self.keys[0] if self.keys else ""


def of_manifests(project: Project) -> Iterator[Mention]:
    """What all manifests ask for, the root's first, then by folder."""
    for folder in sorted(project.manifests):
        manifest = project.manifests[folder]
        yield from _required(folder, manifest)
        yield from _overridden(folder, manifest)
        yield from _bundled(folder, manifest)
    if project.workspace_file:
        yield from _in_workspace_file(project)


def _required(folder: str, manifest: Manifest) -> Iterator[Mention]:
    for section, specs in manifest.sections.items():
        for name, spec in specs.items():
            target, rest = target_of(name, spec)
            keys = (section, name)
            yield Mention(manifest, target, rest, asked=name, keys=keys, folder=folder)


def _overridden(folder: str, manifest: Manifest) -> Iterator[Mention]:
    """Names in the keys of override rules, and in the aliases that are their values."""
    for place in _OVERRIDES:
        rules: object = manifest.raw
        for key in place:
            rules = rules.get(key) if isinstance(rules, dict) else None
        stack: list[tuple[tuple[str, ...], object]] = [(place, rules)]
        while stack:
            keys, node = stack.pop()
            if isinstance(node, dict):
                stack.extend(((*keys, key), node[key]) for key in reversed(node))
            if len(keys) > len(place):
                spec = node if isinstance(node, str) else "*"
                for name in names_in_key(keys[-1]):
                    target, rest = target_of(name, spec)
                    yield Mention(manifest, target, rest, asked=name, keys=keys, folder=folder)


def _in_workspace_file(project: Project) -> Iterator[Mention]:
    """Names in the overrides and catalogs of pnpm-workspace.yaml."""
    from lockward import pnpm_settings

    settings = pnpm_settings.of(project)
    source = Written(project, pnpm_settings.file_of(project.root))
    overrides = settings.file.get("overrides")
    for key, text in overrides.items() if isinstance(overrides, dict) else ():
        for name in names_in_key(key):
            target, rest = target_of(name, text if isinstance(text, str) else "*")
            yield Mention(source, target, rest, asked=name, keys=("overrides", key))
    catalog = settings.file.get("catalog")
    catalogs = settings.file.get("catalogs")
    named = catalogs.items() if isinstance(catalogs, dict) else ()
    for keys, entries in ((("catalog",), catalog), *((("catalogs", n), of) for n, of in named)):
        for name, text in entries.items() if isinstance(entries, dict) else ():
            target, rest = target_of(name, text if isinstance(text, str) else "*")
            yield Mention(source, target, rest, asked=name, keys=(*keys, name))


def _bundled(folder: str, manifest: Manifest) -> Iterator[Mention]:
    """Bundled names that no section asks for: npm takes them from node_modules."""
    required = set().union(*manifest.sections.values())
    for name in sorted(manifest.bundled - required):
        yield Mention(manifest, name, "*", keys=("bundleDependencies",), folder=folder)


def target_of(name: str, spec: str) -> tuple[str, str]:
    """What is really asked for: an alias's own name and range, else the two as they are."""
    if spec[:4].lower() not in ("npm:", "jsr:"):
        return name, spec
    from lockward import spec as specs

    alias = specs.parse(name, spec).alias
    return (alias.name or name, alias.raw) if alias is not None else (name, spec)


def names_in_key(key: str) -> Iterator[str]:
    """The packages in an override's key.

    npm: ``@a/b@^1``, ``.``; yarn: ``a/**/@s/b``; pnpm: ``a@1>b``.
    """
    for part in key.split(">"):
        at = part.find("@", 1)
        pieces = (part if at < 0 or "/@" in part[: at + 1] else part[:at]).split("/")
        scope = ""
        for piece in pieces:
            if piece.startswith("@"):
                scope = piece
            elif piece not in ("", ".", "*", "**"):
                name = piece.partition("@")[0]
                yield f"{scope}/{name}" if scope else name
                scope = ""


def first_of_scopes(project: Project, scopes: frozenset[str]) -> Mapping[str, Mention]:
    """Scope -> the first place that asks for a package of it, manifests before the lockfile."""
    found: dict[str, Mention] = {}
    if not scopes:
        return found
    for mention in of_manifests(project):
        for name in (mention.name, mention.asked):
            scope, slash, _ = name.partition("/")
            if slash and scope in scopes:
                found.setdefault(scope, mention)
    lockfile = project.lockfile
    if lockfile is not None and len(found) < len(scopes):
        for package in lockfile.packages:
            scope, slash, _ = package.name.partition("/")
            wanted = slash and scope in scopes and scope not in found
            if wanted and package.source not in LOCAL:
                found[scope] = Mention(lockfile, package.name, package.version, key=package.key)
    return found
