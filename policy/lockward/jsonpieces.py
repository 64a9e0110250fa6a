"""A large JSON document, read member by member: what was read before is not read again.

Two states of a lockfile share nearly all of their entries, letter by letter.
So the text is cut where npm begins each member of ``packages`` and of
``dependencies``, and a piece that stood in the last text of the same path gives
the very value that it gave then.

A piece counts only when it is, by itself, one whole member; what remains of the
text, the skeleton, is read as every other document, and must hold each section
where it was cut.  Whatever is written in another way is left to jsonread.
"""

from __future__ import annotations

from _bisect import bisect_right  # bisect imports it anyway, and costs a file

from lockward import jsonread
from lockward.jsoncursor import SCANNER_ERRORS, scan, scan_unique

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from lockward.errors import LockwardError

    _Lines = Mapping[str, int]

    Member = tuple[str, object, str]  # key, value, and what follows up to the next piece
else:
    _Lines = object

_SECTIONS: Final = ("packages", "dependencies")
_BLANKS: Final = frozenset(" \t")
_WIDEST: Final = 10  # characters of an indentation, as JSON.stringify has it
_MARK: Final = "\x7fmembers"  # the one key of a section that was cut out
_DEPTH: Final = jsonread.MAX_DEPTH - 2

# Path -> its last text, cut.
_KNOWN: Final[dict[str, _Cut]] = {}
_MOST_PATHS: Final = 4
_MOST_PIECES: Final = 40_000


def read(path: str, data: bytes, error: type[LockwardError]) -> object:
    """The value that the bytes hold, exactly as jsonread.read gives it, with the same errors.

    Values of equal members are shared with the last reading: nobody may change them.
    """
    text = jsonread.decode(path, data, error)
    cut = _Cut(text)
    try:
        document = _document(cut, _KNOWN.pop(path, None))
    except SCANNER_ERRORS:
        document = None
    if document is None:
        return jsonread.read(path, data, error)
    jsonread.refuse_twins(path, data, document, error)
    if len(cut.members) <= _MOST_PIECES:
        _KNOWN[path] = cut
    while len(_KNOWN) > _MOST_PATHS:
        del _KNOWN[next(iter(_KNOWN))]
    return document


def lines(path: str, data: bytes, section: str) -> Mapping[str, int]:
    """Key -> line of every member of a section, as jsonread.members gives it.

    For a document that was read.
    """
    text = jsonread.text_of(data)
    cut = _KNOWN.get(path)
    if cut is None or cut.text != text:
        last, cut = cut, _Cut(text)
        try:
            if _document(cut, last) is None:
                return jsonread.members(data, section)
        except SCANNER_ERRORS:
            return jsonread.members(data, section)
    places = cut.places(section)
    return PieceLines(text, places) if places else jsonread.members(data, section)


class PieceLines(_Lines):
    """Key -> line, counted when it is asked for; all at once, when many are."""

    __slots__ = ("_asked", "_found", "_places", "_text")

    def __init__(self, text: str, places: Mapping[str, int]) -> None:
        """``places`` are where in the text each key stands, in order."""
        self._text: Final = text
        self._places: Final = places
        self._asked = 0
        self._found: dict[str, int] | None = None

    def __getitem__(self, key: str) -> int:
        self._asked += 1
        if self._found is None and self._asked <= _FEW:
            return self._text.count("\n", 0, self._places[key]) + 1
        return self._all()[key]

    def get(self, key: str, default: int = 1) -> int:  # type: ignore[override]  # a line is never None
        """The line of a key; ``default`` when it is none."""
        return self[key] if key in self._places else default

    def __contains__(self, key: object) -> bool:
        return key in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def _all(self) -> dict[str, int]:
        if self._found is None:
            self._found = {}
            line, last = 1, 0
            for key, at in self._places.items():
                line, last = line + self._text.count("\n", last, at), at
                self._found[key] = line
        return self._found


_FEW: Final = 16


def _document(cut: _Cut, last: _Cut | None) -> dict[str, object] | None:
    """The document; None when the text is not cut as npm writes it."""
    if not cut.mark or not _read_pieces(cut, last):
        return None
    text = cut.text
    head = text[: cut.starts[0] - len(cut.mark)] if cut.starts else text
    skeleton = [head]
    sections: dict[str, dict[str, object]] = {}
    members = _opened(cut.opened(head), sections)
    first = 0
    for number, (key, value, rest) in enumerate(cut.members, 1):
        if members is None:
            return None
        members[key] = value
        if rest != ",":
            if len(members) != number - first or not rest.startswith(cut.closing):
                return None
            skeleton.append(f'"{_MARK}": {len(sections) - 1}{rest}')
            members, first = _opened(cut.opened(rest), sections), number
    return None if members is not None else _filled("".join(skeleton), sections)


