"""What can go wrong in a way that the user can mend; each names its place."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final


class LockwardError(Exception):
    """A fault in what we were given.  ``str()`` is ``path:line: message``."""

    def __init__(self, message: str, *, path: str = "", line: int = 0, pointer: str = "") -> None:
        super().__init__(message)
        self.message: Final = message
        self.path: Final = path
        self.line: Final = line
        self.pointer: Final = pointer

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}" if place else self.message


class LockfileError(LockwardError):
    """A lockfile that cannot be read as its own tool would read it."""


class BoundError(LockfileError):
    """More work, or more of something, than a bound of ours allows (bounds.py).

    What lies beyond was not examined.  Without a ``path`` it is of the lockfile that
    is being judged.
    """


class ManifestError(LockwardError):
    """A package.json (or another manifest) that cannot be read."""


class SettingsError(LockwardError):
    """An .npmrc or another manager's settings file that cannot be read."""


class PolicyError(LockwardError):
    """A policy that is not valid; nothing is judged with it.

    ``word`` is the text at fault as the file has it (for a caret), ``hint``
    what was probably meant.  ``str()`` is ``path:line: message; hint``.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str = "",
        line: int = 0,
        pointer: str = "",
        word: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message, path=path, line=line, pointer=pointer)
        self.word: Final = word
        self.hint: Final = hint

    def __str__(self) -> str:
        return f"{super().__str__()}; {self.hint}" if self.hint else super().__str__()


class TreeError(LockwardError):
    """A file of a tree that cannot be had: git failed, or the object is broken."""


class TooLargeError(TreeError):
    """A file longer than the limit that the caller set."""


class NotAFileError(TreeError):
    """A symbolic link or a submodule where a file was expected."""
