"""What is wrong with one bunfig.toml: secrets, registries, and keys of the table."""

from __future__ import annotations

from lockward.errors import LockwardError
from lockward.findings import Finding
from lockward.paths import folder_of, resolve
from lockward.registries import bunfig, npmrc
from lockward.registries.npmrc import Setting
from lockward.remedies import quote
from lockward.rules import _bunfig_keys, _npmrc_keys, _npmrc_secrets, _registry_facts
from lockward.rules._npmrc_file import unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.model import Severity, Tree
    from lockward.policy import Policy
    from lockward.registries.bunfig import Bunfig, Server
    from lockward.tomllines import Place

ID: Final = "npmrc-unsafe"
SEVERITY: Final[Severity] = "error"
_UNSEEN: Final = "it looks like a setting and is none: readers are misled"
_SECRETS: Final = {"token": "_authToken", "password": "_password"}  # as .npmrc calls them


def judge(path: str, tree: Tree, policy: Policy) -> Iterator[Finding]:
    """Everything that is wrong with one bunfig.toml."""
    try:
        data = tree.read(path, npmrc.LARGEST)
        file = None if data is None else bunfig.parse(path, data)
    except LockwardError as fault:
        yield unreadable(path, fault)
        return
    if file is not None:
        yield from _File(file, tree, policy).judge()


class _File:
    """One file and what it is judged by."""

    def __init__(self, file: Bunfig, tree: Tree, policy: Policy) -> None:
        self.file: Final = file
        self.tree: Final = tree
        self.declared: Final = _npmrc_secrets.declared_hosts(policy)

    def judge(self) -> Iterator[Finding]:
        """Registries and their secrets; then the keys of the table; then what bun does not read."""
        for server in self.file.servers:
            yield from self._secrets(server)
            yield from self._registry(server)
        for place, row in _bunfig_keys.KEYS.items():
            value = self.file.get(*map(str, place))
            fact = "" if value is None else row.test(value)
            if fact:
                yield self._finding(
                    place,
                    f"{_shown(place, value)}: {fact}",
                    severity=_severity(place, value) or row.severity,
                    why=_npmrc_keys.WHY[row.effect],
                    group=_npmrc_keys.GROUP[row.effect].replace("npm", "bun"),
                    row=(_shown(place, value), fact),
                )
        yield from self._cache()
        for at, meant in _bunfig_keys.misplaced(self.file.document):
            fact = f"bun reads no such setting, it is {_key(meant)}"
            yield self._finding(at, f"{_key(at)}: {fact}", why=_UNSEEN)

    def _secrets(self, server: Server) -> Iterator[Finding]:
        """Secrets that are written out: a token, a password, ``user:password@`` in an address."""
        settings = [(server.place, server.setting(self.file.path))]
        for name, value in server.credentials.items():
            if name in _SECRETS:
                place = (*server.place, name)
                line = self.file.line(place)
                settings.append((place, Setting(self.file.path, line, _SECRETS[name], value)))
        for place, setting in settings:
            secret = _npmrc_secrets.literal(setting)
            if secret:
                shown = _npmrc_secrets.shown(secret)
                yield self._finding(
                    place,
                    f"{_key(place)}: a secret is written out ({shown})",
                    why="everybody who can read the repository, or its history, can use it",
                    remedy=("revoke it where it was made: the history keeps it",),
                    subject=secret,
                )

    def _registry(self, server: Server) -> Iterator[Finding]:
        fact = server.url and _registry_facts.fact(
            server.url, self.declared, from_environment=server.from_environment
        )
        if fact:
            shown = _npmrc_secrets.written(server.setting(self.file.path))
            yield self._finding(
                server.place,
                f"{shown}: {fact}",
                why=_npmrc_keys.WHY["redirects"],
                group="{n} registries cannot be relied on",
                row=(shown, fact),
            )

    def _cache(self) -> Iterator[Finding]:
        """A cache in the repository is harmless until files of it are committed."""
        place: Place = ("install", "cache", "dir")
        value = self.file.get("install", "cache", "dir")
        folder = resolve(folder_of(self.file.path), value) if isinstance(value, str) else None
        if folder and any(path.startswith(f"{folder}/") for path in self.tree.entries()):
            fact = "bun takes packages from files that are committed here"
            yield self._finding(
                place, f"{_shown(place, value)}: {fact}", why=_npmrc_keys.WHY["redirects"]
            )

    def _finding(
        self,
        place: Place,
        message: str,
        *,
        why: str,
        severity: Severity = SEVERITY,
        remedy: tuple[str, ...] = (),
        group: str = "",
        row: tuple[str, ...] = (),
        subject: str = "",
    ) -> Finding:
        from binascii import crc32

        path, line = self.file.path, self.file.line(place)
        told = f"{crc32((subject or message).encode('utf-8', 'surrogatepass')):08x}"
        return Finding(
            rule=ID,
            severity=severity,
            path=path,
            line=line,
            subject=f"{_key(place)}\n{told}",
            message=message,
            why=why,
            remedy=(*remedy, f"delete line {line} of {path}; git add {quote(path)}"),
            group=group,
            row=row,
        )


def _severity(place: Place, value: object) -> Severity | None:
    """A scanner that is a file of the repository is code that an install runs."""
    local = place == _bunfig_keys.SCANNER and isinstance(value, str)
    return "error" if local and str(value).startswith((".", "/")) else None


def _key(place: Place) -> str:
    """``[install.lockfile] save``, as the file has it."""
    *tables, key = map(str, place)
    return f"[{'.'.join(tables)}] {key}" if tables else key


def _shown(place: Place, value: object) -> str:
    """A key and its value, shortened."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"{_key(place)} = {text[:60]}"
