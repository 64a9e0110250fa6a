"""The install that Travis runs when a build of Node has no ``install`` phase."""

from __future__ import annotations

from lockward.ci.managers.verdict import FROZEN, Facts, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final

    from lockward.ci.command import Environment

_REMEDY: Final = ("install: npm ci",)


def judge(argv: Sequence[str], environment: Environment, facts: Facts) -> Verdict:
    """What the implied install does to the lockfile; ``--no-ci``: npm there has no ``npm ci``."""
    del environment
    if "yarn" in facts.locked or not facts.known:
        return FROZEN
    if "npm" not in facts.locked:
        message = "Travis runs `npm install` by itself here: no lockfile that it knows is tracked"
        return Verdict("unfrozen", "implied", message, _REMEDY)
    if "--no-ci" in argv:
        message = "Travis runs `npm install` by itself here: this Node has no `npm ci`"
        return Verdict("unfrozen", "implied", message, ("node_js: lts/*",))
    return FROZEN


def directory(argv: Sequence[str]) -> str:
    """Travis installs at the top."""
    del argv
    return ""
