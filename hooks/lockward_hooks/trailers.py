"""The ``Lockfile-Refresh: <reason>`` trailer of a commit message, read as git reads trailers.

git-interpret-trailers(1) would do it too, and would run what the repository's
``trailer.*.command`` says.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward_hooks.git import Git
    from lockward_hooks.objects import Objects

KEY: Final = "lockfile-refresh"
SCISSORS: Final = "------------------------ >8 ------------------------"
# What core.commentChar = auto chooses from (git, builtin/commit.c, adjust_comment_line_char).
_AUTOMATIC: Final = "#;@!$%^&|:"
MOST_COMMITS: Final = 1000  # messages that are read for one range


def reason(message: str) -> str:
    """The reason that a message's last paragraph gives; "" when it gives none."""
    paragraphs = [part for part in message.replace("\r\n", "\n").strip("\n").split("\n\n") if part]
    if len(paragraphs) < 2:  # noqa: PLR2004 - a subject alone has no trailers
        return ""
    for line in paragraphs[-1].split("\n"):
        key, found, value = line.partition(":")
        if found and key.strip().lower() == KEY and value.strip():
            return value.strip()
    return ""


def cleaned(message: str, comment: str) -> str:
    """A message file as ``git commit`` will record it: no comments, nothing below the scissors.

    ``comment`` is core.commentChar (or commentString): "#", "auto", or any text.
    """
    starts = tuple(_AUTOMATIC) if comment == "auto" else (comment or "#",)
    lines: list[str] = []
    for line in message.replace("\r\n", "\n").split("\n"):
        if line.startswith(starts):
            if line.endswith(SCISSORS):
                break
            continue
        lines.append(line.rstrip())
    return "\n".join(lines)


def any_reason(git: Git, objects: Objects, start: str, end: str) -> bool:
    """Whether a commit after ``start`` up to ``end`` gives a reason for a refresh."""
    listed = git.output("rev-list", f"--max-count={MOST_COMMITS}", end, f"^{start}", "--")
    return any(reason(message_of(objects.read(oid, "commit"))) for oid in listed.decode().split())


def message_of(commit: bytes) -> str:
    """The message of a commit object."""
    return commit.partition(b"\n\n")[2].decode("utf-8", "backslashreplace")
