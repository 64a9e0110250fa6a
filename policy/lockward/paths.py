"""Paths inside a repository: ``/``-separated, relative to its top, "" the top itself."""

from __future__ import annotations


def folder_of(path: str) -> str:
    """The folder that holds a path; "" for a file at the top."""
    return path.rpartition("/")[0]


def name_of(path: str) -> str:
    """The last part of a path."""
    return path.rpartition("/")[2]


def join(folder: str, name: str) -> str:
    """A name inside a folder, not normalised."""
    return f"{folder}/{name}" if folder else name


def resolve(folder: str, relative: str) -> str | None:
    """Where a relative path leads from a folder; None when it leaves the repository.

    ``resolve("app", "../lib") == "lib"``; an absolute path leaves the repository.
    """
    if relative.startswith("/"):
        return None
    parts = folder.split("/") if folder else []
    for part in relative.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            return None
    return "/".join(parts)


def relative_to(root: str, folder: str) -> str:
    """A folder seen from a project's root, with ``..`` where it lies outside.

    ``relative_to("app", "lib") == "../lib"``; both are inside the repository.
    """
    start = root.split("/") if root else []
    goal = folder.split("/") if folder else []
    shared = 0
    while shared < len(start) and shared < len(goal) and start[shared] == goal[shared]:
        shared += 1
    return "/".join([".."] * (len(start) - shared) + goal[shared:])


def ancestors(folder: str) -> list[str]:
    """A folder and all that hold it, nearest first, ending with ""."""
    found = [folder]
    while folder:
        folder = folder_of(folder)
        found.append(folder)
    return found
