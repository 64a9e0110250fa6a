"""Where an artifact is fetched from, and whether that is where it was fetched before."""

from __future__ import annotations

from lockward import tarball
from lockward.lockdiff import hashes
from lockward.lockdiff.requirements import pins
from lockward.registries import hosts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Final

    from lockward.lockdiff.scene import Scene
    from lockward.model import Lockfile, Package
    from lockward.tarball import Tarball

# A mirror holds most packages of a lockfile, a registry of one's own at most one in so many.
_MIRRORS: Final = 10
# A sound address of a registry whose paths do not show name and version.
_SHOWS_NO_NAME: Final = frozenset({"no registry path", "query or fragment"})


class Places:
    """The places that one comparison knows: settings, policy, and the lockfile before."""

    __slots__ = (
        "_default",
        "_hosts",
        "_known",
        "_named_bases",
        "_pins",
        "_private",
        "_registries",
        "_scene",
        "_stay",
    )

    def __init__(self, scene: Scene) -> None:
        self._scene: Final = scene
        self._pins: Mapping[str, str] | None = None
        self._known: _Origins | None = None
        self._hosts: Final = frozenset(scene.policy.hosts)
        self._default: Final[dict[str, bool]] = {}  # scopes of which some came from there
        self._named_bases: Final[dict[str, frozenset[str]]] = {}
        self._private: Final[dict[str, str]] = {}
        self._registries: frozenset[str] | None = None
        self._stay: set[str] | None = None

    @property
    def _origins(self) -> _Origins:
        """From where the packages before came; looked up when it is first needed."""
        if self._known is None:
            self._known = _Origins(self._scene.lockfile_before)
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
        if mismatch in _SHOWS_NO_NAME and self._used_before(address, _scope(package)):
            return ""
        return mismatch

    def unknown_host(self, package: Package) -> str:
        """Why a new artifact's registry is unknown; "" when it is not."""
        address = tarball.parse(package.resolved or "")
        if self._scene.fresh or (package.resolved and not address.host):
            return ""
        if not address.host:  # the registry's own, which the manager leaves out
            return self._is_private(package)
        scope = _scope(package)
        if address.scheme != "https" and not self._used_before(address, scope):
            return f"fetched over {address.scheme}"
        if self._trusts(address):
            return ""
        if self._named_for(package, address):
            return self._of_a_neighbour(package, address)
        return self._stranger(package, address, scope) or self._of_a_neighbour(package, address)

    def _of_a_neighbour(self, package: Package, address: Tarball) -> str:
        """Why a new version comes from somebody else's registry of a server; "" when it does not.

        Of a name that was there, and of a registry that nobody named and nothing came from.
        """
        if hosts.is_default_registry(address.host):
            return ""
        bases = self._bases_of(package.name)
        near = sorted(one for one in bases if hosts.host_of(one) == address.host)
        if not near or address.base in bases or self._is_pinned(package, address):
            return ""
        if self._registries is None:
            lockfile = self._scene.lockfile_before
            self._registries = _bases(() if lockfile is None else lockfile.packages)
        return "" if address.base in self._registries else f"it came from {near[0]} so far"

    def _bases_of(self, name: str) -> frozenset[str]:
        """The registries that the packages of a name came from; worked out once."""
        found = self._named_bases.get(name)
        if found is None:
            before = self._scene.pair.before
            copies = (before.entries[one] for one in before.by_name.get(name, ()))
            found = self._named_bases[name] = _bases(old for each in copies for old in each)
        return found

    def _is_pinned(self, package: Package, address: Tarball) -> bool:
        """Whether the settings name this very registry, path and all, for a package."""
        return _pin(package, self._named).rstrip("/") + "/" == address.base

    def _stranger(self, package: Package, address: Tarball, scope: str) -> str:
        """Why a server that nothing names is unknown for a package; "" when it is not."""
        if scope and self._scope_elsewhere(scope, address):
            return f"{scope} came from elsewhere so far"
        if hosts.is_default_registry(address.host):
            return self._is_private(package)
        if self._used_before(address, scope):
            return ""
        what = f"no {scope or 'unscoped'} package" if self._served(address) else "nothing"
        return f"{what} came from {address.host} so far, and no setting names it"

    def _is_private(self, package: Package) -> str:
        """Why the public registry's package of a name is not the one that was there; "" when it is.

        The name came from a server of its own so far, which stays in use and from which
        few packages came: no mirror of everything, but a registry of somebody's own.
        """
        found = self._private.get(package.name)
        if found is None:
            found = self._private[package.name] = self._came_from(package.name)
        return found

    def _came_from(self, name: str, *, given_up: bool = False) -> str:
        """As _is_private, which asks once for each name; also of a server that is given up."""
        before = self._scene.pair.before
        servers = {
            _server(old)
            for artifact in before.by_name.get(name, ())
            for old in before.entries[artifact]
            if old.source == "registry" and old.resolved is not None
        }
        if not servers or any(map(_is_open, servers)) or not self._serve_few(servers):
            return ""
        if not given_up and servers.isdisjoint(self._staying):
            return ""  # the server was given up
        return f"it came from {hosts.host_of(min(servers))} so far"

    @property
    def _staying(self) -> set[str]:
        """The servers from which packages still come."""
        if self._stay is None:
            packages = self._scene.lockfile.packages
            self._stay = {_server(one) for one in packages if one.source == "registry"}
        return self._stay

    def moved(self, olds: list[str], package: Package, *, proven: bool) -> str:
        """How an artifact's address differs for the worse from all it had; "" when it does not.

        The caller has compared the hashes: a registry may move, and the public
        one may take over, as long as it is the same package of the same bytes.
        ``proven`` tells that a hash stayed, which a sha512 in a sha1's place does not.
        """
        resolved = package.resolved
        if resolved is None:
            return self._left_out(olds, package, proven=proven)
        if resolved in olds:
            default = not proven and hosts.is_default_registry(hosts.host_of(resolved) or "")
            return self._renamed(package) if default else ""  # npm puts its registry there
        if package.source == "git":
            same = any(repository(old) == repository(resolved) for old in olds)
            return "" if same else "another repository"
        return self._moved_address(olds, package, proven=proven)

    def _left_out(self, olds: list[str], package: Package, *, proven: bool) -> str:
        """Why an address may not be left out, so that settings decide; "" if a hash stayed."""
        stayed = proven and hashes.read(self._scene.lockfile, package) is not None
        if stayed or not olds:
            return "" if proven else self._renamed(package)
        named = hosts.host_of(_pin(package, self._named)) or ""
        if any(hosts.host_of(old) == named for old in olds):
            return ""
        return self._came_from(package.name, given_up=True)

    def _moved_address(self, olds: list[str], package: Package, *, proven: bool) -> str:
        address = tarball.parse(package.resolved or "")
        mismatch = address.mismatch(package.name, package.version)
        if mismatch:
            return mismatch
        if not olds:
            return self.unknown_host(package) or ("" if proven else self._renamed(package))
        return self._moved_host(olds, package, address, proven=proven)

    def _moved_host(
        self, olds: list[str], package: Package, address: Tarball, *, proven: bool
    ) -> str:
        known = [tarball.parse(old) for old in olds]
        if address.scheme == "http" and any(old.scheme == "https" for old in known):
            return "fetched over http, no longer https"
        bare = hashes.read(self._scene.lockfile, package) is None
        if any(old.host == address.host and old.port == address.port for old in known):
            same = any(old.base == address.base for old in known) or (proven and not bare)
            return "" if same else self._another_tenant(package, address, known[0])
        if bare:
            return "another host, and no hash"
        return "" if self._trusts(address) else self._taken_over(package, address, proven=proven)

    def _another_tenant(self, package: Package, address: Tarball, old: Tarball) -> str:
        """Why a registry of the same server may not take over unproven; "" when it may.

        Servers hold registries of many people: GitLab's projects, feeds of an organisation.
        """
        if self._trusts(address) or self._is_pinned(package, address):
            return self._renamed(package)
        return f"another registry of {address.host}, {address.base} instead of {old.base}"

    def _taken_over(self, package: Package, address: Tarball, *, proven: bool) -> str:
        """Why a registry may not take over a package that had another; "" when it may."""
        if hosts.is_default_registry(address.host):
            return "" if proven else self._is_private(package)
        if not self._named_for(package, address):
            return f"another host, {address.host}"
        return "" if proven else self._renamed(package)

    def _renamed(self, package: Package) -> str:
        """How the settings came to name another registry for a package; "" when they did not.

        The packages of an unchanged lockfile follow them, and their hashes tell whether
        they are the same; but not a hash that came in the same moment.
        """
        before = self._scene.before
        now, old = (
            _pin(package, self._named),
            "" if before is None else _pin(package, pins(before)),
        )
        host = hosts.host_of(now) or ""
        if now == old or not now or hosts.is_default_registry(host) or host in self._hosts:
            return ""
        return f"settings name another registry, {now}, and no hash stayed"

    def _trusts(self, address: Tarball) -> bool:
        """Whether the policy names the host."""
        return address.scheme == "https" and address.host in self._hosts

    def _named_for(self, package: Package, address: Tarball) -> bool:
        """Whether the settings name this registry for this package's scope (or for all)."""
        url = _pin(package, self._named)
        named = hosts.split(url) if url else None
        return named is not None and (named.scheme, named.host, named.port) == (
            address.scheme,
            address.host,
            address.port,
        )

    @property
    def _named(self) -> Mapping[str, str]:
        """Scope -> the registry that the settings name."""
        if self._pins is None:
            self._pins = pins(self._scene.after)
        return self._pins

    def _used_before(self, address: Tarball, scope: str) -> bool:
        """Whether the lockfile before had packages of this scope, or of none, from the server.

        A server that served other scopes only is not everybody's registry.
        """
        origin = "/".join(address.url.split("/")[:3]) + "/"
        by_scope = self._origins.by_scope
        served = any(origin in by_scope.get(one, ()) for one in (scope, ""))
        return served or (self._served(address) and not self._serve_few({origin}))

    def _served(self, address: Tarball) -> bool:
        """Whether any registry package came from the same server before."""
        origin = "/".join(address.url.split("/")[:3]) + "/"
        return origin in self._origins.counts

    def _serve_few(self, servers: set[str]) -> bool:
        """Whether few of the packages before came from some servers: no mirror of everything."""
        counts = self._origins.counts
        theirs = sum(counts.get(server, 0) for server in servers)
        return theirs * _MIRRORS <= self._origins.total

    def _scope_elsewhere(self, scope: str, address: Tarball) -> bool:
        """Whether all packages of a scope came from other servers before.

        The public registry's names are one server.
        """
        bases = self._origins.by_scope.get(scope, set())
        if hosts.is_default_registry(address.host):
            if scope not in self._default:
                self._default[scope] = any(map(_is_default, bases))
            return bool(bases) and not self._default[scope]
        return bool(bases) and "/".join(address.url.split("/")[:3]) + "/" not in bases


