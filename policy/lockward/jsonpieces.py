"""A large JSON document, read member by member: what was read before is not read again.

Two states of a lockfile share nearly all of their entries, letter by letter.
So the text is cut where npm begins each member of ``packages`` and of
``dependencies``, and a piece that the last reading of the same path has seen
gives the very value that it gave then.

A piece counts only when it is, by itself, one whole member; what remains of the
text, the skeleton, is read as every other document, and must hold each section
where it was cut.  Whatever is written in another way is left to jsonread.
"""

from __future__ import annotations

from lockward import jsonread
from lockward.jsoncursor import SCANNER_ERRORS, scan, scan_unique

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from lockward.errors import LockwardError

    Member = tuple[str, object, str]  # key, value, and what follows up to the next piece

_SECTIONS: Final = ("packages", "dependencies")
_BLANKS: Final = frozenset(" \t")
_WIDEST: Final = 10  # characters of an indentation, as JSON.stringify has it
_MARK: Final = "\x7fmembers"  # the one key of a section that was cut out
_DEPTH: Final = jsonread.MAX_DEPTH - 2

# Path -> the pieces of its last reading.
_KNOWN: Final[dict[str, dict[str, Member]]] = {}
_MOST_PATHS: Final = 4
_MOST_PIECES: Final = 40_000


def read(path: str, data: bytes, error: type[LockwardError]) -> object:
    """The value that the bytes hold, exactly as jsonread.read gives it, with the same errors.

    Values of equal members are shared with the last reading: nobody may change them.
    """
    text = jsonread.decode(path, data, error)
    known = _KNOWN.pop(path, {})
    seen: dict[str, Member] = {}
    try:
        document = _document(text, known, seen)
    except SCANNER_ERRORS:
        document = None
    if document is None:
        return jsonread.read(path, data, error)
    jsonread.refuse_twins(path, data, document, error)
    if len(seen) <= _MOST_PIECES:
        _KNOWN[path] = seen
    while len(_KNOWN) > _MOST_PATHS:
        del _KNOWN[next(iter(_KNOWN))]
    return document


def lines(path: str, data: bytes, section: str) -> dict[str, int]:
    """Key -> line of every member of a section, as jsonread.members gives it.

    For a document that was read: where it is cut as npm writes it, lines are counted
    piece by piece, and not value by value.
    """
    text = jsonread.text_of(data)
    seen: dict[str, Member] = {}
    try:
        if _document(text, _KNOWN.get(path, {}), seen) is None:
            return jsonread.members(data, section)
    except SCANNER_ERRORS:
        return jsonread.members(data, section)
    cut = _Cut(text)
    head, *pieces = cut.pieces
    line = head.count("\n") + 1
    found: dict[str, int] = {}
    inside = cut.opened(head) == section
    for piece in pieces:
        key, _, rest = seen[piece]
        line += 1
        if inside:
            found[key] = line
        line += piece.count("\n")
        if rest != ",":
            inside = cut.opened(rest) == section
    return found or jsonread.members(data, section)


def _document(
    text: str, known: dict[str, Member], seen: dict[str, Member]
) -> dict[str, object] | None:
    """The document; None when the text is not cut as npm writes it.  ``seen`` gets its pieces."""
    cut = _Cut(text)
    head, *pieces = cut.pieces
    skeleton = [head]
    sections: dict[str, dict[str, object]] = {}
    members = _opened(cut.opened(head), sections)
    expected = 0
    for piece in pieces:
        member = known.get(piece) or _member(piece)
        if member is None or members is None:
            return None
        seen[piece] = member
        key, value, rest = member
        members[key] = value
        expected += 1
        if rest != ",":
            if len(members) != expected or not rest.startswith(cut.closing):
                return None
            skeleton.append(f'"{_MARK}": {len(sections) - 1}{rest}')
            members, expected = _opened(cut.opened(rest), sections), 0
    return None if members is not None else _filled("".join(skeleton), sections)


class _Cut:
    """A text, cut where a member of a member of the document begins.

    npm indents as package.json is: by two, by four, by tabs; the first member shows it.
    """

    __slots__ = ("_openings", "closing", "pieces")

    def __init__(self, text: str) -> None:
        indent = text[2 : text.find('"')] if text[:2] == "{\n" else ""
        sound = 0 < len(indent) <= _WIDEST and _BLANKS.issuperset(indent)
        self.pieces: Final = text.split(f'\n{indent}{indent}"') if sound else [text]
        self.closing: Final = f"\n{indent}}}"
        self._openings: Final = {f'\n{indent}"{name}": {{': name for name in _SECTIONS}

    def opened(self, text: str) -> str:
        """The section that begins where a text ends; "" when none does."""
        return self._openings.get(text[text.rfind("\n") :], "")


def _opened(name: str, sections: dict[str, dict[str, object]]) -> dict[str, object] | None:
    """The members, none yet, of a section; None when there is none, or it was there."""
    if not name or name in sections:
        return None
    sections[name] = {}
    return sections[name]


def _member(piece: str) -> Member | None:
    """The one member that a piece holds; None when it holds anything else."""
    at = piece.find('": ')
    key = piece[:at]
    if at < 0 or "\\" in key or '"' in key or key == "__proto__" or not key.isprintable():
        return None
    escaped = "\\" in piece
    value, end = (scan_unique if escaped else scan)(piece, at + 3)
    strings = jsonread.strings(value, _DEPTH)
    # Its own key is one string more, of which the cut took the first quote.
    if strings < 0 or not (escaped or 2 * strings + 1 == piece.count('"', 0, end)):
        return None
    return key, value, piece[end:]


def _filled(skeleton: str, sections: dict[str, dict[str, object]]) -> dict[str, object] | None:
    """The skeleton's document with the sections in their places.

    Each mark stands once in the text, and no escape can spell it: a section
    that holds it is the one that was cut out there.
    """
    if "\\" in skeleton or skeleton.count(_MARK) != len(sections):
        return None
    document, sound = jsonread.scanned(skeleton, jsonread.MAX_DEPTH)
    if not sound or type(document) is not dict:
        return None
    for number, (name, members) in enumerate(sections.items()):
        if document.get(name) != {_MARK: number}:
            return None
        document[name] = members
    return document
