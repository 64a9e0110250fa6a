"""URLs as npm reads them: the parser of the WHATWG URL Standard, absolute URLs only.

Source: https://url.spec.whatwg.org (basic URL parser, host parser, serializer),
which node's ``new URL()`` implements.  Python's ``urlsplit`` answers otherwise
where it matters: backslashes, ``https:host``, tabs inside, userinfo with ``@``.

Host names with letters beyond ASCII are mapped by Unicode's compatibility
normalisation, a close relative of the mapping that the standard asks for.
Drive letters of ``file:`` URLs are not treated: no caller asks for them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_DEFAULT_PORTS: Final = {"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21"}
_SPECIAL: Final = frozenset((*_DEFAULT_PORTS, "file"))
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_SCHEME: Final = _LETTERS | frozenset("0123456789+-.")
_CONTROL_OR_SPACE: Final = "".join(map(chr, range(0x21)))
_HEX: Final = frozenset("0123456789abcdefABCDEF")
_MAX_PORT: Final = 65_535

# The percent-encode sets: what is encoded beside controls and non-ASCII.
_FRAGMENT_SET: Final = frozenset(' "<>`')
_QUERY_SET: Final = frozenset(' "#<>')
_SPECIAL_QUERY_SET: Final = _QUERY_SET | {"'"}
_PATH_SET: Final = _QUERY_SET | frozenset("?^`{}")
_USERINFO_SET: Final = _PATH_SET | frozenset("/:;=@[\\]|")

_FORBIDDEN_HOST: Final = frozenset("\0\t\n\r #/:<>?@[\\]^|")
_FORBIDDEN_DOMAIN: Final = _FORBIDDEN_HOST | frozenset("%\x7f") | frozenset(_CONTROL_OR_SPACE)
_DOT: Final = frozenset((".", "%2e"))
_DOT_DOT: Final = frozenset(("..", ".%2e", "%2e.", "%2e%2e"))


class Url:
    """The parts of a valid URL, named and written as the Standard's URL object has them.

    ``protocol`` ends with its colon; ``hash`` and ``search`` start with their
    sign, or are empty.  ``text`` is the whole without the fragment.
    """

    __slots__ = ("hash", "hostname", "password", "pathname", "port", "protocol", "text", "username")

    def __init__(
        self,
        *,
        scheme: str,
        authority: tuple[str, str, str, str] | None,
        pathname: str,
        query: str | None,
        fragment: str,
    ) -> None:
        self.protocol: Final = scheme + ":"
        self.username: Final = authority[0] if authority else ""
        self.password: Final = authority[1] if authority else ""
        self.hostname: Final = authority[2] if authority else ""
        self.port: Final = authority[3] if authority else ""
        self.pathname: Final = pathname
        self.hash: Final = "#" + fragment if fragment else ""
        head = "//" + self._credentials() + self.host if authority else ""
        if not authority and pathname.startswith("//"):
            head = "/."  # else the path would be read as an authority
        self.text: Final = self.protocol + head + pathname + ("" if query is None else "?" + query)

    @property
    def host(self) -> str:
        """Host name and port."""
        return f"{self.hostname}:{self.port}" if self.port else self.hostname

    def _credentials(self) -> str:
        password = ":" + self.password if self.password else ""
        return f"{self.username}{password}@" if self.username or password else ""


def parse(text: str) -> Url | None:
    """The URL that text is; None when the Standard calls it a failure."""
    text = text.strip(_CONTROL_OR_SPACE)
    text = text.replace("\t", "").replace("\n", "").replace("\r", "")
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    scheme, colon, rest = text.partition(":")
    if not colon or scheme[:1] not in _LETTERS or not _SCHEME.issuperset(scheme):
        return None
    scheme = scheme.lower()
    rest, fragment_sign, fragment = rest.partition("#")
    rest, query_sign, query = rest.partition("?")
    special = scheme in _SPECIAL
    if not special and not rest.startswith("/"):
        pathname, authority = (
            _encode(_opaque(rest, bool(query_sign or fragment_sign)), frozenset()),
            None,
        )
    else:
        slashed = _authority_start(scheme, rest)
        authority = None
        if slashed is not None:
            end = _authority_end(slashed, special=special)
            authority = _authority(scheme, slashed[:end])
            if authority is None:
                return None
            rest = slashed[end:]
        pathname = _path(rest, special=special)
    return Url(
        scheme=scheme,
        authority=authority,
        pathname=pathname,
        query=_encode(query, _SPECIAL_QUERY_SET if special else _QUERY_SET) if query_sign else None,
        fragment=_encode(fragment, _FRAGMENT_SET),
    )


def _opaque(path: str, more: bool) -> str:  # noqa: FBT001 - internal
    """An opaque path; its last space is encoded when a query or fragment follows."""
    if more and path.endswith(" "):
        return path[:-1] + "%20"
    return path


def _encode(text: str, encoded: frozenset[str]) -> str:
    """The text with controls, non-ASCII and the given characters percent-encoded as UTF-8."""
    if text.isascii() and text.isprintable() and encoded.isdisjoint(text):
        return text
    return "".join(
        [
            letter
            if " " <= letter <= "~" and letter not in encoded
            else "".join([f"%{byte:02X}" for byte in letter.encode()])
            for letter in text
        ]
    )


def _authority_start(scheme: str, rest: str) -> str | None:
    """What follows the slashes before an authority; None when the URL has no authority."""
    if scheme == "file":
        rest = rest.replace("\\", "/")
        return rest[2:] if rest.startswith("//") else "/" + rest.removeprefix("/")
    if scheme in _SPECIAL:
        return rest.lstrip("/\\")
    return rest[2:] if rest.startswith("//") else None


def _authority_end(text: str, *, special: bool) -> int:
    """Where the authority ends and the path begins."""
    end = text.find("/")
    end = len(text) if end < 0 else end
    backslash = text.find("\\", 0, end) if special else -1
    return end if backslash < 0 else backslash


def _authority(scheme: str, text: str) -> tuple[str, str, str, str] | None:
    """User name, password, host name and port; None when invalid."""
    userinfo, at, host = text.rpartition("@")
    if at and not host:
        return None
    username, _, password = userinfo.partition(":")
    bracket = host.find("]") + 1 if "[" in host else 0
    colon = host.find(":", bracket)
    if colon == 0:
        return None
    port = ""
    if colon > 0:
        host, port = host[:colon], host[colon + 1 :]
    number = _port(scheme, port)
    name = _host(host, scheme)
    if number is None or name is None:
        return None
    return _encode(username, _USERINFO_SET), _encode(password, _USERINFO_SET), name, number


def _port(scheme: str, text: str) -> str | None:
    """A port as it is written out: "" for the scheme's own; None when it is none."""
    if not text:
        return ""
    digits = text.lstrip("0") or "0"
    if not (text.isascii() and text.isdigit()) or len(digits) > len(str(_MAX_PORT)):
        return None
    if int(digits) > _MAX_PORT:
        return None
    return "" if _DEFAULT_PORTS.get(scheme) == digits else digits


