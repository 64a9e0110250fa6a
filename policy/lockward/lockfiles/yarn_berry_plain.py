"""A yarn.lock of Yarn 2 and later in the very text that Yarn writes, entry by entry at C speed.

One expression tells of an entry's text that it holds nothing but what Yarn writes
of nearly every package, in its order and its quotes; the few others are read by
yamlread, and written anew for comparison.  A file with a line that is otherwise
is not read here at all.  So whatever is read here, `yarn_berry_text.written` gives
back letter by letter; tests/policy/lockfiles/test_yarn_berry_plain.py holds the two equal.
"""

from __future__ import annotations

from _collections_abc import Mapping  # what `collections.abc` is, without loading `collections`

from lockward import yamlread
from lockward.errors import LockfileError
from lockward.lockfiles.yarn_berry_specs import split
from lockward.lockfiles.yarn_berry_text import FIRST, HEADER, text_of
from lockward.model import EMPTY, NOTHING, Package

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator
    from typing import Final

# How `yarn_berry_text.scalar` writes a text: bare, or because of its first character or
# of one behind that, quoted.  Bare ones that YAML or Yarn could see otherwise are left out.
_BARE: Final = r"""(?:\.{0,2}/|[A-Za-z0-9_^~=+($]|<(?!<))[^"'\\\n:#,\[\]{}]*(?<! )"""
_QUOTED: Final = (
    r"""(?:[-?:,\[\]{}#&*!|>'%@` ][^"\\\n]*|[^"\\\n][^"\\\n:#,\[\]{}]*[:#,\[\]{}][^"\\\n]*)"""
)
_VALUE: Final = rf'(?:{_BARE}|"{_QUOTED}")'
_NAME: Final = r'(?:[A-Za-z0-9_][A-Za-z0-9_./-]{0,300}|"@[^"\\\n:#,\[\]{} ]{1,300}")'
_TEXTS: Final = rf"(?:\n    {_NAME}: {_VALUE})+"
_METAS: Final = rf"(?:\n    {_NAME}:\n      (?:optional|built|unplugged): (?:true|false))+"
_ENTRY: Final = (
    rf'(?:"({_QUOTED})"|({_BARE})):'
    r"\n  version: ([A-Za-z0-9][A-Za-z0-9.+-]*)"
    r'\n  resolution: "((@?[^@"\\\n]+)@(?:npm:\3|workspace:([^"\\\n:#]+)))"'
    rf"(?:\n  dependencies:({_TEXTS}))?"
    rf"(?:\n  peerDependencies:({_TEXTS}))?"
    rf"(?:\n  dependenciesMeta:({_METAS}))?"
    rf"(?:\n  peerDependenciesMeta:({_METAS}))?"
    rf"(?:\n  bin:({_TEXTS}))?"
    r"(?:\n  checksum: ([^\n]+))?"  # by _whole: a set of letters would double the time
    rf"(?:\n  conditions: {_VALUE})?"
    r"\n  languageName: (?:node|unknown)\n  linkType: (?:hard|soft)"
)
_METADATA: Final = "__metadata"
_LONGEST_KEY: Final = 1_000  # characters; Yarn writes a longer one in another way

_MATCH: Final[list[Callable[[str], re.Match[str] | None]]] = []


def _match() -> Callable[[str], re.Match[str] | None]:
    """The expression, compiled when the first such lockfile is read."""
    if not _MATCH:
        import re

        _MATCH.append(re.compile(_ENTRY, re.ASCII).fullmatch)
    return _MATCH[0]


class Entry(Mapping[str, "yamlread.Value"]):
    """The fields of an entry, read when one is asked for that is not its resolution.

    ``sound`` is the cacheKey ("" = whatever the file's is) under which nothing can be wrong
    with it by itself: from a registry, asked for by its own name alone, of its own version,
    with a whole checksum.  None where that is not so.
    """

    __slots__ = ("_fields", "resolution", "sound", "text")

    def __init__(self, text: str, resolution: str, sound: str | None) -> None:
        self.text: Final = text
        self.resolution: Final = resolution
        self.sound: Final = sound
        self._fields: yamlread.Mapping | None = None

    def get(self, field: str, default: object = None) -> object:  # type: ignore[override]  # quicker
        """See Mapping."""
        if field == "resolution":
            return self.resolution
        return self._read().get(field, default)

    def _read(self) -> yamlread.Mapping:
        if self._fields is None:
            (fields,) = (yamlread.block(self.text) or {}).values()
            assert isinstance(fields, dict)  # by the expression
            self._fields = fields
        return self._fields

    def __getitem__(self, field: str) -> yamlread.Value:
        return self.resolution if field == "resolution" else self._read()[field]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


class Document(Mapping[str, object]):
    """What such a lockfile holds, by key."""

    __slots__ = ("_by_key", "_metadata")

    def __init__(self, metadata: yamlread.Value, by_key: Mapping[str, Package]) -> None:
        self._metadata: Final = metadata
        self._by_key: Final = by_key

    @property
    def packages(self) -> tuple[Package, ...]:
        """Every entry's, in file order."""
        return tuple(self._by_key.values())

    def odd(self) -> list[Package]:
        """The packages that are not sound in this file, in file order."""
        current = self._metadata.get("cacheKey") if isinstance(self._metadata, dict) else None
        sound = ("", current)
        return [
            one
            for one in self._by_key.values()
            if type(one.raw) is not Entry or one.raw.sound not in sound
        ]

    def __getitem__(self, key: str) -> object:
        return self._metadata if key == _METADATA else self._by_key[key].raw

    def __iter__(self) -> Iterator[str]:
        yield _METADATA
        yield from self._by_key

    def __len__(self) -> int:
        return 1 + len(self._by_key)


