"""Yarn's settings files, judged: .yarnrc of Yarn 1, .yarnrc.yml of Berry."""

from __future__ import annotations

from lockward.errors import LockwardError, NotAFileError
from lockward.findings import Finding
from lockward.paths import folder_of, resolve
from lockward.registries import REGISTRY, npmrc, yarnrc, yarnrc_yml
from lockward.remedies import quote
from lockward.rules import _npmrc_keys, _npmrc_secrets, _registry_facts, _yarn_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.model import Severity, Tree
    from lockward.policy import Policy
    from lockward.rules._yarn_keys import Row

_ID: Final = "npmrc-unsafe"
_ERROR: Final[Severity] = "error"
_RELEASES: Final = ".yarn/releases/yarn-"  # where `yarn set version` puts its own program
_PLUGINS: Final = ".yarn/plugins/"
_NOT_HERE: Final = "no such file is committed"


def judge(path: str, tree: Tree, policy: Policy) -> Iterator[Finding]:
    """Everything that is wrong with one .yarnrc."""
    data = _read(path, tree)
    if isinstance(data, Finding):
        yield data
        return
    settings, odd = yarnrc.parse(path, data or b"")
    file = _File(path, tree, policy)
    for setting in settings:
        yield from file.rc(setting)
    for line in odd:
        yield file.finding(
            str(line),
            line,
            "a line that Yarn 1 does not write: it reads the whole file as YAML",
            why="readers of one and of the other see two files",
        )


def judge_yml(path: str, tree: Tree, policy: Policy) -> Iterator[Finding]:
    """Everything that is wrong with one .yarnrc.yml."""
    data = _read(path, tree)
    if isinstance(data, Finding):
        yield data
        return
    file = _File(path, tree, policy)
    try:
        document = yarnrc_yml.read(path, data or b"")
    except LockwardError as fault:
        yield _unreadable(path, fault, fault.line or 1)
        return
    lines = yarnrc_yml.line_of(data or b"")
    for keys, text in yarnrc_yml.leaves(document):
        yield from file.yml(keys, text, _line(lines, keys))
    for key in document:
        meant = _yarn_keys.meant(key)
        if meant:
            yield file.finding(
                key,
                lines.get(key, 1),
                f"{key}: yarn knows no such setting, it is {meant}",
                why="it looks like a setting and is none: readers are misled",
            )


def _line(lines: Mapping[str, int], keys: tuple[str, ...]) -> int:
    """Where a value stands; an item of a list on its list's line."""
    while keys and "\0".join(keys) not in lines:
        keys = keys[:-1]
    return lines.get("\0".join(keys), 1)


def _read(path: str, tree: Tree) -> bytes | Finding | None:
    try:
        return tree.read(path, npmrc.LARGEST)
    except LockwardError as fault:
        return _unreadable(path, fault, 1)


def _unreadable(path: str, fault: LockwardError, line: int) -> Finding:
    link = isinstance(fault, NotAFileError)
    return Finding(
        rule=_ID,
        severity=_ERROR,
        path=path,
        line=line,
        subject="unreadable",
        message=f"{path} {'is a symbolic link' if link else fault.message}",
        why="yarn reads what is there, and this check cannot",
        remedy=(f"git checkout HEAD -- {quote(path)}",),
        undecided=not link,
    )


