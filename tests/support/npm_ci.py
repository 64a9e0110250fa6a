"""npm itself, asked what `npm ci` decides: many projects, one process (npm_ci.cjs)."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROGRAM: Final = Path(__file__).with_suffix(".cjs")
_PATIENCE: Final = 30  # seconds for the process to end by itself

Packument = dict[str, Any]
Files = dict[str, str]


@cache
def npm_folder() -> Path:
    """Where the installed npm lies."""
    run = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=True)
    return Path(run.stdout.strip()) / "npm"


class Verdict:
    """What `npm ci` decides: whether it installs, and if not, what it says.

    ``edges`` are the faulty edges of the locked tree (``from|kind|name@spec|error``),
    to explain a difference; npm does not look at all of them.
    """

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.in_sync: Final = bool(answer["inSync"])
        self.code: Final = str(answer["code"])
        self.messages: Final = tuple(answer["messages"])
        self.edges: Final = tuple(answer["edges"])

    def __str__(self) -> str:
        return f"in sync: {self.in_sync} {self.code} {self.messages} {self.edges}"


class NpmCi:
    """A process that decides as `npm ci` does; leave the block to end it."""

    def __init__(self) -> None:
        self._process: Final = subprocess.Popen(
            ["node", str(_PROGRAM), str(npm_folder()), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _ask(self, **request: object) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def serve(self, universe: str, packuments: Mapping[str, Packument]) -> None:
        """Have the registry called ``universe`` serve these packages, and no others."""
        self._ask(universe=universe, packuments=packuments)

    def decide(self, universe: str, files: Files, **options: object) -> Verdict:
        """What `npm ci` says to a project of these files, against that registry."""
        return Verdict(self._ask(decide=universe, files=files, options=options))

    def lock(self, universe: str, files: Files, **options: object) -> str | None:
        """The package-lock.json that npm writes for a project; None when it cannot."""
        text: str | None = self._ask(lock=universe, files=files, options=options)["lockfile"]
        return text
