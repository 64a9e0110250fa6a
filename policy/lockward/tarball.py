"""The address of a registry tarball, read strictly (invariant I3).

npm, yarn and Node's URL parser all forgive: upper-case schemes, backslashes,
user names, dot segments, tabs and newlines, ``name@https://…``.  Whoever edits
a lockfile hides behind what the reader forgives, so nothing is forgiven here: an
address is exactly ``scheme://host[:port]/<base>/<layout>``, or it has a defect
that is named.

The layouts are those of registries that bind name and version in the path; a
registry with another one gets a row in ``_LAYOUTS`` and a test.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final, Literal

    Defect = Literal[
        "",
        "not a URL",  # "1.2.0", "npm:x@1", "x@https://…", "HTTPS://…", ""
        "odd characters",  # blanks, controls, backslashes, quotes, beyond ASCII
        "user name",
        "bad host",
        "query or fragment",
        "dot segment",  # also in its %2e spellings, and "//"
        "escaped characters",
        "no registry path",  # a URL, but none that names a package and a version
    ]
    # (number of segments before the package, name, version) or None
    Layout = Callable[[list[str]], "tuple[int, str, str] | None"]


class Tarball:
    """An address, taken apart; ``defect`` "" means that all of it is known.

    ``base`` is what precedes the package ("https://registry.example.org/npm/"),
    ``host`` is lower-case and without the port, ``port`` "" when it is the scheme's own,
    ``path`` everything behind the base.
    ``scheme`` and ``host`` are known whenever the defect comes later in the text.
    """

    __slots__ = ("base", "defect", "host", "name", "path", "port", "scheme", "url", "version")

    def __init__(
        self,
        url: str,
        *,
        defect: Defect = "",
        scheme: str = "",
        host: str = "",
        port: str = "",
        base: str = "",
        name: str = "",
        version: str = "",
    ) -> None:
        self.url: Final = url
        self.defect: Final[Defect] = defect
        self.scheme: Final = scheme
        self.host: Final = host
        self.port: Final = port
        self.base: Final = base
        self.path: Final = url[len(base) :]
        self.name: Final = name
        self.version: Final = version

    def mismatch(self, name: str, version: str) -> str:
        """Why this is not the tarball of ``name@version``; "" when it is.

        A registry leaves build metadata out of the file name or keeps it: both pass.  So do
        leading zeros, which it left out of the version (esprima-fb 3001.0001.0000-dev-harmony-fb).
        """
        if self.defect:
            return self.defect
        if self.name != name:
            return "another package"
        if self.version in (version, version.partition("+")[0]):
            return ""
        return "" if _without_zeros(self.version) == version else "another version"


def _without_zeros(version: str) -> str:
    """A version without zeros before its numbers."""
    core, dash, rest = version.partition("-")
    numbers = [one.lstrip("0") or "0" if one.isdecimal() else one for one in core.split(".")]
    return f"{'.'.join(numbers)}{dash}{rest}"


def parse(url: str) -> Tarball:
    """Any string, taken apart as far as it is sound."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in ("https", "http"):
        return Tarball(url, defect="not a URL")
    if not url.isascii() or not url.isprintable() or any(char in url for char in _ODD):
        return Tarball(url, defect="odd characters", scheme=scheme)
    authority, _, path = rest.partition("/")
    if "@" in authority:
        return Tarball(url, defect="user name", scheme=scheme)
    host, port = _host(authority)
    if not host:
        return Tarball(url, defect="bad host", scheme=scheme)
    if port == _DEFAULT_PORTS[scheme]:
        port = ""
    defect, found = _path(path)
    if found is None:
        return Tarball(url, defect=defect, scheme=scheme, host=host, port=port)
    before, name, version = found
    base = "/".join([f"{scheme}://{authority}", *path.split("/")[:before], ""])
    return Tarball(url, scheme=scheme, host=host, port=port, base=base, name=name, version=version)


_DEFAULT_PORTS: Final = {"https": "443", "http": "80"}
_ODD: Final = ' \\"<>^`{|}'
_HOST_CHARACTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_")
_ADDRESS_CHARACTERS: Final = frozenset("0123456789abcdef:.")  # inside [ ]