class _Origins:
    """The servers from which a lockfile's registry packages come.

    ``by_scope``: scope ("" = none) -> servers; ``counts``: server -> how many packages;
    ``total`` of them.  "/" stands for the registry whose address the manager leaves out.
    """

    __slots__ = ("by_scope", "counts", "total")

    def __init__(self, lockfile: Lockfile | None) -> None:
        places: dict[tuple[str, str], int] = {}
        for old in () if lockfile is None else lockfile.packages:
            if old.source == "registry":
                place = (_scope(old), old.base or old.resolved or "")
                places[place] = places.get(place, 0) + 1
        self.by_scope: Final[dict[str, set[str]]] = {}
        self.counts: Final[dict[str, int]] = {}
        for (scope, base), number in places.items():
            server = "/".join(base.split("/")[:3]) + "/"
            self.counts[server] = self.counts.get(server, 0) + number
            if base:
                self.by_scope.setdefault(scope, set()).add(server)
        self.total: Final = sum(places.values())


def _pin(package: Package, found: Mapping[str, str]) -> str:
    """The registry that settings name for a package's scope (or for all); "" none."""
    return found.get(_scope(package)) or found.get("", "")


def _bases(packages: Iterable[Package]) -> frozenset[str]:
    """The whole addresses of the registries that packages came from."""
    addresses = (one.resolved or "" for one in packages if one.source == "registry")
    return frozenset(tarball.parse(one).base for one in addresses)