# The text of an entry -> its package: two states of a lockfile share nearly all.
_KNOWN: Final[dict[str, Package]] = {}
_HELD: Final = [0]  # characters of them all
_MOST_HELD: Final = 3_000_000  # or twice what one state has
_LONGEST_KEPT: Final = 1 << 14  # characters of one that is kept


def read(data: bytes, other: Callable[[str, yamlread.Value], Package]) -> Document | None:
    """The document that a lockfile's bytes hold; None unless they are what Yarn writes.

    ``other`` makes the package of an entry that is not plain.
    """
    if not yamlread.is_plain_ascii(data) or data[-1:] != b"\n":
        return None
    head, first, *texts = *data[:-1].decode("ascii").split("\n\n"), ""
    metadata = _canonical(first) if f"{head}\n\n" == HEADER else None
    if metadata is None or metadata[0] != _METADATA:
        return None
    texts.pop()
    packages = _packages(texts, other)
    return None if packages is None else Document(metadata[1], packages)


def _packages(
    texts: list[str], other: Callable[[str, yamlread.Value], Package]
) -> dict[str, Package] | None:
    match, known = _match(), _KNOWN.get
    packages: dict[str, Package] = {}
    for text in texts:
        package = known(text)
        if package is None:
            found = match(text)
            package = None if found is None else _package(text, *found.groups())
            package = package or _other(text, other)
            if package is None:
                return None
            if len(text) <= _LONGEST_KEPT:
                _KNOWN[text] = package
                _HELD[0] += len(text)
        packages[package.key] = package
    if _HELD[0] > max(_MOST_HELD, 2 * sum(map(len, texts))):
        _forget_all_but(texts)
    keys = list(packages)
    ordered = len(keys) == len(texts) and keys == sorted(keys) and FIRST.isdisjoint(packages)
    return packages if ordered and _no_descriptor_twice(keys) else None


def _forget_all_but(texts: list[str]) -> None:
    stay = {text: _KNOWN[text] for text in texts if text in _KNOWN}
    _KNOWN.clear()
    _KNOWN.update(stay)
    _HELD[0] = sum(map(len, stay))


def _no_descriptor_twice(keys: list[str]) -> bool:
    descriptors = ", ".join(keys).split(", ")
    return len(set(descriptors)) == len(descriptors)


def _canonical(text: str) -> tuple[str, yamlread.Value] | None:
    """Key and value of a block, if it holds one and Yarn writes it like that."""
    found = yamlread.block(text)
    if found is None or len(found) != 1:
        return None
    ((key, value),) = found.items()
    return (key, value) if text_of(key, value) == f"{text}\n" else None


def _other(text: str, other: Callable[[str, yamlread.Value], Package]) -> Package | None:
    found = _canonical(text)
    try:
        return None if found is None else other(*found)
    except LockfileError:
        return None  # whoever reads all of it says what is wrong


def _package(  # noqa: PLR0917 - the expression's groups
    text: str,
    quoted: str | None,
    bare: str | None,
    version: str,
    resolution: str,
    name: str,
    folder: str | None,
    dependencies: str | None,
    peers: str | None,
    metas: str | None,
    peer_metas: str | None,
    bins: str | None,
    checksum: str | None,
) -> Package | None:
    """A plain entry's package; None where names are out of order, or the key is long."""
    key = quoted or bare or ""
    asked = EMPTY if dependencies is None else _texts(dependencies)
    asked_of_peers = EMPTY if peers is None else _texts(peers)
    optional = NOTHING if peer_metas is None else _optional(peer_metas)
    cache_key = "" if checksum is None else _cache_key(checksum)
    if asked is None or asked_of_peers is None or optional is None or cache_key is None:
        return None
    if len(key) > _LONGEST_KEY or (metas is not None and _optional(metas) is None):
        return None
    if bins is not None and _texts(bins) is None:
        return None
    sound = checksum is not None and folder is None and _by_own_name(key, name)
    return Package(
        key,
        name if sound else split(key.partition(", ")[0])[0],
        name,
        version,
        "registry" if folder is None else "workspace",
        folder,
        checksum,
        Entry(text, resolution, cache_key if sound else None),
        asked,
        EMPTY,
        asked_of_peers,
        EMPTY,
        optional,
    )


def _cache_key(checksum: str) -> str | None:
    """The cacheKey of a checksum, "" where it has none; None where no sha512's hex is behind it."""
    key, _, digest = checksum.rpartition("/")
    try:
        whole = len(digest) == _DIGEST and bytes.fromhex(digest).hex() == digest
    except ValueError:
        return None
    return key if whole and (not key or key.isalnum()) else None


_DIGEST: Final = 128  # characters


def _by_own_name(key: str, name: str) -> bool:
    """Whether every descriptor of a key asks for a range, or a tag, of the very name."""
    rest = f", {key}".replace(f", {name}@npm:", "\n")
    return ", " not in rest and "@" not in rest and ":" not in rest


def _optional(body: str) -> frozenset[str] | None:
    """The names whose flag says optional; None where Yarn would write them in another order."""
    flags = _texts(body.replace(":\n      ", ": "))
    if flags is None:
        return None
    return frozenset([name for name, flag in flags.items() if flag == "optional: true"])


def _texts(body: str) -> dict[str, str] | None:
    """The names and texts of lines; None where Yarn would write them in another order."""
    lines = body.replace('"', "")[5:].split("\n    ")
    found = dict([line.split(": ", 1) for line in lines])
    names = list(found)
    ordered = names == sorted(names) and len(names) == len(lines) and FIRST.isdisjoint(found)
    return found if ordered else None
