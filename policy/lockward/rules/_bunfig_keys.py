"""Which settings of bun a repository must not bring along, one row each.

Effects were run with bun 1.4 on a committed bunfig.toml.  A row's test gets the
value as TOML has it and gives the fact to report, "" when there is none.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Final

    from lockward.model import Severity
    from lockward.rules._npmrc_keys import Effect
    from lockward.tomllines import Place

    Test = Callable[[object], str]


class Row:
    """One key: what a value of it does, how bad that is, and when."""

    __slots__ = ("effect", "severity", "test")

    def __init__(self, effect: Effect, severity: Severity, test: Test) -> None:
        self.effect: Final[Effect] = effect
        self.severity: Final[Severity] = severity
        self.test: Final = test


def _set(fact: str) -> Test:
    """Any value but an empty one."""
    return lambda value: fact if value else ""


def _off(fact: str) -> Test:
    """False; and what is no Boolean, which bun drops without a word."""

    def test(value: object) -> str:
        if isinstance(value, bool):
            return "" if value else fact
        return "bun takes true and false only, and drops anything else"

    return test


def _release_age(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "bun wants a number of seconds, and drops anything else"
    return "" if value > 0 else "bun installs releases of any age"


def _auto(value: object) -> str:
    if value in ("force", "fallback"):
        return "bun installs whatever a program imports, and asks no lockfile"
    return ""


def _scanner(value: object) -> str:
    return "" if not value else "bun runs this on every install, before anything is installed"


SCANNER: Final = ("install", "security", "scanner")
KEYS: Final[Mapping[Place, Row]] = {
    SCANNER: Row("executes", "warning", _scanner),
    ("install", "cafile"): Row(
        "redirects", "warning", _set("bun trusts the certificate authorities in it")
    ),
    ("install", "ca"): Row("redirects", "warning", _set("bun trusts this certificate authority")),
    ("install", "globalDir"): Row("redirects", "warning", _set("global packages are put there")),
    ("install", "globalBinDir"): Row("redirects", "warning", _set("global programs are put there")),
    ("install", "lockfile", "save"): Row("weakens", "error", _off("bun writes no lockfile")),
    ("install", "saveTextLockfile"): Row(
        "weakens", "error", _off("bun writes bun.lockb, which no reviewer can read")
    ),
    ("install", "frozenLockfile"): Row(
        "weakens", "warning", _off("an install changes the lockfile as it likes")
    ),
    ("install", "ignoreScripts"): Row(
        "weakens", "warning", _off("install scripts run, whatever a developer's own setting says")
    ),
    ("install", "minimumReleaseAge"): Row("weakens", "warning", _release_age),
    ("install", "minimumReleaseAgeExcludes"): Row(
        "weakens", "note", _set("releases of these packages are installed at any age")
    ),
    ("install", "auto"): Row("weakens", "warning", _auto),
}
# Settings that protect: under another name, or in another table, they only seem to.
PROTECTIVE: Final[tuple[Place, ...]] = (
    ("install", "frozenLockfile"),
    ("install", "ignoreScripts"),
    ("install", "minimumReleaseAge"),
    ("install", "saveTextLockfile"),
    SCANNER,
)
_WRITTEN_ALIKE: Final = {str(place[-1]).lower(): place for place in PROTECTIVE}
_DEEPEST: Final = 3
_SEPARATORS: Final = str.maketrans("", "", "-_. ")


def misplaced(document: Mapping[str, object]) -> Iterator[tuple[Place, Place]]:
    """Where a protective setting stands that bun does not read, and where it belongs."""
    waiting: list[tuple[Place, object]] = [((), document)]
    while waiting:
        place, value = waiting.pop()
        for key, inner in value.items() if isinstance(value, dict) else ():
            at = (*place, key)
            meant = _WRITTEN_ALIKE.get(key.lower().translate(_SEPARATORS))
            if meant is not None and meant != at:
                yield at, meant
            if len(at) < _DEEPEST:
                waiting.append((at, inner))
