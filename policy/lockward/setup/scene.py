"""What a plan is made from, and what it comes to."""

from __future__ import annotations

from lockward.errors import LockwardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Literal

    from lockward.project import Project
    from lockward.repository import Repository

    Ci = Literal["github", "gitlab", "none"]

LARGEST: Final = 4 << 20  # bytes of a file that a plan extends


class Planned:
    """A file to write: what it holds now (None = it is not there) and what it will."""

    __slots__ = ("after", "before", "path", "why")

    def __init__(self, path: str, before: bytes | None, after: bytes, why: str) -> None:
        self.path: Final = path
        self.before: Final = before
        self.after: Final = after
        self.why: Final = why


class Advice:
    """Something that only a person can do, in a sentence; commands to paste."""

    __slots__ = ("commands", "text")

    def __init__(self, text: str, *commands: str) -> None:
        self.text: Final = text
        self.commands: Final = commands


class Scene:
    """A repository, and what the caller wants of its setup.

    ``version`` of Lockward is written where it is installed from ("" = any);
    ``owner`` reviews lockfiles ("" = nobody named); ``ci`` says whose workflow to
    write.
    """

    __slots__ = ("ci", "owner", "projects", "repository", "version")

    def __init__(
        self, repository: Repository, *, ci: Ci, owner: str = "", version: str = ""
    ) -> None:
        self.repository: Final = repository
        self.projects: Final[tuple[Project, ...]] = tuple(repository.projects())
        self.ci: Final[Ci] = ci
        self.owner: Final = owner
        self.version: Final = version

    @property
    def package(self) -> str:
        """What pip installs: ``lockward==0.1.0``."""
        return f"lockward=={self.version}" if self.version else "lockward"

    @property
    def locked(self) -> tuple[Project, ...]:
        """The projects with a lockfile."""
        return tuple(project for project in self.projects if project.lockfile is not None)

    def text(self, path: str) -> str | None:
        """A file as text; None when it is not there; UnsafeError when it is not for us to write."""
        try:
            data = self.repository.tree.read(path, LARGEST)
            return None if data is None else data.decode()
        except UnicodeDecodeError:
            raise UnsafeError("is not UTF-8", path=path) from None
        except LockwardError as error:
            raise UnsafeError(error.message, path=path) from None


class UnsafeError(LockwardError):
    """A file that a plan must not touch."""


def in_the_way(path: str, error: UnsafeError) -> Advice:
    """What to say of a file that is left alone."""
    return Advice(f"{path} {error.message}; it was left alone")


def newline(text: str) -> str:
    """How a file ends its lines."""
    return "\r\n" if "\r\n" in text else "\n"


def appended(text: str, lines: list[str]) -> str:
    """A file with lines behind its last one."""
    end = newline(text)
    if text and not text.endswith("\n"):
        text += end
    return text + "".join(f"{line}{end}" for line in lines)
