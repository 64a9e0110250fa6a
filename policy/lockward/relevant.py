"""Which paths matter, decided from their names alone.

Entry points ask this before they import anything else, so that a commit
without JavaScript costs little more than the interpreter.  Names are compared
without regard to case: on a case-insensitive disk ``Package.json`` is read too,
and a rule reports it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Literal

    Kind = Literal[
        "lockfile", "manifest", "settings", "ci", "policy", "sbom", "owners", "attributes", ""
    ]

LOCKFILES: Final = frozenset(
    {
        "package-lock.json",
        "npm-shrinkwrap.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "bun.lock",
        "bun.lockb",
        ".package-lock.json",
    }
)
# npm's own copy of the lockfile: committed, it competes with the real one.
HIDDEN: Final = "node_modules/.package-lock.json"
MANIFESTS: Final = frozenset({"package.json", "pnpm-workspace.yaml"})
SETTINGS: Final = frozenset({".npmrc", ".yarnrc", ".yarnrc.yml", "bunfig.toml"})
POLICIES: Final = frozenset({".lockward.toml", "pyproject.toml"})
OWNERS: Final = frozenset({"codeowners"})
ATTRIBUTES: Final = frozenset({".gitattributes"})
# Bills of materials, by the names that the two standards recommend and their tools write.
SBOMS: Final = (
    *(".cdx.json", ".spdx.json", ".bom.json", "/bom.json", "/sbom.json"),
    *("-sbom.json", ".sbom.json", "/cyclonedx.json", "/spdx.json"),
)


_KINDS: Final[dict[str, Kind]] = {
    **dict.fromkeys(LOCKFILES, "lockfile"),
    **dict.fromkeys(MANIFESTS, "manifest"),
    **dict.fromkeys(SETTINGS, "settings"),
    **dict.fromkeys(POLICIES, "policy"),
    **dict.fromkeys(OWNERS, "owners"),
    **dict.fromkeys(ATTRIBUTES, "attributes"),
}


DROPPED: Final = (".", " ")  # by Windows, at the end of a name
# Ignored by HFS+ when it compares names (git, utf8.c, next_hfs_char).
_IGNORED: Final = dict.fromkeys(
    (*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF)
)


def folded(path: str) -> str:
    """A path as a disk may compare it: without case, composed, without what some disks drop."""
    if not path.isascii():
        from unicodedata import normalize

        path = normalize("NFC", normalize("NFC", path.translate(_IGNORED)).casefold())
    return "/".join(part.rstrip("".join(DROPPED)) or part for part in path.lower().split("/"))


def is_installed(path: str) -> bool:
    """Whether a path lies in a folder ``node_modules``: a package's files, not the project's."""
    return _MODULES in path and f"/{_MODULES}" in f"/{path}"


_MODULES: Final = "node_modules/"


def kind(path: str) -> Kind:
    """What a path is to us; "" when no rule looks at it."""
    name = path.rpartition("/")[2].lower()
    if not name.isascii() or name[-1:] in DROPPED:
        name = folded(name)
    if name in _KINDS:
        return _KINDS[name]
    if name.startswith("pnpm-lock.") and name.endswith(".yaml"):
        return "lockfile"  # pnpm's branch lockfiles
    if name.endswith(".json") and f"/{name}".endswith(SBOMS):
        return "sbom"
    return "ci" if is_ci(path.lower(), name) else ""


# The files of CI systems, of images, of task runners and of hosting services, and scripts
# (lockward.ci.FAMILIES reads them; docs/ci.md has the table).
_CI_NAMES: Final = frozenset(
    {
        *("action.yml", "action.yaml", ".travis.yml", ".travis.yaml"),
        *("bitbucket-pipelines.yml", "bitbucket-pipelines.yaml", "buildkite.yml", "buildkite.yaml"),
        *(".drone.yml", ".drone.yaml", ".woodpecker.yml", ".woodpecker.yaml"),
        *("appveyor.yml", ".appveyor.yml", "appveyor.yaml", ".appveyor.yaml"),
        *("amplify.yml", "amplify.yaml", ".cirrus.yml", ".cirrus.yaml"),
        *("render.yml", "render.yaml", "vercel.json", "now.json", "netlify.toml"),
        *("devcontainer.json", ".devcontainer.json", "earthfile", "makefile", "gnumakefile"),
        *("justfile", ".justfile"),
    }
)
_CI_SUFFIXES: Final = (
    *(".sh", ".bash", ".mksh", ".ksh", ".zsh", ".ps1", ".cmd", ".bat"),
    *(".dockerfile", ".containerfile", ".jenkinsfile", ".groovy", ".mk", ".just"),
)
_CI_PREFIXES: Final = ("dockerfile", "containerfile", "jenkinsfile", "makefile.")
_CODE: Final = (".py", ".js", ".ts", ".tsx", ".go", ".rs", ".rb", ".java", ".md", ".html", ".snap")
_YAML_PREFIXES: Final = (
    *("azure-pipelines", "buildspec", "cloudbuild", "docker-compose"),
    *("compose.", "compose-", "taskfile"),
)
_YAML_ENDINGS: Final = tuple(
    f"{stem}{ending}" for stem in ("gitlab-ci", "azure-pipelines") for ending in (".yml", ".yaml")
)
# Where every YAML file belongs to the CI system.
_YAML_FOLDERS: Final = (
    *(".github/workflows/", ".gitea/workflows/", ".forgejo/workflows/", ".circleci/"),
    *(".gitlab/", ".gitlab-ci/", "gitlab-ci/", "azure-pipelines/", ".azuredevops/", ".azure/"),
    *(".vsts/", ".buildkite/", ".woodpecker/", ".semaphore/"),
)
# Where files without ending are scripts; their first line decides in the end.
_SCRIPT_FOLDERS: Final = (
    *("script/", "scripts/", "bin/", "ci/", "hack/", "tools/", "build/", ".husky/"),
    *(".github/", ".buildkite/", ".kokoro/", ".circleci/", ".gitlab/", "docker/"),
)


def is_ci(lower: str, name: str) -> bool:
    """Whether a lower-case path, of the given last part, is a CI file that we read."""
    if name in _CI_NAMES:
        return True
    if name.endswith((".yml", ".yaml")):
        return name.startswith(_YAML_PREFIXES + _CI_PREFIXES) or _is_ci_yaml(lower, name)
    if "." not in name:
        folder = lower[: len(lower) - len(name)]
        return name.startswith(_CI_PREFIXES) or folder.endswith(_SCRIPT_FOLDERS)
    if name.endswith((".kts", ".kt", ".xml")):
        return ".teamcity/" in lower
    return (
        name.endswith(_CI_SUFFIXES)
        or (name.startswith(_CI_PREFIXES) and not name.endswith(_CODE))
        or (name.startswith("cloudbuild") and name.endswith(".json"))
    )


def _is_ci_yaml(lower: str, name: str) -> bool:
    return name.endswith(_YAML_ENDINGS) or any(folder in lower for folder in _YAML_FOLDERS)