class _File:
    """One file and what it is judged by."""

    def __init__(self, path: str, tree: Tree, policy: Policy) -> None:
        self.path: Final = path
        self.tree: Final = tree
        self.declared: Final = _npmrc_secrets.declared_hosts(policy)

    def rc(self, setting: npmrc.Setting) -> Iterator[Finding]:
        """One line of a .yarnrc."""
        key, value = setting.key, setting.raw
        argument = key.removeprefix("--").rpartition(".")[2] if key.startswith("--") else ""
        if key == "yarn-path":
            yield from self._program(key, value, setting.line)
        elif argument == "registry" or key == "registry" or key.endswith(REGISTRY):
            yield from self._registry(key, value, setting.line)
        else:
            yield from self._secret(key, setting.line, _npmrc_secrets.literal(setting))
            row = _yarn_keys.ARGUMENTS.get(argument) if argument else _yarn_keys.RC.get(key)
            yield from self._row(key, value, setting.line, row)

    def yml(self, keys: tuple[str, ...], value: str, line: int) -> Iterator[Finding]:
        """One value of a .yarnrc.yml."""
        key, last = ".".join(keys), keys[-1]
        if keys == ("yarnPath",):
            yield from self._program(key, value, line)
        elif keys[0] == "plugins":
            yield from self._plugin(last, value, line)
        elif last in _yarn_keys.SECRETS:
            yield from self._secret(key, line, _written_out(value))
        elif last in _yarn_keys.REGISTRIES:
            yield from self._registry(key, value, line)
        else:
            table: Mapping[str, Row] = _yarn_keys.YML
            yield from self._row(key, value, line, table.get(last) or table.get(keys[0]))

    def _row(self, key: str, value: str, line: int, row: Row | None) -> Iterator[Finding]:
        fact = "" if row is None else row.test(value)
        if row is not None and fact:
            yield self.finding(
                key,
                line,
                f"{key}: {value}: {fact}",
                severity=row.severity,
                why=_npmrc_keys.WHY[row.effect],
                group=_npmrc_keys.GROUP[row.effect].replace("npm", "yarn"),
                row=(f"{key}: {value}", fact),
            )

    def _program(self, key: str, value: str, line: int) -> Iterator[Finding]:
        """The Yarn that runs instead of the one that was called: a file of this repository."""
        place = resolve(folder_of(self.path), value)
        fact = ""
        if place is None or "${" in value:
            fact = "outside the repository: whoever can write there runs code in every install"
        elif place not in self.tree.entries():
            fact = _NOT_HERE
        elif _RELEASES not in f"/{place}":
            fact = f"yarn runs this program, and it lies outside of {_RELEASES.rpartition('/')[0]}"
        if fact:
            yield self.finding(
                key,
                line,
                f"{key}: {value}: {fact}",
                severity="warning" if fact == _NOT_HERE else _ERROR,
                why=_npmrc_keys.WHY["executes"],
            )

    def _plugin(self, last: str, value: str, line: int) -> Iterator[Finding]:
        """A plugin is code inside of Yarn; ``path`` is what runs, the rest says whence it came."""
        if last in ("spec", "checksum"):
            return
        place = resolve(folder_of(self.path), value)
        if place is None:
            fact = "outside the repository: whoever can write there runs code in every install"
        elif place not in self.tree.entries():
            fact = _NOT_HERE
        elif _PLUGINS not in f"/{place}":
            fact = f"yarn runs this file, and it lies outside of {_PLUGINS}"
        elif f"{_PLUGINS}@yarnpkg/" in f"/{place}":
            return
        else:
            fact = "yarn runs this file in every command"
        severity: Severity = "warning" if fact.endswith("every command") else _ERROR
        yield self.finding(
            "plugins",
            line,
            f"plugins: {value}: {fact}",
            severity=severity,
            why=_npmrc_keys.WHY["executes"],
        )

    def _secret(self, key: str, line: int, secret: str) -> Iterator[Finding]:
        if secret:
            yield self.finding(
                key,
                line,
                f"{key}: a secret is written out ({_npmrc_secrets.shown(secret)})",
                why="everybody who can read the repository, or its history, can use it",
                first="revoke it where it was made: the history keeps it",
                subject=secret,
            )

    def _registry(self, key: str, value: str, line: int) -> Iterator[Finding]:
        setting = npmrc.Setting(self.path, line, "registry", value)
        yield from self._secret(key, line, _npmrc_secrets.literal(setting))
        fact = _registry_facts.fact(value, self.declared, from_environment="${" in value)
        if fact:
            written = _npmrc_secrets.written(setting).partition("=")[2]
            yield self.finding(
                key,
                line,
                f"{key}: {written}: {fact}",
                why=_npmrc_keys.WHY["redirects"],
                group="{n} registries cannot be relied on",
                row=(written, fact),
            )

    def finding(
        self,
        key: str,
        line: int,
        message: str,
        *,
        why: str,
        severity: Severity = _ERROR,
        group: str = "",
        row: tuple[str, ...] = (),
        subject: str = "",
        first: str = "",
    ) -> Finding:
        """A finding about a setting; another value is another finding."""
        from binascii import crc32

        value = crc32((subject or message).encode("utf-8", "surrogatepass"))
        by_hand = f"delete line {line} of {self.path}; git add {quote(self.path)}"
        return Finding(
            rule=_ID,
            severity=severity,
            path=self.path,
            line=line,
            subject=f"{key}\n{value:08x}",
            message=message,
            why=why,
            remedy=(first, by_hand) if first else (by_hand,),
            group=group,
            row=row,
        )


def _written_out(value: str) -> str:
    """What of a token stands in the file: all but ``${NAME}``, a default behind it included."""
    rest, depth_text = "", value
    while depth_text:
        head, found, tail = depth_text.partition("${")
        rest += head
        if not found:
            break
        inside, _, depth_text = tail.partition("}")
        rest += inside.partition("-")[2] if "-" in inside else ""
    return value if any(character.isalnum() for character in rest) else ""
