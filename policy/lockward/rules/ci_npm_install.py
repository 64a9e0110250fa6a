"""A CI file installs what the lockfile says, and fails when the manifest has moved on.

## What it judges
Every command of a CI file that runs npm, Yarn, pnpm or Bun: in workflows,
Dockerfiles, scripts and the other files that docs/ci.md lists, and in the scripts
of package.json that they call.

## Why
With a lockfile in step, `npm install` installs the locked versions. When
package.json has moved on it resolves anew, rewrites the lockfile and passes:
the build ran with packages that nobody committed.

## Refused
- (warning) `npm install` and its aliases, also behind `sh -c`, `docker run`, `npx`, variables
- (warning) `yarn` of version 1 without `--frozen-lockfile`
- (warning) Yarn Berry and pnpm without a frozen flag where no CI variable is seen
- (warning) a frozen flag where no lockfile is tracked: Yarn 1 and Bun install without one
- (warning) packages named on the command line without an exact version
- (note) packages named with an exact version: what they depend on is not locked

## Passes
- `npm ci`, `yarn install --immutable`, `pnpm install --frozen-lockfile`, `bun ci`
- global installs, dry runs, tarballs and folders, `npm update` and other maintenance

## Fix
Write the frozen form: `npm ci`, `yarn install --frozen-lockfile` (Yarn 1),
`yarn install --immutable` (Berry), `pnpm install --frozen-lockfile`,
`bun install --frozen-lockfile`.
"""

from __future__ import annotations

from lockward import bounds, ci, repository
from lockward.errors import LockwardError, NotAFileError, TooLargeError
from lockward.findings import Finding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.ci.command import CiFile, Command
    from lockward.ci.managers import Verdict
    from lockward.ci.projects import Projects
    from lockward.model import Severity, Tree
    from lockward.policy import Policy

ID: Final = "ci-npm-install"
SEVERITY: Final[Severity] = "warning"
SUMMARY: Final = "a CI file installs without a frozen lockfile"

_WHY: Final = "in step it installs what is locked; else it rewrites the lockfile and still passes"
_GROUP: Final = "{n} commands can install what was never locked"
_NOTED: Final = frozenset({"ad-hoc-pinned"})
_VERBS: Final = frozenset({"install", "i", "add", "it", "install-test", "in", "update", "up"})
_MOST: Final = 200  # findings of one file; a generated file has no more to tell
_LONGEST: Final = 60  # characters of a command in a message


def check(path: str, tree: Tree, policy: Policy) -> Iterator[Finding]:
    """One finding for each command that leaves the lockfile unfrozen, at its own line.

    Of a package.json: for each in a script that a CI file calls.
    """
    if path.rpartition("/")[2].lower() == "package.json":
        yield from _of_manifest(path, tree, policy)
        return
    try:
        data = tree.read(path, ci.LARGEST)
    except NotAFileError:
        return  # the file behind a link is judged where it lies
    except TooLargeError:
        yield _note(path, 1, f"{path} is too large for a CI file; it was not read", "too large")
        return
    if data is None or not ci.worth_reading(data):
        return
    file = ci.read(path, data)
    projects = repository.of(tree, policy).installed
    found = [*_findings(file, projects), *_of_scripts(file, tree, projects)]
    yield from found[:_MOST]
    if len(found) > _MOST:
        yield _note(path, 1, f"{path}: {len(found) - _MOST} more commands, left out", "more")
    for fault in file.faults[:1]:
        message = f"{path} was read line by line: {fault.message}"
        yield _note(path, fault.line, message, "read line by line")
    if bounds.CI.spent and not file.faults:
        message = f"scripts that {path} calls were not read: {bounds.CI.refusal}"
        yield _note(path, 1, message, "scripts not read")


def _note(path: str, line: int, message: str, subject: str) -> Finding:
    return Finding(rule=ID, severity="note", path=path, line=line, message=message, subject=subject)


def _findings(file: CiFile, projects: Projects) -> Iterator[Finding]:
    told: set[tuple[int, int]] = set()
    twins: dict[str, int] = {}
    for command in file.commands:
        verdict = _judge(command, projects, file.path)
        noted = verdict.kind == "needs-context" and verdict.reason in _NOTED
        place = (command.line, command.column)
        if place in told or (verdict.kind != "unfrozen" and not noted):
            continue
        told.add(place)
        text = shown(command)
        number = twins[text] = twins.get(text, 0) + 1
        yield _finding(file.path, command, verdict, f"{text} #{number}")


