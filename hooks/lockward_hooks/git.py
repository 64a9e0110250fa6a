"""One repository, and how git is run in it: defensively, by object id, in bytes.

Only plumbing that executes nothing is run (``ls-files``, ``ls-tree``,
``diff-index``, ``diff-tree``, ``rev-list``, ``cat-file``, ``merge-base``,
``rev-parse``, ``for-each-ref``), with an environment built from an allow-list:
replace refs, grafts, lazy fetches, hooks, fsmonitor, system and user settings
are off, so neither a hostile repository nor a stray variable decides what we
see.  What receive-pack sets for its quarantine is kept.  gitglossary(7),
git(1) "Environment Variables", git-receive-pack(1) "Quarantine Environment".
"""

from __future__ import annotations

import os

from lockward.errors import TreeError
from lockward_hooks import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Final

# What a child keeps of our environment; everything else is dropped.
KEPT: Final = (
    "PATH",
    "HOME",
    "TMPDIR",
    "SYSTEMROOT",
    "LD_LIBRARY_PATH",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
    "GIT_NAMESPACE",
    "GIT_EXEC_PATH",
)
FIXED: Final = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",  # beats protocol.*.allow of the repository; none is allowed
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_GRAFT_FILE": "/nonexistent/lockward",  # /dev/null would print git's deprecation hint
    "LC_ALL": "C",
}
# Settings of the system and of the user can only mislead plumbing.  They are
# read where an administrator's own settings are asked for: Git.settings.
UNCONFIGURED: Final = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
OPTIONS: Final = (
    "--no-pager",
    "--no-replace-objects",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
)
# Submodules count too: a gitlink in a lockfile's place must not be configured away.
RAW: Final = ("--raw", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules=none")
# `git add --intent-to-add` only announces a file: a commit leaves it out.
INVISIBLE: Final = "--ita-invisible-in-index"
EMPTY_TREES: Final = (
    "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
)
_HEX: Final = "0123456789abcdef"


class GitError(TreeError):
    """Git could not be run, or failed: nothing can be decided from what it said."""


def is_oid(text: str) -> bool:
    """Whether a text is a full object id, SHA-1 or SHA-256."""
    return len(text) in (40, 64) and not text.strip(_HEX)


def is_zero(oid: str) -> bool:
    """Whether an id is the null id of either format: a ref that is not there."""
    return not oid.strip("0")


def decoded(path: bytes) -> str:
    """A path as model.Tree wants it: UTF-8, other bytes as lone surrogates."""
    return path.decode("utf-8", "surrogateescape")


def executable(search: str) -> str:
    """The absolute path of git on PATH; relative entries never count (they are the checkout)."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in search.split(os.pathsep):
        if os.path.isabs(folder):
            candidate = f"{folder}/{name}"
            if os.access(candidate, os.X_OK) and os.path.isfile(candidate):
                return candidate
    raise GitError("git is not on PATH")


def directory(start: str, environ: Mapping[str, str]) -> tuple[str, str]:
    """The absolute git directory for a folder, and the top of its working tree ("" = bare).

    Found as git finds it, without git's check of the owner: every setting that
    could make git execute something is switched off anyway.
    """
    given = environ.get("GIT_DIR")
    if given:
        return os.path.abspath(given), os.path.abspath(environ.get("GIT_WORK_TREE") or start)
    folder = os.path.abspath(start)
    while True:
        inside = _linked(f"{folder}/.git")
        if _is_git_directory(inside):
            return inside, folder
        if _is_git_directory(folder):
            return folder, ""
        above = os.path.dirname(folder)
        if above == folder:
            raise GitError("not in a git repository")
        folder = above


def _linked(path: str) -> str:
    """Where a ``.git`` file points to (worktrees, submodules); the path itself otherwise."""
    if not os.path.isfile(path):
        return path
    with open(path, "rb") as file:
        target = os.fsdecode(file.read(1 << 16).removeprefix(b"gitdir:").strip())
    return os.path.normpath(os.path.join(os.path.dirname(path), target))


def _is_git_directory(path: str) -> bool:
    return os.path.lexists(f"{path}/HEAD") and (
        os.path.isdir(f"{path}/objects") or os.path.isfile(f"{path}/commondir")
    )


class Running:
    """A started git command; ``output`` waits for what it prints."""

    __slots__ = ("_child", "_command", "_stderr", "_stdout")

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str], command: str, stdin: bytes = b""
    ) -> None:
        self._command: Final = command
        self._stdout: Final = process.scratch()
        self._stderr: Final = process.scratch()
        given = process.filled(stdin)
        self._child: Final = process.Child(argv, env, (given, self._stdout, self._stderr))
        process.close(given)

    def output(self, *accepted: int) -> bytes:
        """Everything it printed; GitError unless it exits with 0 or an accepted code."""
        code = self._child.wait()
        try:
            if code and code not in accepted:
                raise GitError(fault(self._command, code, process.content(self._stderr)))
            return process.content(self._stdout)
        finally:
            process.close(self._stdout, self._stderr)


def fault(command: str, code: int, stderr: bytes) -> str:
    """What to say of a command that failed: its exit code and its own first words."""
    lines = stderr.decode("utf-8", "backslashreplace").splitlines()
    words = next((line for line in lines if line.startswith("fatal: ")), "".join(lines[:1]))
    ended = f"exit {code}" if code >= 0 else f"signal {-code}"
    return f"git {command} failed ({ended}){words and ': '}{words.removeprefix('fatal: ')[:200]}"


class Git:
    """A repository: ``directory`` (absolute) and ``top`` (of the working tree, "" = bare)."""

    __slots__ = ("directory", "env", "executable", "top")

    def __init__(self, start: str, environ: Mapping[str, str], *, index: bool = False) -> None:
        """Find the repository of a folder.

        ``index``: whether GIT_INDEX_FILE counts, as it does in a hook of
        ``git commit`` and nowhere else.
        """
        process.open_standard_descriptors()
        self.executable: Final = executable(environ.get("PATH") or os.defpath)
        self.directory, self.top = directory(start, environ)
        self.env: Final = {
            **{name: environ[name] for name in KEPT if name in environ},
            **FIXED,
            **UNCONFIGURED,
            "GIT_DIR": self.directory,
        }
        if index and environ.get("GIT_INDEX_FILE"):
            self.env["GIT_INDEX_FILE"] = os.path.abspath(environ["GIT_INDEX_FILE"])

    def argv(self, args: tuple[str, ...]) -> tuple[str, ...]:
        """The whole command line of a git command."""
        return (self.executable, *OPTIONS, *args)

    def start(self, *args: str, stdin: bytes = b"") -> Running:
        """Start a command that gets ``stdin``."""
        return Running(self.argv(args), self.env, args[0], stdin)

    def output(self, *args: str, stdin: bytes = b"") -> bytes:
        """Run a command; what it printed."""
        return self.start(*args, stdin=stdin).output()

    def succeeds(self, *args: str) -> bool:
        """Whether a command that answers by its exit code says yes."""
        try:
            self.output(*args)
        except GitError:
            return False
        return True

    def output_in(self, folder: str, *args: str) -> bytes:
        """Run a command in a folder of the working tree: what it printed is relative to that."""
        argv = (self.executable, "-C", folder, *OPTIONS, *args)
        return Running(argv, self.env, args[0]).output()

    def commit(self, revision: str) -> str:
        """The id of the commit that a revision names; "" when there is none."""
        if not revision or revision.startswith("-") or "\n" in revision or "\0" in revision:
            return ""
        running = self.start("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        found = running.output(1, 128).decode("ascii", "replace").strip()
        return found if is_oid(found) else ""

    def merge_base(self, one: str, other: str) -> str:
        """The best common ancestor of two commits; "" when they have none."""
        found = self.start("merge-base", one, other).output(1)
        return found.decode("ascii", "replace").strip()

    def settings(self, section: str) -> Mapping[str, str]:
        """Git settings of ``section`` by key ("policy"), also the user's and the system's.

        ``git config`` executes nothing; the last of several values counts.
        """
        env = {name: value for name, value in self.env.items() if name not in UNCONFIGURED}
        # Without OPTIONS: what they set would be told as if somebody had configured it.
        argv = (self.executable, "config", "-z", "--get-regexp", rf"^{section}\.")
        data = Running(argv, env, "config").output(1)
        pairs = [row.partition(b"\n") for row in data.split(b"\0") if row]
        return {
            decoded(key).removeprefix(f"{section.lower()}."): decoded(value)
            for key, _, value in pairs
        }

    def exists(self, name: str) -> bool:
        """Whether a file lies in the git directory: "shallow", "MERGE_HEAD"."""
        return os.path.exists(f"{self.directory}/{name}")

    def shallow(self) -> bool:
        """Whether the history is cut off."""
        return self.output("rev-parse", "--is-shallow-repository").strip() == b"true"
