"""yarn.lock of Yarn 1 (``# yarn lockfile v1``).

Read as Yarn's own tokenizer reads it (yarn, src/lockfile/parse.js), limited to
what Yarn writes: entries at column 0, fields at two blanks, dependencies at
four.  Anything else is an error with its line: Yarn itself forgives comments in
odd places, duplicate keys and merge conflicts, and so shows two readers two files.
"""

from __future__ import annotations

from lockward import tarball
from lockward.errors import LockfileError
from lockward.lockfiles import archives
from lockward.model import EMPTY, Lockfile, Package

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.model import Source

    Field = str | dict[str, str]
    Entry = dict[str, Field]

FORMAT: Final = "yarn-classic"
_CONFLICTS: Final = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
_BLOCKS: Final = frozenset(
    {"dependencies", "optionalDependencies", "prebuiltVariants", "permissions"}
)
_FIELDS: Final = frozenset({"name", "version", "uid", "resolved", "registry", "integrity"})
_BARE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/.-")
_TRUTHS: Final = ("true", "false")  # tokens of their own: Yarn quotes words that begin so
_ENDS_BARE: Final = frozenset(':,"\x20')


def read(path: str, data: bytes) -> Lockfile:
    """A Yarn 1 lockfile; LockfileError with the line for anything Yarn would not write."""
    entries, lines = _Reader(path).entries(_decode(path, data))
    packages = tuple(
        _package(path, patterns, entry, line)
        for (patterns, entry), line in zip(entries, lines, strict=True)
    )
    located = {package.key: line for package, line in zip(packages, lines, strict=True)}
    return Lockfile(
        path=path,
        format=FORMAT,
        version="1",
        packages=packages,
        importers={},
        raw={package.key: package.raw for package in packages},
        locate=lambda: located,
    )


