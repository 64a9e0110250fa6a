"""Scripts of package.json that CI calls: ``npm run setup``, and what an install runs by itself.

A workflow may be as frozen as it likes: when the script that it calls installs
without the lockfile, so does the workflow.
"""

from __future__ import annotations

from lockward.bounds import CI
from lockward.ci.command import Context
from lockward.ci.names import mentions
from lockward.ci.reading import Reading
from lockward.ci.text import Source
from lockward.errors import BoundError
from lockward.paths import ancestors, folder_of, join

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.ci.command import CiFile, Command
    from lockward.ci.projects import Projects

    _Key = tuple[str, str, frozenset[tuple[str, str]], bool]
    Asked = dict[str, Mapping[str, str] | None]  # path of a manifest -> its scripts

# What managers run around an install of the project itself.
_LIFECYCLE: Final = ("preinstall", "install", "postinstall", "prepare")
_INSTALLS: Final = frozenset({"install", "i", "ci", "clean-install", "it", "install-test"})
_RUNS: Final = frozenset({"run", "run-script", "rum", "urn", "exec"})
_DEEPEST: Final = 4  # scripts that call scripts
_MOST: Final = 200  # scripts followed from one file


class Called:
    """A manager's command in a script: where that is written, and who calls it."""

    __slots__ = ("caller", "command", "name", "path")

    def __init__(self, path: str, name: str, command: Command, caller: str) -> None:
        self.path: Final = path
        self.name: Final = name
        self.command: Final = command
        self.caller: Final = caller


def installs(file: CiFile, projects: Projects) -> tuple[Called, ...]:
    """The managers' commands of the scripts that a CI file calls, directly or by other scripts.

    Followed once for as long as the manifests that were asked have the same scripts.
    """
    known = _FOLLOWED.get(file)
    if known is None or any(projects.scripts(path) != was for path, was in known[0].items()):
        asked: Asked = {}
        known = (asked, tuple(_follow(file, projects, asked)))
        if len(file.commands) <= _MOST_COMMANDS and not CI.spent:
            if len(_FOLLOWED) >= _MOST_FOLLOWED:
                _FOLLOWED.clear()
            _FOLLOWED[file] = known
    return known[1]


# CI file -> the scripts of each manifest that was asked, and what they came to.
_FOLLOWED: Final[dict[CiFile, tuple[Asked, tuple[Called, ...]]]] = {}
_MOST_FOLLOWED: Final = 256
_MOST_COMMANDS: Final = 500  # of a file that is remembered


def _follow(file: CiFile, projects: Projects, asked: Asked) -> Iterator[Called]:
    seen: set[tuple[str, str]] = set()
    pending = [(command, file.path, f"{file.path}:{command.line}", 0) for command in file.commands]
    while pending and len(seen) < _MOST:
        command, beside, caller, depth = pending.pop(0)
        for path, name, text in _scripts(command, beside, projects, asked):
            if (path, name) in seen or depth >= _DEEPEST or not mentions(text):
                continue
            seen.add((path, name))
            for inner in _commands(path, text, command):
                yield Called(path, name, inner, caller)
                pending.append((inner, path, caller, depth + 1))


def _commands(path: str, text: str, caller: Command) -> tuple[Command, ...]:
    """The commands of a script, in the environment of the command that calls it."""
    environment = caller.environment
    variables = frozenset(environment.variables.items())
    key = (path, text, variables, environment.certain)
    known = _READ.get(key)
    if known is None:
        if len(_READ) >= _MOST_READ:
            _READ.clear()
        known, whole = _read(path, text, caller)
        if whole:
            _READ[key] = known
    return known


# What was read last: each step of a matrix calls the same script, and so do several rules.
_READ: Final[dict[_Key, tuple[Command, ...]]] = {}
_MOST_READ: Final = 1_000


def _read(path: str, text: str, caller: Command) -> tuple[tuple[Command, ...], bool]:
    """The commands, and whether the bounds of a change let all of them be read."""
    reading = Reading(Source(path, text.encode()))
    context = Context("bash", caller.environment, folder_of(path))
    try:
        reading.script(reading.source.whole(), context)
    except BoundError:
        reading.end(0, "is cut off")
    return reading.result("script").commands, not reading.full


def _scripts(
    command: Command, beside: str, projects: Projects, asked: Asked
) -> Iterator[tuple[str, str, str]]:
    """Path of the manifest, name and text of each script that a command runs."""
    directory = projects.directory(command)
    for folder in ancestors(folder_of(beside) if directory is None else directory):
        path = join(folder, "package.json")
        scripts = asked[path] = projects.scripts(path)
        if scripts is not None:
            yield from ((path, name, scripts[name]) for name in _names(command, scripts))
            return


def _names(command: Command, scripts: Mapping[str, str]) -> list[str]:
    """The scripts that a command runs, in their order."""
    words = [word for word in command.argv[1:] if word[:1] != "-"]
    bare = not words and command.argv[0].startswith("yarn")
    if bare or (words and words[0] in _INSTALLS):
        quiet = "--ignore-scripts" in command.argv
        return [] if quiet else [name for name in _LIFECYCLE if name in scripts]
    name = next((word for word in words if word not in _RUNS), "")
    return [each for each in (f"pre{name}", name, f"post{name}") if name and each in scripts]
