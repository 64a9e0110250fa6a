"""How a line leaves an .npmrc: commands where npm's own do it, else words.

``npm config set`` and ``delete`` write the whole file anew and drop its
comments; a file with comments is therefore mended by hand.
"""

from __future__ import annotations

from lockward import pnpm_settings
from lockward.errors import LockwardError
from lockward.paths import folder_of, join, name_of
from lockward.registries import REGISTRY, bunfig, npmrc, yarnrc, yarnrc_yml
from lockward.remedies import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.model import Tree
    from lockward.registries.npmrc import Npmrc, Setting

_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.@:/")


def without(file: Npmrc, setting: Setting) -> tuple[str, ...]:
    """How a setting is taken out."""
    if not _commands_do(file, setting):
        return (by_hand(file, setting.line),)
    return (_command(file, "delete", quote(setting.key)),)


def from_environment(file: Npmrc, setting: Setting) -> tuple[str, ...]:
    """How a secret is taken out: the history keeps it, so it dies first."""
    revoke = "revoke it where it was made: the history keeps it"
    if not setting.nerf or not _commands_do(file, setting):
        return (revoke, by_hand(file, setting.line))
    return (revoke, _command(file, "set", quote(f"{setting.key}=${{NPM_TOKEN}}")))


def by_hand(file: Npmrc, line: int) -> str:
    """What an editor has to do."""
    return f"delete line {line} of {file.path}; git add {quote(file.path)}"


def renamed(file: Npmrc, setting: Setting, key: str) -> tuple[str, ...]:
    """How a misspelt setting becomes the one that was meant."""
    return (f"write {key}= in line {setting.line} of {file.path}; git add {quote(file.path)}",)


def _commands_do(file: Npmrc, setting: Setting) -> bool:
    """Whether npm can be told to change just this setting, by a key that means itself."""
    plain = _PLAIN.issuperset(setting.key) and not setting.key.startswith("-")
    return plain and not (setting.inert or setting.key_env or file.comments or file.sections)


def _command(file: Npmrc, action: str, argument: str) -> str:
    """Npm's command, told to write this file and not that of a workspace's root."""
    folder = folder_of(file.path)
    prefix = f" --prefix {quote(folder)}" if folder else ""
    return f"npm config {action} {argument} --location=project{prefix}; git add {quote(file.path)}"


# Settings files whose pins win over .npmrc's, by name: below what, and how a pin is written.
_ELSEWHERE: Final = {
    pnpm_settings.FILE: ("registries:", "{scope!r}: {url}"),
    bunfig.FILE: ("[install.scopes]", '"{scope}" = "{url}"'),
}


def pin(tree: Tree, path: str, key: str, url: str) -> str:
    """The command that makes a manager read ``key=url`` at path, whatever the file holds now.

    A pin that a manager takes from its own file is mended there: that file wins.
    """
    if name_of(path) == yarnrc_yml.FILE:
        return _pin_in_yarnrc_yml(path, key, url)
    if name_of(path) == yarnrc.FILE:
        path = join(folder_of(path), ".npmrc")  # Yarn 1 asks it first
    elsewhere = _ELSEWHERE.get(name_of(path))
    if elsewhere is None:
        return _pin_in_npmrc(tree, path, key, url)
    below, form = elsewhere
    line = form.format(scope=key.removesuffix(REGISTRY), url=url)
    return f"write {line} below {below} in {path}; git add {quote(path)}"


def _pin_in_yarnrc_yml(path: str, key: str, url: str) -> str:
    """Yarn's own command; it writes the .yarnrc.yml of the project that it is run in."""
    scope = key.removesuffix(REGISTRY).removeprefix("@")
    setting = f"npmScopes.{scope}.npmRegistryServer"
    if "." in scope:
        setting = f'npmScopes["{scope}"].npmRegistryServer'
    folder = folder_of(path)
    command = f"yarn config set {quote(setting)} {quote(url)}"
    command = f"(cd {quote(folder)} && {command})" if folder else command
    return f"{command}; git add {quote(path)}"


def _pin_in_npmrc(tree: Tree, path: str, key: str, url: str) -> str:
    """A line at the end does it, unless the key is there, or a section is."""
    line = f"{key}={url}"
    try:
        data = tree.read(path, npmrc.LARGEST) or b""
    except LockwardError:
        return f"make {path} a plain file with the line {line}; git add {quote(path)}"
    file = npmrc.parse(path, data)
    if file.sections:
        return f"write {line} above line {file.sections[0][0].number} of {path}"
    if any(setting.key == key for setting in file.settings):
        if file.comments:
            return f"write {line} in its place in {path}; git add {quote(path)}"
        return _command(file, "set", quote(line))
    if data and not data.endswith((b"\n", b"\r")):
        return f"printf '\\n%s\\n' {quote(line)} >>{quote(path)}; git add {quote(path)}"
    return f"echo {quote(line)} >>{quote(path)}; git add {quote(path)}"
