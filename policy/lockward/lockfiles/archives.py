"""Git hosts' archive addresses: a git source that a manager fetches as a tarball.

yarn 1 and pnpm lock ``github:acme/dep`` as the archive of one commit.  It is
pinned by that commit, as a git source is, and carries no registry's hash.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# The host of the archive -> the host of the repository.
_HOSTS: Final = {
    "codeload.github.com": "github.com",
    "github.com": "github.com",
    "gitlab.com": "gitlab.com",
    "bitbucket.org": "bitbucket.org",
}
_HOMES: Final = frozenset(_HOSTS.values())
# What stands before the commit.  Elsewhere are branches, pull requests and uploads of anybody.
_KINDS: Final = frozenset(
    {"archive", "get", "legacy.tar.gz", "repository", "tar.gz", "tarball", "zip", "zipball"}
)
_GITLAB: Final = "gitlab.com"
_HEX: Final = frozenset("0123456789abcdef")
_ODD: Final = frozenset(' \\?#"<>^`{|}')  # a query, or what URLs of Node have otherwise
_COMMIT_LENGTHS: Final = (40, 64)


def as_git(url: str) -> str | None:
    """``git+https://host/owner/repo.git#commit`` of an archive address; None for any other."""
    if not url.startswith("https://"):
        return None
    host, _, rest = url[8:].partition("/")
    home = _HOSTS.get(host.lower())
    if home is None:
        return None
    path, query, ref = rest.partition("?ref=")
    segments = path.split("/")
    if not _is_literal(path, segments):
        return None
    commit = _queried(segments, ref, home) if query else _placed(segments, home)
    if not _is_commit(commit):
        return None
    return f"git+https://{home}/{segments[0]}/{segments[1]}.git#{commit}"


def _is_literal(path: str, segments: list[str]) -> bool:
    """Whether a path is taken as it is written: nothing leads out of the repository again."""
    return (
        path.isascii()
        and path.isprintable()
        and _ODD.isdisjoint(path)
        and not any(one.lower().replace("%2e", ".") in ("", ".", "..") for one in segments)
    )


def _placed(segments: list[str], home: str) -> str:
    """The commit of owner/repo/tar.gz/<commit> (codeload) or …/archive/<commit>.tar.gz.

    On GitLab groups may stand before, and a name behind it.
    """
    if home == _GITLAB and not _is_commit(_stem(segments[-1])):
        segments = segments[:-1]
    known = len(segments) == _LENGTH or (home == _GITLAB and len(segments) > _LENGTH)
    return _stem(segments[-1]) if known and segments[-2] in _KINDS else ""


def _queried(segments: list[str], ref: str, home: str) -> str:
    """The commit of owner/repo/repository/archive.tar.gz?ref=<commit>."""
    known = home == _GITLAB and len(segments) >= _LENGTH and segments[-2] == "repository"
    return ref if known else ""


_LENGTH: Final = 4  # owner, repository, kind, commit


def checkout(resolved: str) -> str | None:
    """The same of ``https://host/owner/repo#commit``, a repository's own address; None likewise."""
    address, _, commit = resolved.partition("#")
    host, _, path = address.removeprefix("https://").partition("/")
    if not address.startswith("https://") or host.lower() not in _HOMES or not _is_commit(commit):
        return None
    owner, slash, name = path.removesuffix("/").partition("/")
    if not slash or "/" in name:
        return None
    return f"git+https://{host.lower()}/{owner}/{name.removesuffix('.git')}.git#{commit}"


def _stem(segment: str) -> str:
    return segment.removesuffix(".tgz").removesuffix(".tar.gz").removesuffix(".zip")


def _is_commit(text: str) -> bool:
    return len(text) in _COMMIT_LENGTHS and _HEX.issuperset(text)
