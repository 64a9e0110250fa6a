"""The command line's grammar: one table, read by hand.

argparse takes 6 ms to load, most of what a commit without JavaScript costs, and
its refusals do not say what was probably meant.
"""

from __future__ import annotations

from lockward.errors import LockwardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Final


class UsageError(LockwardError):
    """A command line that means nothing; the message is one line."""


class Command:
    """What a command takes: options (name -> what its value is, "" = none) and operands."""

    __slots__ = ("most", "operands", "options", "summary")

    def __init__(
        self, summary: str, options: Mapping[str, str], operands: str = "", most: int = 0
    ) -> None:
        self.summary: Final = summary
        self.options: Final = options
        self.operands: Final = operands
        self.most: Final = most


class Arguments:
    """A command line as it was given.  A flag's value is "yes"; repeated lists are joined."""

    __slots__ = ("command", "operands", "values")

    def __init__(
        self, command: str, values: Mapping[str, str], operands: tuple[str, ...] = ()
    ) -> None:
        self.command: Final = command
        self.values: Final = values
        self.operands: Final = operands

    def get(self, option: str, default: str = "") -> str:
        """The value of ``--option``; the default when it was not given."""
        return self.values.get(option, default)

    @property
    def only(self) -> tuple[str, ...]:
        """The rules to run; () = all."""
        return tuple(part for part in self.get("only").replace(",", " ").split() if part)


_JUDGING: Final = {
    "only": "RULE,...",
    "policy": "FILE",
    "format": "text|concise|json|sarif|github|gitlab|junit|markdown|html",
}
_HOOK: Final = {"policy": "FILE", "only": "RULE,..."}
_ANYTHING: Final = "VALUE"  # also nothing
# The hooks plugin of Gerrit passes all of these, and --cmdref for commit-received.
_GERRIT: Final = dict.fromkeys(
    ("project", "refname", "uploader", "uploader-username", "oldrev", "newrev", "cmdref"),
    _ANYTHING,
)
COMMANDS: Final = {
    "check": Command(
        "judge a change: what is staged, or --from REV --to REV",
        {
            "staged": "",
            "from": "REV",
            "to": "REV",
            "refresh": "reject|trailer|allow",
            "fix": "",
            **_JUDGING,
            "output": "FILE",
        },
    ),
    "scan": Command(
        "judge a whole tree and grade it: a folder, or --rev REV",
        {
            "rev": "REV",
            "fix": "",
            **_JUDGING,
            "output": "FILE",
            "evidence": "FILE,...",
            "rubric": "FILE",
        },
        "[PATH]",
        1,
    ),
    "diff": Command(
        "show what changed in lockfiles and why, for a reviewer",
        {"format": "text|markdown", "output": "FILE"},
        "[A] [B]",
        2,
    ),
    "init": Command(
        "write policy, hook, pins, workflow, CODEOWNERS",
        {"yes": "", "dry-run": "", "owner": "@ORG/TEAM", "ci": "github|gitlab|none"},
        "[PATH]",
        1,
    ),
    "history": Command(
        "judge every commit of a range, the oldest first",
        {
            "first-parent": "",
            "since": "DATE",
            "max-count": "N",
            "path": "PATH",
            "introduced": "NAME@VERSION",
            "only": "RULE,...",
            "policy": "FILE",
            "format": "text|jsonl|html",
            "html": "",
            "output": "FILE",
        },
        "[RANGE]",
        1,
    ),
    "packages": Command("list what a lockfile holds", {"format": "text|json"}, "LOCKFILE", 1),
    "rules": Command("list the rules", {}),
    "explain": Command("say what a rule judges, and why", {}, "RULE", 1),
    "version": Command("print the version", {}),
    "pre-commit": Command("hook: judge what is being committed", _JUDGING, most=0),
    "commit-msg": Command("hook: ask a refresh for its reason", {"policy": "FILE"}, "FILE", 1),
    "pre-push": Command("hook: judge what is being pushed", _HOOK, "[REMOTE URL]", 2),
    "pre-receive": Command("hook: judge a push, on the server", _HOOK),
    "update": Command("hook: judge one ref of a push, on the server", _HOOK, "REF OLD NEW", 3),
    "vref": Command("hook: judge one ref, as a VREF of gitolite", _HOOK, "REF OLD NEW ...", 64),
    "ref-update": Command("hook: judge one ref, as Gerrit asks", {**_GERRIT, **_HOOK}),
    "commit-received": Command("hook: judge a commit for review in Gerrit", {**_GERRIT, **_HOOK}),
    "audit": Command(
        "what was let through: verify|list", {"receipt": "HASH"}, "verify|list FILE", 2
    ),
    "install": Command(
        "put the hooks into a repository, or take them out again",
        {
            "server": "",
            "hooks": "NAME,...",
            "hooks-path": "DIR",
            "template": "DIR",
            "git-config": "",
            "global": "",
            "command": "FILE",
            "policy": "FILE",
            "uninstall": "",
        },
        "[REPOSITORY]",
        1,
    ),
    "doctor": Command("say whether the hooks will run, and what weakens them", {}, "[PATH]", 1),
}
_LISTS: Final = ("only", "hooks", "path", "evidence")


