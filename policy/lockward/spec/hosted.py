"""Git hosts that npm knows by name: GitHub, GitLab, Bitbucket, gists, Sourcehut.

Source: hosted-git-info 9, ``from-url.js``, ``parse-url.js`` and ``hosts.js``.
``user/repo``, ``github:user/repo``, ``git@github.com:user/repo.git`` and
``https://github.com/user/repo`` are all the same repository.
"""

from __future__ import annotations

from lockward.semver.scan import WHITE
from lockward.spec import url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

    from lockward.spec.url import Url

    # user (None for a gist without one), project, committish; None: not a repository
    Segments = tuple[str | None, str, str] | None


class Host:
    """A git host: its domain, the protocols that name a repository there, and its paths."""

    __slots__ = ("domain", "extract", "protocols")

    def __init__(
        self, domain: str, protocols: frozenset[str], extract: Callable[[Url], Segments]
    ) -> None:
        self.domain: Final = domain
        self.protocols: Final = protocols
        self.extract: Final = extract


class Hosted:
    """A repository on a known host.  ``fetch`` is "" for a shortcut, as npm has none for it."""

    __slots__ = ("committish", "fetch", "ssh")

    def __init__(self, ssh: str, fetch: str, committish: str) -> None:
        self.ssh: Final = ssh
        self.fetch: Final = fetch
        self.committish: Final = committish


class BrokenUrlError(ValueError):
    """A URL over which npm itself fails."""


def _parts(path: str, count: int) -> list[str]:
    """The first count parts of a path after its leading slash, "" for those that are missing."""
    parts = path.split("/", count + 1)[1 : count + 1]
    return parts + [""] * (count - len(parts))


def _github(parsed: Url) -> Segments:
    """``/user/project`` or ``/user/project/tree/committish``."""
    user, project, kind, committish = _parts(parsed.pathname, 4)
    if kind not in ("", "tree"):
        return None
    if not kind:
        committish = parsed.hash[1:]
    elif parsed.pathname.count("/") < len("////"):
        committish = "undefined"  # what JavaScript decodes a missing part to
    return _repository(user, project, committish)


def _gitlab(parsed: Url) -> Segments:
    """``/group/subgroup/project``."""
    path = parsed.pathname[1:]
    if "/-/" in path or "/archive.tar.gz" in path:
        return None
    user, _, project = path.rpartition("/")
    return _repository(user, project, parsed.hash[1:])


def _bitbucket(parsed: Url) -> Segments:
    user, project, kind = _parts(parsed.pathname, 3)
    return None if kind == "get" else _repository(user, project, parsed.hash[1:])


def _sourcehut(parsed: Url) -> Segments:
    user, project, kind = _parts(parsed.pathname, 3)
    return None if kind == "archive" else _repository(user, project, parsed.hash[1:])


def _gist(parsed: Url) -> Segments:
    """``/id`` or ``/user/id``."""
    user, project, kind = _parts(parsed.pathname, 3)
    if kind == "raw" or not (user or project):
        return None
    return None, (project or user).removesuffix(".git"), parsed.hash[1:]


def _repository(user: str, project: str, committish: str) -> Segments:
    project = project.removesuffix(".git")
    return (user, project, committish) if user and project else None


_SSH_HTTPS: Final = frozenset(("git+ssh:", "git+https:", "ssh:", "https:"))

HOSTS: Final[dict[str, Host]] = {
    "github": Host("github.com", _SSH_HTTPS | {"git:", "http:"}, _github),
    "bitbucket": Host("bitbucket.org", _SSH_HTTPS, _bitbucket),
    "gitlab": Host("gitlab.com", _SSH_HTTPS, _gitlab),
    "gist": Host("gist.github.com", _SSH_HTTPS | {"git:"}, _gist),
    "sourcehut": Host("git.sr.ht", frozenset(("git+ssh:", "https:")), _sourcehut),
}
_BY_DOMAIN: Final = {host.domain: name for name, host in HOSTS.items()}
_BY_SHORTCUT: Final = {name + ":": name for name in HOSTS}
_PROTOCOLS: Final = frozenset(
    ("git+ssh:", "ssh:", "git+https:", "git:", "http:", "https:", "git+http:", *_BY_SHORTCUT)
)
# How npm writes a repository back, by the protocol of its URL; else as ssh.
_WRITTEN: Final = {"git+https:": "https", "https:": "https", "git:": "git"}
# hosted-git-info looks a host up in a plain object: these it finds there, and throws.
_PROTOTYPE: Final = frozenset(
    (
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    )
)


