"""Whether two specifiers mean the same dependency to pnpm (gitSpecifiersAreEquivalent.ts)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_SHORTCUTS: Final = {
    "github:": "github.com",
    "gitlab:": "gitlab.com",
    "bitbucket:": "bitbucket.org",
}
_HOSTS: Final = frozenset(_SHORTCUTS.values())
_SCHEMES: Final = ("git", "git+https", "https")


_FIRST: Final = 11  # major of the first pnpm that knows two spellings of one repository


def equal(one: str, other: str, major: int | None) -> bool:
    """The same text, or for pnpm of that version two ways to write one git repository and ref."""
    if one == other:
        return True
    if major is not None and major < _FIRST:
        return False
    known = _repository(one)
    return known is not None and known == _repository(other)


def _repository(spec: str) -> tuple[str, str, str] | None:
    """Host, path and ref of a git repository; None for whatever pnpm would not compare so."""
    place, _, ref = spec.partition("#")
    if "#" in ref or any(character.isspace() for character in place):
        return None
    for shortcut, host in _SHORTCUTS.items():
        if place.startswith(shortcut):
            return _sound(host, place[len(shortcut) :], ref)
    scheme, separator, location = place.partition("://")
    if separator:
        return _of_url(scheme.lower(), location, ref)
    if place.startswith(".") or ":" in place or place.count("/") != 1:
        return None
    return _sound("github.com", place, ref)


def _of_url(scheme: str, location: str, ref: str) -> tuple[str, str, str] | None:
    host, slash, path = location.partition("/")
    host = host.lower()
    if scheme not in _SCHEMES or not slash or not host or "@" in host or "?" in host:
        return None
    if scheme == "https" and host not in _HOSTS and not path.endswith(".git"):
        return None
    return _sound(host, path, ref)


def _sound(host: str, path: str, ref: str) -> tuple[str, str, str] | None:
    bare = path.removesuffix(".git")
    if not all(path.split("/")) or not bare or bare.endswith("/") or "@" in path or "?" in path:
        return None
    return host, bare, ref