class _Cut:
    """A text, cut where a member of a member of the document begins.

    npm indents as package.json is: by two, by four, by tabs; the first member shows it.
    ``mark`` is what stands before each piece ("" = the text cannot be cut), ``starts``
    is where the pieces begin, ``members`` what they hold.
    """

    __slots__ = ("_numbers", "_openings", "closing", "mark", "members", "starts", "text")

    def __init__(self, text: str) -> None:
        indent = text[2 : text.find('"')] if text[:2] == "{\n" else ""
        sound = 0 < len(indent) <= _WIDEST and _BLANKS.issuperset(indent)
        self.text: Final = text
        self.mark: Final = f'\n{indent}{indent}"' if sound else ""
        self.closing: Final = f"\n{indent}}}"
        self.starts: Final[list[int]] = []
        self.members: Final[list[Member]] = []
        self._openings: Final = {f'\n{indent}"{name}": {{': name for name in _SECTIONS}
        self._numbers: dict[str, int] | None = None

    def opened(self, text: str) -> str:
        """The section that begins where a text ends; "" when none does."""
        return self._openings.get(text[text.rfind("\n") :], "")

    def number(self, key: str) -> int:
        """The piece that holds a key; -1 when none does."""
        if self._numbers is None:
            self._numbers = {member[0]: number for number, member in enumerate(self.members)}
        return self._numbers.get(key, -1)

    def has(self, piece: str, number: int) -> bool:
        """Whether a piece is the very one of a number."""
        start = self.starts[number]
        end = start + len(piece)
        return self.text.startswith(piece, start) and (
            end == len(self.text) or self.text.startswith(self.mark, end)
        )

    def places(self, section: str) -> dict[str, int]:
        """Where in the text each key of a section stands."""
        found: dict[str, int] = {}
        if not self.starts:
            return found
        inside = self.opened(self.text[: self.starts[0] - len(self.mark)]) == section
        for start, (key, _, rest) in zip(self.starts, self.members, strict=True):
            if inside:
                found[key] = start
            if rest != ",":
                inside = self.opened(rest) == section
        return found


def _read_pieces(cut: _Cut, last: _Cut | None) -> bool:
    """Find the pieces of a text and read them; whether each is one whole member.

    Runs of pieces that stand in the last text alike are taken over unread.
    """
    text, mark = cut.text, cut.mark
    at = text.find(mark) + len(mark)
    if at < len(mark):
        return True
    known = last if last is not None and last.mark == mark and last.starts else None
    follows = 0  # the piece of the last text that is expected next
    while at >= 0:
        if known is not None and follows < len(known.starts):
            taken, at = _take_run(cut, at, known, follows)
            follows += taken
            if at < 0:
                break
        end = text.find(mark, at)
        piece = text[at:] if end < 0 else text[at:end]
        number = -1 if known is None else known.number(piece[: piece.find('": ')])
        if known is not None and number >= 0:
            follows = number + 1
        same = known is not None and number >= 0 and known.has(piece, number)
        member = known.members[number] if known is not None and same else _member(piece)
        if member is None:
            return False
        cut.starts.append(at)
        cut.members.append(member)
        at = -1 if end < 0 else end + len(mark)
    return True


def _take_run(cut: _Cut, at: int, last: _Cut, number: int) -> tuple[int, int]:
    """Take over the pieces that stand from ``at`` on as in the last text from a number on.

    How many, and where the next piece begins (-1: that was the end).
    """
    begin = last.starts[number]
    common = _common(cut.text, at, last.text, begin)
    whole = common == len(cut.text) - at == len(last.text) - begin
    stop = len(last.starts) if whole else bisect_right(last.starts, begin + common, number) - 1
    if stop <= number:
        return 0, at
    shift = at - begin
    cut.starts.extend([start + shift for start in last.starts[number:stop]])
    cut.members.extend(last.members[number:stop])
    return stop - number, -1 if whole else last.starts[stop] + shift


def _common(one: str, at: int, two: str, begin: int) -> int:
    """How many characters two texts share, from a place in each on; in steps that grow."""
    most = min(len(one) - at, len(two) - begin)
    done, width = 0, _FIRST_STEP
    while done < most:
        width = min(width, most - done)
        if one[at + done : at + done + width] != two[begin + done : begin + done + width]:
            break
        done += width
        width *= 4
    else:
        return done
    while width > 1:  # the first difference lies within that many
        half = width // 2
        if one[at + done : at + done + half] == two[begin + done : begin + done + half]:
            done += half
            width -= half
        else:
            width = half
    return done


_FIRST_STEP: Final = 256


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
