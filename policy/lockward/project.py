"""One project in one state of a repository: a folder that is installed as a whole.

Everything is read and computed when it is first asked for, once.
"""

from __future__ import annotations

from lockward import relevant
from lockward.errors import LockfileError, LockwardError, ManifestError, TreeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from lockward.graph import Graph
    from lockward.model import Lockfile, Manifest, Tree
    from lockward.policy import Policy
    from lockward.registries import Registries


class Project:
    """The manifest, workspaces, lockfiles and registry settings of one root.

    ``root`` is the folder, "" for the top of the repository.  ``tree`` may be
    any state; a rule reads files through it.  ``faults`` are the files that
    could not be read, each with its place: the rule lockfile-unreadable reports
    them, and every other rule treats what it cannot see as absent.
    """

    # The public attributes, all lazy:
    #   manifest: Manifest | None          package.json of root
    #   workspaces: Mapping[str, Manifest] folder -> manifest of each workspace member and of each
    #                                      folder that the lockfile links to inside the repository
    #   lockfile: Lockfile | None          the one that the manager in use reads
    #   lockfiles: Mapping[str, Lockfile]  every readable lockfile in root, by path
    #   lockfile_paths: tuple[str, ...]    every lockfile name in root, readable or not
    #   graph: Graph | None                of `lockfile` with the live manifests
    #   registries: Registries             which registry serves which scope
    #   faults: tuple[LockwardError, ...]
