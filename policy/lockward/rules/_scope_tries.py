"""Where somebody tried to pin a scope: lines that the manager in use does not apply.

Each file is read once for all scopes of a project: there may be thousands of both.
"""

from __future__ import annotations

from lockward.errors import LockwardError
from lockward.paths import join, name_of
from lockward.registries import REGISTRY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.project import Project

_YARNRC_YML: Final = ".yarnrc.yml"
_SCOPES: Final = "npmscopes"  # Berry's npmScopes, in lower case


class Tries:
    """What stands in a project's settings where it has no effect."""

    __slots__ = ("_known", "_project")

    def __init__(self, project: Project) -> None:
        self._project: Final = project
        self._known: dict[str, str] | None = None

    def of(self, scope: str) -> str:
        """The words for a scope; "" when nobody tried."""
        if self._known is None:
            berry = name_of(self._project.registries.path) == _YARNRC_YML
            found = _of_berry(self._project) if berry else _of_npm(self._project)
            self._known = {}
            for key, words in found:
                self._known.setdefault(key, words)
        return self._known.get(scope) or self._known.get(scope.lower(), "")


def _of_npm(project: Project) -> Iterator[tuple[str, str]]:
    """By scope: the settings in lower case, then the .npmrc of workspaces."""
    for setting in project.registries.settings:
        key = setting.key.lower()
        if key.endswith(REGISTRY):
            told = f"writes {setting.key}"
            if setting.inert:
                told = "is below a section, npm ignores it"
            yield key.removesuffix(REGISTRY), f"line {setting.line} of .npmrc {told}"
    for folder in project.workspaces:
        path = join(join(project.root, folder), ".npmrc")
        for scope in _named(project, path):
            yield scope, f"npm ignores {path}: it belongs to a workspace"


def _of_berry(project: Project) -> Iterator[tuple[str, str]]:
    """Berry writes a scope without its @, and reads no .npmrc."""
    for setting in project.registries.settings:
        keys = setting.raw_key.lower().split("\0")
        if keys[0] == _SCOPES and len(keys) > 2 and keys[1].startswith("@"):  # noqa: PLR2004 - see above
            scope = setting.raw_key.split("\0")[1]
            yield (
                keys[1],
                f"line {setting.line} of .yarnrc.yml writes {scope}, Yarn wants {scope[1:]}",
            )
    path = join(project.root, ".npmrc")
    for scope in _named(project, path):
        yield scope, f"Yarn does not read {path}"


def _named(project: Project, path: str) -> list[str]:
    """The scopes that a .npmrc names, of whatever meaning its lines have."""
    try:
        data = project.tree.read(path, project.policy.max_bytes) or b""
    except LockwardError:
        return []
    beginnings = data.decode("utf-8", "replace").split(REGISTRY)[:-1]
    return [one[one.rfind("@") :] for one in beginnings if "@" in one]
