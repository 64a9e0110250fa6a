"""Whether a locked package answers a requirement: by its version, and by its kind of source.

The version is compared as npm's depValid does; the source is not (npm takes
any source whose version fits), and that is what a smuggled folder lives on.
"""

from __future__ import annotations

from lockward import semver, spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.model import Edge, Package
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


def wants(edge: Edge) -> Spec:
    """The requirement of an edge, understood."""
    return spec.parse(edge.name, edge.spec)


def satisfied(edge: Edge) -> bool:
    """Whether the locked package's version answers the edge; an absent optional peer does."""
    if edge.target is None:
        return edge.kind == "peerOptional"
    return fits(wants(edge), edge.target)


def fits(wanted: Spec, package: Package) -> bool:
    """Whether a package's version is one that a requirement allows."""
    if wanted.alias is not None:
        wanted = wanted.alias
    if wanted.kind in ("range", "version"):
        text = wanted.fetch
        return text in ("", "*") or semver.satisfies(package.version, text, loose=True)
    if wanted.kind == "remote":
        return package.resolved is None or _same_address(wanted.fetch, package.resolved)
    allowed = _SOURCES.get(wanted.kind)
    return allowed is None or package.source in allowed


def _same_address(wanted: str, resolved: str) -> bool:
    return wanted.partition("#")[0] == resolved.partition("#")[0]


def asks_for(edge: Edge, package: Package) -> bool:
    """Whether the kind of source that an entry comes from is one that an edge asks for."""
    return package.source in _SOURCES.get(wants(edge).kind, _FROM_REGISTRY)


def asks_for_folder(edge: Edge) -> bool:
    """Whether an edge asks for a folder of this repository."""
    return edge.kind == "workspace" or _SOURCES.get(wants(edge).kind) is _FOLDERS


def compare(one: str, two: str) -> int:
    """-1, 0 or 1 as node-semver orders two versions; 0 when one of them is none."""
    try:
        return semver.compare(one, two, loose=True)
    except ValueError:
        return 0
