"""Programs that run another command: taking them off, one by one.

``inner`` maps one argument list to what it runs: further argument lists, or
shell text.  Ordinary prefixes (sudo, timeout, xvfb-run) are rows of a table;
what has a syntax of its own (docker, find, npx) is a function with its reason.
"""

from __future__ import annotations

from lockward.ci.command import ANYWHERE, NOWHERE, Context, Environment
from lockward.ci.names import LAUNCHERS, base_of, tool_of
from lockward.ci.shell.options import Shape, cut, is_assignment
from lockward.ci.text import joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Final

    from lockward.ci.text import Text

    Words = Sequence[Text]


class Run:
    """An argument list and where it runs; ``stdin`` is what is piped into it, if known."""

    __slots__ = ("context", "stdin", "words")

    def __init__(self, words: Words, context: Context, stdin: Text | None = None) -> None:
        self.words: Final = words
        self.context: Final = context
        self.stdin: Final = stdin


class Script:
    """Shell text and where it runs."""

    __slots__ = ("context", "text")

    def __init__(self, text: Text, context: Context) -> None:
        self.text: Final = text
        self.context: Final = context


_PREFIXES: Final[dict[str, Shape]] = {
    "doas": Shape("-u -C", fresh=True),
    "time": Shape("-f -o --format --output"),
    "command": Shape(),
    "builtin": Shape(),
    "coproc": Shape(),
    "exec": Shape("-a"),
    "nohup": Shape(),
    "nice": Shape("-n --adjustment"),
    "ionice": Shape("-c -n --class --classdata"),
    "timeout": Shape("-k -s --kill-after --signal", operands=1),
    "gtimeout": Shape("-k -s --kill-after --signal", operands=1),
    "stdbuf": Shape("-i -o -e --input --output --error"),
    "setsid": Shape(),
    "xvfb-run": Shape("-e -f -n -p -s -w --error-file --auth-file --server-num --server-args"),
    "dbus-run-session": Shape("--config-file --dbus-daemon"),
    "chronic": Shape(),
    "unbuffer": Shape(),
    "caffeinate": Shape("-t -w"),
    "arch": Shape("-arch -e"),
    "setarch": Shape(operands=1),
    "linux32": Shape(),
    "linux64": Shape(),
    "taskset": Shape(operands=1),
    "fakeroot": Shape("-l -s -i -u"),
    "eatmydata": Shape(),
    "faketime": Shape("-f", operands=1),
    "strace": Shape("-o -e -p -s -u"),
    "ltrace": Shape("-o -e -p -s -u"),
    "gosu": Shape(operands=1),
    "su-exec": Shape(operands=1),
    "setpriv": Shape("--reuid --regid --groups --inh-caps --bounding-set"),
    "runuser": Shape("-u -g -G -s --user --group", script="-c --command", fresh=True),
    "chroot": Shape("--userspec --groups", operands=1, fresh=True),
    "nsenter": Shape("-t -S -G --target"),
    "unshare": Shape("-R -w -S -G"),
    "flock": Shape("-w -E --timeout --wait --conflict-exit-code", operands=1, script="-c"),
    "tini": Shape("-p -e"),
    "dumb-init": Shape("-r --rewrite"),
    "cross-env": Shape(assigns=True),
    "env-cmd": Shape("-f -e -r --file --environments --rc-file"),
    "dotenv": Shape("-e -c -v -p"),
    "dotenvx run": Shape("-f -e --env-file --env"),
    "direnv exec": Shape(operands=1),
    "mise exec": Shape("-c -C -E -j --cd --env", script="-c --command"),
    "mise x": Shape("-c -C -E -j --cd --env", script="-c --command"),
    "asdf exec": Shape(),
    "volta run": Shape("--node --npm --yarn --pnpm --env"),
    "fnm exec": Shape("--using --fnm-dir --node-dist-mirror"),
    "nvm exec": Shape(),
    "n exec": Shape(operands=1),
    "nodenv exec": Shape(),
    "rbenv exec": Shape(),
    "bundle exec": Shape(),
    "poetry run": Shape(),
    "pipenv run": Shape(),
    "uv run": Shape("-p --python --with --extra --group --env-file --directory --project"),
    "pixi run": Shape("-e --environment --manifest-path"),
    "hatch run": Shape(),
    "conda run": Shape("-n -p --name --prefix --cwd"),
    "mamba run": Shape("-n -p --name --prefix --cwd"),
    "micromamba run": Shape("-n -p --name --prefix --cwd"),
    "op run": Shape("--env-file --account"),
    "doppler run": Shape("-p -c -t --project --config --token", script="--command"),
    "infisical run": Shape("--env --path --token --projectId", script="--command"),
    "aws-vault exec": Shape("-d --duration", operands=1),
    "chamber exec": Shape(operands=1),
    "nix develop": Shape("-f --profile", operands=0, script=""),
    "nix-shell": Shape("-p -I -A", script="--run --command"),
    "devbox run": Shape("-c --config -e --env"),
    "lerna exec": Shape("--scope --ignore --concurrency --since"),
    "nx exec": Shape("--projects --exclude"),
    "rush-exec": Shape(),
    "wsl": Shape("-d -u --distribution --user --cd"),
    "winpty": Shape(),
    "call": Shape(),
    "watch": Shape("-n --interval"),
    "script": Shape("-E -I -O -o", script="-c --command"),
    "vagrant ssh": Shape("-p", script="-c --command", fresh=True),
    "devcontainer exec": Shape("--workspace-folder --container-id --config", fresh=True),
    "nodemon": Shape("-w -e -i -d --watch --ext --ignore --delay", script="-x --exec"),
    "concurrently": Shape("-n -c -p -t --names --prefix-colors --prefix", script=""),
    "xargs": Shape("-a -d -E -I -L -n -P -s --arg-file --delimiter --max-args --max-procs"),
    "parallel": Shape("-j -N -n -S --jobs --results --joblog"),
}
_SHELLS: Final = frozenset({"sh", "bash", "zsh", "dash", "ksh", "mksh", "ash", "rbash"})
_SHELL_SHAPE: Final = Shape("-o -O +o +O --rcfile --init-file", script="-c")
_ENV: Final = Shape("-u -C --unset --chdir", assigns=True, script="-S --split-string")
_SUDO: Final = Shape(
    "-u -g -h -p -C -r -t -T -U -D -R --user --group --host --prompt --chdir --chroot",
    assigns=True,
)
# Commands of which every word is text, never a command.
QUIET: Final = frozenset({"echo", "printf", "git", "grep", "sed", "awk", "cat", "node", "alias"})


