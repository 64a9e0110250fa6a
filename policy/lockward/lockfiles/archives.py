"""Git hosts' archive addresses: a git source that a manager fetches as a tarball.

yarn 1 and pnpm lock ``github:acme/dep`` as the archive of one commit.  It is
pinned by that commit, as a git source is, and carries no registry's hash.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# The host of the archive -> the host of the repository.  The path is
# owner/repo/…, the commit a later segment: tar.gz/<commit> (codeload),
# archive/<commit>.tar.gz, get/<commit>.tar.gz, repository/archive.tar.gz?ref=<commit>.
_HOSTS: Final = {
    "codeload.github.com": "github.com",
    "github.com": "github.com",
    "gitlab.com": "gitlab.com",
    "bitbucket.org": "bitbucket.org",
}
_HOMES: Final = frozenset(_HOSTS.values())
_HEX: Final = frozenset("0123456789abcdef")
_COMMIT_LENGTHS: Final = (40, 64)


def as_git(url: str) -> str | None:
    """``git+https://host/owner/repo.git#commit`` of an archive address; None for any other."""
    if not url.startswith("https://"):
        return None
    host, _, path = url[8:].partition("/")
    home = _HOSTS.get(host.lower())
    if home is None:
        return None
    segments = path.replace("?ref=", "/").split("/")
    commit = next((part for part in map(_stem, segments[2:]) if _is_commit(part)), None)
    if commit is None:
        return None
    return f"git+https://{home}/{segments[0]}/{segments[1]}.git#{commit}"


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
