"""pnpm: packages that are known to have commands.

An entry says ``hasBin`` where its tarball has commands, so that pnpm looks for them there;
what they are only the tarball says.  pnpm 8, and who asks a mirror, lose the flag and write
it again (umijs/umi 744093f69f, a622e183a1; resend/react-email 9d4571e3e6), which tells
nothing of a package that has commands.  ``commands.txt`` names those, one a line: it is made
by ``python -m tools.commands`` from lockfiles that say so.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.model import Package

HEADING: Final = (
    "# Packages that have commands. Made by `python -m tools.commands`;",
    "# policy/lockward/lockdiff/commands.py says what for.",
)
_TEXT: Final[list[str]] = []  # the table's text, once it is asked for


def are_known(package: Package) -> bool:
    """Whether a package of a registry is known to have commands."""
    if package.source != "registry":
        return False
    if not _TEXT:
        from pkgutil import get_data

        _TEXT.append((get_data(__package__ or "", "commands.txt") or b"").decode("utf-8"))
    return f"\n{package.name}\n" in _TEXT[0]