def inner(run: Run) -> Iterator[Run | Script]:
    """What an argument list runs, one wrapper taken off; nothing when it is no wrapper."""
    name = base_of(run.words[0].value)
    special = _SPECIAL.get(name)
    if special is not None:
        yield from special(run)
        return
    if name in LAUNCHERS or tool_of(run.words[0].value, run.context.shell):
        from lockward.ci.shell import launchers

        yield from launchers.inner(run)
        return
    shape, words = _PREFIXES.get(name), run.words[1:]
    if shape is None and words:
        shape, words = _PREFIXES.get(f"{name} {words[0].value}"), words[1:]
    if shape is not None:
        yield from _prefixed(run, words, shape)
    elif _runs_its_arguments(name):
        yield from from_first_manager(run)


def _prefixed(run: Run, words: Words, shape: Shape) -> Iterator[Run | Script]:
    found = cut(words, shape)
    context = run.context
    environment = NOWHERE if shape.fresh else context.environment
    context = having(context, environment.having(found.assigned))
    for text in found.scripts:
        yield Script(text, shell_context(context))
    command = found.rest[shape.operands :]
    if command:
        yield Run(command, context, run.stdin)
        if len(command) == 1 and " " in command[0].value:
            yield Script(command[0], shell_context(context))  # retry "npm install"


def _runs_its_arguments(name: str) -> bool:
    """Whether a program of unknown syntax says by its name that it runs a command."""
    return any(part in name for part in ("retry", "attempt", "with-", "with_", "run-in", "run_in"))