def _decode(path: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise LockfileError("is not UTF-8", path=path, line=line) from None
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


class _Reader:
    """Reads line by line; ``path`` is for error messages."""

    def __init__(self, path: str) -> None:
        self.path: Final = path
        self.number = 0
        self.seen: Final[dict[str, int]] = {}
        self.words: Final[dict[str, str]] = {}  # lines repeat: word as written -> word

    def fault(self, message: str) -> LockfileError:
        return LockfileError(message, path=self.path, line=self.number)

    def entries(self, text: str) -> tuple[list[tuple[list[str], Entry]], list[int]]:
        """Every entry as (patterns, fields), and the line of each."""
        found: list[tuple[list[str], Entry]] = []
        lines: list[int] = []
        entry: Entry | None = None
        block: dict[str, str] | None = None
        for self.number, line in enumerate(text.split("\n"), 1):
            if not line or line[0] == "#":
                self._header(line)
            elif line[0] != " ":
                entry, block = {}, None
                found.append((self._patterns(line), entry))
                lines.append(self.number)
            elif entry is None:
                raise self.fault("has a field before its first entry")
            elif line.startswith("    "):
                if block is None:
                    raise self.fault("is indented deeper than its entry")
                self._into(block, line[4:])
            else:
                block = self._field(entry, line)
        return found, lines

    def _header(self, line: str) -> None:
        if line.startswith("# yarn lockfile v") and line != "# yarn lockfile v1":
            raise self.fault(f"is of a version that Yarn 1 does not read: {line[2:40]}")

    def _patterns(self, line: str) -> list[str]:
        """``a@^1, "b@npm:c@^2":`` into its patterns, none of which stood before."""
        if line.startswith(_CONFLICTS):
            raise self.fault("has merge-conflict markers")
        if line[-1] != ":":
            raise self.fault("is not an entry of a yarn.lock")
        patterns: list[str] = []
        for word in self._listed(line[:-1]):
            if word in self.seen:
                raise self.fault(f'"{word}" is there twice (first on line {self.seen[word]})')
            self.seen[word] = self.number
            patterns.append(word)
        return patterns

    def _listed(self, text: str) -> Iterator[str]:
        """The words of ``a, "b", c``, in time linear in the text."""
        at = 0
        while True:
            if text[at : at + 1] == '"':
                word, at = self._quoted_at(text, at)
            else:
                stop = text.find(",", at)
                word, at = text[at : stop if stop >= 0 else len(text)], max(stop, 0) or len(text)
                self._check_bare(word)
            yield word
            if at == len(text):
                return
            if text[at : at + 2] != ", " or at + 2 == len(text):
                raise self.fault("is not a list of patterns")
            at += 2

    def _field(self, entry: Entry, line: str) -> dict[str, str] | None:
        """``  version "1.0.0"``, or ``  dependencies:`` which opens a block."""
        body = line[2:]
        if line[:2] != "  " or body[:1] in ("", " "):
            raise self.fault("is not indented by two or four blanks")
        if body[-1] == ":" and body[:-1] in _BLOCKS:
            block: dict[str, str] = {}
            if entry.setdefault(body[:-1], block) is not block:
                raise self.fault(f"{body[:-1]} is there twice in one entry")
            return block
        name, _, value = body.partition(" ")
        name = name.strip('"')  # bun's yarn.lock quotes the fields' names
        if name not in _FIELDS:
            raise self.fault(f"has a field that Yarn does not write: {name[:40]}")
        if name in entry:
            raise self.fault(f"{name} is there twice in one entry")
        entry[name] = self._whole(value)
        return None

    def _into(self, block: dict[str, str], body: str) -> None:
        """``    name "range"``."""
        name, rest = self._word(body)
        if not rest.startswith(" ") or name in block:
            raise self.fault(f'"{name}" is there twice' if name in block else "has no range")
        block[name] = self._whole(rest[1:])

    def _whole(self, text: str) -> str:
        """A word that fills the rest of its line."""
        known = self.words.get(text)
        if known is None:
            known, rest = self._word(text)
            if rest:
                raise self.fault("has something behind its value")
            self.words[text] = known
        return known

    def _word(self, text: str) -> tuple[str, str]:
        """The bare or quoted word that begins a text, and what follows it."""
        if text[:1] == '"':
            return self._quoted(text)
        word = text.partition(" ")[0].removesuffix(",")
        self._check_bare(word)
        return word, text[len(word) :]

    def _check_bare(self, word: str) -> None:
        """A word without quotes is what Yarn's tokenizer takes for one string or number."""
        if (
            not word
            or not _ENDS_BARE.isdisjoint(word)
            or (word[0] not in _BARE and not word.isdecimal())
            or not word.isprintable()
            or (word.startswith(_TRUTHS) and word not in _TRUTHS)
        ):
            raise self.fault("is not a line of a yarn.lock")

    def setting_word(self, text: str) -> tuple[str, str]:
        """A word of a .yarnrc: quoted, or up to a blank, a colon or a comma."""
        if text[:1] == '"':
            return self._quoted(text)
        end = next((at for at, char in enumerate(text) if char in ": ,"), len(text))
        if not end or not (text[0] in _BARE or text[:end].isdecimal()):
            raise self.fault("is not a line of a .yarnrc")
        return text[:end], text[end:]

    def _quoted(self, text: str) -> tuple[str, str]:
        word, end = self._quoted_at(text, 0)
        return word, text[end:]

    def _quoted_at(self, text: str, at: int) -> tuple[str, int]:
        """The quoted word that begins at a place, and where it ends."""
        end = text.find('"', at + 1)
        if end > 0 and "\\" not in text[at:end]:
            return text[at + 1 : end], end + 1
        from _json import scanstring

        try:
            word, end = scanstring(text, at + 1, True)
        except ValueError:
            raise self.fault("has a string that does not end") from None
        return word, end


_MOST_KEYS: Final = 64  # of one line of a .yarnrc


def setting(line: str) -> tuple[list[str], str | None]:
    """The keys and the value of one line of a .yarnrc; value None opens a block, no keys = odd."""
    reader = _Reader("")
    keys: list[str] = []
    try:
        word, rest = reader.setting_word(line)
        keys.append(word)
        while rest.startswith(",") and len(keys) < _MOST_KEYS:
            word, rest = reader.setting_word(rest[1:].lstrip(" "))
            keys.append(word)
        rest = rest.removeprefix(":").strip(" ")
        if not rest:
            return (keys, None) if line.endswith(":") else ([], None)
        value, rest = reader.setting_word(rest)
    except LockfileError:
        return [], None
    return (keys, value) if not rest.strip(" ") or rest.lstrip(" ")[0] == "#" else ([], None)


def split_pattern(pattern: str) -> tuple[str, str]:
    """``@s/a@^1`` -> ("@s/a", "^1"): the name ends at the first @ behind the scope's."""
    at = pattern.find("@", 1)
    return (pattern, "") if at < 0 else (pattern[:at], pattern[at + 1 :])


def names_in(path: str) -> list[str]:
    """``@s/a/**/b`` -> ["@s/a", "**", "b"]."""
    names: list[str] = []
    for part in path.split("/"):
        if names and names[-1].startswith("@") and "/" not in names[-1]:
            names[-1] = f"{names[-1]}/{part}"
        elif part:
            names.append(part)
    return names


def real_name(patterns: list[str]) -> tuple[str, str]:
    """The alias and the package's own name: what any pattern's ``npm:`` names.

    Never the ``name`` field: Yarn writes an alias there when entries are shared.
    """
    alias = split_pattern(patterns[0])[0]
    for pattern in patterns:
        if "@npm:" in pattern:
            wanted = split_pattern(pattern)[1]
            if wanted.startswith("npm:"):
                return alias, split_pattern(wanted[4:])[0]
    return alias, alias


def _package(path: str, patterns: list[str], entry: Entry, line: int) -> Package:
    version = entry.get("version")
    if not isinstance(version, str):
        raise LockfileError(f'"{patterns[0]}" has no version', path=path, line=line)
    alias, name = real_name(patterns)
    resolved = _text(entry, "resolved")
    address = "" if resolved is None else resolved.partition("#")[0]
    source: Source = "registry"
    if resolved is None or not _is_registrys(address, name, version):
        source, address = _source(resolved, split_pattern(patterns[0])[1])
    return Package(
        key=", ".join(patterns),
        alias=alias,
        name=name,
        version=version,
        source=source,
        resolved=address if resolved is not None else None,
        integrity=_text(entry, "integrity"),
        raw=entry,
        dependencies=_block(entry, "dependencies"),
        optional_dependencies=_block(entry, "optionalDependencies"),
        link=source == "link",
    )


def _text(entry: Entry, field: str) -> str | None:
    value = entry.get(field)
    return value if isinstance(value, str) else None


def _block(entry: Entry, field: str) -> Mapping[str, str]:
    value = entry.get(field)
    return value if isinstance(value, dict) else EMPTY


_SIMPLE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+@/")
_BASES: Final[dict[str, bool]] = {}  # what precedes name and version -> whether it is sound
_MOST_BASES: Final = 64


def _is_registrys(address: str, name: str, version: str) -> bool:
    """What nearly every address looks like: spares the parsing, with the parser's own verdict."""
    tail = f"{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
    base = address[: -len(tail)]
    if not address.endswith(tail) or not _SIMPLE.issuperset(tail) or "@" in base:
        return False
    if name[:1] == "." or "/." in tail or "/" in version:
        return False  # not what it seems, once somebody has resolved its dots
    known = _BASES.get(base)
    if known is None:
        if len(_BASES) >= _MOST_BASES:
            _BASES.clear()
        sound = not tarball.parse(address).defect and archives.as_git(address) is None
        known = _BASES[base] = sound and base.endswith("/") and ".git" not in base
    return known


def _source(resolved: str | None, wanted: str) -> tuple[Source, str]:
    """The kind of source, and its address without Yarn's ``#sha1`` fragment."""
    if resolved is None:
        local: Source = "link" if wanted.startswith("link:") else "directory"
        return (local if wanted.startswith(("link:", "file:", "./", "../")) else "registry"), ""
    if resolved.startswith(("git+", "git:", "git@", "ssh:")) or ".git#" in resolved:
        return "git", resolved
    address = resolved.partition("#")[0]
    if not address.startswith(("https:", "http:")):
        return "file", address
    git = archives.as_git(address) or archives.checkout(resolved)
    if git is not None:
        return "git", git
    return ("remote" if tarball.parse(address).defect else "registry"), address


def fragment(package: Package) -> str | None:
    """The sha1 that Yarn wrote behind ``#``: one more hash of the same bytes."""
    resolved = package.raw.get("resolved")
    sha1 = resolved.rpartition("#")[2] if isinstance(resolved, str) and "#" in resolved else ""
    return sha1 if len(sha1) == 40 and package.source != "git" else None  # noqa: PLR2004 - hex of sha1


def misfit(package: Package) -> str:
    """How an entry contradicts itself: a ``name`` that none of its patterns names; "" not at all.

    Yarn writes one when patterns of several names share an entry, and installs
    under it.
    """
    named = package.raw.get("name")
    if not isinstance(named, str) or named in (package.alias, package.name):
        return ""
    names = {split_pattern(pattern)[0] for pattern in package.key.split(", ")}
    return "" if named in names else f"is installed under the name {named}, which nobody asked for"
