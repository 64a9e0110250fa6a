"""``lockward install``: the hooks into a repository, a shared folder, a template or git's settings.

What was there is kept and goes on working, and ``--uninstall`` gives it back.
GitPython writes git's settings: a person waits here, and nothing is judged.
"""

from __future__ import annotations

import os
import sys

from lockward.errors import LockwardError
from lockward.reports.escape import value
from lockward_hooks import output, shims
from lockward_hooks.arguments import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Final

    from lockward_hooks.arguments import Arguments

_PREVIOUS: Final = "lockward.previous"  # what a setting of git was before we changed it
_CONFIGURED: Final = (2, 54)  # the git that reads hooks from its settings (git-config(1), hook.*)
_WAYS: Final = ("hooks-path", "template", "git-config")


class InstallError(LockwardError):
    """What cannot be installed there, and how to do it instead."""


def run(args: Arguments, environ: Mapping[str, str]) -> int:
    """Install, or uninstall, and say what was done."""
    ways = [way for way in _WAYS if args.get(way)]
    if len(ways) > 1:
        raise UsageError(f"--{ways[0]} and --{ways[1]} exclude each other")
    settings = _Settings(args, environ)
    work = {"hooks-path": _shared, "template": _template, "git-config": _configured}
    act: Callable[[Arguments, _Settings], Iterator[str]] = work[ways[0]] if ways else _folder
    lines = list(act(args, settings))
    if args.get("uninstall"):
        lines += settings.forget()
    else:
        lines += settings.note(args)
        lines.append("now: lockward doctor" + _place(args))
    output.emit("".join(f"{line}\n" for line in lines))
    return output.PASSED


def _place(args: Arguments) -> str:
    return f" {value(args.operands[0])}" if args.operands else ""


class _Settings:
    """Git's settings of a repository, or with ``--global`` of the user."""

    def __init__(self, args: Arguments, environ: Mapping[str, str]) -> None:
        # GitPython looks for git when it is imported, and prints what it misses.
        try:
            import git
        except ImportError:
            raise InstallError("needs GitPython, which the one-file bundle lacks") from None

        from lockward_hooks.git import Git

        shared = bool(args.get("global") or args.get("template"))
        self._scope: Final = "--global" if shared else "--local"
        place = args.operands[0] if args.operands else "."
        self.repository: Git | None = None
        if not shared or args.operands:
            if not os.path.isdir(place):
                raise InstallError("there is no such folder", path=place)
            self.repository = Git(place, _found(environ))
        directory = self.repository.directory if self.repository else os.getcwd()
        self._git: Final = git.Git(directory)
        if self.repository:
            self._git.update_environment(GIT_DIR=directory)
        self._failed: Final[type[Exception]] = git.GitCommandError

    @property
    def version(self) -> tuple[int, ...]:
        """The version of git: (2, 54, 0)."""
        return self._git.version_info

    def get(self, key: str, scope: str = "") -> str:
        """A setting as git sees it; "" when there is none."""
        try:
            found = self._git.config(*([scope] if scope else []), "--get", key)
        except self._failed:
            return ""
        return str(found)

    def put(self, key: str, text: str) -> None:
        """Write a setting."""
        self._git.config(self._scope, key, text)

    def drop(self, key: str) -> bool:
        """Take a setting out; whether it was there."""
        try:
            self._git.config(self._scope, "--unset-all", key)
        except self._failed:
            return False
        return True

    def replace(self, key: str, text: str) -> None:
        """Write a setting and remember what it was."""
        kept = f"{_PREVIOUS}{key.replace('.', '-')}"
        before = self.get(key, self._scope)
        if before != text:
            self.put(kept, before)
        self.put(key, text)

    def restore(self, key: str) -> str:
        """Give a setting back; what it is now."""
        kept = f"{_PREVIOUS}{key.replace('.', '-')}"
        before = self.get(kept, self._scope)
        self.drop(key)
        self.drop(kept)
        if before:
            self.put(key, before)
        return before or "unset"

    def note(self, args: Arguments) -> Iterator[str]:
        """Write down which program and which policy the hooks use."""
        command = args.get("command") or _own_command()
        if command:
            self.put("lockward.command", os.path.abspath(command))
            yield f"lockward.command = {value(os.path.abspath(command))}"
        if args.get("policy"):
            self.put("lockward.policy", os.path.abspath(args.get("policy")))
            yield f"lockward.policy = {value(os.path.abspath(args.get('policy')))}"

    def forget(self) -> Iterator[str]:
        """Take those two out again."""
        for key in ("lockward.command", "lockward.policy"):
            if self.drop(key):
                yield f"{key}: unset"


