"""Which kind of Git server runs us, and what its documented contract says.

Told by the variables that the server sets (docs/server.md has the sources).
Who pushes comes from one variable of that kind and from nowhere else: a name
that another kind of server would set is only a string here.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

# Seconds.  receive-pack itself waits for ever; a person does not.
DEADLINE: Final = 30.0


class Server:
    """A kind of server.

    ``marker`` is a variable that only it sets, ``user`` the one that holds the
    pusher's name, ``repository`` those that name the repository; ``deadline``
    is ours, ``limit`` what the server itself allows (0 = no limit), in seconds.
    """

    __slots__ = ("deadline", "kind", "limit", "marker", "repository", "user")

    def __init__(
        self,
        kind: str,
        marker: str = "",
        user: str = "",
        repository: tuple[str, ...] = (),
        *,
        deadline: float = DEADLINE,
        limit: float = 0,
    ) -> None:
        self.kind: Final = kind
        self.marker: Final = marker
        self.user: Final = user
        self.repository: Final = repository
        self.deadline: Final = deadline
        self.limit: Final = limit


GERRIT: Final = Server("gerrit", deadline=25.0, limit=30.0)
PLAIN: Final = Server("git")
# The first whose marker is set.  GL_REPOSITORY is GitLab's, GL_REPO gitolite's.
SERVERS: Final = (
    Server("gitlab", "GL_REPOSITORY", "GL_USERNAME", ("GL_PROJECT_PATH",)),
    Server("gitolite", "GL_REPO", "GL_USER", ("GL_REPO",)),
    Server(
        "github",
        "GITHUB_REPO_NAME",
        "GITHUB_USER_LOGIN",
        ("GITHUB_REPO_NAME",),
        deadline=4.0,
        limit=5.0,
    ),
    Server(
        "gitea",
        "GITEA_REPO_NAME",
        "GITEA_PUSHER_NAME",
        ("GITEA_REPO_USER_NAME", "GITEA_REPO_NAME"),
    ),
    Server("bitbucket", "BB_REPO_SLUG", "BB_USER_NAME", ("BB_PROJECT_KEY", "BB_REPO_SLUG")),
    Server("http", "GIT_PROJECT_ROOT", "REMOTE_USER", ("PATH_TRANSLATED",)),
)
_GOOD_SIGNATURE: Final = "G"
_GOOD_NONCE: Final = ("OK", "SLOP")


def of(environ: Mapping[str, str]) -> Server:
    """The kind of server that set these variables; plain git when none is told by them."""
    return next((server for server in SERVERS if environ.get(server.marker)), PLAIN)


def identities(server: Server, environ: Mapping[str, str], uploader: str = "") -> tuple[str, ...]:
    """Who pushes, as a policy names them: ``gitlab:alice``, ``signed:<key>``.

    ``uploader`` is what Gerrit gives as an argument.  A push certificate counts
    when git found its signature good and its nonce ours (git-receive-pack(1)).
    """
    found = []
    name = uploader if server is GERRIT else environ.get(server.user, "") if server.user else ""
    if name:
        found.append(f"{server.kind}:{name}")
    key = environ.get("GIT_PUSH_CERT_KEY", "")
    if (
        key
        and environ.get("GIT_PUSH_CERT_STATUS") == _GOOD_SIGNATURE
        and environ.get("GIT_PUSH_CERT_NONCE_STATUS") in _GOOD_NONCE
    ):
        found.append(f"signed:{key}")
    return tuple(found)


def repository(server: Server, environ: Mapping[str, str], directory: str) -> str:
    """The repository as the server names it, else the path of its git directory."""
    named = "/".join(environ[name] for name in server.repository if environ.get(name))
    return named or directory


def shows_marked_lines_only(environ: Mapping[str, str]) -> bool:
    """Whether the pusher is a person on GitLab's web pages: only GL-HOOK-ERR lines are seen.

    Over ssh and http the prefix would be shown as it is.
    """
    return bool(environ.get("GL_REPOSITORY")) and environ.get("GL_PROTOCOL") == "web"


def dry_run(environ: Mapping[str, str]) -> bool:
    """Whether nothing will be kept: Bitbucket asks before it offers a merge."""
    return environ.get("BB_IS_DRY_RUN") == "true"
