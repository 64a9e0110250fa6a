"""What a rule is: a module with an id, a severity, its documentation and ``check``.

A rule looks at one subject and yields findings; the engine loops over
subjects, drops twins that already stood before, and applies the policy.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Protocol

    from lockward.findings import Finding
    from lockward.model import Severity, Tree
    from lockward.policy import Policy
    from lockward.project import Project
    from lockward.repository import Repository

    class Rule(Protocol):
        """The part that every rule module has."""

        ID: str  # the public contract (docs/rules.md)
        SEVERITY: Severity  # unless a policy says otherwise
        SUMMARY: str  # one line, for tables

    class ProjectRule(Rule, Protocol):
        """A rule about the state of one project: one folder that is installed as a whole."""

        def check(self, project: Project, policy: Policy, /) -> Iterator[Finding]:
            """What is wrong with this state."""

    class SinceRule(ProjectRule, Protocol):
        """One that may tell by what changed that ``check`` would say nothing new."""

        def stays(self, before: Project, after: Project, /) -> bool:
            """Whether that is sure."""

    class ChangeRule(Rule, Protocol):
        """A rule about how one project changed.

        It is asked only when something in the lockfile moved that no requirement
        explains (lockdiff.LockDiff.doubtful).
        """

        def check(
            self, before: Project | None, after: Project, policy: Policy, /
        ) -> Iterator[Finding]:
            """What is wrong with this change."""

    class FileRule(Rule, Protocol):
        """A rule about one file: its path, in one tree."""

        def check(self, path: str, tree: Tree, policy: Policy, /) -> Iterator[Finding]:
            """What is wrong with this file."""

    class TreeRule(Rule, Protocol):
        """A rule about a whole tree: what it lacks, or how much it holds.

        ``scan`` runs it on every tree; ``check`` only when a change touches a file
        of its row's kinds that stood before, so that taking the thing away is told
        and never having had it is not.
        """

        def check(self, repository: Repository, policy: Policy, /) -> Iterator[Finding]:
            """What is wrong with this tree."""
