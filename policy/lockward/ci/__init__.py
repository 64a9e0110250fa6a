"""CI files: where shell text hides in each kind of them, and which commands it runs.

``worth_reading`` is the cheap test that comes first; ``read`` gives the package
managers' commands of one file.  docs/ci.md has the table of families.
"""

from __future__ import annotations

from lockward.ci import names
from lockward.ci.remembered import Remembered
from lockward.errors import BoundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.command import CiFile

_IMPLIED: Final = "node_js"  # Travis installs for this language without being told
LARGEST: Final = 1 << 20  # bytes of a CI file that is read; a longer one is generated


class _Family:
    """A row: which lower-case paths belong to a family.

    A row matches when the name is one of ``names``, starts or ends as given, or
    when a folder of the path is named and the name ends as ``inside`` says.
    """

    __slots__ = ("endings", "folders", "inside", "module", "names", "starts")

    def __init__(
        self,
        module: str,
        *,
        names: str = "",
        starts: str = "",
        endings: str = "",
        folders: str = "",
        inside: str = ".yml .yaml",
    ) -> None:
        self.module: Final = module
        self.names: Final = frozenset(names.split())
        self.starts: Final = tuple(starts.split())
        self.endings: Final = tuple(endings.split())
        self.folders: Final = tuple(folders.split())
        self.inside: Final = tuple(inside.split())

    def has(self, lower: str, name: str) -> bool:
        """Whether a path belongs here."""
        if name in self.names or name.endswith(self.endings):
            return True
        if self.starts and name.startswith(self.starts):
            return "." not in name or name.endswith(self.inside) or name.startswith(_ANY_ENDING)
        return bool(self.folders) and (
            name.endswith(self.inside) and any(folder in lower for folder in self.folders)
        )


# Dockerfile.dev, Jenkinsfile.release: whatever stands behind the dot.
_ANY_ENDING: Final = ("dockerfile", "containerfile", "jenkinsfile")
# The first row that has a path reads it; shell scripts are what is left.  The names are those
# of lockward.relevant, which decides before this is imported; a test holds them together.
FAMILIES: Final = (
    _Family(
        "github",
        names="action.yml action.yaml",
        folders=".github/workflows/ .gitea/workflows/ .forgejo/workflows/",
    ),
    _Family(
        "gitlab",
        endings="gitlab-ci.yml gitlab-ci.yaml",
        folders=".gitlab/ .gitlab-ci/ gitlab-ci/",
    ),
    _Family("circleci", folders=".circleci/"),
    _Family(
        "azure",
        starts="azure-pipelines",
        endings="azure-pipelines.yml azure-pipelines.yaml",
        folders="azure-pipelines/ .azure-pipelines/ .azuredevops/ .azure/ .vsts/",
    ),
    _Family("travis", names=".travis.yml .travis.yaml"),
    _Family("bitbucket", names="bitbucket-pipelines.yml bitbucket-pipelines.yaml"),
    _Family("buildkite", names="buildkite.yml buildkite.yaml", folders=".buildkite/"),
    _Family("drone", names=".drone.yml .drone.yaml"),
    _Family("woodpecker", names=".woodpecker.yml .woodpecker.yaml", folders=".woodpecker/"),
    _Family(
        "jenkins",
        starts="jenkinsfile",
        endings=".jenkinsfile .groovy",
    ),
    _Family("appveyor", names="appveyor.yml .appveyor.yml appveyor.yaml .appveyor.yaml"),
    _Family("teamcity", folders=".teamcity/", inside=".kts .kt .xml"),
    _Family("cloudbuild", starts="cloudbuild", inside=".yml .yaml .json"),
    _Family("codebuild", names="amplify.yml amplify.yaml", starts="buildspec"),
    _Family("cirrus", names=".cirrus.yml .cirrus.yaml"),
    _Family("semaphore", folders=".semaphore/"),
    _Family("compose", starts="docker-compose compose.yml compose.yaml compose. compose-"),
    _Family("devcontainer", names="devcontainer.json .devcontainer.json"),
    _Family("taskfile", starts="taskfile"),
    _Family("hosting", names="vercel.json now.json render.yaml render.yml"),
    _Family("netlify", names="netlify.toml"),
    _Family("earthly", names="earthfile"),
    _Family("makefile", names="makefile gnumakefile", endings=".mk", starts="makefile."),
    _Family("justfile", names="justfile .justfile", endings=".just"),
    _Family("docker", endings=".dockerfile .containerfile", starts="dockerfile containerfile"),
    _Family("script", endings=".sh .bash .mksh .ksh .zsh .ps1 .cmd .bat"),
)


# Families that are CI systems; the others are what these call, or services that build.
SYSTEMS: Final = frozenset(
    {
        *("github", "gitlab", "circleci", "azure", "travis", "bitbucket", "buildkite", "drone"),
        *("woodpecker", "jenkins", "appveyor", "teamcity", "cloudbuild", "codebuild", "cirrus"),
        "semaphore",
    }
)


def family(path: str) -> str:
    """The name of the module that reads a path; "script" for what only a ``#!`` can tell."""
    lower = path.lower()
    name = lower.rpartition("/")[2]
    return next((row.module for row in FAMILIES if row.has(lower, name)), "script")


def _worth_reading(data: bytes) -> bool:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.replace(b"\0", b"")  # UTF-16: only ASCII letters matter
    text = data.decode("latin-1")
    return names.mentions(text) or _IMPLIED in text


# Whether a file may run a package manager at all; imports nothing, costs next to nothing.
worth_reading: Final = Remembered(_worth_reading)


def read(path: str, data: bytes) -> CiFile:
    """The package managers' commands of a CI file.  Total: any bytes give a result.

    ``faults`` of the result tell where the structure did not parse; the file was
    then read line by line.
    """
    known = _READ.get((path, data)) or _LARGE.get((path, data))
    if known is None:
        if len(_READ) >= _MOST_READ:
            _READ.clear()
        known, whole = _read(path, data)
        if whole and len(data) <= _LONGEST_KEPT and len(known.commands) <= _MOST_KEPT:
            _READ[path, data] = known
        elif whole:
            while len(_LARGE) >= _MOST_LARGE:
                del _LARGE[next(iter(_LARGE))]
            _LARGE[path, data] = known
    return known


# What was read last: several rules, and a history's next commit, ask for the same files.
_READ: Final[dict[tuple[str, bytes], CiFile]] = {}
_LARGE: Final[dict[tuple[str, bytes], CiFile]] = {}  # the states before and after
_MOST_LARGE: Final = 2
_MOST_READ: Final = 256
_LONGEST_KEPT: Final = 1 << 16  # bytes
_MOST_KEPT: Final = 200  # commands; a file with more is one of the large


def _read(path: str, data: bytes) -> tuple[CiFile, bool]:
    """What was found, and whether the bounds of a change let all of it be read."""
    from importlib import import_module

    from lockward.bounds import CI
    from lockward.ci.command import Context
    from lockward.ci.reading import Reading
    from lockward.ci.text import Source

    module = family(path)
    reading = Reading(Source(path, data[:LARGEST]))
    try:
        CI.spend(len(data[:LARGEST]) // _BYTES)
        if len(data) > LARGEST:
            reading.fault(0, f"is longer than {LARGEST >> 20} MiB; the rest was not read")
            reading.lines_if_faulty(Context())
        else:
            import_module(f"lockward.ci.{module}").read(reading)
    except BoundError as fault:
        reading.end(0, fault.message)
        return reading.result(module), False
    return reading.result(module), True


_BYTES: Final = 10  # of a file, to a step of bounds.CI
