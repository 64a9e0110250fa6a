"""package.json as ``npm ci`` sees it, strictly read.

Reference: @npmcli/package-json, normalize.js (the steps of ``normalize``),
@npmcli/arborist, node.js (``_loadDeps``) and edge.js, @npmcli/map-workspaces.
npm stops at a requirement that is no string; what JavaScript merely takes for
nothing (null, false, "") is nothing here too.
"""

from __future__ import annotations

from lockward import jsonread
from lockward.errors import ManifestError
from lockward.lockfiles.npm_fields import WrongError, truthy
from lockward.model import SECTIONS, Manifest
from lockward.paths import join

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Final

    from lockward.model import Tree

    Document = Mapping[str, Any]

_NOTHING: Final[dict[str, str]] = {}


# Path -> object id, mode, and what it holds: two states of a repository share most manifests.
_KNOWN: Final[dict[str, tuple[tuple[str, str], Manifest]]] = {}
_MOST_KNOWN: Final = 4_000
_LONGEST_KNOWN: Final = 1 << 15  # bytes: most have one or two thousand


def inside(tree: Tree, path: str, limit: int) -> Manifest | None:
    """The manifest of a path in a tree, None where there is none; errors as those of ``read``."""
    entry = tree.entries().get(path)
    if entry is None:
        return None
    known = _KNOWN.get(path)
    if known is not None and known[0] == (entry.oid, entry.mode):
        return known[1]
    data = tree.read(path, limit)
    if data is None:
        return None
    found = read(path, data)
    if len(_KNOWN) > _MOST_KNOWN:
        _KNOWN.clear()
    if len(data) <= _LONGEST_KNOWN:
        _KNOWN[path] = ((entry.oid, entry.mode), found)
    return found


def ahead(tree: Tree, folders: Iterable[str | None]) -> None:
    """Announce the manifests that will be read next, where a tree is quicker for knowing."""
    announce = getattr(tree, "ahead", None)
    if announce is None:
        return
    entries = tree.entries()
    paths = [join(folder, "package.json") for folder in folders if folder is not None]
    found = ((path, _KNOWN.get(path), entries.get(path)) for path in paths)
    announce(
        [
            path
            for path, known, entry in found
            if entry is not None and (known is None or known[0] != (entry.oid, entry.mode))
        ]
    )


def read(path: str, data: bytes) -> Manifest:
    """The manifest that the bytes hold.  Raises ManifestError with line and JSON pointer."""
    document = jsonread.read(path, data, ManifestError, comments=True)
    try:
        if type(document) is not dict:
            raise WrongError((), "holds no JSON object")  # noqa: TRY301 - placed below, as all others
        return _manifest(path, data, document)
    except WrongError as wrong:
        line = jsonread.locate(data, wrong.keys)
        pointer = jsonread.pointer(*wrong.keys)
        raise ManifestError(wrong.message, path=path, line=line, pointer=pointer) from None


def _manifest(path: str, data: bytes, document: dict[str, Any]) -> Manifest:
    sections = {section: _specs(document, section) for section in SECTIONS}
    bundled = _bundled(document, sections["dependencies"])
    optional = sections["optionalDependencies"]
    if optional:
        # npm forgets the twin in dependencies (optionalDedupe)
        sections["dependencies"] = {
            name: spec for name, spec in sections["dependencies"].items() if name not in optional
        }
    _specs(document, "acceptDependencies")
    return Manifest(
        path=path,
        data=data,
        name=_text(document, "name"),
        version=_text(document, "version"),
        private=truthy(document.get("private")),
        sections=sections,
        peer_optional=_optional_peers(document.get("peerDependenciesMeta")),
        bundled=bundled,
        overrides=_overrides(document),
        workspaces=_workspaces(document),
        raw=document,
    )


def _text(document: Document, field: str) -> str | None:
    value = document.get(field)
    if truthy(value) and type(value) is not str:
        raise WrongError((field,), f'"{field}" is not a string')
    return value or None


def _specs(document: Document, section: str) -> dict[str, str]:
    """A dependency section, name to spec."""
    found = document.get(section)
    if not found:
        return _NOTHING
    if type(found) is not dict:
        raise WrongError((section,), f'"{section}" is not an object')
    for name, spec in found.items():
        if type(spec) is not str:
            raise WrongError((section, name), f'"{jsonread.shorten(name)}" is not a string')
    return found


def _optional_peers(meta: object) -> frozenset[str]:
    if type(meta) is not dict:
        return frozenset()
    return frozenset(
        name for name, of in meta.items() if type(of) is dict and truthy(of.get("optional"))
    )


def _bundled(document: Document, dependencies: Mapping[str, str]) -> frozenset[str]:
    """bundleDependencies, or its other spelling if it is not there; what npm cannot use is gone."""
    field = "bundleDependencies" if "bundleDependencies" in document else "bundledDependencies"
    listed = document.get(field)
    if listed is True:
        return frozenset(dependencies)
    if type(listed) is list or type(listed) is dict:
        return frozenset(name for name in listed if type(name) is str)
    return frozenset()


def _overrides(document: Document) -> dict[str, Any]:
    """The override rules, nested as they are written: strings at the ends."""
    overrides = document.get("overrides")
    if not overrides:
        return {}
    if type(overrides) is not dict:
        raise WrongError(("overrides",), '"overrides" is not an object')
    stack: list[tuple[tuple[str, ...], dict[str, Any]]] = [(("overrides",), overrides)]
    while stack:
        keys, rules = stack.pop()
        for key, rule in rules.items():
            if type(rule) is dict:
                stack.append(((*keys, key), rule))
            elif type(rule) is not str:
                raise WrongError((*keys, key), "an override is neither a string nor an object")
    return overrides


def _workspaces(document: Document) -> tuple[str, ...]:
    """The workspace globs, as they are written.

    Yarn's ``{"packages": […], "nohoist": […]}`` may leave ``packages`` out.
    """
    if "workspaces" not in document:
        return ()
    keys: tuple[str, ...] = ("workspaces",)
    declared = document["workspaces"]
    if type(declared) is dict:
        declared, keys = declared.get("packages", []), ("workspaces", "packages")
    if type(declared) is not list:
        raise WrongError(keys, '"workspaces" is not a list')
    for index, pattern in enumerate(declared):
        if type(pattern) is not str:
            raise WrongError((*keys, index), "a workspace is not a string")
    return tuple(declared)


def line_of(manifest: Manifest, section: str, *names: str) -> int:
    """The line of a section, or of a name in it; the nearest one above what is not there."""
    return jsonread.place(manifest.data, (section, *names))
