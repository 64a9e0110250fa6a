"""An install in CI runs the install scripts of reviewed packages only.

## What it judges
Every install in a CI file, frozen or not, of a project whose lockfile tells which
packages have install scripts (npm's, pnpm's up to version 8, Bun's). Off by
default: `[rules] ci-install-scripts = "warning"` switches it on.

## Why
CI holds the tokens that publish and deploy. An install script is code of a
stranger that runs there before any test does.

## Refused
- (warning) `npm ci` while packages with install scripts are not on the reviewed list

## Passes
- `--ignore-scripts`, `ignore-scripts=true` in .npmrc, `npm_config_ignore_scripts=true`
- `enableScripts: false` of Yarn, Bun and pnpm from version 10 on: they run none unasked
- `scripts.reviewed = ["esbuild", "sharp@0.33.*"]` in the policy

## Fix
`npm ci --ignore-scripts`, then `npm rebuild` of those that need it; or read the
scripts and list the packages under `[scripts] reviewed`.
"""

from __future__ import annotations

from lockward import ci
from lockward.errors import LockwardError
from lockward.findings import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.ci.command import Command
    from lockward.ci.projects import Projects
    from lockward.model import Severity, Tree
    from lockward.policy import Policy
    from lockward.repository import Repository

ID: Final = "ci-install-scripts"
SEVERITY: Final[Severity] = "warning"
SUMMARY: Final = "an install in CI runs install scripts that nobody reviewed (off by default)"

_OWN: Final = frozenset({"root", "workspace", "link", "directory"})
_SHOWN: Final = 3  # names in a message
_RUNS_NONE: Final = {"pnpm": 10}  # from this version on a manager runs no script unasked


def check(path: str, tree: Tree, policy: Policy) -> Iterator[Finding]:
    """One finding for each install that runs scripts of packages that are not reviewed."""
    try:
        data = tree.read(path, ci.LARGEST)
    except LockwardError:
        return  # ci-npm-install tells what cannot be read
    if data is None or not ci.worth_reading(data):
        return
    from lockward.ci.projects import Projects
    from lockward.repository import Repository

    projects, repository = Projects(tree), Repository(tree, policy)
    told: set[tuple[int, int]] = set()
    for command in ci.read(path, data).commands:
        names = _names(command, path, projects, repository)
        if names and (command.line, command.column) not in told:
            told.add((command.line, command.column))
            yield _finding(path, command, names)


def _names(
    command: Command, path: str, projects: Projects, repository: Repository
) -> tuple[str, ...]:
    """The packages whose scripts a command runs without review."""
    from lockward.ci import managers

    directory = projects.directory(command)
    facts = projects.facts(directory, path)
    verdict = managers.judge(command.argv, command.environment, facts)
    installs = verdict.kind in ("frozen", "unfrozen") and verdict.reason != "ad-hoc"
    manager = command.argv[0].partition("@")[0]
    if not installs or _ignored(command, manager, projects, directory):
        return ()
    newest = _RUNS_NONE.get(manager)
    major = facts.major(manager, command.argv[0])
    if manager == "bun" or (newest is not None and (major is None or major >= newest)):
        return ()
    return _unreviewed(repository, directory or "")


def _ignored(command: Command, manager: str, projects: Projects, directory: str | None) -> bool:
    """Whether a flag, a variable or a settings file switches scripts off."""
    if any(word in ("--ignore-scripts", "--ignore-scripts=true") for word in command.argv):
        return True
    variables = {name.lower(): value for name, value in command.environment.variables.items()}
    if variables.get("npm_config_ignore_scripts") == "true":
        return True
    if manager == "yarn" and variables.get("yarn_enable_scripts") == "false":
        return True
    return projects.without_scripts(directory or "", manager)


def _unreviewed(repository: Repository, folder: str) -> tuple[str, ...]:
    from lockward.rules.lockfile_install_script import reviewed

    root = repository.root_of(folder)
    lockfile = None if root is None else repository.project(root).lockfile
    if lockfile is None:
        return ()
    found = {
        package.name
        for package in lockfile.packages
        if package.has_install_script
        and package.source not in _OWN
        and not reviewed(package, repository.policy)
    }
    return tuple(sorted(found))


def _finding(path: str, command: Command, names: tuple[str, ...]) -> Finding:
    from lockward.rules.ci_npm_install import shown

    text = shown(command)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    listed = ", ".join(names[:_SHOWN])
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=path,
        line=command.line,
        subject=f"{text}: {' '.join(names)}",
        message=f"`{text}` runs install scripts that nobody reviewed: {listed}{more}",
        why="an install script is a stranger's code where CI's tokens are",
        now=command.text,
        remedy=(f"{text} --ignore-scripts", f"npm rebuild {' '.join(names[:_SHOWN])}"),
        group="{n} installs run scripts that nobody reviewed",
        row=(text, f"line {command.line}"),
    )
