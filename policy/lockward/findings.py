"""What a judgement says: findings, the class of each lockfile's change, and the report of both."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Final, Literal

    from lockward.model import Class, Severity
    from lockward.posture.assess import Posture


class Finding:
    """One thing that a rule has to say, about one place.

    ``message`` is a whole sentence without full stop that stands alone in
    ``--format concise``.  Findings of one ``(rule, path, group)`` are shown as
    one block: ``group`` is the block's headline with ``{n}`` for their number,
    ``row`` the columns that this finding adds to it; ``across`` takes the paths
    out of that, for a cause that many files share.  ``was``/``now`` are the
    evidence, ``why`` one sentence, ``remedy`` commands to paste.
    ``line`` may be a question that is only asked of a finding that is shown.
    ``subject`` tells twins apart in the fingerprint (never a line number).
    """

    __slots__ = (
        "_line",
        "across",
        "group",
        "message",
        "now",
        "package",
        "path",
        "pointer",
        "remedy",
        "row",
        "rule",
        "severity",
        "subject",
        "undecided",
        "was",
        "why",
    )

    def __init__(
        self,
        *,
        rule: str,
        severity: Severity,
        path: str,
        message: str,
        line: int | Callable[[], int] = 1,
        pointer: str = "",
        package: str | None = None,
        subject: str = "",
        why: str = "",
        was: str = "",
        now: str = "",
        remedy: tuple[str, ...] = (),
        group: str = "",
        row: tuple[str, ...] = (),
        undecided: bool = False,
        across: bool = False,
    ) -> None:
        self.rule: Final = rule
        self.severity: Final[Severity] = severity
        self.path: Final = path
        self._line = line
        self.pointer: Final = pointer
        self.package: Final = package
        self.subject: Final = subject
        self.message: Final = message
        self.why: Final = why
        self.was: Final = was
        self.now: Final = now
        self.remedy: Final = remedy
        self.group: Final = group
        self.row: Final = row
        self.undecided: Final = undecided
        self.across: Final = across

    @property
    def line(self) -> int:
        """The line, from 1; 0 for a whole file."""
        if not isinstance(self._line, int):
            self._line = self._line()
        return self._line

    def twin(self) -> tuple[str, str, str, str]:
        """What makes two findings the same one, in two states of a repository."""
        return (self.rule, self.path, self.package or "", self.subject)

    @property
    def fingerprint(self) -> str:
        """32 hex digits, stable across commits, lines and machines."""
        from hashlib import sha256  # 2.6 ms: only a report needs it

        text = "\0".join(self.twin()).encode("utf-8", "surrogatepass")
        return sha256(text).hexdigest()[:32]

    def with_severity(self, severity: Severity) -> Finding:
        """The same finding at another severity (a policy's decision)."""
        return self._but(severity, self.remedy)

    def with_remedy(self, remedy: tuple[str, ...]) -> Finding:
        """The same finding with other commands that mend it (where the fault stands already)."""
        return self._but(self.severity, remedy)

    def _but(self, severity: Severity, remedy: tuple[str, ...]) -> Finding:
        return Finding(
            rule=self.rule,
            severity=severity,
            path=self.path,
            message=self.message,
            line=self._line,
            pointer=self.pointer,
            package=self.package,
            subject=self.subject,
            why=self.why,
            was=self.was,
            now=self.now,
            remedy=remedy,
            group=self.group,
            row=self.row,
            undecided=self.undecided,
            across=self.across,
        )


class LockfileVerdict:
    """The class of one lockfile's change, and what changed.

    ``added`` and ``removed`` hold ``name@version``; ``changed`` holds
    ``(name, version before, version after)``.
    """

    __slots__ = ("added", "changed", "classification", "path", "removed")

    def __init__(
        self,
        path: str,
        classification: Class,
        added: tuple[str, ...],
        removed: tuple[str, ...],
        changed: tuple[tuple[str, str, str], ...],
    ) -> None:
        self.path: Final = path
        self.classification: Final[Class] = classification
        self.added: Final = added
        self.removed: Final = removed
        self.changed: Final = changed


class Report:
    """What an evaluation came to.

    ``examined`` counts what was looked at ("lockfiles", "manifests", …): a
    report that examined nothing says so.  ``undecided`` are the reasons for
    which no verdict could be reached; they outweigh everything (exit 2).
    ``requirements_changed`` is true when any requirement, override, catalog,
    workspace or registry pin differs.  ``posture`` is there when a whole tree was
    scanned and measured.
    """

    __slots__ = (
        "examined",
        "findings",
        "lockfiles",
        "posture",
        "requirements_changed",
        "suppressed",
        "undecided",
    )

    def __init__(
        self,
        *,
        findings: tuple[Finding, ...],
        lockfiles: tuple[LockfileVerdict, ...] = (),
        examined: Mapping[str, int] | None = None,
        suppressed: tuple[Finding, ...] = (),
        undecided: tuple[str, ...] = (),
        requirements_changed: bool = False,
        posture: Posture | None = None,
    ) -> None:
        self.findings: Final = findings
        self.lockfiles: Final = lockfiles
        self.examined: Final[Mapping[str, int]] = examined or {}
        self.suppressed: Final = suppressed
        self.undecided: Final = undecided
        self.requirements_changed: Final = requirements_changed
        self.posture: Final = posture

    def with_posture(self, posture: Posture) -> Report:
        """The same report, with what was measured beside it."""
        return Report(
            findings=self.findings,
            lockfiles=self.lockfiles,
            examined=self.examined,
            suppressed=self.suppressed,
            undecided=self.undecided,
            requirements_changed=self.requirements_changed,
            posture=posture,
        )

    @property
    def verdict(self) -> Literal["pass", "fail", "undecided"]:
        """The word of the last line; exit 0, 1 or 2."""
        if self.undecided or any(finding.undecided for finding in self.findings):
            return "undecided"
        if any(finding.severity == "error" for finding in self.findings):
            return "fail"
        return "pass"


def new(found: Iterable[Finding], stood: Iterable[Finding]) -> list[Finding]:
    """The findings without those that stood before, twin by twin."""
    twins: dict[tuple[str, str, str, str], int] = {}
    for finding in stood:
        twins[finding.twin()] = twins.get(finding.twin(), 0) + 1
    fresh: list[Finding] = []
    for finding in found:
        left = twins.get(finding.twin(), 0)
        if left:
            twins[finding.twin()] = left - 1
        else:
            fresh.append(finding)
    return fresh


def distinct(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Each finding once: a root with two lockfiles is judged twice."""
    told: set[tuple[tuple[str, str, str, str], int, str]] = set()
    for finding in findings:
        key = (finding.twin(), finding.line, finding.message)
        if key not in told:
            told.add(key)
            yield finding