def _scope(package: Package) -> str:
    return package.name.partition("/")[0] if package.name.startswith("@") else ""


def _server(package: Package) -> str:
    return "/".join((package.resolved or "").split("/")[:3]) + "/"


def _is_open(server: str) -> bool:
    """Whether everybody can publish at a server: its packages are the public ones."""
    return hosts.is_public(hosts.host_of(server) or "")


def _is_default(base: str) -> bool:
    return hosts.is_default_registry(hosts.host_of(base) or "")


def repository(resolved: str) -> str:
    """A git address without scheme, user and ``.git``: which repository it means."""
    url = resolved.partition("#")[0].removeprefix("git+")
    if not _ODD.isdisjoint(url) or url.count("@") > 1 or "::" in url:
        return url  # git, Node and a reader of ours may each see another host: no two are one
    scheme, separator, rest = url.partition("://")
    place = rest if separator else scheme
    head, slash, path = place.partition("/")
    host = head.rpartition("@")[2].lower()
    if ":" in host and not separator:  # git@host:path
        host = host.replace(":", "/", 1)
    return f"{host}{slash}{path}".removesuffix(".git").removesuffix("/")


_ODD: Final = frozenset(' \\"<>^`{|}\t\r\n')


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
    return f"{what}, but {scene.sentence(edge)}"


_KINDS: Final = {
    "git": "a git checkout",
    "remote": "a tarball from outside the registry",
    "file": "a tarball file",
    "directory": "a folder",
    "link": "a link to a folder",
    "workspace": "a link to a folder that is no workspace",
}
