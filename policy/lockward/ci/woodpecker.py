"""Woodpecker: as Drone, from which it comes; CI is its own name there."""

from __future__ import annotations

from lockward.ci.command import Environment
from lockward.ci.drone import walk
from lockward.ci.yamlsteps import read_documents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.reading import Reading

_RUNNER: Final = Environment({"CI": "woodpecker"})


def read(reading: Reading) -> None:
    """Give every command of a workflow to the reading."""
    read_documents(reading, _RUNNER, lambda document: walk(document, reading, _RUNNER))