def _host(authority: str) -> tuple[str, str]:
    """The host in lower case and the port; two empty strings when it is none."""
    lower = authority.lower()
    if lower.startswith("["):
        address, bracket, port = lower.partition("]")
        host, allowed = f"{address}{bracket}", _ADDRESS_CHARACTERS
        core = address[1:]
        if port and not port.startswith(":"):
            return "", ""
        port, colon = port[1:], port[:1]
    else:
        core, colon, port = lower.partition(":")
        host, allowed = core, _HOST_CHARACTERS
    if colon and not (port.isdecimal() and len(port) <= 5):  # noqa: PLR2004 - 65535
        return "", ""
    if not core or not allowed.issuperset(core) or core[0] == "." or ".." in core:
        return "", ""
    return host, port


def _path(path: str) -> tuple[Defect, tuple[int, str, str] | None]:
    """What the path names, by the first layout that knows it; or the defect."""
    if "?" in path or "#" in path:
        return "query or fragment", None
    if not path:
        return "no registry path", None
    segments = path.split("/")
    if any(segment.lower() in _DOTS for segment in segments):
        return "dot segment", None
    plain = [_unescape(segment) for segment in segments] if "%" in path else segments
    if "%" in path and not all(_sound(segment) for segment in plain):
        return "escaped characters", None
    for layout in _LAYOUTS:
        found = layout(plain)
        if found is not None:
            return "", found
    return "no registry path", None


_DOTS: Final = frozenset({"", ".", "..", "%2e", "%2e%2e", ".%2e", "%2e."})
_ESCAPES: Final = (("%2f", "/"), ("%2F", "/"), ("%40", "@"), ("%2b", "+"), ("%2B", "+"))


def _unescape(segment: str) -> str:
    """The only escapes that registries write: ``@scope%2fname`` and ``1.0.0%2Bbuild``."""
    if "%" in segment:
        for escaped, plain in _ESCAPES:
            segment = segment.replace(escaped, plain)
    return segment


def _sound(segment: str) -> bool:
    """Whether an unescaped segment hides nothing: no escape, no second path but a scope's."""
    if "%" in segment:
        return False
    scope, slash, name = segment.partition("/")
    return not slash or (scope.startswith("@") and "/" not in name and name not in _DOTS)


def _name(segments: list[str], end: int) -> tuple[int, str]:
    """The package name that stands before segment ``end``, and where it begins."""
    last = segments[end - 1]
    if last.startswith("@"):  # @scope%2fname, one segment
        return end - 1, last if last.count("/") == 1 and not last.endswith("/") else ""
    if end > 1 and segments[end - 2].startswith("@"):
        return end - 2, f"{segments[end - 2]}/{last}"
    return end - 1, last


def _file(name: str, file: str) -> str:
    """The version in ``<unscoped name>-<version>.tgz``; "" when it is another file."""
    prefix = f"{name.rpartition('/')[2]}-"
    if file.startswith(prefix) and file.endswith(".tgz") and "/" not in file:
        return file[len(prefix) : -len(".tgz")]
    return ""


def _behind(marker: str) -> Layout:
    """The layout ``<name>/<marker>/[@scope/]<unscoped name>-<version>.tgz``.

    ``-`` is every npm registry's; the scope is repeated by Artifactory and
    GitLab; ``download`` is what the cnpm mirrors write.
    """

    def layout(segments: list[str]) -> tuple[int, str, str] | None:
        repeated = len(segments) > 3 and segments[-2].startswith("@")  # noqa: PLR2004 - see above
        end = len(segments) - (3 if repeated else 2)
        if end < 1 or segments[end] != marker:
            return None
        before, name = _name(segments, end)
        if repeated and segments[-2] != name.partition("/")[0]:
            return None
        version = _file(name, segments[-1]) if name else ""
        return (before, name, version) if version else None

    return layout


def _github(segments: list[str]) -> tuple[int, str, str] | None:
    """GitHub Packages: ``download/@scope/name/<version>/<hash>``."""
    if len(segments) < 5 or segments[-5] != "download" or not segments[-4].startswith("@"):  # noqa: PLR2004 - the five segments above
        return None
    return len(segments) - 5, f"{segments[-4]}/{segments[-3]}", segments[-2]


def _jsr(segments: list[str]) -> tuple[int, str, str] | None:
    """JSR's npm registry: ``~/<revision>/@jsr/<scope>__<name>/<version>.tgz``."""
    if len(segments) < 5 or segments[-5] != "~" or segments[-3] != "@jsr":  # noqa: PLR2004 - the five segments above
        return None
    version = segments[-1].removesuffix(".tgz")
    return len(segments) - 5, f"@jsr/{segments[-2]}", version


_LAYOUTS: Final[tuple[Layout, ...]] = (_behind("-"), _behind("download"), _github, _jsr)
