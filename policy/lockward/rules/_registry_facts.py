"""What is wrong with a registry that settings name, whichever file names it."""

from __future__ import annotations

from lockward.registries import hosts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection


def fact(url: str, declared: Collection[str], *, from_environment: bool) -> str:
    """Why a registry cannot be relied on; "" when it can.

    ``declared`` are the hosts that the policy names, lower-case; none: any host will do.
    """
    if from_environment:
        return "the environment decides which registry this is"
    parts = hosts.split(url)
    if parts is None:
        return "is no URL that every reader reads alike"
    if parts.scheme != "https":
        return "packages and tokens travel without encryption"
    if declared and parts.host not in declared and not hosts.is_public(parts.host):
        return f"the policy does not name {parts.place}"
    return ""
