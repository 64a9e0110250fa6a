"""Some step in CI asks for known vulnerabilities, and can fail because of the answer.

## What it judges
The files of the repository's CI systems together, where a lockfile is committed.

## Why
A lockfile keeps what was chosen, also what has since been found to be
vulnerable. Only a step that can fail makes somebody look.

## Refused
- (note) CI files and a lockfile, and no command of what follows
- (note) an audit whose failure is swallowed: `npm audit || true`

## Passes
- `npm audit`, `pnpm audit`, `bun audit`, `yarn audit`, `yarn npm audit`, at level high or below
- a script of package.json that does so, called from CI
- another scanner: audit-ci, osv-scanner, Snyk, Trivy, Grype, the dependency review action

## Fix
Put `npm audit --audit-level=high` (or your manager's) into a workflow that runs
on a schedule as well: vulnerabilities become known without a commit.
"""

from __future__ import annotations

from lockward import ci
from lockward.ci.remembered import holds
from lockward.errors import LockwardError
from lockward.findings import Finding
from lockward.paths import folder_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.ci.command import CiFile, Command
    from lockward.model import Severity
    from lockward.policy import Policy
    from lockward.repository import Repository

ID: Final = "ci-audit-missing"
SEVERITY: Final[Severity] = "note"
SUMMARY: Final = "no step in CI fails because of a known vulnerability"

# Programs and actions that look for known vulnerabilities, by what a file that uses them holds.
_SCANS: Final = holds(
    *(b"audit-ci", b"better-npm-audit", b"improved-yarn-audit", b"npm-audit", b"npm_audit"),
    *(b"osv-scanner", b"osv-detector", b"snyk", b"trivy", b"grype", b"dependency-review-action"),
    *(b"dependency-check", b"nexus-iq", b"socket ci", b"socketsecurity", b"whitesource"),
    *(b"Dependency-Scanning.gitlab-ci.yml", b"auditjs", b"retire.js"),
)
_LEVELS: Final = ("info", "low", "moderate", "medium", "high")  # critical asks for less than high
_SWALLOWED: Final = ("|| true", "||true", "|| :", "|| exit 0", "|| echo", "|| /bin/true")
_ASKS: Final = b"audit"


def check(repository: Repository, policy: Policy) -> Iterator[Finding]:  # noqa: ARG001 - a rule's shape
    """At most one finding."""
    locked = [path for path in repository.paths("lockfile") if not path.startswith(".")]
    paths = repository.ci_systems
    if not locked or not paths or any(_asks(path, repository) for path in paths):
        return
    from lockward.setup import steps

    audit = steps.of(repository.project(folder_of(locked[0]), locked[0])).audit
    yield Finding(
        rule=ID,
        severity=SEVERITY,
        path=paths[0],
        message=f"none of {len(paths)} CI files asks for known vulnerabilities and can fail",
        why="a lockfile keeps what has since been found to be vulnerable",
        remedy=(f"{audit}   (in a workflow that also runs on a schedule)",),
    )


def _asks(path: str, repository: Repository) -> bool:
    """Whether a file holds an audit that can fail; what cannot be read counts as one."""
    try:
        data = repository.tree.read(path, ci.LARGEST)
    except LockwardError:
        return False  # ci-npm-install tells what cannot be read
    if data is None:
        return False
    if _SCANS(data):
        return True
    if _ASKS in data:
        file = ci.read(path, data)
        return any(_is_audit(command) for command in file.commands) or _calls(file, repository)
    return ci.worth_reading(data) and _calls(ci.read(path, data), repository)


def _is_audit(command: Command) -> bool:
    words = [word for word in command.argv[1:] if not word.startswith("-")]
    if words[:2] == ["npm", "audit"]:
        words = words[1:]  # yarn npm audit
    if words[:1] != ["audit"] or words[1:2] == ["fix"] or words[1:2] == ["signatures"]:
        return False
    return _level(command.argv) in _LEVELS and not any(
        swallowed in command.text for swallowed in _SWALLOWED
    )


def _level(argv: tuple[str, ...]) -> str:
    """The level from which on an audit fails; "low" when none is given."""
    for index, word in enumerate(argv):
        name, _, value = word.partition("=")
        if name in ("--audit-level", "--level", "--severity"):
            return value or (argv[index + 1] if index + 1 < len(argv) else "")
    return "low"


def _calls(file: CiFile, repository: Repository) -> bool:
    """Whether a script of package.json asks, that a command calls."""
    from lockward.ci import called

    return any(_is_audit(one.command) for one in called.installs(file, repository.installed))
