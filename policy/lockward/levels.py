"""What a policy says of a finding: its level, whether its path counts, who excepted it."""

from __future__ import annotations

from lockward import globs
from lockward.bounds import GLOBS
from lockward.errors import BoundError
from lockward.patterns import gitignore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.findings import Finding
    from lockward.model import Level
    from lockward.policy import Policy, PolicyException

_PATTERN: Final = 2  # steps to compare a pattern of gitignore with a path
_CHARACTERS: Final = 256  # compared with one another cost as much as looking at an exception


def level(policy: Policy, rule: str, default: Level, path: str) -> Level:
    """The level of a rule at a path: the last matching [[paths]], else [rules], else default.

    BoundError when thousands of findings meet thousands of sections.
    """
    for section in reversed(policy.paths):
        if rule not in section.levels:
            continue
        GLOBS.spend(_PATTERN)
        if gitignore(section.match, path):
            return section.levels[rule]
    return policy.levels.get(rule, default)


def ignored(policy: Policy, path: str) -> bool:
    """Whether no rule judges this path; beyond a bound every path is judged."""
    try:
        return bool(policy.ignore) and gitignore(policy.ignore, path)
    except BoundError:
        return False


class Exceptions:
    """The exceptions of a policy that still count on a day (ISO; "" = no day has passed)."""

    __slots__ = ("_named", "_patterned")

    def __init__(self, policy: Policy, today: str) -> None:
        # by rule and package; those whose package is a pattern, or is not named, by rule
        self._named: Final[dict[tuple[str, str], list[PolicyException]]] = {}
        self._patterned: Final[dict[str, list[PolicyException]]] = {}
        for one in policy.exceptions:
            if one.expires < today:
                continue
            if one.package and globs.WILD.isdisjoint(one.package):
                self._named.setdefault((one.rule, one.package), []).append(one)
            else:
                self._patterned.setdefault(one.rule, []).append(one)

    def covering(self, finding: Finding) -> PolicyException | None:
        """An exception that covers a finding.

        BoundError when thousands of findings meet thousands of exceptions.
        """
        package = finding.package or ""
        at = package.rfind("@")
        for name in (package, package[:at]) if at > 0 else (package,):
            for one in self._named.get((finding.rule, name), ()):
                if _covers_path(one, finding):
                    return one
        for one in self._patterned.get(finding.rule, ()):
            GLOBS.spend(2 + len(one.package) * len(package) // _CHARACTERS)
            if _covers_package(one.package, package) and _covers_path(one, finding):
                return one
        return None


def _covers_path(one: PolicyException, finding: Finding) -> bool:
    if not one.path:
        return True
    GLOBS.spend(_PATTERN)
    return gitignore((one.path,), finding.path)


def _covers_package(pattern: str, package: str) -> bool:
    """Whether a pattern ("lodash", "lodash@4.*", "@acme/*") names a package ("lodash@4.17.21")."""
    if not pattern:
        return True
    at = package.rfind("@")
    return globs.match(pattern, package) or (at > 0 and globs.match(pattern, package[:at]))
