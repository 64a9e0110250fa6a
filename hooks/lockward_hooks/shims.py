"""The small shell scripts that git runs as hooks: one text, for the copies in hooks/ as well."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

BEFORE: Final = ".before-lockward"  # behind the name of a hook that was there already
MARK: Final = "lockward install"
SERVER: Final = ("pre-receive", "update")
CLIENT: Final = ("pre-commit", "pre-merge-commit", "commit-msg", "pre-push")
# Hook -> the command of lockward that it runs, and what that does.
HOOKS: Final[Mapping[str, tuple[str, str]]] = {
    "pre-commit": ("pre-commit", "Judge what is being committed."),
    "pre-merge-commit": ("pre-commit", "Judge what a merge is about to commit."),
    "commit-msg": (
        "commit-msg",
        "Ask a lockfile refresh for its reason, where the policy wants one.",
    ),
    "pre-push": ("pre-push", "Judge every ref that is being pushed."),
    "pre-receive": (
        "pre-receive",
        "On a Git server: judge every ref of a push, and refuse the push as a whole.",
    ),
    "update": (
        "update",
        (
            "On a Git server: judge the refs of a push one by one.  Prefer pre-receive, which\n"
            "# runs before anything of the push is kept."
        ),
    ),
    "vref": (
        "vref",
        (
            "On a gitolite server: copy to LOCAL_CODE/VREF/LOCKWARD and say in gitolite.conf\n"
            "# `-   VREF/LOCKWARD = @all`.  Prefer pre-receive, which also knows push options."
        ),
    ),
    "ref-update": ("ref-update", "On a Gerrit server with the hooks plugin: judge a direct push."),
    "commit-received": (
        "commit-received",
        "On a Gerrit server with the hooks plugin: judge a commit that comes for review.",
    ),
}
# What git feeds through standard input, which two programs cannot both read.
_FED: Final = ("pre-push", "pre-receive")
# A global core.hooksPath hides every repository's own hooks: these are passed on to it.
PASSED_ON: Final = (
    *("applypatch-msg", "pre-applypatch", "post-applypatch", "prepare-commit-msg", "post-commit"),
    *("pre-rebase", "post-checkout", "post-merge", "pre-auto-gc", "post-rewrite"),
    *("sendemail-validate", "push-to-checkout", "reference-transaction"),
)
_OWN: Final = '"$(git rev-parse --git-common-dir)/hooks/{name}"'

_HEAD: Final = """\
#!/bin/sh
# {summary}
# {origin}
#
# The program is git's setting lockward.command, else $LOCKWARD, else
# "lockward" on PATH.  Without it the hook refuses: a gate that is not there
# must not look like one that is open.
command=$(git config --get lockward.command)
command=${{command:-${{LOCKWARD:-lockward}}}}
if ! command -v "$command" >/dev/null; then
    echo "lockward: cannot run \\"$command\\": nothing was judged, so nothing is accepted (exit 2)"
    echo "  fix: git config lockward.command /path/to/lockward    ({where})"
    exit 2
fi
"""
_ALONE: Final = 'exec "$command" {command} "$@"\n'
_CHAINED: Final = """\
other={other}
if [ ! -x "$other" ]; then
    exec "$command" {command} "$@"
fi
{first} || exit
{second}
"""
_PASSED_ON: Final = """\
#!/bin/sh
# Put here by `{mark}`: git looks for hooks in this folder only.
other={other}
[ -x "$other" ] || exit 0
exec "$other" "$@"
"""
_FED_CHAINED: Final = """\
other={other}
if [ ! -x "$other" ]; then
    exec "$command" {command} "$@"
fi
fed=$(cat; echo .)
printf %s "${{fed%.}}" | {first} || exit
printf %s "${{fed%.}}" | {second}
"""


def text(name: str, *, copied: bool = False, common: bool = False) -> str:
    """The script of a hook.

    ``copied``: as it lies in hooks/ of our repository, for people to copy.
    Else it goes on to the hook that was there before it; ``common``: to the
    one that a repository has beside a shared hooks folder.  On a server the
    gate comes first, so that nothing else happens for a push that is refused;
    at a commit it comes last, and judges what the other hook may have changed.
    """
    command, summary = HOOKS[name]
    server = name not in CLIENT
    where = "on the server" if server else "in this repository"
    origin = "Link or copy this file to hooks/{name}; it must be executable."
    origin = origin if copied else f"Put here by `{MARK}`; `{MARK} --uninstall` gives back the old."
    head = _HEAD.format(summary=summary, origin=origin.format(name=name), where=where)
    if copied:
        return head + _ALONE.format(command=command)
    other = _OWN.format(name=name) if common else f'"$0{BEFORE}"'
    ours, theirs = f'"$command" {command} "$@"', '"$other" "$@"'
    first, second = (ours, theirs) if server else (theirs, ours)
    body = _FED_CHAINED if name in _FED else _CHAINED
    return head + body.format(other=other, command=command, first=first, second=second)


def passed_on(name: str) -> str:
    """The script that hands a hook of a shared folder to the repository's own."""
    return _PASSED_ON.format(mark=MARK, other=_OWN.format(name=name))
