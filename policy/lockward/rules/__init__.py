"""Every rule, one line each: its id, what it judges, and which files concern it.

A row's module is the id with ``_`` for ``-``.  It is imported when a change
touches a file of its kinds and not before: a rule nobody needs costs nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Final, Literal

    from lockward.model import Level
    from lockward.policy import Policy
    from lockward.project import Project
    from lockward.rules._rule import (
        ChangeRule,
        FileRule,
        ProjectRule,
        Rule,
        SinceRule,
        TreeRule,
    )

    Judges = Literal["project", "change", "file", "tree"]


class Row:
    """A line of the table.  ``kinds`` (relevant.kind) matter to "file" and "tree" rules only.

    An ``optional`` rule is off until a policy, or --only, names it.
    """

    __slots__ = ("id", "judges", "kinds", "optional")

    def __init__(
        self,
        id: str,  # noqa: A002 - a rule's id
        judges: Judges,
        *kinds: str,
        optional: bool = False,
    ) -> None:
        self.id: Final = id
        self.judges: Final[Judges] = judges
        self.kinds: Final = kinds
        self.optional: Final = optional


RULES: Final = (
    Row("lockfile-unreadable", "project"),
    Row("lockfile-attributes", "file", "attributes"),
    Row("lockfile-tampered", "change"),
    Row("lockfile-unmatched", "change"),
    Row("lockfile-out-of-sync", "project"),
    Row("lockfile-missing", "project"),
    Row("lockfile-ambiguous", "project"),
    Row("lockfile-untrusted-source", "project"),
    Row("lockfile-integrity", "project"),
    Row("lockfile-wrong-package", "project"),
    Row("lockfile-install-script", "project"),
    Row("internal-name-unscoped", "project"),
    Row("internal-scope-source", "project"),
    Row("npmrc-scope-pin", "project"),
    Row("npmrc-unsafe", "file", "settings", "manifest"),
    Row("ci-npm-install", "file", "ci", "manifest"),
    Row("ci-install-scripts", "file", "ci", optional=True),
    Row("ci-audit-missing", "tree", "ci"),
    Row("ci-lockfile-check-missing", "tree", "ci"),
    Row("sbom-missing", "tree", "sbom"),
    Row("sbom-stale", "tree"),
    Row("lockfile-review-missing", "tree", "owners"),
    Row("install-scripts-many", "tree"),
    Row("tree-large", "tree"),
)
IDS: Final = tuple(row.id for row in RULES)
OPTIONAL: Final = frozenset(row.id for row in RULES if row.optional)


def asked(row: Row, policy: Policy, only: Collection[str]) -> bool:
    """Whether a rule runs: by --only, else unless it is one that a policy has to name."""
    if only:
        return row.id in only
    return (
        not row.optional
        or row.id in policy.levels
        or any(row.id in section.levels for section in policy.paths)
    )


def default(rule_id: str) -> Level:
    """The level of a rule of which no policy speaks."""
    return "off" if rule_id in OPTIONAL else module(rule_id).SEVERITY


def module(rule_id: str) -> Rule:
    """The rule's module, for its id, severity, summary and documentation."""
    return _load(rule_id)  # type: ignore[return-value]  # proved by tests/policy/rules/test_table.py


def project_rule(row: Row) -> ProjectRule:
    """The module of a row that judges a project's state."""
    return _load(row.id)  # type: ignore[return-value]  # as above


def stays(row: Row, before: Project, after: Project) -> bool:
    """Whether a project's rule surely says nothing of a state that it did not say before."""
    rule: SinceRule | None = _load(row.id) if row.id in _SINCE else None  # type: ignore[assignment]  # as above
    return rule is not None and rule.stays(before, after)


# Rules that look at thousands of requirements, and may be told by those that changed.
_SINCE: Final = frozenset({"lockfile-out-of-sync"})


def change_rule(row: Row) -> ChangeRule:
    """The module of a row that judges a project's change."""
    return _load(row.id)  # type: ignore[return-value]  # as above


def file_rule(row: Row) -> FileRule:
    """The module of a row that judges single files."""
    return _load(row.id)  # type: ignore[return-value]  # as above


def tree_rule(row: Row) -> TreeRule:
    """The module of a row that judges whole trees."""
    return _load(row.id)  # type: ignore[return-value]  # as above


def _load(rule_id: str) -> object:
    name = rule_id.replace("-", "_")
    return __import__(f"lockward.rules.{name}", fromlist=("check",))
