"""The YAML that pnpm and Yarn Berry write, read line by line; the rest read strictly.

A general YAML parser takes 150 ms or more for a large lockfile, and forgives what
no package manager writes.  This reader takes block mappings, block sequences,
plain and quoted scalars on one line, and flow collections on one line: all that
appeared in thousands of real lockfiles.  Whatever lies outside goes to
`lockward.yamlstrict`, which has PyYAML's grammar and refuses duplicates,
anchors, tags and merge keys.

Every scalar is a str, as written: ``1.10`` stays ``1.10``.  Proven equal to
PyYAML's BaseLoader by tests/policy/test_yamlread.py, on mutations as well.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.errors import LockwardError

    Value = str | list["Value"] | dict[str, "Value"]
    Mapping = dict[str, Value]


class OutsideSubsetError(Exception):
    """A line that this reader does not take; ``args`` is its number from 1."""


def read(path: str, data: bytes, error: type[LockwardError]) -> list[Mapping]:
    """The documents of a YAML file, each a mapping of str to str, list or mapping.

    Raises ``error`` with path and line for what cannot be read, and for what
    two readers could read differently.
    """
    return parse(path, decode(path, data, error), error)


def parse(path: str, text: str, error: type[LockwardError]) -> list[Mapping]:
    """The same of a text, whose lines end with LF."""
    try:
        return documents(text)
    except OutsideSubsetError:
        from lockward import yamlstrict

        return yamlstrict.read(path, text, error)


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
        raise OutsideSubsetError(0)
    return found


# Block -> its entries, and its last key when that still waits for its value.  The
# states of a lockfile before and after a change differ in a few blocks of thousands.
_BLOCKS: Final[dict[str, tuple[Mapping, str | None]]] = {}
_MOST_BLOCKS: Final = 20_000


def _blocks(text: str) -> Mapping | None:
    """A document of which empty lines part blocks that each parse alone; None for another.

    A block without indent brings keys of the document; one with an indent of two,
    entries of the key that the block before it left open.
    """
    if len(_BLOCKS) > _MOST_BLOCKS:
        _BLOCKS.clear()
    document: Mapping = {}
    inner: Mapping | None = None  # of the last key, once it is open
    waiting: str | None = None
    for block in text.rstrip("\n").split("\n\n"):
        known = _BLOCKS.get(block)
        if known is None:
            indent = 2 if block[:2] == "  " else 0
            known = entries(block.split("\n"), indent)
            if known is None:
                return None
            _BLOCKS[block] = known
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
            waiting = None
    return None if waiting is not None else document


# A line without its indent -> key and value (None = on deeper lines), for lines repeat.
_LINES: Final[dict[str, tuple[str, Value | None]]] = {}


def entries(  # noqa: C901, PLR0911, PLR0912 - one loop: a call for each line costs a third more
    lines: list[str], at: int
) -> tuple[Mapping, str | None] | None:
    """The mapping that some lines write at an indent, and its last key if that has no value yet.

    None when a line is outside the subset.  ``mapping`` is the innermost open
    one, ``stack`` those around it with their indents, ``pending`` the last key
    while it waits for deeper lines.
    """
    top: Mapping = {}
    mapping, stack = top, []
    pending: str | None = None
    sequence: list[Value] | None = None
    indents = 0  # of the open sequence
    for line in lines:
        body = line.lstrip(" ")
        if not body:
            if line:
                return None
            continue
        indent = len(line) - len(body)
        if body[0] == "-":
            if pending is not None and indent > at:
                sequence, indents = [], indent
                mapping[pending] = sequence
                pending = None
            item = _item(body)
            if sequence is None or indent != indents or item is None:
                return None
            sequence.append(item)
            continue
        parsed = _LINES.get(body) or _parse(body)
        if parsed is None:
            if body[0] == "#" and indent == 0:
                continue
            return None
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


def _item(body: str) -> Value | None:
    """What stands behind a dash; None outside the subset."""
    rest = body[2:]
    if body[:2] != "- " or not rest or rest[0] == " " or rest[-1] == " ":
        return None
    value = _value(rest)
    if isinstance(value, str) and rest[0] not in "'\"" and ": " in rest:
        return None
    return value


def _parse(body: str) -> tuple[str, Value | None] | None:
    """A line's key and value (None = on deeper lines)."""
    if body.startswith("resolution: {integrity: sha"):
        hashed = _integrity(body[12:])
        if hashed is not None:
            return "resolution", hashed  # not kept: such a line hardly repeats
    if body[-1] == " " or body[0] == "#":
        return None
    key, rest = _split(body)
    if key is None:
        return None
    value = _value(rest) if rest else None
    if rest and value is None:
        return None
    if len(_LINES) > _MOST_LINES:
        _LINES.clear()
    _LINES[body] = (key, value)
    return key, value


_MOST_LINES: Final = 60_000


def lines(data: bytes, depth: int) -> dict[str, int]:
    """Where keys stand: the keys down to ``depth``, joined by NUL, to a line from 1.

    For finding a place, not for judging: the first of equal keys counts, and
    whatever is no ``key:`` at the start of a line is passed over.
    """
    found: dict[str, int] = {}
    open_keys: list[tuple[int, str]] = []
    for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
        body = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if not body or body[0] in "#-":
            continue
        while open_keys and open_keys[-1][0] >= indent:
            open_keys.pop()
        key = _split(body)[0]
        if key is not None and len(open_keys) < depth:
            open_keys.append((indent, key))
            found.setdefault("\0".join(name for _, name in open_keys), number)
    return found


