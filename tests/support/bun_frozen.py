"""What `bun install --frozen-lockfile` says of every edit: asked of bun, and recorded.

python -m tests.support.bun_frozen        renews tests/data/bun/frozen.json
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lockward import jsonread
from lockward.errors import LockfileError
from lockward.jsonc import without_trailing_commas
from tests.support import bun, bun_edits
from tests.support.bun_cli import VERSION, Bun
from tests.support.bun_worlds import PACKAGES, WORLDS
from tests.support.npm import HOME
from tests.support.registry import Registry

if TYPE_CHECKING:
    from tests.support.bun_edits import Files
    from tests.support.bun_worlds import World

RECORDED: Final = Path(__file__).parents[1] / "data" / "bun" / "frozen.json"


def locked(itself: Bun, world: World) -> Files:
    """A world with the bun.lock that bun writes for it."""
    ran = itself.install(world)
    assert ran.code == 0, ran.output
    data = without_trailing_commas(ran.text("bun.lock").encode())
    document = jsonread.read("bun.lock", data, LockfileError)
    assert isinstance(document, dict)
    return {**world, "bun.lock": document}


def texts(files: Files) -> dict[str, str | bytes]:
    """The files as they are written."""
    return {
        path: bun.write(document) if path == bun_edits.LOCK else json.dumps(document)
        for path, document in files.items()
    }


def installs(itself: Bun, files: Files) -> bool:
    """Whether bun installs from the lockfile of a project."""
    return itself.install(texts(files), "--frozen-lockfile").code == 0


def renew() -> None:
    """Ask bun about every edit of every world."""
    answers: dict[str, Any] = {"bun": VERSION, "worlds": {}}
    with tempfile.TemporaryDirectory() as home, Registry(PACKAGES) as registry:
        itself = Bun(Path(home), registry)
        for name, world in WORLDS.items():
            files = locked(itself, world)
            said = {
                edit: installs(itself, bun_edits.apply(files, change))
                for edit, change in bun_edits.edits(files)
            }
            document = json.dumps(files["bun.lock"]).replace(registry.url, f"{HOME}/")
            answers["worlds"][name] = {
                "lockfile": json.loads(document),
                "installs": [edit for edit, answer in said.items() if answer],
                "refuses": [edit for edit, answer in said.items() if not answer],
            }
            print(name, len(said), "edits,", sum(said.values()), "install")  # noqa: T201 - a program
    RECORDED.write_text(json.dumps(answers, indent=1) + "\n")  # small: names and three lockfiles


if __name__ == "__main__":
    renew()
