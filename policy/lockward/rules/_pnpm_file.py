"""pnpm's settings, judged: pnpm-workspace.yaml, and ``pnpm`` in package.json up to pnpm 10."""

from __future__ import annotations

from lockward import jsonread, pnpm_settings, yamlread
from lockward.errors import LockwardError, ManifestError
from lockward.findings import Finding
from lockward.registries import npmrc
from lockward.registries.pnpm import urls
from lockward.remedies import quote
from lockward.rules import _npmrc_keys, _npmrc_secrets, _pnpm_keys, _registry_facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Final

    from lockward.model import Severity, Tree
    from lockward.policy import Policy
    from lockward.rules._pnpm_keys import Value

    Lines = Callable[[tuple[str, ...]], int]

_ID: Final = "npmrc-unsafe"
_ERROR: Final[Severity] = "error"


def judge(path: str, tree: Tree, policy: Policy) -> Iterator[Finding]:
    """Everything that is wrong with one pnpm-workspace.yaml; an unreadable one is its project's."""
    data = _read(path, tree)
    if data is None:
        return
    try:
        document = pnpm_settings.read(path, data)
    except LockwardError:
        return
    places = yamlread.lines(data, 2)
    file = _File(path, policy, lambda keys: places.get("\0".join(keys), 1))
    yield from file.judge(document)
    yield from file.registries(document)


def judge_manifest(path: str, tree: Tree, policy: Policy) -> Iterator[Finding]:
    """What stands below ``pnpm`` in a package.json."""
    data = _read(path, tree)
    if data is None:
        return
    try:
        document = jsonread.read(path, data, ManifestError, comments=True)
    except LockwardError:
        return
    own = document.get("pnpm") if isinstance(document, dict) else None
    if isinstance(own, dict):
        file = _File(path, policy, lambda keys: jsonread.place(data, ("pnpm", *keys)))
        yield from file.judge(own)


def _read(path: str, tree: Tree) -> bytes | None:
    try:
        return tree.read(path, npmrc.LARGEST)
    except LockwardError:
        return None  # lockfile-unreadable's business


def _value(value: object) -> Value:
    """A text, or the texts of a list, or the names that a mapping says anything but false of."""
    if isinstance(value, dict):
        return tuple(key for key, of in value.items() if str(of).lower() != "false")
    if isinstance(value, list):
        return tuple(str(one) for one in value)
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


class _File:
    """One file and what it is judged by."""

    def __init__(self, path: str, policy: Policy, line_of: Lines) -> None:
        self.path: Final = path
        self.line_of: Final = line_of
        self.declared: Final = _npmrc_secrets.declared_hosts(policy)

    def judge(self, document: Mapping[str, object]) -> Iterator[Finding]:
        """Each setting by the table, and those that only look like one."""
        for key, raw in document.items():
            value = _value(raw)
            row = _pnpm_keys.KEYS.get(key)
            fact = "" if row is None else row.test(value)
            if row is not None and fact:
                shown = value if isinstance(value, str) else ", ".join(value[:3])
                written = f"{key}: {shown}" if shown else key
                yield self._finding(
                    (key,),
                    f"{written}: {fact}",
                    severity=row.severity,
                    why=_npmrc_keys.WHY[row.effect],
                    group=_npmrc_keys.GROUP[row.effect].replace("npm", "pnpm"),
                    row=(written, fact),
                )
            elif row is None and _pnpm_keys.meant(key):
                yield self._finding(
                    (key,),
                    f"{key}: pnpm knows no such setting, it is {_pnpm_keys.meant(key)}",
                    why="it looks like a setting and is none: readers are misled",
                )

    def registries(self, document: Mapping[str, object]) -> Iterator[Finding]:
        """Each registry that the file names."""
        for keys, text in urls(document):
            setting = npmrc.Setting(self.path, self.line_of(keys), "registry", text)
            secret = _npmrc_secrets.literal(setting)
            if secret:
                shown = _npmrc_secrets.shown(secret)
                yield self._finding(
                    keys,
                    f"{keys[0]}: a secret is written out ({shown})",
                    why="everybody who can read the repository, or its history, can use it",
                    subject=secret,
                )
            fact = _registry_facts.fact(
                setting.value, self.declared, from_environment=bool(setting.env)
            )
            if fact:
                written = _npmrc_secrets.written(setting).partition("=")[2]
                yield self._finding(
                    keys,
                    f"{keys[0]}: {written}: {fact}",
                    why=_npmrc_keys.WHY["redirects"],
                    group="{n} registries cannot be relied on",
                    row=(written, fact),
                )

    def _finding(
        self,
        keys: tuple[str, ...],
        message: str,
        *,
        why: str,
        severity: Severity = _ERROR,
        group: str = "",
        row: tuple[str, ...] = (),
        subject: str = "",
    ) -> Finding:
        """A finding about a setting; another value is another finding."""
        from binascii import crc32

        line = self.line_of(keys)
        value = crc32((subject or message).encode("utf-8", "surrogatepass"))
        return Finding(
            rule=_ID,
            severity=severity,
            path=self.path,
            line=line,
            subject=f"{'.'.join(keys)}\n{value:08x}",
            message=message,
            why=why,
            remedy=(f"delete line {line} of {self.path}; git add {quote(self.path)}",),
            group=group,
            row=row,
        )
