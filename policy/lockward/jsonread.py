"""JSON as npm reads it (RFC 8259, a byte order mark allowed), but in one meaning only.

What two readers could read in two ways is refused: a key that is there twice,
merge-conflict markers (npm resolves them silently, parse-conflict-json),
``__proto__``, a well-known key beside its twin in other case, wrong encoding.

The C scanner of the standard library does the work; it comes from ``_json``,
because ``json`` would import ``re`` (5 ms at start-up).  When the scanner
refuses a text, the slow cursor below reads it again to say what is wrong where.
"""

from __future__ import annotations

from lockward.jsoncursor import SCANNER_ERRORS, Cursor, Fault, scan, scan_unique, skip_blanks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Final

    from lockward.errors import LockwardError

    _Lines = Mapping[str, int]
else:
    _Lines = object

MAX_DEPTH: Final = 128  # objects and arrays in each other; real lockfiles hold fewer than 60
LONGEST_SHOWN: Final = 120  # characters of a key in a message
# Keys at the top of a lockfile or a manifest whose twin in other case some
# reader (Go's encoding/json ignores case) would take for the key itself.
WELL_KNOWN: Final = frozenset(
    name.lower()
    for name in (
        *("name", "version", "lockfileVersion", "requires", "packages", "dependencies"),
        *("devDependencies", "optionalDependencies", "peerDependencies"),
        *("peerDependenciesMeta", "bundleDependencies", "bundledDependencies"),
        *("overrides", "resolutions", "workspaces", "scripts", "packageManager", "private"),
    )
)
_BOM: Final = b"\xef\xbb\xbf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_FENCES: Final = (b"<<<<<<<", b"=======", b">>>>>>>")


def read(
    path: str,
    data: bytes,
    error: type[LockwardError],
    max_depth: int = MAX_DEPTH,
    *,
    comments: bool = False,
) -> object:
    """The value that the bytes hold: dict, list, str, int, float, bool or None.

    Raises ``error`` with path, line and JSON pointer when there is not exactly
    one value, or more than one meaning.  With ``comments`` the key ``//`` may be
    repeated: npm keeps it for comments in package.json.
    """
    text = decode(path, data, error)
    value: object = None
    try:
        value, sound = scanned(text, max_depth)
    except SCANNER_ERRORS:
        sound = False
    if not sound:
        _refuse(path, text, error, max_depth, comments=comments)
        value, _ = scan(text, skip_blanks(text, 0))  # only comments are repeated
    if type(value) is dict:
        refuse_twins(path, data, value, error)
    return value


def scanned(text: str, max_depth: int) -> tuple[object, bool]:
    """The value, and whether the text has one meaning only.

    A repeated key is found by counting: without a backslash every two quotes
    are a string, and a value that lost a member has lost at least its key.  A
    hook that looks at every object takes half as long again.
    """
    escaped = "\\" in text
    value, end = (scan_unique if escaped else scan)(text, skip_blanks(text, 0))
    if skip_blanks(text, end) < len(text):
        return value, False
    found = strings(value, max_depth)
    return value, found >= 0 and (escaped or 2 * found == text.count('"'))


def strings(value: object, max_depth: int) -> int:
    """How many strings a value holds, keys included; -1 if it is too deep or has __proto__."""
    count = int(type(value) is str)
    level: list[Any] = [value] if type(value) is dict or type(value) is list else []
    for _ in range(max_depth):
        below: list[Any] = []
        for outer in level:
            inside = outer
            if type(outer) is dict:
                if "__proto__" in outer:
                    return -1
                count += len(outer)
                inside = outer.values()
            for inner in inside:
                kind = type(inner)
                if kind is str:
                    count += 1
                elif kind is dict or kind is list:
                    below.append(inner)
        if not below:
            return count
        level = below
    return -1


def decode(path: str, data: bytes, error: type[LockwardError]) -> str:
    """The text, without its byte order mark."""
    if data.startswith(_UTF16):
        raise error("is UTF-16, npm reads UTF-8 only", path=path, line=1)
    if all(fence in data for fence in _FENCES):
        raise error("holds merge-conflict markers", path=path, line=_fence_line(data))
    if b"\0" in data:
        raise error("holds a NUL byte", path=path, line=line_at(data, data.index(b"\0")))
    try:
        return data.removeprefix(_BOM).decode()
    except UnicodeDecodeError as fault:
        at = fault.start + (len(_BOM) if data.startswith(_BOM) else 0)
        raise error("is not valid UTF-8", path=path, line=line_at(data, at)) from None


