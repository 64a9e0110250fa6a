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
    text = _decode(path, data, error)
    try:
        return documents(text)
    except OutsideSubsetError:
        from lockward import yamlstrict

        return yamlstrict.read(path, text, error)


def _decode(path: str, data: bytes, error: type[LockwardError]) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise error("is not UTF-8", path=path, line=line) from None
    return text.replace("\r\n", "\n") if "\r" in text else text


def documents(text: str) -> list[Mapping]:
    """The documents of a text inside the subset; OutsideSubsetError for any other."""
    if not text.replace("\n", "").isprintable():
        raise OutsideSubsetError(1)  # tabs, controls, odd line breaks, a byte order mark
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        if line and not reader.take(line):
            raise OutsideSubsetError(number)
    return reader.finish()


def lines(data: bytes, depth: int) -> dict[str, int]:
    """Where keys stand: the keys down to ``depth``, joined by NUL, to a line from 1.

    For finding a place, not for judging: the first of equal keys counts, and
    whatever is no ``key:`` at the start of a line is passed over.
    """
    found: dict[str, int] = {}
    open_keys: list[tuple[int, str]] = []
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        body = line.lstrip(" ")
        indent = len(line) - len(body)
        if not body or body[0] in "#-":
            continue
        while open_keys and open_keys[-1][0] >= indent:
            open_keys.pop()
        key = _split(body.rstrip())[0]
        if key is not None and len(open_keys) < depth:
            open_keys.append((indent, key))
            found.setdefault("\0".join(name for _, name in open_keys), number)
    return found


class _Reader:
    """The open collections, outermost first, while lines go by.

    ``mapping`` is the innermost open mapping, at ``indent``; ``pending`` its
    last key when that key still waits for its value on deeper lines.
    """

    def __init__(self) -> None:
        self.documents: Final[list[Mapping]] = []
        self.stack: list[tuple[int, Mapping]] = []
        self.mapping: Mapping = {}
        self.indent = 0
        self.pending: str | None = None
        self.sequence: list[Value] | None = None  # the open block sequence, if any
        self.sequence_indent = 0
        self.memo: Final[dict[str, tuple[str, Value | None]]] = {}
        self.dashes = False  # whether the open document began with ---

    def take(self, line: str) -> bool:
        """Read one line; False when it is outside the subset."""
        body = line.lstrip(" ")
        indent = len(line) - len(body)
        if not body or body[-1] == " ":
            return False
        first = body[0]
        if first == "#":
            return indent == 0
        if first == "-":
            return self._begin(line) if line == "---" else self._item(body, indent)
        return self._entry(body, indent)

    def _begin(self, line: str) -> bool:  # noqa: ARG002 - it is always ---
        if self.pending is not None:
            return False
        if self.stack or self.mapping:
            self._close_document()
        elif self.dashes:
            return False  # an empty document
        self.dashes = True
        return True

    def _close_document(self) -> None:
        top = self.stack[0][1] if self.stack else self.mapping
        self.documents.append(top)
        self.stack, self.mapping, self.indent = [], {}, 0
        self.sequence = None

    def _entry(self, body: str, indent: int) -> bool:
        """``key: value`` or ``key:``."""
        moved = indent != self.indent or self.pending is not None or self.sequence is not None
        if moved and not self._move(indent):
            return False
        parsed = self.memo.get(body) or self._parse(body)
        if parsed is None or parsed[0] in self.mapping:
            return False
        key, value = parsed
        if value is None:
            self.pending = key
        else:
            self.mapping[key] = value
        return True

    def _parse(self, body: str) -> tuple[str, Value | None] | None:
        """A line's key and value (None = on deeper lines); remembered, for lines repeat."""
        key, rest = _split(body)
        if key is None:
            return None
        value = _value(rest) if rest else None
        if rest and value is None:
            return None
        self.memo[body] = (key, value)
        return key, value

    def _move(self, indent: int) -> bool:
        """Open the pending key's mapping, or close down to the mapping at indent."""
        if self.pending is not None:
            if indent <= self.indent:
                return False  # a key without a value: null, which no lockfile writes
            inner: Mapping = {}
            self.mapping[self.pending] = inner
            self.stack.append((self.indent, self.mapping))
            self.mapping, self.indent, self.pending = inner, indent, None
            return True
        self.sequence = None
        while indent < self.indent and self.stack:
            self.indent, self.mapping = self.stack.pop()
        return indent == self.indent

    def _item(self, body: str, indent: int) -> bool:
        """``- value`` in a block sequence below its key."""
        if body[:2] != "- ":
            return False
        if self.pending is not None and indent > self.indent:
            self.sequence, self.sequence_indent = [], indent
            self.mapping[self.pending] = self.sequence
            self.pending = None
        elif self.sequence is None or indent != self.sequence_indent:
            return False
        rest = body[2:]
        value = None if rest[0] == " " else _value(rest)
        if value is None or (isinstance(value, str) and rest[0] not in "'\"" and ": " in rest):
            return False
        self.sequence.append(value)
        return True

    def finish(self) -> list[Mapping]:
        if self.pending is not None or not (self.mapping or self.stack):
            raise OutsideSubsetError(0)
        self._close_document()
        return self.documents


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
        if _FLOW.isdisjoint(value) and " " not in value and ":" not in value and "#" not in value:
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
