"""Files that somebody names on the command line, outside of what git holds."""

from __future__ import annotations

from lockward.errors import TooLargeError, TreeError


def content(path: str, largest: int) -> bytes:
    """A whole file; TreeError when it cannot be read, TooLargeError beyond ``largest`` bytes."""
    data = beginning(path, largest + 1)
    if len(data) > largest:
        raise TooLargeError(f"is longer than {largest} bytes", path=path)
    return data


def beginning(path: str, size: int) -> bytes:
    """The first ``size`` bytes of a file; TreeError when it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read(size)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TreeError(f"cannot be read: {reason}", path=path) from None