def _of_scripts(
    file: CiFile, tree: Tree, projects: Projects, manifest: str = ""
) -> Iterator[Finding]:
    """What the scripts of package.json do that a CI file calls ("" = of every manifest)."""
    from lockward import jsonread
    from lockward.ci import called

    for one in called.installs(file, projects):
        if manifest and one.path != manifest:
            continue
        verdict = _judge(one.command, projects, one.path)
        if verdict.kind != "unfrozen":
            continue
        text = shown(one.command)
        line = jsonread.locate(tree.read(one.path) or b"", ("scripts", one.name))
        message = _plain(verdict.message.replace("{command}", text))
        yield Finding(
            rule=ID,
            severity=SEVERITY,
            path=one.path,
            line=line,
            subject=f"{text} in {one.name}",
            message=f"{message}, in the script `{_plain(one.name)}` that CI calls",
            why=_WHY,
            now=one.command.text,
            remedy=verdict.remedy,
            group=_GROUP,
            row=(text, f"called at {one.caller}"),
        )


def _of_manifest(path: str, tree: Tree, policy: Policy) -> Iterator[Finding]:
    """The same seen from package.json: it changed, the CI files that call it did not."""
    data = _readable(path, tree)
    hidden = b"\\u" in data  # a JSON escape may write any name
    if not (hidden or ci.worth_reading(data)) or not any(map(_may_install, _scripts(path, data))):
        return
    state = repository.of(tree, policy)
    for each in state.ci_systems:
        data = _readable(each, tree)
        if ci.worth_reading(data):
            yield from _of_scripts(ci.read(each, data), tree, state.installed, path)


def _scripts(path: str, data: bytes) -> list[str]:
    """The scripts of a package.json; of one that cannot be read lockfile-unreadable tells."""
    from lockward import jsonread

    try:
        document = jsonread.read(path, data, LockwardError, comments=True)
    except LockwardError:
        return []
    found = document.get("scripts") if isinstance(document, dict) else None
    return (
        [text for text in found.values() if isinstance(text, str)]
        if isinstance(found, dict)
        else []
    )


def _may_install(text: str) -> bool:
    """A cheap look at a script: a manager, and an install verb, an option or nothing behind it."""
    words = text.replace(";", " ; ").split()
    return any(
        ci.names.tool_of(word)
        and (follows in _VERBS or follows[:1] in ("-", "&", "|", ";") or not follows)
        for word, follows in zip(words, [*words[1:], ""], strict=True)
    )


def _readable(path: str, tree: Tree) -> bytes:
    """A file's content; b"" when it cannot be read, which its own check tells."""
    try:
        return tree.read(path, ci.LARGEST) or b""
    except LockwardError:
        return b""


def _judge(command: Command, projects: Projects, path: str) -> Verdict:
    from lockward.ci import managers

    facts = projects.facts(projects.directory(command), path)
    return managers.judge(command.argv, command.environment, facts)


def _finding(path: str, command: Command, verdict: Verdict, subject: str) -> Finding:
    text = shown(command)
    return Finding(
        rule=ID,
        severity=SEVERITY if verdict.kind == "unfrozen" else "note",
        path=path,
        line=command.line,
        subject=subject,
        message=_plain(verdict.message.replace("{command}", text)),
        why=_WHY,
        now=command.text,
        remedy=verdict.remedy,
        group=_GROUP,
        row=(text, f"line {command.line}"),
    )


def shown(command: Command) -> str:
    """A command as a message shows it: on one line, ``...`` for what only a run can tell."""
    text = _plain(" ".join(command.argv))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _plain(text: str) -> str:
    from lockward.ci.text import ARGUMENTS, QUOTED, UNKNOWN

    text = text.replace(QUOTED, "")
    for sign in (UNKNOWN, ARGUMENTS):
        while sign * 2 in text:
            text = text.replace(sign * 2, sign)
        text = text.replace(sign, "...")
    return " ".join(text.split())
