"""Whether a git checkout is the one that a requirement names."""

from __future__ import annotations

from lockward import spec
from lockward.lockdiff.places import repository
from lockward.lockfiles import archives

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.spec import Spec


def is_checkout(wanted: Spec, resolved: str) -> bool:
    """Whether an address is of the repository, and of the very commit, that a requirement names.

    A branch or a tag may be any commit; scheme, user and ``.git`` are written in many ways,
    the host and the path are not.
    """
    found = spec.parse("", archives.as_git(resolved) or archives.checkout(resolved) or resolved)
    if _repository(wanted) != _repository(found):
        return False
    one, two = _commit(wanted), _commit(found)
    return one == two or not (one and two)


def is_archived(wanted: Spec, resolved: str) -> bool:
    """Whether a requirement is the address of a git host's archive of the commit of a checkout.

    Yarn 1 and pnpm lock both as the archive (fecha of home-assistant/frontend b0d32b5674).
    """
    checkout = archives.as_git(wanted.fetch)
    return checkout is not None and checkout == resolved


def _repository(one: Spec) -> str:
    """Which repository a spec means: host and path."""
    return repository(one.hosted or one.raw).replace(":", "/").lower()


def _commit(one: Spec) -> str:
    """The whole commit that a spec names; "" when it names none."""
    text = (one.committish or "").removeprefix("commit=")
    return text if len(text) in _COMMITS and _HEX.issuperset(text) else ""


_COMMITS: Final = (40, 64)  # sha1, sha256
_HEX: Final = frozenset("0123456789abcdef")
