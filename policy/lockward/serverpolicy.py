"""The ``[server]`` table of a policy: how a server's hook judges, not what.

It counts in a file of the server only.  In a repository's own policy anybody
who may push could open the gate with it.
"""

from __future__ import annotations

from lockward import policyvalues as values
from lockward.nearest import hint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final, Literal

    Treatment = Literal["judge", "accept", "refuse"]
    Outcome = Literal["refuse", "accept"]

KEYS: Final = ("deadline", "at-deadline", "audit", "refs", "skip")
SKIP_KEYS: Final = ("who", "rules")
TREATMENTS: Final[tuple[Treatment, ...]] = ("judge", "accept", "refuse")
OUTCOMES: Final[tuple[Outcome, ...]] = ("refuse", "accept")
# Where a server's hook has a pusher's name from (docs/server.md); hooks/ holds the variables.
IDENTITIES: Final = (
    "bitbucket",
    "gerrit",
    "gitea",
    "github",
    "gitlab",
    "gitolite",
    "http",
    "signed",
)
LONGEST_DEADLINE: Final = 3600


class SkipGrant:
    """Who may have which rules skipped: identities ("gitlab:alice"), rule ids."""

    __slots__ = ("rules", "who")

    def __init__(self, who: tuple[str, ...], rules: tuple[str, ...]) -> None:
        self.who: Final = who
        self.rules: Final = rules


class ServerPolicy:
    """A validated ``[server]`` table.

    ``deadline`` in seconds (0 = what the kind of server allows); ``at_deadline``
    what becomes of a push that could not be judged in time; ``audit`` the
    absolute path of the audit file ("" = none, and then nothing is skipped);
    ``refs`` treatments of ref namespaces by prefix, beside the shipped ones.
    """

    __slots__ = ("at_deadline", "audit", "deadline", "refs", "skips")

    def __init__(
        self,
        *,
        deadline: float = 0,
        at_deadline: Outcome = "refuse",
        audit: str = "",
        refs: Mapping[str, Treatment] | None = None,
        skips: tuple[SkipGrant, ...] = (),
    ) -> None:
        self.deadline: Final = deadline
        self.at_deadline: Final[Outcome] = at_deadline
        self.audit: Final = audit
        self.refs: Final[Mapping[str, Treatment]] = refs or {}
        self.skips: Final = skips


def seconds(value: object) -> float:
    """A number of seconds above 0, an hour at most."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise values.Wrong(f"must be a number of seconds, not {values.shown(value)}")
    if not 0 < value <= LONGEST_DEADLINE:
        raise values.Wrong(f"must be above 0 and at most {LONGEST_DEADLINE}, not {value}")
    return float(value)


def absolute(value: object) -> str:
    """An absolute path."""
    word = values.text(value)
    if not word.startswith("/") or "\0" in word:
        raise values.Wrong(f"must be an absolute path, not {values.shown(word)}", word)
    return word


def namespace(value: object) -> str:
    """One ref (``refs/heads/main``), or with a slash at its end all below (``refs/sandbox/``)."""
    word = values.text(value)
    if word.startswith("refs/") and not set("*?[\\ ") & set(word):
        return word
    near = f'did you mean "refs/{word.removeprefix("refs/").strip("/*")}/"?'
    raise values.Wrong(f'must be like "refs/sandbox/", not {values.shown(word)}', word, near)


def identity(value: object) -> str:
    """Where a name comes from, and the name: ``gitlab:alice``."""
    word = values.text(value)
    source, colon, name = word.partition(":")
    if colon and name.strip() and source in IDENTITIES:
        return word
    near = hint(source, IDENTITIES) if colon else ""
    raise values.Wrong(f'must be like "gitlab:alice", not {values.shown(word)}', word, near)
