"""Folders and tarballs on disk: ``file:../a``, ``./a.tgz``, ``~/a``, ``/a``.

Source: npm-package-arg 13, ``fromFile``, on a POSIX system.  It reads a path
as a ``file:`` URL, which decides what ``..``, slashes and drive letters do.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_TARBALLS: Final = (".tgz", ".tar.gz", ".tar")
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
# npm encodes these before it makes a URL of a path; other controls at its end, the URL drops.
_ENCODED: Final = frozenset("\0\t\n\r ")
_DROPPED: Final = "".join(chr(code) for code in range(0x20) if chr(code) not in _ENCODED)
_MOST_SLASHES: Final = 3  # npm takes file:/../a, file://../a and file:///../a for file:../a


def is_tarball(text: str) -> bool:
    """Whether a path or URL ends as a tarball's does."""
    return text.lower().endswith(_TARBALLS)


def is_path(text: str) -> bool:
    """Whether a spec is a path before anything else: ``file:``, ``.``, ``~/``, ``/``, ``c:``."""
    return (
        text.startswith((".", "/", "~/"))
        or (text[1:2] == ":" and text[0] in _LETTERS)
        or text[:5].lower() == "file:"
    )


def normalise(text: str) -> str:
    """The path that a spec names, without ``.``, double slashes, or ``..`` that lead nowhere.

    Relative to its manifest's folder ("" is that folder itself, ``..`` stands
    only at the start), absolute, or ``~`` and what is below the user's home;
    ``./~`` is the relative folder of that name.
    """
    rest = _rest(text.removeprefix("file:")).rstrip(_DROPPED)
    rest = rest.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    absolute = rest.startswith("/")
    segments = rest.removeprefix("/").split("/")
    kept = _from_root(segments)
    if kept[0] == "~":  # seen from a root, so "a/../~/b" too
        absolute = len(kept) > len(("~", "")) and not kept[1]  # "~//b" is "/b" to npm
        return "/".join(filter(None, kept)) if not absolute else _join(kept[1:])
    if absolute or _is_drive(segments[0]):
        return _join(kept)
    path = "/".join(filter(None, _from_folder(segments)))
    return "./" + path if path == "~" or path.startswith("~/") else path


def _join(segments: list[str]) -> str:
    return "/" + "/".join(filter(None, segments))


def _rest(path: str) -> str:
    """What stands after ``file:``, its leading slashes put right.

    npm never reads a host there: ``file://a`` is ``/a``, ``file:////a`` is ``//a``.
    """
    slashes = len(path) - len(path.lstrip("/"))
    if 0 < slashes <= _MOST_SLASHES and path[slashes:].partition("/")[0] in (".", ".."):
        return path[slashes:]
    return path[min(slashes, _MOST_SLASHES) - 1 :] if slashes else path


def _is_drive(segment: str) -> bool:
    return len(segment) == len("c:") and segment[1] == ":" and segment[0] in _LETTERS


def _from_root(segments: list[str]) -> list[str]:
    """The segments without ``.`` and ``..``; at the root, and at a drive, ``..`` leads nowhere."""
    kept: list[str] = []
    for name in segments:
        if name == "..":
            if not (len(kept) == 1 and _is_drive(kept[0][:2])):  # node looks no further
                del kept[-1:]
        elif name != ".":
            kept.append(name)
    if segments[-1] in (".", ".."):
        kept.append("")
    return kept


def _from_folder(segments: list[str]) -> list[str]:
    """The segments without ``.``, and with ``..`` at their start only."""
    kept: list[str] = []
    for name in segments:
        if name != "..":
            kept += [name] if name != "." else []
        elif kept and kept[-1] != "..":
            kept.pop()
        else:
            kept.append("..")
    return kept