def _found(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what a hook or an alias of git left in it."""
    return {name: each for name, each in environ.items() if not name.startswith("GIT_")}


def _own_command() -> str:
    """The program that is running, when it is one that git can run again."""
    program = os.path.abspath(sys.argv[0])
    return program if os.access(program, os.X_OK) and not program.endswith(".py") else ""


def _hooks(args: Arguments) -> tuple[str, ...]:
    """The hooks to install: ``--hooks``, else those of a client or of a server."""
    given = tuple(part for part in args.get("hooks").replace(",", " ").split() if part)
    for name in given:
        if name not in (*shims.CLIENT, *shims.SERVER):
            from lockward.nearest import hint

            raise UsageError(f"unknown hook {name!r}; {hint(name, (*shims.CLIENT, *shims.SERVER))}")
    return given or (("pre-receive",) if args.get("server") else shims.CLIENT)


# The ways


def _folder(args: Arguments, settings: _Settings) -> Iterator[str]:
    """Into the folder from which git runs this repository's hooks."""
    repository = settings.repository
    if repository is None:
        raise UsageError("--global needs --hooks-path DIR, --template DIR or --git-config")
    if not args.get("server") and not args.get("hooks") and not repository.top:
        raise InstallError("is a bare repository: --server installs pre-receive in it")
    folder = common_hooks(repository.directory)
    configured = settings.get("core.hooksPath")
    if configured:
        folder = _own_hooks_path(configured, repository.top or repository.directory, folder)
    yield from _files(folder, _hooks(args), uninstall=bool(args.get("uninstall")))


def common_hooks(directory: str) -> str:
    """The hooks folder of a git directory; linked worktrees share one."""
    try:
        with open(f"{directory}/commondir", encoding="utf-8") as file:
            return os.path.normpath(os.path.join(directory, file.read().strip(), "hooks"))
    except OSError:
        return f"{directory}/hooks"


def _own_hooks_path(configured: str, top: str, own: str) -> str:
    """The folder of core.hooksPath, where it is this repository's and nobody generates it."""
    folder = os.path.normpath(os.path.join(top, os.path.expanduser(configured)))
    if folder == own:
        return own
    if os.path.basename(folder) == "_" and os.path.basename(os.path.dirname(folder)) == ".husky":
        raise InstallError(
            "husky manages the hooks here: add the line `lockward pre-commit` to .husky/pre-commit,"
            ' `lockward commit-msg "$1"` to .husky/commit-msg'
            ' and `lockward pre-push "$@"` to .husky/pre-push'
        )
    raise InstallError(
        f"core.hooksPath is {configured}, so git ignores this repository's own hooks:"
        f" --hooks-path {configured} installs there, for all that share it"
    )


def _shared(args: Arguments, settings: _Settings) -> Iterator[str]:
    """Into a folder that core.hooksPath names, which then hides each repository's own hooks."""
    folder = os.path.abspath(os.path.expanduser(args.get("hooks-path")))
    uninstall = bool(args.get("uninstall"))
    yield from _files(folder, _hooks(args), uninstall=uninstall, common=True)
    if uninstall:
        yield f"core.hooksPath: {value(settings.restore('core.hooksPath'))}"
    else:
        settings.replace("core.hooksPath", folder)
        yield f"core.hooksPath = {value(folder)}"


def _template(args: Arguments, settings: _Settings) -> Iterator[str]:
    """Into a template: every repository that is made or cloned from now on gets the hooks."""
    folder = os.path.abspath(os.path.expanduser(args.get("template")))
    uninstall = bool(args.get("uninstall"))
    yield from _files(f"{folder}/hooks", _hooks(args), uninstall=uninstall)
    if uninstall:
        yield f"init.templateDir: {value(settings.restore('init.templateDir'))}"
    else:
        settings.replace("init.templateDir", folder)
        yield f"init.templateDir = {value(folder)}; `git init` adds it to what is there"


def _configured(args: Arguments, settings: _Settings) -> Iterator[str]:
    """Into git's settings, beside whatever else is there."""
    if settings.version < _CONFIGURED and not args.get("uninstall"):
        have = ".".join(map(str, settings.version[:3]))
        raise InstallError(f"git {have} reads no hooks from its settings (2.54 does)")
    command = os.path.abspath(args.get("command") or _own_command() or "lockward")
    for name in _hooks(args):
        section = f"hook.lockward-{name}"
        if args.get("uninstall"):
            settings.drop(f"{section}.command")
            settings.drop(f"{section}.event")
            yield f"{section}: unset"
        else:
            settings.put(f"{section}.command", f"'{command}' {shims.HOOKS[name][0]}")
            settings.put(f"{section}.event", name)
            yield f"{section}: {value(command)} {shims.HOOKS[name][0]}"


# Files


def _files(
    folder: str, names: tuple[str, ...], *, uninstall: bool, common: bool = False
) -> Iterator[str]:
    try:
        if uninstall:
            for name in (*names, *shims.PASSED_ON):
                yield from _give_back(f"{folder}/{name}")
            return
        os.makedirs(folder, exist_ok=True)
        for name in names:
            yield from _put(f"{folder}/{name}", shims.text(name, common=common))
        for name in shims.PASSED_ON if common else ():
            yield from _put(f"{folder}/{name}", shims.passed_on(name), said=False)
    except OSError as error:
        raise InstallError(f"{error.strerror}", path=str(error.filename or folder)) from None


def ours(path: str) -> bool:
    """Whether a hook was written by this command."""
    try:
        with open(path, "rb") as file:
            return shims.MARK.encode() in file.read(1 << 12)
    except OSError:
        return False


def _put(path: str, script: str, *, said: bool = True) -> Iterator[str]:
    """Write a hook in one step, so that no push meets half of it; what was there is kept."""
    kept = ""
    if os.path.lexists(path) and not ours(path):
        if os.path.lexists(path + shims.BEFORE):
            raise InstallError(f"{os.path.basename(path)}{shims.BEFORE} is in the way", path=path)
        # Never a moment without a hook: a push would meet an open gate.
        os.link(path, path + shims.BEFORE, follow_symlinks=False)
        kept = f"; what was there goes on as {os.path.basename(path)}{shims.BEFORE}"
    new = f"{path}.new-{os.getpid()}"
    with open(new, "w", encoding="utf-8") as file:
        file.write(script)
    os.chmod(new, 0o755)  # noqa: S103 - git runs what is executable, for whoever pushes
    os.replace(new, path)
    if said or kept:
        yield f"installed {value(path)}{kept}"


def _give_back(path: str) -> Iterator[str]:
    if not ours(path):
        return
    if os.path.lexists(path + shims.BEFORE):
        os.replace(path + shims.BEFORE, path)
        yield f"gave back {value(path)}"
    else:
        os.unlink(path)
        yield f"removed {value(path)}"
