"""Which texts npm takes for a package name, and which it writes into a URL unescaped.

Source: validate-npm-package-name 7, ``validForOldPackages``.
"""

from __future__ import annotations

from lockward.bounds import MOST_CACHED, cached

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()")
_RESERVED: Final = frozenset(("node_modules", "favicon.ico"))
_LONGEST_CACHED: Final = 256
_VALID: dict[str, bool] = cached({})


def is_url_friendly(text: str) -> bool:
    """Whether JavaScript's encodeURIComponent leaves the text as it is."""
    return _PLAIN.issuperset(text)


def is_valid(name: str) -> bool:
    """Whether npm accepts the name of a package, new or old."""
    try:
        return _VALID[name]
    except KeyError:
        if len(_VALID) >= MOST_CACHED:
            _VALID.clear()
    valid = _is_valid(name)
    if len(name) <= _LONGEST_CACHED:
        _VALID[name] = valid
    return valid


def _is_valid(name: str) -> bool:
    if not name or name[0] in ".-_" or name.lower() in _RESERVED:
        return False
    if is_url_friendly(name):
        return True
    scope, slash, package = name[1:].partition("/")
    return (
        name[0] == "@"
        and bool(slash)
        and bool(scope)
        and bool(package)
        and package[0] != "."
        and is_url_friendly(scope)
        and is_url_friendly(package)
    )
