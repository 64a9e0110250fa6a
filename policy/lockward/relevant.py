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

    Kind = Literal["lockfile", "manifest", "settings", "ci", "policy", "sbom", "owners", ""]

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
MANIFESTS: Final = frozenset({"package.json", "pnpm-workspace.yaml"})
SETTINGS: Final = frozenset({".npmrc", ".yarnrc", ".yarnrc.yml", "bunfig.toml"})
POLICIES: Final = frozenset({".lockward.toml", "pyproject.toml"})
OWNERS: Final = frozenset({"codeowners"})
NAMES: Final = LOCKFILES | MANIFESTS | SETTINGS | POLICIES | OWNERS
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
}


def kind(path: str) -> Kind:
    """What a path is to us; "" when no rule looks at it."""
    name = path.rpartition("/")[2].lower()
    if name in _KINDS:
        return _KINDS[name]
    if name.startswith("pnpm-lock.") and name.endswith(".yaml"):
        return "lockfile"  # pnpm's branch lockfiles
    if name.endswith(".json") and f"/{name}".endswith(SBOMS):
        return "sbom"
    return "ci" if is_ci(path.lower(), name) else ""


_CI_SUFFIXES: Final = (
    *(".sh", ".bash", ".mksh", ".ksh", ".zsh", ".ps1", ".cmd", ".bat"),
    *(".dockerfile", ".containerfile"),
)
_CI_PREFIXES: Final = ("dockerfile", "containerfile")
_ACTION_FILES: Final = ("action.yml", "action.yaml")
_WORKFLOW_FOLDERS: Final = (".github/workflows/", ".gitea/workflows/", ".forgejo/workflows/")
# Where files without ending are scripts; their first line decides in the end.
_SCRIPT_FOLDERS: Final = (
    *("script/", "scripts/", "bin/", "ci/", "hack/", "tools/", "build/", ".husky/"),
    *(".github/", ".buildkite/", ".kokoro/", ".circleci/", ".gitlab/", "docker/"),
)


def is_ci(lower: str, name: str) -> bool:
    """Whether a lower-case path, of the given last part, is a CI file that we read."""
    if name.endswith((".yml", ".yaml")):
        return name in _ACTION_FILES or any(folder in lower for folder in _WORKFLOW_FOLDERS)
    if "." not in name:
        folder = lower[: len(lower) - len(name)]
        return name.startswith(_CI_PREFIXES) or folder.endswith(_SCRIPT_FOLDERS)
    return name.endswith(_CI_SUFFIXES) or name.startswith(_CI_PREFIXES)
