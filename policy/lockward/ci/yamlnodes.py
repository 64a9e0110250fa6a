"""YAML at the level of nodes: what is written, where it stands, nothing constructed.

Two keys of one name are both kept, an unknown tag is no error, an alias gives
the node it names.  Scalars become text.Text: each physical line of a folded or
quoted scalar keeps its place.
"""

from __future__ import annotations

from lockward.ci.text import Builder, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Final, Literal, Protocol

    class Node(Protocol):
        """What PyYAML's three kinds of nodes have in common; ``id`` tells them apart."""

        id: Literal["scalar", "sequence", "mapping"]
        value: Any  # text, nodes, or pairs of nodes
        tag: str
        style: str | None
        start_mark: Any
        end_mark: Any

    from lockward.ci.reading import Reading
    from lockward.ci.text import Source

MOST_NODES: Final = 200_000  # visited in one file, each way to reach a node counted
_MERGES: Final = 32  # merge keys followed from one mapping


class Document:
    """One YAML document of a file, to be walked with a bounded number of steps."""

    __slots__ = ("_steps", "root", "source")

    def __init__(self, source: Source, root: Node) -> None:
        self.source: Final = source
        self.root: Final = root
        self._steps = MOST_NODES

    def pairs(self, node: Node | None) -> list[tuple[str, Node]]:
        """The keys and values of a mapping, merge keys followed; [] for anything else."""
        if node is None or node.id != "mapping":
            return []
        found: list[tuple[str, Node]] = []
        pending = [node]
        merges = 0
        while pending and self._steps > 0:
            for key, value in pending.pop(0).value:
                self._steps -= 1
                if key.id != "scalar":
                    continue
                if key.value != "<<":
                    found.append((key.value, value))
                elif merges < _MERGES:
                    merges += 1
                    pending += [value] if value.id == "mapping" else _mappings(value)
        return found

    def get(self, node: Node | None, *path: str) -> Node | None:
        """The value at a path of keys; None when there is none."""
        for name in path:
            pairs = self.pairs(node)
            node = next((value for key, value in pairs if key == name), None)
        return node

    def items(self, node: Node | None) -> list[Node]:
        """The items of a sequence; [] for anything else."""
        if node is None or node.id != "sequence" or self._steps <= 0:
            return []
        self._steps -= len(node.value)
        return list(node.value)

    def flat(self, node: Node | None) -> list[Node]:
        """The scalars of a sequence of sequences, or one scalar alone."""
        found: list[Node] = []
        pending = [] if node is None else [node]
        while pending and self._steps > 0:
            self._steps -= 1
            item = pending.pop()
            if item.id == "scalar":
                found.append(item)
            elif item.id == "sequence":
                pending.extend(reversed(item.value))
        return found

    def check(self, reading: Reading) -> None:
        """Tell the reading when the walk gave up: the file is read line by line then."""
        if self._steps <= 0:
            reading.fault(0, "more YAML nodes than any file needs")

    def string(self, node: Node | None) -> str:
        """A scalar's value, or ""."""
        return node.value if node is not None and node.id == "scalar" else ""

    def strings(self, node: Node | None) -> dict[str, str]:
        """A mapping of names to scalars; the last of two equal names wins."""
        return {key: value.value for key, value in self.pairs(node) if value.id == "scalar"}

    def text(self, node: Node | None) -> Text | None:
        """A scalar with its places; None for anything else."""
        if node is None or node.id != "scalar":
            return None
        return located(self.source, node)


