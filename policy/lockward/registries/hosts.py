"""Hosts of registries: who is asked, whether everybody can publish there.

URLs come from lockfiles and settings that an attacker may have written, and
every URL parser forgives something else.  This one forgives nothing: text that
a strict reader and a forgiving one could see differently is no URL (None), and
what has no host is trusted by nobody.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# Registries where everybody can publish under a free name, by registrable
# domain (every row has two labels).  An internal scope must not be pinned there.
PUBLIC_DOMAINS: Final = frozenset(
    {
        "npmjs.org",
        "npmjs.com",
        "yarnpkg.com",  # an alias of the first
        "npmmirror.com",  # a mirror of the first
        "cnpmjs.org",  # likewise
        "taobao.org",  # likewise, the older name
        "jsr.io",  # its npm side publishes under @jsr
    }
)
# Those of them that are one registry: the managers' default, and its aliases.
DEFAULT_DOMAINS: Final = frozenset({"npmjs.org", "npmjs.com", "yarnpkg.com"})
_DEFAULT_PORTS: Final = {"https": "443", "http": "80"}
_SCHEME: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789+.-")
_HOST: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_")
_ADDRESS: Final = frozenset("0123456789abcdef:.")  # inside [ ]
_ODD: Final = frozenset(" \\\"<>^`{|}'")
_DOTS: Final = frozenset({".", "..", "%2e", "%2e%2e", ".%2e", "%2e."})


class Url:
    """A URL, taken apart: lower-case scheme and host, no default port, no fragment.

    ``host`` has no trailing dot; an IPv6 address keeps its brackets.  ``port``
    is "" when it is the scheme's own.  ``path`` begins with "/".
    """

    __slots__ = ("host", "path", "port", "query", "scheme", "user")

    def __init__(
        self, *, scheme: str, user: str, host: str, port: str, path: str, query: str
    ) -> None:
        self.scheme: Final = scheme
        self.user: Final = user
        self.host: Final = host
        self.port: Final = port
        self.path: Final = path
        self.query: Final = query

    @property
    def place(self) -> str:
        """``host[:port]``, as a policy or a message writes it."""
        return f"{self.host}:{self.port}" if self.port else self.host

    @property
    def base(self) -> str:
        """The URL as the base of a registry: one "/" at its end, no user, no query."""
        return f"{self.scheme}://{self.place}{self.path.rstrip('/')}/"


def split(url: str) -> Url | None:
    """``scheme://[user@]host[:port][/path][?query][#fragment]`` taken apart; None = anything else.

    Blanks, controls, backslashes and characters beyond ASCII make it none:
    browsers' and Node's parsers drop or rewrite them (WHATWG URL, 4.4).
    """
    scheme, separator, rest = url.partition("://")
    scheme = scheme.lower()
    if not separator or not scheme[:1].isalpha() or not _SCHEME.issuperset(scheme):
        return None
    if not url.isascii() or not url.isprintable() or not _ODD.isdisjoint(url):
        return None
    rest, _, _fragment = rest.partition("#")
    rest, _, query = rest.partition("?")
    authority, _, path = rest.partition("/")
    user, _, place = authority.rpartition("@")
    host, port = _host_and_port(place.lower())
    if not host:
        return None
    if port == _DEFAULT_PORTS.get(scheme):
        port = ""
    return Url(scheme=scheme, user=user, host=host, port=port, path=f"/{path}", query=query)


def _host_and_port(place: str) -> tuple[str, str]:
    """A lower-case authority without user; ("", "") when it is none."""
    if place.startswith("["):
        address, bracket, after = place[1:].partition("]")
        host, colon, port = f"[{address}]", after[:1], after[1:]
        sound = bracket and address and _ADDRESS.issuperset(address) and colon in ("", ":")
    else:
        name, colon, port = place.partition(":")
        host = name.removesuffix(".")
        sound = host and _HOST.issuperset(host) and host[0] != "." and ".." not in host
    if not sound or host.endswith(".") or (port and not (port.isdecimal() and len(port) <= 5)):  # noqa: PLR2004 - 65535
        return "", ""
    return host, port.lstrip("0")


def host_of(url: str) -> str | None:
    """The host of a URL, lower-case, without port; None when it is no sound URL."""
    parts = split(url)
    return None if parts is None else parts.host


def is_https(url: str) -> bool:
    """Whether a sound URL is fetched over TLS."""
    parts = split(url)
    return parts is not None and parts.scheme == "https"


def is_public(host: str) -> bool:
    """Whether everybody can publish at this host (``host[:port]``, any case)."""
    return _domain(host) in PUBLIC_DOMAINS


def is_default_registry(host: str) -> bool:
    """Whether a host is that of the managers' default registry, under any of its names."""
    return _domain(host) in DEFAULT_DOMAINS


def _domain(host: str) -> str:
    """The last two labels of a host: the registrable domain of every row above."""
    name = host.lower().partition(":")[0].removesuffix(".")
    return ".".join(name.rsplit(".", 2)[-2:])


def below(url: str, base: str) -> bool:
    """Whether a URL lies under a registry's base: same scheme, host and port, longer path.

    ``below("https://r.test/npm/@a/b/-/b-1.0.0.tgz", "https://r.test/npm")``.
    """
    inner, outer = split(url), split(base)
    if inner is None or outer is None or not _straight(inner.path):
        return False
    if (inner.scheme, inner.place) != (outer.scheme, outer.place):
        return False
    prefix = outer.path.rstrip("/") + "/"
    return f"{inner.path}/".startswith(prefix)


def _straight(path: str) -> bool:
    """Whether no segment of a path leads elsewhere once a parser has resolved it."""
    return not any(segment.lower() in _DOTS for segment in path.split("/"))
