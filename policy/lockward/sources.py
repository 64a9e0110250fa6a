"""Where a locked package may come from, and whether anybody asked for that."""

from __future__ import annotations

from lockward import spec
from lockward.bounds import GLOBS, OVERRIDES
from lockward.directives import bare
from lockward.paths import relative_to, resolve
from lockward.registries import hosts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.model import Edge, Package
    from lockward.policy import Policy
    from lockward.project import Project

is_public = hosts.is_public

# Which kinds of requirement a kind of source answers; a registry answers what is
# left.  A range or tag is also answered by a workspace or a linked member.
_ASKED_BY: Final = {
    "git": frozenset({"git"}),
    "remote": frozenset({"remote"}),
    "file": frozenset({"file"}),
    "directory": frozenset({"directory", "link", "workspace", "file"}),
}
_INSECURE_GIT: Final = ("git://", "git+http://", "http://", "git+git://")
_COMMIT_LENGTHS: Final = (40, 64)  # SHA-1, SHA-256
# Formats that abbreviate a commit, whatever one asks for: bun of a GitHub repository.
_ABBREVIATED: Final = {"bun": 7}


def trusted_hosts(project: Project, policy: Policy) -> frozenset[str]:
    """The hosts that the project's settings and the policy name; https only."""
    named = set(policy.hosts)
    pins = [project.registries.default, *project.registries.scopes.values()]
    urls = [pin.url for pin in pins if pin is not None] + list(policy.registries.values())
    for url in urls:
        host = hosts.host_of(url) if url.startswith("https://") else None
        if host is not None:
            named.add(host)
    return frozenset(named)


def unasked(package: Package, project: Project) -> str:
    """How a source other than a registry came about that no requirement asks for.

    Invariant: the kind of a source changes only when a requirement's kind does.
    A package that nobody requires is the judgement's business, not ours.
    """
    if package.source == "link":
        return _unasked_link(package, project)
    wanted = _ASKED_BY.get(package.source)
    if wanted is None or project.graph is None:
        return ""
    # An edge that leads here through a link is judged at the link.
    edges = tuple(edge for edge in project.graph.into(package.key) if not edge.via)
    if not edges or any(_kind(edge) in wanted for edge in edges):
        return ""
    if _overridden(package, project) or _answers_peers(package, edges, project):
        return ""
    if _is_member(package, project) or by_plugin(package, project):
        return ""
    return f"{_A[package.source]}, but {_first(edges)}"


def _answers_peers(package: Package, edges: tuple[Edge, ...], project: Project) -> bool:
    """Whether a folder answers peers only, with what a project itself asks for.

    bun writes a second entry of such a folder beside who has the peer.
    """
    lockfile, graph = project.lockfile, project.graph
    if package.source != "directory" or lockfile is None or graph is None:
        return False
    if any(edge.kind not in ("peer", "peerOptional") for edge in edges):
        return False
    return any(
        edge.source in lockfile.importers and _kind(edge) in _ASKED_BY["directory"]
        for one in lockfile.packages
        if (one.alias, one.resolved) == (package.alias, package.resolved)
        for edge in graph.into(one.key)
    )


def _is_member(package: Package, project: Project) -> bool:
    """Whether a folder is that of the workspace's member of this very name.

    bun gives a copy of it to a dependant that is a copy, too, and asks for it by a range
    (databuddy-analytics/Databuddy c5a0de151d).
    """
    folder = resolve(project.root, package.resolved or "")
    if package.source != "directory" or folder is None or folder not in project.member_folders:
        return False
    manifest = project.workspaces.get(relative_to(project.root, folder))
    return manifest is not None and manifest.name == package.name == package.alias


