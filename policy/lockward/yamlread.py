"""The YAML that pnpm and Yarn Berry write, read line by line; the rest read strictly.

A general YAML parser takes 150 ms or more for a large lockfile, and forgives what
no package manager writes.  This reader takes block mappings, block sequences,
plain and quoted scalars on one line, flow collections on one line, comments: all
that appeared in thousands of real lockfiles, and most of what people write
(sequences of mappings: `lockward.yamlitems`).
Whatever lies outside goes to `lockward.yamlstrict`, which has PyYAML's grammar
and refuses duplicates, anchors, tags and merge keys.

Every scalar is a str, as written: ``1.10`` stays ``1.10``.  Proven equal to
PyYAML's BaseLoader by tests/policy/test_yamlread.py, on mutations as well.
"""

from __future__ import annotations

from lockward.yamlline import integrity, plain_entry, split, value_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.errors import LockwardError
    from lockward.yamlline import Mapping as Mapping  # noqa: PLC0414 - part of this interface
    from lockward.yamlline import Value as Value  # noqa: PLC0414 - likewise


class OutsideSubsetError(Exception):
    """A line that this reader does not take; ``args`` is its number from 1."""


def read(path: str, data: bytes, error: type[LockwardError]) -> list[Mapping]:
    """The documents of a YAML file, each a mapping of str to str, list or mapping.

    Raises ``error`` with path and line for what cannot be read, and for what
    two readers could read differently.
    """
    return parse(path, decode(path, data, error), error)


def parse(
    path: str, text: str, error: type[LockwardError], *, by_hand: bool = False
) -> list[Mapping]:
    """The same of a text, whose lines end with LF; ``by_hand`` as in yamlstrict.read."""
    try:
        return documents(text)
    except OutsideSubsetError:
        from lockward import yamlstrict

        return yamlstrict.read(path, text, error, by_hand=by_hand)


def decode(path: str, data: bytes, error: type[LockwardError]) -> str:
    """The text of UTF-8 bytes, its lines ended with LF."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise error("is not UTF-8", path=path, line=line) from None
    return text.replace("\r\n", "\n") if "\r" in text else text


def documents(text: str) -> list[Mapping]:
    """The documents of a text inside the subset; OutsideSubsetError for any other."""
    if not _is_plain_text(text):
        raise OutsideSubsetError(1)  # tabs, controls, odd line breaks, a byte order mark
    return [_document(part) for part in text.removeprefix("---\n").split("\n---\n")]


# What nearly every file is made of; anything else asks the slower question.
_ASCII: Final = bytes(range(0x20, 0x7F)) + b"\n"


def is_plain_ascii(data: bytes) -> bool:
    """Whether bytes hold nothing but ASCII's letters, its blank and line ends."""
    return not data.translate(None, _ASCII)


def _is_plain_text(text: str) -> bool:
    if text.isascii() and not text.encode().translate(None, _ASCII):
        return True
    return text.replace("\n", "").isprintable()


def _document(text: str) -> Mapping:
    """One document, block by block where it lies in blocks; see `entries` for what is taken."""
    found = _blocks(text)
    if found is None:
        found, pending = entries(text.split("\n"), 0) or ({}, None)
        if pending is not None:
            found = {}  # a key without a value: null, which no lockfile writes
    if not found:
        from lockward import yamlitems

        found = yamlitems.document(text)
    if not found:
        raise OutsideSubsetError(0)
    return found


# Block -> its entries, and its last key when that still waits for its value.  The
# states of a lockfile before and after a change differ in a few blocks of thousands.
_BLOCKS: Final[dict[str, tuple[Mapping, str | None]]] = {}
_HELD: Final = [0]  # characters of them all
_MOST_HELD: Final = 6_000_000
_MOST_BLOCKS: Final = 20_000
_LONGEST_BLOCK: Final = 1 << 14  # characters of one that is kept: most have some hundred


def _blocks(text: str) -> Mapping | None:
    """A document of which empty lines part blocks that each parse alone; None for another.

    A block without indent brings keys of the document; one with an indent of two,
    entries of the key that the block before it left open.
    """
    if len(_BLOCKS) > _MOST_BLOCKS or _HELD[0] > _MOST_HELD:
        _BLOCKS.clear()
        _HELD[0] = 0
    document: Mapping = {}
    inner: Mapping | None = None  # of the last key, once it is open
    waiting: str | None = None
    for block in text.rstrip("\n").split("\n\n"):
        known = _BLOCKS.get(block) or _read_block(block)
        if known is None:
            return None
        found, pending = known
        if block[:2] != "  ":
            if waiting is not None or not document.keys().isdisjoint(found):
                return None
            document.update(found)
            inner, waiting = None, pending
            if pending is not None:
                if pending in document:
                    return None
                inner = document[pending] = {}
        elif inner is None or pending is not None or not inner.keys().isdisjoint(found):
            return None
        else:
            inner.update(found)
            waiting = None if found else waiting  # a comment is no value
    return None if waiting is not None else document


