"""Host names and addresses of http(s) URLs, as the WHATWG URL Standard reads them.

Source: https://url.spec.whatwg.org, sections 3.3 (IDNA) and 3.5 (host parsing).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_HEX: Final = frozenset("0123456789abcdefABCDEF")
_OCTAL: Final = frozenset("01234567")
_DECIMAL: Final = frozenset("0123456789")
# What IDNA's mapping ignores: soft hyphen, joiners, variation selectors and the like.
_IGNORED: Final = dict.fromkeys(
    (
        0xAD,
        0x34F,
        0x180B,
        0x180C,
        0x180D,
        0x180F,
        0x200B,
        0x2060,
        0x2064,
        0xFEFF,
        *range(0xFE00, 0xFE10),
    )
)
_DOTS: Final = dict.fromkeys((0x3002, 0xFF0E, 0xFF61), ".")
_PARTS: Final = 4  # of an IPv4 address
_PIECES: Final = 8  # of an IPv6 address


def domain(text: str) -> str | None:
    """A host name in ASCII and lower case, or an IPv4 address in dotted form; None if invalid."""
    raw = _unescape(text)
    if raw is None:
        return None
    name = raw.lower() if raw.isascii() else _to_ascii(raw)
    if name is None or not name or not _labels_valid(name):
        return None
    return _ipv4(name) if _ends_in_number(name) else name


def _unescape(text: str) -> str | None:
    """Percent escapes decoded as UTF-8; a lone percent sign stays one."""
    if "%" not in text:
        return text
    first, *others = text.split("%")
    data = bytearray(first.encode())
    for other in others:
        code = other[:2]
        if len(code) == len("00") and _HEX.issuperset(code):
            data.append(int(code, 16))
            data += other[2:].encode()
        else:
            data += b"%" + other.encode()
    return data.decode("utf-8", "replace")


def _to_ascii(text: str) -> str | None:
    """A host name with letters beyond ASCII, each such label in Punycode."""
    from unicodedata import normalize

    text = normalize("NFKC", text.translate(_IGNORED).translate(_DOTS)).casefold()
    text = normalize("NFKC", text)
    labels = text.split(".")
    if "\ufffd" in text or any(label[:4] == "xn--" and not label.isascii() for label in labels):
        return None
    return ".".join(
        [
            label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
            for label in labels
        ]
    )


def _labels_valid(name: str) -> bool:
    """Whether each label that says it is Punycode is."""
    for label in name.split("."):
        if label.startswith("xn--"):
            try:
                text = label[4:].encode("ascii").decode("punycode")
            except UnicodeError:
                return False
            if text.isascii():
                return False
    return True


def _ends_in_number(name: str) -> bool:
    parts = name.split(".")
    if not parts[-1] and len(parts) > 1:
        parts.pop()
    last = parts[-1]
    return (bool(last) and _DECIMAL.issuperset(last)) or _number(last) is not None


def _number(text: str) -> int | None:
    """A part of an IPv4 address: decimal, octal (0…) or hexadecimal (0x…)."""
    if not text:
        return None
    if text.startswith("0x"):
        return (int(text[2:] or "0", 16)) if _HEX.issuperset(text[2:]) else None
    if text.startswith("0") and len(text) > 1:
        return int(text, 8) if _OCTAL.issuperset(text) else None
    # Longer than any address: int() refuses thousands of digits.
    return int(text[:20]) if _DECIMAL.issuperset(text) else None


def _ipv4(name: str) -> str | None:
    """An IPv4 address in dotted form; None when it is none."""
    parts = name.removesuffix(".").split(".")
    if len(parts) > _PARTS:
        return None
    value = 0
    for part in parts[:-1]:
        number = _number(part)
        if number is None or number >> 8:
            return None
        value = value << 8 | number
    last = _number(parts[-1])
    width = 8 * (_PARTS + 1 - len(parts))
    if last is None or last >> width:
        return None
    value = value << width | last
    return ".".join([str(value >> shift & 0xFF) for shift in (24, 16, 8, 0)])


def ipv6(text: str) -> str | None:
    """An IPv6 address, written in brackets and compressed; None when it is none."""
    from ipaddress import AddressValueError, IPv6Address

    try:
        packed = IPv6Address(text).packed if "%" not in text else b""
    except AddressValueError:
        return None
    if not packed:
        return None
    pieces = [f"{packed[at] << 8 | packed[at + 1]:x}" for at in range(0, 2 * _PIECES, 2)]
    for run in range(_PIECES, 1, -1):
        for start in range(_PIECES + 1 - run):
            if pieces[start : start + run] == ["0"] * run:
                head, tail = ":".join(pieces[:start]), ":".join(pieces[start + run :])
                return f"[{head}::{tail}]"
    return f"[{':'.join(pieces)}]"
