"""One .npmrc, judged: what it redirects, weakens, executes, and the secrets in it."""

from __future__ import annotations

from lockward import registries
from lockward.errors import LockwardError, NotAFileError
from lockward.findings import Finding
from lockward.paths import folder_of, name_of, resolve
from lockward.registries import npmrc
from lockward.remedies import quote
from lockward.rules import _npmrc_fix, _npmrc_keys, _npmrc_secrets, _registry_facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    from lockward.model import Severity, Tree
    from lockward.policy import Policy
    from lockward.registries.ini import Header
    from lockward.registries.npmrc import Npmrc, Setting
    from lockward.rules._npmrc_keys import Row

ID: Final = "npmrc-unsafe"
SEVERITY: Final[Severity] = "error"
NAME: Final = ".npmrc"
_SHOWN: Final = 3  # settings that a message names
_UNSEEN: Final = "it looks like a setting and is none: readers are misled"
_BLIND: Final = "nobody who reads the file can tell what npm does"


def judge(path: str, tree: Tree, policy: Policy) -> Iterator[Finding]:
    """Everything that is wrong with one .npmrc."""
    try:
        data = tree.read(path, npmrc.LARGEST)
    except LockwardError as fault:
        yield unreadable(path, fault)
        return
    if data is not None:
        yield from _File(npmrc.parse(path, data), tree, policy).judge()


def unreadable(path: str, fault: LockwardError) -> Finding:
    """A settings file that is no plain file, or that cannot be read."""
    link = isinstance(fault, NotAFileError)
    return Finding(
        rule=ID,
        severity=SEVERITY,
        path=path,
        line=fault.line or 1,
        subject="unreadable",
        message=f"{path} {'is a symbolic link' if link else fault.message}",
        why="the package manager reads what is behind it, and this check cannot",
        remedy=(f"git rm --cached {quote(path)}",),
        undecided=not link,
    )


