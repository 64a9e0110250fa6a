"""What a CI file runs: commands, and the circumstances in which each one runs."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final, Literal

    from lockward.ci.text import Text

    Shell = Literal["bash", "powershell", "cmd", "argv"]

# Variables by which package managers (through the package ci-info) know that they run in CI;
# CI itself is judged by its value.
_CI_MARKS: Final = (
    "CONTINUOUS_INTEGRATION",
    "BUILD_ID",
    "BUILD_NUMBER",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "TF_BUILD",
    "TEAMCITY_VERSION",
    "BUILDER_OUTPUT",
    "CODEBUILD_BUILD_ARN",
    "DRONE",
    "VERCEL",
    "NETLIFY",
    "BUILDKITE",
    "BITBUCKET_COMMIT",
    "APPVEYOR",
    "TRAVIS",
    "CIRCLECI",
    "CIRRUS_CI",
    "SEMAPHORE",
    "JENKINS_URL",
    "RENDER",
)


# Variables by which package managers take settings.
_SETTINGS: Final = ("npm_config_", "pnpm_config_", "yarn_", "bun_")


class Environment:
    """The variables that a command sees, as far as the file tells.

    A value may hold text.UNKNOWN.  ``certain`` is false where whoever calls the
    file may add variables: a shell script, a Makefile.
    """

    __slots__ = ("certain", "variables")

    def __init__(self, variables: Mapping[str, str] | None = None, *, certain: bool = True) -> None:
        self.variables: Final[Mapping[str, str]] = variables or {}
        self.certain: Final = certain

    def get(self, name: str) -> str | None:
        """A variable's value; None when it is not set, or not here."""
        return self.variables.get(name)

    def having(self, variables: Mapping[str, str]) -> Environment:
        """With more variables; they win over those of the same name."""
        if not variables:
            return self
        return Environment({**self.variables, **variables}, certain=self.certain)

    def without(self, name: str) -> Environment:
        """With one variable less."""
        left = {key: value for key, value in self.variables.items() if key != name}
        return Environment(left, certain=self.certain)

    def signature(self) -> frozenset[tuple[str, str]]:
        """What tells two environments apart for a package manager."""
        return frozenset(
            (name, value)
            for name, value in self.variables.items()
            if name in _CI_MARKS or name == "CI" or name.lower().startswith(_SETTINGS)
        )

    def is_ci(self, *, false_counts: bool = False) -> bool | None:
        """Whether package managers see a CI system here; None = the caller decides.

        ``false_counts``: the manager takes CI=false for CI as well (yarn 2 and 3).
        """
        ci = self.variables.get("CI")
        if ci is not None and ci != "":
            return ci != "false" or false_counts
        if any(self.variables.get(mark) for mark in _CI_MARKS):
            return True
        return False if self.certain or ci is not None else None


NOWHERE: Final = Environment()
"""A fresh machine: an image's build, a container, a host behind ssh."""
ANYWHERE: Final = Environment(certain=False)
"""Whatever the caller has: a developer's terminal or a CI job."""


class Context:
    """In what circumstances shell text runs.

    ``directory`` is the folder inside the repository ("" its top, None = not
    known); ``variables`` the texts that a shell variable may hold.
    """

    __slots__ = ("directory", "environment", "shell", "variables")

    def __init__(
        self,
        shell: Shell = "bash",
        environment: Environment = ANYWHERE,
        directory: str | None = "",
        variables: Mapping[str, tuple[Text, ...]] | None = None,
    ) -> None:
        self.shell: Final[Shell] = shell
        self.environment: Final = environment
        self.directory: Final = directory
        self.variables: Final[Mapping[str, tuple[Text, ...]]] = variables or {}

    def having(self, found: Mapping[str, Text]) -> Context:
        """With variables that the file sets for what runs here; they are exported."""
        if not found:
            return self
        values = {name: text.value for name, text in found.items()}
        names = {**self.variables, **{name: (text,) for name, text in found.items()}}
        return Context(self.shell, self.environment.having(values), self.directory, names)

    def within(self, environment: Environment) -> Context:
        """The same in another environment."""
        return Context(self.shell, environment, self.directory, self.variables)

    def spoken(self, shell: Shell) -> Context:
        """The same for text of another shell."""
        return Context(shell, self.environment, self.directory, self.variables)

    def at(self, directory: str | None) -> Context:
        """The same in another folder."""
        return Context(self.shell, self.environment, directory, self.variables)


class Command:
    """A package manager's command line, after every wrapper was taken off.

    ``argv[0]`` is the manager's bare name, with ``@version`` where the wrapper
    chose one (``npx npm@6``).  ``line`` is the physical line (from 1) on which
    its name stands, or the verb where variables hold the command; ``column``
    counts from 1 in bytes of UTF-8; ``text`` is that line, for display.
    """

    __slots__ = ("argv", "column", "directory", "environment", "line", "shell", "text")

    def __init__(
        self,
        *,
        argv: tuple[str, ...],
        line: int,
        column: int,
        shell: Shell,
        environment: Environment,
        directory: str | None,
        text: str,
    ) -> None:
        self.argv: Final = argv
        self.line: Final = line
        self.column: Final = column
        self.shell: Final[Shell] = shell
        self.environment: Final = environment
        self.directory: Final = directory
        self.text: Final = text


class Fault:
    """A place at which a file's structure did not parse, and why."""

    __slots__ = ("line", "message")

    def __init__(self, line: int, message: str) -> None:
        self.line: Final = line
        self.message: Final = message


class CiFile:
    """The commands of a CI file, in order of their place.

    ``faults`` are not empty when the structure did not parse and the file was
    read line by line instead.
    """

    __slots__ = ("commands", "family", "faults", "path")

    def __init__(
        self, path: str, family: str, commands: tuple[Command, ...], faults: tuple[Fault, ...]
    ) -> None:
        self.path: Final = path
        self.family: Final = family
        self.commands: Final = commands
        self.faults: Final = faults