def documents(source: Source, reading: Reading, text: str = "") -> Iterator[Document]:
    """The documents of a file; a syntax error is told to the reading, and ends the file.

    ``text`` is read in place of the source's own: each character where that has one.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        roots: Iterator[Any] = yaml.compose_all(text or source.text, Loader=loader)
        for root in roots:
            if root is not None:
                yield Document(source, root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reading.fault(mark.index if mark else 0, f"YAML: {error.problem or 'syntax error'}")
    except (yaml.YAMLError, RecursionError):
        reading.fault(0, "YAML: not readable")


def _mappings(node: Node) -> list[Node]:
    return [item for item in node.value if item.id == "mapping"] if node.id == "sequence" else []


def located(source: Source, node: Node) -> Text:
    """A scalar's value, each stretch of it with its place in the file."""
    start, end = node.start_mark.index, node.end_mark.index
    raw = source.text[start:end]
    if node.style in ("|", ">"):
        return _by_lines(source, node.value, start + raw.find("\n") + 1, end)
    if node.style == '"':
        return _double_quoted(source, node.value, start + 1, end - 1)
    if node.style == "'":
        if "'" in raw[1:-1]:
            return _single_quoted(source, node.value, start + 1, end - 1)
        return _by_lines(source, node.value, start + 1, end - 1)
    return _by_lines(source, node.value, start, end)


def _by_lines(source: Source, value: str, start: int, end: int) -> Text:
    """Block and plain scalars: each raw line is found again in the value."""
    starts, places = [0], [start]
    done = 0  # up to here the value has been placed
    while start < end:
        stop = source.text.find("\n", start, end)
        stop = end if stop < 0 else stop
        line = source.text[start:stop]
        content = line.strip()
        found = value.find(content, done) if content else -1
        if found >= 0:
            starts.append(found)
            places.append(start + len(line) - len(line.lstrip()))
            done = found + len(content)
        start = stop + 1
    return Text(value, starts, places)


_ESCAPES: Final = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "/": "/", " ": " ", "0": "\0"}
_CODES: Final = {"x": 2, "u": 4, "U": 8}


def _single_quoted(source: Source, value: str, start: int, end: int) -> Text:
    """A single-quoted scalar: two quotes in the file are one in the value."""
    text = source.text
    builder = Builder()
    index = start
    while index < end:
        if text[index] in " \t\n":
            index = _blanks(builder, text, index, end)
            continue
        if text[index] == "'":  # the first of two
            builder.add("'", index)
            index += 2
            continue
        stop = index + 1
        while stop < end and text[stop] not in "' \t\n":
            stop += 1
        builder.add(text[index:stop], index)
        index = stop
    return _checked(builder, value, start)


def _double_quoted(source: Source, value: str, start: int, end: int) -> Text:
    """A double-quoted scalar: escapes and folded lines are decoded once more, with places."""
    text = source.text
    builder = Builder()
    index = start
    while index < end:
        char = text[index]
        if char == "\\":
            width, decoded = _escape(text, index)
            builder.add(decoded, index)
            index += width
        elif char in " \t\n":
            index = _blanks(builder, text, index, end)
        else:
            stop = index + 1
            while stop < end and text[stop] not in "\\ \t\n":
                stop += 1
            builder.add(text[index:stop], index)
            index = stop
    return _checked(builder, value, start)


def _blanks(builder: Builder, text: str, index: int, end: int) -> int:
    """Blanks as they are; with line breaks among them they fold. The index behind them."""
    stop = index
    while stop < end and text[stop] in " \t\n":
        stop += 1
    breaks = text.count("\n", index, stop)
    folded = " " if breaks == 1 else "\n" * (breaks - 1)
    builder.add(folded or text[index:stop], index)
    return stop


def _checked(builder: Builder, value: str, start: int) -> Text:
    """What was decoded, if it is what the parser made of it; else the value at its start."""
    found = builder.text(start)
    return found if found.value == value else Text(value, (0,), (start,))


def _escape(text: str, index: int) -> tuple[int, str]:
    """The width and the meaning of the escape at an offset."""
    kind = text[index + 1 : index + 2]
    if kind == "\n":  # an escaped line break joins the lines
        stop = index + 2
        while text[stop : stop + 1] in (" ", "\t"):
            stop += 1
        return stop - index, ""
    digits = _CODES.get(kind, 0)
    if digits:
        return 2 + digits, chr(int(text[index + 2 : index + 2 + digits], 16))
    return 2, _ESCAPES.get(kind, kind)