def by_plugin(package: Package, project: Project) -> bool:
    """Whether a plugin of the repository answers, by a protocol that somebody asks for.

    Yarn 2 and later fetch nothing then: ``"selfsigned": "ignore:"`` (microsoft/rnx-kit).
    """
    if package.source != "remote":
        return False
    protocol, colon, rest = (package.resolved or "").partition(":")
    if not colon or rest.startswith("//") or protocol in _YARN_S or not project.directives.hooks:
        return False
    asked = f"{protocol}:"
    OVERRIDES.spend(len(project.directives.overrides))
    if any(
        bare(path[-1]) == package.alias and text.startswith(asked)
        for path, text in project.directives.overrides.items()
    ):
        return True
    edges = () if project.graph is None else project.graph.into(package.key)
    return any(edge.spec.startswith(asked) for edge in edges)


# Protocols of Yarn's own that say from where something is fetched, or what is run.
_YARN_S: Final = frozenset({"exec", "file", "git", "http", "https", "npm"})

_A: Final = {
    "git": "a git checkout",
    "remote": "a tarball from outside the registry",
    "file": "a tarball file",
    "directory": "a folder",
}


def _kind(edge: Edge) -> str:
    """What kind of thing is asked for; a name that no registry takes may be a link's."""
    kind = spec.parse(edge.name, edge.spec).kind
    return spec.parse("", edge.spec).kind if kind == "invalid" else kind


def _first(edges: tuple[Edge, ...]) -> str:
    edge = edges[0]
    return f"{edge.source or 'package.json'} wants {edge.spec}"


def _unasked_link(package: Package, project: Project) -> str:
    """A link to a folder that is neither a workspace nor asked for by file: or link:."""
    target = package.resolved or ""
    folder = resolve(project.root, target)
    if folder is None:
        return ""  # unsafe_kind reports it
    if folder in project.member_folders or project.graph is None:
        return ""
    edges = project.graph.into(package.key)
    wanted = ("directory", "link", "workspace", "file")
    if not edges or any(_kind(edge) in wanted for edge in edges):
        return ""
    if _overridden(package, project):
        return ""
    return f"a link to {target}, but {_first(edges)}"


def _overridden(package: Package, project: Project) -> bool:
    """Whether an override asks for the package under this name by a spec of this kind."""
    wanted = _ASKED_BY.get(package.source, _ASKED_BY["directory"])
    OVERRIDES.spend(len(project.directives.overrides))
    return any(
        bare(path[-1]) == package.alias and spec.parse(package.alias, text).kind in wanted
        for path, text in project.directives.overrides.items()
    )


def unsafe_kind(package: Package, project: Project, policy: Policy) -> str:
    """What makes a source unsafe whoever asked for it; "" when nothing does."""
    resolved = package.resolved or ""
    if package.source == "git":
        lockfile = project.lockfile
        return _unsafe_git(resolved, policy, "" if lockfile is None else lockfile.format)
    if package.source in ("link", "directory", "file") and resolved:
        path = resolved.removeprefix("file:")
        if resolve(project.root, path) is None:
            return f"outside the repository: {path}"
    return ""


def _unsafe_git(resolved: str, policy: Policy, form: str) -> str:
    if resolved.startswith(_INSECURE_GIT):
        return "git without encryption"
    url, _, commit = resolved.partition("#")
    whole = len(commit) in _COMMIT_LENGTHS or len(commit) == _ABBREVIATED.get(form)
    if not whole or not set(commit) <= set("0123456789abcdef"):
        return "git source that no commit pins"
    GLOBS.spend(2 * len(policy.git))
    if policy.git and not any(_allowed(pattern, url) for pattern in policy.git):
        return "git repository outside the policy's sources.git"
    return ""


_ODD: Final = frozenset("?#\\ %")


def _allowed(pattern: str, url: str) -> bool:
    """Whether ``github.com/acme/*`` covers a git URL, whatever its scheme and user."""
    rest = url.removeprefix("git+").partition("://")[2]
    if not _ODD.isdisjoint(rest):
        return False  # "?" and "\\" end a host for one reader and not for another
    authority, slash, path = rest.partition("/")
    place = f"{authority.rpartition('@')[2]}{slash}{path}".removesuffix(".git").lower()
    if pattern.endswith("/*"):
        return place.startswith(pattern[:-1].lower())
    return place == pattern.removesuffix(".git").lower()
