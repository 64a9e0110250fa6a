"""Yarn 1: ``resolutions`` in the root's package.json, with globs for the dependants.

Reference: yarn, src/resolution-map.js and src/util/parse-package-path.js.
"""

from __future__ import annotations

from lockward.directives import Directives
from lockward.lockfiles.yarn_classic import names_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from lockward.model import Manifest
    from lockward.project import Project


def read(project: Project) -> Directives:
    """The resolutions of the root; Yarn reads none elsewhere."""
    manifest = project.manifest
    if manifest is None:
        return Directives()
    return Directives(overrides=dict(resolutions(manifest)))


def resolutions(manifest: Manifest) -> Iterator[tuple[tuple[str, ...], str]]:
    """``a/**/b`` as ("a", "b"), with its range: wildcards for a whole folder drop out."""
    listed = manifest.raw.get("resolutions")
    for key, spec in listed.items() if isinstance(listed, dict) else ():
        if isinstance(spec, str):
            path = tuple(name for name in names_in(key) if name.strip("*"))
            if path:
                yield path, spec