def parse(argv: Sequence[str]) -> Arguments:
    """Read a command line without the program's name; UsageError when it means nothing."""
    if not argv:
        raise UsageError(f"which command? ({', '.join(COMMANDS)})")
    name = argv[0]
    command = COMMANDS.get(name)
    if command is None:
        raise _unknown("command", name, COMMANDS)
    values: dict[str, str] = {}
    operands: list[str] = []
    rest = list(argv[1:])
    while rest:
        word = rest.pop(0)
        if word == "--":
            operands += rest
            break
        if word.startswith("--"):
            _option(name, command, word, rest, values)
        elif word.startswith("-") and len(word) > 1:
            raise _unknown(f"option of {name}", word, [f"--{known}" for known in command.options])
        else:
            operands.append(word)
    if len(operands) > command.most:
        raise UsageError(f"lockward {name} takes no {operands[command.most]!r}")
    arguments = Arguments(name, values, tuple(operands))
    _validate(arguments)
    return arguments


def _option(
    name: str, command: Command, word: str, rest: list[str], values: dict[str, str]
) -> None:
    """Read ``--option VALUE``, ``--option=VALUE`` or ``--flag`` into ``values``."""
    option, given, value = word[2:].partition("=")
    takes = command.options.get(option)
    if takes is None:
        known = [f"--{each}" for each in command.options]
        raise _unknown(f"option of {name}", f"--{option}", known)
    if not takes:
        if given:
            raise UsageError(f"--{option} takes no value")
        value = "yes"
    elif not given:
        if not rest:
            raise UsageError(f"--{option} needs a value: {takes}")
        value = rest.pop(0)
    if option in _LISTS and option in values:
        value = f"{values[option]},{value}"
    values[option] = value


def _validate(arguments: Arguments) -> None:
    """Refuse values that no option takes: a typo must never judge less than was asked for."""
    for option, value in arguments.values.items():
        takes = COMMANDS[arguments.command].options[option]
        if not value and takes != _ANYTHING:
            raise UsageError(f"--{option} needs a value: {takes}")
        if "|" in takes and value not in takes.split("|"):
            raise _unknown(f"value of --{option}", value, takes.split("|"))
    if arguments.get("only"):
        from lockward.rules import IDS

        for rule in arguments.only:
            if rule not in IDS:
                raise _unknown("rule", rule, IDS)
        if not arguments.only:
            raise UsageError("--only needs a value: RULE,...")
    _validate_together(arguments)


def _validate_together(arguments: Arguments) -> None:
    """Refuse options that do not go with each other."""
    if bool(arguments.get("from")) != bool(arguments.get("to")):
        raise UsageError("--from and --to go together")
    if arguments.get("fix") and (arguments.get("from") or arguments.get("rev")):
        raise UsageError("--fix rewrites the working tree; it does not go with a revision")
    if arguments.get("from") and arguments.get("staged"):
        raise UsageError("--staged and --from exclude each other")


def _unknown(what: str, word: str, known: Sequence[str] | Mapping[str, object]) -> UsageError:
    from lockward.nearest import hint

    return UsageError(f"unknown {what} {word!r}; {hint(word, known)}")


def usage(command: str = "") -> str:
    """What ``--help`` prints."""
    if not command:
        width = max(map(len, COMMANDS))
        rows = [f"  {name.ljust(width)}  {each.summary}" for name, each in COMMANDS.items()]
        head = "usage: lockward COMMAND [OPTIONS]; lockward COMMAND --help says more"
        return "\n".join((head, "", *rows, "", "exit: 0 passed, 1 refused, 2 could not decide", ""))
    row = COMMANDS[command]
    options = [f"[--{name}{takes and ' '}{takes}]" for name, takes in row.options.items()]
    line = " ".join(("lockward", command, *options, row.operands)).rstrip()
    return f"usage: {line}\n{row.summary}\n"
