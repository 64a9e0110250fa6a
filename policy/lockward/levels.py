"""What a policy says of a finding: its level, whether its path counts, who excepted it."""

from __future__ import annotations

from lockward import globs
from lockward.bounds import GLOBS
from lockward.patterns import gitignore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.findings import Finding
    from lockward.model import Level
    from lockward.policy import Policy, PolicyException

_OTHERS: Final = 16  # exceptions of other rules cost as much as one


def level(policy: Policy, rule: str, default: Level, path: str) -> Level:
    """The level of a rule at a path: the last matching [[paths]], else [rules], else default.

    BoundError when thousands of findings meet thousands of sections.
    """
    for section in reversed(policy.paths):
        if rule not in section.levels:
            continue
        GLOBS.spend(len(section.match))
        if gitignore(section.match, path):
            return section.levels[rule]
    return policy.levels.get(rule, default)


def ignored(policy: Policy, path: str) -> bool:
    """Whether no rule judges this path."""
    return bool(policy.ignore) and gitignore(policy.ignore, path)


def excepted(policy: Policy, finding: Finding, today: str) -> PolicyException | None:
    """The first exception that covers a finding on a day (ISO; "" = no day has passed).

    BoundError when thousands of findings meet thousands of exceptions.
    """
    GLOBS.spend(len(policy.exceptions) // _OTHERS)
    for exception in policy.exceptions:
        if exception.rule == finding.rule:
            GLOBS.spend()
        if (
            exception.rule == finding.rule
            and exception.expires >= today
            and _covers_package(exception.package, finding.package or "")
            and (not exception.path or gitignore((exception.path,), finding.path))
        ):
            return exception
    return None


def expired(policy: Policy, today: str) -> tuple[PolicyException, ...]:
    """The exceptions whose last day lies before today: they no longer count."""
    return tuple(exception for exception in policy.exceptions if exception.expires < today)


def _covers_package(pattern: str, package: str) -> bool:
    """Whether a pattern ("lodash", "lodash@4.*", "@acme/*") names a package ("lodash@4.17.21")."""
    if not pattern:
        return True
    at = package.rfind("@")
    return globs.match(pattern, package) or (at > 0 and globs.match(pattern, package[:at]))
