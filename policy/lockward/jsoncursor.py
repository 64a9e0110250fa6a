"""Walking a JSON text member by member, with positions; and the C scanner underneath.

The cursor reads keys and punctuation itself and lets the scanner skip values,
so that finding a line in a large file costs little more than parsing it.
"""

from __future__ import annotations

try:
    from _json import make_scanner, scanstring
except ImportError:  # an interpreter without the C module
    make_scanner = None  # type: ignore[misc,assignment]  # replaced in _make
    from json.decoder import scanstring  # type: ignore[attr-defined,no-redef]  # its twin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Final, NoReturn

    Pairs = list[tuple[str, object]]
    Scan = Callable[[str, int], tuple[object, int]]

BLANKS: Final = " \t\r\n"  # RFC 8259; str.isspace knows more


class Fault(Exception):  # noqa: N818 - caught and rewritten as one of lockward.errors
    """What is wrong at one position of a text; ``keys`` lead there, ``first`` is its twin's."""

    def __init__(
        self, message: str, at: int, *, first: int = -1, keys: tuple[str | int, ...] = ()
    ) -> None:
        super().__init__(message)
        self.message: Final = message
        self.at: Final = at
        self.first: Final = first
        self.keys = keys


# What the scanner raises for a text that is not JSON.  SystemError: the C code
# takes JSONDecodeError from json.decoder if that happens to be imported, and
# otherwise returns no exception at all (CPython, Modules/_json.c, raise_errmsg).
SCANNER_ERRORS: Final = (StopIteration, ValueError, RecursionError, SystemError, Fault)


def _unique(pairs: Pairs) -> dict[str, object]:
    """An object; a Fault when a key is there twice (the cursor finds out which)."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Fault("a key is there twice", 0)
    return made


def _constant(name: str) -> NoReturn:
    """NaN, Infinity and -Infinity are Python's own."""
    raise Fault(f"{name} is not JSON", 0)


class _Context:
    """What make_scanner asks of a decoder."""

    strict = True
    array_hook = None
    object_hook = None
    parse_float = float
    parse_int = int
    parse_constant = staticmethod(_constant)

    def __init__(self, hook: Callable[[Pairs], object] | None) -> None:
        self.object_pairs_hook = hook


def _make(hook: Callable[[Pairs], object] | None) -> Scan:
    if make_scanner is not None:
        return make_scanner(_Context(hook))  # type: ignore[arg-type]  # duck-typed, as typeshed notes
    from json import JSONDecoder

    decoder = JSONDecoder(object_pairs_hook=hook, parse_constant=_constant)
    return decoder.scan_once  # type: ignore[attr-defined,no-any-return]  # not in typeshed


scan: Final = _make(None)  # of two equal keys the last wins
scan_unique: Final = _make(_unique)


def skip_blanks(text: str, at: int) -> int:
    """The first position from ``at`` that holds no white space."""
    end = len(text)
    while at < end and text[at] in BLANKS:
        at += 1
    return at


class Cursor:
    """A position in a text; ``at`` stands on a value, or behind the one just read."""

    __slots__ = ("at", "text")

    def __init__(self, text: str) -> None:
        self.text: Final = text
        self.at = skip_blanks(text, 0)

    def opens(self) -> bool:
        """Whether an object or an array begins here."""
        return self.text[self.at : self.at + 1] in ("{", "[")

    def skip(self) -> None:
        """Read over the value."""
        try:
            self.at = scan(self.text, self.at)[1]
        except StopIteration as stop:
            raise Fault(self._unexpected(stop.value), stop.value) from None
        except SCANNER_ERRORS as fault:
            raise _rewritten(fault, self.at) from None

    def members(self) -> Iterator[tuple[str | int, int]]:
        """Key (or index) and position of each member of the container here.

        At each, the cursor stands on the value, and whoever iterates moves it
        behind; in the end it stands behind the container.
        """
        is_object = self.text[self.at] == "{"
        closer = "}" if is_object else "]"
        self.at = skip_blanks(self.text, self.at + 1)
        if self.text.startswith(closer, self.at):
            self.at += 1
            return
        for index in range(len(self.text)):
            at = self.at
            yield (self._key() if is_object else index), at
            self.at = skip_blanks(self.text, self.at)
            if self.text.startswith(closer, self.at):
                self.at += 1
                return
            self._expect(",", f"a comma or {closer}")
            if self.text.startswith(closer, self.at):
                raise Fault(f"a comma stands before {closer}", self.at)

    def finish(self) -> None:
        """Make sure that nothing follows the value."""
        self.at = skip_blanks(self.text, self.at)
        if self.at < len(self.text):
            raise Fault("more follows after the end of the document", self.at)

    def _key(self) -> str:
        if not self.text.startswith('"', self.at):
            raise Fault(self._unexpected(self.at, "a key in double quotes"), self.at)
        try:
            key, self.at = scanstring(self.text, self.at + 1, True)
        except SCANNER_ERRORS as fault:
            raise _rewritten(fault, self.at) from None
        self.at = skip_blanks(self.text, self.at)
        self._expect(":", "a colon")
        return key

    def _expect(self, character: str, name: str) -> None:
        if not self.text.startswith(character, self.at):
            raise Fault(self._unexpected(self.at, name), self.at)
        self.at = skip_blanks(self.text, self.at + 1)

    def _unexpected(self, at: int, wanted: str = "a value") -> str:
        if at >= len(self.text):
            return (
                "is empty" if not self.text.strip(BLANKS) else f"ends where {wanted} should stand"
            )
        if self.text.startswith(("//", "/*", "#"), at):
            return "holds a comment, which is not JSON"
        return f"has {self.text[at]!a} where {wanted} should stand"


def _rewritten(fault: Exception, at: int) -> Fault:
    """The scanner's exception in our style, at its own position where it has one."""
    if isinstance(fault, Fault):
        return Fault(fault.message, at)
    message = getattr(fault, "msg", "") or "is not valid JSON"
    if type(fault) is ValueError:
        message = "holds a number that is too long"  # int() refuses beyond 4300 digits
    plain = f"{message[:1].lower()}{message[1:]}".removesuffix(" at").removesuffix(" starting")
    return Fault(plain, getattr(fault, "pos", at))