def line_at(data: bytes, at: int) -> int:
    """The line (from 1) that holds byte ``at``."""
    return data.count(b"\n", 0, at) + 1


def _fence_line(data: bytes) -> int:
    return line_at(data, min(data.index(fence) for fence in _FENCES))


def refuse_twins(
    path: str, data: bytes, document: dict[str, object], error: type[LockwardError]
) -> None:
    """Refuse ``Packages`` beside ``packages``."""
    seen: dict[str, str] = {}
    for key in document:
        lower = key.lower()
        if seen.setdefault(lower, key) != key and lower in WELL_KNOWN:
            message = f'"{shorten(key)}" differs from "{seen[lower]}" by its case only'
            raise error(message, path=path, line=locate(data, (key,)), pointer=pointer(key))


def _refuse(
    path: str, text: str, error: type[LockwardError], max_depth: int, *, comments: bool
) -> None:
    """Read the text again, slowly, and raise what is wrong with it; comments may be repeated."""
    try:
        if diagnose(text, max_depth, comments=comments):
            return
    except Fault as fault:
        line = text.count("\n", 0, fault.at) + 1
        message = fault.message
        if fault.first >= 0:
            message = f"{message} (first on line {text.count(chr(10), 0, fault.first) + 1})"
        elif _is_fence(text, fault.at):
            message = "holds a merge-conflict marker"
        raise error(message, path=path, line=line, pointer=pointer(*fault.keys)) from None
    # The scanner and the cursor disagree: never silently.
    raise error("is not valid JSON", path=path, line=1)


def _is_fence(text: str, at: int) -> bool:
    start = text.rfind("\n", 0, at) + 1
    return text.startswith(("<<<<<<<", "|||||||", "=======", ">>>>>>>"), start)


def diagnose(text: str, max_depth: int = MAX_DEPTH, *, comments: bool = False) -> bool:
    """Raise Fault at the first thing that ``read`` refuses in a text.

    Else whether comments are repeated, where they may be.  Iterative, linear in the text.
    """
    import json.decoder  # noqa: F401 - without it the scanner has no exception to raise

    cursor = Cursor(text)
    repeated: list[int] | None = [] if comments else None
    keys: list[str | int] = []
    stack = [_checked(cursor, repeated)] if cursor.opens() else []
    try:
        if not stack:
            cursor.skip()
        while stack:
            key = next(stack[-1], None)
            if key is None:
                stack.pop()
                continue
            keys[len(stack) - 1 :] = [key]
            if not cursor.opens():
                cursor.skip()
            elif len(stack) < max_depth:
                stack.append(_checked(cursor, repeated))
            else:
                told = f"nests deeper than {max_depth} levels"
                raise Fault(told, cursor.at)  # noqa: TRY301 - its keys are added below
        cursor.finish()
    except Fault as fault:
        fault.keys = (*keys[: max(len(stack) - 1, 0)], *fault.keys) if fault.keys else tuple(keys)
        raise
    return bool(repeated)


_COMMENT: Final = "//"


def _checked(cursor: Cursor, repeated: list[int] | None) -> Iterator[str | int]:
    """The keys of the container at the cursor; a Fault at a forbidden or a repeated one.

    ``repeated`` gets the positions of repeated comments (texts all of them); None: none may be.
    """
    seen: dict[str | int, int] = {}
    commented = False
    for key, at in cursor.members():
        if key == _COMMENT and repeated is not None and cursor.text.startswith('"', cursor.at):
            if commented:
                repeated.append(at)
                yield key
                continue
            commented = key not in seen
        first = seen.setdefault(key, at)
        if first != at:
            raise Fault(f'"{shorten(str(key))}" is there twice', at, first=first, keys=(key,))
        if key == "__proto__":
            raise Fault('"__proto__" is no key that two readers agree on', at, keys=(key,))
        yield key


# Where things stand


def pointer(*keys: str | int) -> str:
    """The JSON pointer (RFC 6901) of a path of keys."""
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in keys)


def shorten(text: str) -> str:
    """A foreign string for a message, cut in the middle."""
    if len(text) <= LONGEST_SHOWN:
        return text
    half = LONGEST_SHOWN // 2
    return f"{text[:half]}...{text[-half:]}"


