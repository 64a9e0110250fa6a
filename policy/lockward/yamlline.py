"""One line of YAML: a key, and a value that stands whole on it; for `lockward.yamlread`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    Value = str | list["Value"] | dict[str, "Value"]
    Mapping = dict[str, Value]


# A plain scalar may not begin with one of these (YAML 1.2, 7.3.3).  "-", "?" and
# ":" may, before a character that is not a blank; no lockfile needs that.
_INDICATORS: Final = frozenset("-?:,[]{}#&*!|>'\"%@`")
_FLOW: Final = frozenset(",[]{}")
# What means nothing else anywhere behind the first character.
_SAFE: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._@/+()~^="


def _plain(text: str) -> bool:
    """Whether a text on its own is a plain scalar that means itself."""
    if text[0].isalnum() and not text.encode("utf-8", "replace").translate(None, _SAFE):
        return True  # a version, a name or both: nearly all
    return (
        text[0] not in _INDICATORS
        and ": " not in text
        and " #" not in text
        and text[-1] not in ": "
        and text[:4] not in ("--- ", "... ")
        and text not in ("...", "<<")
    )


def plain_entry(body: str) -> tuple[str, str | None] | None:
    """A line's key and value (None = on deeper lines), where both are surely plain; None else.

    Plain as a whole, or in double quotes without a backslash.
    """
    if body[0] == '"' and "\\" not in body:
        return _quoted_entry(body)
    key, _, value = body.partition(": ") if body[-1] != ":" else (body[:-1], "", "x")
    sure = key[:1].isalnum() and value[:1].isalnum()
    if not sure or (key + value).encode("utf-8", "replace").translate(None, _SAFE):
        return None
    return key, None if body[-1] == ":" else value


def _quoted_entry(body: str) -> tuple[str, str | None] | None:
    """As above, where the key is in double quotes, and the value too, or plain."""
    key, _, rest = body[1:].partition('"')
    if not key or not rest or rest == ":":
        return (key, None) if key and rest else None
    if rest[:3] == ': "':
        value = rest[3:-1]
        return (key, value) if rest[-1] == '"' and len(rest) > 4 and '"' not in value else None  # noqa: PLR2004 - : "x"
    value = rest[2:]
    sure = rest[:2] == ": " and value[:1].isalnum()
    return (
        (key, value)
        if sure and not value.encode("utf-8", "replace").translate(None, _SAFE)
        else None
    )


def split(body: str) -> tuple[str | None, str]:
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


def value_of(text: str) -> Value | None:
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
    single = integrity(text)
    if single is not None:
        return single
    value, end = _flow(text, 0, 0)
    return value if end == len(text) else None


def integrity(text: str) -> Value | None:
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
    sound = (
        scalar
        and _plain(scalar)
        and scalar.strip() == scalar
        and ":?" not in scalar
        and not (key and ":" in scalar)
    )
    return (scalar if sound else None), end
