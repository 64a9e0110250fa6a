"""Actions whose inputs are commands, and where those run.  Facts from the actions' own READMEs."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# Inputs that hold shell text, in whatever action or reusable workflow they stand.
_COMMANDS: Final = frozenset(
    {
        *("run", "script", "command", "commands", "cmd", "prepare", "install", "build", "start"),
        *("install-command", "install_command", "install-script", "install_script"),
        *("build-command", "build_command", "build-script", "build_script", "pre-command"),
        *("test-command", "test_command", "before-script", "before_script", "pre-build"),
        *("pre_build", "setup-command", "setup_command", "setup-script", "custom-command"),
        *("new_command_on_retry", "on_retry_command", "publish", "version", "pre-install"),
    }
)
# (action, input) -> the program whose arguments the input holds.
_ARGUMENTS_OF: Final = {
    ("borales/actions-yarn", "cmd"): "yarn",
    ("nuxt/actions-yarn", "cmd"): "yarn",
    ("actions/npm", "args"): "npm",
    ("jbolda/npm-action", "args"): "npm",
}
# (action, input) of a name above that holds something else than shell text.
_OTHER: Final = frozenset(
    {
        ("actions/github-script", "script"),  # JavaScript
        ("docker/build-push-action", "build"),
        ("oven-sh/setup-bun", "version"),
        ("pnpm/action-setup", "version"),
    }
)
# Actions that run their commands in a container, a virtual machine or on another host.
ELSEWHERE: Final = frozenset(
    {
        "appleboy/ssh-action",
        "fifsky/ssh-action",
        "garygrossgarten/github-action-ssh",
        "addnab/docker-run-action",
        "uraimo/run-on-arch-action",
        "cross-platform-actions/action",
        "vmactions/freebsd-vm",
        "vmactions/openbsd-vm",
        "vmactions/netbsd-vm",
        "vmactions/solaris-vm",
    }
)


def program_of(action: str, name: str) -> str | None:
    """What an input is: "" = shell text, a program = its arguments, None = no command."""
    key = (action, name.lower())
    if key in _ARGUMENTS_OF:
        return _ARGUMENTS_OF[key]
    return "" if name.lower() in _COMMANDS and key not in _OTHER else None