def block(text: str) -> Mapping | None:
    """The entries of one block that stands alone; None outside the subset. Kept by nobody."""
    found = entries(text.split("\n"), 0)
    return None if found is None or found[1] is not None else found[0]


def _read_block(block: str) -> tuple[Mapping, str | None] | None:
    known = entries(block.split("\n"), 2 if block[:2] == "  " else 0)
    if known is not None and len(block) <= _LONGEST_BLOCK:
        _BLOCKS[block] = known
        _HELD[0] += len(block)
    return known


# A line without its indent -> key and value (None = on deeper lines), for lines repeat.
_LINES: Final[dict[str, tuple[str, Value | None]]] = {}


def entries(  # noqa: C901, PLR0911, PLR0912 - one loop: a call for each line costs a third more
    lines: list[str], at: int
) -> tuple[Mapping, str | None] | None:
    """The mapping that some lines write at an indent, and its last key if that has no value yet.

    None when a line is outside the subset.
    """
    # the innermost open mapping, those around it with their indents, a key that waits for lines
    top: Mapping = {}
    mapping, stack = top, []
    pending: str | None = None
    sequence: list[Value] | None = None
    indents = 0  # of the open sequence
    known = _LINES.get
    for line in lines:
        body = line.lstrip(" ")
        parsed = known(body)
        if parsed is None:
            if not body:
                if line:
                    return None
                continue
            if body[0] == "-":
                indent = len(line) - len(body)
                if pending is not None and indent >= at:
                    sequence, indents = [], indent
                    mapping[pending] = sequence
                    pending = None
                item = one_item(body)
                if sequence is None or indent != indents or item is None:
                    return None
                sequence.append(item)
                continue
            parsed = one_entry(body)
            if parsed is None:
                if body[0] == "#":
                    continue
                return None
        indent = len(line) - len(body)
        if pending is not None:
            if indent <= at:
                return None  # a key without a value: null, which no lockfile writes
            inner: Mapping = {}
            mapping[pending] = inner
            stack.append((at, mapping))
            mapping, at, pending = inner, indent, None
        elif indent != at:
            while indent < at and stack:
                at, mapping = stack.pop()
            if indent != at:
                return None
        sequence = None
        key, value = parsed
        if key in mapping:
            return None
        if value is None:
            pending = key
        else:
            mapping[key] = value
    return None if pending is not None and stack else (top, pending)


def one_item(body: str) -> Value | None:
    """What stands behind a dash on its line; None outside the subset."""
    rest = _uncommented(body[2:])
    if body[:2] != "- " or not rest or rest[0] == " " or rest[-1] == " ":
        return None
    value = value_of(rest)
    if isinstance(value, str) and rest[0] not in "'\"" and ": " in rest:
        return None
    return value


def one_entry(body: str) -> tuple[str, Value | None] | None:
    """A line's key and value (None = on deeper lines)."""
    if body.startswith("resolution: {integrity: sha"):
        hashed = integrity(body[12:])
        if hashed is not None:
            return "resolution", hashed  # not kept: such a line hardly repeats
    parsed = plain_entry(body) or _any_entry(body)
    if parsed is None:
        return None
    if len(_LINES) > _MOST_LINES:
        _LINES.clear()
    if len(body) <= _LONGEST_LINE:
        _LINES[body] = parsed
    return parsed


def _any_entry(body: str) -> tuple[str, Value | None] | None:
    if body[-1] == " " or body[0] == "#":
        return None
    key, rest = split(_uncommented(body))
    if key is None:
        return None
    value = value_of(rest) if rest else None
    return None if rest and value is None else (key, value)


_MOST_LINES: Final = 60_000
_LONGEST_LINE: Final = 512  # characters of one that is kept


def _uncommented(text: str) -> str:
    """A line without the comment behind it; a line whose ``#`` may be quoted stays as it is."""
    at = text.find(" #")
    if at < 0 or "'" in text or '"' in text:
        return text
    return text[:at].rstrip(" ")


def lines(data: bytes, depth: int) -> dict[str, int]:
    """Where keys stand: the keys down to ``depth``, joined by NUL, to a line from 1.

    For finding a place, not for judging: the first of equal keys counts, and
    whatever is no ``key:`` at the start of a line is passed over.
    """
    found: dict[str, int] = {}
    open_keys: list[tuple[int, str]] = []
    for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
        if depth == 1 and line[:1] == " " and open_keys and open_keys[0][0] == 0:
            continue
        body = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if not body or body[0] in "#-":
            continue
        while open_keys and open_keys[-1][0] >= indent:
            open_keys.pop()
        key = split(body)[0]
        if key is not None and len(open_keys) < depth:
            open_keys.append((indent, key))
            found.setdefault("\0".join(name for _, name in open_keys), number)
    return found