# A plain scalar may not begin with one of these (YAML 1.2, 7.3.3).  "-", "?" and
# ":" may, before a character that is not a blank; no lockfile needs that.
_INDICATORS: Final = frozenset("-?:,[]{}#&*!|>'\"%@`")
_FLOW: Final = frozenset(",[]{}")


def _plain(text: str) -> bool:
    """Whether a text on its own is a plain scalar that means itself."""
    return (
        text[0] not in _INDICATORS
        and ": " not in text
        and " #" not in text
        and text[-1] not in ": "
        and text[:4] not in ("--- ", "... ")
        and text not in ("...", "<<")
    )


def _split(body: str) -> tuple[str | None, str]:
    """A line's key and what follows ``: ``; key None when the line is no entry."""
    if body[0] in "'\"":
        return _split_quoted(body)
    if body[-1] == ":":
        key, rest = body[:-1], ""
    else:
        key, separator, rest = body.partition(": ")
        if not separator or rest[0] == " ":
            return None, ""
    return (key if key and _plain(key) else None), rest


def _split_quoted(body: str) -> tuple[str | None, str]:
    end = _closing(body)
    after = body[end + 1 :]
    if end < 0 or after[:1] != ":" or len(after) == 2 or after[1:3].strip(" ") != after[2:3]:  # noqa: PLR2004 - ":" alone, or ": x"
        return None, ""
    return _unquote(body[: end + 1]), after[2:]


def _closing(text: str) -> int:
    """Where the quoted scalar that begins a text ends; -1 when it does not."""
    quote = text[0]
    end = text.find(quote, 1)
    if quote == '"':
        while end > 0 and _escaped(text, end):
            end = text.find('"', end + 1)
        return end
    while end > 0 and text[end + 1 : end + 2] == "'":
        end = text.find("'", end + 2)
    return end


def _escaped(text: str, at: int) -> bool:
    """Whether an odd number of backslashes stands before a place."""
    before = text[:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _unquote(text: str) -> str | None:
    """The meaning of a whole quoted scalar; None outside the subset."""
    inner = text[1:-1]
    if text[0] == "'":
        return inner.replace("''", "'")
    if "\\" not in inner:
        return inner
    plain = inner.replace("\\\\", "\0")
    if "\\" in plain.replace('\\"', ""):
        return None  # any other escape is for the general parser
    return plain.replace('\\"', '"').replace("\0", "\\")


def _value(text: str) -> Value | None:
    """A value on one line: a scalar or a flow collection; None outside the subset."""
    first = text[0]
    if first in "{[":
        return _flow_all(text)
    if first in "'\"":
        return _unquote(text) if _closing(text) == len(text) - 1 else None
    return text if _plain(text) else None


def _flow_all(text: str) -> Value | None:
    if text in ("{}", "[]"):
        return {} if text == "{}" else []
    single = _integrity(text)
    if single is not None:
        return single
    value, end = _flow(text, 0, 0)
    return value if end == len(text) else None


def _integrity(text: str) -> Value | None:
    """``{integrity: sha512-…}``, the most frequent line of a pnpm lockfile."""
    if text.startswith("{integrity: sha") and text[-1] == "}":
        value = text[12:-1]
        rest = value.replace("-", "", 1).replace("+", "").replace("/", "").rstrip("=")
        if rest.isalnum() and rest.isascii():
            return {"integrity": value}
    return None


_DEEPEST: Final = 8


def _flow(text: str, at: int, depth: int) -> tuple[Value | None, int]:
    """The flow collection at a place and where it ends; None outside the subset."""
    closing = "}" if text[at] == "{" else "]"
    mapping: Mapping = {}
    sequence: list[Value] = []
    at += 1
    while depth < _DEEPEST:
        key, at = _flow_key(text, at) if closing == "}" else ("", at)
        value, at = _flow_value(text, at, depth)
        if key is None or value is None or key in mapping or at >= len(text):
            break
        if closing == "}":
            mapping[key] = value
        else:
            sequence.append(value)
        if text[at] == closing:
            return (mapping if closing == "}" else sequence), at + 1
        if text[at : at + 2] != ", ":
            break
        at += 2
    return None, at


def _flow_key(text: str, at: int) -> tuple[str | None, int]:
    key, at = _flow_scalar(text, at, key=True)
    return (key, at + 2) if text[at : at + 2] == ": " else (None, at)


def _flow_value(text: str, at: int, depth: int) -> tuple[Value | None, int]:
    if at >= len(text):
        return None, at
    return _flow(text, at, depth + 1) if text[at] in "{[" else _flow_scalar(text, at)


def _flow_scalar(text: str, at: int, *, key: bool = False) -> tuple[str | None, int]:
    """A scalar inside a flow collection, and where it ends."""
    if at >= len(text):
        return None, at
    if text[at] in "'\"":
        end = _closing(text[at:])
        return (None, at) if end < 0 else (_unquote(text[at : at + end + 1]), at + end + 1)
    end = at
    while end < len(text) and text[end] not in ",[]{}" and text[end : end + 2] != ": ":
        end += 1
    scalar = text[at:end]
    sound = scalar and _plain(scalar) and scalar.strip() == scalar and not (key and ":" in scalar)
    return (scalar if sound else None), end
