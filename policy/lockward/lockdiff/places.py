"""Where an artifact is fetched from, and whether that is where it was fetched before."""

from __future__ import annotations

from lockward import tarball
from lockward.lockdiff import hashes
from lockward.lockdiff.requirements import pins
from lockward.registries import hosts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward.lockdiff.scene import Scene
    from lockward.model import Lockfile, Package
    from lockward.tarball import Tarball

# A sound address of a registry whose paths do not show name and version.
_SHOWS_NO_NAME: Final = frozenset({"no registry path", "query or fragment"})


class Places:
    """The places that one comparison knows: settings, policy, and the lockfile before."""

    __slots__ = ("_known", "_pins", "_scene", "_servers")

    def __init__(self, scene: Scene) -> None:
        self._scene: Final = scene
        self._pins: Mapping[str, str] | None = None
        self._known: dict[str, set[str]] | None = None
        self._servers: set[str] = set()

    @property
    def _origins(self) -> dict[str, set[str]]:
        """Scope -> the servers from which its packages came; looked up when it is first needed."""
        if self._known is None:
            self._known = _origins(self._scene.lockfile_before)
            self._servers = set().union(*self._known.values())
        return self._known

    def defect_of_new(self, package: Package) -> str:
        """What is wrong with a new artifact's address by itself; "" when nothing is.

        Registries that bind no name in their addresses are taken as they are, when
        the lockfile already had such addresses of theirs.
        """
        if package.resolved is None:
            return ""
        address = tarball.parse(package.resolved)
        mismatch = address.mismatch(package.name, package.version)
        if mismatch in _SHOWS_NO_NAME and self._used_before(address):
            return ""
        return mismatch

    def unknown_host(self, package: Package) -> str:
        """Why a new artifact's registry is unknown; "" when it is not."""
        address = tarball.parse(package.resolved or "")
        if not address.host or self._scene.fresh:
            return ""
        if address.scheme != "https" and not self._used_before(address):
            return f"fetched over {address.scheme}"
        if self._trusts(address) or self._named_for(package, address):
            return ""
        scope = package.name.partition("/")[0]
        if scope.startswith("@") and self._scope_elsewhere(scope, address):
            return f"{scope} came from elsewhere so far"
        known = hosts.is_default_registry(address.host) or self._used_before(address)
        return "" if known else f"nothing came from {address.host} so far, and no setting names it"

    def moved(self, olds: list[str], package: Package) -> str:
        """How an artifact's address differs for the worse from all it had; "" when it does not.

        The caller has compared the hashes: a registry may move, and the public
        one may take over, as long as it is the same package of the same bytes.
        """
        resolved = package.resolved
        if resolved is None or resolved in olds:
            return ""
        if package.source == "git":
            same = any(repository(old) == repository(resolved) for old in olds)
            return "" if same else "another repository"
        address = tarball.parse(resolved)
        mismatch = address.mismatch(package.name, package.version)
        if mismatch:
            return mismatch
        return self._moved_host(olds, package, address) if olds else self.unknown_host(package)

    def _moved_host(self, olds: list[str], package: Package, address: Tarball) -> str:
        known = [tarball.parse(old) for old in olds]
        if address.scheme == "http" and any(old.scheme == "https" for old in known):
            return "fetched over http, no longer https"
        if any(old.host == address.host and old.port == address.port for old in known):
            return ""
        if hashes.read(self._scene.lockfile, package) is None:
            return "another host, and no hash"
        if hosts.is_default_registry(address.host) or self._trusts(address):
            return ""
        if self._named_for(package, address):
            return ""
        return f"another host, {address.host}"

    def _trusts(self, address: Tarball) -> bool:
        """Whether the policy names the host."""
        return address.scheme == "https" and address.host in self._scene.policy.hosts

    def _named_for(self, package: Package, address: Tarball) -> bool:
        """Whether the settings name this registry for this package's scope (or for all)."""
        if self._pins is None:
            self._pins = pins(self._scene.after)
        found = self._pins
        scope = package.name.partition("/")[0] if package.name.startswith("@") else ""
        url = found.get(scope) or found.get("", "")
        named = hosts.split(url) if url else None
        return named is not None and (named.scheme, named.host, named.port) == (
            address.scheme,
            address.host,
            address.port,
        )

    def _used_before(self, address: Tarball) -> bool:
        """Whether the lockfile before had registry packages from the same server."""
        origin = "/".join(address.url.split("/")[:3]) + "/"
        return bool(self._origins) and origin in self._servers

    def _scope_elsewhere(self, scope: str, address: Tarball) -> bool:
        """Whether all packages of a scope came from other servers before.

        The public registry's names are one server.
        """
        bases = self._origins.get(scope, set())
        if hosts.is_default_registry(address.host):
            return bool(bases) and not any(map(_is_default, bases))
        return bool(bases) and "/".join(address.url.split("/")[:3]) + "/" not in bases


def _origins(lockfile: Lockfile | None) -> dict[str, set[str]]:
    """Scope ("" = none) -> the servers from which its registry packages came."""
    places: set[tuple[str, str]] = set()
    for old in () if lockfile is None else lockfile.packages:
        if old.resolved is not None and old.source == "registry":
            scope = old.name.partition("/")[0] if old.name.startswith("@") else ""
            places.add((scope, old.base or old.resolved))
    found: dict[str, set[str]] = {}
    for scope, place in places:
        found.setdefault(scope, set()).add("/".join(place.split("/")[:3]) + "/")
    return found


def _is_default(base: str) -> bool:
    return hosts.is_default_registry(hosts.host_of(base) or "")


def repository(resolved: str) -> str:
    """A git address without scheme, user and ``.git``: which repository it means."""
    url = resolved.partition("#")[0].removeprefix("git+")
    scheme, separator, rest = url.partition("://")
    place = rest if separator else scheme
    head, slash, path = place.partition("/")
    host = head.rpartition("@")[2].lower()
    if ":" in host and not separator:  # git@host:path
        host = host.replace(":", "/", 1)
    return f"{host}{slash}{path}".removesuffix(".git").removesuffix("/")


def is_same_repository(was: str, now: str) -> bool:
    """Whether two requirements mean one repository: npm 6 adds the commit that it chose."""
    return was.startswith("git") and now.startswith("git") and repository(was) == repository(now)


def unfit_kind(scene: Scene, package: Package) -> str:
    """How an entry's kind of source came unasked; "" when somebody asked for it."""
    if package.source in ("registry", "bundled"):
        return ""
    edges = scene.graph.into(package.key)
    if any(scene.asked(edge) for edge in edges):
        return ""
    if not edges and not (package.link and scene.traits.walks):
        return ""  # found by its place alone, only a link can be
    what = _KINDS.get(package.source, package.source)
    if not edges:
        return f"{what} that nobody asked for"
    edge = edges[0]
    return f"{what}, but {scene.name_of_source(edge.source)} wants {edge.spec or '*'}"


_KINDS: Final = {
    "git": "a git checkout",
    "remote": "a tarball from outside the registry",
    "file": "a tarball file",
    "directory": "a folder",
    "link": "a link to a folder",
    "workspace": "a link to a folder that is no workspace",
}
