"""Random edits of npm projects, of the kinds that people, tools and attackers make.

A project is its files, path to parsed JSON; ``mutate`` edits a copy and tells
what it did, or None where the chosen edit does not apply.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from tests.support import npm_lock_edits, npm_manifest_edits
from tests.support.npm_edits import MUTATIONS

if TYPE_CHECKING:
    from random import Random

    from tests.support.npm_edits import Files

__all__ = ["mutate", "npm_lock_edits", "npm_manifest_edits"]  # imported for their registering


def mutate(random: Random, files: Files) -> tuple[Files, str] | None:
    """One random edit of a copy of the files, and what it was."""
    edited = copy.deepcopy(files)
    mutation = random.choice(MUTATIONS)
    done = mutation(random, edited)
    return None if done is None else (edited, f"{mutation.__name__}: {done}")