def text_of(data: bytes) -> str:
    """The text of a document that has been read."""
    return data.decode("utf-8-sig", "replace")


def locate(data: bytes, keys: tuple[str | int, ...]) -> int:
    """The line of the member that a path of keys leads to.

    As far as the path exists: the line of its last member that does, else 1.
    """
    cursor = Cursor(text_of(data))
    found = 0
    try:
        for key in keys:
            at = _enter(cursor, key)
            if at < 0:
                break
            found = at
    except Fault:
        pass  # whoever asks has read the document: only what stands before the fault counts
    return cursor.text.count("\n", 0, found) + 1


def _enter(cursor: Cursor, key: str | int) -> int:
    """Move the cursor to the value under a key; where the key stands, -1 when nowhere."""
    if not cursor.opens():
        return -1
    for name, at in cursor.members():
        if name == key:
            return at
        cursor.skip()
    return -1


def members(data: bytes, *keys: str | int) -> dict[str, int]:
    """Key -> line of every member of the object that a path of keys leads to."""
    cursor = Cursor(text_of(data))
    found: dict[str, int] = {}
    line, last = 1, 0
    try:
        for key in keys:
            if _enter(cursor, key) < 0:
                return found
        if cursor.opens():
            for name, at in cursor.members():
                line, last = line + cursor.text.count("\n", last, at), at
                found[str(name)] = line
                cursor.skip()
    except Fault:
        pass  # as in locate
    return found


class Lines(_Lines):
    """JSON pointer -> line, of every member down to a depth.

    Kept as a tree: pointers written out could be quadratic in a hostile file.
    """

    __slots__ = ("_count", "_top")

    def __init__(self, data: bytes, depth: int) -> None:
        self._top, self._count = _tree(Cursor(text_of(data)), depth)

    def __getitem__(self, where: str) -> int:
        line, inside = 1, self._top
        for key in where.split("/")[1:]:
            line, inside = inside[key.replace("~1", "/").replace("~0", "~")]
        return line

    def get(self, where: str, default: int = 1) -> int:  # type: ignore[override]  # a line is never None
        """The line of a pointer; ``default`` when it leads nowhere."""
        try:
            return self[where]
        except KeyError:
            return default

    def nearest(self, keys: tuple[str | int, ...]) -> int:
        """The line of the member that a path of keys leads to, as ``locate`` has it."""
        line, inside = 1, self._top
        for key in keys:
            found = inside.get(str(key))
            if found is None:
                break
            line, inside = found
        return line

    def __contains__(self, where: object) -> bool:
        return isinstance(where, str) and self.get(where, 0) > 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        stack = [("", self._top)]
        while stack:
            prefix, inside = stack.pop()
            for key, (_, below) in inside.items():
                where = prefix + pointer(key)
                yield where
                if below:
                    stack.append((where, below))


if TYPE_CHECKING:
    # key -> (line, what is inside)
    _Tree = dict[str, tuple[int, "_Tree"]]


def _tree(cursor: Cursor, depth: int) -> tuple[_Tree, int]:
    """The members' lines, and how many there are."""
    top: _Tree = {}
    line, last, count = 1, 0, 0
    try:
        stack = [(cursor.members(), top)] if cursor.opens() and depth > 0 else []
        while stack:
            inside, tree = stack[-1]
            member = next(inside, None)
            if member is None:
                stack.pop()
                continue
            key, at = member
            line, last = line + cursor.text.count("\n", last, at), at
            below: _Tree = {}
            tree[str(key)] = (line, below)
            count += 1
            if cursor.opens() and len(stack) < depth:
                stack.append((cursor.members(), below))
            else:
                cursor.skip()
    except Fault:
        pass  # as in locate
    return top, count


def lines(data: bytes, depth: int = 2) -> Lines:
    """JSON pointer -> line, of every member down to a depth; one linear pass."""
    return Lines(data, depth)


# The documents that were asked about last, and their lines.
_PLACES: Final[list[tuple[bytes, Lines]]] = []
_KEPT: Final = 4


def place(data: bytes, keys: tuple[str | int, ...]) -> int:
    """What ``locate`` says, for whoever asks about one document again and again."""
    for known, found in _PLACES:
        if known is data:
            return found.nearest(keys)
    found = Lines(data, MAX_DEPTH)
    _PLACES[:] = [(data, found), *_PLACES[: _KEPT - 1]]
    return found.nearest(keys)
