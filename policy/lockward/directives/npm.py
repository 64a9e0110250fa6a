"""npm: ``overrides`` in the root's package.json, nested."""

from __future__ import annotations

from lockward.directives import Directives

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from lockward.project import Project


def read(project: Project) -> Directives:
    """The overrides of the root; npm reads none elsewhere."""
    manifest = project.manifest
    return Directives() if manifest is None else Directives(overrides=flat(manifest.overrides))


def flat(rules: Mapping[str, object]) -> dict[tuple[str, ...], str]:
    """Nested overrides laid flat; ``.`` stands for its parent."""
    found: dict[tuple[str, ...], str] = {}
    waiting: list[tuple[tuple[str, ...], object]] = [((), rules)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, dict):
            waiting.extend(((*path, key) if key != "." else path, node[key]) for key in node)
        elif path:
            found[path] = node if isinstance(node, str) else repr(node)
    return found
