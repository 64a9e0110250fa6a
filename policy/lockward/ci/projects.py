"""What a tree tells of the project that a command installs: managers.Facts, read when asked.

Only names of the tree, package.json's packageManager and the managers' own
settings files are looked at.
"""

from __future__ import annotations

from lockward.ci.managers.verdict import Facts
from lockward.ci.text import fold
from lockward.errors import LockwardError
from lockward.managers import LOCKFILES, declarations
from lockward.paths import ancestors, folder_of, join

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.ci.command import Command
    from lockward.model import Tree

_LARGEST: Final = 1 << 20  # bytes of a manifest or a settings file
# What was parsed last: every rule about CI asks for the same few manifests.
_PARSED: Final[dict[str, Mapping[str, object]]] = {}
_MOST_PARSED: Final = 32
_HEAD: Final = 400  # bytes of a yarn.lock that hold its header


class Projects:
    """The projects of one tree, by folder."""

    def __init__(self, tree: Tree) -> None:
        self._tree: Final = tree
        self._known: Final[dict[tuple[str | None, str], Facts]] = {}
        self._manifests: Final[dict[str, Mapping[str, object]]] = {}
        self._scripts: Final[dict[str, Mapping[str, str] | None]] = {}
        self._foreign: dict[str, str] | None = None
        self._any_locked: bool | None = None

    def facts(self, directory: str | None, beside: str) -> Facts:
        """What is known of the project in a folder.

        ``directory`` None: the file does not tell; then the folder of the file
        (``beside``) and those above it are the best guess.
        """
        key = (directory, folder_of(beside) if directory is None else "")
        if key not in self._known:
            self._known[key] = self._read(directory, beside)
        return self._known[key]

    def directory(self, command: Command) -> str | None:
        """The folder that a command installs: its own option's, or the one it runs in."""
        from lockward.ci import managers
        from lockward.ci.shell.scope import moved

        own = managers.directory(command.argv)
        return moved(command.directory, own) if own else command.directory

    def scripts(self, path: str) -> Mapping[str, str] | None:
        """The scripts of a package.json by name; None when it is not there."""
        if path not in self._scripts:
            self._scripts[path] = self._read_scripts(path)
        return self._scripts[path]

    def _read_scripts(self, path: str) -> Mapping[str, str] | None:
        if path not in self._tree.entries():
            return None
        found = self._manifest(path).get("scripts")
        named = found if isinstance(found, dict) else {}
        return {name: text for name, text in named.items() if isinstance(text, str)}

    def without_scripts(self, folder: str, manager: str) -> bool:
        """Whether a settings file tells a manager to run no install scripts."""
        for each in ancestors(folder):
            npmrc = dict(_pairs(self._text(join(each, ".npmrc")), "="))
            berry = dict(_pairs(self._text(join(each, ".yarnrc.yml")), ":"))
            if npmrc.get("ignore-scripts") == "true":
                return True
            if manager == "yarn" and berry.get("enableScripts") == "false":
                return True
        return False

    def _read(self, directory: str | None, beside: str) -> Facts:
        folder = folder_of(beside) if directory is None else self._spelled(directory)
        folders = ancestors(folder)
        locked = frozenset(self._lockfiles(folders))
        around = frozenset(
            manager
            for each in folders
            for name, manager in LOCKFILES.items()
            if join(each, name) in self._tree.entries()
        )
        known = join(folder, "package.json") in self._tree.entries()
        if known and not locked and directory is None:
            known = not self._is_locked_anywhere()
        versions, frozen, off = self._settings(folders)
        return Facts(
            known=known,
            locked=locked,
            versions=versions,
            frozen=frozen,
            lockfile_off=off,
            around=around,
        )

    def _spelled(self, directory: str) -> str:
        """The folder whose cleaned name is this one."""
        if "_" not in directory or any(
            join(directory, name) in self._tree.entries() for name in ("package.json", *LOCKFILES)
        ):
            return directory
        if self._foreign is None:
            self._foreign = {}
            paths = self._tree.entries()
            for path in () if "".join(paths).isascii() else paths:
                folder = "" if path.isascii() else folder_of(path)
                if not folder.isascii():
                    self._foreign.setdefault(fold(folder), folder)
        return self._foreign.get(directory, directory)

    def _is_locked_anywhere(self) -> bool:
        if self._any_locked is None:
            endings = tuple(LOCKFILES)
            near = (path for path in self._tree.entries() if path.endswith(endings))
            self._any_locked = any(path.rpartition("/")[2] in LOCKFILES for path in near)
        return self._any_locked

    def _lockfiles(self, folders: list[str]) -> Iterator[str]:
        """The managers of the lockfiles in the nearest folder that has any."""
        entries = self._tree.entries()
        for folder in folders:
            found = [LOCKFILES[name] for name in LOCKFILES if join(folder, name) in entries]
            if found:
                yield from found
                return

    def _settings(
        self, folders: list[str]
    ) -> tuple[dict[str, str], dict[str, bool], frozenset[str]]:
        versions: dict[str, str] = {}
        frozen: dict[str, bool] = {}
        off: set[str] = set()
        for folder in folders:  # the nearest folder wins
            for name, version in self._versions(folder):
                versions.setdefault(name, version)
            for name, value in self._frozen(folder):
                frozen.setdefault(name, value)
            npmrc = dict(_pairs(self._text(join(folder, ".npmrc")), "="))
            if npmrc.get("package-lock") == "false":
                off.add("npm")
        return versions, frozen, frozenset(off)

    def _text(self, path: str) -> str:
        """A file as text; "" when it is not there or cannot be read (other rules tell)."""
        if path not in self._tree.entries():
            return ""
        try:
            data = self._tree.read(path, _LARGEST)
        except LockwardError:
            return ""
        return "" if data is None else data.decode("utf-8", "replace")

    def _versions(self, folder: str) -> Iterator[tuple[str, str]]:
        """Managers and their versions, the most telling source first."""
        yield from _declared(self._manifest(join(folder, "package.json")))
        yarnrc = join(folder, ".yarnrc.yml")
        if yarnrc in self._tree.entries():
            path = dict(_pairs(self._text(yarnrc), ":")).get("yarnPath", "")
            version = path.rpartition("yarn-")[2].removesuffix(".cjs").removesuffix(".js")
            yield "yarn", version if version[:1].isdigit() else "4"
        header = self._text(join(folder, "yarn.lock"))[:_HEAD]
        if "# yarn lockfile v1" in header:
            yield "yarn", "1"
        elif "__metadata:" in header:
            yield "yarn", "4"

    def _manifest(self, path: str) -> Mapping[str, object]:
        if path not in self._manifests:
            self._manifests[path] = self._parsed(path)
        return self._manifests[path]

    def _parsed(self, path: str) -> Mapping[str, object]:
        from lockward import jsonread

        text = self._text(path)
        known = _PARSED.get(text)
        if known is None:
            try:
                data = text.encode()
                value = jsonread.read(path, data, LockwardError, comments=True) if text else None
            except LockwardError:
                value = None  # lockfile-unreadable tells
            known = value if isinstance(value, dict) else {}
            if len(_PARSED) >= _MOST_PARSED:
                _PARSED.clear()
            _PARSED[text] = known
        return known

    def _frozen(self, folder: str) -> Iterator[tuple[str, bool]]:
        """What settings files say of frozen installs."""
        berry = dict(_pairs(self._text(join(folder, ".yarnrc.yml")), ":"))
        workspace = dict(_pairs(self._text(join(folder, "pnpm-workspace.yaml")), ":"))
        npmrc = dict(_pairs(self._text(join(folder, ".npmrc")), "="))
        classic = dict(_pairs(self._text(join(folder, ".yarnrc")), " "))
        bun = dict(_pairs(_section(self._text(join(folder, "bunfig.toml")), "[install]"), "="))
        for manager, value in (
            ("yarn", berry.get("enableImmutableInstalls")),
            ("yarn", classic.get("--install.frozen-lockfile", classic.get("--frozen-lockfile"))),
            ("pnpm", workspace.get("frozenLockfile", npmrc.get("frozen-lockfile"))),
            ("bun", bun.get("frozenLockfile")),
        ):
            if value in ("true", "false"):
                yield manager, value == "true"


def _declared(manifest: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What a package.json declares, then Volta's pins."""
    yield from declarations(manifest)
    volta = manifest.get("volta")
    for name in ("npm", "yarn", "pnpm"):
        if isinstance(volta, dict) and isinstance(volta.get(name), str):
            yield name, volta[name]


def _pairs(text: str, separator: str) -> Iterator[tuple[str, str]]:
    """Keys and values at the top level of a settings file, one a line."""
    for line in text.splitlines():
        key, found, value = line.partition(separator)
        if found and not line.startswith((" ", "\t", "#", ";")):
            yield key.strip(), value.split(" #")[0].strip().strip("\"'")


def _section(text: str, header: str) -> str:
    """The lines of one table of a TOML file."""
    _, found, rest = text.partition(header)
    return rest.partition("\n[")[0] if found else ""
