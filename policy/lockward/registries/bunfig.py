"""A bunfig.toml: its document, the line of every key, and the registries it names.

Reference: bun, src/bunfig.rs, and bun 1.4 itself, which stops at whatever is no
TOML.  It reads ``bunfig.toml`` only, in lower case and beside package.json;
keys of another case or in another table say nothing to it.  ``$NAME`` as a
whole value is the environment's.
"""

from __future__ import annotations

from lockward.errors import SettingsError
from lockward.registries.npmrc import Setting
from lockward.tomllines import places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any, Final

    from lockward.tomllines import Place

FILE: Final = "bunfig.toml"
CREDENTIALS: Final = ("token", "password", "username")


class Server:
    """A registry that the file names.  ``scope`` is "@scope", "" for the default one."""

    __slots__ = ("credentials", "line", "place", "scope", "url")

    def __init__(
        self, scope: str, url: str, credentials: Mapping[str, str], place: Place, line: int
    ) -> None:
        self.scope: Final = scope
        self.url: Final = url
        self.credentials: Final = credentials
        self.place: Final = place
        self.line: Final = line

    def setting(self, path: str) -> Setting:
        """The same as .npmrc would write it."""
        key = f"{self.scope}:registry" if self.scope else "registry"
        return Setting(path, self.line, key, self.url)

    @property
    def from_environment(self) -> bool:
        """Whether the address is a variable's."""
        return self.url.startswith("$")


class Bunfig:
    """The whole file.  ``servers``: the default registry first, then scopes in file order."""

    __slots__ = ("_lines", "document", "path", "servers")

    def __init__(self, path: str, text: str, document: Mapping[str, Any]) -> None:
        self.path: Final = path
        self.document: Final = document
        self._lines: Final = places(text)
        self.servers: Final = tuple(self._servers())

    def line(self, place: Place) -> int:
        """The line of a key; of the nearest one above what is not written by itself."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    def get(self, *keys: str) -> object:
        """The value at a path of keys; None when there is none."""
        value: object = self.document
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def _servers(self) -> Iterator[Server]:
        default = self.get("install", "registry")
        if default is not None:
            yield self._server("", default, ("install", "registry"))
        scopes = self.get("install", "scopes")
        for name, value in scopes.items() if isinstance(scopes, dict) else ():
            yield self._server(f"@{name.removeprefix('@')}", value, ("install", "scopes", name))

    def _server(self, scope: str, value: object, place: Place) -> Server:
        fields: Mapping[str, object] = value if isinstance(value, dict) else {"url": value}
        url = fields.get("url")
        given = {
            key: text for key in CREDENTIALS if isinstance(text := fields.get(key), str) and text
        }
        return Server(scope, url if isinstance(url, str) else "", given, place, self.line(place))


def parse(path: str, data: bytes) -> Bunfig:
    """The file; SettingsError with the line for what is no TOML."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise SettingsError("is not UTF-8", path=path, line=line) from None
    try:
        return Bunfig(path, text, _loads()(text))
    except RecursionError:
        raise SettingsError("is nested too deeply", path=path, line=1) from None
    except ValueError as fault:
        message, _, where = str(fault).partition(" (at ")
        digits = where.removeprefix("line ").partition(",")[0]
        line = int(digits) if digits.isdecimal() else text.count("\n") + 1
        raise SettingsError(f"is not valid TOML: {message}", path=path, line=line) from None


def _loads() -> Callable[[str], Mapping[str, Any]]:
    """Tomli's compiled parser; the standard library's where that is not installed."""
    try:
        from tomli import loads
    except ImportError:
        from tomllib import loads
    return loads
