"""Scripts of shells, PowerShell and cmd: by their ending, or by the ``#!`` of a file without."""

from __future__ import annotations

from lockward.ci.command import ANYWHERE, Context, Environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.ci.command import Shell
    from lockward.ci.reading import Reading

_INTERPRETERS: Final = frozenset({"sh", "bash", "zsh", "dash", "ksh", "mksh", "ash", "fish"})
_WINDOWS: Final[dict[str, Shell]] = {"ps1": "powershell", "cmd": "cmd", "bat": "cmd"}
_CI_FOLDERS: Final = frozenset({".ci", "ci", ".github", ".gitlab", ".circleci", ".buildkite"})


def read(reading: Reading) -> None:
    """Give every command of a script to the reading."""
    source = reading.source
    shell = _WINDOWS.get(source.path.lower().rpartition(".")[2])
    if shell is not None or interpreter(source.text) in ("pwsh", "powershell"):
        context = Context(shell or "powershell", surroundings(source.path), None)
        reading.script(source.whole(), context)
    elif interpreter(source.text) in _INTERPRETERS or _is_named_so(source.path, source.text):
        context = Context("bash", surroundings(source.path), None)
        reading.script(source.whole(), context)


def interpreter(text: str) -> str:
    """The program that ``#!`` names, without folder, env and options; "" without ``#!``."""
    if not text.startswith("#!"):
        return ""
    words = [word for word in text[2:200].split("\n", 1)[0].split() if word[0] != "-"]
    names = [word.rpartition("/")[2] for word in words]
    names = [name for name in names if "=" not in name]
    return next((name for name in names if name != "env"), "")


def surroundings(path: str) -> Environment:
    """What a script sees: CI in a folder that is CI's own, else whatever its caller has."""
    folders = path.lower().split("/")[:-1]
    return Environment({"CI": "true"}) if not _CI_FOLDERS.isdisjoint(folders) else ANYWHERE


def _is_named_so(path: str, text: str) -> bool:
    """Whether a file without ``#!`` is a shell script by its name; husky's hooks have none."""
    name = path.rpartition("/")[2]
    return not text.startswith("#!") and ("." in name or "/.husky/" in f"/{path}")
