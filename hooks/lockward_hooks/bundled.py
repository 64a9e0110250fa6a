"""The one-file bundle as a hook: its name, or its folder's, says which command it is."""

from __future__ import annotations

import os

from lockward_hooks import shims

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def words(argv: Sequence[str]) -> list[str]:
    """The command line for ``argv`` (the program's path first).

    ``hooks/pre-receive`` and ``pre-receive.d/10-lockward`` are pre-receive, a
    VREF is vref; under any other name the words tell.
    """
    name = os.path.basename(argv[0])
    folder = os.path.basename(os.path.dirname(os.path.abspath(argv[0])))
    for hook in (name, folder.removesuffix(".d") if folder.endswith(".d") else ""):
        if hook in shims.HOOKS:
            return [shims.HOOKS[hook][0], *argv[1:]]
    return ["vref", *argv[1:]] if folder == "VREF" else list(argv[1:])
