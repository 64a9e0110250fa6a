"""Which folders a manifest's ``workspaces`` globs declare, as @npmcli/map-workspaces decides."""

from __future__ import annotations

from lockward import globs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

    from lockward.model import Manifest

_MANIFEST: Final = "/package.json"
_IGNORED: Final = "node_modules"


def workspace_folders(manifest: Manifest, paths: Iterable[str]) -> tuple[str, ...]:
    """The workspaces' folders, relative to the manifest's own and sorted.

    ``paths`` are files, relative to that folder too: a workspace is a folder
    with a package.json.
    """
    folders = [path.removesuffix(_MANIFEST) for path in paths if path.endswith(_MANIFEST)]
    return select(manifest.workspaces, folders)


def patterns(declared: object) -> tuple[str, ...]:
    """The globs in a ``workspaces`` value: those strings in the list or in its ``packages``."""
    if isinstance(declared, dict):
        declared = declared.get("packages")
    if not isinstance(declared, list):
        return ()
    return tuple(pattern for pattern in declared if isinstance(pattern, str))


def select(declared: Iterable[str], folders: Iterable[str]) -> tuple[str, ...]:
    """Those folders that the globs declare, sorted."""
    wanted, unwanted = _split(declared)
    exact = {pattern for pattern in wanted if globs.WILD.isdisjoint(pattern)}
    wild = [pattern for pattern in wanted if pattern not in exact]
    return tuple(
        sorted(
            folder
            for folder in set(folders)
            if _IGNORED not in folder.split("/")
            and (folder in exact or any(globs.match_path(glob, folder) for glob in wild))
            and not any(globs.match_path(glob, folder, dot=True) for glob in unwanted)
        )
    )


def _split(declared: Iterable[str]) -> tuple[list[str], list[str]]:
    """The globs, and the negated ones that still hold.

    A later glob takes back the negations that would exclude the glob itself;
    a negation takes back the earlier globs that it matches.
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for pattern in declared:
        bare = pattern.lstrip("!")
        plain = _plain(bare)
        if (len(pattern) - len(bare)) % 2:
            unwanted.append(plain)
        else:
            unwanted = [glob for glob in unwanted if not globs.match_path(glob, plain)]
            wanted.append(plain)
    kept = [
        glob for glob in wanted if not any(globs.match_path(negated, glob) for negated in unwanted)
    ]
    return kept, unwanted


def _plain(pattern: str) -> str:
    """``./a//b/`` as ``a/b``."""
    parts = pattern.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", "."))