class _File:
    """One file and what it is judged by."""

    def __init__(self, file: Npmrc, tree: Tree, policy: Policy) -> None:
        self.file: Final = file
        self.path: Final = file.path
        self.tree: Final = tree
        self.policy: Final = policy
        self.declared: Final = _npmrc_secrets.declared_hosts(policy)
        self.pinned: Final = _npmrc_secrets.pinned_hosts(file)

    def judge(self) -> Iterator[Finding]:
        """Secrets wherever they stand; then what npm applies; then what it does not."""
        yield from self.secrets()
        for lines in self.file.effective.values():
            for setting in lines:
                yield from self._effective(setting)
            yield from self._last(lines[-1])
        yield from self._without_effect()

    def secrets(self) -> Iterator[Finding]:
        """Secrets that are written out, in comments and sections too."""
        for setting in (*self.file.settings, *self.file.comments):
            secret = _npmrc_secrets.literal(setting)
            if secret:
                shown = _npmrc_secrets.shown(secret)
                yield self._finding(
                    setting,
                    f"{setting.key}: a secret is written out ({shown})",
                    why="everybody who can read the repository, or its history, can use it",
                    remedy=_npmrc_fix.from_environment(self.file, setting),
                    subject=secret,
                )

    # What npm applies

    def _effective(self, setting: Setting) -> Iterator[Finding]:
        """One line that counts."""
        yield from self._credential(setting)
        if setting.key_env and not setting.nerf:
            names = ", ".join(setting.key_env[:_SHOWN])
            fact = f"the environment ({names}) decides which setting this is"
            yield self._finding(setting, f"{setting.raw_key}: {fact}", why=_BLIND)
        if setting.key == "registry" or setting.key.endswith(registries.REGISTRY):
            yield from self._registry(setting)
            return
        row = _npmrc_keys.row_of(setting)
        if row is not None:
            yield from self._known(setting, row)
        elif _npmrc_keys.meant(setting.key):
            meant = _npmrc_keys.meant(setting.key)
            yield self._finding(
                setting,
                f"{setting.key}: npm knows no such setting, it is {meant}",
                why=_UNSEEN,
                remedy=_npmrc_fix.renamed(self.file, setting, meant),
            )

    def _last(self, setting: Setting) -> Iterator[Finding]:
        """The line that decides a key whose value is a file, a folder or a text."""
        if setting.key in _OTHER_FILES:
            yield from self._follow(setting)
        elif setting.key == "cache":
            yield from self._cache(setting)
        elif setting.key == "user-agent" and setting.env:
            fact = "npm sends the environment's value to every registry"
            yield self._finding(
                setting,
                f"{_npmrc_secrets.written(setting)}: {fact}",
                why="a secret in that variable leaves with the first request",
            )

    def _known(self, setting: Setting, row: Row) -> Iterator[Finding]:
        """A key of the table."""
        fact = row.test(setting)
        if not fact or (setting.key == "allow-scripts" and setting.value in self.policy.reviewed):
            return
        severity, written = row.severity, _npmrc_secrets.written(setting)
        if setting.key == "ignore-scripts" and setting.raw != "false":
            severity = "error"  # 0, null and ${X?} read as if they did something
        yield self._finding(
            setting,
            f"{written}: {fact}",
            severity=severity,
            why=_npmrc_keys.WHY[row.effect],
            group=_npmrc_keys.GROUP[row.effect],
            row=(written, fact),
        )

    def _registry(self, setting: Setting) -> Iterator[Finding]:
        fact = _registry_facts.fact(
            setting.value, self.declared, from_environment=bool(setting.env)
        )
        if fact:
            yield self._finding(
                setting,
                f"{_npmrc_secrets.written(setting)}: {fact}",
                why=_npmrc_keys.WHY["redirects"],
                group="{n} registries cannot be relied on",
                row=(_npmrc_secrets.written(setting), fact),
            )

    def _credential(self, setting: Setting) -> Iterator[Finding]:
        """A token that is no literal: where it goes, and whether npm takes it."""
        host = _npmrc_secrets.destination(setting)
        if host and host not in (self.declared or self.pinned):
            yield self._finding(
                setting,
                f"{setting.key}: a token from the environment is sent to {host}",
                severity="error" if self.declared else "warning",
                why="neither the policy nor a registry in this file names that host",
            )
        if _npmrc_secrets.unexpanded(setting):
            yield self._finding(
                setting,
                f"{_npmrc_secrets.written(setting)}: npm sends this text as it stands",
                severity="warning",
                why=f"npm expands ${{{setting.value[1:]}}} only",
            )
        elif _npmrc_secrets.unscoped(setting) and not _npmrc_secrets.literal(setting):
            yield self._finding(
                setting,
                f"{setting.key}: no registry is named, so npm refuses to start",
                severity="warning",
                why="older npm sends it to whatever registry is the default",
            )

    def _cache(self, setting: Setting) -> Iterator[Finding]:
        """A cache in the repository is harmless until files of it are committed."""
        folder = resolve(folder_of(self.path), setting.value)
        if folder is None or setting.env:
            return
        inside = tuple(f"{folder}/{name}/".lstrip("/") for name in ("_cacache", "_npx"))
        if any(path.startswith(inside) for path in self.tree.entries()):
            fact = "npm takes packages from files that are committed here"
            yield self._finding(
                setting,
                f"{_npmrc_secrets.written(setting)}: {fact}",
                why=_npmrc_keys.WHY["redirects"],
            )

    def _follow(self, setting: Setting) -> Iterator[Finding]:
        """What userconfig or globalconfig brings in from this repository; one step only."""
        path = resolve(folder_of(self.path), setting.value)
        try:
            data = self.tree.read(path, npmrc.LARGEST) if path else None
        except LockwardError:
            return  # the setting itself is refused
        if path and data is not None:
            other = _File(npmrc.parse(path, data), self.tree, self.policy)
            names = list(other.file.effective)
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            yield self._finding(
                setting,
                f"{setting.key}: npm also reads {path}, which sets "
                f"{', '.join(names[:_SHOWN]) or 'nothing'}{more}",
                why=_npmrc_keys.WHY["redirects"],
            )
            if name_of(path).lower() != NAME:
                yield from other.secrets()

    # What npm does not apply

    def _without_effect(self) -> Iterator[Finding]:
        for header, settings in self.file.sections:
            if settings:
                yield self._section(header, [setting.key for setting in settings])
        for number, key, kind in self.file.broken:
            yield self._at(number, f"{kind}\n{key}", f"{key}: {_BROKEN[kind]}")
        written = {setting.key for setting in self.file.settings if not setting.inert}
        for key, line in self.file.rewritten.items():
            if key in written:
                fact = "set, and taken away again by the section or null here"
                yield self._at(line, f"rewritten\n{key}", f"{key}: {fact}")

    def _section(self, header: Header, hidden: list[str]) -> Finding:
        named = ", ".join(hidden[:_SHOWN]) + (", ..." if len(hidden) > _SHOWN else "")
        return self._at(
            header.number,
            f"section\n{header.name}\n{named}",
            f"[{header.name}]: npm applies nothing below a section's header ({named})",
            SEVERITY if any(map(_npmrc_keys.matters, hidden)) else "warning",
        )

    def _at(self, line: int, subject: str, message: str, severity: Severity = SEVERITY) -> Finding:
        """A finding about a line that is no setting."""
        return Finding(
            rule=ID,
            severity=severity,
            path=self.path,
            line=line,
            subject=subject,
            message=message,
            why=_UNSEEN,
            remedy=(_npmrc_fix.by_hand(self.file, line),),
        )

    def _finding(
        self,
        setting: Setting,
        message: str,
        *,
        why: str,
        severity: Severity = SEVERITY,
        remedy: tuple[str, ...] = (),
        group: str = "",
        row: tuple[str, ...] = (),
        subject: str = "",
    ) -> Finding:
        """A finding about a setting; another value is another finding."""
        return Finding(
            rule=ID,
            severity=severity,
            path=self.path,
            line=setting.line,
            subject=f"{setting.key}\n{_digest(subject or message)}",
            message=message,
            why=why,
            remedy=remedy or _npmrc_fix.without(self.file, setting),
            group=group,
            row=row,
        )


_OTHER_FILES: Final = ("userconfig", "globalconfig")
_BROKEN: Final = {
    "skipped": "npm skips this line: a Unicode line separator is in its value",
    "fatal": "npm cannot read this line, and may stop at it",
}


def _digest(text: str) -> str:
    """Tells two values apart without holding them."""
    from binascii import crc32

    return f"{crc32(text.encode('utf-8', 'surrogatepass')):08x}"