def from_first_manager(run: Run) -> Iterator[Run | Script]:
    """The part of an argument list that starts with a manager's name or is shell text."""
    for index, word in enumerate(run.words[1:], 1):
        if tool_of(word.value, run.context.shell) or base_of(word.value) in _STARTS:
            yield Run(run.words[index:], run.context)
            return
        if " " in word.value:
            yield Script(word, shell_context(run.context))


def having(context: Context, environment: Environment) -> Context:
    """A context with another environment."""
    return Context(context.shell, environment, context.directory, context.variables)


def shell_context(context: Context) -> Context:
    """The same context, for bash text."""
    return Context("bash", context.environment, context.directory, context.variables)


def elsewhere(context: Context, variables: dict[str, str] | None = None) -> Context:
    """A container or another host: nothing of the environment, an unknown folder."""
    return Context("bash", Environment(variables), None, context.variables)


# Wrappers with a syntax of their own


def _interpreter(run: Run) -> Iterator[Run | Script]:
    """``bash -lc "text"``, ``bash <<< "text"``, ``echo text | bash``."""
    found = cut(run.words[1:], _SHELL_SHAPE)
    yield from (Script(text, shell_context(run.context)) for text in found.scripts[:1])
    reads_stdin = not found.scripts and (not found.rest or "-s" in found.flags)
    if reads_stdin and run.stdin is not None:
        yield Script(run.stdin, shell_context(run.context))


def _eval(run: Run) -> Iterator[Run | Script]:
    """``eval`` joins its words with spaces and runs the result."""
    words = run.words[1:]
    if words and words[0].value == "--":
        words = words[1:]
    yield Script(joined(words), run.context)


def _trap(run: Run) -> Iterator[Run | Script]:
    """``trap 'text' EXIT``."""
    yield from (Script(word, run.context) for word in run.words[1:2])


def _env(run: Run) -> Iterator[Run | Script]:
    """``env -i K=V command``; ``-u NAME`` takes a variable away; ``-S`` is text to split."""
    found = cut(run.words[1:], _ENV)
    environment = run.context.environment
    if not {"-i", "-", "--ignore-environment"}.isdisjoint(found.flags):
        environment = NOWHERE
    for name, value in found.options:
        if name in ("-u", "--unset"):
            environment = environment.without(value.value)
    context = having(run.context, environment.having(found.assigned))
    yield from (Script(text, context) for text in found.scripts)
    yield Run(found.rest, context, run.stdin)


def _sudo(run: Run) -> Iterator[Run | Script]:
    """``sudo`` clears the environment (sudoers' env_reset), but for -E and what it is given."""
    found = cut(run.words[1:], _SUDO)
    keeps = any(
        flag.startswith("--preserve-env") or (flag[1:2] != "-" and "E" in flag)
        for flag in (*found.flags, *(name for name, _ in found.options))
    )
    environment = run.context.environment
    if not keeps:
        environment = NOWHERE if environment.certain else ANYWHERE
    context = having(run.context, environment.having(found.assigned))
    yield Run(found.rest, context, run.stdin)


def _command(run: Run) -> Iterator[Run | Script]:
    """``command -v npm`` asks where npm is; ``command npm install`` runs it."""
    if len(run.words) > 1 and run.words[1].value not in ("-v", "-V"):
        yield from _prefixed(run, run.words[1:], _PREFIXES["command"])


def _find(run: Run) -> Iterator[Run | Script]:
    """``find . -name x -execdir npm install {} +``: somewhere below, so the folder is unknown."""
    context = Context(run.context.shell, run.context.environment, None, run.context.variables)
    words = run.words
    for index, word in enumerate(words):
        if word.value in ("-exec", "-execdir", "-ok", "-okdir", "-x", "-X", "--exec"):
            rest = words[index + 1 :]
            ends = (i for i, end in enumerate(rest) if end.value in (";", "\\;", "+"))
            yield Run(rest[: next(ends, len(rest))], context)