def _host(text: str, scheme: str) -> str | None:
    """A host as it is written out; None when invalid."""
    if not text:
        return None if scheme in _DEFAULT_PORTS else ""
    if text[0] == "[":
        from lockward.spec.address import ipv6

        return ipv6(text[1:-1]) if text[-1] == "]" else None
    if scheme in _SPECIAL:
        from lockward.spec.address import domain

        name = domain(text)
        return None if name is None or not _FORBIDDEN_DOMAIN.isdisjoint(name) else name
    return _encode(text, frozenset()) if _FORBIDDEN_HOST.isdisjoint(text) else None


def _path(text: str, *, special: bool) -> str:
    """A path with its dot segments gone."""
    if special:
        text = text.replace("\\", "/")
    if not text:
        return "/" if special else ""
    kept: list[str] = []
    segments = text[1:].split("/")
    for segment in segments:
        name = segment.lower()
        if name in _DOT_DOT:
            del kept[-1:]
        elif name not in _DOT:
            kept.append(_encode(segment, _PATH_SET))
    if segments[-1].lower() in _DOT | _DOT_DOT:
        kept.append("")
    return "/" + "/".join(kept)


def decode(text: str) -> str | None:
    """The text with its percent escapes decoded; None when one is malformed, or not UTF-8."""
    if "%" not in text:
        return text
    first, *others = text.split("%")
    data = bytearray(first.encode("utf-8", "surrogatepass"))
    for other in others:
        code = other[:2]
        if len(code) != len("00") or not _HEX.issuperset(code):
            return None
        data.append(int(code, 16))
        data += other[2:].encode("utf-8", "surrogatepass")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