def parse(text: str) -> Hosted | None:
    """The repository that text names, or None.

    Raises BrokenUrlError for the few URLs over which npm throws here.
    """
    if not text:
        return None
    parsed = parse_url("github:" + text if is_shorthand(text) else text)
    if parsed is None:
        return None
    shortcut = _BY_SHORTCUT.get(parsed.protocol)
    if shortcut:
        return _shortcut(parsed, shortcut)
    domain = parsed.hostname.removeprefix("www.")
    name = _BY_DOMAIN.get(domain)
    if name:
        return _at_domain(parsed, HOSTS[name])
    if domain in _PROTOTYPE:
        raise BrokenUrlError(domain)
    return None


def is_shorthand(text: str) -> bool:
    """Whether text is GitHub's ``user/repo``, with or without ``#committish``."""
    head, _, _ = text.partition("#")
    return (
        text.find("/") > 0  # which may stand behind the hash sign
        and head.count("/") <= 1
        and not head.endswith("/")
        and not head.startswith(".")
        and "@" not in head
        and ":" not in head
        and not any(letter in head for letter in WHITE)
    )


def parse_url(text: str) -> Url | None:
    """The URL that text is or, with scp's colon made a slash, could be."""
    text = _with_protocol(text)
    return url.parse(text) or url.parse(_without_scp(text))


def _with_protocol(text: str) -> str:
    """``host:path`` as ``host://path``, and ``x:y@host`` as a git+ssh URL."""
    colon = text.find(":")
    if text[: colon + 1] in _PROTOCOLS or (colon >= 0 and text.startswith("://", colon)):
        return text
    at = text.find("@")
    if at > colon:
        return "git+ssh://" + text
    return text if at >= 0 else f"{text[: colon + 1]}//{text[colon + 1 :]}"


def _without_scp(text: str) -> str:
    """``user@host:path`` as ``git+ssh://user@host/path``."""
    end = text.find("#")
    end = len(text) if end < 0 else end
    colon = text.rfind(":", 0, end)
    if colon > text.rfind("@", 0, end):
        text = f"{text[:colon]}/{text[colon + 1 :]}"
    if text.rfind(":", 0, end) < 0 and "//" not in text:
        text = "git+ssh://" + text
    return text


def _shortcut(parsed: Url, name: str) -> Hosted | None:
    """``github:user/repo``; who logs in does not count."""
    path = parsed.pathname.removeprefix("/")
    path = path[path.find("@") + 1 :]
    owner, slash, last = path.rpartition("/")
    user, project = url.decode(owner), url.decode(last)
    committish = url.decode(parsed.hash[1:])
    if user is None or project is None or committish is None:
        return None
    return Hosted(
        _ssh(name, user if slash and user else "null", project.removesuffix(".git")), "", committish
    )


def _at_domain(parsed: Url, host: Host) -> Hosted | None:
    segments = host.extract(parsed) if parsed.protocol in host.protocols else None
    if segments is None:
        return None
    user, project, committish = (url.decode(part or "") for part in segments)
    if user is None or project is None or committish is None:
        return None
    name = _BY_DOMAIN[host.domain]
    return Hosted(_ssh(name, user, project), _fetch(parsed, name, user, project), committish)


def _ssh(name: str, user: str, project: str) -> str:
    """The one writing in which two specs of the same repository are equal."""
    path = project if name == "gist" else f"{user}/{project}"
    return f"git@{HOSTS[name].domain}:{path}.git"


def _fetch(parsed: Url, name: str, user: str, project: str) -> str:
    """What npm hands to git, without committish."""
    path = project if name == "gist" else f"{user}/{project}"
    domain = HOSTS[name].domain
    written = _WRITTEN.get(parsed.protocol)
    if written is None:
        return f"ssh://git@{domain}/{path}.git"
    if name == "sourcehut":
        return f"https://{domain}/{path}"
    password = ":" + parsed.password if parsed.password else ""
    auth = f"{parsed.username}{password}@" if parsed.username or password else ""
    return f"{written}://{'' if name == 'gist' else auth}{domain}/{path}.git"
