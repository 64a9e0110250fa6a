"""What stands behind ``name@`` in a bun.lock: which kind of source it is.

Reference: bun, src/install/resolution.rs (from_text_lockfile) and
src/install/dependency.rs (Tag::infer), which bun asks in this order.  bun reads
more forms than it writes (``user/repo``, ``git@host:path``): they are named for
what bun makes of them, so that a rule sees them.
"""

from __future__ import annotations

from lockward.semver import versions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward.model import Source

LONGEST_NAME: Final = 255  # bun's MAX_INSTALL_FOLDER_NAME_LEN


def split(identity: str) -> tuple[str, str]:
    """``@s/a@1.0.0`` -> ("@s/a", "1.0.0"); ``@root:`` has no name.  ("", "") = neither."""
    if identity.startswith("@root:"):
        return "", identity[1:]
    at = identity.find("@", 1)
    return ("", "") if at < 0 else (identity[:at], identity[at + 1 :])


def is_safe_name(name: str) -> bool:
    """Whether bun makes a folder of this name below node_modules."""
    if not name or len(name.encode("utf-8", "surrogatepass")) > LONGEST_NAME:
        return False
    parts = name.split("/")
    return not any(part in ("", ".", "..") for part in parts) and not _UNSAFE & set(name)


_UNSAFE: Final = frozenset("\\:\0")


def source_of(reference: str) -> Source | None:
    """The kind of source; None for what bun refuses to read."""
    protocol, colon, rest = reference.partition(":")
    if colon and protocol in _PROTOCOLS:
        return _PROTOCOLS[protocol]
    if reference[:1] in _RANGES or (colon and protocol in _NEVER):
        return None
    if colon and protocol in ("https", "http") and rest.startswith("//"):
        return _source_of_url(rest[2:])
    if _is_archive(reference):
        return "file"
    if reference[:1] in "./~":
        return None  # a folder that no file: names
    return _source_of_word(reference)


def _source_of_url(address: str) -> Source:
    """A tarball, unless it is a repository's own page (hosted-git-info)."""
    host, _, path = address.partition("#")[0].partition("/")
    segments = [part for part in path.split("/") if part]
    hosted = host.lower().rpartition("@")[2] in _HOSTS and not _is_archive(address)
    return "git" if hosted and len(segments) == 2 else "remote"  # noqa: PLR2004 - owner/repo


def _source_of_word(reference: str) -> Source | None:
    """What has no protocol: a version, GitHub's ``owner/repo``, ``git@host:path``."""
    if versions.parse(reference, loose=True) is not None:
        return "registry"
    return "git" if _is_shorthand(reference) or _is_scp(reference) else None


def _is_archive(reference: str) -> bool:
    return reference.lower().endswith((".tgz", ".tar.gz", ".tar"))


_RANGES: Final = ("", "=", ">", "<", "^", "*", "|")  # how a range begins
_NEVER: Final = frozenset({"npm", "catalog", "patch"})
_PROTOCOLS: Final[Mapping[str, Source]] = {
    "root": "root",
    "link": "link",
    "workspace": "workspace",
    "file": "directory",
    "git": "git",
    "git+ssh": "git",
    "git+file": "git",
    "git+http": "git",
    "git+https": "git",
    "git+git": "git",
    "github": "git",
    "gitlab": "git",
    "bitbucket": "git",
    "ssh": "git",
}
_HOSTS: Final = frozenset({"github.com", "gitlab.com", "bitbucket.org"})


def _is_shorthand(reference: str) -> bool:
    """``user/repo`` with or without ``#ref``: GitHub's."""
    owner, slash, repository = reference.partition("#")[0].partition("/")
    plain = bool(slash and owner and repository) and "/" not in repository
    return plain and not any(mark in owner + repository for mark in ": @")


def _is_scp(reference: str) -> bool:
    """``git@host:path`` and ``host:path``."""
    place, colon, path = reference.partition(":")
    return bool(colon and path) and "/" not in place and not path.startswith("//")


_HOSTED: Final = {"github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org"}


def git_url(reference: str) -> str:
    """``github:o/r#ref`` and ``o/r#ref`` as npm writes them; any other reference as it stands."""
    protocol, colon, rest = reference.partition(":")
    host = _HOSTED.get(protocol) if colon else None
    if host is None:
        if not _is_shorthand(reference):
            return reference
        host, rest = "github.com", reference
    repository, _, commit = rest.partition("#")
    return f"git+https://{host}/{repository}.git#{commit}"