def _git(run: Run) -> Iterator[Run | Script]:
    """``git submodule foreach 'text'`` is the one git command that runs shell text."""
    values = [word.value for word in run.words]
    if "submodule" in values and "foreach" in values:
        rest = [w for w in run.words[values.index("foreach") + 1 :] if w.value[:1] != "-"]
        context = Context("bash", run.context.environment, None, run.context.variables)
        yield Script(joined(rest), context)


def _texts(run: Run) -> Iterator[Run | Script]:
    """``concurrently "npm install" "..."``: every word with a blank is shell text."""
    for word in run.words[1:]:
        if " " in word.value.strip():
            yield Script(word, shell_context(run.context))


def _travis_wait(run: Run) -> Iterator[Run | Script]:
    """``travis_wait 30 npm install``: the number is optional."""
    words = run.words[1:]
    yield Run(words[1:] if words and words[0].value.isdigit() else words, run.context)


def _nvm(run: Run) -> Iterator[Run | Script]:
    """``nvm exec 18 npm install``: the version is optional."""
    values = [word.value for word in run.words]
    if values[1:2] == ["exec"]:
        yield from from_first_manager(run)


def _nix(run: Run) -> Iterator[Run | Script]:
    """``nix develop -c npm install``, ``nix shell x --command npm install``."""
    for index, word in enumerate(run.words):
        if word.value in ("-c", "--command"):
            yield Run(run.words[index + 1 :], run.context)
            return


def _su(run: Run) -> Iterator[Run | Script]:
    """``su - user -c "text"``: options may stand behind the user's name."""
    for index, word in enumerate(run.words[:-1]):
        if word.value in ("-c", "-lc", "--command"):
            yield Script(run.words[index + 1], having(shell_context(run.context), NOWHERE))


def _windows(run: Run) -> Iterator[Run | Script]:
    """``cmd /c npm install`` and ``powershell -Command npm install``: the rest is text."""
    cmd = base_of(run.words[0].value) == "cmd"
    flags = ("/c", "/k", "//c") if cmd else ("-command", "-c", "/c", "-commandwithargs")
    for index, word in enumerate(run.words):
        if word.value.lower() in flags:
            context = Context(
                "cmd" if cmd else "powershell",
                run.context.environment,
                run.context.directory,
                run.context.variables,
            )
            yield Script(joined(run.words[index + 1 :]), context)
            return


def _start(run: Run) -> Iterator[Run | Script]:
    """``start "title" /wait npm install`` of cmd."""
    words = [word for word in run.words[1:] if not word.value.startswith("/")]
    for skipped in range(min(len(words), 2)):
        if tool_of(words[skipped].value, run.context.shell):
            yield Run(words[skipped:], run.context)
            return


def _remote(run: Run) -> Iterator[Run | Script]:
    from lockward.ci.shell import containers

    yield from containers.inner(run)


def _nothing(run: Run) -> Iterator[Run | Script]:  # noqa: ARG001 - the table's signature
    return iter(())


_SPECIAL: Final[dict[str, Callable[[Run], Iterator[Run | Script]]]] = {
    **dict.fromkeys(_SHELLS, _interpreter),
    **dict.fromkeys(("docker", "podman", "nerdctl", "docker-compose", "podman-compose"), _remote),
    **dict.fromkeys(("kubectl", "oc", "lxc", "ssh", "sshpass", "gcloud", "nomad"), _remote),
    **dict.fromkeys(QUIET, _nothing),
    **dict.fromkeys(("cmd", "powershell", "pwsh"), _windows),
    **dict.fromkeys(("find", "fd", "fdfind"), _find),
    "eval": _eval,
    "trap": _trap,
    "env": _env,
    "sudo": _sudo,
    "command": _command,
    "git": _git,
    "concurrently": _texts,
    "nvm": _nvm,
    "su": _su,
    "start": _start,
    "nix": _nix,
    "travis_wait": _travis_wait,
}
_STARTS: Final = frozenset({*_SHELLS, *LAUNCHERS, "sudo", "env", "timeout"})

__all__ = ["QUIET", "Run", "Script", "inner", "is_assignment"]
